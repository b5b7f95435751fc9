"""Days that a text of the company's own names by itself: it is wrong on any other, or once they are over.

A month alone is no date ("you may leave a message", the baker's "mars"): a day, a year or "the end of"
has to stand beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pbxctl.prompts.words import WORDS


@dataclass(frozen=True, slots=True)
class _Writing:
    """How a language writes dates beside its words for days and months: patterns without accents."""

    short_months: str
    day_ending: str  # what a day in digits may end in
    between: str  # between the day and the month
    part: str  # of a month or a year
    until: str  # a year stands behind it
    first: str = ""  # another word for the first of a month


_WRITING: Final[Mapping[str, _Writing]] = {
    "nl": _Writing(
        short_months="jan feb mrt apr jun jul aug sept? okt nov dec",
        day_ending="(?:e|de|ste)?",
        between=r"\s+",
        part=r"eind|begin|half|midden|medio",
        until=r"in|tot|vanaf|t/m|met|voor|jaar",
        first="eerste",
    ),
    "fr": _Writing(
        short_months="janv fevr? avr juil sept? oct nov dec",
        day_ending="(?:er)?",
        between=r"\s+",
        part=r"fin|debut|mi|mi-|courant",
        until=r"en|jusqu'en|jusqu'a|des|de|avant|annee|l'an",
    ),
    "de": _Writing(
        short_months="jan feb mar apr jun jul aug sept? okt nov dez",
        day_ending=r"\.?",
        between=r"\s*",
        part=r"ende|anfang|mitte",
        until=r"in|bis|ab|vor|jahre?",
    ),
    "en": _Writing(
        short_months="jan feb mar apr jun jul aug sept? oct nov dec",
        day_ending="(?:st|nd|rd|th)?",
        between=r"\s+(?:of\s+)?",
        part=r"late|early|mid|mid-|end\s+of|beginning\s+of|middle\s+of|start\s+of",
        until=r"in|until|till|from|by|before|of|year",
    ),
}
_YEAR: Final = r"20[2-9]\d"
_DIGITS: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_CAPITAL: Final = frozenset({"may", "march", "mar"})
"""Months only where they are written so: as words they mean something else."""
_EVERY_DAY: Final = frozenset({"24/7", "24/24"})

# No part of a telephone number, a time or a fraction: nothing but a date stands so by itself.
_ALONE: Final = r"(?<![\w./:+-])(?<!\d\s)"
_NUMERIC: Final = (
    rf"{_ALONE}{_YEAR}-\d\d?-\d\d?(?![\w-])",
    rf"{_ALONE}\d\d?([./-])\d\d?\1(?:20)?\d\d(?![\w/-])(?![.:]\d)",
    rf"{_ALONE}(?:\d\d/\d\d?|\d/\d\d)(?![\w/:-])(?!\.\d)(?!\s\d)",
)
_GERMAN_DAY: Final = rf"{_ALONE}(?<!\d\sbis\s)\d\d?\.\s?\d\d?\.(?!\d)(?!\s*uhr)"


def named_weekdays(template: str, language: str) -> tuple[str, ...]:
    """The weekdays that a text names by itself, whatever the day: it would be wrong on the others."""
    spoken = set(re.findall(r"\w+", template.casefold()))
    return tuple(day for day in WORDS[language].weekdays if day.casefold() in spoken)


def named_dates(template: str, language: str) -> tuple[str, ...]:
    """The dates, months of a year and years that a text names, as written: one day each of them is over."""
    text = unicodedata.normalize("NFC", template).replace("\u2019", "'")
    plain = _plain(text)
    found: dict[int, str] = {}
    for pattern in _patterns(language):
        for match in re.finditer(pattern, plain):
            written = text[match.start() : match.end()].strip()
            month = match.groupdict().get("month")
            if month in _CAPITAL and language == "en" and not text[match.start("month")].isupper():
                continue
            if written not in _EVERY_DAY and _is_day(written):
                found.setdefault(match.start(), written)
    return tuple(dict.fromkeys(_longest(found)))


def _longest(found: Mapping[int, str]) -> Iterator[str]:
    """In the order of the text, without what is a part of something longer."""
    end = 0
    for start, written in sorted(found.items()):
        if start + len(written) > end:
            end = start + len(written)
            yield written


def _patterns(language: str) -> Iterator[str]:
    """What a date looks like in a language."""
    words, writing = WORDS[language], _WRITING[language]
    full = "|".join(map(_plain, words.months))
    short = "|".join(rf"{each}\b\.?" for each in writing.short_months.split())
    spoken = [_plain(day) for day in words.days]
    if language == "de":
        spoken = [rf"{day.removesuffix('n')}[nr]?" for day in spoken]
    spelled = "|".join(sorted(filter(None, (*spoken, writing.first)), key=len, reverse=True))
    day = rf"{_ALONE}{_DIGITS}{writing.day_ending}"
    month, any_month = rf"(?P<month>{full})\b", rf"(?P<month>{full}\b|{short})"
    yield rf"{day}{writing.between}{any_month}(?:,?\s+{_YEAR}\b)?"
    yield rf"\b(?:{spelled}){writing.between}{month}(?:,?\s+{_YEAR}\b)?"
    yield rf"\b{any_month},?\s+{_YEAR}\b"
    yield rf"\b(?:{writing.part})(?:(?<=-)|\s+)(?:{month}|{_YEAR}\b)"
    yield rf"\b(?:{writing.until})\s+(?P<year>{_YEAR})\b(?![./:-]?\d)(?!\s\d)"
    if language == "en":
        yield rf"\b{any_month}\s+(?:the\s+)?(?:{_DIGITS}{writing.day_ending}\b(?![.:]?\d)|(?:{spelled})\b)"
    if language == "de":
        yield _GERMAN_DAY
    yield from _NUMERIC


def _is_day(written: str) -> bool:
    """Whether digits could be a day and a month; words are."""
    numbers = [int(each) for each in re.findall(r"\d+", written)]
    if re.search(r"[^\W\d]", written):
        return True
    day, month = (numbers[-1], numbers[-2]) if numbers[0] > 31 else (numbers[0], numbers[1])
    return 0 < min(day, month) <= 12 and 0 < max(day, month) <= 31


def _plain(text: str) -> str:
    """Small letters without accents, sign for sign."""
    return "".join(unicodedata.normalize("NFD", sign)[0].lower()[:1] for sign in text)
