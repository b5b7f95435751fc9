"""The example that comes with pbxctl, as a plan."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pbxctl.config import load_config
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan

FILE = "examples/bakery/pbxctl.yaml"
FIRST_DAY = date(2026, 11, 23)
HORIZON_DAYS = 50


@cache
def bakery_text() -> str:
    return (Path(__file__).parents[2] / FILE).read_text(encoding="utf-8")


def plan_of(text: str, first_day: date = FIRST_DAY, horizon_days: int = HORIZON_DAYS) -> Plan:
    return build_plan(load_config(text.encode(), FILE), first_day, horizon_days)


@cache
def bakery_plan(first_day: date = FIRST_DAY, horizon_days: int = HORIZON_DAYS) -> Plan:
    return plan_of(bakery_text(), first_day, horizon_days)
