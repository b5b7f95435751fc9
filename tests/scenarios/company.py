"""The company that is called in these tests: small, with a day for each mode, and quick to listen to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

from pbxctl.config import load_config
from pbxctl.plan.build import build_plan
from pbxctl.plan.flow import Dial, Flow, Record, Step
from pbxctl.plan.model import Plan
from pbxctl.prompts.catalogue import Prompt
from pbxctl.prompts.needed import catalogue_of, needed_prompts

ZONE = ZoneInfo("Europe/Brussels")
FIRST_DAY = date(2020, 1, 1)
HORIZON_DAYS = 40

CLOSED_WEDNESDAY = datetime(2020, 1, 8, 12, tzinfo=ZONE)
STOCK_TAKING = datetime(2020, 1, 9, 12, tzinfo=ZONE)
ORDINARY_FRIDAY = datetime(2020, 1, 10, 12, tzinfo=ZONE)
OVERRIDDEN = datetime(2020, 1, 6, 12, tzinfo=ZONE)
OWN_MODES = datetime(2020, 1, 16, 12, tzinfo=ZONE)
OVERRIDE_UNTIL = datetime(2020, 1, 7, tzinfo=ZONE)
"""Moments at which the company is in each mode; an override, where there is one, ends before the others."""

RING_S = 2
RECORD_S = 6


class At(StrEnum):
    """The ways in which a caller meets closed doors."""

    VOICEMAIL = "voicemail"
    ANSWERING_SERVICE = "answering_service"
    OVERRIDE = "override"

    @property
    def moment(self) -> datetime:
        return {
            At.VOICEMAIL: CLOSED_WEDNESDAY,
            At.ANSWERING_SERVICE: STOCK_TAKING,
            At.OVERRIDE: OVERRIDDEN,
        }[self]


@dataclass(frozen=True)
class Company:
    """One instance of pbxctl on the PBX, told apart by ``number`` in all its names and numbers.

    ``modes`` are of its own, each in force on a day of its own (:meth:`day_of`). ``weekly`` leaves
    out the closed Wednesday where it is false: then it is ordinary at any real moment. ``name``,
    ``reason`` and ``mail`` are free text of the configuration; ``more_keys`` adds
    values to it by their dotted paths.
    """

    number: int
    weekly: bool = True
    caller_id: Literal["own", "caller"] = "own"
    max_calls: int = 4
    confirm: str = ""
    name: str = "Bakkerij Peeters"
    reason: str = "stock-taking"
    mail: str = "bestel@bakkerij-peeters.example"
    always_pass: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    ring_s: int = RING_S
    more_steps: tuple[Step, ...] = field(default=())
    more_keys: tuple[tuple[str, Any], ...] = ()
    modes: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    own_steps: tuple[tuple[str, str], ...] = ()

    @property
    def instance(self) -> str:
        return f"c{self.number}"

    @property
    def prefix(self) -> str:
        return f"pbxctl-{self.instance}"

    @property
    def did(self) -> str:
        return f"+3292{self.number:03}100"

    @property
    def unlisted(self) -> str:
        """A number of the company's that no route has."""
        return f"+3292{self.number:03}199"

    @property
    def service(self) -> str:
        """The answering service, as the company's phones dial it."""
        return f"022{self.number:03}500"

    @property
    def ordinary(self) -> str:
        return f"ordinary-{self.instance}"

    @property
    def outbound(self) -> str:
        return f"outbound-{self.instance}"

    @property
    def mailbox_context(self) -> str:
        return f"boxes-{self.instance}"

    @property
    def templates(self) -> dict[str, str]:
        """The files that steps of its own modes run."""
        return dict(self.own_steps)

    def day_of(self, mode: str) -> datetime:
        """A moment at which it is in that mode of its own."""
        index = [name for name, _ in self.modes].index(mode)
        return OWN_MODES + timedelta(days=index)

    @cached_property
    def plan(self) -> Plan:
        """The plan, its waits cut to what a test has time for."""
        text = yaml.safe_dump(self._content(), allow_unicode=True, width=10**6)
        loaded = replace(load_config(text.encode(), "pbxctl.yaml"), templates=self.templates)
        plan = build_plan(loaded, FIRST_DAY, HORIZON_DAYS)
        routes = {
            name: replace(route, flows={mode: self._quick(flow) for mode, flow in route.flows.items()})
            for name, route in plan.routes.items()
        }
        return replace(plan, routes=routes)

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        """The prompts that its callers may hear."""
        return needed_prompts(self.plan, catalogue_of(self.plan))

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way in which a trunk may spell its number."""
        return self.plan.routes["main"].dids[0].spellings

    def _quick(self, flow: Flow) -> Flow:
        def quick(step: Step) -> Step:
            match step:
                case Dial():
                    asked = None if step.confirm is None else replace(step.confirm, wait_s=1)
                    return replace(step, ring_s=self.ring_s, confirm=asked)
                case Record():
                    return replace(step, max_s=RECORD_S)
            return step

        first = self.more_steps if flow.mode == "voicemail" else ()
        return Flow(flow.mode, (*first, *(quick(step) for step in flow.steps)))

    def _content(self) -> dict[str, Any]:
        office: dict[str, Any] = {
            "dates": [
                {"on": "2020-01-09", "mode": "answering_service", "reason": self.reason},
                *({"on": f"{self.day_of(name):%Y-%m-%d}", "mode": name} for name, _ in self.modes),
            ]
        }
        if self.weekly:
            office["closed_day"] = {"weekday": "wednesday", "since": "2020-01-01", "mode": "voicemail"}
        content: dict[str, Any] = {
            "version": "1",
            "company": {
                "name": self.name,
                "mail": self.mail,
                "timezone": "Europe/Brussels",
                "country": "BE",
                "languages": ["nl"],
            },
            "pbx": {
                "kind": "asterisk",
                "instance": self.instance,
                "dial_out": {"context": self.outbound, "caller_id": self.caller_id},
            },
            "schedules": {"office": office},
            "modes": {name: list(steps) for name, steps in self.modes},
            "routes": {
                "main": {
                    "dids": [self.did],
                    "schedule": "office",
                    "ordinary": self.ordinary,
                    "mailbox": f"100@{self.mailbox_context}",
                    "answering_service": {
                        "number": self.service,
                        "ring": "5s",
                        "max_calls": str(self.max_calls),
                        **({"confirm": self.confirm} if self.confirm else {}),
                    },
                }
            },
            "callers": {"always_pass": list(self.always_pass), "blocked": list(self.blocked)},
        }
        for path, value in self.more_keys:
            *parts, last = path.split(".")
            place = content
            for part in parts:
                place = place[part]
            place[last] = value
        return content
