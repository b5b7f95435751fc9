"""The first configuration of a newcomer: whatever is answered, it is right, or the answer is asked again."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.checks import find_warnings
from pbxctl.config import load_config
from pbxctl.config.countries import SPOKEN_IN, zone_of
from pbxctl.config.scaffold import NOTHING, QUESTIONS, Question, check_answer, write_config
from pbxctl.config.words import country_code, time_zone
from pbxctl.plan.build import build_plan

TODAY = date(2026, 11, 24)
BY_NAME = {question.name: question for question in QUESTIONS}
USUAL = {
    "company": "Bakkerij Peeters",
    "mail": "bestel@bakkerij-peeters.example",
    "country": "BE",
    "numbers": "+32 9 233 44 55",  # right in every country
}


def answered(given: dict[str, str]) -> dict[str, str]:
    """All answers: those given, and what is usual for the others. A wrong one is left to what is usual."""
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        usual = USUAL.get(question.name) or question.usual(answers, TODAY)
        if not question.is_asked(answers):
            answers[question.name] = usual
            continue
        try:
            answers[question.name] = check_answer(question, given.get(question.name, usual), answers)
        except ValueError:
            answers[question.name] = check_answer(question, usual, answers)
    return answers


def test_what_is_usual_gives_a_configuration_that_says_what_was_answered() -> None:
    config = load_config(write_config(answered({})).encode(), "pbxctl.yaml").config

    assert config.company.name == "Bakkerij Peeters"
    assert config.company.languages == ("nl", "fr")
    assert config.company.timezone == "Europe/Brussels"
    assert config.routes["main"].dids == ("+3292334455",)
    (_, closed), *others = config.schedules["office"].closed_days
    assert (closed.weekday, closed.since, closed.mode) == (3, date(2026, 12, 9), "voicemail")
    assert others == []


def test_a_range_of_numbers_may_be_answered() -> None:
    given = {"numbers": "+32 9 233 44 00 - 99, 09 233 55 00"}
    config = load_config(write_config(answered(given)).encode(), "pbxctl.yaml").config

    assert config.routes["main"].dids == ("+3292334400 - +3292334499", "+3292335500")


def test_with_an_answering_service_it_takes_the_closed_day_and_may_call_back() -> None:
    given = {"service": "02 555 01 02", "never_close": "09 233 44 99", "holidays": NOTHING}
    loaded = load_config(write_config(answered(given)).encode(), "pbxctl.yaml")
    config = loaded.config

    assert config.schedules["office"].closed_days[0][1].mode == "answering_service"
    service = config.routes["main"].answering_service
    assert service is not None
    assert config.callers.always_pass == (service.number,)
    found = find_warnings(loaded, build_plan(loaded, TODAY), TODAY)
    assert {each.id for each in found} == {"no-holidays"}, "as holidays were not wanted"


def test_hours_are_read_as_people_say_them() -> None:
    given = {"hours": "Mon-Fri: 8:30-12:00, 13:00-17:30; sat 09:00-12:00"}
    hours = load_config(write_config(answered(given)).encode(), "x").config.schedules["office"].hours

    assert hours is not None
    assert hours.spans[0] == ((510, 720), (780, 1050))
    assert hours.spans[5:] == (((540, 720),), ())


WRONG = [
    ("company", "  ", "is empty"),
    ("company", "a\x1bb", "which nobody can see"),
    ("company", "a" * 201, "200 are the most"),
    ("mail", "Peeters <info@peeters.example>", "write it like info@company.example"),
    ("country", "be", 'did you mean "BE"?'),
    ("languages", "nl, es", "write nl, fr, de or en"),
    ("languages", "nl, nl", "named twice"),
    ("timezone", "Brussels", "is no time zone"),
    ("weekday", "wendesday", 'did you mean "wednesday"?'),
    ("since", "9 december", "write YEAR-MONTH-DAY"),
    ("holidays", "BE-XX", "is no part of BE"),
    ("hours", "nine to five", "write mon to sun"),
    ("hours", "daily", "write mon-fri 08:30-17:30"),
    ("hours", "mon-fri 17:30-08:30", "runs backwards"),
    ("numbers", "112", "is an emergency number"),
    ("numbers", "09 233 44 55, +3292334455", "keep it once"),
    ("numbers", ",", "write at least one"),
    ("ordinary", "pbxctl-inbound", "is a context of pbxctl itself"),
    ("mailbox", "100", "write MAILBOX@CONTEXT"),
    ("never_close", "09 233 44 55", "no route may take it"),
    ("service", "09 233 44 55", "calls would go round in a loop"),
]


@pytest.mark.parametrize(("name", "answer", "sentence"), WRONG)
def test_a_wrong_answer_is_told_at_once_in_the_words_of_the_configuration(
    name: str, answer: str, sentence: str
) -> None:
    before = {key: value for key, value in answered({}).items() if _comes_before(key, name)}

    with pytest.raises(ValueError, match=re.escape(sentence)) as told:
        check_answer(BY_NAME[name], answer, before)
    assert "\n" not in str(told.value)


def _comes_before(key: str, name: str) -> bool:
    names = [question.name for question in QUESTIONS]
    return names.index(key) < names.index(name)


NUMBER = st.sampled_from(
    ["09 233 44 55", "+32 9 233 44 66", "0032475123456", "201", "112", "+49 30 901820", "x"]
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "company": st.text(max_size=40)
        | st.sampled_from(["a: b", "- x", "#", "'", '"', "\\", "${X}", "null"]),
        "mail": st.emails() | st.text(max_size=20),
        "country": st.sampled_from(["BE", "NL", "FR", "DE", "LU", "US", "IE", "XK", "ZZ", ""]),
        "languages": st.lists(st.sampled_from(["nl", "fr", "de", "en", "xx"]), max_size=3).map(", ".join),
        "timezone": st.sampled_from(["Europe/Paris", "Asia/Kathmandu", "UTC", "nowhere"]),
        "weekday": st.sampled_from(["mon", "Friday", "sunday", "none", "someday"]),
        "since": st.dates(date(1990, 1, 1), date(2210, 1, 1)).map(str) | st.just("soon"),
        "holidays": st.sampled_from(["BE", "BE, NL", "DE-BY", "none", "DE-XX", "no"]),
        "hours": st.sampled_from(
            ["none", "mon-sun 00:00-24:00", "fri-mon 10:00-12:00", "mon 9:00-8:00", "mon,tue 09:00-12:00"]
        )
        | st.text(alphabet="monfri-0123456789:, ;", max_size=30),
        "numbers": st.lists(NUMBER, max_size=4).map(", ".join),
        "ordinary": st.sampled_from(["from-pstn", "a b", "pbxctl", "0"]) | st.text(max_size=10),
        "mailbox": st.sampled_from(["200@office", "200", "1.2@x-y", "a@b@c"]),
        "never_close": st.lists(NUMBER, max_size=3).map(", ".join),
        "service": NUMBER | st.just("none"),
        "dial_out": st.sampled_from(["outbound", "from-internal", "", "#"]),
    },
)


@given(given_answers=ANSWERS)
@settings(max_examples=200, deadline=None)
def test_whatever_passes_question_by_question_is_right_as_a_whole(given_answers: dict[str, str]) -> None:
    loaded = load_config(write_config(answered(given_answers)).encode(), "pbxctl.yaml")

    plan = build_plan(loaded, TODAY, 30)
    assert find_warnings(loaded, plan, TODAY) is not None
    assert plan.routes["main"].dids


@pytest.mark.parametrize("country", sorted(SPOKEN_IN))
def test_a_countrys_clock_and_languages_can_be_guessed(country: str) -> None:
    assert country_code(country) == country
    assert time_zone(zone_of(country)) == zone_of(country)
    assert zone_of(country) != "UTC"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_each_question_is_one_line_and_its_name_a_flag(question: Question) -> None:
    assert question.name.replace("_", "").isalpha()
    assert "\n" not in question.text
    assert not question.text.endswith(("?", ".", ":"))
