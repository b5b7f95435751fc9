"""What docs/prompts.md shows is what callers hear."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from pbxctl.names import LANGUAGES
from pbxctl.plan.answers import UNKNOWN, Answers, answers_on
from pbxctl.prompts.texts import PromptKind, prompt_text

DOCUMENT = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text(encoding="utf-8")
WEDNESDAY = date(2026, 12, 23)
ROWS = {
    "today": answers_on(WEDNESDAY, WEDNESDAY, time(13, 30)),
    "tomorrow": answers_on(WEDNESDAY, date(2026, 12, 24), time(8, 30)),
    "in 2 to 6 days": answers_on(WEDNESDAY, date(2026, 12, 28), time(8, 30)),
    "later": answers_on(WEDNESDAY, date(2027, 1, 4), time(8, 30)),
    "not known": UNKNOWN,
}


def text(language: str, answers: Answers) -> str:
    """The closed-door prompt of the example."""
    return prompt_text(
        PromptKind.CLOSED_DOOR, language, "Bakkerij Peeters", "bestel@bakkerij-peeters.example", answers
    )


def test_the_example_is_the_prompt() -> None:
    shown = " ".join(line[2:] for line in DOCUMENT.splitlines() if line.startswith("> "))
    assert shown == text("nl", ROWS["tomorrow"])


@pytest.mark.parametrize("row", ROWS)
def test_the_table_shows_what_is_said(row: str) -> None:
    line = next(line for line in DOCUMENT.splitlines() if line.startswith(f"| {row} |"))
    for language, cell in zip(LANGUAGES, line.strip("| ").split(" | ")[1:], strict=True):
        # Dutch puts the moment first, so there it begins with a capital.
        assert f" {cell} ".casefold() in text(language, ROWS[row]).replace(".", " .").casefold()
