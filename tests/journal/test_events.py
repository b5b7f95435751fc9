"""Our own events: one table, read in both directions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.journal.events import (
    Decided,
    Entered,
    JournalEvent,
    Misrouted,
    StepReached,
    format_event,
    parse_event,
)

EVENTS: dict[str, JournalEvent] = {
    "1|entered|main|+3292334455|+32475123456": Entered("main", "+3292334455", "+32475123456"),
    "1|entered|main|092334455|": Entered("main", "092334455", ""),
    "1|decided|voicemail|closed_day|schedules.office.closed_day|ac1cd0ab98fc": Decided(
        "voicemail", "closed_day", "schedules.office.closed_day", "ac1cd0ab98fc"
    ),
    "1|decided|ordinary|psap|psap|": Decided("ordinary", "psap", "psap", ""),
    "1|step|voicemail|prompt": StepReached("voicemail", "prompt"),
    "1|misrouted|+3292334400": Misrouted("+3292334400"),
    "1|misrouted|": Misrouted(""),
}


@pytest.mark.parametrize(("text", "event"), EVENTS.items(), ids=EVENTS)
def test_an_event_reads_as_it_is_written(text: str, event: JournalEvent) -> None:
    assert parse_event(text) == event
    assert format_event(event) == text


WRONG = {
    "nothing": ("", "version ''"),
    "no version": ("step|voicemail|prompt", "version 'step'"),
    "a newer version": ("2|step|voicemail|prompt", "version '2'; this pbxctl reads version 1"),
    "a newer version of another shape": ('2|{"kind": "step"}', "version '2'"),
    "a version like ours": ("01|step|voicemail|prompt", "version '01'"),
    "the version alone": ("1", "not a journal event"),
    "an unknown kind": ("1|danced|main", "not a journal event"),
    "a kind in capitals": ("1|Step|voicemail|prompt", "not a journal event"),
    "a field missing": ("1|step|voicemail", "not a journal event"),
    "a field too many": ("1|step|voicemail|prompt|x", "not a journal event"),
    "a bar in a field": ("1|misrouted|112|113", "not a journal event"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_what_is_no_event_of_ours_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match="journal event") as raised:
        parse_event(text)
    assert told in str(raised.value)


FIELDS = st.text(st.characters(exclude_characters="|"))


@given(
    st.builds(Entered, FIELDS, FIELDS, FIELDS)
    | st.builds(Decided, FIELDS, FIELDS, FIELDS, FIELDS)
    | st.builds(StepReached, FIELDS, FIELDS)
    | st.builds(Misrouted, FIELDS)
)
def test_any_field_without_a_bar_comes_back(event: JournalEvent) -> None:
    assert parse_event(format_event(event)) == event


@given(st.text())
def test_any_text_is_an_event_or_a_value_error(text: str) -> None:
    try:
        event = parse_event(text)
    except ValueError:
        return
    assert format_event(event) == text
