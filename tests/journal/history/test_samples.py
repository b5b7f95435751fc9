"""One morning of one company, as each kind of history tells it; and all that can be odd about one.

The samples are invented. What each gives stands beside it (``.golden``).
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from pbxctl.journal.history import Direction, Ending, PastCall
from tests.golden import assert_golden
from tests.journal.history.reading import History, brussels, read

SAMPLES = Path(__file__).parent / "samples"

KINDS = {
    "master-16.csv": "Asterisk's Master.csv",
    "master-17-uniqueid.csv": "Asterisk's Master.csv",
    "master-17-userfield.csv": "Asterisk's Master.csv",
    "master-18.csv": "Asterisk's Master.csv",
    "master-19.csv": "Asterisk's Master.csv",
    "master-20-uniqueid.csv": "Asterisk's Master.csv",
    "master-20-userfield.csv": "Asterisk's Master.csv",
    "master-21.csv": "Asterisk's Master.csv",
    "custom-19.csv": "Asterisk's Master.csv by cdr_custom",
    "table-comma.csv": "a table with a head",
    "table-bom-crlf.csv": "a table with a head",
    "table-semicolon-latin-1.csv": "a table with a head",
    "table-sep-line.csv": "a table with a head",
    "table-without-head.tsv": "a table without a head",
}
"""What is told alike: two phones rung and one that answered, a message left, a call out, a call within."""


def the_morning(found: History) -> list[PastCall]:
    person, machine = Ending.PERSON, Ending.MACHINE
    main, orders = "+3292334455", "+3292334466"
    told = [
        ("2026-11-04T10:12:07", main, "0470000103", Direction.INBOUND, person, 95, 2),
        ("2026-11-04T11:00:00", orders, "+32470000104", Direction.INBOUND, machine, 0, 1),
        ("2026-11-04T12:00:00", "0470000103", "201", Direction.OUTGOING, person, 51, 1),
        ("2026-11-04T12:05:00", "203", "201", Direction.INTERNAL, person, 55, 1),
    ]
    return [
        PastCall(brussels(at), did, caller, direction, ending, talked_s, call.linkedid, legs)
        for (at, did, caller, direction, ending, talked_s, legs), call in zip(told, found.calls, strict=True)
    ]


@pytest.mark.parametrize(("name", "layout"), KINDS.items())
def test_every_kind_of_history_tells_the_same_calls(name: str, layout: str) -> None:
    found = read((SAMPLES / name).read_bytes())

    assert found.odd == ()
    assert found.reader.layout == layout
    assert list(found.calls) == the_morning(found)


def test_what_is_odd_is_named_by_its_line_and_all_the_rest_is_read() -> None:
    found = read((SAMPLES / "odd-lines.csv").read_bytes())

    lines = [
        f"{c.at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ} {c.linkedid} {c.did} {c.caller} {c.direction} {c.ending}"
        for c in found.calls
    ]
    lines += [f"line {odd.line}: {odd.what}: {odd.shown}{' (read)' * odd.read}" for odd in found.odd]
    assert_golden(SAMPLES / "odd-lines.golden", "\n".join(lines) + "\n")


def test_no_sample_is_forgotten() -> None:
    events = {"cel-custom.csv", "cel-table.csv", "cel-table-without-head.tsv", "journal.golden"}
    odd = {f"{name}.{ending}" for name in ("odd-lines", "journal-odd") for ending in ("csv", "golden")}
    assert {path.name for path in SAMPLES.iterdir()} == {*KINDS, *events, *odd}
