"""What a replay says of a journal of pbxctl's own: as it was beside as it would be, and where it has gaps."""

from __future__ import annotations

from collections.abc import Iterable

import click

from pbxctl.cli.printing import moment, print_table
from pbxctl.cli.replay_words import Asked, calls, have, met_words, number_of
from pbxctl.simulate.replay import Tally


def print_meetings(tally: Tally) -> None:
    """Print what calls met beside what they would meet, where that differs."""
    rows = [
        [met_words(met.was_mode, met.was_rung), met_words(met.mode, met.rung), str(count)]
        for met, count in tally.meetings.most_common()
        if met.differs
    ]
    if rows:
        print_table(["as it was", "as it would be", "calls"], rows)
        click.echo()


def about_what_was_met(tally: Tally) -> Iterable[str]:
    """How many calls would meet what they met."""
    known = tally.meetings.total()
    if not known:
        return
    differ = sum(count for met, count in tally.meetings.items() if met.differs)
    if not differ:
        yield f"Of {calls(known)} the journal says what they met; each would meet the same mode again."
        return
    by_facts = sum(count for met, count in tally.meetings.items() if met.differs and met.by_facts)
    yield (
        f"Of {calls(known)} the journal says what they met: {known - differ:,} would meet the same mode "
        f"again, {differ:,} another one."
        + (
            f" {by_facts:,} of these met an override or a psap window, which a replay knows nothing of."
            * (by_facts > 0)
        )
    )


def about_gaps(tally: Tally, asked: Asked) -> Iterable[str]:
    """Of which calls the journal holds no beginning or no end."""
    if tally.without_end:
        shown = ", ".join(
            f"{moment(each.at)} from {number_of(each.past.caller, asked) or 'withheld'}"
            for each in tally.unended
        )
        more = tally.without_end - len(tally.unended)
        yield (
            f"{have(tally.without_end)} no end in the journal; the PBX was stopped, or they were still "
            f"going on: {shown}" + (f" and {more:,} more." if more else ".")
        )
    if tally.without_beginning:
        yield (
            f"{have(tally.without_beginning)} no beginning in the journal: it starts there, or has a gap. "
            "Their moment is the first that is told of them."
        )
