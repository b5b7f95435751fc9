"""Days, dates and years that a text of the company's own names: what is noticed, and what is not one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.names import LANGUAGES
from pbxctl.prompts.dated import named_dates, named_weekdays
from pbxctl.prompts.spoken import spoken_date

DATES = [
    *[
        ("nl", "Wij zijn er op 4 januari weer.", "4 januari"),
        ("nl", "Tot vier januari.", "vier januari"),
        ("nl", "Op maandag 24 dec. niet.", "24 dec."),
        ("nl", "Vanaf de 1ste mei.", "1ste mei"),
        ("nl", "Na de drieëntwintigste, drieëntwintig maart dus.", "drieëntwintig maart"),
        ("nl", "Eind januari.", "Eind januari"),
        ("nl", "In februari 2027.", "februari 2027"),
        ("nl", "Vanaf 2027 anders.", "Vanaf 2027"),
        ("nl", "Gesloten op 24/12.", "24/12"),
        ("nl", "Op 24-12-2026 niet.", "24-12-2026"),
        ("nl", "Op 2026-12-24 niet.", "2026-12-24"),
    ],
    *[
        ("fr", "Jusqu'au 1er janvier.", "1er janvier"),
        ("fr", "Le premier janvier.", "premier janvier"),
        ("fr", "Le vingt et un décembre 2026.", "vingt et un décembre 2026"),
        ("fr", "Le 4 aout.", "4 aout"),
        ("fr", "Le quatre mars.", "quatre mars"),
        ("fr", "Fin fe\u0301vrier.", "Fin février"),
        ("fr", "À la mi-août.", "mi-août"),
        ("fr", "Jusqu\u2019en 2028.", "Jusqu'en 2028"),
        ("fr", "Le 04/01.", "04/01"),
    ],
    *[
        ("de", "Am 4. Januar.", "4. Januar"),
        ("de", "Am vierten Januar.", "vierten Januar"),
        ("de", "Zweiundzwanzigster Dezember.", "Zweiundzwanzigster Dezember"),
        ("de", "Bis 24.12. sind wir fort.", "24.12."),
        ("de", "Am 04.01.2027.", "04.01.2027"),
        ("de", "Ende März.", "Ende März"),
        ("de", "Ab 2027.", "Ab 2027"),
    ],
    *[
        ("en", "On May 4th.", "May 4th"),
        ("en", "May the fourth.", "May the fourth"),
        ("en", "On 4 May.", "4 May"),
        ("en", "The fourth of May.", "fourth of May"),
        ("en", "On January 4, 2027.", "January 4"),
        ("en", "In March 2027.", "March 2027"),
        ("en", "From mid-December.", "mid-December"),
        ("en", "Until the end of 2026.", "end of 2026"),
        ("en", "On 12/25.", "12/25"),
    ],
]


@pytest.mark.parametrize(("language", "text", "date_"), DATES, ids=lambda each: each)
def test_a_date_is_noticed(language: str, text: str, date_: str) -> None:
    assert named_dates(text, language) == (date_,)


NONE = [
    ("nl", "Wij zijn er van januari tot mei, al sinds 1985 en sinds 2005."),
    ("nl", "Wij zitten in 2018 Antwerpen, en zijn 24/7 en 24/24 te bereiken."),
    ("nl", "Bel 09 233 44 55, 09/233.44.55, 0470 12 12 26 of +32 9 12/12/26."),
    ("nl", "Van 8.30 tot 12.10 uur, 8-12 en 13-17, of tot {when}."),
    ("fr", "Un mars, au mois de mars, depuis 2021."),
    ("fr", "7j/7, 24/24, 1/2 journée."),
    ("de", "Im Mai, seit 2021, um 10.12 Uhr, von 8.30 bis 12.10."),
    ("de", "Tel. 089 12 12 26."),
    ("en", "You may leave a message; no one may call; you may first say your name."),
    ("en", "Press 1. May we help? We march 2 miles."),
    ("en", "By 2000 customers, since 2021; call 0800 2026."),
]


@pytest.mark.parametrize(("language", "text"), NONE, ids=lambda each: each)
def test_what_is_no_date_is_let_be(language: str, text: str) -> None:
    assert named_dates(text, language) == ()


@given(st.sampled_from(LANGUAGES), st.integers(0, 3650))
def test_whatever_date_we_would_say_is_noticed(language: str, ahead: int) -> None:
    day = date(2026, 1, 1) + timedelta(days=ahead)
    assert named_dates(f"{spoken_date(day, language)}.", language)
    assert named_weekdays(f"{spoken_date(day, language)}.", language)


def test_a_weekday_is_noticed() -> None:
    assert named_weekdays("Tot Donderdag, of {when}.", "nl") == ("donderdag",)
    assert named_weekdays("Tot {when}.", "nl") == ()
    assert named_weekdays("Montags nie.", "de") == ()
