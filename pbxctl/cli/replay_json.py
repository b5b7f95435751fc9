"""What a replay prints for programs."""

from __future__ import annotations

from collections.abc import Sequence

from pbxctl.cli.replay_report import FileRead
from pbxctl.cli.replay_words import Asked, label, number_of
from pbxctl.journal.history import Direction
from pbxctl.plan.model import Plan
from pbxctl.simulate.replay import Replayed, Tally


def list_as_json(replayed: Replayed, asked: Asked) -> dict[str, object]:
    """One call for programs."""
    past, decision = replayed.past, replayed.decision
    return {
        "at": replayed.at,
        "was_at": past.at.astimezone(replayed.at.tzinfo),
        "from": number_of(past.caller, asked),
        "to": past.did,
        "route": None if decision is None else decision.route,
        "mode": replayed.mode,
        "rung": None if decision is None else decision.rung,
        "rule": None if decision is None else decision.rule,
        "met_then": None if past.met is None else {"mode": past.met.mode, "rung": past.met.rung},
        "ended_then": past.ended,
        "ending_then": past.ending,
        "talked_s": past.talked_s,
        "legs": past.legs,
    }


def as_json(plan: Plan, tally: Tally, read: Sequence[FileRead], late: int, asked: Asked) -> dict[str, object]:
    """The whole tally for programs. ``cells`` hold every count; the other keys are what cannot be summed."""
    return {
        "from": tally.first,
        "to": tally.last,
        "as_if_since": asked.since,
        "shift_weeks": asked.shift_weeks,
        "directions": {each.value: tally.directions[each] for each in Direction},
        "outside_period": tally.outside_period,
        "closed_now": tally.closed_now(),
        "closed_days": sorted(tally.closed_days),
        "silenced_s": tally.silenced_s,
        "more_than_once": {str(times): many for times, many in tally.twice().items()},
        "cells": [
            {**cell._asdict(), "calls": count, "because": label(plan, cell.rung, cell.rule)}
            for cell, count in sorted(tally.cells.items())
        ],
        "meetings": [
            {**meeting._asdict(), "differs": meeting.differs, "calls": count}
            for meeting, count in sorted(tally.meetings.items())
        ],
        "without_beginning": tally.without_beginning,
        "without_end": tally.without_end,
        "no_route": [{"to": number_of(n, asked), "calls": c} for n, c in tally.no_route.most_common()],
        "late_records": late,
        "files": [
            {
                "file": each.file,
                "layout": each.layout,
                "records": each.legs,
                "hours_off": each.hours_off,
                "odd_lines": each.odd_count,
                "odd": [{"line": odd.line, "what": odd.what, "read": odd.read} for odd in each.odd],
            }
            for each in read
        ],
    }
