"""A prompt in parts says, word for word, what the whole prompt says."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.names import LANGUAGES
from pbxctl.plan.answers import UNKNOWN, Answers, answers_on
from pbxctl.prompts.kinds import WHOLE
from pbxctl.prompts.parts import is_part_name, prompt_parts
from pbxctl.prompts.texts import PromptKind, prompt_text

COMPANY, MAIL = "Bakkerij Peeters", "bestel@bakkerij-peeters.example"
WEDNESDAY = date(2026, 12, 23)
answers = st.one_of(
    st.just(UNKNOWN),
    st.builds(answers_on, st.just(WEDNESDAY), st.dates(WEDNESDAY, date(2028, 12, 31)), st.times()),
)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@given(st.sampled_from(WHOLE), st.sampled_from(LANGUAGES), answers, st.sampled_from([MAIL, ""]))
def test_the_parts_are_the_words_of_the_prompt(
    kind: PromptKind, language: str, when: Answers, mail: str
) -> None:
    parts = prompt_parts(kind, language, COMPANY, mail, when)
    text = prompt_text(kind, language, COMPANY, mail, when)
    assert words(" ".join(part.text for part in parts)) == words(text)
    assert all(is_part_name(part.name) for part in parts)


@given(st.sampled_from(WHOLE), st.sampled_from(LANGUAGES), answers)
def test_there_is_a_longer_pause_behind_every_sentence_and_nowhere_else(
    kind: PromptKind, language: str, when: Answers
) -> None:
    parts = prompt_parts(kind, language, COMPANY, MAIL, when)
    sentences = re.findall(r"[.!?](?:\s|$)", prompt_text(kind, language, COMPANY, MAIL, when))
    assert sum(part.ends_sentence for part in parts) == len(sentences)
    assert parts[-1].ends_sentence


@given(st.lists(st.tuples(st.sampled_from(WHOLE), answers), max_size=20), st.sampled_from(LANGUAGES))
def test_one_name_is_one_text_whatever_the_prompt(
    prompts: list[tuple[PromptKind, Answers]], language: str
) -> None:
    """Or a part recorded for one prompt would be wrong in another."""
    texts: dict[str, str] = {}
    for kind, when in prompts:
        for part in prompt_parts(kind, language, COMPANY, MAIL, when):
            assert texts.setdefault(part.name, part.text) == part.text


IN_PARTS = [
    pytest.param("nl", "tomorrow thursday answers", id="nl"),
    pytest.param("fr", "answers tomorrow thursday", id="fr"),
    pytest.param("de", "answers tomorrow thursday answers_end", id="de"),
    pytest.param("en", "answers tomorrow thursday", id="en"),
]


@pytest.mark.parametrize(("language", "expected"), IN_PARTS)
def test_the_day_stands_where_the_language_puts_it(language: str, expected: str) -> None:
    when = answers_on(WEDNESDAY, date(2026, 12, 24), time(8, 30))
    names = [part.name for part in prompt_parts(PromptKind.CLOSED_DOOR, language, COMPANY, MAIL, when)]
    assert names == ["welcome", "behind_doors", "mail", *expected.split(), "message"]


DATES = [
    pytest.param("nl", "on monday day_4 january", id="nl"),
    pytest.param("fr", "on_date monday day_4 january", id="fr"),
    pytest.param("de", "on monday day_4 january", id="de"),
    pytest.param("en", "on monday day_4 january", id="en"),
]


@pytest.mark.parametrize(("language", "expected"), DATES)
def test_a_date_is_said_in_parts_of_its_own(language: str, expected: str) -> None:
    when = answers_on(WEDNESDAY, date(2027, 1, 4), time(8, 30))
    names = [part.name for part in prompt_parts(PromptKind.CLOSED, language, COMPANY, MAIL, when)]
    assert expected in " ".join(names)
