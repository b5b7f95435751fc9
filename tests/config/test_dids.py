"""Ranges of numbers as people write them, and the mailboxes of single ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.config import Config, Route, load_config
from pbxctl.config.dids import LONGEST_RANGE, numbers_of, read_entry, without
from tests.plan.bakery import bakery_text

HUNDRED = "+3292334400 - +3292334499"


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("+32 9 233 44 00 - 99", HUNDRED),
        ("+32 9 233 44 00 - 4499", HUNDRED),
        ("09 233 44 00 - 99", HUNDRED),
        ("09/233.44.00 - 09/233.44.99", HUNDRED),
        ("09 233 44 00 \u2013 +32 9 233 44 99", HUNDRED),
        ("0032 9 233 44 00 \u2014 44 99", HUNDRED),
        ("+32 9 233 44 00  -  9 9", HUNDRED),
        ("4400 - 4499", "4400 - 4499"),
        ("4400 - 99", "4400 - 4499"),
        ("+32 9 233 44 55", "+3292334455"),
        # Without blanks the dash parts the digits of one number.
        ("09-233-44-55", "+3292334455"),
    ],
)
def test_however_a_range_is_written_it_is_the_same_numbers(text: str, entry: str) -> None:
    assert read_entry(text, "BE") == entry


def test_a_german_number_with_its_extension_is_one_number() -> None:
    assert numbers_of(read_entry("030 1234-56", "DE")) == ("+4930123456",)


@given(st.integers(10_000_000, 89_999_999), st.integers(2, LONGEST_RANGE))
def test_a_range_holds_each_number_once_in_order(first: int, count: int) -> None:
    numbers = numbers_of(read_entry(f"+32{first} - +32{first + count - 1}", "BE"))
    assert numbers == tuple(f"+32{first + ahead}" for ahead in range(count))


@given(st.integers(2, 60), st.sets(st.integers(0, 59)))
def test_what_is_left_of_a_range_is_read_back_as_the_numbers_left(count: int, taken: set[int]) -> None:
    entry = f"+3292334400 - +32923344{count - 1:02}"
    gone = {f"+32923344{each:02}" for each in taken}
    left = without(entry, gone)

    assert [read_entry(each, "BE") for each in left] == list(left)
    assert [number for each in left for number in numbers_of(each)] == [
        number for number in numbers_of(entry) if number not in gone
    ]


def test_short_numbers_keep_their_zeros() -> None:
    assert numbers_of("0098 - 0101") == ("0098", "0099", "0100", "0101")


def configured(mailboxes: str) -> Config:
    text = bakery_text().replace('dids: ["+32 9 233 44 55"]', 'dids: ["+32 9 233 44 00 - 65", "201"]')
    text = text.replace("mailbox: 100@default", f"mailbox: 100@default\n    mailboxes: {mailboxes}", 1)
    return load_config(text.encode(), "pbxctl.yaml").config


@pytest.mark.parametrize(
    "mailboxes",
    [
        '{"+32 9 233 44 00 - 59": "1{last:2}@default", "09 233 44 55": 900@boss, "201": "{last:3}@default"}',
        '{"201": 201@default, "09 233 44 55": 900@boss, "+32 9 233 44 00 - 59": "1{last:2}@default"}',
    ],
)
def test_a_mailbox_of_one_number_beats_that_of_its_range(mailboxes: str) -> None:
    found = configured(mailboxes).routes["main"].mailboxes
    assert found["+3292334400"] == "100@default"
    assert found["+3292334459"] == "159@default"
    assert found["+3292334455"] == "900@boss"
    assert found["201"] == "201@default"
    assert "+3292334460" not in found


def test_a_route_with_ranges_and_mailboxes_comes_back_from_its_dump() -> None:
    route = configured('{"+32 9 233 44 00 - 59": "1{last:2}@default"}').routes["main"]
    assert Route.model_validate(route.model_dump()) == route
    assert len(route.numbers) == 67
