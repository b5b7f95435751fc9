"""What people answer to ``init`` in their own language -> what the configuration has for it.

A configuration has one spelling of everything; whoever writes his first one does not know it yet. Only
what can mean nothing else is turned; all the rest is left to the rules, which say what would be right.
"""

from __future__ import annotations

import re
from typing import Final

from pbxctl.config.scaffold import NOTHING
from pbxctl.names import WEEKDAY_WORDS
from pbxctl.prompts.words import WORDS

_NOTHING: Final = frozenset(
    {"no", "nee", "geen", "nein", "kein", "keine", "keiner", "non", "aucun", "aucune", "-"}
)
_MAY_BE_NOTHING: Final = frozenset({"holidays", "hours", "never_close", "service"})
_LANGUAGES: Final = {
    name: code
    for code, names in {
        "nl": ("nederlands", "vlaams", "dutch"),
        "fr": ("français", "francais", "french"),
        "de": ("deutsch", "german"),
        "en": ("english", "engels", "anglais", "englisch"),
    }.items()
    for name in names
}
_SHORT: Final = {
    "mon": ("ma", "mo", "lun", "lu"),
    "tue": ("di", "mar"),
    "wed": ("wo", "woe", "mi", "mer"),
    "thu": ("do", "don", "jeu"),
    "fri": ("vr", "vrij", "fr", "ven"),
    "sat": ("za", "sa", "sam"),
    "sun": ("zo", "so", "dim"),
}
_WEEKDAY: Final = {
    words.weekdays[number].casefold(): name
    for words in WORDS.values()
    for number, name in enumerate(WEEKDAY_WORDS)
}
_DAY: Final = {
    **{written: name[:3] for written, name in _WEEKDAY.items()},
    **{written: day for day, all_written in _SHORT.items() for written in all_written},
}


def as_meant(name: str, answer: str) -> str:
    """The answer to the question ``name`` as the configuration spells it; as it stands if unknown."""
    said = answer.strip()
    folded = said.casefold()
    if name in _MAY_BE_NOTHING and folded in _NOTHING:
        return NOTHING
    match name:
        case "country":
            return said.upper() if re.fullmatch("[A-Za-z]{2}", said) else said
        case "holidays":
            return said.upper() if re.fullmatch("[A-Za-z]{2}(-[A-Za-z0-9]{2,3})?", said) else said
        case "languages":
            return ", ".join(_LANGUAGES.get(part.casefold(), part) for part in re.split(r"[,;]\s*", said))
        case "weekday":
            return _WEEKDAY.get(folded, said)
        case "since":
            day = re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", said)
            # The day comes first wherever prompts are spoken; that it could be a month is asked again.
            return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day and int(day[1]) > 12 else said
        case "hours":
            return _hours(said)
        case "mailbox":
            return f"{said}@default" if re.fullmatch("[0-9]{1,10}", said) else said
        case "numbers" | "never_close":
            return re.sub(r"(?<=[0-9])\s+(?:en|et|und|and)\s+(?=[0-9+(])", ", ", said)
    return said


def _hours(said: str) -> str:
    text = re.sub("\\s*[\u2013\u2014]\\s*", "-", said)  # dashes, as text programs write them
    text = re.sub(r"\s*\b(?:uhr|uur)\b", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\b([0-9]{1,2})[hH.]([0-9]{2})\b", r"\1:\2", text)
    text = re.sub(r"\b([0-9]{1,2})[hH]\b", r"\1:00", text)
    text = re.sub(r"(?<![0-9:])([0-9]{1,2})-([0-9]{1,2})(?![0-9:])", r"\1:00-\2:00", text)
    return re.sub(r"[^\W\d_]+", lambda word: _DAY.get(word[0].casefold(), word[0]), text)
