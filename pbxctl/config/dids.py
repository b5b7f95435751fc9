"""The numbers that callers dial: single ones, ranges of them, and a mailbox for each person.

A range is written with blanks round its dash: the last number whole, or its last digits alone
(``+32 9 233 44 00 - 99``). Its canonical form names both ends: ``+3292334400 - +3292334499``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BeforeValidator, ValidationInfo

from pbxctl.config import words
from pbxctl.config.fields import FileContext, plain, read_number_of
from pbxctl.config.problems import Mistake, Mistakes, quoted
from pbxctl.numbers import is_canonical

LONGEST_RANGE: Final = 1000
"""More numbers than this are several ranges: each is written out, in every spelling (decision 0006)."""

_BETWEEN: Final = " - "
# Without blanks a dash is a separator within one number, as people in Germany write it.
_DASH = re.compile("[ \u00a0]+[-\u2010-\u2015][ \u00a0]+")
_SEPARATORS = re.compile("[ ./()\u00a0\u2009\u202f\u2010-\u2015-]")
_LAST = re.compile(r"\{last:([1-9])\}")


def numbers_of(entry: str) -> tuple[str, ...]:
    """Every number of a canonical entry, in order."""
    first, between, last = entry.partition(_BETWEEN)
    if not between:
        return (entry,)
    plus, width = first[: len(first) - len(first.lstrip("+"))], len(first.lstrip("+"))
    return tuple(f"{plus}{each:0{width}}" for each in range(int(first), int(last) + 1))


def without(entry: str, taken: Collection[str]) -> tuple[str, ...]:
    """The canonical entries that are left of one once numbers were taken out of it, in order."""
    left: list[list[str]] = [[]]
    for number in numbers_of(entry):
        if number in taken:
            left.append([])
        else:
            left[-1].append(number)
    return tuple(_BETWEEN.join(dict.fromkeys((part[0], part[-1]))) for part in left if part)


def read_entry(text: str, country: str) -> str:
    """A number or a range as a person writes it, in its canonical form.

    Raises:
        ValueError: it is neither; the text says what is wrong and what would be right.
    """
    ends = _DASH.split(text.strip())
    if len(ends) == 1:
        return read_number_of(text, country)
    if len(ends) > 2:
        raise ValueError(f"{quoted(text)} has more than one dash; write FIRST - LAST, such as {_example()}")
    first = read_number_of(ends[0], country)
    return _checked(first, _last(first, *ends, country=country), text)


def _last(first: str, written_first: str, written: str, *, country: str) -> str:
    """The last number of a range: whole, or its last digits put in place of those of the first."""
    digits = _SEPARATORS.sub("", written)
    ending = digits.isascii() and digits.isdigit()
    if ending and len(digits) < len(_SEPARATORS.sub("", written_first).lstrip("+")):
        return first[: -len(digits)] + digits
    return read_number_of(written, country)


def _checked(first: str, last: str, text: str) -> str:
    if len(first) != len(last) or first.startswith("+") != last.startswith("+"):
        raise ValueError(
            f"{quoted(text)} goes from {first} to {last}, which have different lengths; "
            f"write both ends alike, such as {_example()}"
        )
    count = int(last) - int(first) + 1
    if count < 1:
        raise ValueError(f"{quoted(text)} runs backwards, from {first} to {last}; write the lower one first")
    if count == 1:
        raise ValueError(f"{quoted(text)} begins and ends with {first}; write that number alone")
    if count > LONGEST_RANGE:
        raise ValueError(
            f"{quoted(text)} holds {count} numbers, from {first} to {last}; {LONGEST_RANGE} are the most: "
            "look at its ends, or write several ranges"
        )
    return f"{first}{_BETWEEN}{last}"


def _example() -> str:
    return '"+32 9 233 44 00 - 99"'


def _entry(value: object, info: ValidationInfo[Any]) -> str:
    text = plain(value)
    if isinstance(info.context, FileContext):
        # Without a country the file is refused anyway; its numbers are looked at the next time.
        country = info.context.country
        return read_entry(text, country) if country is not None else text
    first, between, last = text.partition(_BETWEEN)
    if not is_canonical(first) or (between and not is_canonical(last)):
        raise ValueError(f"{quoted(text)} is no canonical number or range such as +3292334400 - +3292334499")
    return _checked(first, last, text) if between else text


Entry: TypeAlias = Annotated[str, BeforeValidator(_entry)]
"""A number or a range of numbers."""


def _mailboxes(value: object, info: ValidationInfo[Any]) -> object:
    """Mailboxes as written, by number or range -> a mailbox for each number; a single one beats a range."""
    if not isinstance(value, Mapping):
        return value
    dids = info.data.get("dids")
    ours = None if dids is None else {number for entry in dids for number in numbers_of(entry)}
    mistakes: list[Mistake] = []
    found: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for key, written in value.items():
        try:
            entry = _entry(key, info)
            numbers = numbers_of(entry)
            _refuse_doubled(numbers, found[len(numbers) > 1], ours)
        except ValueError as error:
            mistakes.append(Mistake((key,), str(error), at_key=True))
            continue
        try:
            found[len(numbers) > 1] |= {number: _mailbox(written, number) for number in numbers}
        except ValueError as error:
            mistakes.append(Mistake((key,), str(error)))
    if mistakes:
        raise Mistakes(mistakes)
    return {**found[True], **found[False]}


def _refuse_doubled(numbers: tuple[str, ...], before: Mapping[str, str], ours: set[str] | None) -> None:
    foreign = next((number for number in numbers if ours is not None and number not in ours), None)
    if foreign is not None:
        raise ValueError(f"{foreign} is not among the dids of the route; add it there, or take it out")
    doubled = next((number for number in numbers if number in before), None)
    if doubled is not None:
        raise ValueError(f"{doubled} has a mailbox already; name it once")


def _mailbox(written: object, number: str) -> str:
    """The mailbox of one number: ``{last:2}`` stands for its last two digits."""
    text, digits = plain(written), number.lstrip("+")
    for width in _LAST.findall(text):
        if int(width) > len(digits):
            raise ValueError(f"{quoted(text)} asks for more digits than {number} has; write {{last:2}}")
    filled = _LAST.sub(lambda found: digits[-int(found[1]) :], text)
    if "{" in filled or "}" in filled:
        raise ValueError(
            f"{quoted(text)} holds braces that mean nothing; write {{last:2}} for the last two digits, "
            'such as "1{last:2}@default"'
        )
    return words.mailbox_name(filled)


Mailboxes: TypeAlias = Annotated[Mapping[str, str], BeforeValidator(_mailboxes)]
"""A mailbox by number."""
