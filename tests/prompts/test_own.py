"""A text of the company's own: its words, our dates and addresses."""

from __future__ import annotations

from datetime import date, time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.config.prompts import KIND_NAMES, KindName
from pbxctl.config.prompts import own_text as checked
from pbxctl.plan.answers import UNKNOWN, Answers, answers_on
from pbxctl.plan.model import OwnText
from pbxctl.prompts.catalogue import Catalogue
from pbxctl.prompts.texts import PromptKind, prompt_text

WEDNESDAY = date(2026, 12, 23)
THURSDAY = answers_on(WEDNESDAY, date(2026, 12, 24), time(8, 30))
MONDAY = answers_on(WEDNESDAY, date(2026, 12, 28), time(8, 30))
JANUARY = answers_on(WEDNESDAY, date(2027, 1, 4), time(8, 30))
MAIL = "info@peeters.be"


def said(own: str, language: str, answers: Answers = THURSDAY, mail: str = MAIL) -> str:
    return prompt_text(PromptKind.CLOSED_DOOR, language, "Peeters & Co", mail, answers, own)


AT, DOT = "apenstaartje", "punt b e"
SAID = [
    ("Dag! Hier {company}.", "nl", THURSDAY, "Dag! Hier Peeters en Co."),
    ("Mail naar {mail}.", "nl", THURSDAY, f"Mail naar info, {AT}, peeters, {DOT}."),
    ("{when} zijn we er.", "nl", THURSDAY, "Morgen, donderdag, zijn we er."),
    ("We zijn er {when} weer.", "nl", THURSDAY, "We zijn er morgen, donderdag, weer."),
    ("We zijn er {when}.", "nl", THURSDAY, "We zijn er morgen, donderdag."),
    ("We komen terug {when}.", "nl", JANUARY, "We komen terug op maandag vier januari."),
    ("Wir sind {when} da.", "de", MONDAY, "Wir sind am Montag da."),
    ("{when} sind wir da.", "de", MONDAY, "Am Montag sind wir da."),
    ("Back {when}!", "en", MONDAY, "Back on Monday!"),
    ("A plus {when}.", "fr", JANUARY, "A plus le lundi quatre janvier."),
    ("Tot {when}.", "nl", UNKNOWN, "Tot zodra het kan."),
    ("We [[zijn]] <dicht>; `tot` $straks.", "nl", MONDAY, "We zijn dicht ; tot straks."),
]


@pytest.mark.parametrize(("own", "language", "answers", "expected"), SAID)
def test_the_words_are_the_companys_and_the_rest_is_ours(
    own: str, language: str, answers: Answers, expected: str
) -> None:
    assert said(own, language, answers) == expected


def test_a_sentence_that_waits_for_an_address_nobody_can_say_is_left_out() -> None:
    assert said("Wij zijn dicht. Mail naar {mail}. Tot {when}!", "nl", MONDAY, mail="") == (
        "Wij zijn dicht. Tot op maandag!"
    )


def test_where_nothing_is_left_ours_is_said() -> None:
    assert said("Mail naar {mail}.", "nl", mail="") == said("", "nl", mail="")


def test_another_text_is_another_prompt_and_only_for_its_kind_and_language() -> None:
    own = OwnText("nl", "closed_door", "Wij werken door tot {when}.")
    ours, theirs = (Catalogue("Peeters", MAIL, ("nl", "fr"), texts=texts) for texts in ((), (own,)))
    door, holiday = PromptKind.CLOSED_DOOR, PromptKind.CLOSED
    assert theirs.prompt(door, MONDAY).texts["nl"] == "Wij werken door tot op maandag."
    assert theirs.prompt(door, MONDAY).stem != ours.prompt(door, MONDAY).stem
    assert theirs.prompt(door, MONDAY).texts["fr"] == ours.prompt(door, MONDAY).texts["fr"]
    assert theirs.prompt(holiday, MONDAY) == ours.prompt(holiday, MONDAY)


@given(st.text(max_size=600))
def test_whatever_is_accepted_can_be_said(text: str) -> None:
    try:
        own = checked(text)
    except ValueError:
        return
    spoken = said(own, "nl")
    assert spoken
    assert not set(spoken) & set('[]<>{}$`\\"')


def test_the_configuration_knows_the_kinds_of_prompts() -> None:
    assert tuple(PromptKind) == KIND_NAMES == get_args(KindName)
