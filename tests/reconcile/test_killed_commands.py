"""``pbxctl apply`` and ``uninstall`` that are killed, or ended, in the middle."""

from __future__ import annotations

import json
import signal

import pytest

from tests.reconcile.desk import Desk


async def test_a_killed_apply_is_seen_to_by_the_next(desk: Desk) -> None:
    assert (await desk.run("apply")).code == 0
    desk.configure("ring: 20s", "ring: 25s")
    process = await desk.start("apply")
    assert process.stderr is not None
    # It tells each thing that it begins; the first is the entries of the database.
    await process.stderr.readline()
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert (desk.folder / "state" / "intent.json").exists()
    looked = await desk.run("apply", "--dry-run")
    assert (looked.code, looked.err) == (
        0,
        "a run is under way, or was broken off: pbxctl apply sees to that first\n",
    )
    assert await desk.answered_by("092334455") == "pbxctl-inbound"
    again = await desk.run("apply")
    assert again.code == 0
    assert "was undone" in again.err.splitlines()[0]
    assert not (desk.folder / "state" / "intent.json").exists()
    assert again.out.rstrip().endswith("is in force")


async def killed_at(desk: Desk, told: str, *arguments: str) -> None:
    """Run a command and kill it as soon as it tells that it begins what is ``told``."""
    process = await desk.start(*arguments)
    assert process.stderr is not None
    async for line in process.stderr:
        if told in line.decode():
            break
    else:
        raise AssertionError(f"nothing was told of {told}")
    process.send_signal(signal.SIGKILL)
    await process.wait()


@pytest.mark.parametrize("told", ["the file pbxctl-", "the switch"])
async def test_an_apply_killed_later_leaves_the_old_or_the_new_whole(desk: Desk, told: str) -> None:
    first = json.loads((await desk.run("apply", "--json")).out)["revision"]
    desk.configure("ring: 20s", "ring: 25s")
    wanted = json.loads((await desk.run("apply", "--dry-run", "--json")).out)["revision"]
    await killed_at(desk, told, "apply")
    assert await desk.answered_by("092334455") == "pbxctl-inbound"
    pointer = (await desk.pbx.run_cli("database get pbxctl current"))[0].rpartition("|")[2]
    assert pointer in ((first,) if told != "the switch" else (first, wanted))
    again = await desk.run("apply")
    assert again.code == 0
    assert again.err.splitlines()[0].endswith(("was undone", "by a run that was broken off"))
    assert json.loads((await desk.run("apply", "--dry-run", "--json")).out)["changes"] is None
    assert not (desk.folder / "state" / "intent.json").exists()


@pytest.mark.parametrize("told", ["new calls go the ordinary way", "files, sounds and entries go"])
async def test_an_uninstall_that_was_killed_is_gone_on_with(desk: Desk, told: str) -> None:
    assert (await desk.run("apply")).code == 0
    await killed_at(desk, told, "uninstall")
    again = await desk.run("uninstall")
    assert (again.code, again.out.split(";")[0]) == (0, "nothing of pbxctl is on the PBX any more")
    assert await desk.answered_by("092334455") == "from-provider-ordinary"
    assert list((desk.pbx.folder / "etc" / "pbxctl").iterdir()) == []
    assert list((desk.pbx.folder / "data" / "sounds" / "pbxctl").rglob("*.wav")) == []
    assert await desk.pbx.run_cli("database show pbxctl") == ["0 results found."]


async def test_a_polite_end_in_the_middle_leaves_all_as_it_was(desk: Desk) -> None:
    assert (await desk.run("apply")).code == 0
    before = await desk.pbx.run_cli("database show pbxctl current")
    desk.configure("ring: 20s", "ring: 25s")
    process = await desk.start("apply")
    assert process.stderr is not None
    await process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 130
    assert not (desk.folder / "state" / "intent.json").exists()
    assert await desk.pbx.run_cli("database show pbxctl current") == before
