"""Which language a caller is spoken to in. The only implementation of that rule.

The rendered dialplan is its compiled form; a differential test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pbxctl.decision.facts import Facts
from pbxctl.numbers import dialled_key
from pbxctl.plan.model import Plan, RoutePlan


class Because(StrEnum):
    """What said so; the first that knows wins, in this order."""

    MARK = "mark"  # the caller has chosen it before, or somebody did for them
    DID = "did"  # the number dialled has a language of its own
    ROUTE = "route"  # the route has one
    COUNTRY = "country"  # the country that the caller's number belongs to
    COMPANY = "company"  # nobody knew better: the company's first


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language of the company's, and what chose it."""

    language: str
    because: Because


def language_of(plan: Plan, route: RoutePlan, did: str, caller: str, facts: Facts) -> Spoken:
    """The language of a call to ``did`` of ``route`` from ``caller``, both as the trunk spells them.

    A mark for a language that the company no longer speaks counts as none.
    """
    key = dialled_key(caller)
    marked = facts.languages.get(key)
    if marked in plan.company.languages:
        return Spoken(marked, Because.MARK)
    own = plan.did_of(did)
    if own is not None and own.language is not None:
        return Spoken(own.language, Because.DID)
    if route.language is not None:
        return Spoken(route.language, Because.ROUTE)
    for prefix, language in plan.languages_abroad.items():
        if key.startswith(prefix):
            return Spoken(language, Because.COUNTRY)
    return Spoken(plan.company.languages[0], Because.COMPANY)
