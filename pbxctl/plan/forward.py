"""A forward to an outside number, as a step of a route's flows."""

from __future__ import annotations

from collections.abc import Mapping

from pbxctl.config.models import AnsweringService, Config, Route
from pbxctl.config.steps import OwnStep
from pbxctl.numbers import spellings, ways_to_dial
from pbxctl.plan.flow import Confirm, Dial

CONFIRM_WAIT_S, CONFIRM_TRIES = 4, 2
"""A person needs a moment from the ear to the keys, and may have heard half; the caller waits meanwhile."""


def forward(
    name: str, to: AnsweringService | OwnStep, exits: Mapping[str, str], route: Route, config: Config
) -> Dial:
    """A forward of the route's calls to an outside number."""
    if config.pbx.dial_out is None:
        raise ValueError("the configuration was not checked: a forward needs pbx.dial_out")
    country = config.company.country
    ours = (spelling for number in route.numbers for spelling in spellings(number, country))
    return Dial(
        name=name,
        context=config.pbx.dial_out.context,
        numbers=ways_to_dial(to.number, country),
        shown=route.numbers[0] if config.pbx.dial_out.caller_id == "own" else None,
        loop=tuple(sorted({*spellings(to.number, country), *ours})),
        ring_s=to.ring,
        max_calls=to.max_calls,
        exits=exits,
        diverted=route.numbers[0],
        confirm=_confirm(to, route, config),
    )


def _confirm(to: AnsweringService | OwnStep, route: Route, config: Config) -> Confirm | None:
    """In the route's language: who picks up works for the company, whatever its caller speaks."""
    if not to.confirm:
        return None
    return Confirm(to.confirm, route.language or config.company.languages[0], CONFIRM_WAIT_S, CONFIRM_TRIES)
