"""Models never change, come back from what they were dumped as, and cannot contradict themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from pbxctl.config import AnsweringService, Config, DateRule, Hours, Route, load_config
from pbxctl.config.checks import modes_of
from pbxctl.config.fields import Part

GOOD = load_config(Path(__file__).with_name("good.yaml").read_bytes(), "pbxctl.yaml").config


def test_a_configuration_comes_back_from_its_dump() -> None:
    assert Config.model_validate(GOOD.model_dump()) == GOOD
    assert Config.model_validate_json(GOOD.model_dump_json()) == GOOD


def values(model: BaseModel) -> list[object]:
    """A model and everything in it."""
    found: list[object] = [model]
    for value in dict(model).values():
        for part in value.values() if isinstance(value, Mapping) else (value,):
            found += values(part) if isinstance(part, BaseModel) else [part]
    return found


def test_no_model_can_be_changed_and_no_list_is_left_in_it() -> None:
    everything = values(GOOD)
    assert len(everything) > 50
    for value in everything:
        assert not isinstance(value, list | set)
        if isinstance(value, BaseModel):
            name = next(iter(type(value).model_fields))
            with pytest.raises(ValidationError, match="frozen"):
                setattr(value, name, getattr(value, name))


def test_a_model_that_is_built_takes_values_and_canonical_numbers_only() -> None:
    service = AnsweringService(number="+3225550102", ring=20)
    assert (service.ring, service.max_calls) == (20, 4)
    with pytest.raises(ValidationError, match="not a canonical number"):
        AnsweringService(number="02 555 01 02", ring=20)
    with pytest.raises(ValidationError):
        AnsweringService(number="+3225550102", ring=200)
    with pytest.raises(ValidationError):
        Route.model_validate({"dids": ["+3292334455"], "schedule": "a", "ordinary": "b", "unknown": 1})


@pytest.mark.parametrize(
    "spans",
    [
        ((),) * 6,
        (((600, 500),), *[()] * 6),
        (((0, 1441),), *[()] * 6),
        (((-1, 5),), *[()] * 6),
        (((5, 5),), *[()] * 6),
        (((500, 600), (300, 400)), *[()] * 6),
        (((300, 600), (500, 700)), *[()] * 6),
    ],
)
def test_hours_that_are_no_week_cannot_be_built(spans: Any) -> None:
    with pytest.raises(ValidationError):
        Hours(spans=spans, outside="voicemail")


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": "voicemail", "ordinary_day": True},
        {"mode": None, "ordinary_day": False},
        {"mode": "voicemail", "end": "2027-01-01T00:00"},
        {"mode": "voicemail", "end": "2027-01-02T00:00Z"},
        {"mode": "open!"},
    ],
)
def test_a_date_rule_that_says_nothing_cannot_be_built(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DateRule.model_validate({"start": "2027-01-01T00:00", "end": "2027-01-02T00:00", **fields})


def test_a_configuration_that_contradicts_itself_cannot_be_built() -> None:
    dump = GOOD.model_dump()
    dump["routes"]["main"]["schedule"] = "elsewhere"
    with pytest.raises(ValidationError, match="there is no schedule"):
        Config.model_validate(dump)


def test_the_modes_of_a_schedule_come_with_the_rules_that_name_them() -> None:
    named = [(path[2:], mode) for path, mode in modes_of("office", GOOD.schedules["office"])]
    assert named == [
        (("closed_day",), "voicemail"),
        (("holidays",), "voicemail"),
        (("hours", "outside"), "voicemail"),
    ]


FORMATS = Path(__file__).parents[1] / "formats" / "v1" / "configuration"


@pytest.mark.parametrize("sample", sorted(FORMATS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_pinned_sample_stays_readable_and_keeps_its_meaning(sample: Path) -> None:
    config = load_config(sample.read_bytes(), sample.name).config
    kept = json.loads(sample.with_suffix(".json").read_text())
    # A later pbxctl may know more keys; what they hold where nobody wrote them changes nothing.
    assert Config.model_validate(kept) == config
    assert within(kept, config.model_dump(mode="json"))


def within(part: Any, whole: Any) -> bool:
    """Whether ``whole`` holds all of ``part``, and in its mappings perhaps more."""
    if isinstance(part, dict):
        return all(key in whole and within(value, whole[key]) for key, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return bool(part == whole)


def test_the_example_is_right() -> None:
    example = Path(__file__).parents[2] / "examples" / "bakery" / "pbxctl.yaml"
    config = load_config(example.read_bytes(), example.name).config
    assert {name: route.schedule for name, route in config.routes.items()} == {
        "main": "office",
        "orders": "orders",
    }


def keys_of(kind: Any) -> set[str]:
    """The keys that a file may hold below a type."""
    if isinstance(kind, type) and issubclass(kind, Part):
        below = set().union(*(keys_of(field.annotation) for field in kind.model_fields.values()))
        return set(kind.file_keys or kind.model_fields) | below
    return set().union(*(keys_of(argument) for argument in get_args(kind)))


def test_every_key_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()
    keys = keys_of(Config)
    assert len(keys) > 35
    # The days between stand in the document's ranges; containers are named by what they hold.
    not_named = {"tue", "wed", "thu", "fri", "sat"}
    assert {key for key in keys if not re.search(rf"[`.]{key}[`.]", text)} == not_named
