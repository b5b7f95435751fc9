"""Tables of moments, database values and numbers on which a second or a character decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pbxctl.prompts.needed import catalogue_of, neutral_prompt
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.simulate import End

from .callers import HOSTILE, presented
from .cases import stem_of
from .configurations import Configuration
from .database import (
    LANGUAGE_MARKS,
    Pointed,
    bad_overrides,
    bad_rangs,
    database_of,
    days,
    good_overrides,
    good_pointer,
    good_rangs,
    horizons,
    pointers,
    psaps,
)
from .edges import case_at, differences, edge_configuration, explained
from .moments import change_moments
from .pbx import DifferentialPbx
from .places import PLACES, Place, clock_changes

CONFIGURATIONS = {place.zone: edge_configuration(place, index) for index, place in enumerate(PLACES)}

SINCE, UNTIL = (int(datetime(year, 10, 1, tzinfo=UTC).timestamp()) for year in (2026, 2029))

# Within the horizon and a year beyond it.
CHANGES = [(zone, at) for zone in CONFIGURATIONS for at in clock_changes(zone) if SINCE < at < UNTIL]

ON_A_TUESDAY = int(datetime(2026, 12, 1, 18, 0, tzinfo=ZoneInfo("Europe/Brussels")).timestamp())

MOMENTS = (
    "2026-11-23 23:59:59",  # before the first day
    "2026-11-24 00:00:00",
    "2026-12-01 23:59:59",  # the day before the closed day's first
    "2026-12-02 00:00:00",
    "2026-12-24 11:59:59",
    "2026-12-24 12:00:00",
    "2026-12-31 23:59:59",
    "2027-01-01 00:00:00",
    "2027-01-04 08:29:59",
    "2027-01-04 08:30:00",
    "2028-02-28 23:59:59",
    "2028-02-29 00:00:00",
    "2028-02-29 23:59:59",
    "2028-03-01 00:00:00",
    "2028-03-01 08:30:00",
    "2028-12-23 23:59:59",  # the horizon
    "2028-12-24 00:00:00",
    "2032-02-29 12:00:00",
    "2035-07-01 08:29:59",
    "2035-07-02 08:30:00",
    "2035-12-31 23:59:59",
)


@pytest.fixture(scope="module")
async def edges(
    asterisk_install: AsteriskInstall,
    templates: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[DifferentialPbx]:
    """One PBX for all tables."""
    folder = tmp_path_factory.mktemp("edges")
    configurations = list(CONFIGURATIONS.values())
    async with DifferentialPbx.running(asterisk_install, configurations, lambda _: templates, folder) as pbx:
        yield pbx


def _on(pbx: DifferentialPbx, zone: str) -> tuple[Configuration, Pointed]:
    configuration = CONFIGURATIONS[zone]
    return configuration, pbx.instances[configuration.instance].pointed


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        pytest.param(zone, at, id=f"{datetime.fromtimestamp(at, ZoneInfo(zone)):%F}-{zone}")
        for zone, at in CHANGES
    ],
)
async def test_both_sides_of_a_change_of_the_clocks(edges: DifferentialPbx, zone: str, change: int) -> None:
    configuration, pointed = _on(edges, zone)
    found = await differences(edges, (case_at(configuration, at, pointed) for at in change_moments(change)))
    assert not found, explained(found)


@pytest.mark.parametrize("zone", CONFIGURATIONS)
async def test_turns_of_years_leap_days_and_ends_of_the_horizon(edges: DifferentialPbx, zone: str) -> None:
    configuration, pointed = _on(edges, zone)
    moments = [
        int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) for text in MOMENTS
    ]
    found = await differences(edges, (case_at(configuration, at, pointed) for at in moments))
    assert not found, explained(found)


@pytest.mark.parametrize("mode", ["ordinary", "voicemail", "answering_service"])
async def test_every_value_of_an_override(edges: DifferentialPbx, mode: str) -> None:
    configuration, pointed = _on(edges, "Europe/Brussels")
    values = (*good_overrides(mode, ON_A_TUESDAY), *bad_overrides(mode, ON_A_TUESDAY))
    databases = [database_of({"override/main": value}, good_pointer(pointed)) for value in values]
    found = await differences(
        edges, (case_at(configuration, ON_A_TUESDAY, pointed, database=each) for each in databases)
    )
    assert not found, explained(found)


async def test_every_value_of_a_psap_window(edges: DifferentialPbx) -> None:
    configuration, pointed = _on(edges, "Europe/Brussels")
    databases = [database_of({"psap": value}, good_pointer(pointed)) for value in psaps(ON_A_TUESDAY)]
    found = await differences(
        edges, (case_at(configuration, ON_A_TUESDAY, pointed, database=each) for each in databases)
    )
    assert not found, explained(found)


async def test_every_value_of_the_pointer(edges: DifferentialPbx) -> None:
    configuration, pointed = _on(edges, "Europe/Brussels")
    at = int(datetime(2026, 12, 28, 12, tzinfo=ZoneInfo("Europe/Brussels")).timestamp())
    databases = [database_of({}, pointer) for pointer in pointers(pointed)]
    found = await differences(
        edges, (case_at(configuration, at, pointed, database=each) for each in databases)
    )
    assert not found, explained(found)


async def test_every_value_in_place_of_a_dated_entry(edges: DifferentialPbx) -> None:
    configuration, pointed = _on(edges, "Europe/Brussels")
    at = int(datetime(2026, 12, 28, 12, tzinfo=ZoneInfo("Europe/Brussels")).timestamp())
    good = database_of({}, good_pointer(pointed))
    databases = [replace(good, day=value, day_touched=True) for value in days(at)]
    found = await differences(
        edges, (case_at(configuration, at, pointed, database=each) for each in databases)
    )
    assert not found, explained(found)


UNDATED = ("2026-12-03 20:00", "2026-12-02 10:00", "2026-12-02 23:59:59")
"""Closed by the week alone: outside hours, and twice the closed day."""


@pytest.mark.parametrize("moment", UNDATED)
async def test_every_value_in_place_of_the_horizon(edges: DifferentialPbx, moment: str) -> None:
    configuration, pointed = _on(edges, "Europe/Brussels")
    day = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Brussels"))
    assert day.date() not in configuration.current.timelines["office"].dates
    key, good = f"{pointed.revision}/horizon", database_of({}, good_pointer(pointed))
    values = horizons(day.date())
    cases = [
        case_at(
            configuration,
            int(day.timestamp()),
            pointed,
            database=replace(good, values={**good.values, key: value}, dates_lost=not believed),
        )
        for value, believed in values.items()
    ]
    neutral = neutral_prompt(catalogue_of(configuration.current)).stem
    assert [stem_of(case.story) != neutral for case in cases] == list(values.values())
    found = await differences(edges, cases)
    assert not found, explained(found)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.country)
async def test_every_spelling_of_a_listed_caller(edges: DifferentialPbx, place: Place) -> None:
    configuration, pointed = _on(edges, place.zone)
    plan = configuration.default
    spellings = [spelling for rule in (*plan.blocked, *plan.always_pass) for spelling in rule.spellings]
    numbers = [*spellings, *(number[:-1] for number in spellings), *(f"{number}0" for number in spellings)]
    found = await differences(
        edges, (case_at(configuration, ON_A_TUESDAY, pointed, caller=presented(number)) for number in numbers)
    )
    assert not found, explained(found)


async def test_every_mark_of_a_language(edges: DifferentialPbx) -> None:
    configuration, pointed = _on(edges, "Europe/Brussels")
    cases = [
        case_at(
            configuration,
            ON_A_TUESDAY,
            pointed,
            caller=presented(caller),
            database=database_of({f"language/{caller}": mark, "language/": "1|fr"}, good_pointer(pointed)),
        )
        for caller, marks in {
            "0470999999": ("1|nl", "1|fr", "1|de", *LANGUAGE_MARKS),
            "+33612345678": ("1|nl", "1|fr", "1|de", "1|nl):0"),
        }.items()
        for mark in marks
    ]
    found = await differences(edges, cases)
    assert not found, explained(found)


async def test_every_value_of_whom_we_rang(edges: DifferentialPbx) -> None:
    configuration, pointed = _on(edges, "Europe/Brussels")
    seconds = configuration.current.we_rang_s
    assert seconds is not None
    cases = [
        case_at(
            configuration,
            ON_A_TUESDAY,
            pointed,
            caller=presented(caller),
            database=database_of({f"rang/{digits[-4:]}": value}, good_pointer(pointed)),
        )
        for digits in ("70999999", "00000012")
        for value in (
            *good_rangs(digits, ON_A_TUESDAY, seconds),
            *bad_rangs(digits, ON_A_TUESDAY, seconds),
        )
        for caller in (
            f"04{digits}",
            f"+324{digits}",
            f"{digits}",
            digits[1:],
            f"{digits}0",
            "anonymous",
            digits[-4:],
        )
    ]
    passed = {case.caller.number for case in cases if case.story.end is End.ORDINARY}
    assert passed == {way + digits for way in ("04", "+324", "") for digits in ("70999999", "00000012")}
    found = await differences(edges, cases)
    assert not found, explained(found)


async def test_every_country_that_a_caller_can_come_from(edges: DifferentialPbx) -> None:
    cases = []
    for index, place in enumerate(PLACES):
        configuration, pointed = _on(edges, place.zone)
        prefixes = list(configuration.default.languages_abroad)
        french = next(p for p in prefixes if configuration.default.languages_abroad[p] == "fr")
        at = int(datetime(2026, 12, 1, 5, tzinfo=ZoneInfo(place.zone)).timestamp())
        numbers = [french, *(f"{prefix}612345678" for prefix in prefixes[index::6])]
        numbers += [form.format(n=f"{french}612345678") for form in HOSTILE[index::6]]
        cases += [case_at(configuration, at, pointed, caller=presented(number)) for number in numbers]
    found = await differences(edges, cases)
    assert not found, explained(found)


@pytest.mark.parametrize("asserted", [False, True], ids=["from", "asserted"])
async def test_every_hostile_number(edges: DifferentialPbx, *, asserted: bool) -> None:
    configuration, pointed = _on(edges, "Europe/Brussels")
    number = configuration.default.blocked[0].number
    callers = [presented(form.format(n=number), asserted=asserted) for form in HOSTILE]
    found = await differences(
        edges, (case_at(configuration, ON_A_TUESDAY, pointed, caller=caller) for caller in callers)
    )
    assert not found, explained(found)
