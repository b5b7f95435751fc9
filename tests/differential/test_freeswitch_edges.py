"""FreeSWITCH's rendering where a second or a character decides, and a broken one that must be noticed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pbxctl.errors import InputWrong
from tests.render.freeswitch import freeswitch_templates

from .callers import HOSTILE, presented
from .cases import Case
from .database import (
    bad_overrides,
    database_of,
    days,
    good_overrides,
    good_pointer,
    horizons,
    pointers,
    psaps,
)
from .edges import FIRST_DAY, HORIZON_DAYS, case_at, edge_configuration
from .freeswitch import Installed, found, install, wanted
from .moments import change_moments
from .places import PLACES, clock_changes
from .test_edges import UNDATED
from .test_freeswitch import told

ON_A_TUESDAY = int(datetime(2026, 12, 1, 10, tzinfo=ZoneInfo("Europe/Brussels")).timestamp())
ON_CHRISTMAS = int(datetime(2026, 12, 28, 12, tzinfo=ZoneInfo("Europe/Brussels")).timestamp())


@pytest.fixture(scope="module")
def installed() -> dict[str, Installed]:
    return {place.zone: install(edge_configuration(place, index)) for index, place in enumerate(PLACES)}


def judge(on: Installed, cases: Iterable[Case]) -> None:
    differing = [(case, wanted(case), found(case, on)) for case in cases]
    wrong = [told(*each) for each in differing if each[1] != each[2]]
    assert not wrong, f"{len(wrong)} differ\n" + "\n".join(wrong[:3])


@pytest.mark.parametrize("zone", [place.zone for place in PLACES if clock_changes(place.zone)])
def test_round_every_change_of_the_clocks_within_the_horizon_and_beyond_it(
    installed: dict[str, Installed], zone: str
) -> None:
    on = installed[zone]
    first = datetime.combine(FIRST_DAY, datetime.min.time(), ZoneInfo(zone)).timestamp()
    changes = [at for at in clock_changes(zone) if at > first]
    # The horizon is 760 days: the later ones are decided by the weekly tables and the wall clock.
    assert changes[-1] > first + (HORIZON_DAYS + 365) * 86_400
    moments = [at for change in changes[:8] for at in change_moments(change)]
    judge(on, (case_at(on.configuration, at, on.pointed) for at in moments))


def test_half_past_two_comes_twice_and_a_date_counts_once(installed: dict[str, Installed]) -> None:
    on = installed["Europe/Brussels"]
    zone = ZoneInfo("Europe/Brussels")
    twice = [int(datetime(2027, 10, 31, 2, 30, tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)]
    assert twice[1] - twice[0] == 3600
    cases = [case_at(on.configuration, at + s, on.pointed) for at in twice for s in (-1, 0, 1, 1799, 1800)]
    judge(on, cases)
    assert len({wanted(case) for case in cases}) > 1


@pytest.mark.parametrize("mode", ["ordinary", "voicemail", "answering_service"])
def test_every_value_of_an_override(installed: dict[str, Installed], mode: str) -> None:
    on = installed["Europe/Brussels"]
    pointer = good_pointer(on.pointed)
    values = (*good_overrides(mode, ON_A_TUESDAY), *bad_overrides(mode, ON_A_TUESDAY), "${system(id)}", "1\n")
    values += tuple(f"{value}\n" for value in good_overrides(mode, ON_A_TUESDAY))
    databases = [database_of({"override/main": value}, pointer) for value in values]
    judge(on, (case_at(on.configuration, ON_A_TUESDAY, on.pointed, database=each) for each in databases))


def test_every_value_of_a_psap_window(installed: dict[str, Installed]) -> None:
    on = installed["Europe/Brussels"]
    databases = [
        database_of({"psap": value}, good_pointer(on.pointed))
        for value in (*psaps(ON_A_TUESDAY), "${system(id)}")
    ]
    judge(on, (case_at(on.configuration, ON_A_TUESDAY, on.pointed, database=each) for each in databases))


def test_every_value_of_the_pointer(installed: dict[str, Installed]) -> None:
    on = installed["Europe/Brussels"]
    databases = [database_of({}, pointer) for pointer in pointers(on.pointed)]
    judge(on, (case_at(on.configuration, ON_CHRISTMAS, on.pointed, database=each) for each in databases))


def test_every_value_in_place_of_a_dated_entry(installed: dict[str, Installed]) -> None:
    on = installed["Europe/Brussels"]
    good = database_of({}, good_pointer(on.pointed))
    databases = [replace(good, day=value, day_touched=True) for value in days(ON_CHRISTMAS)]
    judge(on, (case_at(on.configuration, ON_CHRISTMAS, on.pointed, database=each) for each in databases))


def test_with_an_empty_database_the_week_decides(installed: dict[str, Installed]) -> None:
    for zone, on in installed.items():
        empty = replace(database_of({}, pointers(on.pointed)[0]), dates_lost=True)
        lost = replace(on, database={})
        hours = range(ON_A_TUESDAY, ON_A_TUESDAY + 8 * 86_400, 3600)
        judge(lost, (case_at(on.configuration, at, on.pointed, database=empty) for at in hours))
        assert zone


def test_every_value_in_place_of_the_horizon(installed: dict[str, Installed]) -> None:
    on = installed["Europe/Brussels"]
    key, good = f"{on.pointed.revision}/horizon", database_of({}, good_pointer(on.pointed))
    for moment in UNDATED:
        day = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Brussels"))
        databases = [
            replace(good, values={**good.values, key: value}, dates_lost=not believed)
            for value, believed in horizons(day.date()).items()
        ]
        at = int(day.timestamp())
        judge(on, (case_at(on.configuration, at, on.pointed, database=each) for each in databases))


def test_every_hostile_number_and_every_spelling(installed: dict[str, Installed]) -> None:
    for on in installed.values():
        plan = on.configuration.default
        spelled = [s for rule in (*plan.blocked, *plan.always_pass) for s in rule.spellings]
        numbers = [
            *spelled,
            *(s[:-1] for s in spelled),
            *(f"{s}0" for s in spelled),
            *(f"0{s}" for s in spelled),
        ]
        numbers += [form.format(n=number) for form in HOSTILE for number in spelled]
        numbers += [f"{number}\n" for number in spelled] + [" ".join(number) for number in spelled]
        judge(
            on,
            (case_at(on.configuration, ON_A_TUESDAY, on.pointed, caller=presented(n)) for n in numbers),
        )


# A mistake in a template; each must be seen by some call to the edges.
BROKEN = {
    "a window begins a second late": ("timeline", "${PBXCTL_START} &gt; ", "${PBXCTL_START} &gt;= "),
    "a week's part begins a second late": ("timeline", "${PBXCTL_CLOCK} &gt;= ", "${PBXCTL_CLOCK} &gt; "),
    "since counts from the day after": ("timeline", "${PBXCTL_DATE} &gt;= ", "${PBXCTL_DATE} &gt; "),
    "the first part of a week's day alone": ("timeline", "in day.later", "in day.later[:0]"),
    "the clock is read once more": ("timeline", " ${PBXCTL_NOW}|%Y", " %Y"),
    "the wrong zone": ("timeline", "strftime_tz({{ week.zone }}", "strftime_tz(Asia/Tokyo"),
    "no dates": ("timeline", ".day.", ".days."),
    "no windows": ("timeline", ".window.", ".windows."),
    "a day is named beyond the horizon": (
        "timeline",
        "${PBXCTL_LAST} &gt;= ${PBXCTL_DATE} ? yes : no",
        "1 ? yes : yes",
    ),
    "a day is named before the first one": (
        "timeline",
        "${PBXCTL_DATE} &gt;= ${PBXCTL_FIRST} ? yes : no",
        "1 ? yes : yes",
    ),
    "an override that never ends": ("override", '"^open\\z"', '"^"'),
    "an override for everybody": ("override", "override.{{ route.name }}", "override.x"),
    "an override in any shape": ("override", "({{ expressions.override }})\\z", "(.*)"),
    "an emergency that never ends": ("psap", '"^open\\z"', '"^"'),
    "a blocked caller as a prefix": ("blocked", "callers }}\\z", "callers }}"),
    "callers who pass are blocked": ("always_pass", "entry.standing", "caller_lists.blocked[0].standing"),
}


@pytest.mark.parametrize(("rung", "old", "new"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_in_a_template_is_seen(rung: str, old: str, new: str) -> None:
    name = f"rungs/{rung}.xml.j2"
    text = freeswitch_templates()[name]
    assert old in text
    on = install(edge_configuration(PLACES[0], 0), {name: text.replace(old, new)})
    assert any(_differs(case, on) for case in _calls_to_every_edge(on))


def _calls_to_every_edge(on: Installed) -> Iterator[Case]:
    configuration, good, at = on.configuration, good_pointer(on.pointed), ON_A_TUESDAY
    plan, zone = configuration.default, ZoneInfo("Europe/Brussels")
    moments = [
        *(window.start for window in plan.timelines["office"].windows[:60]),
        *(int(datetime(2026, 12, day, tzinfo=zone).timestamp()) for day in range(1, 5)),
        *(int(datetime(2032, 6, 7, 8, 30, tzinfo=zone).timestamp()) + s for s in (-1, 0, 1)),
    ]
    for moment in moments:
        yield case_at(configuration, moment, on.pointed)
    overrides = (*good_overrides("voicemail", at), *bad_overrides("voicemail", at))
    facts = [("override/main", value) for value in overrides] + [("psap", value) for value in psaps(at)]
    for key, value in facts:
        yield case_at(configuration, at, on.pointed, database=database_of({key: value}, good))
    for rule in (*plan.blocked, *plan.always_pass):
        for number in (rule.number, f"{rule.number}0"):
            yield case_at(configuration, at, on.pointed, caller=presented(number))


def _differs(case: Case, on: Installed) -> bool:
    try:
        return found(case, on) != wanted(case)
    except InputWrong:
        return True
