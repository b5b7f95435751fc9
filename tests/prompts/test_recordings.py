"""Which recording serves which prompt: the most specific first, and never one that names a wrong day."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.names import WEEKDAY_WORDS
from pbxctl.plan.answers import UNKNOWN, Answers, Relation, answers_on
from pbxctl.plan.model import OwnText, Recording
from pbxctl.prompts.catalogue import Catalogue
from pbxctl.prompts.kinds import WHOLE
from pbxctl.prompts.parts import MONTHS, prompt_parts
from pbxctl.prompts.recordings import is_recording_name, is_recording_path, prompt_names
from pbxctl.prompts.texts import PromptKind

COMPANY, MAIL = "Bakkerij Peeters", "bestel@bakkerij-peeters.example"
WEDNESDAY = date(2026, 12, 23)
DOOR, CLOSED, NEUTRAL = PromptKind.CLOSED_DOOR, PromptKind.CLOSED, PromptKind.NEUTRAL

TODAY = answers_on(WEDNESDAY, WEDNESDAY, time(13, 30))
THURSDAY = answers_on(WEDNESDAY, date(2026, 12, 24), time(8, 30))
MONDAY = answers_on(WEDNESDAY, date(2026, 12, 28), time(8, 30))
JANUARY = answers_on(WEDNESDAY, date(2027, 1, 4), time(8, 30))


def recording(name: str, content: str = "") -> Recording:
    return Recording(name if "." in name else f"{name}.wav", content or f"digest of {name}")


def catalogue(
    *names: str, languages: tuple[str, ...] = ("nl",), texts: tuple[OwnText, ...] = ()
) -> Catalogue:
    return Catalogue(
        COMPANY, MAIL, languages, texts=texts, recordings=tuple(recording(name) for name in names)
    )


def heard(books: Catalogue, kind: PromptKind, answers: Answers, language: str = "nl") -> str:
    """The recordings that are played, without their language and ending."""
    spoken = books.prompt(kind, answers).recorded.get(language, ())
    return " ".join(each.file.removeprefix(f"{language}/").rsplit(".", 1)[0] for each in spoken)


def parts_of(kind: PromptKind, answers: Answers) -> tuple[str, ...]:
    return tuple(f"nl/{part.name}" for part in prompt_parts(kind, "nl", COMPANY, MAIL, answers))


SERVED = [
    # what is recorded, what is to be said, what is heard
    pytest.param(("nl/closed_door",), DOOR, THURSDAY, "closed_door", id="one recording for every closed day"),
    pytest.param(("nl/closed_door",), CLOSED, THURSDAY, "", id="on a holiday nobody works behind any door"),
    pytest.param(("nl/closed_door",), NEUTRAL, UNKNOWN, "", id="nor is it true at any moment"),
    pytest.param(("fr/closed_door",), DOOR, THURSDAY, "", id="another language"),
    pytest.param(
        ("nl/closed_door-tomorrow-thursday", "nl/closed_door-tomorrow", "nl/closed_door"),
        DOOR,
        THURSDAY,
        "closed_door-tomorrow-thursday",
        id="the most specific first",
    ),
    pytest.param(
        ("nl/closed_door-tomorrow-friday", "nl/closed_door-tomorrow", "nl/closed_door"),
        DOOR,
        THURSDAY,
        "closed_door-tomorrow",
        id="not one for another day",
    ),
    pytest.param(
        ("nl/closed_door-within_week-thursday", "nl/closed_door"),
        DOOR,
        THURSDAY,
        "closed_door",
        id="Thursday, but not tomorrow",
    ),
    pytest.param(
        ("nl/closed_door-within_week-monday",), DOOR, MONDAY, "closed_door-within_week-monday", id="on Monday"
    ),
    pytest.param(
        ("nl/closed_door-later-2027-01-04",), DOOR, JANUARY, "closed_door-later-2027-01-04", id="a date"
    ),
    pytest.param(("nl/closed_door-later-2026-01-04",), DOOR, JANUARY, "", id="the same day of another year"),
    pytest.param(("nl/closed_door-within_week-monday",), DOOR, JANUARY, "", id="a Monday, but not this one"),
    pytest.param(("nl/closed-today-1330",), CLOSED, TODAY, "closed-today-1330", id="later today"),
    pytest.param(
        ("nl/closed-today-0830", "nl/closed-today"), CLOSED, TODAY, "closed-today", id="not that time"
    ),
    pytest.param(("nl/closed_door-unknown",), DOOR, UNKNOWN, "closed_door-unknown", id="nobody knows when"),
    pytest.param(("nl/neutral",), NEUTRAL, UNKNOWN, "neutral", id="neutral"),
    pytest.param(
        parts_of(DOOR, THURSDAY),
        DOOR,
        THURSDAY,
        "welcome behind_doors mail tomorrow thursday answers message",
        id="in parts",
    ),
    pytest.param(parts_of(DOOR, THURSDAY), DOOR, MONDAY, "", id="in parts, but not for that day"),
    pytest.param(parts_of(DOOR, THURSDAY)[1:], DOOR, THURSDAY, "", id="in parts, and one is lacking"),
    pytest.param(
        ("nl/closed_door", *parts_of(DOOR, THURSDAY)),
        DOOR,
        THURSDAY,
        "welcome behind_doors mail tomorrow thursday answers message",
        id="parts say the day, which the general recording does not",
    ),
    pytest.param(
        ("nl/closed_door", *parts_of(DOOR, THURSDAY)), DOOR, MONDAY, "closed_door", id="else the general one"
    ),
    pytest.param(
        ("nl/closed_door-tomorrow-thursday", *parts_of(DOOR, THURSDAY)),
        DOOR,
        THURSDAY,
        "closed_door-tomorrow-thursday",
        id="said in one breath before said in parts",
    ),
]


@pytest.mark.parametrize(("recorded", "kind", "answers", "expected"), SERVED)
def test_the_recording_that_serves(
    recorded: tuple[str, ...], kind: PromptKind, answers: Answers, expected: str
) -> None:
    assert heard(catalogue(*recorded), kind, answers) == expected


moments = st.one_of(
    st.just(UNKNOWN),
    st.builds(
        answers_on,
        st.just(WEDNESDAY),
        st.dates(WEDNESDAY, date(2027, 1, 14)),
        st.sampled_from([time(8, 30), time(13, 30)]),
    ),
)
kinds = st.sampled_from(WHOLE)
names = st.one_of(
    st.builds(lambda kind, answers, at: prompt_names(kind, answers)[at], kinds, moments, st.just(0)),
    st.builds(lambda kind, answers: prompt_names(kind, answers)[-1], kinds, moments),
    st.builds(lambda kind, answers: parts_of(kind, answers)[0].removeprefix("nl/"), kinds, moments),
    st.sampled_from(
        [*WEEKDAY_WORDS, *MONTHS, "tomorrow", "on", "answers", "day_4", "message", "mail", "welcome"]
    ),
)


@given(st.sets(names, max_size=40), st.booleans(), kinds, moments)
def test_no_recording_ever_names_another_day(
    recorded: set[str], everything: bool, kind: PromptKind, answers: Answers
) -> None:
    """Whatever lies in the folder: the day that a recording's name names is the day to be said."""
    all_parts = {name.removeprefix("nl/") for name in parts_of(kind, answers)} if everything else set()
    books = catalogue(*(f"nl/{name}" for name in sorted(recorded | all_parts)))
    prompt = books.prompt(kind, answers)
    said = set(prompt_names(prompt.kind, prompt.answers))
    in_parts = [name.removeprefix("nl/") for name in parts_of(prompt.kind, prompt.answers)]
    found = heard(books, kind, answers).split()
    assert not found or found == in_parts or (len(found) == 1 and found[0] in said)


