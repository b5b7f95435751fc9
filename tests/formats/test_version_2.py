"""What version 2 wrote stays readable for ever.

The samples in ``v2/`` are never changed: a format that must change gets a new version, and a folder.
"""

from __future__ import annotations

import json
from pathlib import Path

from pbxctl.plan.flow import Confirm, Dial
from pbxctl.plan.format import plan_from_json, plan_to_json
from pbxctl.plan.model import DidIn

PLAN = (Path(__file__).parent / "v2" / "plan" / "bakery.json").read_text(encoding="utf-8")


def test_a_forward_that_is_taken_by_a_key_is_read() -> None:
    document = json.loads(PLAN)
    service = document["routes"]["orders"]["flows"]["answering_service"]["steps"][0]
    service["confirm"] = {"key": "*", "language": "fr", "wait_s": 4, "tries": 2}
    service["exits"]["unconfirmed"] = "end"
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    plan = plan_from_json(text)
    assert plan_to_json(plan) == text
    step = plan.routes["orders"].flows["answering_service"].step("service")
    assert isinstance(step, Dial)
    assert step.confirm == Confirm("*", "fr", 4, 2)


def test_the_plan_is_read_to_the_last_value() -> None:
    plan = plan_from_json(PLAN)
    assert plan_to_json(plan) == PLAN
    assert plan.routes["main"].language is None
    assert [did.language for did in plan.routes["main"].dids] == [None, "fr"]
    assert [did.mailbox for did in plan.routes["main"].dids] == [None, "156@default"]
    service = plan.routes["orders"].flows["answering_service"].step("service")
    assert isinstance(service, Dial)
    assert service.diverted == "+3292334466"
    assert plan.did_in == DidIn("To", "s", "from-provider-ordinary")
    assert plan.we_rang_s == 4 * 3600
    assert plan.languages_abroad["0033"] == "fr"
    steps = [step.name for step in plan.routes["main"].flows["voicemail"].steps]
    assert steps[:4] == ["offer_fr", "offer_en", "prompt", "speak_fr"]
