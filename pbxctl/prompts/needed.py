"""Which prompt which moment needs, and which prompts a plan needs in all."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pbxctl.plan.answers import UNKNOWN, Relation
from pbxctl.plan.flow import Confirm, Dial, Offer, Play, Sound, Step
from pbxctl.plan.model import Company, Plan, Standing
from pbxctl.plan.modes import REFUSED
from pbxctl.prompts.catalogue import Catalogue, Prompt
from pbxctl.prompts.kinds import PromptKind
from pbxctl.timeline import ORDINARY, Rung


def catalogue_of(plan: Plan) -> Catalogue:
    """The catalogue of the plan's company."""
    return _catalogue(plan.company)


@lru_cache(maxsize=64)
def _catalogue(company: Company) -> Catalogue:
    # Whoever asks for each call in turn shall not have the sentences worked out anew for each.
    return Catalogue(
        company.name,
        company.mail,
        company.languages,
        texts=company.texts,
        recordings=company.recordings,
    )


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


def prompt_of_step(catalogue: Catalogue, step: Step) -> Prompt | None:
    """The prompt that a step plays by itself, whatever the decision; None where it plays none."""
    match step:
        case Play(sound=Sound.FELL_BACK):
            return catalogue.prompt(PromptKind.FELL_BACK)
        case Play(sound=Sound.MAILBOX_FULL):
            return catalogue.prompt(PromptKind.MAILBOX_FULL)
        case Offer():
            return catalogue.prompt(PromptKind.LANGUAGE, language=step.language, key=step.key)
        case Dial(confirm=Confirm(key, language)):
            return catalogue.prompt(PromptKind.CONFIRM, language=language, key=key)
    return None


def needed_prompts(plan: Plan, catalogue: Catalogue) -> tuple[Prompt, ...]:
    """Every prompt that the plan can play, each once, in the order of their stems."""
    found = {prompt.stem: prompt for prompt in reversed(needed_sayings(plan, catalogue))}
    return tuple(found[stem] for stem in sorted(found))


def needed_sayings(plan: Plan, catalogue: Catalogue) -> tuple[Prompt, ...]:
    """The same by what is said: one recording may serve several, which then share their stem.

    In the order of their kinds, then of how far away the answering moment is.
    """
    found: dict[tuple[str, str], Prompt] = {}
    # The weekday of an answer on the same day is not said, so its name is what tells sayings apart.
    standing = (prompt_of(catalogue, each) for each in _standings(plan))
    in_flows = (prompt_of_step(catalogue, step) for step in _steps(plan))
    for prompt in (neutral_prompt(catalogue), *standing, *in_flows):
        if prompt is not None:
            found.setdefault((prompt.names[0], prompt.said.language), prompt)
    kinds, relations = list(PromptKind), list(Relation)

    def order(prompt: Prompt) -> tuple[int, int, str, str]:
        answers = prompt.answers
        return (kinds.index(prompt.kind), relations.index(answers.relation), repr(answers), prompt.key)

    return tuple(sorted(found.values(), key=order))


def _steps(plan: Plan) -> Iterator[Step]:
    for route in plan.routes.values():
        for flow in route.flows.values():
            yield from flow.steps


def _standings(plan: Plan) -> Iterator[Standing]:
    for timeline in plan.timelines.values():
        for parts in timeline.dates.values():
            yield from (part.standing for part in parts)
        for table in timeline.weekly:
            for day in table.days:
                yield from (part.standing for part in day)
