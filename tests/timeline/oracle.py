"""The ladder of a schedule, asked for one second at a time: slow, naive, and written from the rules alone.

It shares no code with ``pbxctl.timeline``. Where that works out edges and joins them, this looks at
the clock on the wall. A clock that is put back shows times anew that it has shown before; what
had begun stays begun. So the highest time that the clock has shown counts, not the time it shows.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from pbxctl.timeline import CalendarEvent, ClosedDay, Holiday, Hours, OwnDate, Rules

LONGEST_FOLD_MINUTES = 180


def highest_shown(at: int, zone: ZoneInfo) -> datetime:
    """The latest time that the clock has shown up to this second."""
    now = datetime.fromtimestamp(at, zone)
    shown = [now.replace(tzinfo=None)]
    if datetime.fromtimestamp(at - LONGEST_FOLD_MINUTES * 60, zone).utcoffset() != now.utcoffset():
        # Clocks change on a whole minute: the last second before it shows the highest time.
        minute = at - at % 60
        shown.extend(
            datetime.fromtimestamp(minute - 60 * ago - 1, zone).replace(tzinfo=None)
            for ago in range(LONGEST_FOLD_MINUTES)
        )
    return max(shown)


def oracle(rules: Rules, at: int) -> tuple[str, str, str]:
    """Mode, rung and rule at an epoch second."""
    wall = highest_shown(at, ZoneInfo(rules.zone))
    for own in rules.dates:
        if own.start <= wall < own.end:
            return _own_date(rules, own, wall)
    for event in rules.events:
        if event.start <= at < event.end:
            return event.mode, "calendar", event.rule
    for holiday in rules.holidays:
        if holiday.day == wall.date():
            return holiday.mode, "holiday", holiday.rule
    for change in sorted(rules.closed_days, key=lambda change: change.since, reverse=True):
        if wall.date() >= change.since:
            if wall.isoweekday() == change.weekday:
                return change.mode, "closed_day", change.rule
            break
    return _outside_hours(rules, wall) or ("ordinary", "ordinary", "ordinary")


def _own_date(rules: Rules, own: OwnDate, wall: datetime) -> tuple[str, str, str]:
    if own.mode is None:
        return _outside_hours(rules, wall) or ("ordinary", "date", own.rule)
    if own.hours is None:
        return own.mode, "date", own.rule
    if _within(own.hours, wall):
        return "ordinary", "date", own.rule
    return own.mode, "hours" if own.mode == "ordinary" else "date", own.rule


def _outside_hours(rules: Rules, wall: datetime) -> tuple[str, str, str] | None:
    if rules.hours is None:
        return None
    if _within(rules.hours.spans[wall.weekday()], wall):
        return None
    return rules.hours.outside, "hours", rules.hours.rule


def _within(spans: tuple[tuple[int, int], ...], wall: datetime) -> bool:
    return any(opens <= wall.hour * 60 + wall.minute < closes for opens, closes in spans)


MODES = st.sampled_from(["voicemail", "answering_service", "ordinary"])

# Zone, and the first of six days of which one has an odd length, or an odd name.
PLACES = [
    ("Europe/Brussels", date(2027, 3, 26)),  # forward at 02:00
    ("Europe/Brussels", date(2026, 10, 22)),  # back at 03:00
    ("America/Santiago", date(2026, 9, 3)),  # forward at midnight: Sunday begins at 01:00
    ("America/Santiago", date(2027, 4, 1)),  # back at midnight: Saturday's last hour comes twice
    ("Africa/Cairo", date(2027, 4, 28)),  # forward at midnight, on a Friday
    ("Africa/Cairo", date(2026, 10, 27)),  # back at midnight
    ("America/Havana", date(2026, 10, 30)),  # back at 01:00: Sunday's first hour comes twice
    ("Australia/Lord_Howe", date(2026, 10, 1)),  # forward by half an hour
    ("Australia/Lord_Howe", date(2027, 4, 1)),  # back by half an hour
    ("Europe/Brussels", date(2026, 12, 29)),  # the year ends, in week 53
    ("Europe/Brussels", date(2028, 2, 26)),  # 29 February
    ("Asia/Kathmandu", date(2026, 12, 29)),  # five hours and three quarters
]

DAYS = 6


@st.composite
def _spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = draw(st.lists(st.sampled_from(range(0, 1441, 15)), max_size=6, unique=True).map(sorted))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def _drawn_date(draw: st.DrawFn, first: date, index: int) -> OwnDate:
    midnight = datetime.combine(first, time())
    start = midnight + timedelta(minutes=15 * draw(st.integers(-96, 96 * DAYS)))
    length = draw(st.sampled_from([1, 2, 4, 8, 20, 96, 96 * 3, 96 * 9]))
    mode = draw(st.one_of(st.none(), MODES))
    hours = None if mode is None else draw(st.one_of(st.none(), _spans()))
    return OwnDate(start, start + timedelta(minutes=15 * length), mode, f"dates.{index}", hours)


@st.composite
def _event(draw: st.DrawFn, zone: str, first: date, index: int) -> CalendarEvent:
    begins = int(datetime.combine(first, time(), ZoneInfo(zone)).timestamp())
    start = begins + 900 * draw(st.integers(-96, 96 * DAYS))
    length = draw(st.sampled_from([1, 900, 3_600, 86_400, 86_400 * 3, 86_400 * 9]))
    return CalendarEvent(start, start + length, draw(MODES), f"calendars.{index}")


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Rules, date]:
    """Any schedule, and the first of the six days it is for."""
    zone, first = draw(st.sampled_from(PLACES))
    changes = sorted(draw(st.sets(st.integers(-9, DAYS + 9), max_size=3)))
    closed_days = [
        ClosedDay(
            draw(st.one_of(st.none(), st.integers(1, 7))),
            first + timedelta(days=ahead),
            draw(MODES),
            f"closed_day.{index}",
        )
        for index, ahead in enumerate(changes)
    ]
    hours = st.builds(Hours, st.tuples(*[_spans()] * 7), MODES, st.just("hours"))
    holidays = [
        Holiday(first + timedelta(days=ahead), "", draw(MODES), f"holidays.{ahead}")
        for ahead in sorted(draw(st.sets(st.integers(0, DAYS), max_size=3)))
    ]
    dates = [draw(_drawn_date(first, index)) for index in range(draw(st.integers(0, 4)))]
    events = [draw(_event(zone, first, index)) for index in range(draw(st.integers(0, 3)))]
    rules = Rules(
        zone=zone,
        closed_days=tuple(closed_days),
        hours=draw(st.one_of(st.none(), hours)),
        holidays=tuple(holidays),
        dates=tuple(dates),
        events=tuple(events),
    )
    return rules, first
