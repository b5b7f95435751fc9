"""Editors are never told that something right is wrong, and are told most of what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pbxctl.config.schema import DESCRIPTIONS, json_schema
from tests.config.json_schema import as_editors_read, complaints

TESTS = Path(__file__).parents[1]
SCHEMA = json_schema()
RIGHT = [
    *sorted(TESTS.parent.glob("examples/*/pbxctl.yaml")),
    TESTS / "config" / "good.yaml",
    TESTS / "checks" / "quiet.yaml",
    *sorted(TESTS.glob("checks/warnings/*.yaml")),
]
SEEN_BY_EDITORS = [
    "key-unknown",
    "key-unknown-top",
    "key-unknown-date",
    "key-missing",
    "key-missing-inside",
    "section-missing",
    "mode-unknown",
    "hours-without-outside",
    "company-language",
    "list-as-text",
    "list-empty",
    "mapping-as-text",
    "text-as-list",
    "pbx-caller-id",
    "pbx-kind",
    "pbx-port",
    "service-max-calls",
    "modes-step-unknown",
    "modes-word-unknown",
    "modes-two-kinds",
    "modes-key-of-another-kind",
    "modes-empty",
    "prompts-key",
    "prompts-key-hash",
    "prompts-key-none",
]


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_right_is_right_to_an_editor_too(path: Path) -> None:
    assert complaints(SCHEMA, as_editors_read(path.read_text())) == []


SPELLINGS = [
    ("closed_day: {weekday: wednesday, since", "closed_day: {weekday: Wed, since"),
    (
        "{weekday: wednesday, since: 2026-12-02, mode: voicemail}",
        "[{weekday: fri, since: 2026-12-02, mode: voicemail}, {weekday: none, since: 2028-01-05}]",
    ),
    ('dids: ["09 233 44 66"]', "dids: [092334466, 0032 9 233 44 67]"),
    ("name: Bakkerij Peeters", "name: 1985"),
    ("mon-fri: 08:30-17:30", "mon-thu: [08:30-12:00, 13:00-17:30], Fri: closed"),
    ("on: 2027-01-06", "from: 2027-01-06 12:00, to: 2027-01-07"),
    ("user: pbxctl", "port: 5039, user: 1000"),
    ("outside: voicemail", "outside: reception"),
    ("routes:", 'prompts: {skip_key: "*", language_keys: {fr: 2, nl: "3"}}\nroutes:'),
    ("routes:", "prompts: {skip_key: 0, language_keys: {}}\nroutes:"),
    (
        "routes:",
        """modes:
  reception:
    - play
    - {play: prompt, keys: {1: service, 2: next}}
    - ask: {1: service, "*": message}
      wait: 5s
    - {name: service, dial: "02 555 01 02", ring: 20s, max_calls: 2, busy: message, capped: neutral}
    - {name: message, voicemail: 100@default, failed: hangup}
    - {record: 60s}
    - hangup: busy
routes:""",
    ),
]


@pytest.mark.parametrize(("before", "after"), SPELLINGS)
def test_each_way_to_write_a_value_is_right_to_an_editor(before: str, after: str) -> None:
    text = (TESTS / "config" / "good.yaml").read_text()
    assert before in text
    assert complaints(SCHEMA, as_editors_read(text.replace(before, after))) == []


@pytest.mark.parametrize("name", SEEN_BY_EDITORS)
def test_an_editor_underlines(name: str) -> None:
    text = (TESTS / "config" / "mistakes" / f"{name}.yaml").read_text()
    assert complaints(SCHEMA, as_editors_read(text)) != []


@pytest.mark.parametrize(
    "prompts",
    [
        {"skip_key": 10},
        {"skip_key": "#"},
        {"skip_key": [1]},
        {"language_keys": {"fr": 10}},
        {"language_keys": {"it": 2}},
        {"language_keys": {"fr": "two"}},
        {"language_keys": 2},
    ],
)
def test_an_editor_knows_the_keys_of_a_telephone_and_the_languages(prompts: object) -> None:
    content = as_editors_read((TESTS / "config" / "good.yaml").read_text())
    assert complaints(SCHEMA, {**content, "prompts": prompts}) != []


def properties(schema: Any = SCHEMA) -> dict[str, dict[str, Any]]:
    models = {"Config": schema, **schema["$defs"]}
    return {
        f"{name}.{key}": each
        for name, model in models.items()
        for key, each in model.get("properties", {}).items()
    }


def test_keys_are_explained_and_no_explanation_is_left_over() -> None:
    known = properties()
    assert set(DESCRIPTIONS) <= set(known)
    assert {key for key, each in known.items() if each.get("description")} == set(DESCRIPTIONS)


def test_examples_are_right_by_the_schema_itself() -> None:
    shown = 0
    for each in properties().values():
        for example in each.get("examples", ()):
            value = int(example) if each.get("type") == "integer" else example
            assert list(complaints({**each, "$defs": SCHEMA["$defs"]}, value)) == []
            shown += 1
    assert shown > 15


def test_it_is_json_and_says_its_dialect() -> None:
    assert json.loads(json.dumps(SCHEMA))["$schema"] == "http://json-schema.org/draft-07/schema#"
