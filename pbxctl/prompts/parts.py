"""A prompt in parts that a person can record one by one, each under a name of its own.

The parts of a sentence, one behind the other, are the words of :func:`texts.prompt_text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from pbxctl.names import WEEKDAY_WORDS
from pbxctl.plan.answers import Answers, Relation
from pbxctl.prompts.kinds import WHOLE
from pbxctl.prompts.spoken import spoken_mail, spoken_name, spoken_weekday
from pbxctl.prompts.texts import PromptKind, from_time, sentences, spoken_when
from pbxctl.prompts.words import WORDS

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_FIXED = frozenset(
    {
        "mail",
        "on",
        "after_tone",
        "behind_doors",
        "behind_doors_now",
        "on_date",
        "today_from",
        "closed",
        "answers_end",
        "tomorrow",
        "when_possible",
        "welcome",
        "answers",
        "nobody",
        "message",
        "next_working_day",
    }
)
_NUMBERED = re.compile(r"time_([01][0-9]|2[0-3])[0-5][0-9]|day_([1-9]|[12][0-9]|3[01])")

# What stands between weekday and month in a date, around the number; French has its "le" in front.
_DAY_WORDS = {"nl": "{}", "fr": "{}", "de": "dem {}", "en": "the {} of"}


@dataclass(frozen=True, slots=True)
class Part:
    """Words recorded by themselves; ``ends_sentence``: a longer pause is made behind them."""

    name: str
    text: str
    ends_sentence: bool = False


def is_part_name(name: str) -> bool:
    """Whether a part can be called so, in any language."""
    return name in _FIXED or name in WEEKDAY_WORDS or name in MONTHS or _NUMBERED.fullmatch(name) is not None


def prompt_parts(
    kind: PromptKind, language: str, company: str, mail: str, answers: Answers
) -> tuple[Part, ...]:
    """The parts that say a prompt, in their order.

    A prompt of one short sentence has none: it is recorded whole.

    Raises:
        KeyError: a language that pbxctl has no sentences for.
    """
    if kind not in WHOLE:
        return ()
    name, address = spoken_name(company, language), spoken_mail(mail, language)
    found: list[Part] = []
    for sentence in sentences(kind, language, answers, named=bool(name), mailed=bool(address)):
        if "{when}" in sentence.template:
            before, after = sentence.template.split("{when}")
            own = [
                *_words(sentence.name, before),
                *_when(answers, language),
                *_words(f"{sentence.name}_end" if _has_words(before) else sentence.name, after),
            ]
            found += [*own[:-1], Part(own[-1].name, own[-1].text, ends_sentence=True)]
        else:
            text = sentence.template.format(company=name, mail=address)
            found.append(Part(sentence.name, text, ends_sentence=True))
    return tuple(found)


def _when(answers: Answers, language: str) -> Iterator[Part]:
    words = WORDS[language]
    match answers:
        case Answers(Relation.TODAY, _, _, time() as at):
            # The words in front of the time are the same for any time.
            spoken = from_time(at, language)
            yield from _words("today_from", spoken_when(answers, language).removesuffix(spoken))
            yield Part(f"time_{at:%H%M}", spoken)
        case Answers(Relation.TOMORROW, int() as weekday):
            yield from _words("tomorrow", _before_weekday(answers, weekday, language))
            yield _weekday(weekday, language)
        case Answers(Relation.WITHIN_WEEK, int() as weekday):
            yield from _words("on", _before_weekday(answers, weekday, language))
            yield _weekday(weekday, language)
        case Answers(Relation.LATER, _, date() as day):
            front = "on_date" if language == "fr" else "on"
            yield from _words(front, _before_weekday(answers, day.isoweekday(), language))
            yield _weekday(day.isoweekday(), language)
            yield Part(f"day_{day.day}", _DAY_WORDS[language].format(words.days[day.day - 1]))
            yield Part(MONTHS[day.month - 1], words.months[day.month - 1])
        case _:
            yield Part("when_possible", spoken_when(answers, language))


def _before_weekday(answers: Answers, weekday: int, language: str) -> str:
    return spoken_when(answers, language).partition(spoken_weekday(weekday, language))[0]


def _weekday(weekday: int, language: str) -> Part:
    return Part(WEEKDAY_WORDS[weekday - 1], spoken_weekday(weekday, language))


def _words(name: str, text: str) -> Iterator[Part]:
    if _has_words(text):
        yield Part(name, text.strip(" ,."))


def _has_words(text: str) -> bool:
    return any(sign.isalnum() for sign in text)
