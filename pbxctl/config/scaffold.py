"""A first configuration from a few answers: commented, and right by the rules of every other one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pbxctl.config import words
from pbxctl.config.countries import SPOKEN_IN, zone_of
from pbxctl.config.problems import ConfigError, quoted
from pbxctl.config.reading import load_config
from pbxctl.config.scalars import parse_weekday

Answers = Mapping[str, str]
"""What was answered, by the questions' names; what is not there was not asked yet."""

NOTHING: Final = "none"
"""The answer to a question that may be left open."""

_TWO_WEEKS: Final = timedelta(days=14)
# Neither a comment nor a list to any reader; a date and 100@default need no quotes either.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_@./-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+@[A-Za-z][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``usual`` gives the answer for whoever just presses enter; empty: one must be written."""

    name: str
    text: str
    usual: Callable[[Answers, date], str]
    is_asked: Callable[[Answers], bool] = lambda _: True


def _nothing(_: Answers, __: date) -> str:
    return NOTHING


def _fixed(text: str) -> Callable[[Answers, date], str]:
    return lambda _, __: text


def _first_closed_day(answers: Answers, today: date) -> str:
    first = today + _TWO_WEEKS
    return str(first + timedelta(days=(parse_weekday(answers["weekday"]) - first.isoweekday()) % 7))


def _holidays(answers: Answers, _: date) -> str:
    try:
        return words.holiday_region(answers["country"])
    except ValueError:
        return NOTHING


QUESTIONS: Final[tuple[Question, ...]] = (
    Question("company", "The company's name, as callers hear it", _fixed("")),
    Question("mail", "The mail address that callers hear", _fixed("")),
    Question("country", "Its country, in two capital letters", _fixed("BE")),
    Question(
        "languages",
        "The languages that callers hear (nl, fr, de, en), the first one first",
        lambda answers, _: ", ".join(SPOKEN_IN.get(answers["country"], ("en",))),
    ),
    Question("timezone", "Its time zone", lambda answers, _: zone_of(answers["country"])),
    Question("weekday", "The weekday without telephone", _fixed("wednesday")),
    Question("since", "The first such day", _first_closed_day),
    Question("holidays", "Public holidays of which country or part, such as BE or DE-BY, or none", _holidays),
    Question(
        "hours",
        "When people answer, such as mon-fri 08:30-17:30, sat 09:00-12:00; none if the PBX sees to the night",
        _fixed("mon-fri 08:30-17:30"),
    ),
    Question(
        "numbers", "The numbers that callers dial, parted by commas; a range: 09 233 44 00 - 99", _fixed("")
    ),
    Question("ordinary", "The PBX's own context for calls from outside", _fixed("from-provider-ordinary")),
    Question("mailbox", "The mailbox for messages", _fixed("100@default")),
    Question(
        "never_close", "Fax, alarm, lift and payment lines, which must never be closed, or none", _nothing
    ),
    Question("service", "The number of a telephone answering service for that day, or none", _nothing),
    Question(
        "dial_out",
        "The PBX's context through which calls leave the house",
        _fixed("outbound"),
        lambda answers: answers.get("service", NOTHING) != NOTHING,
    ),
)

_STAND_INS: Final[Answers] = {
    "company": "x",
    "mail": "x@company.example",
    "country": "BE",
    "languages": "en",
    "timezone": "UTC",
    "weekday": "wednesday",
    "since": "2026-12-02",
    "holidays": NOTHING,
    "hours": NOTHING,
    "numbers": "2001",
    "ordinary": "ordinary",
    "mailbox": "100@default",
    "never_close": NOTHING,
    "service": NOTHING,
    "dial_out": "outbound",
}
"""Answers that no rule of any country is against, for those that are not there yet."""


def check_answer(question: Question, answer: str, before: Answers) -> str:
    """The answer, trimmed, if a configuration with it and those before it is right.

    Raises:
        ValueError: it is not; the text says what is wrong and what would be right.
    """
    answer = answer.strip()
    if not answer:
        raise ValueError("is empty; write an answer")
    for part in re.split("[,;]", answer):
        words.free_text(part.strip() or "x")
    if question.name == "hours" and answer != NOTHING:
        _hours(answer)
    if question.name in ("numbers", "never_close", "languages") and not _listed(answer):
        raise ValueError("names nothing; write at least one")
    try:
        load_config(write_config({**_STAND_INS, **before, question.name: answer}).encode(), question.name)
    except ConfigError as error:
        raise ValueError(error.problems[0].message) from None
    return answer


