"""Which language a caller is spoken to in, and what said so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.decision.facts import NO_FACTS, Facts, format_language, parse_language, read_facts
from pbxctl.decision.language import Because, Spoken, language_of
from pbxctl.numbers import country_code, international_prefixes
from pbxctl.plan.languages import MAIN_LANGUAGES, languages_abroad
from pbxctl.plan.model import Plan
from tests.plan.bakery import bakery_text, plan_of

MAIN, SECOND = "+3292334455", "+3292334457"


def plan_with(route: str = "", languages: str = "[nl, fr, en]") -> Plan:
    text = bakery_text().replace('dids: ["+32 9 233 44 55"]', f'dids: ["{MAIN}", "{SECOND}"]\n{route}')
    return plan_of(text.replace("languages: [nl, fr, en]", f"languages: {languages}"))


def spoken(plan: Plan, caller: str, did: str = MAIN, **marks: str) -> Spoken:
    facts = Facts(languages={number.replace("n", "+", 1): language for number, language in marks.items()})
    return language_of(plan, plan.routes["main"], did, caller, facts)


ROUTE = "    language: fr\n"
DID = f'    languages: {{en: ["{SECOND}"]}}\n'


@pytest.mark.parametrize(
    ("route", "did", "caller", "marks", "expected"),
    [
        ("", MAIN, "0470000001", {}, Spoken("nl", Because.COMPANY)),
        ("", MAIN, "+33612345678", {}, Spoken("fr", Because.COUNTRY)),
        (ROUTE, MAIN, "+441632960000", {}, Spoken("fr", Because.ROUTE)),
        (ROUTE + DID, SECOND, "+33612345678", {}, Spoken("en", Because.DID)),
        (ROUTE + DID, "092334457", "+33612345678", {}, Spoken("en", Because.DID)),
        (ROUTE + DID, MAIN, "+33612345678", {}, Spoken("fr", Because.ROUTE)),
        (ROUTE + DID, SECOND, "+33612345678", {"n33612345678": "nl"}, Spoken("nl", Because.MARK)),
        ("", MAIN, "+33612345678", {"n33612345678": "de"}, Spoken("fr", Because.COUNTRY)),
        ("", MAIN, "+33612345678", {"n33612345679": "nl"}, Spoken("fr", Because.COUNTRY)),
    ],
    ids=[
        "nobody knows",
        "the caller's country",
        "the route before the country",
        "the number dialled before the route",
        "in any spelling",
        "another number's language",
        "the mark before all",
        "a mark for what nobody speaks",
        "somebody else's mark",
    ],
)
def test_the_first_that_knows_wins(
    route: str, did: str, caller: str, marks: dict[str, str], expected: Spoken
) -> None:
    assert spoken(plan_with(route), caller, did, **marks) == expected


@pytest.mark.parametrize(
    ("caller", "language"),
    [
        ("+33612345678", "fr"),
        ("0033612345678", "fr"),
        ("+352621123456", "fr"),
        ("+441632960000", "en"),
        ("+16502530000", "en"),
        ("+31612345678", "nl"),
        # German is not among the company's languages.
        ("+4915112345678", "nl"),
        # Its own country, digits that could be its own country's, and what is no number.
        ("+32470000001", "nl"),
        ("33612345678", "nl"),
        ("0470331234", "nl"),
        ("", "nl"),
        ("anonymous", "nl"),
        ("00", "nl"),
        ("0+33", "nl"),
        # Forged, but a beginning is a beginning; nothing but a language hangs on it.
        ("+33", "fr"),
        ("+33):5", "fr"),
    ],
)
def test_a_callers_country(caller: str, language: str) -> None:
    assert spoken(plan_with(), caller).language == language


def test_the_companys_own_country_says_nothing_even_where_its_first_language_is_another() -> None:
    plan = plan_with(languages="[fr, nl]")
    assert spoken(plan, "+32470000001") == Spoken("fr", Because.COMPANY)
    assert spoken(plan, "+31612345678") == Spoken("nl", Because.COUNTRY)


@pytest.mark.parametrize("country", ["BE", "US", "AU", "FR", "GB", "EG", "LU", "CH"])
def test_no_beginning_begins_another(country: str) -> None:
    prefixes = sorted(languages_abroad(country, ("nl", "fr", "de", "en")))
    assert len(prefixes) > 50
    assert not any(b.startswith(a) for a in prefixes for b in prefixes if a != b)
    assert f"+{country_code(country)}" not in prefixes


def test_no_country_has_two_main_languages() -> None:
    codes = [code for codes in MAIN_LANGUAGES.values() for code in codes]
    assert len(codes) == len(set(codes))


def test_how_a_foreign_number_begins() -> None:
    assert international_prefixes("BE") == ("+", "00")
    assert international_prefixes("US") == ("+", "011")


@given(st.text(max_size=12))
def test_a_mark_that_cannot_be_read_counts_as_none(value: str) -> None:
    mark = parse_language(value)
    assert mark is None or format_language(mark) == value


def test_marks_are_read_by_the_number() -> None:
    values = {"language/+33612345678": "1|nl", "language/": "1|fr", "language/0470": "2|fr"}
    assert read_facts(values).languages == {"+33612345678": "nl"}
    assert NO_FACTS.languages == {}
