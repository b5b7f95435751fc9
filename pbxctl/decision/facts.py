"""What the PBX's database holds at a moment, as the decision sees it.

Each value is one line of text with a version in front. What cannot be read counts as not
there: garbage in the database must never move a call. The rendered dialplan tests values
with the very expressions that stand here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

OVERRIDE = "1[|][0-9]{1,10}[|][a-z_]{1,31}[|][0-9]{1,10}[|][A-Za-z0-9_.@+/ -]{0,60}[|][A-Za-z0-9_.-]{0,60}"
"""``version|seq|mode|until|by|id``: a POSIX extended expression for the whole value.

Every field has an end, so that no value is so long that one PBX cuts it and another does not
(Asterisk 16 reads 255 bytes, 22 all of them), and ten digits of a moment last until the year 2286.
"""

PSAP = "1[|][0-9]{1,10}[|][0-9]{1,20}"
"""``version|until|extension``: the window that ends last, and the phone that dialled."""


LANGUAGE = "1[|][a-z]{2}"
"""``version|language``: what a caller is spoken to in; the key is the number as the PBX keeps it."""


RANG = "1[|][0-9]{1,10}[|][0-9]{8}"
"""``version|moment|digits``: when somebody in the house dialled the number with these last digits.

Its key ends in the last four of them: 10,000 entries are the most there can be, with nobody to tidy up.
Of two numbers with one such ending, the later one takes the place of the earlier.
"""


@dataclass(frozen=True, slots=True)
class Override:
    """A timed exception that a person set; ``until`` is an epoch second, exclusive.

    ``mode`` ``none`` is a tombstone: what a resume leaves, so that an older value put again
    later can be told from a newer one by its lower ``seq``.
    """

    seq: int
    mode: str
    until: int
    by: str
    id: str


@dataclass(frozen=True, slots=True)
class PsapWindow:
    """An emergency number was dialled from ``extension``: until ``until`` calls ring through."""

    until: int
    extension: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the PBX's database holds at a moment.

    ``languages`` are marks of callers, by the number as the PBX keeps it: whoever marks one writes
    every spelling. ``rang`` says by its last eight digits when a number was dialled, as an epoch second.
    ``dates_present`` is False when the dated entries of the plan are gone from it: then the
    weekly table decides alone, and nobody knows which day people answer again.
    """

    overrides: Mapping[str, Override] = field(default_factory=dict)
    psap: PsapWindow | None = None
    dates_present: bool = True
    languages: Mapping[str, str] = field(default_factory=dict)
    rang: Mapping[str, int] = field(default_factory=dict)


NO_FACTS = Facts()


def parse_override(value: str) -> Override | None:
    """Read a database value; None if it is no override that this version understands."""
    if not re.fullmatch(OVERRIDE, value, re.ASCII):
        return None
    _, seq, mode, until, by, id_ = value.split("|")
    return Override(int(seq), mode, int(until), by, id_)


def format_override(override: Override) -> str:
    """The database value of an override.

    Raises:
        ValueError: a field is too long, or holds a character that its place does not take.
    """
    value = f"1|{override.seq}|{override.mode}|{override.until}|{override.by}|{override.id}"
    if parse_override(value) != override:
        raise ValueError(f"not an override that the PBX could read back: {value!r}")
    return value


def parse_psap(value: str) -> PsapWindow | None:
    """Read a database value; None if it is no psap window that this version understands."""
    if not re.fullmatch(PSAP, value, re.ASCII):
        return None
    _, until, extension = value.split("|")
    return PsapWindow(int(until), extension)


def format_psap(window: PsapWindow) -> str:
    """The database value of a psap window.

    Raises:
        ValueError: the extension is no number, or a field is too long.
    """
    value = f"1|{window.until}|{window.extension}"
    if parse_psap(value) != window:
        raise ValueError(f"not a psap window that the PBX could read back: {value!r}")
    return value


def parse_language(value: str) -> str | None:
    """Read a database value; None if it is no mark that this version understands."""
    return value.split("|")[1] if re.fullmatch(LANGUAGE, value, re.ASCII) else None


def format_language(language: str) -> str:
    """The database value of a caller's language.

    Raises:
        ValueError: it is no language of two letters.
    """
    value = f"1|{language}"
    if parse_language(value) != language:
        raise ValueError(f"not a language that the PBX could read back: {value!r}")
    return value


def parse_rang(value: str) -> tuple[str, int] | None:
    """Last eight digits and moment of a database value; None if it is none that this version understands."""
    if not re.fullmatch(RANG, value, re.ASCII):
        return None
    _, moment, digits = value.split("|")
    return digits, int(moment)


def read_facts(values: Mapping[str, str], *, dates_present: bool = True) -> Facts:
    """The facts in a PBX's database: keys as below the family, such as ``override/main``."""
    overrides = {
        key.removeprefix("override/"): override
        for key, value in values.items()
        if key.startswith("override/") and (override := parse_override(value)) is not None
    }
    languages = {
        number: language
        for key, value in values.items()
        if (number := key.removeprefix("language/")) != key
        and number
        and (language := parse_language(value)) is not None
    }
    rang = {
        known[0]: known[1]
        for key, value in values.items()
        if key.startswith("rang/")
        and (known := parse_rang(value)) is not None
        and known[0][-4:] == key.removeprefix("rang/")
    }
    return Facts(overrides, parse_psap(values.get("psap", "")), dates_present, languages, rang)
