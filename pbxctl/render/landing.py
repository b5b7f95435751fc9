"""What may land where: every value that a template prints passes one of these gates.

A configuration's words can never become dialplan. Names, numbers and paths are held to the
characters that mean nothing to Asterisk's parsers; free text appears in comments alone.
"""

from __future__ import annotations

import re
import unicodedata

from jinja2 import Undefined
from markupsafe import Markup

from pbxctl.errors import InputWrong

_WORD = re.compile(r"[A-Za-z0-9_.+/@*-]+")
_NUMBER = re.compile(r"[+]?[0-9]+")
_ENTRY = re.compile(r"[A-Za-z0-9_.+/@|&: -]*")

MAX_ENTRY_BYTES = 255
"""Longer values are cut by the PBX's database functions."""


class NotPlain(InputWrong):
    """A value holds characters that have a meaning in dialplan, and lands where it must not."""


def word(value: object) -> Markup:
    """A value between the commas of dialplan: a name, a number, a path. The gate of every ``{{ }}``.

    Raises:
        NotPlain: it is empty or holds a character that could mean something.
    """
    if isinstance(value, Markup):
        return value
    text = str(value)
    if isinstance(value, Undefined) or not _WORD.fullmatch(text):
        raise NotPlain(f"{text[:60]!r} cannot stand in a dialplan; letters, digits and _ . + / @ * - can")
    return Markup(text)  # noqa: S704 - held to harmless characters just above


def number(value: object) -> Markup:
    """A telephone number where Asterisk would read ``_`` as the beginning of a pattern.

    Raises:
        NotPlain: it is no number.
    """
    if isinstance(value, Undefined) or not _NUMBER.fullmatch(str(value)):
        raise NotPlain(f"{str(value)[:60]!r} is no number that can stand in a dialplan; + and digits can")
    return Markup(str(value))  # noqa: S704 - held to harmless characters just above


def comment(value: object) -> Markup:
    """Free text in a comment: control and format characters and ``;`` become blanks, the rest stays.

    ``;--`` would open a block comment in Asterisk's files, a line break would end ours.
    """
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" or c == ";" else c for c in str(value))
    return Markup(text[:200])  # noqa: S704 - in a comment nothing is interpreted, and it cannot end


def entry(value: str) -> Markup:
    """A value of the PBX's database, or the same text in the dialplan.

    Raises:
        NotPlain: it is longer than the PBX reads back, or holds a character that could mean something.
    """
    if not _ENTRY.fullmatch(value) or len(value) > MAX_ENTRY_BYTES:
        raise NotPlain(f"{value[:60]!r}… cannot be an entry of the PBX's database ({len(value)} characters)")
    return Markup(value)  # noqa: S704 - held to harmless characters just above
