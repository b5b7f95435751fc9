"""The same on the real Asterisk: whoever dies when, and what its administrator does meanwhile."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from pbxctl.errors import OutOfReach, PbxctlError
from pbxctl.pbx.asterisk.ami import AmiSession
from pbxctl.pbx.asterisk.deployment import AsteriskDeployment, folders_of
from pbxctl.pbx.deployment import Present, VerifyFailed
from pbxctl.reconcile.apply import bring_into_force
from pbxctl.reconcile.changes import leftovers
from pbxctl.reconcile.host import Host, ReloadRefused
from pbxctl.reconcile.records import Intent, Undertaking
from pbxctl.reconcile.undo import recover
from pbxctl.reconcile.uninstall import uninstall
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.reconcile.world import NOW, Killed, Trouble, Troubled, host_in, in_force, revisions, sound_of

# An administrator's own dialplan, with a hook that fails open.
HOOKED = """\
[general]

[globals]
NIGHT=no

[from-provider]
include => pbxctl-inbound
include => from-provider-ordinary
include => pbxctl-unlisted

[from-provider-ordinary]
exten => _[+0-9].,1,Answer()
 same => n,Wait(60)

#tryinclude pbxctl/*.conf
"""

FIVE_THOUSAND_LINES = HOOKED + "".join(
    f"[own-{number}]\nexten => _X.,1,NoOp(${{EXTEN}})\n"
    f" same => n,Dial(PJSIP/201,{number % 60})\n same => n,Hangup()\n"
    for number in range(1250)
)

STEPS = [(None, "first"), ("first", "dates"), ("first", "code"), ("first", "numbers")]


@pytest.fixture(scope="module")
async def asterisk(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    async with PrivatePbx(asterisk_install, {"extensions.conf": HOOKED}) as pbx:
        yield pbx


@pytest.fixture
async def clean(asterisk: PrivatePbx) -> AsyncIterator[PrivatePbx]:
    yield asterisk
    (asterisk.folder / "etc" / "extensions.conf").write_text(HOOKED)
    await wiped(asterisk)


async def deployment_of(pbx: PrivatePbx, session: AmiSession | None = None) -> AsteriskDeployment:
    session = session or pbx.ami
    return AsteriskDeployment(session, "pbxctl", await folders_of(session, "pbxctl"))


async def wiped(pbx: PrivatePbx) -> None:
    deployment = await deployment_of(pbx)
    there = await deployment.present()
    for name in there.files:
        await deployment.remove_file(name)
    await deployment.load()
    await deployment.remove_entries("pbxctl", tuple(there.entries))
    await deployment.remove_sounds(tuple(there.sounds))


async def begun(pbx: PrivatePbx, folder: Path, before: str | None) -> tuple[Host, Troubled]:
    await wiped(pbx)
    host, troubled = host_in(folder, await deployment_of(pbx))
    if before is not None:
        await apply(host, before)
    return host, troubled


async def apply(host: Host, name: str) -> None:
    await bring_into_force(host, revisions()[name], sound_of, NOW)


async def answered_by(pbx: PrivatePbx, number: str) -> str:
    """The context that would answer a call to ``number`` from the provider."""
    lines = await pbx.run_cli(f"dialplan show {number}@from-provider")
    context = next(line for line in lines if line.startswith("[ "))
    return context.split("'")[1]


@pytest.mark.parametrize(("before", "after"), STEPS)
async def test_a_revision_comes_into_force_and_is_not_written_again(
    clean: PrivatePbx, tmp_path: Path, before: str | None, after: str
) -> None:
    host, troubled = await begun(clean, tmp_path, before)
    await apply(host, after)
    assert await in_force(troubled) == after
    assert await answered_by(clean, "092334466") == "pbxctl-inbound"
    troubled.trouble = Trouble(1, "fails")
    await apply(host, after)
    assert troubled.trouble.count == 0


async def test_uninstall_leaves_the_pbx_byte_for_byte_as_it_was(clean: PrivatePbx, tmp_path: Path) -> None:
    (clean.folder / "etc" / "extensions.conf").write_text(FIVE_THOUSAND_LINES)
    await clean.run_cli("dialplan reload")
    untouched = await _state_of(clean)
    host, troubled = await begun(clean, tmp_path, "first")
    await apply(host, "numbers")
    assert await _state_of(clean) != untouched
    await uninstall(host, "pbxctl", patience_s=0)
    assert await _state_of(clean) == untouched
    assert await troubled.present() == Present()
    assert await answered_by(clean, "092334455") == "from-provider-ordinary"


async def _state_of(pbx: PrivatePbx) -> tuple[object, ...]:
    """Every configuration file, the whole running dialplan, and the whole database."""
    etc = pbx.folder / "etc"
    files = {str(path): path.read_bytes() for path in sorted(etc.rglob("*")) if path.is_file()}
    # Their order in what it shows is no part of what it does.
    # Nor is who is said to have made a context that several have a part in: any reload changes that.
    lines = [line.partition("' created by")[0] for line in await pbx.run_cli("dialplan show") if line]
    shown = sorted("\n".join(["", *lines]).split("\n[ "))
    database = [line for line in await pbx.run_cli("database show") if line.startswith("/pbxctl")]
    return files, shown, database


async def test_files_deleted_by_hand_let_calls_fall_through(clean: PrivatePbx, tmp_path: Path) -> None:
    await begun(clean, tmp_path, "first")
    assert await answered_by(clean, "092334455") == "pbxctl-inbound"
    for path in (clean.folder / "etc" / "pbxctl").iterdir():
        path.unlink()
    await clean.run_cli("dialplan reload")
    assert await answered_by(clean, "092334455") == "from-provider-ordinary"


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["fails", "dies before", "dies after", "is lost"])
@pytest.mark.parametrize(("before", "after"), [(None, "first"), ("first", "numbers")])
async def test_trouble_at_any_write_leaves_the_old_or_the_new_whole(
    clean: PrivatePbx, tmp_path: Path, before: str | None, after: str, kind: str
) -> None:
    at = 0
    host, troubled = await begun(clean, tmp_path / "0", before)
    while True:
        at += 1
        if await in_force(troubled) != before:
            host, troubled = await begun(clean, tmp_path / str(at), before)
        troubled.trouble = Trouble(at, kind)
        try:
            await apply(host, after)
        except (OutOfReach, VerifyFailed, Killed) as error:
            troubled.trouble = None
            if isinstance(error, Killed):
                await recover(host, NOW)
            else:
                assert await in_force(troubled) == before
        else:
            break
        assert await in_force(troubled) in (before, after)
        kept = [revisions()[name] for name in {before, await in_force(troubled)} if name is not None]
        assert not leftovers(await troubled.present(), kept, "pbxctl")
    assert at > 4
    assert await in_force(troubled) == after


async def test_a_cut_connection_is_seen_to_by_the_next_run(clean: PrivatePbx, tmp_path: Path) -> None:
    at = 0
    host, troubled = await begun(clean, tmp_path / "0", "first")
    while True:
        at += 1
        if await in_force(troubled) != "first":
            host, troubled = await begun(clean, tmp_path / str(at), "first")
        session = await AmiSession.connect(*clean.manager)
        troubled.deployment = await deployment_of(clean, session)
        troubled.trouble = Trouble(at, "is cut")
        troubled.at_trouble = session.close
        try:
            await apply(host, "numbers")
            break
        except OutOfReach as error:
            notes = error.__notes__
        assert any("run pbxctl apply again" in note for note in notes)
        troubled.deployment, troubled.trouble = await deployment_of(clean), None
        assert await recover(host, NOW)
        assert await in_force(troubled) in ("first", "numbers")
        assert host.state.intent() is None
    assert at > 4


@pytest.mark.parametrize("after", ["dates", "numbers"])
async def test_a_full_disk_at_any_write_leaves_the_old_or_the_new_whole(
    clean: PrivatePbx, tmp_path: Path, after: str
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    async def disk_is_full() -> None:
        """From now on the kernel refuses each write to a file of this process."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))

    refused = 0
    host, troubled = await begun(clean, tmp_path / "0", "first")
    for at in range(1, 20):
        if await in_force(troubled) != "first":
            host, troubled = await begun(clean, tmp_path / str(at), "first")
        counted = troubled.trouble = Trouble(at, "is full")
        troubled.at_trouble = disk_is_full
        try:
            await apply(host, after)
        except PbxctlError as error:
            refused += "File too large" in str(error)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        troubled.trouble = None
        await recover(host, NOW)
        assert await in_force(troubled) in ("first", after)
        assert host.state.intent() is None
        if counted.count < at:
            break
    assert refused >= 1


