"""What callers hear is true, whole and free of anything that is no speech."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.names import LANGUAGES
from pbxctl.plan.answers import UNKNOWN, Answers, Relation, answers_on
from pbxctl.prompts.kinds import WHOLE
from pbxctl.prompts.spoken import MAIL_LIMIT, NAME_LIMIT
from pbxctl.prompts.texts import PromptKind, fallback_text, prompt_text
from pbxctl.prompts.words import WORDS

COMPANY, MAIL = "Bakkerij Peeters", "bestel@bakkerij-peeters.example"
WEDNESDAY = date(2026, 12, 23)

WHEN = [  # answers, then what the sentence says in nl, fr, de, en
    (
        answers_on(WEDNESDAY, WEDNESDAY, time(13, 30)),
        "Vandaag vanaf dertien uur dertig nemen wij weer op.",
        "Nous reprendrons les appels aujourd'hui, à partir de treize heures trente.",
        "Wir sind heute ab dreizehn Uhr dreißig wieder am Telefon.",
        "We answer the phone again today, from half past one in the afternoon.",
    ),
    (
        answers_on(WEDNESDAY, WEDNESDAY, time(1, 0)),
        "Vandaag vanaf één uur nemen wij weer op.",
        "Nous reprendrons les appels aujourd'hui, à partir d'une heure.",
        "Wir sind heute ab ein Uhr wieder am Telefon.",
        "We answer the phone again today, from one o'clock in the morning.",
    ),
    (
        answers_on(WEDNESDAY, date(2026, 12, 24), time(8, 30)),
        "Morgen, donderdag, nemen wij weer op.",
        "Nous reprendrons les appels demain, jeudi.",
        "Wir sind morgen, Donnerstag, wieder am Telefon.",
        "We answer the phone again tomorrow, Thursday.",
    ),
    (
        answers_on(WEDNESDAY, date(2026, 12, 28), time(8, 30)),
        "Op maandag nemen wij weer op.",
        "Nous reprendrons les appels lundi.",
        "Wir sind am Montag wieder am Telefon.",
        "We answer the phone again on Monday.",
    ),
    (
        answers_on(WEDNESDAY, date(2027, 1, 4), time(8, 30)),
        "Op maandag vier januari nemen wij weer op.",
        "Nous reprendrons les appels le lundi quatre janvier.",
        "Wir sind am Montag, dem vierten Januar, wieder am Telefon.",
        "We answer the phone again on Monday the fourth of January.",
    ),
    (
        UNKNOWN,
        "Zodra het kan nemen wij weer op.",
        "Nous reprendrons les appels dès que possible.",
        "Wir sind so bald wie möglich wieder am Telefon.",
        "We answer the phone again as soon as we can.",
    ),
]

answers = st.builds(
    answers_on,
    call_day=st.just(WEDNESDAY),
    answer_day=st.integers(0, 400).map(lambda days: WEDNESDAY + timedelta(days)),
    answer_time=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
) | st.just(UNKNOWN)
kinds = st.sampled_from(WHOLE)
languages = st.sampled_from(LANGUAGES)


@pytest.mark.parametrize(("answers", "nl", "fr", "de", "en"), WHEN, ids=[row[3] for row in WHEN])
def test_the_next_answering_moment_is_said(answers: Answers, nl: str, fr: str, de: str, en: str) -> None:
    for language, sentence in zip(("nl", "fr", "de", "en"), (nl, fr, de, en), strict=True):
        assert f" {sentence} " in prompt_text(PromptKind.CLOSED_DOOR, language, COMPANY, MAIL, answers)


@given(kinds, languages, answers)
def test_every_text_is_whole_and_has_no_digit(kind: PromptKind, language: str, answers: Answers) -> None:
    text = prompt_text(kind, language, COMPANY, MAIL, answers)
    assert COMPANY in text
    assert re.fullmatch(r"[\w ,.:'-]+", text)  # no placeholder, no markup
    assert not re.search(r"\d|  |\.\.|,,| \.|None", text)
    assert text[0].isupper()
    assert text.endswith(".")


@given(languages, answers)
def test_the_weekday_is_named_unless_it_is_today_or_unknown(language: str, answers: Answers) -> None:
    text = prompt_text(PromptKind.CLOSED_DOOR, language, COMPANY, MAIL, answers)
    named = {weekday for weekday in WORDS[language].weekdays if re.search(rf"\b{weekday}\b", text)}
    is_named = answers.relation in (Relation.TOMORROW, Relation.WITHIN_WEEK, Relation.LATER)
    assert named == ({WORDS[language].weekdays[(answers.weekday or 0) - 1]} if is_named else set())


@given(languages, answers)
def test_the_neutral_text_is_the_same_at_any_moment(language: str, answers: Answers) -> None:
    text = prompt_text(PromptKind.NEUTRAL, language, COMPANY, MAIL, answers)
    assert text == prompt_text(PromptKind.NEUTRAL, language, COMPANY, MAIL, UNKNOWN)
    assert not any(re.search(rf"\b{weekday}\b", text) for weekday in WORDS[language].weekdays)


TODAY_WORDS = {"nl": "Vandaag werken", "fr": "Aujourd'hui, nous", "de": "Heute arbeiten", "en": "Today we"}


@given(languages, answers)
def test_a_door_that_opens_today_is_not_called_closed_today(language: str, answers: Answers) -> None:
    text = prompt_text(PromptKind.CLOSED_DOOR, language, COMPANY, MAIL, answers)
    is_other_day = answers.relation not in (Relation.TODAY, Relation.UNKNOWN)
    assert (TODAY_WORDS[language] in text) == is_other_day


@given(kinds, languages, answers, st.text(max_size=300), st.text(max_size=300))
def test_hostile_names_stay_words(
    kind: PromptKind, language: str, answers: Answers, company: str, mail: str
) -> None:
    text = prompt_text(kind, language, company, mail, answers)
    assert text.isprintable()
    assert not set(text) & set('<>[]{}$;"\\|`~^=*#&')
    text.encode("utf-8")


HOSTILE = [
    "${SHELL(id)}",
    "x; rm -rf /",
    '"',
    "<break/>[[x]]",
    "a\nb\r\n",
    "{company}",
    "{0.__class__}",
    "\u202e",
    "x" * 10_000,
    "% & ' \\",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WHOLE)
def test_hostile_texts_keep_the_sentences_around_them(kind: PromptKind, language: str, hostile: str) -> None:
    text = prompt_text(kind, language, hostile, hostile, UNKNOWN)
    plain = prompt_text(kind, language, "", "", UNKNOWN)
    assert text.endswith(plain.split(". ", 1)[1])
    assert len(text) <= len(plain) + NAME_LIMIT + MAIL_LIMIT + 40
    assert "__class__" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_name_and_address_the_text_is_still_whole(language: str) -> None:
    for kind in WHOLE:
        text = prompt_text(kind, language, "", "", UNKNOWN)
        assert re.fullmatch(r"(\w[\w ,'-]+\. ?)+", text)
        assert len(re.findall(r"\.", text)) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fall_back_names_no_company_and_no_address(language: str) -> None:
    text = fallback_text(language)
    assert text.count(".") == 3
    assert prompt_text(PromptKind.NEUTRAL, language, "", "", UNKNOWN).endswith(text)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        prompt_text(PromptKind.NEUTRAL, "it", COMPANY, MAIL, UNKNOWN)
