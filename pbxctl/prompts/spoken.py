"""Days, times and mail addresses as a person says them; names made safe to say."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from itertools import groupby

from pbxctl.prompts.words import WORDS

# A longer name is cut at a word; a longer address is left out, since a cut one is a wrong one.
NAME_LIMIT = 100
MAIL_LIMIT = 80

# What may stand in a spoken name beside letters, digits and spaces. Everything else is silent, and
# some of it is markup to a synthesiser: [[phonemes]] and <ssml> to espeak-ng, { } to others.
_NAME_SIGNS = frozenset("'-.,+/:!?@%€°")
_PLAIN = {0x2019: "'", 0x2018: "'", 0x2013: "-", 0x2014: "-"}  # typographic apostrophes and dashes
_SIGNS_WITHOUT_SOUND = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

# Endings of two letters are said letter by letter, as the countries' are; these are words.
_SHORT_WORDS = frozenset({"co", "me"})
_VOWEL = re.compile("[aeiouyæœø]")


def spoken_name(name: str, language: str) -> str:
    """A company's name as plain words: no control, direction or markup signs, at most 100 characters."""
    kept = []
    for sign in _visible(name).translate(_PLAIN):
        if sign == "&":
            kept.append(f" {WORDS[language].and_} ")
        elif sign in _NAME_SIGNS or unicodedata.category(sign)[0] in "LNM":
            kept.append(sign)
        else:
            kept.append(" ")
    words = " ".join("".join(kept).split())
    if len(words) > NAME_LIMIT:
        words = words[: NAME_LIMIT + 1].rsplit(" ", 1)[0][:NAME_LIMIT]
    return words.strip(" .,:!?-/")


def spoken_mail(mail: str, language: str) -> str:
    """The address word for word and sign for sign; empty if it cannot be said right.

    That is: too long to be understood, a sign in it that has no name, or no address at all. A wrong
    address is worse than none.

    >>> spoken_mail("info@peeters.be", "en")
    'info, at, peeters, dot b e'
    """
    text = "".join(_visible(mail).split()).lower()
    signs = WORDS[language].signs
    has_unnamed = any(_kind(sign) == "sign" and sign not in signs for sign in text)
    if has_unnamed or "@" not in text or len(text) > MAIL_LIMIT:
        return ""
    last_dot = text.rfind(".", text.rfind("@"))
    spoken, pause, position = "", "", 0
    for kind, group in groupby(text, key=_kind):
        run = "".join(group)
        for words in _mail_words(kind, run, language, ends_country=0 <= last_dot < position):
            spoken += pause + words
            # Whoever dictates pauses around "at", and otherwise before a sign, not behind it.
            pause = " " if kind == "sign" and not run.endswith("@") else ", "
        position += len(run)
    return spoken


def _mail_words(kind: str, run: str, language: str, *, ends_country: bool) -> list[str]:
    """How a run of signs, digits or letters is said; ``ends_country``: it is the address's last label."""
    words = WORDS[language]
    if kind == "sign":
        return [words.signs[sign] for sign in run]
    if kind == "digit":
        # One by one: "1985" is four digits to whoever writes the address down.
        return [" ".join(words.numbers[unicodedata.digit(sign)] for sign in run)]
    is_country = ends_country and len(run) == 2 and run not in _SHORT_WORDS
    return [" ".join(run) if is_country or _is_abbreviation(run) else run]


def spoken_weekday(weekday: int, language: str) -> str:
    """The weekday's name, from its ISO number (1 Monday … 7 Sunday)."""
    return WORDS[language].weekdays[weekday - 1]


def spoken_date(day: date, language: str) -> str:
    """Weekday, day and month as they stand after "on": ``maandag vier januari``.

    French brings its own "le", German the dative that follows "am".
    """
    words = WORDS[language]
    weekday, number, month = (
        spoken_weekday(day.isoweekday(), language),
        words.days[day.day - 1],
        words.months[day.month - 1],
    )
    match language:
        case "fr":
            return f"le {weekday} {number} {month}"
        case "de":
            return f"{weekday}, dem {number} {month}"
        case "en":
            return f"{weekday} the {number} of {month}"
        case _:
            return f"{weekday} {number} {month}"


