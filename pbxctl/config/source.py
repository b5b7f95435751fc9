"""The bytes of a configuration as text, with what no editor would show refused by its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pbxctl.config.problems import ConfigError, Problem
from pbxctl.origin import Origin

FILE_KEY: Final = "yaml"
"""The key of a problem that lies in the file as such, not in one of its values."""

MAX_BYTES: Final = 1 << 20  # some twenty thousand routes: beyond any company's telephone

# YAML and Python take these for line ends where editors do not: every line number would be wrong.
_ODD_LINE_END = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAB_INDENT = re.compile(r"^ *(\t)\s*[^\s#]", re.MULTILINE)


def read_source(content: bytes, file: str) -> str:
    """Decode a configuration file.

    Raises:
        ConfigError: it is too large, no UTF-8, or holds characters that have no place in it.
    """
    if len(content) > MAX_BYTES:
        raise file_error(file, (1, 1), "is larger than 1 MiB; this cannot be a configuration of pbxctl")
    if content.startswith(b"\xef\xbb\xbf"):
        raise file_error(file, (1, 1), 'begins with a byte order mark; save it as UTF-8 without "BOM"')
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise file_error(file, (1, 1), "is UTF-16; save it as UTF-8")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        message = f"the byte 0x{content[error.start]:02x} is no UTF-8; save the file as UTF-8"
        raise file_error(file, _place(before, len(before)), message) from None
    if found := _UNPRINTABLE.search(text):
        message = f"the character U+{ord(found[0]):04X} cannot be printed; delete it"
        raise file_error(file, _place(text, found.start()), message)
    if found := _ODD_LINE_END.search(text):
        message = f"the line ends in U+{ord(found[0]):04X}; save it with line ends LF or CR LF"
        raise file_error(file, _place(text, found.start()), message)
    if found := _TAB_INDENT.search(text):
        raise file_error(file, _place(text, found.start(1)), "a tab indents this line; indent with spaces")
    return text


def refuse_foreign(content: bytes, file: str, keys: Iterable[str], error: ConfigError) -> ConfigError:
    """The error as it is, or for a file of another kind one that repeats nothing of it.

    A file given by mistake may hold a secret: unless a line of it begins with one of the ``keys`` that a
    configuration has on top, none of its words is shown.
    """
    known = "|".join(re.escape(key) for key in keys).encode()
    is_ours = re.search(rb"""(?m)^[\s{"']*(?:%b)["']?\s*:""" % known, content) is not None
    if is_ours or isinstance(error, FileError):
        return error
    first = error.problems[0].origin
    message = (
        "is no configuration of pbxctl: no line of it begins with a key such as company: or routes:; "
        "name yours with --config"
    )
    return file_error(file, (first.line, first.column), message)


class FileError(ConfigError):
    """The file as such is wrong; nothing of what it holds is repeated."""


def file_error(file: str, place: tuple[int, int], message: str) -> FileError:
    """The error for a problem of the file as such; ``place`` is line and column, from 1."""
    return FileError([Problem(Origin(file, *place, FILE_KEY), message)])


def _place(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at an index."""
    line_start = text.rfind("\n", 0, index) + 1
    return text.count("\n", 0, index) + 1, index - line_start + 1
