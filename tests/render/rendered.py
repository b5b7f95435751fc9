"""The example, rendered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pbxctl.plan.model import Plan
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.render.rendering import Rendering
from tests.plan.bakery import bakery_plan

FOLDER = Path(__file__).parents[2] / "dialplans" / "asterisk"


@cache
def templates() -> Mapping[str, str]:
    return {
        file.relative_to(FOLDER).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(FOLDER.rglob("*.j2"))
    }


def render(plan: Plan, changed: Mapping[str, str] | None = None, *, rehearsal: bool = False) -> Rendering:
    return render_asterisk(plan, {**templates(), **(changed or {})}, AsteriskSettings(rehearsal=rehearsal))


@cache
def bakery_rendering(*, rehearsal: bool = False) -> Rendering:
    return render(bakery_plan(), rehearsal=rehearsal)


def code_of(rendering: Rendering) -> str:
    return rendering.files[f"pbxctl-{rendering.generation}.conf"]
