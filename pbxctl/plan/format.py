"""The plan as text, version 2: what a revision keeps of it, readable for ever.

Version 1 is read too, and means what it meant: a caller's country and number dialled say nothing of
the language there.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pbxctl.errors import InputWrong
from pbxctl.plan.model import PLAN_VERSION, Plan


def plan_to_json(plan: Plan) -> str:
    """The plan as JSON. The same plan gives the same bytes; its version stands first."""
    return json.dumps(_plain(plan), indent=1, ensure_ascii=False) + "\n"


def plan_from_json(text: str) -> Plan:
    """Read what :func:`plan_to_json` wrote.

    Raises:
        InputWrong: it is no plan, it was changed by hand, or a newer pbxctl wrote it.
    """
    document = _document(text)
    version = document.get("version")
    if isinstance(version, int) and version > PLAN_VERSION:
        raise InputWrong(
            f"this plan has version {version}, and this pbxctl reads version {PLAN_VERSION}: update pbxctl"
        )
    if version == 1:
        document = _from_version_1(document)
        text = json.dumps(document)
    elif version != PLAN_VERSION:
        raise InputWrong(f"this is no plan of pbxctl: its version is {version!r}, not {PLAN_VERSION}")
    try:
        plan = _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputWrong(f"this is no whole plan of pbxctl: {where}: {first['msg']}") from None
    # What the models do not know they leave out; and what was left out, nobody would miss.
    if _plain(plan) != document:
        raise InputWrong("this plan holds what pbxctl did not write into it; take it from a fresh render")
    return plan


def _plain(plan: Plan) -> dict[str, Any]:
    """The plan as JSON holds it; what nobody wrote or recorded is not mentioned."""
    document: dict[str, Any] = _adapter().dump_python(plan, mode="json")
    for key in ("texts", "recordings"):
        if not document["company"][key]:
            del document["company"][key]
    for route in _values(document["routes"]):
        for flow in _values(route["flows"]):
            for step in _values(flow["steps"]):
                if step.get("fixed") is False:
                    del step["fixed"]
                for key in ("diverted", "confirm"):
                    if step.get(key, "") is None:
                        del step[key]
    return document


def _from_version_1(document: dict[str, Any]) -> dict[str, Any]:
    """The same plan in the words of version 2; what is no plan is left for the models to refuse."""
    dids = [did for route in _values(document.get("routes")) for did in _values(route.get("dids"))]
    for did in (*dids, *_values(document.get("never_close"))):
        did.setdefault("language", None)
        did.setdefault("mailbox", None)
    return {**document, "version": PLAN_VERSION, "languages_abroad": {}, "we_rang_s": None, "did_in": None}


def _values(part: object) -> list[dict[str, Any]]:
    entries = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [entry for entry in entries if isinstance(entry, dict)]


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputWrong(f"this is no plan of pbxctl, for it is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise InputWrong("this is no plan of pbxctl: it holds no keys")
    return document


@cache
def _adapter() -> TypeAdapter[Plan]:
    # Built when first needed: it takes as long as reading a configuration.
    return TypeAdapter(Plan)