async def test_a_half_edited_file_is_not_activated_by_whoever_tidies_up(
    clean: PrivatePbx, tmp_path: Path
) -> None:
    host, troubled = await begun(clean, tmp_path, "first")
    # Dead behind the first reload: to undo it takes another.
    troubled.trouble = Trouble(3, "dies after")
    with pytest.raises(Killed):
        await apply(host, "numbers")
    troubled.trouble = None
    extensions = clean.folder / "etc" / "extensions.conf"
    extensions.write_text(HOOKED.replace("Wait(60)", "Wait(61)"))
    with pytest.raises(ReloadRefused, match="context from-provider-ordinary changed"):
        await recover(host, NOW)
    assert "Wait(61)" not in "\n".join(await clean.run_cli("dialplan show from-provider-ordinary"))
    with pytest.raises(ReloadRefused):
        await uninstall(host, "pbxctl", patience_s=0)
    extensions.write_text(HOOKED)
    host.state.begin(Intent(Undertaking.APPLY, revisions()["numbers"].id, revisions()["first"].id))
    assert await recover(host, NOW)
    assert await in_force(troubled) == "first"


async def test_a_reload_that_asterisk_refuses_is_noticed_and_undone(
    clean: PrivatePbx, tmp_path: Path
) -> None:
    host, troubled = await begun(clean, tmp_path, "first")
    extensions = clean.folder / "etc" / "extensions.conf"
    extensions.write_text(HOOKED + "\n[half-edited\n")
    with pytest.raises(ReloadRefused, match="no closing"):
        await apply(host, "numbers")
    # Even where somebody insists: Asterisk keeps what it has, and that is noticed.
    with pytest.raises(VerifyFailed, match="does not hold revision"):
        await apply(replace(host, accepted=("foreign-files", "include-missing")), "numbers")
    assert await in_force(troubled) == "first"
    assert host.state.intent() is None
    extensions.write_text(HOOKED)
    await apply(host, "numbers")
    assert await in_force(troubled) == "numbers"


