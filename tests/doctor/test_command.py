"""``pbxctl doctor`` as monitoring and people run it, against a real PBX."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from pathlib import Path

import pytest

from pbxctl.cli.main import run
from pbxctl.doctor.examine import judge
from pbxctl.doctor.facts import Facts, Manager, Subject
from pbxctl.doctor.gather import gather
from pbxctl.pbx.asterisk.ami import AmiSession
from tests.doctor.house import BAKERY, GOOD, House, planned, write_configuration

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENT = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
JSON_DOCUMENT = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")

Printed = pytest.CaptureFixture[str]


async def doctor(config: Path, *options: str) -> int:
    """The command runs a loop of its own, so it is given a thread."""
    return await asyncio.to_thread(run, ["--config", str(config), "doctor", *options])


async def test_all_right(running: House, tmp_path: Path, capsys: Printed) -> None:
    code = await doctor(write_configuration(tmp_path, running))

    told = capsys.readouterr().out
    assert code == 0
    assert told.startswith("Asterisk ")
    assert (
        "  +3292334455: +3292334455, 003292334455, 092334455, 3292334455 in [from-provider]: answered by"
        in told
    )
    assert told.endswith("all right\n")


@pytest.mark.parametrize("shown", re.findall(r"^    (pbxctl doctor[^#\n]*)", DOCUMENT, re.MULTILINE))
async def test_each_command_that_the_document_shows(
    running: House, tmp_path: Path, shown: str, capsys: Printed
) -> None:
    assert await doctor(write_configuration(tmp_path, running), *shown.split()[2:]) == 0
    assert capsys.readouterr().out


async def test_many_numbers_are_told_together(running: House, tmp_path: Path, capsys: Printed) -> None:
    config = write_configuration(tmp_path, running)
    config.write_text(config.read_text().replace('"+32 9 233 44 55"', '"+32 9 233 45 00 - 99"'))

    await doctor(config)

    told = capsys.readouterr().out
    assert (
        "  100 numbers, +3292334500 to +3292334599, in [from-provider]: answered in [pbxctl-unlisted]" in told
    )


async def test_what_is_wrong_is_exit_code_1_with_the_way_out(
    healthy: House, tmp_path: Path, capsys: Printed
) -> None:
    await healthy.load(GOOD.replace("include => pbxctl-inbound\n", ""))

    code = await doctor(write_configuration(tmp_path, healthy))

    told = capsys.readouterr().out
    assert code == 1
    assert "\nerror: calls that enter [from-provider] (endpoint trunk) do not come to pbxctl" in told
    assert "[hook-missing]\n    seen: " in told
    assert "    extensions.conf, first line of [from-provider]:\n    include => pbxctl-inbound\n" in told
    assert told.endswith("1 wrong, 0 warnings\n")
    shown = re.search(r"```text\n(who answers today:.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown[1] in re.sub(r"    seen: .*\n", "", told)


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
async def test_a_warning_fails_only_when_asked_to(
    healthy: House, tmp_path: Path, options: tuple[str, ...], code: int, capsys: Printed
) -> None:
    await healthy.load(GOOD.replace("#tryinclude", "#include"))

    assert await doctor(write_configuration(tmp_path, healthy), *options) == code
    assert capsys.readouterr().out.endswith("0 wrong, 1 warnings\n")


async def test_json_holds_the_same(healthy: House, tmp_path: Path, capsys: Printed) -> None:
    await healthy.load(GOOD.replace("include => pbxctl-inbound\n", ""))

    code = await doctor(write_configuration(tmp_path, healthy), "--json")

    told = json.loads(capsys.readouterr().out)
    (finding,) = told["findings"]
    assert code == 1
    row = re.search(r"^\| `doctor` \| (.*) \| (.*) \|$", JSON_DOCUMENT, re.MULTILINE)
    assert row is not None
    assert re.findall(r"`([a-z_]+)`", row[1]) == list(told)
    assert re.findall(r"`([a-z_]+)`", row[2]) == list(finding)
    assert told["good"] is False
    assert {row["answered_in"] for row in told["dids"]} == {"from-provider-ordinary"}
    assert told["emergency"][-1] == {
        "numbers": ["112"],
        "context": "phones",
        "answered_by": "112",
        "answered_in": "phones",
    }
    assert (finding["id"], finding["severity"]) == ("hook-missing", "error")
    assert "include => pbxctl-inbound" in finding["way_out"]


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
async def test_a_wrong_secret_is_said_once_and_tried_once(
    running: House, tmp_path: Path, options: tuple[str, ...], capsys: Printed
) -> None:
    before = running.pbx.log_path.read_text().count("failed to authenticate")
    config = write_configuration(tmp_path, running, secret="hunter2")  # noqa: S106

    code = await doctor(config, *options)

    told = capsys.readouterr()
    assert code == 3
    assert (told.out + told.err).count("refuses the manager user") == 1
    assert "hunter2" not in told.out + told.err
    assert running.pbx.log_path.read_text().count("failed to authenticate") == before + 1


async def test_a_pbx_that_is_not_there_is_exit_code_3(
    running: House, tmp_path: Path, capsys: Printed
) -> None:
    config = write_configuration(tmp_path, running)
    config.write_text(config.read_text().replace(f"port: {running.pbx.manager[1]}", "port: 1"))

    assert await doctor(config) == 3
    assert "no manager interface at 127.0.0.1:1" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"", b"\nsecond line", b"\xff\xfe", b"a\0b", b"x" * 5000])
async def test_a_secret_that_is_none_is_exit_code_2(
    running: House, tmp_path: Path, content: bytes | None, capsys: Printed
) -> None:
    config = write_configuration(tmp_path, running)
    (tmp_path / "ami.secret").unlink()
    if content is not None:
        (tmp_path / "ami.secret").write_bytes(content)
        (tmp_path / "ami.secret").chmod(0o600)

    assert await doctor(config) == 2
    assert "ami.secret: " in capsys.readouterr().err


async def test_a_secret_that_everybody_can_read_is_refused(
    running: House, tmp_path: Path, capsys: Printed
) -> None:
    config = write_configuration(tmp_path, running)
    (tmp_path / "ami.secret").chmod(0o644)

    assert await doctor(config) == 2
    assert f"run chmod 640 {tmp_path / 'ami.secret'}" in capsys.readouterr().err


async def test_a_configuration_without_a_manager_interface_is_exit_code_2(
    running: House, tmp_path: Path, capsys: Printed
) -> None:
    config = write_configuration(tmp_path, running)
    lines = [line for line in config.read_text().splitlines() if not line.startswith("  ami: ")]
    config.write_text("\n".join(lines))

    assert await doctor(config) == 2
    assert "pbxctl.yaml:" in (told := capsys.readouterr().err)
    assert "ami: {host: 127.0.0.1" in told


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [
        ("command,config,reporting", {"system"}),
        ("system,config,reporting", {"command"}),
        ("command,system,reporting", {"config"}),
        ("command,system,config", {"reporting"}),
        ("call", {"command", "system", "config", "reporting"}),
        ("command,system,config,reporting", set()),
    ],
)
async def test_rights_that_the_user_lacks_are_named_with_the_lines_that_grant_them(
    running: House, granted: str, lacking: set[str]
) -> None:
    path = running.pbx.folder / "etc" / "manager.conf"
    good = path.read_text()
    path.write_text(f"{good}\n[other]\nsecret=x\nread=system\nwrite={granted}\n")
    await running.pbx.run_cli("manager reload")
    host, port, _, _ = running.pbx.manager
    async with await AmiSession.connect(host, port, "other", "x") as session:
        report = await running.examined(session)
    path.write_text(good)
    await running.pbx.run_cli("manager reload")

    missing = [each for each in report.findings if each.id == "right-missing"]
    assert {each.what.split("lacks the right ")[1].split(",")[0] for each in missing} == lacking
    assert all(
        "\nread = system\nwrite = command,system,config,reporting\n" in each.way_out for each in missing
    )
    others = {each.id for each in report.findings} - {"right-missing"}
    assert others <= {"not-looked-at", "mailboxes-unknown", "files-not-seen"}
    assert bool(others) is bool(lacking - {"config"})


@pytest.mark.parametrize("limits", ["", "deny=0.0.0.0/0.0.0.0\npermit=127.0.0.1/255.255.255.255\n"])
async def test_where_the_manager_listens_and_whom_it_takes_is_seen(running: House, limits: str) -> None:
    path = running.pbx.folder / "etc" / "manager.conf"
    good = path.read_text()
    path.write_text(f"{good}\n[other]\nsecret=x\n{limits}")
    await running.pbx.run_cli("manager reload")
    facts = await gather(running.pbx.ami, "pbxctl", [], [], user="other")
    path.write_text(good)
    await running.pbx.run_cli("manager reload")

    host, port, _, _ = running.pbx.manager
    assert facts.manager == Manager(f"{host}:{port}", limited=bool(limits))


@pytest.mark.parametrize(
    ("address", "limited", "is_open"),
    [
        ("0.0.0.0:5038", False, True),
        ("[::]:5038", False, True),
        ("192.0.2.1:5038", False, True),
        ("0.0.0.0:5038", True, False),
        ("127.0.0.1:5038", False, False),
        ("[::1]:5038", False, False),
    ],
)
def test_a_manager_user_that_everybody_may_log_in_as(address: str, limited: bool, is_open: bool) -> None:
    loaded, plan, rendering = planned(BAKERY)
    facts = Facts(manager=Manager(address, limited))

    findings = judge(Subject(loaded.config, plan, rendering, facts)).findings

    found = [each for each in findings if each.id == "manager-open"]
    assert bool(found) is is_open
    assert all("permit = 127.0.0.1/255.255.255.255" in each.way_out for each in found)
    assert all(f"it listens at {address}" in each.evidence for each in found)


def test_the_way_out_does_not_shut_us_out_where_the_pbx_is_another_machine() -> None:
    loaded, plan, rendering = planned(BAKERY.replace("host: 127.0.0.1, user", "host: pbx.example, user"))
    facts = Facts(manager=Manager("0.0.0.0:5038", limited=False))

    findings = judge(Subject(loaded.config, plan, rendering, facts)).findings

    (found,) = (each for each in findings if each.id == "manager-open")
    assert "permit = ADDRESS-OF-THE-MACHINE-OF-PBXCTL/255.255.255.255" in found.way_out


async def test_nothing_is_changed_on_the_pbx(running: House, tmp_path: Path, capsys: Printed) -> None:
    async def state() -> tuple[str, list[str], list[str]]:
        files = hashlib.sha256()
        for folder in ("etc", "data", "spool"):
            for path in sorted((running.pbx.folder / folder).rglob("*")):
                files.update(f"{path} {path.lstat().st_mtime_ns} {path.lstat().st_mode}".encode())
        database = await running.pbx.run_cli("database show")
        return files.hexdigest(), database, await running.pbx.run_cli("dialplan show")

    before = await state()
    await doctor(write_configuration(tmp_path, running))

    assert await state() == before
