"""``pbxctl apply`` and ``uninstall`` as an administrator runs them, beside a real Asterisk."""

from __future__ import annotations

import fcntl
import json
import os
import shutil

import pytest

from tests.reconcile.desk import EXTENSIONS, Desk


async def test_apply_apply_again_change_and_uninstall(desk: Desk) -> None:
    remembered = sorted((desk.folder / "state").rglob("*"))
    looked = await desk.run("apply", "--dry-run")
    assert (looked.code, looked.err) == (0, "")
    assert sorted((desk.folder / "state").rglob("*")) == remembered
    assert looked.out.startswith("revision none -> ")
    assert await desk.answered_by("092334455") == "from-provider-ordinary"

    applied = await desk.run("apply")
    assert applied.code == 0, applied.err
    assert applied.out.rstrip().endswith("is in force")
    assert await desk.answered_by("092334455") == "pbxctl-inbound"

    again = await desk.run("apply")
    assert again.code == 0
    assert again.out.endswith("is in force already; there is nothing to do\n")

    desk.configure("2027-01-04 08:30, mode: voicemail", "2027-01-05 08:30, mode: voicemail")
    changed = await desk.run("apply", "--json")
    said = json.loads(changed.out)
    assert said["applied"] is True
    assert said["changes"]["reads_dialplan"] is False
    assert said["changes"]["files"] == ["pbxctl.conf"]
    assert [window["route"] for window in said["difference"]["windows"]][:1] == ["main"]

    gone = await desk.run("uninstall")
    assert gone.code == 0, gone.err
    assert await desk.answered_by("092334455") == "from-provider-ordinary"
    assert list((desk.pbx.folder / "etc" / "pbxctl").iterdir()) == []
    assert await desk.pbx.run_cli("database show pbxctl") == ["0 results found."]
    once_more = await desk.run("uninstall")
    assert (once_more.code, once_more.out) == (0, "nothing of pbxctl is on the PBX; there is nothing to do\n")


async def test_with_the_records_lost_all_of_it_still_goes_off(desk: Desk) -> None:
    assert (await desk.run("apply")).code == 0
    shutil.rmtree(desk.folder / "state" / "revisions")
    (desk.folder / "state" / "applied.json").unlink()
    desk.configure("ring: 20s", "ring: 25s")
    refused = await desk.run("apply")
    assert refused.code == 1
    assert "of which this host knows nothing" in refused.err
    assert (await desk.run("uninstall")).code == 0
    assert await desk.answered_by("092334455") == "from-provider-ordinary"
    assert list((desk.pbx.folder / "etc" / "pbxctl").iterdir()) == []


async def test_tenants_leave_each_other_alone(desk: Desk) -> None:
    assert (await desk.run("apply")).code == 0
    sounds = desk.pbx.folder / "data" / "sounds"
    before = sorted(path.name for path in (sounds / "pbxctl").rglob("*.wav"))
    desk.configure("kind: asterisk", "kind: asterisk\n  instance: north")
    shutil.copytree(desk.folder / "state" / "sounds", desk.folder / "state" / "north" / "sounds")
    assert (await desk.run("apply")).code == 0
    assert (await desk.run("uninstall")).code == 0
    assert sorted(path.name for path in (sounds / "pbxctl").rglob("*.wav")) == before
    assert await desk.answered_by("092334455") == "pbxctl-inbound"


async def test_what_was_in_force_before_can_be_gone_back_to(desk: Desk) -> None:
    assert (await desk.run("apply")).code == 0
    first = json.loads((await desk.run("apply", "--json")).out)["revision"]
    desk.configure("ring: 20s", "ring: 25s")
    assert (await desk.run("apply")).code == 0
    back = await desk.run("apply", "--revision", first)
    assert back.code == 0, back.err
    assert back.out.rstrip().endswith(f"revision {first} is in force")
    unknown = await desk.run("apply", "--revision", "0badcafe0bad")
    assert unknown.code == 2
    assert "--revision: '0badcafe0bad' is not kept in" in unknown.err


async def test_a_number_that_would_be_lost_is_told_and_refused_unless_it_is_meant(desk: Desk) -> None:
    assert (await desk.run("apply")).code == 0
    desk.configure("+32 9 233 44 66", "+32 9 233 44 67")
    refused = await desk.run("apply")
    assert refused.code == 1
    assert refused.err.splitlines() == [
        "refused: +3292334466 would be on no route any more, and follow the ordinary dialplan [number-gone]",
        "if that is meant, say so: --accept number-gone",
    ]
    assert await desk.answered_by("092334466") == "pbxctl-inbound"
    assert (await desk.run("apply", "--accept", "number-gone")).code == 0
    assert await desk.answered_by("092334466") == "from-provider-ordinary"


async def test_a_file_edited_by_hand_is_told_and_not_overwritten_unasked(desk: Desk) -> None:
    assert (await desk.run("apply")).code == 0
    entry = desk.pbx.folder / "etc" / "pbxctl" / "pbxctl.conf"
    edited = entry.read_text() + "; a note\n"
    entry.write_text(edited)
    refused = await desk.run("apply")
    assert refused.code == 1
    assert "pbxctl.conf was changed by another hand" in refused.err
    assert entry.read_text() == edited
    assert (await desk.run("apply", "--accept", "edited")).code == 0
    assert entry.read_text() != edited


async def test_what_the_administrator_has_half_edited_is_not_activated_unasked(desk: Desk) -> None:
    extensions = desk.pbx.folder / "etc" / "extensions.conf"
    extensions.write_text(EXTENSIONS.replace("PJSIP/201,30", "PJSIP/201,3"))
    refused = await desk.run("apply")
    extensions.write_text(EXTENSIONS)
    assert refused.code == 1
    assert "context from-provider-ordinary changed since the PBX read it" in refused.err
    assert await desk.answered_by("092334455") == "from-provider-ordinary"


async def test_two_at_once_do_not_meet(desk: Desk) -> None:
    folder = os.open(desk.folder / "state", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        second = await desk.run("apply")
        looked = await desk.run("apply", "--dry-run")
    finally:
        os.close(folder)
    assert second.code == 3
    assert looked.code == 0
    assert second.err.endswith("another pbxctl is changing this PBX; try again when it has finished\n")


@pytest.mark.parametrize(
    ("old", "new", "secret", "mode", "code", "sentence"),
    [
        ("", "", "wrong\n", 0o640, 3, "refuses the manager user 'pbxctl-least'"),
        (
            "",
            "",
            "\n",
            0o640,
            2,
            "ami.secret: holds no secret; write the one of manager.conf into its first line",
        ),
        ("", "", "x\n", 0o644, 2, "everybody on this machine can read this secret; run chmod 640"),
        ("ami.secret", "no.secret", "x\n", 0o640, 2, "cannot be read: No such file or directory"),
        ("host: 127.0.0.1", "host: 127.0.0.9", "x\n", 0o640, 3, "no manager interface at 127.0.0.9:"),
    ],
    ids=["wrong secret", "empty secret", "open secret", "no secret", "nobody listens"],
)
async def test_what_keeps_us_from_the_pbx_is_one_line(
    desk: Desk, old: str, new: str, secret: str, mode: int, code: int, sentence: str
) -> None:
    path = desk.folder / "ami.secret"
    path.write_text(secret)
    path.chmod(mode)
    desk.configure(old, new)
    failed = await desk.run("apply")
    assert failed.code == code
    assert len(failed.err.splitlines()) == 1
    assert sentence in failed.err
    assert "Traceback" not in failed.err
