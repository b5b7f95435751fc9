"""What a host remembers stays readable for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pbxctl.errors import InputWrong
from pbxctl.reconcile.records import (
    Applied,
    History,
    Intent,
    Undertaking,
    record_from_json,
    record_to_json,
)
from pbxctl.reconcile.revision import Revision

SAMPLES = Path(__file__).parent / "v1" / "state"
KINDS: dict[str, type[Revision | History | Intent]] = {
    "revision.json": Revision,
    "applied.json": History,
    "intent.json": Intent,
}


def text_of(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", KINDS)
def test_a_record_is_read_to_the_last_value(name: str) -> None:
    record: Revision | History | Intent = record_from_json(KINDS[name], text_of(name), name)
    assert record_to_json(record) == text_of(name)


def test_what_they_say() -> None:
    history = record_from_json(History, text_of("applied.json"), "applied.json")
    assert history.present == "9abbc5a41dd2"
    assert history.applied[0] == Applied("0badcafe0bad", 1_795_000_000, 1_795_086_400)
    intent = record_from_json(Intent, text_of("intent.json"), "intent.json")
    assert (intent.undertaking, intent.before) == (Undertaking.APPLY, "0badcafe0bad")
    revision = record_from_json(Revision, text_of("revision.json"), "revision.json")
    assert revision.pointer.value == "1|42945336|9abbc5a41dd2"
    assert list(revision.entry_contexts) == ["pbxctl-inbound"]


@pytest.mark.parametrize("name", KINDS)
def test_a_newer_one_is_refused_in_one_line(name: str) -> None:
    newer = text_of(name).replace('"version": 1', '"version": 2', 1)
    with pytest.raises(InputWrong, match=rf"^{name}: has version 2, .* reads version 1: update pbxctl$"):
        record_from_json(KINDS[name], newer, name)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no JSON"),
        ("[]", "its version is None"),
        ('{"version": "1"}', "its version is '1'"),
        ('{"version": 1, "applied": 3}', "is no whole record of pbxctl: applied"),
    ],
)
def test_what_is_no_record_is_told(text: str, sentence: str) -> None:
    with pytest.raises(InputWrong, match=sentence):
        record_from_json(History, text, "applied.json")


def test_the_samples_are_what_is_documented() -> None:
    document = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    for name in KINDS:
        assert [key for key in json.loads(text_of(name)) if f"`{key}`" not in document] == []
