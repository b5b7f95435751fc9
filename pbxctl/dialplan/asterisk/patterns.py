"""Which numbers an extension's name matches, and in which order Asterisk tries extensions.

Measured against ``dialplan show`` and read in ``main/pbx.c``, which is the same in this from
Asterisk 16 to 22: a name without ``_`` before each pattern, then position by position the smaller
set of characters first, ``.`` and ``!`` last. ``-`` is decoration, but in a set.
"""

from __future__ import annotations

_DIGITS = {"n": "23456789", "x": "0123456789", "z": "123456789"}
_ANY, _ANY_OR_NONE, _END, _BROKEN = 0x18000, 0x28000, 0x30000, 0x40000

Key = tuple[object, ...]


def sort_key(name: str, caller: str | None = None) -> Key:
    """What orders the extensions of a context; equal keys are one and the same extension to Asterisk.

    One for certain callers comes before the same for any.
    """
    return (*_name_key(name), caller is None, _name_key(caller or ""))


def matches(name: str, number: str) -> bool:
    """Whether the extension of this name answers this number."""
    if not name.startswith("_"):
        return _bare(name) == _bare(number)
    if number.startswith("_") and _name_key(name) == _name_key(number):
        return True
    return _match(name[1:], _bare(number))


def clean(name: str) -> str:
    """The name as Asterisk keeps it: without spaces, but in a pattern's sets."""
    kept, in_set = [], False
    for sign in name:
        if sign == "[" and name.startswith("_"):
            in_set = True
        elif sign == "]":
            in_set = False
        elif sign == " " and not in_set:
            continue
        kept.append(sign)
    return "".join(kept)


def _bare(name: str) -> str:
    return name.replace("-", "")


def _name_key(name: str) -> Key:
    if not name.startswith("_"):
        # Characters are signed there: what is no ASCII comes before the end of a name.
        signed = [byte - 256 if byte > 127 else byte for byte in _bytes(_bare(name))]
        return (0, (*signed, 0))
    return (1, _pattern_key(name[1:]))


def _pattern_key(pattern: str) -> Key:
    key: list[object] = []
    at = 0
    while True:
        while pattern[at : at + 1] == "-":
            at += 1
        sign = pattern[at : at + 1]
        at += 1
        if not sign:
            key.append((_END,))
            return tuple(key)
        if sign == "[":
            end = pattern.find("]", at)
            if end < 0:
                key.append((_BROKEN,))
                continue
            if members := _members(pattern[at:end]):
                key.append(_set_key(members))
            at = end + 1
        elif sign in ".!":
            key.append((_ANY if sign == "." else _ANY_OR_NONE,))
        else:
            # One that is no ASCII is several positions there.
            for byte in _bytes(sign):
                digits = _DIGITS.get(sign.lower())
                key.append(_set_key(set(_bytes(digits)) if digits else {byte}))


def _set_key(members: set[int]) -> Key:
    # As many members as there are decide first, then the lowest, then which they are.
    return (len(members) << 8 | min(members), *(member not in members for member in range(256)))


def _members(text: str) -> set[int]:
    data = _bytes(text)
    members: set[int] = set()
    at = 0
    while at < len(data):
        first = last = data[at]
        if at + 2 < len(data) and data[at + 1] == ord("-"):
            last = data[at + 2]
            at += 2
        members.update(range(first, last + 1))
        at += 1
    return members


def _match(pattern: str, number: str) -> bool:
    """The walk through both; an empty set is passed over, a broken one matches nothing."""
    at = place = 0
    while place < len(number):
        while pattern[at : at + 1] == "-":
            at += 1
        sign = pattern[at : at + 1]
        if not sign or sign == "/":
            return False
        if sign in ".!":
            return True
        if sign == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                return False
            at += 1
            if at == end:
                at += 1
                continue
            if ord(number[place]) not in _ranges(pattern[at:end]):
                return False
            at = end
        elif number[place] not in _DIGITS.get(sign.lower(), sign):
            return False
        at += 1
        place += 1
    rest = pattern[at:].lstrip("-")
    return not rest or rest[0] in "/!"


def _ranges(text: str) -> set[int]:
    members: set[int] = set()
    at = 0
    while at < len(text):
        first = last = ord(text[at])
        if at + 2 < len(text) and text[at + 1] == "-":
            last = ord(text[at + 2])
            at += 2
        members.update(range(first, last + 1))
        at += 1
    return members


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
