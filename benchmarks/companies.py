"""Made-up companies of any size: schedules that all differ, and plans with a route for each."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from pbxctl.numbers import spellings
from pbxctl.plan.model import PLAN_VERSION, CallerRule, Company, Did, Plan, RoutePlan
from pbxctl.plan.modes import ordinary_flow, refused_flow, voicemail_flow
from pbxctl.plan.timelines import build_timeline
from pbxctl.timeline import ClosedDay, Holiday, Hours, OwnDate, Rules

FIRST_DAY = date(2026, 11, 24)
HORIZON_DAYS = 400
ZONE = "Europe/Brussels"
COUNTRY = "BE"
ORDINARY_CONTEXT = "from-provider-ordinary"

_HOLIDAYS = (
    ("2026-12-25", "Kerstmis"),
    ("2027-01-01", "Nieuwjaar"),
    ("2027-03-29", "Paasmaandag"),
    ("2027-05-01", "Dag van de Arbeid"),
    ("2027-05-06", "Hemelvaart"),
    ("2027-05-17", "Pinkstermaandag"),
    ("2027-07-11", "Feestdag van de Vlaamse Gemeenschap"),
    ("2027-07-21", "Nationale feestdag"),
    ("2027-08-15", "Onze-Lieve-Vrouw-Hemelvaart"),
    ("2027-11-01", "Allerheiligen"),
    ("2027-11-11", "Wapenstilstand"),
    ("2027-12-25", "Kerstmis"),
)


def rules_of(index: int) -> Rules:
    """The rules of schedule ``index``: a closed day, hours, a dozen holidays, a dozen own dates.

    Of the first 1,020 no two are alike: the hours alone tell them apart.
    """
    where = f"schedules.s{index}"
    weekday = 1 + index % 5
    opens, closes = 480 + index % 60, 990 + index // 60 % 17
    return Rules(
        zone=ZONE,
        closed_days=(ClosedDay(weekday, date(2026, 12, 2), "voicemail", f"{where}.closed_day"),),
        hours=Hours((((opens, closes),),) * 5 + ((), ()), "voicemail", f"{where}.hours"),
        holidays=tuple(
            Holiday(date.fromisoformat(day), name, "voicemail", f"{where}.holidays")
            for day, name in _HOLIDAYS
        ),
        dates=tuple(_own_date(number, index, weekday, f"{where}.dates.{number}") for number in range(12)),
    )


def plan_of(count: int, *, horizon_days: int = HORIZON_DAYS) -> Plan:
    """A plan with ``count`` routes, each with DID and schedule of its own, and ten callers on each list."""
    schedules = [f"s{index}" for index in range(count)]
    return Plan(
        version=PLAN_VERSION,
        instance="",
        first_day=FIRST_DAY,
        horizon_days=horizon_days,
        company=Company("Bakkerij Peeters", "bestel@bakkerij-peeters.example", COUNTRY, ("nl", "fr")),
        routes={f"r{index}": _route(index) for index in range(count)},
        timelines={
            name: build_timeline(name, rules_of(index), FIRST_DAY, horizon_days)
            for index, name in enumerate(schedules)
        },
        always_pass=_callers("always_pass", 475_000_000),
        blocked=_callers("blocked", 475_100_000),
        never_close=(),
        refused=refused_flow(),
        rules={},
        languages_abroad={},
    )


def did_of(index: int) -> str:
    """The number of route ``r<index>``, as a trunk in the country spells it."""
    return f"0{92_330_000 + index}"


def _route(index: int) -> RoutePlan:
    number = f"+32{92_330_000 + index}"
    flows = (ordinary_flow(ORDINARY_CONTEXT, "100@default"), voicemail_flow("100@default"))
    return RoutePlan(
        name=f"r{index}",
        rule=f"routes.r{index}",
        dids=(Did(number, spellings(number, COUNTRY)),),
        schedule=f"s{index}",
        ordinary=ORDINARY_CONTEXT,
        language="nl",
        flows={flow.mode: flow for flow in flows},
    )


def _callers(which: str, first: int) -> tuple[CallerRule, ...]:
    numbers = [f"+32{first + index}" for index in range(10)]
    return tuple(
        CallerRule(number, spellings(number, COUNTRY), f"callers.{which}.{index}")
        for index, number in enumerate(numbers)
    )


def _own_date(number: int, index: int, weekday: int, rule: str) -> OwnDate:
    """One of twelve, a month apart: some days closed, some an afternoon, some a closed day that is none."""
    day = date(2027 if number else 2026, number or 12, 3) + timedelta(days=index % 20)
    midnight = datetime.combine(day, time())
    match number % 4:
        case 0:  # from noon of one day to a morning some days later
            noon = midnight + timedelta(hours=12)
            return OwnDate(noon, noon + timedelta(days=3, hours=21), "voicemail", rule)
        case 1:
            return OwnDate(midnight, midnight + timedelta(days=1), "voicemail", rule)
        case 2:
            return OwnDate(midnight + timedelta(hours=13), midnight + timedelta(hours=15), "voicemail", rule)
        case _:
            ahead = (weekday - day.isoweekday()) % 7
            ordinary = midnight + timedelta(days=ahead)
            return OwnDate(ordinary, ordinary + timedelta(days=1), None, rule)