@pytest.mark.parametrize("after", ["dates", "numbers"])
@pytest.mark.parametrize("moment", ["first write", "switch"])
async def test_a_pbx_killed_in_the_middle_holds_the_old_or_the_new_whole(
    asterisk_install: AsteriskInstall, tmp_path: Path, after: str, moment: str
) -> None:
    async with PrivatePbx(asterisk_install, {"extensions.conf": HOOKED}) as pbx:
        host, troubled = await begun(pbx, tmp_path, "first")
        counted = troubled.trouble = Trouble(0, "counts")
        await apply(host, after)
        troubled.trouble = None
        await apply(host, "first")
        # A clean stop puts on disk what its database holds; a kill would lose the last second of it.
        await pbx.restart()
        troubled.deployment = await deployment_of(pbx)
        # What was taken away again is written once more: the files are there already.
        troubled.trouble = Trouble(1 if moment == "first write" else 2, "is killed")
        troubled.at_trouble = pbx.kill
        assert counted.count >= 3
        with pytest.raises(OutOfReach):
            await apply(host, after)
        await pbx.restart()
        troubled.deployment, troubled.trouble = await deployment_of(pbx), None
        await recover(host, NOW)
        assert await in_force(troubled) in ("first", after)
        await apply(host, after)
        assert await in_force(troubled) == after
