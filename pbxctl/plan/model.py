"""The plan: the whole configuration worked out. What renderers compile and the simulator interprets.

It names no PBX and holds no secret. Numbers are text, moments are epoch seconds, days are
local dates of the zone beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pbxctl.origin import Origin
from pbxctl.plan.answers import Answers
from pbxctl.plan.flow import Flow
from pbxctl.timeline import Window

PLAN_VERSION = 2

WE_RANG = "callers.we_rang"
"""The rule by which whoever we rang passes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in force in a stretch of time: mode, rung, rule, and when people answer again.

    ``answers`` is None where people answer: there is nothing to announce. Outside of hours that are
    spoken and do not switch, the mode is ordinary and ``answers`` says when they do.
    """

    mode: str
    rung: str
    rule: str
    answers: Answers | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a day: from ``start`` on this stands, up to the next part."""

    start: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class WeeklyTable:
    """The week by the weekly rules alone, in force from ``since`` on (None: from ever).

    ``days`` are seven, Monday first; a part's ``start`` is a second of the *wall clock*, since
    it is for days that nobody has worked out: beyond the horizon, or with the database lost.
    """

    since: date | None
    days: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class TimelinePlan:
    """One schedule worked out: weekly tables, and the dates that differ from them.

    In ``dates`` a part's ``start`` is an *instant* (epoch seconds), so that a wall-clock time
    that comes twice is no riddle. ``windows`` is the same period, joined, and ``holidays`` the
    names of its public holidays, for people to read.
    """

    schedule: str
    zone: str
    weekly: tuple[WeeklyTable, ...]
    dates: Mapping[date, tuple[Part, ...]]
    windows: tuple[Window, ...]
    holidays: Mapping[date, str]


@dataclass(frozen=True, slots=True)
class Did:
    """A number that callers dial, with every way a trunk may spell it.

    ``language`` is what its callers are spoken to in, ``mailbox`` takes their messages first; each is
    None where the route decides.
    """

    number: str
    spellings: tuple[str, ...]
    language: str | None = None
    mailbox: str | None = None


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """One inbound route: its DIDs, its schedule, and its flow for each mode it can be in.

    ``language`` is what its callers are spoken to in, None where it depends on them.
    """

    name: str
    rule: str
    dids: tuple[Did, ...]
    schedule: str
    ordinary: str
    language: str | None
    flows: Mapping[str, Flow]


@dataclass(frozen=True, slots=True)
class DidIn:
    """A trunk that sends every call to one ``extension`` and names the number dialled in ``header``.

    Calls to no number of ours go on to that extension of ``ordinary``.
    """

    header: str
    extension: str
    ordinary: str


@dataclass(frozen=True, slots=True)
class CallerRule:
    """A caller who is on a list, with every spelling of the number and the list's entry."""

    number: str
    spellings: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class RuleNote:
    """Where a rule was written, and what to call it towards a person."""

    origin: Origin
    label: str


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of the company's own for a kind of prompt, with ``{company}``, ``{mail}`` and ``{when}``."""

    language: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Recording:
    """A file below the folder of recordings, such as ``nl/closed_door.wav``, and the SHA-256 of its bytes."""

    file: str
    digest: str


@dataclass(frozen=True, slots=True)
class Company:
    """What prompts say of the company, and what it wrote and recorded itself for them."""

    name: str
    mail: str
    country: str
    languages: tuple[str, ...]
    texts: tuple[OwnText, ...] = ()
    recordings: tuple[Recording, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The whole configuration worked out for ``horizon_days`` local days from ``first_day`` on.

    ``languages_abroad`` are the languages of callers from other countries, by how their numbers
    begin (``+33``, ``0033``); none of these begins another. ``we_rang_s`` is for how many seconds
    whoever was rung from the house passes, by the rule ``callers.we_rang``; None: not at all.
    ``did_in`` is None where the number dialled is the one that calls come for.
    """

    version: int
    instance: str
    first_day: date
    horizon_days: int
    company: Company
    routes: Mapping[str, RoutePlan]
    timelines: Mapping[str, TimelinePlan]
    always_pass: tuple[CallerRule, ...]
    blocked: tuple[CallerRule, ...]
    never_close: tuple[Did, ...]
    refused: Flow
    rules: Mapping[str, RuleNote]
    languages_abroad: Mapping[str, str]
    we_rang_s: int | None = None
    did_in: DidIn | None = None

    def route_of(self, did: str) -> RoutePlan | None:
        """The route that ``did``, in any spelling of a trunk's, belongs to."""
        found = self._by_spelling.get(did)
        return None if found is None else found[0]

    def did_of(self, did: str) -> Did | None:
        """The number that ``did``, in any spelling of a trunk's, is one of."""
        found = self._by_spelling.get(did)
        return None if found is None else found[1]

    @cached_property
    def _by_spelling(self) -> Mapping[str, tuple[RoutePlan, Did]]:
        # Worked out when first asked for; no field, so neither plans that are compared nor JSON know of it.
        found: dict[str, tuple[RoutePlan, Did]] = {}
        for route in self.routes.values():
            for did in route.dids:
                for spelling in did.spellings:
                    found.setdefault(spelling, (route, did))
        return found
