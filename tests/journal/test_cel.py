"""The PBX's own journal: quoted CSV, one event a line, whatever callers put into their names."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.journal.cel import CEL_FIELDS, CelLine, call_events, cel_mapping, parse_cel
from pbxctl.journal.events import Entered, JournalEvent, StepReached, format_event


def line(
    kind: str = "PBXCTL",
    user_type: str = "PBXCTL",
    uniqueid: str = "1796205600.1",
    event: JournalEvent | str = "",
    caller: str = "+32475123456",
) -> CelLine:
    extra = json.dumps({"extra": event if isinstance(event, str) else format_event(event)})
    channel = "PJSIP/trunk-00000001"
    return CelLine(
        kind,
        user_type,
        "1796205600.123456",
        uniqueid,
        uniqueid,
        channel,
        caller,
        "s",
        "pbxctl-x",
        "",
        extra if user_type else "",
        "",
    )


def written(*lines: CelLine) -> str:
    """As ``CSV_QUOTE`` writes it: every field in quotes, a quote within doubled."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for each in lines:
        writer.writerow(["1", *(getattr(each, name) for name in CelLine.__slots__)])
    return stream.getvalue()


def parsed(text: str) -> list[CelLine]:
    return list(parse_cel(text.splitlines(keepends=True)))


HOSTILE = {
    "a quote": 'O"Brien',
    "two quotes": '""',
    "a comma": "Peeters, Jan",
    "a line end": "Jan\nPeeters",
    "a line end of Windows": "Jan\r\nPeeters",
    "a line that looks like ours": 'x"\n"1","USER_DEFINED"',
    "a variable": "${SHELL(id)}",
    "blanks": "  ",
    "nothing": "",
    "not ASCII": "Jürgen \u202e 電話",
}


@pytest.mark.parametrize("caller", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_caller_stays_in_his_field(caller: str) -> None:
    lines = [line(caller=caller), line("HANGUP", "", caller=caller), line(uniqueid="2")]
    assert parsed(written(*lines)) == lines


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), max_size=4))
def test_any_names_come_back(callers: list[str]) -> None:
    lines = [line(caller=caller) for caller in callers]
    assert list(parse_cel(io.StringIO(written(*lines), newline=""))) == lines


WRONG = {
    "a newer version": '"2"' + ',"x"' * 12,
    "a field missing": '"1"' + ',"x"' * 11,
    "a field too many": '"1"' + ',"x"' * 13,
    "another program's line": '"","02475","s","default","""Jan"" <02475>"',
    "an empty line": "\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_line_that_is_not_ours_is_refused_by_its_number(text: str) -> None:
    with pytest.raises(ValueError, match="record 2 of the journal is not of version 1"):
        parsed(written(line()) + text)


def test_the_mapping_quotes_every_field_in_the_order_of_the_line() -> None:
    assert len(CEL_FIELDS) == 1 + len(CelLine.__slots__)
    quoted = re.findall(r"\$\{CSV_QUOTE\((\$\{(?:[^{}]|\{[^{}]*\})*\}|1)\)\}", cel_mapping())
    assert quoted == list(CEL_FIELDS)
    assert cel_mapping() == ",".join(f"${{CSV_QUOTE({field})}}" for field in quoted)


def test_the_events_of_a_call_are_in_order_and_by_channel() -> None:
    first: list[JournalEvent] = [Entered("main", "092334455", ""), StepReached("voicemail", "prompt")]
    second = StepReached("ordinary", "ordinary")
    lines = [
        line("CHAN_START", ""),
        line(event=first[0]),
        line(uniqueid="1796205600.2", event=second),
        line(kind="OTHER", user_type="OTHER", event="9|what"),
        line(event=first[1]),
        line("HANGUP", ""),
    ]
    assert call_events(parsed(written(*lines))) == {"1796205600.1": first, "1796205600.2": [second]}


def test_an_event_of_ours_that_is_newer_is_not_passed_over_in_silence() -> None:
    with pytest.raises(ValueError, match="version '2'"):
        call_events([line(event="2|step|voicemail|prompt")])
