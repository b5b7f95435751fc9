"""A prompt bears the name of its content: nothing else changes it, and every change of a text does."""

from __future__ import annotations

import json
import os
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxctl.names import LANGUAGES
from pbxctl.plan.answers import UNKNOWN, answers_on
from pbxctl.prompts.catalogue import Catalogue, prompt_stem
from pbxctl.prompts.kinds import DATED
from pbxctl.prompts.texts import PromptKind

GOLDEN = Path(__file__).parent / "golden" / "stems.json"
WEDNESDAY = date(2026, 12, 23)
ANSWERS = {
    "today": answers_on(WEDNESDAY, WEDNESDAY, time(13, 30)),
    "tomorrow": answers_on(WEDNESDAY, WEDNESDAY + timedelta(1), time(8, 30)),
    "within_week": answers_on(WEDNESDAY, WEDNESDAY + timedelta(5), time(8, 30)),
    "later": answers_on(WEDNESDAY, WEDNESDAY + timedelta(12), time(8, 30)),
    "unknown": UNKNOWN,
}

texts = st.dictionaries(st.sampled_from(LANGUAGES), st.text(), min_size=1)


def catalogue(
    mail: str = "bestel@bakkerij-peeters.example", languages: tuple[str, ...] = LANGUAGES
) -> Catalogue:
    return Catalogue("Bakkerij Peeters", mail, languages)


def test_names_and_texts_are_those_of_the_golden_sample() -> None:
    """A change here renames sounds on every PBX: it has to be meant, and then the sample is renewed."""
    prompts = {
        f"{kind} {name}": catalogue().prompt(kind, answers)
        for kind in DATED
        for name, answers in ANSWERS.items()
    }
    prompts["neutral"] = catalogue().prompt(PromptKind.NEUTRAL, UNKNOWN)
    found = {name: {"stem": prompt.stem, "texts": dict(prompt.texts)} for name, prompt in prompts.items()}
    if os.environ.get("PBXCTL_UPDATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_same_prompt_is_worked_out_once() -> None:
    books = catalogue()
    prompt = books.prompt(PromptKind.CLOSED_DOOR, ANSWERS["later"])
    assert books.prompt(PromptKind.CLOSED_DOOR, ANSWERS["later"]) is prompt
    assert catalogue().prompt(PromptKind.CLOSED_DOOR, ANSWERS["later"]) == prompt
    assert len({prompt, catalogue().prompt(PromptKind.CLOSED_DOOR, ANSWERS["later"])}) == 1


def test_the_neutral_prompt_is_one_whatever_the_moment() -> None:
    found = {catalogue().prompt(PromptKind.NEUTRAL, answers) for answers in ANSWERS.values()}
    assert [prompt.answers for prompt in found] == [UNKNOWN]


def test_every_other_moment_has_another_name() -> None:
    stems = {catalogue().prompt(PromptKind.CLOSED_DOOR, answers).stem for answers in ANSWERS.values()}
    assert len(stems) == len(ANSWERS)


def test_a_file_is_named_by_language_and_stem() -> None:
    prompt = catalogue(languages=("nl", "fr")).prompt(PromptKind.NEUTRAL, UNKNOWN)
    assert prompt.file("fr") == f"fr/{prompt.stem}.wav"
    with pytest.raises(KeyError):
        prompt.file("de")


def test_another_address_language_or_voice_is_another_name() -> None:
    stems = {
        books.prompt(PromptKind.NEUTRAL, UNKNOWN).stem
        for books in (
            catalogue(),
            catalogue(mail="info@peeters.be"),
            catalogue(languages=("nl", "fr")),
            Catalogue("Bakkerij Peeters", "bestel@bakkerij-peeters.example", LANGUAGES, voice="other"),
        )
    }
    assert len(stems) == 4


@given(texts)
def test_the_order_of_the_languages_does_not_matter(spoken: dict[str, str]) -> None:
    backwards = dict(reversed(spoken.items()))
    assert prompt_stem(spoken) == prompt_stem(backwards)
    assert len(prompt_stem(spoken)) == 12
    assert int(prompt_stem(spoken), 16) >= 0


@given(texts, st.data())
def test_any_other_text_is_another_name(spoken: dict[str, str], data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(sorted(spoken)))
    other = data.draw(st.text().filter(lambda text: text != spoken[language]))
    assert prompt_stem(spoken) != prompt_stem({**spoken, language: other})


def test_texts_cannot_run_into_each_other() -> None:
    assert prompt_stem({"nl": "a", "fr": "b"}) != prompt_stem({"nl": 'a","fr":"b'})
