"""Random schedules as an administrator writes them, crowded round the moments that go wrong easily."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from pbxctl.timeline.calendars import Occurrence

from .places import Place, clock_changes

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

CLOSING = ("voicemail", "answering_service", "answering_service")

# Much of it at night: that is when clocks are changed.
SPANS = (
    "08:30-17:30",
    "08:30-12:00, 13:00-17:30",
    "00:00-24:00",
    "00:00-12:00",
    "12:00-24:00",
    "02:15-02:45",
    "01:30-03:30",
    "00:30-01:30, 02:00-02:30, 03:00-23:59",
    "00:00-00:01, 23:59-24:00",
    "closed",
)

CLOCKS = ("00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "08:30", "12:00", "23:59", "24:00")


def random_schedule(
    random: Random, place: Place, first_day: date, own_modes: Iterable[str], *, closing: bool
) -> dict[str, Any]:
    """A schedule; one that is not ``closing`` says ``ordinary`` whatever it says."""
    modes = (*CLOSING, *own_modes) if closing else ("ordinary",)
    schedule: dict[str, Any] = {}
    if random.random() < 0.8:
        schedule["closed_day"] = _closed_day(random, first_day, modes)
    if random.random() < 0.2:
        schedule["timezone"] = random.choice([place.zone, "Asia/Kathmandu", "America/Santiago"])
    if closing and random.random() < 0.4:
        # As events lie at random, most would wait for a person if a calendar might not close often.
        schedule["calendars"] = [{"ics": "closed.ics", "mode": random.choice(CLOSING), "max_days": "100"}]
    if random.random() < 0.4:
        schedule["holidays"] = {"regions": [place.country], "mode": _mode(random, modes)}
    if random.random() < 0.7:
        schedule["hours"] = _hours(random, modes)
    schedule["dates"] = [
        _date(random, place, first_day, modes) for _ in range(random.choice([0, 0, 1, 2, 3, 6]))
    ]
    return schedule


def _closed_day(
    random: Random, first_day: date, modes: tuple[str, ...]
) -> dict[str, str] | list[dict[str, str]]:
    """One closed day, or changes of it, each of which may end it."""
    count = random.choice([1, 1, 2, 3])
    changes = []
    for ahead in sorted(random.sample([-400, -1, 0, 1, 6, 7, 8, 30, 390], count)):
        since = first_day + timedelta(days=ahead)
        if count > 1 and random.random() < 0.2:
            changes.append({"weekday": "none", "since": since.isoformat()})
            continue
        # On the first of them the day itself decides.
        weekday = WEEKDAYS[since.weekday()] if random.random() < 0.5 else random.choice(WEEKDAYS)
        changes.append({"weekday": weekday, "since": since.isoformat(), "mode": _mode(random, modes)})
    return changes[0] if count == 1 else changes


def _mode(random: Random, modes: tuple[str, ...]) -> str:
    return "ordinary" if random.random() < 0.05 else random.choice(modes)


def _hours(random: Random, modes: tuple[str, ...]) -> dict[str, str]:
    if random.random() < 0.5:
        hours = {"mon-fri": random.choice(SPANS), "sat": random.choice(SPANS), "sun": random.choice(SPANS)}
    else:
        days = random.sample([name[:3] for name in WEEKDAYS], random.randint(1, 7))
        hours = {day: random.choice(SPANS) for day in days}
    return {
        **hours,
        **({"switched": "false"} if random.random() < 0.2 else {"outside": _mode(random, modes)}),
    }


def _date(random: Random, place: Place, first_day: date, modes: tuple[str, ...]) -> dict[str, str]:
    day = _day(random, place, first_day)
    what = {"ordinary_day": "true"} if random.random() < 0.4 else {"mode": _mode(random, modes)}
    if what.get("mode") == "ordinary":  # refused: the telephones would ring all night
        what = {"ordinary_day": "true"}
    if "mode" in what and random.random() < 0.3:
        what["hours"] = random.choice(SPANS)
    if random.random() < 0.4:
        return {"on": day.isoformat(), **what}
    start = f"{day} {random.choice(CLOCKS)}"
    last = day + timedelta(days=random.choice([0, 0, 1, 2, 9]))
    end = f"{last} {random.choice(CLOCKS)}"
    if _moment(end) <= _moment(start):
        end = f"{last + timedelta(days=1)} 24:00"
    return {"from": start, "to": end, **what}


def random_events(random: Random, zone: str, first_day: date) -> list[Occurrence]:
    """What a calendar holds: whole days and hours, some of them over each other."""
    begins = int(datetime.combine(first_day, datetime.min.time(), ZoneInfo(zone)).timestamp())
    found = []
    for _ in range(random.choice([1, 3, 9])):
        start = begins + 1800 * random.randint(-48, 48 * 40)
        length = random.choice([1, 1800, 86_400, 3 * 86_400])
        found.append(Occurrence(start, start + length, "Stocktaking"))
    return found


def _day(random: Random, place: Place, first_day: date) -> date:
    changes = [
        datetime.fromtimestamp(at, ZoneInfo(place.zone)).date()
        for at in clock_changes(place.zone)
        if abs(at - datetime.combine(first_day, datetime.min.time()).timestamp()) < 400 * 86_400
    ]
    return random.choice(
        [
            *(change + timedelta(days=random.choice([0, 0, -1])) for change in changes),
            date(first_day.year, 12, 31),
            date(2028, 2, 29),
            *(first_day + timedelta(days=ahead) for ahead in (-1, 0, 1, 7, random.randint(0, 60))),
        ]
    )


def _moment(text: str) -> datetime:
    day, clock = text.split(" ")
    hour, minute = clock.split(":")
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time())
    return midnight + timedelta(hours=int(hour), minutes=int(minute))
