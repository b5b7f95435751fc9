"""A revision comes into force as a whole, or all stays as it was: whatever fails, whoever dies when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pbxctl.errors import OutOfReach
from pbxctl.pbx.deployment import Present, VerifyFailed
from pbxctl.reconcile.apply import bring_into_force
from pbxctl.reconcile.changes import leftovers
from pbxctl.reconcile.host import Host
from pbxctl.reconcile.records import Applied
from pbxctl.reconcile.retire import retire
from pbxctl.reconcile.undo import recover
from pbxctl.reconcile.uninstall import uninstall
from pbxctl.render.rendering import Entry
from tests.reconcile.world import (
    NOW,
    Killed,
    Trouble,
    Troubled,
    host_in,
    in_force,
    revisions,
    sound_of,
)

STEPS = [(before, after) for before in (None, "first") for after in ("first", "dates", "code", "numbers")]
STEPS = [(before, after) for before, after in STEPS if before != after]


async def apply(host: Host, name: str, at: int = NOW) -> bool:
    return bool(await bring_into_force(host, revisions()[name], sound_of, at))


async def begun(folder: Path, before: str | None) -> tuple[Host, Troubled]:
    host, deployment = host_in(folder)
    if before is not None:
        await apply(host, before)
    return host, deployment


@pytest.mark.parametrize(("before", "after"), STEPS)
async def test_a_revision_comes_into_force(tmp_path: Path, before: str | None, after: str) -> None:
    host, deployment = await begun(tmp_path, before)
    assert await apply(host, after)
    assert await in_force(deployment) == after
    assert host.state.history().present == revisions()[after].id
    assert host.state.intent() is None


async def test_what_is_in_force_is_not_written_again(tmp_path: Path) -> None:
    host, deployment = await begun(tmp_path, "first")
    deployment.trouble = Trouble(1, "fails")
    assert not await apply(host, "first")
    assert deployment.trouble.count == 0


async def test_other_dates_need_no_reload_and_are_switched_by_the_pointer_alone(tmp_path: Path) -> None:
    host, deployment = await begun(tmp_path, "first")
    running = deployment.deployment.running
    await apply(host, "dates")
    assert deployment.deployment.running is running


async def operations(folder: Path, before: str | None, after: str) -> int:
    """How many writes it takes."""
    host, deployment = await begun(folder, before)
    deployment.trouble = Trouble(0, "counts")
    await apply(host, after)
    return deployment.trouble.count


@pytest.mark.parametrize("kind", ["fails", "dies before", "dies after"])
@pytest.mark.parametrize(("before", "after"), STEPS)
async def test_trouble_at_any_write_leaves_the_old_or_the_new_whole(
    tmp_path: Path, before: str | None, after: str, kind: str
) -> None:
    count = await operations(tmp_path / "counted", before, after)
    assert count >= 3
    for at in range(1, count + 1):
        host, deployment = await begun(tmp_path / str(at), before)
        deployment.trouble = Trouble(at, kind)
        with pytest.raises((OutOfReach, Killed)):
            await apply(host, after)
        deployment.trouble = None
        if kind == "fails":
            # Undone on the spot, and told so.
            assert host.state.intent() is None
            assert await in_force(deployment) == before
        else:
            told = await recover(host, NOW)
            assert told is not None or host.state.intent() is None
        assert await in_force(deployment) in (before, after)
        kept = [revisions()[name] for name in {before, await in_force(deployment)} if name is not None]
        assert not leftovers(await deployment.present(), kept, "pbxctl")
        await apply(host, after)
        assert await in_force(deployment) == after


@pytest.mark.parametrize(("before", "after"), STEPS)
async def test_a_pbx_that_is_gone_for_good_is_seen_to_by_the_next_run(
    tmp_path: Path, before: str | None, after: str
) -> None:
    count = await operations(tmp_path / "counted", before, after)
    for at in range(count):
        host, deployment = await begun(tmp_path / str(at), before)
        deployment.trouble = Trouble(at, "fails", lasting=True)
        with pytest.raises(OutOfReach) as caught:
            await apply(host, after)
        assert any("run pbxctl apply again" in note for note in caught.value.__notes__)
        deployment.trouble = None
        assert await recover(host, NOW)
        assert await in_force(deployment) == before
        assert host.state.intent() is None


@pytest.mark.parametrize("kind", ["fails", "dies before", "dies after"])
async def test_an_uninstall_goes_on_where_it_was_broken_off(tmp_path: Path, kind: str) -> None:
    host, deployment = await begun(tmp_path / "counted", "first")
    deployment.trouble = Trouble(0, "counts")
    await uninstall(host, "pbxctl", patience_s=0)
    count = deployment.trouble.count
    for at in range(1, count + 1):
        host, deployment = await begun(tmp_path / str(at), "first")
        deployment.trouble = Trouble(at, kind)
        with pytest.raises((OutOfReach, Killed)):
            await uninstall(host, "pbxctl", patience_s=0)
        deployment.trouble = None
        await uninstall(host, "pbxctl", patience_s=0)
        assert await deployment.present() == Present()
        assert host.state.intent() is None


@pytest.mark.parametrize(("before", "after"), STEPS)
async def test_what_a_pbx_took_and_lost_is_noticed_and_undone(
    tmp_path: Path, before: str | None, after: str
) -> None:
    count = await operations(tmp_path / "counted", before, after)
    for at in range(1, count + 1):
        host, deployment = await begun(tmp_path / str(at), before)
        deployment.trouble = Trouble(at, "is lost")
        with pytest.raises(VerifyFailed, match="does not hold revision"):
            await apply(host, after)
        assert await in_force(deployment) == before
        assert host.state.intent() is None


async def test_what_another_host_had_applied_is_put_back_where_ours_fails(tmp_path: Path) -> None:
    host, deployment = await begun(tmp_path / "one", "first")
    count = await operations(tmp_path / "counted", "first", "numbers")
    for at in range(1, count + 1):
        deployment.trouble = None
        other, troubled = host_in(tmp_path / f"other{at}", deployment.deployment)
        await apply(host, "first")
        troubled.trouble = Trouble(at, "fails")
        with pytest.raises(OutOfReach):
            await apply(other, "numbers")
        assert await in_force(deployment) == "first"


async def test_a_date_that_somebody_added_by_hand_is_noticed_and_removed(tmp_path: Path) -> None:
    host, deployment = await begun(tmp_path, "first")
    first = revisions()["first"]
    await deployment.put([Entry("pbxctl", f"{first.id}/day/office/20261203", "1&1796252400:w0")])
    await apply(host, "first")
    assert f"{first.id}/day/office/20261203" not in (await deployment.present()).entries


async def test_a_revision_that_was_replaced_goes_after_days_and_when_no_call_is_in_it(tmp_path: Path) -> None:
    host, deployment = await begun(tmp_path, "first")
    await apply(host, "code", NOW + 10)
    first, code = revisions()["first"], revisions()["code"]
    inside = f"{first.code_file.removesuffix('.conf')}-ladder"
    await retire(host, NOW + 86_400)
    assert first.code_file in deployment.deployment.files
    deployment.deployment.calls[inside] = 1
    await retire(host, NOW + 4 * 86_400)
    assert first.code_file in deployment.deployment.files
    deployment.deployment.calls.clear()
    host.state.keep_history(replace(host.state.history(), applied=(Applied(code.id, NOW + 10),)))
    await retire(host, NOW + 4 * 86_400)
    present = await deployment.present()
    assert set(present.files) == set(code.files)
    assert not [key for key in present.entries if key.startswith(first.id)]
    assert await in_force(deployment) == "code"
