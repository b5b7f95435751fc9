"""Days, times and addresses are said as a native speaker says them."""

from __future__ import annotations

from datetime import date, time

import pytest

from pbxctl.prompts.spoken import MAIL_LIMIT, NAME_LIMIT, spoken_date, spoken_mail, spoken_name, spoken_time
from pbxctl.prompts.words import LANGUAGES, WORDS

MAILS = [  # address, then nl, fr, de, en
    (
        "bestel@bakkerij-peeters.example",
        "bestel, apenstaartje, bakkerij, streepje peeters, punt example",
        "bestel, arobase, bakkerij, tiret peeters, point example",
        "bestel, ät, bakkerij, Bindestrich peeters, Punkt example",
        "bestel, at, bakkerij, dash peeters, dot example",
    ),
    (
        "info@peeters.be",
        "info, apenstaartje, peeters, punt b e",
        "info, arobase, peeters, point b e",
        "info, ät, peeters, Punkt b e",
        "info, at, peeters, dot b e",
    ),
    (
        "Jan_De.Smet+2026@kmv.co.uk",
        "jan, liggend streepje de, punt smet, plus twee nul twee zes, apenstaartje, k m v, punt co, punt u k",
        "jan, tiret bas de, point smet, plus deux zéro deux six, arobase, k m v, point co, point u k",
        "jan, Unterstrich de, Punkt smet, Plus zwei null zwei sechs, ät, k m v, Punkt co, Punkt u k",
        "jan, underscore de, dot smet, plus two zero two six, at, k m v, dot co, dot u k",
    ),
    (
        "hr@firma24.com",
        "h r, apenstaartje, firma, twee vier, punt com",
        "h r, arobase, firma, deux quatre, point com",
        "h r, ät, firma, zwei vier, Punkt com",
        "h r, at, firma, two four, dot com",
    ),
    (
        "o'neil@büro.eu",
        "o, apostrof neil, apenstaartje, büro, punt e u",
        "o, apostrophe neil, arobase, büro, point e u",
        "o, Apostroph neil, ät, büro, Punkt e u",
        "o, apostrophe neil, at, büro, dot e u",
    ),
    (
        "de@de.nl",  # "de" is a country only at the very end
        "de, apenstaartje, de, punt n l",
        "de, arobase, de, point n l",
        "de, ät, de, Punkt n l",
        "de, at, de, dot n l",
    ),
    (
        "x@y.fr",
        "x, apenstaartje, y, punt f r",
        "x, arobase, y, point f r",
        "x, ät, y, Punkt f r",
        "x, at, y, dot f r",
    ),
]


@pytest.mark.parametrize(("mail", "nl", "fr", "de", "en"), MAILS, ids=[row[0] for row in MAILS])
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


TIMES = [  # time, then nl, fr, de, en
    ((8, 30), "acht uur dertig", "huit heures trente", "acht Uhr dreißig", "half past eight in the morning"),
    ((9, 0), "negen uur", "neuf heures", "neun Uhr", "nine o'clock in the morning"),
    ((10, 15), "tien uur vijftien", "dix heures quinze", "zehn Uhr fünfzehn", "a quarter past ten in the morning"),
    ((12, 0), "twaalf uur", "midi", "zwölf Uhr", "noon"),
    ((12, 30), "twaalf uur dertig", "douze heures trente", "zwölf Uhr dreißig", "half past twelve in the afternoon"),
    ((12, 45), "twaalf uur vijfenveertig", "douze heures quarante-cinq", "zwölf Uhr fünfundvierzig", "a quarter to one in the afternoon"),
    ((13, 30), "dertien uur dertig", "treize heures trente", "dreizehn Uhr dreißig", "half past one in the afternoon"),
    ((17, 5), "zeventien uur vijf", "dix-sept heures cinq", "siebzehn Uhr fünf", "five past five in the afternoon"),
    ((17, 40), "zeventien uur veertig", "dix-sept heures quarante", "siebzehn Uhr vierzig", "twenty to six in the afternoon"),
    ((7, 22), "zeven uur tweeëntwintig", "sept heures vingt-deux", "sieben Uhr zweiundzwanzig", "seven twenty-two in the morning"),
    ((18, 1), "achttien uur één", "dix-huit heures une", "achtzehn Uhr eins", "six oh one in the evening"),
    ((21, 21), "eenentwintig uur eenentwintig", "vingt et une heures vingt et une", "einundzwanzig Uhr einundzwanzig", "nine twenty-one in the evening"),
    ((23, 55), "drieëntwintig uur vijfenvijftig", "vingt-trois heures cinquante-cinq", "dreiundzwanzig Uhr fünfundfünfzig", "five to twelve at night"),
    ((1, 0), "één uur", "une heure", "ein Uhr", "one o'clock in the morning"),
    ((0, 0), "middernacht", "minuit", "Mitternacht", "midnight"),
    ((0, 30), "nul uur dertig", "zéro heure trente", "null Uhr dreißig", "half past twelve at night"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "nl", "fr", "de", "en"), TIMES, ids=[f"{h:02}:{m:02}" for (h, m), *_ in TIMES]
)
def test_a_time_is_said_as_people_say_it(at: tuple[int, int], nl: str, fr: str, de: str, en: str) -> None:
    said = {language: spoken_time(time(*at), language) for language in LANGUAGES}
    assert said == {"nl": nl, "fr": fr, "de": de, "en": en}


