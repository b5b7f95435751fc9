"""What is not loaded, not there or not as it should be, each made so on a real PBX."""

from __future__ import annotations

import shutil
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pbxctl.doctor import disks
from pbxctl.doctor.entries import is_ours
from pbxctl.doctor.examine import judge
from pbxctl.doctor.facts import Facts, Subject
from pbxctl.doctor.finding import APPLY
from pbxctl.doctor.gather import gather
from pbxctl.doctor.journal import EVENTS
from pbxctl.doctor.modules import PROVIDERS
from pbxctl.doctor.sounds import built_in_sounds
from pbxctl.doctor.used import used_applications, used_functions
from pbxctl.journal.cel import cel_mapping
from pbxctl.rehearse.packages import AsteriskInstall
from tests.doctor.house import BAKERY, GOOD, VOICEMAIL, House, house, planned
from tests.render.rendered import bakery_rendering


def subject(facts: Facts | None = None) -> Subject:
    loaded, plan, rendering = planned(BAKERY)
    return Subject(loaded.config, plan, rendering, facts or Facts())


USED = used_applications(subject().rendered) | used_functions(subject().rendered)
CORE = frozenset("answer background goto gotoif hangup mset noop ringing set wait".split())  # noqa: SIM905
MODULES = [module for module, names in PROVIDERS.items() if USED & set(names.split())]


def test_every_application_and_function_of_the_rendered_text_is_known_by_its_module() -> None:
    assert set(" ".join(PROVIDERS.values()).split()) >= USED - CORE
    assert {"tryexec", "voicemail", "record", "playback", "celgenuserevent", "db", "cut"} <= USED
    assert built_in_sounds(subject()) == ["beep", "vm-intro", "vm-nobodyavail"]
    assert bakery_rendering().files


def test_every_context_of_a_rendering_is_known_as_ours_and_no_other() -> None:
    examined = subject()

    assert [name for name in examined.rendered.contexts if not is_ours(examined, name)] == []
    foreign = ("pbxctl", "pbxctl-b-inbound", "pbxctl-inbound-2", "from-provider", "pbxctl-deadbee-x")
    assert [name for name in foreign if is_ours(examined, name)] == []


@pytest.mark.parametrize("module", MODULES)
async def test_a_module_that_is_not_loaded_is_named_with_the_command_that_loads_it(
    asterisk_install: AsteriskInstall, module: str
) -> None:
    async with house(asterisk_install, noload=(module,)) as made:
        report = await made.examined()

    wanted = USED & set(PROVIDERS[module].split()) - {"ifmodule"}
    missing = [each for each in report.findings if each.id in ("application-missing", "function-missing")]
    assert {each.evidence.split()[-1].lower() for each in missing} == wanted
    assert all(f'asterisk -rx "module load {module}.so"' in each.way_out for each in missing)
    assert {each.id for each in report.findings} - {"application-missing", "function-missing"} == set()


@pytest.mark.parametrize(
    ("files", "noload", "id_", "way_out"),
    [
        ({}, "format_wav", "format-missing", 'asterisk -rx "module load format_wav.so"'),
        ({}, "cel_custom", "cel-custom-missing", 'asterisk -rx "module load cel_custom.so"'),
        ({"cel.conf": "[general]\nenable=no\n"}, "", "cel-off", "cel.conf, [general]:\nenable=yes"),
        (
            {"cel.conf": f"[general]\nenable=yes\nevents={','.join(EVENTS[:-1])}\n"},
            "",
            "cel-event-missing",
            "events=USER_DEFINED",
        ),
        ({"cel_custom.conf": "[mappings]\n"}, "", "cel-mapping-missing", f"pbxctl.csv => {cel_mapping()}"),
    ],
    ids=lambda value: value if isinstance(value, str) and "-" in value and " " not in value else "",
)
async def test_a_part_of_the_pbx_that_is_missing(
    asterisk_install: AsteriskInstall, files: dict[str, str], noload: str, id_: str, way_out: str
) -> None:
    async with house(asterisk_install, files, noload=(noload,) if noload else ()) as made:
        found = await made.found()

    assert set(found) == {id_}
    assert way_out in found[id_].way_out


async def test_a_journal_whose_folder_is_missing(running: House) -> None:
    folder = running.pbx.folder / "log" / "cel-custom"
    shutil.move(folder, folder.with_name("aside"))

    found = await running.found()
    shutil.move(folder.with_name("aside"), folder)

    assert set(found) == {"journal-folder-missing"}
    assert found["journal-folder-missing"].way_out == f"install -d -o asterisk -g asterisk -m 0750 {folder}"


async def test_a_journal_that_is_not_written_though_calls_were(asterisk_install: AsteriskInstall) -> None:
    answering = "[answering]\nexten => 1,1,Answer()\n same => n,Hangup()\n"
    async with house(asterisk_install, {"extensions.conf": GOOD + answering}) as made:
        made.pbx.journal_path.mkdir()  # Nothing can be written to what is a folder.
        with made.pbx.ami.events("Hangup") as ended:
            await made.pbx.ami.send(
                "Originate", Async="true", Channel="Local/1@answering", Application="Wait", Data="0"
            )
            await ended.next(10)
        found = await made.found()

    assert set(found) == {"journal-not-written"}
    assert "1 calls since it started" in found["journal-not-written"].what


