"""What a replay prints for people: tables first, then what they mean in sentences.

Of what a history holds, only digits and a plus are ever printed, so nothing in it can act upon a terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from pbxctl.cli.printing import moment, place, print_table
from pbxctl.cli.replay_told import about_gaps, about_what_was_met, print_meetings
from pbxctl.cli.replay_words import Asked, calls, duration, label, many, met_words, number_of
from pbxctl.journal.history import Direction, Ending, OddLine
from pbxctl.names import WEEKDAYS
from pbxctl.plan.model import Plan
from pbxctl.simulate.replay import CLOSED_DAY, Replayed, Tally
from pbxctl.timeline import ORDINARY

BUSIEST = 3
NUMBERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read: what it was taken for, its records, its odd lines (the first thousand)."""

    file: str
    layout: str
    legs: int
    odd_count: int
    odd: Sequence[OddLine]
    hours_off: float


def print_report(plan: Plan, tally: Tally, read: Sequence[FileRead], late: int, asked: Asked) -> None:
    """Print the tables, then the sentences."""
    if tally.cells:
        modes = _modes(tally)
        _print_routes(tally, modes)
        _print_reasons(plan, tally)
        _print_weekdays(tally, modes)
        _print_hours(tally)
    print_meetings(tally)
    for sentence in sentences(plan, tally, read, late, asked):
        click.echo(sentence)


def _print_routes(tally: Tally, modes: Sequence[str]) -> None:
    rows = []
    for (route,), count in tally.by("route").items():
        of_mode = [str(tally.count(route=route, mode=mode)) for mode in modes]
        rows.append([str(route), str(count), *of_mode, str(tally.closed_now(route=route))])
    total = [str(tally.count(mode=mode)) for mode in modes]
    rows.append(["all", str(tally.count()), *total, str(tally.closed_now())])
    print_table(["route", "calls", *modes, "answered then, closed now"], rows)
    click.echo()


def _print_reasons(plan: Plan, tally: Tally) -> None:
    rows = []
    for (rung, rule, mode), count in tally.by("rung", "rule", "mode").most_common():
        note = plan.rules.get(str(rule))
        closed = tally.closed_now(rung=rung, rule=rule, mode=mode)
        where = place(None if note is None else note.origin)
        rows.append([label(plan, str(rung), str(rule)), str(mode), str(count), str(closed), where])
    print_table(["because", "mode", "calls", "answered then, closed now", "line"], rows)
    click.echo()


def _print_weekdays(tally: Tally, modes: Sequence[str]) -> None:
    rows = []
    for weekday, name in enumerate(WEEKDAYS, 1):
        of_mode = [str(tally.count(weekday=weekday, mode=mode)) for mode in modes]
        closed = str(tally.closed_now(weekday=weekday))
        rows.append([name, str(tally.count(weekday=weekday)), *of_mode, closed])
    print_table(["weekday", "calls", *modes, "answered then, closed now"], rows)
    click.echo()


def _print_hours(tally: Tally) -> None:
    hours = _closed_day_hours(tally)
    if not hours:
        return
    most = max(hours.values())
    rows = [
        [f"{hour:02}:00", str(hours[hour]), "#" * round(40 * hours[hour] / most)]
        for hour in range(min(hours), max(hours) + 1)
    ]
    print_table(["closed day, from", "calls", ""], rows)
    click.echo()


def sentences(plan: Plan, tally: Tally, read: Sequence[FileRead], late: int, asked: Asked) -> Iterable[str]:
    """What the figures mean, and what to know about them."""
    if tally.first is None or tally.last is None:
        yield "There is no call from outside in this history and period."
    else:
        yield (
            f"{calls(tally.directions[Direction.INBOUND])} from outside, "
            f"{moment(tally.first)} to {moment(tally.last)} ({tally.first.tzinfo})"
            + (f", as if {asked.shift_weeks} weeks later" if asked.shift_weeks else "")
            + f". {tally.directions[Direction.OUTGOING]} outgoing and "
            f"{tally.directions[Direction.INTERNAL]} internal ones are left out."
        )
        yield from _about_the_closed_day(plan, tally, asked)
        yield from about_what_was_met(tally)
        yield from about_gaps(tally, asked)
        yield from _about_callers(tally)
        yield from _about_numbers(plan, tally, asked)
    yield from _about_the_files(read, late)


