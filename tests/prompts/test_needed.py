"""Which prompt a caller hears while something stands: never one that is untrue."""

from __future__ import annotations

import pytest

from pbxctl.plan.answers import UNKNOWN, Answers, Relation
from pbxctl.plan.model import Standing
from pbxctl.prompts.catalogue import Catalogue
from pbxctl.prompts.inventory import inventory
from pbxctl.prompts.needed import prompt_of
from pbxctl.prompts.texts import PromptKind, prompt_text
from tests.plan.bakery import bakery_plan, bakery_text, plan_of

BAKERY = Catalogue("Bakkerij Peeters", "bestel@bakkerij-peeters.example", ("nl", "fr", "de", "en"))
TOMORROW = Answers(Relation.TOMORROW, 4)

HEARD = [
    pytest.param("closed_day", TOMORROW, PromptKind.CLOSED_DOOR, id="the closed day"),
    pytest.param("holiday", TOMORROW, PromptKind.CLOSED, id="a holiday: nobody works behind any door"),
    pytest.param("date", TOMORROW, PromptKind.CLOSED, id="a date of the company's own"),
    pytest.param("hours", TOMORROW, PromptKind.CLOSED, id="outside hours"),
    pytest.param("override", None, PromptKind.NEUTRAL, id="an exception: nobody knows how long it stays"),
]


@pytest.mark.parametrize(("rung", "answers", "kind"), HEARD)
def test_each_reason_has_its_prompt(rung: str, answers: Answers | None, kind: PromptKind) -> None:
    prompt = prompt_of(BAKERY, Standing("voicemail", rung, "any", answers))

    assert prompt is not None
    assert prompt.kind is kind


def test_what_asks_for_a_key_is_needed_in_the_language_of_the_route_alone() -> None:
    text = bakery_text().replace("ring: 20s", 'ring: 20s, confirm: "*"')
    text = text.replace("    schedule: orders\n", "    schedule: orders\n    language: fr\n")
    usual, by_key = (
        {row.name: row.text for row in inventory(plan)} for plan in (bakery_plan(), plan_of(text))
    )
    assert {name: by_key[name] for name in by_key.keys() - usual.keys()} == {
        "fr/confirm-star": "Un appel pour Bakkerij Peeters. Tapez étoile pour le prendre."
    }


@pytest.mark.parametrize("mode", ["ordinary", "refused"])
def test_where_nothing_is_played_there_is_no_prompt(mode: str) -> None:
    assert prompt_of(BAKERY, Standing(mode, "psap", "psap", None)) is None


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("nl", "Op dit moment zijn wij gesloten."),
        ("fr", "Nous sommes fermés en ce moment."),
        ("de", "Zurzeit haben wir geschlossen."),
        ("en", "We are closed at the moment."),
    ],
)
def test_a_holiday_speaks_of_no_closed_doors(language: str, says: str) -> None:
    text = prompt_text(PromptKind.CLOSED, language, "Peeters", "info@peeters.be", UNKNOWN)
    doors = prompt_text(PromptKind.CLOSED_DOOR, language, "Peeters", "info@peeters.be", UNKNOWN)

    assert says in text
    assert says not in doors
