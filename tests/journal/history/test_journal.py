"""The journal of a real PBX, and the same events as others keep them: each call once, with what it met.

``tests/formats/v1/journal/calls.csv`` and ``cel-custom.csv`` were written by one Asterisk 22.10 at once, in
the scenario that ``tests/scenarios/test_journal_replayed.py`` places; the tables hold its events again.
"""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbxctl.journal.events import Decided
from pbxctl.journal.history import ChannelEvent, Folder, OddLine, PastCall, Reader
from pbxctl.simulate.replay import house_of
from tests.golden import assert_golden
from tests.journal.history.reading import ZONE, History, pieces_of, read
from tests.scenarios.companies import MAIN

SAMPLES = Path(__file__).parent / "samples"
JOURNAL = (Path(__file__).parents[2] / "formats" / "v1" / "journal" / "calls.csv").read_bytes()
LINES = JOURNAL.splitlines(keepends=True)
HOUSE = house_of(MAIN.plan)
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Each example reads a whole journal; on a busy machine that says nothing about the code."""


def told(text: bytes) -> History:
    return read(text, house=HOUSE)


def as_line(call: PastCall) -> str:
    met = "-" if call.met is None else f"{call.met.mode} {call.met.rung} {call.met.rule}"
    gaps = " begun" * (not call.begun) + " ended" * (not call.ended)
    return (
        f"{call.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} {call.linkedid} {call.direction} {call.did or '-'} "
        f"{call.caller or '-'} met {met}; {call.ending} {call.talked_s} s, {call.legs} channels"
        + (f"; not{gaps}" if gaps else "")
    )


def test_the_journal_of_a_real_pbx_tells_each_call_once() -> None:
    found = told(JOURNAL)

    assert found.odd == ()
    assert found.reader.layout == "the journal that pbxctl has the PBX write"
    assert_golden(SAMPLES / "journal.golden", "".join(f"{as_line(call)}\n" for call in found.calls))


@pytest.mark.parametrize(
    ("name", "layout", "fractions"),
    [
        ("cel-custom.csv", "Asterisk's CEL by cel_custom", True),
        ("cel-table.csv", "a cel table", False),
        ("cel-table-without-head.tsv", "a cel table", False),
    ],
)
def test_others_tell_the_same_calls(name: str, layout: str, fractions: bool) -> None:
    found = told((SAMPLES / name).read_bytes())

    assert (found.odd, found.reader.layout) == ((), layout)
    if fractions:
        assert found.calls == told(JOURNAL).calls
    else:  # a database keeps whole seconds
        whole = [replace(call, at=call.at.replace(microsecond=0), talked_s=0) for call in told(JOURNAL).calls]
        assert [replace(call, talked_s=0) for call in found.calls] == whole


def test_what_is_odd_is_one_line_each_and_costs_nothing_else() -> None:
    found = told((SAMPLES / "journal-odd.csv").read_bytes())

    lines = [as_line(call) for call in found.calls]
    lines += [f"line {odd.line}: {odd.what}{' (read)' * odd.read}" for odd in found.odd]
    assert_golden(SAMPLES / "journal-odd.golden", "".join(f"{line}\n" for line in lines))


def test_nothing_that_was_keyed_in_is_ever_shown() -> None:
    odd = (SAMPLES / "journal-odd.csv").read_bytes()
    assert odd.count(b"4711") > 5  # as digits, as an extension, as a caller, as a time

    found = told(odd)

    assert "4711" not in repr((found.calls, found.odd))


@UNHURRIED
@given(st.integers(0, len(LINES) - 2), st.data())
def test_a_line_cut_anywhere_and_glued_to_the_next_costs_itself_alone(
    index: int, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(LINES[index]) - 1))
    # Behind its last comma a line lacks a field that is empty, or that nobody looks at.
    left = LINES[index][:cut].decode()
    whole = left.count('"') % 2 == 0 and any(len(fields) == 13 for fields in csv.reader([left]))
    rest = b"".join([*LINES[:index], LINES[index][:cut], *LINES[index + 1 :]])

    records = list(Reader(ZONE).legs(pieces_of(rest)))
    events = [each for each in records if isinstance(each, ChannelEvent)]
    odd = [each for each in records if isinstance(each, OddLine)]

    assert len(events) == len(LINES) - 1 + whole
    assert len(odd) == (cut > 0 and not whole)


@UNHURRIED
@given(st.integers(0, len(JOURNAL)))
def test_a_journal_that_ends_anywhere_still_tells_what_it_holds(end: int) -> None:
    found = told(JOURNAL[:end])

    assert len(found.odd) <= 1
    assert {call.linkedid for call in found.calls} <= {call.linkedid for call in told(JOURNAL).calls}


@UNHURRIED
@given(st.permutations(LINES))
def test_events_in_any_order_are_the_same_calls_and_never_an_error(lines: list[bytes]) -> None:
    found = told(b"".join(lines))

    assert found.odd == ()
    assert {(c.linkedid, c.met, c.caller) for c in found.calls} == {
        (c.linkedid, c.met, c.caller) for c in told(JOURNAL).calls
    }


def test_a_rotated_journal_told_twice_counts_once() -> None:
    assert read(JOURNAL, JOURNAL, house=HOUSE).calls == told(JOURNAL).calls


def test_a_call_may_begin_in_one_file_and_end_in_the_next() -> None:
    half = len(LINES) // 2

    halves = read(b"".join(LINES[:half]), b"".join(LINES[half:]), house=HOUSE)

    assert halves.calls == told(JOURNAL).calls


@pytest.mark.parametrize("journal_first", [True, False])
def test_where_a_cdr_tells_of_a_call_too_the_journal_counts(journal_first: bool) -> None:
    [first, *_] = told(JOURNAL).calls
    cdr = (
        '"","0470000001","+3292001100","ordinary-c1","","PJSIP/trunk-0","PJSIP/201-1","Dial","",'
        '"2020-01-08 12:00:00","2020-01-08 12:00:01","2020-01-08 12:00:09","9","8","ANSWERED","3",'
        f'"{first.linkedid}",""\n'
    ).encode()
    files = (JOURNAL, cdr) if journal_first else (cdr, JOURNAL)

    assert set(map(as_line, read(*files, house=HOUSE).calls)) == set(map(as_line, told(JOURNAL).calls))


BEGIN = 1795523662.25


def line(kind: str, after_s: float = 0.0, channel: int = 1, extra: str = "", **fields: str) -> list[str]:
    """One line of the journal, of a call from outside whose second channel is a phone."""
    ours = "PBXCTL" if extra.startswith("1|") else ""
    wanted = {
        "name": "PJSIP/trunk-1" if channel == 1 else f"PJSIP/201-{channel}",
        "caller": "0470112233" if channel == 1 else "201",
        "exten": "+3292001100" if channel == 1 else "s",
        "context": "from-trunk" if channel == 1 else "from-phones",
        **fields,
    }
    return [
        *("1", kind, ours, f"{BEGIN + after_s:.6f}", f"1795523662.{channel}", "1795523662.1"),
        *(wanted["name"], wanted["caller"], wanted["exten"], wanted["context"]),
        *("", f'{{"extra":"{extra}"}}' if ours else extra, ""),
    ]


def journal(*lines: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(lines)
    return text.getvalue().encode()


START = line("CHAN_START")
ANSWERED = [line("ANSWER", 5, 2), line("ANSWER", 5)]
TALK = [line("BRIDGE_ENTER", 6, 2), line("BRIDGE_ENTER", 6), line("BRIDGE_EXIT", 66), line("HANGUP", 66)]
SERVICE = line("PBXCTL", 1, extra="1|decided|answering_service|closed_day|schedules.office.closed_day|x")
LOCAL = {"name": "Local/201@x-1;1"}
ENDINGS = [
    pytest.param([START, *ANSWERED, *TALK], "person", 60, id="a phone"),
    pytest.param([START, *ANSWERED, *TALK, *ANSWERED, *TALK], "person", 60, id="told twice"),
    pytest.param([START, *ANSWERED, *TALK[:3]], "person", 60, id="no end"),
    pytest.param(
        [START, *ANSWERED, *TALK[:2], line("BRIDGE_EXIT", 16), line("BRIDGE_ENTER", 20), *TALK[2:]],
        *("person", 56),
        id="put aside for four seconds",
    ),
    pytest.param([START, SERVICE, *ANSWERED, *TALK], "forwarded", 0, id="an answering service"),
    pytest.param([START, line("ANSWER", 1), line("HANGUP", 9)], "machine", 0, id="an announcement"),
    pytest.param([START, *ANSWERED, line("HANGUP", 9)], "machine", 0, id="answered, and never connected"),
    pytest.param(
        [START, line("ANSWER", 1), line("BRIDGE_ENTER", 2), line("HANGUP", 9)], "machine", 0, id="parked"
    ),
    pytest.param(
        [START, line("ANSWER", 1), line("BRIDGE_ENTER", 2, 2, **LOCAL), line("BRIDGE_ENTER", 2)],
        *("machine", 0),
        id="a Local channel that reached nobody",
    ),
    pytest.param([START, line("ANSWER", 5, 2), line("HANGUP", 9)], "nobody", 0, id="gone before"),
]


@pytest.mark.parametrize(("lines", "ending", "talked_s"), ENDINGS)
def test_who_answered_is_who_was_connected(lines: list[list[str]], ending: str, talked_s: int) -> None:
    [call] = told(journal(*lines)).calls

    assert (call.ending, call.talked_s) == (ending, talked_s)


def test_where_cel_leaves_bridges_out_who_answered_must_do() -> None:
    foreign = journal(
        *(
            [
                kind,
                at,
                "",
                caller,
                "",
                "",
                "",
                exten,
                context,
                name,
                "",
                "",
                "3",
                "",
                uniqueid,
                linkedid,
                "",
                "",
                "",
                "",
            ]
            for _, kind, _, at, uniqueid, linkedid, name, caller, exten, context, *_ in [
                START,
                *ANSWERED,
                line("HANGUP", 65),
            ]
        )
    )

    [call] = told(foreign).calls

    assert (call.ending, call.talked_s) == ("person", 60)


def test_a_code_that_decides_anew_leaves_what_was_met_first() -> None:
    again = line("PBXCTL", 9, extra="1|decided|ordinary|override|override|")

    [call] = told(journal(START, SERVICE, again, *ANSWERED, *TALK)).calls

    assert call.met == Decided("answering_service", "closed_day", "schedules.office.closed_day", "x")
    assert call.ending == "person"


WHENCE = [
    pytest.param({}, "inbound +3292001100 0470112233", id="from the trunk"),
    pytest.param({"exten": "s"}, "inbound - 0470112233", id="where the trunk does not say"),
    pytest.param({"caller": ""}, "inbound +3292001100 -", id="withheld"),
    pytest.param({"context": "sip-in"}, "inbound +3292001100 0470112233", id="in a context of one's own"),
    pytest.param(
        {"caller": "201", "context": "from-phones", "exten": "0470112233"},
        *("outgoing 0470112233 201",),
        id="a phone calls outside",
    ),
    pytest.param(
        {"caller": "201", "context": "from-phones", "exten": "202"},
        "internal 202 201",
        id="a phone calls one",
    ),
    pytest.param(
        {"caller": "", "context": "x", "exten": "s"}, "internal - -", id="what the PBX began itself"
    ),
]


@pytest.mark.parametrize(("fields", "expected"), WHENCE)
def test_whence_a_call_came_is_where_its_first_channel_began(fields: dict[str, str], expected: str) -> None:
    later = line("ANSWER", 2, exten="4711", context="menu")

    [call] = told(journal(line("CHAN_START", 0, 1, "", **fields), line("CHAN_START", 1, 2), later)).calls

    assert f"{call.direction} {call.did or '-'} {call.caller or '-'}" == expected


def test_fractions_of_a_second_count_and_the_hour_that_comes_twice_is_one_hour_long() -> None:
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp() - BEGIN  # 02:30, then 02:30 again
    lines = [
        line("CHAN_START", twice),
        *(
            line(k, twice + s, c)
            for k, s, c in [("BRIDGE_ENTER", 0.5, 2), ("BRIDGE_ENTER", 0.5, 1), ("BRIDGE_EXIT", 3600.5, 1)]
        ),
    ]

    [call] = told(journal(*lines)).calls

    assert (call.at.timestamp(), call.talked_s) == (BEGIN + twice, 3600)


def test_a_dateformat_of_the_customers_own_is_read_in_the_zone_of_the_file() -> None:
    lines = [line("CHAN_START"), line("HANGUP")]
    for each, at in zip(lines, ("2026-11-24 13:00:00.5", "2026-11-24 13:00:09"), strict=True):
        each[3] = at

    [call] = told(journal(*lines)).calls

    assert call.at == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_caller_cannot_write_a_line_of_the_journal() -> None:
    forged = journal(line("PBXCTL", extra="1|entered|main|+3292001100|+32475123456")).decode()

    for name in (forged, f'x"\n{forged}', f"\n{forged}\n"):
        found = told(journal(line("CHAN_START", caller=name), line("HANGUP", 1, caller=name)))
        [call] = found.calls
        assert found.odd == ()
        assert call.legs == 1
        assert call.caller != "+32475123456"


def test_memory_is_flat_over_many_events_of_one_call_and_over_many_calls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pbxctl.journal.history.calls.OPEN_CALLS", 100)
    [template] = journal(line("ANSWER", 2, 2)).splitlines(keepends=True)

    def lines(count: int) -> Iterator[bytes]:
        for number in range(count):
            yield template.replace(b"1795523662.2", b"%d.2" % (1_700_000_000 + number))
        for number in range(count):
            yield template.replace(b'"1795523662.1"', b'"%d.1"' % (1_700_000_000 + number))

    def peak(count: int) -> int:
        folder = Folder(HOUSE)
        tracemalloc.start()
        for record in Reader(ZONE).legs(lines(count)):
            if isinstance(record, ChannelEvent):
                for _ in folder.add(record):
                    pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(15_000) < peak(2_000) + 300_000