@pytest.mark.parametrize(
    ("voicemail", "id_", "way_out"),
    [
        (
            VOICEMAIL.replace("101 => 1234,orders\n", ""),
            "mailbox-missing",
            "voicemail.conf, [default] (in FreePBX: the extension's own page):\n101 => PIN,orders",
        ),
        (
            VOICEMAIL.replace("1234,orders", "1234,orders,,,delete=yes"),
            "mailbox-deletes",
            "voicemail.conf, [default], mailbox 101: delete=no",
        ),
        (
            VOICEMAIL.replace("1234,orders", "1234,orders,,,operator=yes"),
            "mailbox-operator",
            "voicemail.conf, [default], mailbox 101: operator=no",
        ),
        (
            VOICEMAIL.replace("1234,orders", "1234,orders,,,maxmsg=1"),
            "mailbox-full",
            "mailbox 101: maxmsg=10",
        ),
    ],
)
async def test_a_mailbox_that_is_missing_or_loses_messages(
    running: House, voicemail: str, id_: str, way_out: str
) -> None:
    inbox = running.pbx.spool / "voicemail" / "default" / "101" / "INBOX"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "msg0000.txt").write_text("[message]\n")
    running.write("voicemail.conf", voicemail)
    await running.pbx.run_cli("module reload app_voicemail.so")

    found = await running.found()
    running.write("voicemail.conf", VOICEMAIL)
    await running.pbx.run_cli("module reload app_voicemail.so")

    assert set(found) == {id_}
    assert "101@default (route orders)" in found[id_].what
    assert way_out in found[id_].way_out


def test_mailboxes_that_are_kept_elsewhere_or_not_told_of() -> None:
    unknown = judge(subject(Facts(mailboxes=None))).findings
    elsewhere = judge(subject(Facts(mailboxes={}, modules=frozenset({"app_voicemail_imap"})))).findings

    assert "mailboxes-unknown" in {each.id for each in unknown}
    assert "mailbox-elsewhere" in {each.id for each in elsewhere}


async def test_what_was_never_applied_is_told_and_nothing_is_wrong_for_it(
    asterisk_install: AsteriskInstall,
) -> None:
    async with house(asterisk_install, applied=False) as made:
        for language in made.sounds.iterdir():
            shutil.rmtree(language)
        found = await made.found()

    assert set(found) == {"not-applied"}
    assert found["not-applied"].way_out == APPLY


@pytest.mark.parametrize(
    ("ahead", "id_"), [(-30, "clock-off"), (-7200, "clock-far-off"), (7200, "clock-far-off")]
)
async def test_a_clock_that_is_off(asterisk_install: AsteriskInstall, ahead: int, id_: str) -> None:
    async with house(asterisk_install, at=datetime.now(UTC) + timedelta(seconds=ahead)) as made:
        found = await made.found()

    assert set(found) == {id_}
    assert ("ahead of" if ahead > 0 else "behind") in found[id_].what


@pytest.fixture
def _other_zones(tmp_path: Path) -> Iterator[None]:
    """Zone data of this machine by which Brussels is where Tokyo is."""
    tokyo = next(
        Path(folder) / "Asia/Tokyo" for folder in zoneinfo.TZPATH if (Path(folder) / "Asia/Tokyo").exists()
    )
    (tmp_path / "Europe").mkdir()
    shutil.copy(tokyo, tmp_path / "Europe" / "Brussels")
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path), *before])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.usefixtures("_other_zones")
async def test_a_zone_that_the_pbx_reads_otherwise(running: House) -> None:
    facts = await gather(running.pbx.ami, "pbxctl", ["Europe/Brussels"], [])

    (finding,) = (each for each in judge(subject(facts)).findings if each.id == "zone-different")
    assert "Europe/Brussels" in finding.what
    assert " there, " in finding.evidence


async def test_a_codec_that_cannot_be_translated(running: House) -> None:
    path = running.pbx.folder / "etc" / "pjsip.conf"
    good = path.read_text()
    path.write_text(good.replace("allow=ulaw,alaw", "allow=g729,alaw"))
    await running.pbx.run_cli("module reload res_pjsip.so")

    found = await running.found()
    path.write_text(good)
    await running.pbx.run_cli("module reload res_pjsip.so")

    assert set(found) == {"codec-without-translation"}
    assert found["codec-without-translation"].way_out == "pjsip.conf, [trunk]:\ndisallow = all\nallow = alaw"


@pytest.mark.parametrize(("limit", "id_"), [("LOW_BYTES", "disk-low"), ("FULL_BYTES", "disk-full")])
async def test_a_disk_with_too_little_room(
    running: House, monkeypatch: pytest.MonkeyPatch, limit: str, id_: str
) -> None:
    """The disk is the real one; what counts as too little is more than anybody has."""
    monkeypatch.setattr(disks, "LOW_BYTES", sys.maxsize)
    monkeypatch.setattr(disks, limit, sys.maxsize)

    assert set(await running.found()) == {id_}


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("16.28.0", False),
        ("certified/18.9-cert4", False),
        ("22.10.1+dfsg", False),
        ("13.1.0", True),
        ("23.0.0", True),
    ],
)
def test_a_version_that_nobody_tried(version: str, found: bool) -> None:
    ids = {each.id for each in judge(subject(Facts(version=version))).findings}

    assert ("version-untried" in ids) is found


async def test_a_pbx_elsewhere_is_looked_at_as_far_as_may_be(
    running: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What bears the names of its folders on this machine is not its own."""
    monkeypatch.setattr(running.pbx.ami, "address", ("192.0.2.1", 5038))

    assert set(await running.found()) == {"files-not-seen", "not-looked-at"}


async def test_a_number_s_own_mailbox_counts_as_well(running: House) -> None:
    line = "    mailbox: 100@default\n"
    own = '    mailboxes: {"+32 9 233 44 55": "1{last:2}@default"}\n'
    found = await running.wanting(line, line + own).found()

    assert set(found) == {"mailbox-missing"}
    assert "155@default (route main)" in found["mailbox-missing"].what
