"""Whatever a file holds, reading it ends, in bounded memory, without an error."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.journal.history import PIECE_BYTES, OddLine, Reader, Record, records
from tests.journal.history.reading import ZONE, pieces_of, read

SAMPLES = Path(__file__).parent / "samples"
TABLE = (SAMPLES / "table-comma.csv").read_bytes()
HEAD, FIRST, *REST = TABLE.splitlines(keepends=True)

HOSTILE = [
    pytest.param(b"", "", id="nothing"),
    pytest.param(b"\n\r\n\n", "", id="empty lines"),
    pytest.param(b"\xff\xfe" + TABLE.decode().encode("utf-16-le"), "UTF-16", id="UTF-16"),
    pytest.param(b"x" * 10_000_000, "longer than 64 KiB", id="a line of 10 MB"),
    pytest.param(b'"' * 10_000_001, "longer than 64 KiB", id="10 MB of quotes"),
    pytest.param(b"," * 60_000, "60001 fields", id="fields without end"),
    pytest.param(b"\0" * 1000, "NUL", id="NUL bytes"),
    pytest.param(b'"' + b"a\n" * 100, "not closed", id="a quote that nobody closes"),
    pytest.param(
        b'"' + (b"y" * 60_000 + b"\n") * 3 + b'"', "not closed", id="a quote that is closed too late"
    ),
    pytest.param(b"PK\x03\x04\x14\0\x08\0", "NUL", id="a spreadsheet"),
    pytest.param(b"a,b\rc,d\re,f", "not CSV", id="line ends of an old Mac"),
]


@pytest.mark.parametrize(("text", "what"), HOSTILE)
def test_a_file_that_is_no_history_says_so_in_its_first_odd_line(text: bytes, what: str) -> None:
    found = read(text)

    assert found.calls == ()
    assert [odd.line for odd in found.odd][:1] == ([1] if what else [])
    assert what in "".join(odd.what for odd in found.odd[:1])


@pytest.mark.parametrize(
    "bad", [b"x" * 200_000 + b"\n", b'"' * 65_535 + b"\n", b'"open\n', b"\0\n", b"\xff\xfe\n"]
)
def test_one_bad_line_costs_no_good_one(bad: bytes) -> None:
    found = read(b"".join([HEAD, FIRST, bad, *REST]))

    assert [odd.line for odd in found.odd] == [3]
    assert found.calls == read(TABLE).calls


@pytest.mark.parametrize("nothing", [b"NULL", rb"\N"])
def test_what_a_database_has_not_is_nothing(nothing: bytes) -> None:
    assert read(TABLE.replace(b',""', b',"' + nothing + b'"')).calls == read(TABLE).calls


@given(st.binary(max_size=400))
def test_random_bytes_never_raise(text: bytes) -> None:
    for start in (b"", HEAD, HEAD + FIRST):
        read(start + text)


FIELD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2026-11-04 10:00:00", "2026-10-25 02:30:00", "ANSWERED", "+3292334455", "1793783527.1", "\n"]
    ),
)


@given(st.lists(st.lists(FIELD, min_size=1, max_size=30), max_size=6), st.sampled_from(",;\t"), st.booleans())
def test_random_tables_never_raise_and_no_line_is_lost_in_silence(
    rows: list[list[str]], delimiter: str, head: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows(([next(csv.reader([HEAD.decode()]))] if head else []) + rows)

    whole = list(records(pieces_of(text.getvalue().encode("utf-8", "surrogatepass"))))
    legs = list(Reader(ZONE).legs(pieces_of(text.getvalue().encode("utf-8", "surrogatepass"))))

    assert all(isinstance(leg, OddLine) or leg.at.tzinfo == ZONE for leg in legs)
    assert len([leg for leg in legs if not (isinstance(leg, OddLine) and leg.read)]) >= len(whole) - 1 - len(
        rows
    ) * (not head)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=9),
            min_size=2,
            max_size=9,
        ),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_is_read_back(rows: list[list[str]], end: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    told = text.getvalue().encode()
    if told.startswith((b"\xff", b"\xfe")) or told.lower().startswith(b"sep="):
        return

    found = list(records(pieces_of(told)))

    assert [list(each.fields) for each in found if isinstance(each, Record)] == rows


def test_memory_stays_flat_over_many_lines() -> None:
    def lines(count: int) -> Iterator[bytes]:
        yield HEAD
        for number in range(count):
            yield FIRST.replace(b".11", b".%d" % number)

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in Reader(ZONE).legs(lines(count)):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    # Twenty thousand legs kept would be ten times as much.
    assert peak(20_000) < peak(1_000) + 1_000_000


def test_a_line_is_never_held_longer_than_a_piece() -> None:
    tracemalloc.start()
    for _ in records(b"x" * PIECE_BYTES for _ in range(1000)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 10 * PIECE_BYTES