def write_config(answers: Answers) -> str:
    """The text of a commented ``pbxctl.yaml`` that says what was answered to all questions."""
    service = answers["service"]
    has_service = service != NOTHING
    mode = "answering_service" if has_service else "voicemail"
    parts = [
        "# What callers meet, and when. Look at it (name this file with --config or in PBXCTL_CONFIG):",
        "#   pbxctl check      is all of it right?",
        "#   pbxctl timeline   what will happen when, and why?",
        "# Numbers may be written as people write them; they match however the trunk spells them.",
        "# Every key is explained in docs/configuration.md.",
        "",
        "version: 1",
        "",
        "company:",
        f"  name: {_scalar(answers['company'])}",
        f"  mail: {_scalar(answers['mail'])}   # callers hear that they can write to it",
        f"  timezone: {_scalar(answers['timezone'])}   # the clock of the schedule below",
        f"  country: {_scalar(answers['country'])}   # how numbers are read",
        f"  languages: {_list(answers['languages'])}   # what callers hear, in this order",
        "",
        "pbx:",
        "  kind: asterisk",
        "  # The secret stands in a file of its own, readable by pbxctl alone.",
        "  ami: {host: 127.0.0.1, user: pbxctl, secret: {file: ami.secret}}",
    ]
    if has_service:
        parts += [
            "  # How a call to the answering service leaves the house, and whose number it shows.",
            f"  dial_out: {{context: {_scalar(answers['dial_out'])}, caller_id: own}}",
        ]
    first = f"weekday: {_scalar(answers['weekday'])}, since: {_scalar(answers['since'])}"
    parts += [
        "",
        "# When. An own date comes before a holiday, a holiday before the closed day; the hours come last.",
        "schedules:",
        "  office:",
        f"    closed_day: {{{first}, mode: {mode}}}",
    ]
    if answers["holidays"] != NOTHING:
        parts.append(f"    holidays: {{regions: {_list(answers['holidays'])}, mode: voicemail}}")
    if answers["hours"] != NOTHING:
        parts += [
            "    # Days that are not named are closed. A break: [08:30-12:00, 13:00-17:30]",
            "    hours:",
        ]
        parts += [f"      {_scalar(days)}: [{', '.join(spans)}]" for days, spans in _hours(answers["hours"])]
        parts.append("      outside: voicemail")
    parts += [
        "    # Dates of your own, such as:",
        "    # dates:",
        "    #   - {from: 2026-12-24 12:00, to: 2027-01-04 08:30, mode: voicemail, reason: Christmas}",
        "    #   - {on: 2027-01-06, ordinary_day: true, reason: trade fair}   # a closed day that is not",
        "",
        "# What: the numbers that callers dial, and what is behind them.",
        "routes:",
        "  main:",
        f"    dids: {_list(answers['numbers'])}",
        "    schedule: office",
        f"    ordinary: {_scalar(answers['ordinary'])}   # the context in which the PBX treats calls today",
        f"    mailbox: {_scalar(answers['mailbox'])}",
    ]
    if has_service:
        parts.append(f"    answering_service: {{number: {_quoted(service)}, ring: 20s}}")
    parts += [
        "",
        "# Fax, alarm, lift and payment lines: no route may ever take these, not even by mistake.",
        f"never_close: {_list(answers['never_close'])}",
        "",
        "callers:",
        "  # Who gets through on every day: the answering service when it calls back, the owner's mobile.",
        f"  always_pass: {_list(service)}",
        "  blocked: []",
    ]
    return "\n".join(parts) + "\n"


def _hours(answer: str) -> list[tuple[str, list[str]]]:
    """``mon-fri 08:30-12:00, 13:00-17:30, sat 09:00-12:00`` by days; hours without days join those before."""
    found: list[tuple[str, list[str]]] = []
    for part in _listed(answer):
        days, _, span = part.rpartition(" ")
        if re.fullmatch(r"[0-9]{1,2}:[0-9]{2} ?- ?[0-9]{1,2}:[0-9]{2}", part) and found:
            found[-1][1].append(_scalar(part))
        elif days.strip() and span:
            found.append((days.strip().rstrip(":").lower(), [_scalar(span)]))
        else:
            raise ValueError(f"{quoted(part)} is no day with its hours; write mon-fri 08:30-17:30")
    if not found:
        raise ValueError("names no hours; write mon-fri 08:30-17:30, or none")
    return found


def _listed(answer: str) -> list[str]:
    return [part.strip() for part in re.split("[,;]", answer) if part.strip()]


def _list(answer: str) -> str:
    """Entries parted by commas as a YAML list."""
    return f"[{', '.join(_scalar(part) for part in _listed(answer))}]" if answer != NOTHING else "[]"


def _scalar(text: str) -> str:
    """A text as YAML, in quotes unless it needs none."""
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    # Whatever JSON writes in quotes, YAML reads as the same text.
    return json.dumps(text, ensure_ascii=False)
