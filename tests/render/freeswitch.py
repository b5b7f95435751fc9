"""Plans rendered for FreeSWITCH, and calls to them, offline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from pbxctl.dialplan.freeswitch import Channel, Dialplan, Trace, World, evaluate
from pbxctl.dialplan.freeswitch.text import Action, Condition, Extension, Test, parse_document
from pbxctl.plan.model import Plan
from pbxctl.render.freeswitch import FreeswitchSettings, render_freeswitch
from pbxctl.render.rendering import Entry, Rendering

FOLDER = Path(__file__).parents[2] / "dialplans" / "freeswitch"

LADDER_ALONE = FreeswitchSettings(flows=False)

TRUNK = "trunk"
OWN = "the trunk's own"
"""The application that the trunk's own dialplan runs, for numbers that are none of ours."""


@cache
def freeswitch_templates() -> Mapping[str, str]:
    return {
        file.relative_to(FOLDER).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(FOLDER.rglob("*.j2"))
    }


def render(
    plan: Plan, changed: Mapping[str, str] | None = None, settings: FreeswitchSettings = LADDER_ALONE
) -> Rendering:
    return render_freeswitch(plan, {**freeswitch_templates(), **(changed or {})}, settings)


def installed(rendering: Rendering, *older: Rendering) -> Dialplan:
    """The rendering as its trunk sees it, with the code of older generations beside it."""
    contexts: dict[str, tuple[Extension, ...]] = {}
    inbound: tuple[Extension, ...] = ()
    for name, text in rendering.files.items():
        document = parse_document(text, name)
        inbound = inbound or document.extensions
        contexts |= {context.name: context.extensions for context in document.contexts}
    for each in older:
        (name,) = (file for file in each.files if each.generation in file)
        code = parse_document(each.files[name], name)
        contexts |= {context.name: context.extensions for context in code.contexts}
    always = Condition(Test(None, "", {}), "on-false", None, (), (Action(OWN, "", False),), (), (), True)
    contexts[TRUNK] = (*inbound, Extension("own", False, (always,)))
    return Dialplan(contexts)


def database_of(entries: Iterable[Entry]) -> dict[tuple[str, str], str]:
    return {(entry.family, entry.key): entry.value for entry in entries}


def place(
    dialplan: Dialplan,
    did: str,
    caller: str,
    clock: Callable[[], int],
    database: Mapping[tuple[str, str], str],
    run: Callable[[str, str], Mapping[str, str] | None] = lambda application, data: {},
    variables: Mapping[str, str] | None = None,
) -> Trace:
    """A call through the trunk, on a server whose own zone is nobody's."""
    world = World(clock, database, "Pacific/Chatham", run)
    return evaluate(dialplan, Channel(did, TRUNK, caller, variables=dict(variables or {})), world)