def _about_the_closed_day(plan: Plan, tally: Tally, asked: Asked) -> Iterable[str]:
    count = tally.count(rung=CLOSED_DAY)
    if not count:
        since = min(
            (t.since for each in plan.timelines.values() for t in each.weekly if t.since), default=None
        )
        if since is None:
            yield "No schedule has a closed day."
        elif asked.since is None and tally.last is not None and tally.last.date() < since:
            begins = tally.first.date() if tally.first is not None else since
            yield (
                f"The closed day begins on {since}, after these calls: add --as-if-since {begins} "
                "to see what it would have been like."
            )
        else:
            yield "None of these calls came on a closed day."
        return
    days = len(tally.closed_days)
    closed = tally.closed_now(rung=CLOSED_DAY)
    nobody = tally.count(rung=CLOSED_DAY, ending=Ending.NOBODY)
    forwarded = tally.count(rung=CLOSED_DAY, ending=Ending.FORWARDED)
    yield (
        f"{calls(count)} would have met the closed day, on {many(days, 'day')}: {count / days:.1f} a day. "
        f"A person answered {closed} of them then, and talked for {duration(tally.silenced_s)} in all; "
        f"{nobody} nobody answered then either." + (f" {forwarded} were forwarded." if forwarded else "")
    )
    busiest = _closed_day_hours(tally).most_common(BUSIEST)
    hours = ", ".join(f"{hour:02}:00 ({many})" for hour, many in busiest)
    yield f"The busiest hours of the closed day: {hours}."


def _about_callers(tally: Tally) -> Iterable[str]:
    twice = tally.twice()
    if twice:
        most = max(twice)
        yield (
            f"{many(sum(twice.values()), 'time')} somebody would have met the closed door more than once on "
            f"one day, at most {most} times."
        )
    if tally.often_left_out:
        yield f"That leaves {calls(tally.often_left_out)} out: the history has too many callers to remember."


def _about_numbers(plan: Plan, tally: Tally, asked: Asked) -> Iterable[str]:
    lost = tally.no_route[""]
    if lost:
        yield (
            f"Of {calls(lost)} from outside the history does not say which number was dialled; they are not "
            "counted above. If it can only have been one, add --dialled NUMBER."
        )
    named = Counter({number: many for number, many in tally.no_route.items() if number})
    if named:
        guarded = {did.number for did in plan.never_close}
        shown = ", ".join(
            f"{number_of(number, asked)} ({many}{', never closed' if number in guarded else ''})"
            for number, many in named.most_common(NUMBERS_SHOWN)
        )
        more = len(named) - NUMBERS_SHOWN
        yield (
            f"{calls(named.total() + tally.no_route_beyond)} to numbers of no route stay as they were: "
            f"{shown}" + (f" and {more} more." if more > 0 else ".")
        )


def _about_the_files(read: Sequence[FileRead], late: int) -> Iterable[str]:
    for each in read:
        if each.hours_off:
            yield (
                f"{each.file}: its times lie {abs(each.hours_off):g} h "
                f"{'behind' if each.hours_off > 0 else 'ahead of'} the company's clock; if the PBX keeps "
                "another one, say so with --zone (usegmtime in cdr.conf means --zone UTC)."
            )
        if each.odd_count:
            yield f"{each.file}: {many(each.odd_count, 'odd line')}, named on standard error."
    if late:
        yield f"{many(late, 'record')} stood too far from the others of the call, and were left out."


def list_line(plan: Plan, replayed: Replayed, asked: Asked) -> str:
    """One call as a line for people."""
    decision, past, meeting = replayed.decision, replayed.past, replayed.meeting
    begins = f"{moment(replayed.at)}  {number_of(past.caller, asked) or 'withheld':<16}  "
    met = (
        f", met {met_words(meeting.was_mode, meeting.was_rung)}"
        if meeting is not None and meeting.differs
        else ""
    )
    then = f"(then: {past.ending}{met})"
    if decision is None:
        return f"{begins}no route: {replayed.mode}  {then}"
    note = plan.rules.get(decision.rule)
    return (
        f"{begins}{decision.route}: {decision.mode}, {label(plan, decision.rung, decision.rule)}"
        f"  {then}  {place(None if note is None else note.origin)}"
    ).rstrip()


def _modes(tally: Tally) -> list[str]:
    return [ORDINARY, *sorted(str(mode) for (mode,) in tally.by("mode") if mode != ORDINARY)]


def _closed_day_hours(tally: Tally) -> Counter[int]:
    found: Counter[int] = Counter()
    for cell, count in tally.cells.items():
        if cell.rung == CLOSED_DAY:
            found[cell.hour] += count
    return found
