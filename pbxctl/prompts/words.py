"""The words that texts are spoken with: days, months, numbers and signs in four languages.

They stand here and do not come from a locale library: a prompt is named by its text, and
an update of somebody's tables must not rename the sounds of a running PBX.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Signs that occur in mail addresses. One that has no name here cannot be said.
SIGNS = "@.-_+'&/"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; ``weekdays`` from Monday, ``months`` from January, ``days`` from the first."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    numbers: tuple[str, ...]  # 0 to 59, as they are counted
    days: tuple[str, ...]  # 1 to 31, in the form in which a date is said
    signs: Mapping[str, str]
    and_: str  # what "&" in a company's name is read as


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_NL_UNITS = _split(
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
    "zestien zeventien achttien negentien"
)
_FR_UNITS = _split(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf"
)
_DE_UNITS = _split(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn"
)
_EN_UNITS = _split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)

_NL_TENS = {20: "twintig", 30: "dertig", 40: "veertig", 50: "vijftig"}
_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante"}
_DE_TENS = {20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig"}
_EN_TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty"}

_DE_IRREGULAR_DAYS = {1: "ersten", 3: "dritten", 7: "siebten", 8: "achten"}
_EN_IRREGULAR_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _nl_number(number: int) -> str:
    """ "Eén" bears its accents, so that a voice does not read it as the article."""
    if number < 20:
        return "één" if number == 1 else _NL_UNITS[number]
    ten, unit = _NL_TENS[number // 10 * 10], number % 10
    if not unit:
        return ten
    joint = "ën" if _NL_UNITS[unit].endswith("e") else "en"  # tweeëntwintig, vijfentwintig
    return f"{_NL_UNITS[unit]}{joint}{ten}"


def _fr_number(number: int) -> str:
    if number < 20:
        return _FR_UNITS[number]
    ten, unit = _FR_TENS[number // 10 * 10], number % 10
    if unit == 1:
        return f"{ten} et un"
    return f"{ten}-{_FR_UNITS[unit]}" if unit else ten


def _de_number(number: int) -> str:
    if number < 20:
        return _DE_UNITS[number]
    ten, unit = _DE_TENS[number // 10 * 10], number % 10
    if not unit:
        return ten
    return f"{'ein' if unit == 1 else _DE_UNITS[unit]}und{ten}"


def _en_number(number: int) -> str:
    if number < 20:
        return _EN_UNITS[number]
    ten, unit = _EN_TENS[number // 10 * 10], number % 10
    return f"{ten}-{_EN_UNITS[unit]}" if unit else ten


def _de_day(day: int) -> str:
    """The ordinal as it stands after "dem": vierten, zwanzigsten."""
    if day in _DE_IRREGULAR_DAYS:
        return _DE_IRREGULAR_DAYS[day]
    return f"{_de_number(day)}{'ten' if day < 20 else 'sten'}"


def _en_day(day: int) -> str:
    """The ordinal: fourth, twenty-first."""
    number = _en_number(day)
    head, hyphen, last = number.rpartition("-")
    if last in _EN_IRREGULAR_ORDINALS:
        return f"{head}{hyphen}{_EN_IRREGULAR_ORDINALS[last]}"
    return f"{number[:-1]}ieth" if number.endswith("y") else f"{number}th"


def _signs(*names: str) -> Mapping[str, str]:
    return dict(zip(SIGNS, names, strict=True))


WORDS: Mapping[str, Words] = {
    "nl": Words(
        weekdays=_split("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        months=_split(
            "januari februari maart april mei juni juli augustus september oktober november december"
        ),
        numbers=tuple(_nl_number(number) for number in range(60)),
        days=tuple(_nl_number(day) for day in range(1, 32)),  # "maandag vier januari": no ordinal
        signs=_signs(
            "apenstaartje",
            "punt",
            "streepje",
            "liggend streepje",
            "plus",
            "apostrof",
            "en-teken",
            "schuine streep",
        ),
        and_="en",
    ),
    "fr": Words(
        weekdays=_split("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        months=_split("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        numbers=tuple(_fr_number(number) for number in range(60)),
        days=("premier", *(_fr_number(day) for day in range(2, 32))),  # only the first is an ordinal
        signs=_signs(
            "arobase", "point", "tiret", "tiret bas", "plus", "apostrophe", "esperluette", "barre oblique"
        ),
        and_="et",
    ),
    "de": Words(
        weekdays=_split("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        months=_split("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        numbers=tuple(_de_number(number) for number in range(60)),
        days=tuple(_de_day(day) for day in range(1, 32)),
        signs=_signs(
            "ät", "Punkt", "Bindestrich", "Unterstrich", "Plus", "Apostroph", "Und-Zeichen", "Schrägstrich"
        ),
        and_="und",
    ),
    "en": Words(
        weekdays=_split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        months=_split(
            "January February March April May June July August September October November December"
        ),
        numbers=tuple(_en_number(number) for number in range(60)),
        days=tuple(_en_day(day) for day in range(1, 32)),
        signs=_signs("at", "dot", "dash", "underscore", "plus", "apostrophe", "ampersand", "slash"),
        and_="and",
    ),
}
