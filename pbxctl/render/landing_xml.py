"""What may land where in FreeSWITCH's XML: every value passes a gate, every file is read once more.

A value stands in an attribute, in an expression (PCRE) or between the blanks of an application's
data; ``$``, quotes, blanks and what XML gives a meaning to are let through nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from markupsafe import Markup

from pbxctl.dialplan.freeswitch import NotMeasured
from pbxctl.dialplan.freeswitch.patterns import COMPILES
from pbxctl.dialplan.freeswitch.text import parse_document
from pbxctl.errors import InputWrong
from pbxctl.render.landing import MAX_ENTRY_BYTES, NotPlain, comment, number, word
from pbxctl.render.rendering import Entry
from pbxctl.render.templates import Filters

_SPECIAL = re.compile(r"[.+*]")
_CALLER_JUNK = Markup("[^+0-9]*")


def expression(text: str) -> Markup:
    """An expression of our own, for an attribute."""
    return Markup(escape(text, {'"': "&quot;"}))  # noqa: S704 - our own, and escaped


def literal(value: object) -> Markup:
    """A value within an expression, standing for itself.

    Raises:
        NotPlain: it is no word.
    """
    return Markup(_SPECIAL.sub(lambda found: f"[{found[0]}]", word(value)))  # noqa: S704 - held to be a word


def numbers(values: Iterable[str]) -> Markup:
    """Numbers as an expression for any of them, spelled exactly so.

    Raises:
        NotPlain: one is no number.
    """
    return _any_of(literal(number(value)) for value in values)


def callers(values: Iterable[str]) -> Markup:
    """Numbers as an expression for a caller's, of which only ``+`` and digits count (:mod:`numbers`).

    Raises:
        NotPlain: one is no number.
    """
    ways = (_CALLER_JUNK.join(literal(digit) for digit in number(value)) for value in values)
    return _CALLER_JUNK + _any_of(ways) + _CALLER_JUNK


def words(values: Iterable[str]) -> Markup:
    """Words as an expression for any of them.

    Raises:
        NotPlain: one is no word.
    """
    return _any_of(literal(value) for value in values)


def note(value: object) -> Markup:
    """Free text in a comment: as for Asterisk, and without what would end the comment."""
    return Markup(re.sub(r"[-<>&$]", " ", comment(value)))  # noqa: S704 - in a comment, which it cannot end


FREESWITCH_FILTERS: Filters = (
    ("callers", callers),
    ("comment", note),
    ("literal", literal),
    ("number", number),
    ("numbers", numbers),
    ("words", words),
)


def refuse_unreadable(file: str, text: str) -> None:
    """Read a rendered file as FreeSWITCH would, before it ever does: a broken one keeps it from starting.

    Raises:
        InputWrong: it is no XML, two of its contexts bear one name, or an expression is longer than
            what is known to compile.
    """
    if "$${" in text:
        raise InputWrong(f"{file}: $${{…}} is replaced when FreeSWITCH reads the file; write ${{…}}")
    document = parse_document(text, file)
    names = [context.name for context in document.contexts]
    for name in names:
        if names.count(name) > 1:
            raise InputWrong(f"{file}: two contexts are called {name}; FreeSWITCH would see the first alone")
    for expression_ in document.expressions:
        if len(expression_) > COMPILES:
            raise NotMeasured(
                f"{file}: an expression of {len(expression_)} characters is more than FreeSWITCH is known to "
                "take; shorten the list behind it"
            )


def insert_command(entry: Entry) -> str:
    """The command that writes an entry into FreeSWITCH's database.

    Raises:
        NotPlain: FreeSWITCH would read back something else.
    """
    plain = re.fullmatch(r"[A-Za-z0-9_.-]+", entry.family) and re.fullmatch(r"[A-Za-z0-9_.-]+", entry.key)
    if (
        not plain
        or not re.fullmatch(r"[A-Za-z0-9_.|&:-]+", entry.value)
        or len(entry.value) > MAX_ENTRY_BYTES
    ):
        raise NotPlain(
            f"{entry.key[:60]!r} with {entry.value[:60]!r} cannot be an entry of FreeSWITCH's database"
        )
    return f"db insert/{entry.family}/{entry.key}/{entry.value}"


def _any_of(ways: Iterable[str]) -> Markup:
    return Markup("(?:") + Markup("|").join(ways) + Markup(")")
