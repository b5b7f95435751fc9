"""Which prompt which moment needs, and which prompts a plan needs in all."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pbxctl.plan.answers import UNKNOWN
from pbxctl.plan.model import Company, Plan, Standing
from pbxctl.plan.modes import REFUSED
from pbxctl.prompts.catalogue import Catalogue, Prompt
from pbxctl.prompts.texts import PromptKind
from pbxctl.timeline import ORDINARY, Rung


def catalogue_of(plan: Plan) -> Catalogue:
    """The catalogue of the plan's company."""
    return _catalogue(plan.company)


@lru_cache(maxsize=64)
def _catalogue(company: Company) -> Catalogue:
    # Whoever asks for each call in turn shall not have the sentences worked out anew for each.
    return Catalogue(company.name, company.mail, company.languages)


def neutral_prompt(catalogue: Catalogue) -> Prompt:
    """What is true at any moment: for whoever cannot know when people answer again."""
    return catalogue.prompt(PromptKind.NEUTRAL, UNKNOWN)


def prompt_of(catalogue: Catalogue, standing: Standing) -> Prompt | None:
    """What a caller hears while this stands; None where nothing is played."""
    if standing.mode in (ORDINARY, REFUSED):
        return None
    if standing.answers is None:
        return neutral_prompt(catalogue)
    # Only on the fixed day do people work behind closed doors; on a holiday that would be untrue.
    kind = PromptKind.CLOSED_DOOR if standing.rung == Rung.CLOSED_DAY else PromptKind.CLOSED
    return catalogue.prompt(kind, standing.answers)


def needed_prompts(plan: Plan, catalogue: Catalogue) -> tuple[Prompt, ...]:
    """Every prompt that the plan can play, each once, in the order of their stems."""
    found = {neutral_prompt(catalogue).stem: neutral_prompt(catalogue)}
    for standing in _standings(plan):
        prompt = prompt_of(catalogue, standing)
        if prompt is not None:
            found[prompt.stem] = prompt
    return tuple(found[stem] for stem in sorted(found))


def _standings(plan: Plan) -> Iterator[Standing]:
    for timeline in plan.timelines.values():
        for parts in timeline.dates.values():
            yield from (part.standing for part in parts)
        for table in timeline.weekly:
            for day in table.days:
                yield from (part.standing for part in day)