def test_a_recording_counts_by_its_bytes() -> None:
    """New bytes are a new name, so a PBX never plays old sound under a name that means the new."""

    def stem(*recordings: Recording, languages: tuple[str, ...] = ("nl",)) -> str:
        return Catalogue(COMPANY, MAIL, languages, recordings=recordings).prompt(DOOR, THURSDAY).stem

    first, second = recording("nl/closed_door", "one"), recording("nl/closed_door", "two")
    stems = {stem(), stem(first), stem(second), stem(first, recording("nl/closed_door.wav16", "wide"))}
    assert len(stems) == 4
    assert stem(first) == stem(recording("nl/closed_door-tomorrow", "one")), (
        "the name of a file does not count"
    )
    assert stem(first) == stem(first, recording("nl/neutral", "else")), "nor what this prompt does not play"
    assert stem(first) == stem(recording("nl/closed_door.mp3", "one"))


def test_one_recording_for_every_day_is_one_prompt() -> None:
    books = catalogue("nl/closed_door")
    assert books.prompt(DOOR, THURSDAY).stem == books.prompt(DOOR, MONDAY).stem
    spoken = catalogue("nl/closed_door", languages=("nl", "fr"))
    assert spoken.prompt(DOOR, THURSDAY).stem != spoken.prompt(DOOR, MONDAY).stem, "French names the day"


def test_of_two_files_with_one_name_one_is_taken_always() -> None:
    books = catalogue("nl/neutral.mp3", "nl/neutral.wav", "nl/neutral.flac")
    assert [each.file for each in books.prompt(NEUTRAL, UNKNOWN).recorded["nl"]] == ["nl/neutral.wav"]


def test_parts_say_our_sentences_and_never_a_text_of_the_companys_own() -> None:
    own = (OwnText("nl", "closed_door", "Wij werken door. Tot {when}."),)
    assert heard(catalogue(*parts_of(DOOR, THURSDAY), texts=own), DOOR, THURSDAY) == ""
    assert heard(catalogue("nl/closed_door", texts=own), DOOR, THURSDAY) == "closed_door"


NO_NAMES = [
    "closed_dor",
    "closed_door-",
    "closed_door-thursday",
    "closed_door-tomorrow-donderdag",
    "closed_door-tomorrow-",
    "closed_door-later-2027-02-30",
    "closed_door-later-20270104",
    "closed_door-today-2460",
    "closed_door-unknown-monday",
    "neutral-tomorrow",
    "day_0",
    "day_32",
    "time_2400",
    "../closed_door",
    "",
]


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_no_prompt_is_called(name: str) -> None:
    assert not is_recording_name(name)


@given(kinds, moments)
def test_every_name_of_a_prompt_and_its_parts_is_one(kind: PromptKind, answers: Answers) -> None:
    kind_answers = (kind, UNKNOWN if kind is NEUTRAL else answers)
    assert all(is_recording_name(name) for name in prompt_names(*kind_answers))
    assert all(is_recording_path(name) for name in parts_of(*kind_answers))


def test_a_name_needs_a_language() -> None:
    assert is_recording_path("nl/closed_door")
    assert not is_recording_path("closed_door")
    assert not is_recording_path("it/closed_door")


def test_answers_of_the_table_are_of_every_kind() -> None:
    assert {a.relation for a in (TODAY, THURSDAY, MONDAY, JANUARY, UNKNOWN)} == set(Relation)
