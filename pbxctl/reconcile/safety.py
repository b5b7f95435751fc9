"""What speaks against bringing a revision into force, unless somebody says that it is meant. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pbxctl.pbx.deployment import Present, Surroundings
from pbxctl.plan.model import Plan
from pbxctl.reconcile.changes import Changes
from pbxctl.reconcile.revision import Revision
from pbxctl.timeline import ORDINARY


@dataclass(frozen=True, slots=True)
class Objection:
    """Something that nobody does by accident twice: ``id`` is what to say to have it done all the same."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Before:
    """What was in force until now: its revision and plan; None where nothing was, or nobody knows."""

    revision: Revision | None
    plan: Plan | None


def objections(
    wanted: Plan, before: Before, changes: Changes, present: Present, around: Surroundings, today: date
) -> tuple[Objection, ...]:
    """What speaks against it, all at once; ``today`` is the company's."""
    if not changes:
        return ()
    return (
        *_horizon(wanted, today),
        *_plan(wanted, before.plan),
        *_another_hand(before.revision, present),
        *(reload_objections(around) if changes.loads or changes.enters or changes.entry else ()),
    )


def standing(found: Collection[Objection], accepted: Collection[str]) -> tuple[Objection, ...]:
    """Those that nobody accepted."""
    return tuple(each for each in found if each.id not in accepted)


def _horizon(wanted: Plan, today: date) -> Iterator[Objection]:
    """Of a revision from long ago: holidays and own dates were worked out up to a day only."""
    end = wanted.first_day + timedelta(days=wanted.horizon_days)
    if end <= today:
        yield Objection(
            "dates-over",
            f"the dates of this revision end before {end}: holidays and own dates would be missed, and the "
            "weekly rule alone hold; pbxctl apply without --revision works them out anew",
        )


def _plan(wanted: Plan, before: Plan | None) -> Iterator[Objection]:
    if before is None:
        return
    gone = [name for name in before.routes if name not in wanted.routes]
    if gone:
        yield Objection("route-gone", f"the route {_listed(gone)} is in force and would be gone")
    of_gone = {did.number for name in gone for did in before.routes[name].dids}
    lost = sorted(_numbers(before) - _numbers(wanted) - of_gone)
    if lost:
        yield Objection(
            "number-gone", f"{_listed(lost)} would be on no route any more, and follow the ordinary dialplan"
        )
    for name in wanted.routes:
        if name in before.routes and _ever_closed(before, name) and not _ever_closed(wanted, name):
            yield Objection("never-closed", f"the route {name} would never be closed any more")


def _another_hand(before: Revision | None, present: Present) -> Iterator[Objection]:
    if before is None:
        pointer = next((value for key, value in present.entries.items() if key == "current"), None)
        if pointer is not None:
            yield Objection(
                "unknown-revision",
                f"the PBX holds {pointer.rpartition('|')[2]}, of which this host knows nothing: "
                "was it applied from another host?",
            )
        return
    for name, text in before.files.items():
        if name in present.files and present.files[name] != text:
            yield Objection(
                "edited", f"{name} was changed by another hand since it was applied; the change would be lost"
            )


def refusal(against: Collection[Objection]) -> str:
    """What is said to somebody who is refused, and what to say if it is meant."""
    ids = dict.fromkeys(each.id for each in against)
    return "\n".join(
        [
            *(f"refused: {each.sentence} [{each.id}]" for each in against),
            "if that is meant, say so: " + " ".join(f"--accept {id_}" for id_ in ids),
        ]
    )


def reload_objections(around: Surroundings) -> tuple[Objection, ...]:
    """What speaks against a reload: what it would bring into force besides ours."""
    return tuple(_reload(around))


def _reload(around: Surroundings) -> Iterator[Objection]:
    if not around.included:
        yield Objection(
            "include-missing",
            "extensions.conf does not include our files, so the PBX would not read them; add as its last line"
            " (in FreePBX: of extensions_custom.conf) #tryinclude pbxctl/*.conf",
        )
    if around.unloaded:
        yield Objection(
            "foreign-files",
            f"{_listed(around.unloaded)} changed since the PBX read it, and would come into force with ours",
        )
    if around.globals_changed:
        names = _listed([each.name for each in around.globals_changed])
        yield Objection(
            "globals",
            f"global variables were changed at run time ({names}): to read the dialplan puts them back",
        )


def _numbers(plan: Plan) -> set[str]:
    return {did.number for route in plan.routes.values() for did in route.dids}


def _ever_closed(plan: Plan, route: str) -> bool:
    windows = plan.timelines[plan.routes[route].schedule].windows
    return any(window.verdict.mode != ORDINARY for window in windows)


def _listed(names: Collection[str]) -> str:
    shown = sorted(names)[:3]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
