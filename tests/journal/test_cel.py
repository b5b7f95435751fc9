"""The PBX's own journal: quoted CSV, one event a line, whatever callers put into their names."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.journal.cel import CEL_FIELDS, FIELD_COUNT, CelLine, call_events, cel_mapping, parse_cel
from pbxctl.journal.events import Entered, JournalEvent, StepReached, format_event
from pbxctl.journal.records import OddLine

STEP = StepReached("voicemail", "prompt")


def line(
    kind: str = "PBXCTL",
    user_type: str = "PBXCTL",
    uniqueid: str = "1796205600.1",
    event: JournalEvent | str = STEP,
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
    """As the mapping has it written: every field in quotes, a quote within doubled."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for each in lines:
        writer.writerow(["1", *(getattr(each, name) for name in CelLine.__slots__)])
    return stream.getvalue()


def parsed(text: str) -> list[CelLine | OddLine]:
    return list(parse_cel(io.BytesIO(text.encode())))


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
    assert parsed(written(*lines)) == lines


WHOLE = '"1"' + ',"x"' * 12
WRONG = {
    "a newer version": (
        '"2"' + ',"x"' * 12,
        "is of version 2 of the journal; this pbxctl reads version 1: update pbxctl",
    ),
    "a field missing": ('"1"' + ',"x"' * 11, "has 12 fields, and a line of the journal 13"),
    "a field too many": ('"1"' + ',"x"' * 13, "has 14 fields, and a line of the journal 13"),
    "another program's line": ('"","02475","s","default","""Jan"" <02475>"', "is no line of the journal"),
    "a version in words": ('"one"' + ',"x"' * 12, "is no line of the journal"),
    "a digit of another script": ('"\u0661"' + ',"x"' * 12, "is no line of the journal"),
    # As CSV_QUOTE wrote it of the number 0470):0:3, before values were handed on by their names.
    "a field cut short": (
        '"1","HANGUP","","1796205600.1","1.1","1.1","PJSIP/trunk-1","04,"s","x","","","",""',
        "has a quote that is not closed",
    ),
    "a field that has lost both quotes": (
        '"1","HANGUP","","1796205600.1","1.1","1.1","PJSIP/trunk-1",0470,9,"s","x","","","",""',
        "has 15 fields, and a line of the journal 13",
    ),
    "a quote that is never closed": (WHOLE + ',"', "has a quote that is not closed"),
    "a NUL byte": (WHOLE + "\0", "holds a NUL byte: it was cut short or is no text"),
    "an event that is none": (
        written(line(event="1|what")).rstrip("\n"),
        "holds an event of pbxctl's that this version cannot read: update pbxctl",
    ),
}


@pytest.mark.parametrize(("text", "what"), WRONG.values(), ids=WRONG)
def test_a_line_that_cannot_be_read_is_named_and_reading_goes_on(text: str, what: str) -> None:
    before, after = line(), line("HANGUP", "")
    first, *between, last = parsed(written(before) + text + "\n" + written(after))
    assert (first, last) == (before, after)
    assert [(odd.line, odd.what) for odd in between if isinstance(odd, OddLine)] == [(2, what)]


def test_half_a_line_at_the_end_is_named_until_the_rest_is_written() -> None:
    text = written(line())
    assert [(odd.line, odd.what) for odd in parsed(text[:30]) if isinstance(odd, OddLine)] == [
        (1, "has a quote that is not closed: only half of it was written")
    ]
    assert parsed(text) == [line()]


def test_the_first_line_does_not_say_what_parts_the_fields() -> None:
    odd, read = parsed("a;b;c;d\n" + written(line()))
    assert isinstance(odd, OddLine)
    assert read == line()


@given(st.binary(max_size=300))
def test_no_bytes_end_the_reading(noise: bytes) -> None:
    """Whatever stands before them, whole lines are read, once what may be one field's rest is over."""
    whole = written(*[line()] * 3).encode()
    assert list(parse_cel(io.BytesIO(noise + b"\n" + whole)))[-3:] == [line()] * 3


def test_the_mapping_quotes_every_field_in_the_order_of_the_line() -> None:
    assert 1 + len(CelLine.__slots__) == FIELD_COUNT
    version, *fields = re.split(r",(?=[\"$])", cel_mapping().replace(',\\",\\"\\")', ")"))
    assert version == "${CSV_QUOTE(${EVAL(1)})}"
    assert fields == [f'"${{STRREPLACE({field})}}"' for field in CEL_FIELDS]


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
    newer = line(event="2|step|voicemail|prompt")
    lines = parsed(written(newer))
    assert lines == [
        newer,
        OddLine(1, "holds an event of pbxctl's that this version cannot read: update pbxctl", read=True),
    ]
    assert call_events(lines) == {}
