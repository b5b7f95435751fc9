"""What stands in the PBX's database when a call comes: sense, leftovers, garbage and malice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from pbxctl.decision.facts import Facts, read_facts
from pbxctl.numbers import last_eight
from pbxctl.plan.model import Plan

LATER = 4_000_000_000

LANGUAGE_MARKS = (
    None,
    "",
    "1|",
    "1|nl|fr",
    "1|NL",
    "1|es",
    "2|nl",
    "11|nl",
    "1|nl):0",
    "1|nl\\",
    '1|nl"',
    "1|nl,s,1",
    "1|${EXTEN}",
    "1|n",
    "nl",
    "1|nlx",
    "(1|nl",
)
"""Marks of a caller's language that count as none, unless the company speaks it."""


@dataclass(frozen=True, slots=True)
class Database:
    """Values by their key below the family, None for one that is not there.

    ``day`` stands in place of the dated entry of the call's own day, if that was touched.
    ``current`` says whether the pointer names the generation beside the default one.
    """

    values: Mapping[str, str | None]
    day: str | None
    day_touched: bool
    current: bool
    dates_lost: bool

    @property
    def facts(self) -> Facts:
        """What the decision is told of it."""
        present = {key: value for key, value in self.values.items() if value is not None}
        return read_facts(present, dates_present=not (self.day_touched or self.dates_lost))


@dataclass(frozen=True, slots=True)
class Pointed:
    """The generation and revision that a pointer names."""

    generation: str
    revision: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """A value of the pointer, and whether it names the current generation, with or without its dates."""

    value: str | None
    names_current: bool = False
    dates_lost: bool = False


def random_database(
    random: Random, plan: Plan, route: str, at: int, caller: str, current: Pointed
) -> Database:
    """The database at ``at``, as a call to ``route`` from ``caller`` finds it.

    ``caller`` is the number as the PBX keeps it; ``current`` is what a good pointer names.
    """
    modes = tuple(plan.routes[route].flows)
    pointer = good_pointer(current) if random.random() < 0.5 else random.choice(pointers(current))
    override = psap = None
    if random.random() < 0.45:
        mode = random.choice([*modes, *modes[1:]])
        good = random.random() < 0.5
        override = random.choice(good_overrides(mode, at) if good else bad_overrides(mode, at))
    if random.random() < 0.2:
        psap = random.choice(psaps(at))
    database = database_of({f"override/{route}": override, "psap": psap}, pointer)
    if random.random() < 0.25:
        mark = random.choice([*(f"1|{language}" for language in plan.company.languages * 3), *LANGUAGE_MARKS])
        database = replace(database, values={**database.values, f"language/{caller}": mark})
    if random.random() < 0.35 and (digits := last_eight(caller) or last_eight(f"{caller}4711234")):
        seconds = plan.we_rang_s or 3600
        rang = random.choice([*good_rangs(digits, at, seconds) * 4, *bad_rangs(digits, at, seconds)])
        database = replace(database, values={**database.values, f"rang/{digits[-4:]}": rang})
    if random.random() < 0.15:
        return replace(database, day=random.choice(days(at)), day_touched=True)
    return database


def database_of(values: Mapping[str, str | None], pointer: Pointer) -> Database:
    """A database with its dates in place."""
    return Database(
        {**values, "current": pointer.value}, None, False, pointer.names_current, pointer.dates_lost
    )


def good_pointer(current: Pointed) -> Pointer:
    """What a switch writes."""
    return Pointer(f"1|{current.generation}|{current.revision}", names_current=True)


def pointers(current: Pointed) -> tuple[Pointer, ...]:
    """Pointers that name nothing, and some that name a revision whose dates are not there."""
    generation, revision = current.generation, current.revision
    named = f"1|{generation}|{revision}"
    lost = (f"1|{generation}|000000000000", f"{named}0", named + "0" * 240)
    nothing = (
        None,
        "",
        "nonsense",
        f"1|deadbeef|{revision}",
        f"2|{generation}|{revision}",
        f"11|{generation}|{revision}",
        f"1||{revision}",
        f"1|{generation}",
        f"1|{generation}|",
        f"{named}|",
        f"{named}|1",
        f"{named}):0",
        f"{named}Z",
        f'{named}"',
        f"1|{generation}):0|{revision}",
        f"1|{generation}|\\{revision}",
        f"1|{generation} |{revision}",
        f"1|{generation},s,1|{revision}",
        "a,s,1)}&",
        "${EVAL(${EPOCH})}",
        "1|" + "a" * 300 + "|b",
    )
    return (
        *(Pointer(value) for value in nothing),
        *(Pointer(value, names_current=True, dates_lost=True) for value in lost),
    )


def good_overrides(mode: str, at: int) -> tuple[str, ...]:
    """Overrides that hold at ``at``."""
    return (
        f"1|1|{mode}|{at + 1}|me|x",
        f"1|99|{mode}|{at + 2}|web 1|x-1",
        f"1|0|{mode}|{at + 3600}||",
        f"1|1|{mode}|{LATER}|me|x",
    )


