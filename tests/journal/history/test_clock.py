"""The clock of a history: times that come twice or not at all, and another clock than the company's."""

from __future__ import annotations

import pytest

from tests.journal.history.reading import brussels, read
from tests.journal.history.test_hostile import FIRST, HEAD


def line(at: str, seen: float | None, number: int = 1) -> bytes:
    uniqueid = "" if seen is None else f"pbx-{int(seen)}.{number}"
    fields = FIRST.decode().split('","')
    head = HEAD.decode().split('","')
    fields[0] = '"' + at
    fields[head.index("uniqueid")] = uniqueid
    fields[head.index("linkedid")] = uniqueid
    return '","'.join(fields).encode()


@pytest.mark.parametrize("later", [False, True])
def test_the_uniqueid_tells_which_half_past_two_it_was(later: bool) -> None:
    at = brussels("2026-10-25T02:30:00").replace(fold=int(later)).timestamp()

    found = read(HEAD + line("2026-10-25 02:30:00", at))

    assert found.odd == ()
    assert found.calls[0].at.timestamp() == at


@pytest.mark.parametrize(("shift_h", "said"), [(0, 0.0), (1, 1.0), (-5.5, -5.5)])
def test_a_history_on_another_clock_is_noticed(shift_h: float, said: float) -> None:
    at = brussels("2026-11-04T10:00:00").timestamp() + shift_h * 3600
    text = b"".join(line("2026-11-04 10:00:00", at, number) for number in range(30))

    assert read(HEAD + text).reader.hours_off == said


def test_a_few_calls_prove_nothing_about_the_clock() -> None:
    at = brussels("2026-11-04T11:00:00").timestamp()

    assert read(HEAD + line("2026-11-04 10:00:00", at)).reader.hours_off == 0
