"""What every PBX must do of what ``pbx/deployment`` asks for: the one in memory, and the real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pbxctl.pbx.asterisk.deployment import AsteriskDeployment, folders_of
from pbxctl.pbx.deployment import DeployFailed, Deployment, GlobalChanged, Present
from pbxctl.pbx.memory.deployment import MemoryDeployment
from pbxctl.reconcile.revision import contexts_of
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.render.rendering import Entry

EXTENSIONS = """\
[general]

[globals]
NIGHT=no

[from-provider]
include => pbxctl-inbound
exten => 100,1,Answer()
 same => n,Wait(60)

#tryinclude pbxctl/*.conf
"""

ENTRY = "[pbxctl-inbound]\nexten => 0921,1,Goto(pbxctl-{generation}-flow,s,1)\n"
CODE = "[pbxctl-{generation}-flow]\nexten => s,1,Answer()\n same => n,Wait({seconds})\n same => n,Hangup()\n"


@dataclass(frozen=True)
class Pbx:
    """One implementation, and how a call gets into a context of it."""

    deployment: Deployment
    enter: Callable[[str], Awaitable[None]]


@pytest.fixture(scope="module")
async def asterisk(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    async with PrivatePbx(asterisk_install, {"extensions.conf": EXTENSIONS}) as pbx:
        yield pbx


@pytest.fixture(params=["memory", "asterisk"])
async def pbx(request: pytest.FixtureRequest, asterisk: PrivatePbx) -> AsyncIterator[Pbx]:
    if request.param == "memory":
        memory = MemoryDeployment()

        async def enter(context: str) -> None:
            memory.calls[context] = memory.calls.get(context, 0) + 1

        yield Pbx(memory, enter)
        return
    deployment = AsteriskDeployment(asterisk.ami, "pbxctl", await folders_of(asterisk.ami, "pbxctl"))

    async def call(context: str) -> None:
        with asterisk.ami.events("Newstate", "LocalBridge") as moved:
            await asterisk.ami.send(
                "Originate", Channel=f"Local/s@{context}/n", Application="Wait", Data="60", Async="true"
            )
            # The answer comes before the channel does.
            while not await deployment.calls_inside([context]):
                await moved.next(20)

    yield Pbx(deployment, call)
    await asterisk.run_cli("channel request hangup all")
    there = await deployment.present()
    for name in there.files:
        await deployment.remove_file(name)
    await deployment.remove_sounds(tuple(there.sounds))
    await deployment.remove_entries("pbxctl", tuple(there.entries))
    await deployment.load()


async def test_a_pbx_that_we_never_met_holds_nothing_of_ours(pbx: Pbx) -> None:
    assert await pbx.deployment.present() == Present()


@pytest.mark.parametrize(
    "value",
    ["1|42945336|9abbc5a41dd2", "1&1796079600:w0&1796110200:w1", "x", "1|voicemail|date|a.b_c-d|", "a : b"],
)
async def test_an_entry_is_read_back_as_it_was_put(pbx: Pbx, value: str) -> None:
    await pbx.deployment.put([Entry("pbxctl", "9abbc5a41dd2/day/office/20261201", value)])
    assert (await pbx.deployment.present()).entries == {"9abbc5a41dd2/day/office/20261201": value}


async def test_entries_are_replaced_and_removed_and_need_not_be_there(pbx: Pbx) -> None:
    await pbx.deployment.put(
        [Entry("pbxctl", "a", "1"), Entry("pbxctl", "b/c", "2"), Entry("pbxctl", "a", "3")]
    )
    assert (await pbx.deployment.present()).entries == {"a": "3", "b/c": "2"}
    await pbx.deployment.remove_entries("pbxctl", ["a", "never there"])
    assert (await pbx.deployment.present()).entries == {"b/c": "2"}


async def test_a_file_counts_once_it_is_loaded_and_until_it_is_loaded_away(pbx: Pbx) -> None:
    code = CODE.format(generation="0badcafe", seconds=1)
    await pbx.deployment.write_file("pbxctl-0badcafe.conf", code)
    present = await pbx.deployment.present()
    assert (present.files, present.contexts) == ({"pbxctl-0badcafe.conf": code}, {})
    await pbx.deployment.load()
    assert (await pbx.deployment.present()).contexts == contexts_of(code)
    changed = CODE.format(generation="0badcafe", seconds=2)
    await pbx.deployment.write_file("pbxctl-0badcafe.conf", changed)
    assert (await pbx.deployment.present()).contexts == contexts_of(code)
    await pbx.deployment.load()
    assert (await pbx.deployment.present()).contexts == contexts_of(changed)
    await pbx.deployment.remove_file("pbxctl-0badcafe.conf")
    await pbx.deployment.remove_file("pbxctl-0badcafe.conf")
    await pbx.deployment.load()
    assert await pbx.deployment.present() == Present()


async def test_a_sound_is_known_by_its_bytes(pbx: Pbx) -> None:
    await pbx.deployment.write_sound("nl/0123456789ab.wav", b"RIFF one")
    first = (await pbx.deployment.present()).sounds
    await pbx.deployment.write_sound("nl/0123456789ab.wav", b"RIFF two")
    second = (await pbx.deployment.present()).sounds
    assert set(first) == set(second) == {"nl/0123456789ab.wav"}
    assert first != second
    await pbx.deployment.remove_sounds(["nl/0123456789ab.wav", "fr/0123456789ab.wav"])
    assert (await pbx.deployment.present()).sounds == {}


async def test_calls_are_counted_by_the_context_they_are_in(pbx: Pbx) -> None:
    await pbx.deployment.write_file("pbxctl-0badcafe.conf", CODE.format(generation="0badcafe", seconds=60))
    await pbx.deployment.load()
    assert await pbx.deployment.calls_inside(["pbxctl-0badcafe-flow"]) == 0
    await pbx.enter("pbxctl-0badcafe-flow")
    assert await pbx.deployment.calls_inside(["pbxctl-0badcafe-flow", "other"]) > 0
    assert await pbx.deployment.calls_inside(["other"]) == 0


# What the real one alone has: an administrator beside us.


@pytest.fixture
async def real(asterisk: PrivatePbx) -> AsyncIterator[AsteriskDeployment]:
    yield AsteriskDeployment(asterisk.ami, "pbxctl", await folders_of(asterisk.ami, "pbxctl"))
    (asterisk.folder / "etc" / "extensions.conf").write_text(EXTENSIONS)
    await asterisk.run_cli("dialplan reload")


async def test_nothing_waits_to_be_loaded_on_a_pbx_as_it_was_started(real: AsteriskDeployment) -> None:
    around = await real.surroundings()
    assert (around.unloaded, around.globals_changed) == ((), ())


async def test_what_the_administrator_has_not_loaded_yet_is_told(
    real: AsteriskDeployment, asterisk: PrivatePbx
) -> None:
    changed = EXTENSIONS.replace("Wait(60)", "Wait(61)") + "\n[new-one]\nexten => 1,1,Hangup()\n"
    (asterisk.folder / "etc" / "extensions.conf").write_text(changed)
    assert (await real.surroundings()).unloaded == ("context from-provider", "context new-one")
    await asterisk.run_cli("dialplan reload")
    assert (await real.surroundings()).unloaded == ()


async def test_a_global_that_was_changed_at_run_time_is_told(
    real: AsteriskDeployment, asterisk: PrivatePbx
) -> None:
    await asterisk.run_cli("dialplan set global NIGHT yes")
    assert (await real.surroundings()).globals_changed == (GlobalChanged("NIGHT", "yes", "no"),)
    await asterisk.run_cli("dialplan reload")
    assert (await real.surroundings()).globals_changed == ()


async def test_files_that_asterisk_would_refuse_are_told(
    real: AsteriskDeployment, asterisk: PrivatePbx
) -> None:
    (asterisk.folder / "etc" / "extensions.conf").write_text(EXTENSIONS + "\n[broken\n")
    (told,) = (await real.surroundings()).unloaded
    assert told.startswith("extensions.conf (")


async def test_files_that_do_not_include_ours_are_told(
    real: AsteriskDeployment, asterisk: PrivatePbx
) -> None:
    (asterisk.folder / "etc" / "extensions.conf").write_text(
        EXTENSIONS.replace("#tryinclude pbxctl/*.conf", "")
    )
    assert not (await real.surroundings()).included


async def test_a_language_that_is_a_link_is_neither_read_nor_emptied_nor_filled(
    asterisk: PrivatePbx, tmp_path: Path
) -> None:
    elsewhere, sounds = tmp_path / "elsewhere", tmp_path / "sounds"
    elsewhere.mkdir()
    sounds.mkdir()
    (elsewhere / "0123456789ab.wav").write_bytes(b"not ours")
    (sounds / "nl").symlink_to(elsewhere)
    folders = replace(await folders_of(asterisk.ami, "pbxctl"), sounds=sounds)
    deployment = AsteriskDeployment(asterisk.ami, "pbxctl", folders)
    assert (await deployment.present()).sounds == {}
    with pytest.raises(DeployFailed, match="is not a folder"):
        await deployment.remove_sounds(["nl/0123456789ab.wav"])
    with pytest.raises(DeployFailed, match="is not a folder"):
        await deployment.write_sound("nl/0123456789ab.wav", b"ours")
    assert (elsewhere / "0123456789ab.wav").read_bytes() == b"not ours"


async def test_a_link_in_the_place_of_our_folder_is_not_followed(
    asterisk: PrivatePbx, tmp_path: Path
) -> None:
    link = tmp_path / "pbxctl"
    link.symlink_to(tmp_path)
    folders = replace(await folders_of(asterisk.ami, "pbxctl"), dialplan=link)
    deployment = AsteriskDeployment(asterisk.ami, "pbxctl", folders)
    with pytest.raises(DeployFailed, match="is not a folder"):
        await deployment.write_file("pbxctl.conf", ENTRY.format(generation="0badcafe"))


async def test_what_a_killed_run_left_half_written_is_swept(asterisk: PrivatePbx, tmp_path: Path) -> None:
    dialplan, sounds, elsewhere = (tmp_path / name for name in ("dialplan", "sounds", "elsewhere"))
    folders = replace(await folders_of(asterisk.ami, "pbxctl"), dialplan=dialplan, sounds=sounds)
    left = [folder / ".pbxctl-x1.unfinished" for folder in (dialplan, sounds / "nl", elsewhere)]
    for path in left:
        path.parent.mkdir(parents=True)
        path.touch()
    (sounds / "fr").symlink_to(elsewhere)
    (dialplan / "pbxctl.conf").touch()

    await AsteriskDeployment(asterisk.ami, "pbxctl", folders).sweep()

    assert [path.exists() for path in left] == [False, False, True]
    assert (dialplan / "pbxctl.conf").exists()