def bad_overrides(mode: str, at: int) -> tuple[str, ...]:
    """Overrides that are over, tombstones, garbage and malice."""
    late = str(LATER)
    return (
        f"1|1|{mode}|{at}|me|x",
        f"1|1|{mode}|{at - 1}|me|x",
        f"1|1|none|{late}|me|x",
        f"1|1|no_such_mode|{late}|me|x",
        f"1|1|refused|{late}|me|x",
        f"2|1|{mode}|{late}|me|x",
        f"11|1|{mode}|{late}|me|x",
        f"1|1|{mode.upper()}|{late}|me|x",
        f"1|1|{mode}|{late}|me",
        f"1|1|{mode}|{late}|me|x|y",
        f"1|1|{mode}|{late}|me|x):0",
        f"1|1|{mode}|{late}):0|me|x",
        f"1|1|{mode}):0|{late}|me|x",
        f"1|1|{mode}|{late[:3]}\\{late[3:]}|me|x",
        f'1|1|{mode}|{late}|me"|x',
        f"1|1|{mode}|{late}|${{SHELL(id)}}|x",
        f"1|1|{mode}|0{late}|me|x",
        f"1|1|{mode}|{late}0|me|x",
        f"1|1|{mode}|-1|me|x",
        f"1|1|{mode}|{late}.5|me|x",
        f"1|1|{mode}|{late}|me|" + "x" * 60,
        f"1|1|{mode}|{late}|me|" + "x" * 61,
        f"1|1|{mode}|{late}|me|" + "x" * 300,
        f"1|1|{mode}|{late}|Zoë|x",
        f"1|1|{mode},s,1|{late}|me|x",
        f"1|1|{mode}&x|{late}|me|x",
        f"1|1|{mode}|{late}|me,you|x",
        "a,s,1)}&",
        "1",
        "",
    )


def psaps(at: int) -> tuple[str, ...]:
    """Windows after an emergency call: some open at ``at``, some not, some none at all."""
    late = str(LATER)
    return (
        f"1|{late}|201",
        f"1|{at + 1}|201",
        f"1|{at}|201",
        f"1|{at - 1}|201",
        f"1|{at - 1}|201):0",
        f"1|{late}|201):0",
        f"1|{late}):0|201",
        f"1|{late[:3]}\\{late[3:]}|201",
        f"1|{late}|",
        f"1|{late}",
        f"2|{late}|201",
        f"1|{late}|201|1",
        f"1|{late}|abc",
        f"1|{'9' * 30}|201",
        f'1|{late}|201"',
        "nonsense",
        "",
    )


def good_rangs(digits: str, at: int, seconds: int) -> tuple[str, ...]:
    """What stands there when we rang the number with these last digits, for so many seconds before ``at``."""
    return tuple(f"1|{moment}|{digits}" for moment in (at, at - 1, at - seconds // 2, at - seconds + 1))


def bad_rangs(digits: str, at: int, seconds: int) -> tuple[str, ...]:
    """Too long ago, not yet, another number with such an ending, garbage and malice."""
    other = str((int(digits[0]) + 1) % 10) + digits[1:]
    return (
        f"1|{at - seconds}|{digits}",
        f"1|{at - 10 * seconds}|{digits}",
        f"1|{at + 1}|{digits}",
        f"1|{LATER}|{digits}",
        f"1|0|{digits}",
        f"1|{at}|{other}",
        f"1|{at}|{digits[1:]}",
        f"1|{at}|0{digits}",
        f"1|{at}|{digits}|1",
        f"2|{at}|{digits}",
        f"11|{at}|{digits}",
        f"1|{at}):0|{digits}",
        f"1|{at}|{digits}):0",
        f'1|{at}|{digits}"',
        f"1|{at}|\\{digits}",
        "1|${EPOCH}|${EPOCH}",
        f"1||{digits}",
        "nonsense",
        "",
    )


def days(at: int) -> tuple[str | None, ...]:
    """In place of a day's dated entry: nothing, or what is none."""
    return (
        None,
        "",
        "nonsense",
        "1&",
        "1&w0",
        f"2&{at - 60}:w0",
        f"1&{at - 60}:w99999",
        f"1&{at - 60}:w0&",
        f"1&{at - 60}:w0):0",
        f"1&{at - 60}):0:w0",
        f"1&{at - 60}:w0|x",
        f"1&{at - 60}:\\w0",
        f'1&{at - 60}:w0"',
        f"1&{at - 60}:w0,s,1",
    )


def horizons(day: date) -> Mapping[str | None, bool]:
    """In place of the mark of what was worked out, and whether it holds on ``day``."""
    here, before, after = (f"{day + timedelta(days=ahead):%Y%m%d}" for ahead in (0, -1, 1))
    return {
        f"1|{before}|{after}": True,
        f"1|{here}|{here}": True,
        f"1|{before}|{here}": True,
        f"1|{here}|{after}": True,
        f"1|{before}|{before}": False,
        f"1|{after}|{after}": False,
        f"1|{after}|{before}": False,
        f"2|{before}|{after}": False,
        f"11|{before}|{after}": False,
        f"1|{before}": False,
        f"1|{before}|": False,
        f"1|{before}|{after}|": False,
        f"1|{before}|{after}0": False,
        f"1|{before}|{after}):0": False,
        f'1|{before}|{after}"': False,
        f"1|{before[:4]}\\{before[4:]}|{after}": False,
        f"1|0|{after} | 1": False,
        "1|${EPOCH}|${EPOCH}": False,
        "nonsense": False,
        "a,s,1)}&": False,
        "1|" + "2" * 300 + f"|{after}": False,
        "": False,
        None: False,
    }
