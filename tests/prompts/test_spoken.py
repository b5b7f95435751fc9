"""Days, times and addresses are said as a native speaker says them."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from pbxctl.names import LANGUAGES
from pbxctl.prompts.spoken import MAIL_LIMIT, NAME_LIMIT, spoken_date, spoken_mail, spoken_name, spoken_time
from pbxctl.prompts.words import WORDS

GOLDEN = Path(__file__).parent / "golden"


def table(name: str) -> list[tuple[str, ...]]:
    """The rows of a reviewed table: what is said, then how in nl, fr, de and en."""
    lines = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("mail", "nl", "fr", "de", "en"), table("mails"))
def test_an_address_is_said_sign_for_sign(mail: str, nl: str, fr: str, de: str, en: str) -> None:
    said = {language: spoken_mail(mail, language) for language in LANGUAGES}
    assert said == {"nl": nl, "fr": fr, "de": de, "en": en}


@pytest.mark.parametrize(
    "mail",
    [
        "",
        "no address",
        "${SYSTEM(id)}@x.be",
        '"a b"@x.be',
        "a;b@x.be",
        "<a@x.be>",
        "é" * MAIL_LIMIT + "@x.be",
        "x" * 10_000,
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_that_cannot_be_said_right_is_not_said(mail: str, language: str) -> None:
    assert spoken_mail(mail, language) == ""


def test_what_cannot_be_heard_in_an_address_is_dropped() -> None:
    assert spoken_mail("in\u202efo\u200b@x\n.be\x07", "en") == "info, at, x, dot b e"


@pytest.mark.parametrize(("at", "nl", "fr", "de", "en"), table("times"))
def test_a_time_is_said_as_people_say_it(at: str, nl: str, fr: str, de: str, en: str) -> None:
    said = {language: spoken_time(time.fromisoformat(at), language) for language in LANGUAGES}
    assert said == {"nl": nl, "fr": fr, "de": de, "en": en}


@pytest.mark.parametrize(("day", "nl", "fr", "de", "en"), table("dates"))
def test_a_date_is_said_as_people_say_it(day: str, nl: str, fr: str, de: str, en: str) -> None:
    said = {language: spoken_date(date.fromisoformat(day), language) for language in LANGUAGES}
    assert said == {"nl": nl, "fr": fr, "de": de, "en": en}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_table_is_whole(language: str) -> None:
    words = WORDS[language]
    sizes = [len(set(table)) for table in (words.weekdays, words.months, words.numbers, words.days)]
    assert sizes == [7, 12, 60, 31]
    assert all(name and name.strip() == name for table in (words.numbers, words.days) for name in table)


NAMES = [
    ("Bakkerij Peeters", "Bakkerij Peeters"),
    ("Jansen & Zonen B.V.", "Jansen en Zonen B.V"),  # the sentence brings its own full stop
    ("L\u2019Été \u2013 24/7", "L'Été - 24/7"),
    ("  Two\n\tlines ", "Two lines"),
    ("e\u0301te\u0301", "été"),
    ("a\u202eb\u200f\x01\x00c\ud800", "abc"),
    ("<speak>[[h@l'oU]]</speak>", "speak h@l'oU /speak"),
    ('${SHELL(id)};"x"\\{y}|`z`', "SHELL id x y z"),
    ("-f /etc/passwd", "f /etc/passwd"),
    ("…!?.", ""),
]


@pytest.mark.parametrize(("name", "said"), NAMES)
def test_a_name_becomes_plain_words(name: str, said: str) -> None:
    assert spoken_name(name, "nl") == said


def test_and_is_said_in_the_callers_language() -> None:
    said = [spoken_name("A & B", language) for language in LANGUAGES]
    assert said == ["A en B", "A et B", "A und B", "A and B"]


def test_a_long_name_is_cut_at_a_word() -> None:
    said = spoken_name("lorem ipsum " * 900, "en")
    assert 90 < len(said) <= NAME_LIMIT
    assert said.endswith(("lorem", "ipsum"))
    assert len(spoken_name("x" * 10_000, "en")) == NAME_LIMIT
