"""A text that the company wrote itself, its ``{company}``, ``{mail}`` and ``{when}`` filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")

# Beside letters, digits and spaces; the rest is silent, and some of it is markup to a synthesiser.
_TEXT_SIGNS = frozenset("'-.,:;!?()%€°")
_TYPOGRAPHIC = str.maketrans({0x2019: "'", 0x2018: "'", 0x2013: "-", 0x2014: "-"})


def own_text(template: str, words: Mapping[str, str]) -> str:
    """The text with ``words`` in its placeholders, as it is spoken; empty if nothing is left to say.

    A sentence that waits for words there are none of (an address that cannot be said) is left out
    whole. Words at the beginning of a sentence begin with a capital, within one they do not unless
    they are a name.
    """
    kept = []
    for sentence in _SENTENCE_END.split(template.strip()):
        asked = _PLACEHOLDER.findall(sentence)
        if all(words[name] for name in asked):
            kept.append(_filled(sentence, words))
    return " ".join(" ".join(kept).split())


def _filled(sentence: str, words: Mapping[str, str]) -> str:
    spoken = ""
    position = 0
    for found in _PLACEHOLDER.finditer(sentence):
        spoken += _plain(sentence[position : found.start()])
        name, word = found[1], words[found[1]]
        if name == "when":
            begins = not spoken.strip()
            word = (word[0].upper() if begins else word[0].lower()) + word[1:]
        spoken += word
        position = found.end()
        if word.endswith(",") and sentence[position : position + 1] in {",", ".", "!", "?"}:
            spoken = spoken[:-1]
    return spoken + _plain(sentence[position:])


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHIC)
    return "".join(
        sign if sign in _TEXT_SIGNS or sign.isspace() or unicodedata.category(sign)[0] in "LNM" else " "
        for sign in composed
    )