DATES = [  # day, then nl, fr, de, en
    (date(2027, 1, 4), "maandag vier januari", "le lundi quatre janvier", "Montag, dem vierten Januar", "Monday the fourth of January"),
    (date(2027, 1, 1), "vrijdag één januari", "le vendredi premier janvier", "Freitag, dem ersten Januar", "Friday the first of January"),
    (date(2027, 3, 2), "dinsdag twee maart", "le mardi deux mars", "Dienstag, dem zweiten März", "Tuesday the second of March"),
    (date(2027, 2, 3), "woensdag drie februari", "le mercredi trois février", "Mittwoch, dem dritten Februar", "Wednesday the third of February"),
    (date(2027, 8, 5), "donderdag vijf augustus", "le jeudi cinq août", "Donnerstag, dem fünften August", "Thursday the fifth of August"),
    (date(2026, 11, 7), "zaterdag zeven november", "le samedi sept novembre", "Samstag, dem siebten November", "Saturday the seventh of November"),
    (date(2026, 11, 8), "zondag acht november", "le dimanche huit novembre", "Sonntag, dem achten November", "Sunday the eighth of November"),
    (date(2027, 7, 9), "vrijdag negen juli", "le vendredi neuf juillet", "Freitag, dem neunten Juli", "Friday the ninth of July"),
    (date(2027, 10, 12), "dinsdag twaalf oktober", "le mardi douze octobre", "Dienstag, dem zwölften Oktober", "Tuesday the twelfth of October"),
    (date(2027, 4, 19), "maandag negentien april", "le lundi dix-neuf avril", "Montag, dem neunzehnten April", "Monday the nineteenth of April"),
    (date(2027, 9, 20), "maandag twintig september", "le lundi vingt septembre", "Montag, dem zwanzigsten September", "Monday the twentieth of September"),
    (date(2027, 6, 21), "maandag eenentwintig juni", "le lundi vingt et un juin", "Montag, dem einundzwanzigsten Juni", "Monday the twenty-first of June"),
    (date(2027, 12, 22), "woensdag tweeëntwintig december", "le mercredi vingt-deux décembre", "Mittwoch, dem zweiundzwanzigsten Dezember", "Wednesday the twenty-second of December"),
    (date(2027, 5, 31), "maandag eenendertig mei", "le lundi trente et un mai", "Montag, dem einunddreißigsten Mai", "Monday the thirty-first of May"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "nl", "fr", "de", "en"), DATES, ids=[str(row[0]) for row in DATES])
def test_a_date_is_said_as_people_say_it(day: date, nl: str, fr: str, de: str, en: str) -> None:
    said = {language: spoken_date(day, language) for language in LANGUAGES}
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
    ("L’Été – 24/7", "L'Été - 24/7"),
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
