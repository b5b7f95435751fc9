"""Every prompt of a plan in every language, as a person looks through them."""

from __future__ import annotations

from dataclasses import dataclass

from pbxctl.plan.model import Plan
from pbxctl.prompts.findings import prompt_name
from pbxctl.prompts.needed import catalogue_of, needed_sayings
from pbxctl.prompts.parts import prompt_parts

SYNTHESISED, RECORDED, IN_PARTS = "synthesised", "recorded", "recorded in parts"


@dataclass(frozen=True, slots=True)
class Row:
    """A prompt in a language: its most specific ``name``, who speaks it, and its ``file`` once it is built.

    ``recordings`` are the files that are played; ``text`` is what is, or is meant to be, said.
    """

    name: str
    language: str
    voice: str
    recordings: tuple[str, ...]
    file: str
    text: str


def inventory(plan: Plan) -> tuple[Row, ...]:
    """The prompts that the plan needs, by language, in the order of their kinds."""
    rows = []
    for language in plan.company.languages:
        for prompt in needed_sayings(plan, catalogue_of(plan)):
            if language not in prompt.texts:
                continue
            recorded = prompt.recorded.get(language, ())
            voice = (SYNTHESISED, RECORDED, IN_PARTS)[min(len(recorded), 2)]
            rows.append(
                Row(
                    prompt_name(prompt, language),
                    language,
                    voice,
                    tuple(spoken.file for spoken in recorded),
                    prompt.file(language),
                    prompt.texts[language],
                )
            )
    return tuple(rows)


def part_rows(plan: Plan) -> tuple[tuple[str, bool, str], ...]:
    """Every part of a prompt that the plan needs: its name, whether it is recorded, and its words."""
    catalogue = catalogue_of(plan)
    found: dict[str, str] = {}
    for language in catalogue.languages:
        for prompt in needed_sayings(plan, catalogue):
            if not catalogue.own_text(prompt.kind, language):
                for part in prompt_parts(
                    prompt.kind, language, catalogue.company, catalogue.mail, prompt.answers
                ):
                    found.setdefault(f"{language}/{part.name}", part.text)
    return tuple((name, name in catalogue.shelf.names, text) for name, text in found.items())