def spoken_time(at: time, language: str) -> str:
    """A local time to the minute: ``treize heures trente``, ``half past one in the afternoon``."""
    match language:
        case "fr":
            return _time_fr(at)
        case "en":
            return _time_en(at)
        case "de":
            return _time_de(at)
        case _:
            return _time_nl(at)


def _time_nl(at: time) -> str:
    """The 24-hour clock: "half twee" is the other half hour to a German or an English ear."""
    numbers = WORDS["nl"].numbers
    if (at.hour, at.minute) == (0, 0):
        return "middernacht"
    hour = f"{numbers[at.hour]} uur"
    return f"{hour} {numbers[at.minute]}" if at.minute else hour


def _time_de(at: time) -> str:
    numbers = WORDS["de"].numbers
    if (at.hour, at.minute) == (0, 0):
        return "Mitternacht"
    hour = f"{'ein' if at.hour == 1 else numbers[at.hour]} Uhr"  # "ein Uhr", but "einundzwanzig Uhr"
    return f"{hour} {numbers[at.minute]}" if at.minute else hour


def _time_fr(at: time) -> str:
    if at.minute == 0 and at.hour in (0, 12):
        return "midi" if at.hour else "minuit"
    hour = f"{_feminine(at.hour)} {'heure' if at.hour < 2 else 'heures'}"
    return f"{hour} {_feminine(at.minute)}" if at.minute else hour


def _feminine(number: int) -> str:
    """Hours and minutes are feminine: "vingt et une heures"."""
    word = WORDS["fr"].numbers[number]
    return f"{word}e" if word == "un" or word.endswith(" un") else word


def _time_en(at: time) -> str:
    """The 12-hour clock with the part of the day, as English speakers say it."""
    if at.minute == 0 and at.hour in (0, 12):
        return "noon" if at.hour else "midnight"
    numbers = WORDS["en"].numbers
    hour, next_hour = (numbers[(hour - 1) % 12 + 1] for hour in (at.hour, at.hour + 1))
    minute = at.minute
    if minute == 0:
        clock = f"{hour} o'clock"
    elif minute == 30:
        clock = f"half past {hour}"
    elif minute in (15, 45):
        clock = f"a quarter past {hour}" if minute == 15 else f"a quarter to {next_hour}"
    elif minute % 5 == 0:
        clock = f"{numbers[minute]} past {hour}" if minute < 30 else f"{numbers[60 - minute]} to {next_hour}"
    else:
        clock = f"{hour} {'oh ' if minute < 10 else ''}{numbers[minute]}"
    return f"{clock} {_part_of_day(at.hour)}"


def _part_of_day(hour: int) -> str:
    if hour == 0 or hour >= 22:
        return "at night"
    if hour < 12:
        return "in the morning"
    return "in the afternoon" if hour < 18 else "in the evening"


def _visible(text: str) -> str:
    """The text composed (NFC) and without what has no sound; any kind of gap becomes a space."""
    # Ten kilobytes are enough to hold every name there is; the rest would only cost time.
    gaps_as_spaces = "".join(" " if sign.isspace() else sign for sign in text[:10_000])
    composed = unicodedata.normalize("NFC", gaps_as_spaces)
    return "".join(sign for sign in composed if unicodedata.category(sign) not in _SIGNS_WITHOUT_SOUND)


def _kind(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    return "letter" if unicodedata.category(sign)[0] in "LMN" else "sign"


def _is_abbreviation(run: str) -> bool:
    """Whether a run has no vowel, as "hr" and "kmv", so that nobody can say it as a word."""
    unaccented = unicodedata.normalize("NFD", run)
    return len(run) < 6 and run.isascii() and not _VOWEL.search(unaccented)
