"""What we read out of files is what a real Asterisk has loaded out of the same files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pbxctl.dialplan.asterisk import (
    HINT,
    Context,
    Dialplan,
    Extension,
    Priority,
    ReadDialplan,
    loaded_dialplan,
    parse_extensions,
)
from pbxctl.pbx.asterisk.dialplan import FROM_FILES, read_dialplan
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.dialplan.foreign_dialplan import foreign_dialplan

GOLDEN = Path(__file__).parents[1] / "render" / "golden"


@pytest.fixture(scope="module")
async def pbx(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    async with PrivatePbx(asterisk_install, {}) as pbx:
        yield pbx


def read(files: Mapping[str, str]) -> ReadDialplan:
    def read_files(pattern: str) -> list[tuple[str, str]]:
        return [(name, files[name]) for name in sorted(files) if fnmatch(name, pattern)]

    return parse_extensions(files["extensions.conf"], "extensions.conf", read_files)


async def loaded(pbx: PrivatePbx, files: Mapping[str, str]) -> Dialplan:
    for name, text in files.items():
        path = pbx.folder / "etc" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    await pbx.run_cli("dialplan reload")
    return await read_dialplan(pbx.ami, registrars=FROM_FILES)


def assert_same(read: Dialplan, loaded: Dialplan) -> None:
    """Equal, told by context where they are not."""
    assert sorted(read.contexts) == sorted(loaded.contexts)
    for name, context in read.contexts.items():
        assert context == loaded.contexts[name]
    assert read.globals == loaded.globals
    assert read == loaded


async def test_our_own_rendered_files(pbx: PrivatePbx) -> None:
    files = {
        "extensions.conf": "[general]\nclearglobalvars=yes\n#tryinclude ours/*.conf\n",
        "ours/pbxctl.conf": (GOLDEN / "entry.conf").read_text(),
        "ours/pbxctl-a18b77ba.conf": (GOLDEN / "generation.conf").read_text(),
    }
    ours = read(files)
    assert ours.left_out == ()
    assert len(ours.dialplan.contexts) > 10
    assert_same(ours.dialplan, await loaded(pbx, files))


async def test_a_foreign_one_of_five_thousand_lines(pbx: PrivatePbx) -> None:
    files = foreign_dialplan(5000, contexts=125, lines=40)
    assert sum(text.count("\n") for text in files.values()) > 5000
    theirs = read(files)
    assert len(theirs.left_out) > 100
    assert_same(theirs.dialplan, await loaded(pbx, files))


@pytest.mark.parametrize("seed", range(40))
async def test_small_ones_of_every_kind(pbx: PrivatePbx, seed: int) -> None:
    files = foreign_dialplan(seed, contexts=6, lines=12)
    assert_same(read(files).dialplan, await loaded(pbx, files))


def test_what_others_than_files_register_is_known_apart() -> None:
    """AEL, Lua or parking, in a context that files write into as well."""
    parts: list[dict[str, str | list[str]]] = [
        {"Extension": "1", "Priority": "1", "Application": "NoOp", "AppData": "", "Registrar": "pbx_config"},
        {"Extension": "2", "Priority": "hint", "Application": "X/2", "Registrar": "pbx_ael"},
        {"IncludeContext": "files", "Registrar": "pbx_config"},
        {"IncludeContext": "ael", "Registrar": "pbx_ael"},
        {"IgnorePattern": "9", "Registrar": "pbx_ael"},
        {"Switch": "Lua/", "Registrar": "pbx_lua"},
    ]
    events = [{"Event": "ListDialplan", "Context": "both", **part} for part in parts]
    one = Extension("1", (Priority(1, "", "NoOp", ""),))
    two = Extension("2", (Priority(HINT, "", "X/2", ""),))

    assert loaded_dialplan(events).contexts["both"] == Context(
        "both", (one, two), ("files", "ael"), ("Lua/",), ("9",)
    )
    assert loaded_dialplan(events, registrars=FROM_FILES).contexts["both"] == Context(
        "both", (one,), ("files",)
    )


async def test_without_the_command_s_lines_callers_are_not_known_and_all_else_is(pbx: PrivatePbx) -> None:
    text = "[general]\n[a]\nexten => 1/04,1,NoOp(a)\n same => n,NoOp()\nexten => 1,1,NoOp(b)\n"
    await loaded(pbx, {"extensions.conf": text})
    events = (await pbx.ami.send("ShowDialPlan")).events

    found = loaded_dialplan(events, registrars=FROM_FILES).contexts["a"].extensions

    assert [(each.name, each.caller, len(each.priorities)) for each in found] == [
        ("1", None, 2),
        ("1", None, 1),
    ]
