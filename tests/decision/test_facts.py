"""What the PBX's database holds: read where it is ours, as if not there where it is garbage."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.decision.facts import (
    OVERRIDE,
    PSAP,
    Override,
    PsapWindow,
    format_override,
    format_psap,
    parse_override,
    parse_psap,
    read_facts,
)

OVERRIDES = {
    "1|7|voicemail|1796205600|PJSIP/201|a1b2": Override(7, "voicemail", 1796205600, "PJSIP/201", "a1b2"),
    "1|0|ordinary|0||": Override(0, "ordinary", 0, "", ""),
    "1|8|none|1796205600|web owner|x-1.2_3": Override(8, "none", 1796205600, "web owner", "x-1.2_3"),
    f"1|1|a|1|{'b' * 60}|{'c' * 60}": Override(1, "a", 1, "b" * 60, "c" * 60),
}

GARBAGE = {
    "nothing": "",
    "a word": "voicemail",
    "no version": "7|voicemail|1796205600|201|a",
    "a newer version": "2|7|voicemail|1796205600|201|a",
    "an older version": "0|7|voicemail|1796205600|201|a",
    "a version of two digits": "11|7|voicemail|1796205600|201|a",
    "a field missing": "1|7|voicemail|1796205600|201",
    "a field too many": "1|7|voicemail|1796205600|201|a|b",
    "a sequence in letters": "1|seven|voicemail|1796205600|201|a",
    "a negative sequence": "1|-7|voicemail|1796205600|201|a",
    "no mode": "1|7||1796205600|201|a",
    "a mode in capitals": "1|7|Voicemail|1796205600|201|a",
    "a mode that is a target": "1|7|voicemail,s,1|1796205600|201|a",
    "no until": "1|7|voicemail||201|a",
    "a fraction of a second": "1|7|voicemail|1796205600.5|201|a",
    "digits that are not ASCII": "1|7|voicemail|\u0661\u0667\u0669\u0666|201|a",
    "fullwidth digits": "1|\uff17|voicemail|1796205600|201|a",
    "a moment of eleven digits": "1|7|voicemail|17962056000|201|a",
    "a moment of 200 digits": f"1|7|voicemail|{'9' * 200}|201|a",
    "a sequence of 200 digits": f"1|{'9' * 200}|voicemail|1796205600|201|a",
    "a sequence of 5,000 digits": f"1|{'9' * 5000}|voicemail|1796205600|201|a",
    "300 characters": f"1|7|voicemail|1796205600|201|{'a' * 300}",
    "300 characters, cut where Asterisk 16 cuts": f"1|7|voicemail|1796205600|201|{'a' * 300}"[:255],
    "a double quote": '1|7|voicemail|1796205600|"201"|a',
    "a single quote": "1|7|voicemail|1796205600|'201'|a",
    "a variable": "1|7|voicemail|1796205600|${EPOCH}|a",
    "an expression": "1|7|voicemail|1796205600|$[1 + 1]|a",
    "a comma": "1|7|voicemail|1796205600|201,202|a",
    "a bracket": "1|7|voicemail|1796205600|201)|a",
    "a backslash": "1|7|voicemail|1796205600|201\\|a",
    "a line end within": "1|7|voicemail|1796205600|20\n1|a",
    "a line end behind": "1|7|voicemail|1796205600|201|a\n",
    "a NUL": "1|7|voicemail|1796205600|20\x001|a",
    "blanks in front": " 1|7|voicemail|1796205600|201|a",
    "a letter with an accent": "1|7|voicemail|1796205600|José|a",
}


@pytest.mark.parametrize(("text", "override"), OVERRIDES.items(), ids=range(len(OVERRIDES)))
def test_an_override_reads_as_it_is_written(text: str, override: Override) -> None:
    assert parse_override(text) == override
    assert format_override(override) == text
    assert len(text.encode()) <= 255


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_no_override(text: str) -> None:
    assert parse_override(text) is None
    assert read_facts({"override/main": text}).overrides == {}


@pytest.mark.parametrize(
    ("text", "window"),
    [("1|1796205600|201", PsapWindow(1796205600, "201")), ("1|0|1", PsapWindow(0, "1"))],
)
def test_a_psap_window_reads_as_it_is_written(text: str, window: PsapWindow) -> None:
    assert parse_psap(text) == window
    assert format_psap(window) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1|1796205600",
        "1|1796205600|",
        "2|1796205600|201",
        "1|1796205600|201|x",
        "1|1796205600|PJSIP/201",
        "1|17962056000|201",
        f"1|{'9' * 200}|201",
        f"1|1796205600|{'2' * 21}",
        "1|1796205600|\u0662\u0660\u0661",
        "1|1796205600|201\n",
        '1|1796205600|"',
    ],
)
def test_garbage_is_no_psap_window(text: str) -> None:
    assert parse_psap(text) is None
    assert read_facts({"psap": text}).psap is None


@pytest.mark.parametrize(
    "override",
    [
        Override(-1, "voicemail", 1, "", ""),
        Override(1, "Voice mail", 1, "", ""),
        Override(1, "", 1, "", ""),
        Override(1, "voicemail", 10**10, "", ""),
        Override(1, "voicemail", 1, "a|b", ""),
        Override(1, "voicemail", 1, "", "two words"),
        Override(1, "voicemail", 1, "\n", ""),
        Override(1, "voicemail", 1, "a" * 61, ""),
    ],
    ids=repr,
)
def test_what_could_not_be_read_back_is_never_written(override: Override) -> None:
    with pytest.raises(ValueError, match="could read back"):
        format_override(override)


@pytest.mark.parametrize("window", [PsapWindow(-1, "201"), PsapWindow(1, ""), PsapWindow(1, "2|1")], ids=repr)
def test_no_such_psap_window_is_written_either(window: PsapWindow) -> None:
    with pytest.raises(ValueError, match="could read back"):
        format_psap(window)


@settings(deadline=None)
@given(st.from_regex(re.compile(OVERRIDE, re.ASCII), fullmatch=True))
def test_whatever_the_dialplan_believes_python_believes_too(text: str) -> None:
    override = parse_override(text)
    assert override is not None
    assert len(text) <= 255
    assert parse_override(format_override(override)) == override


@settings(deadline=None)
@given(st.from_regex(re.compile(PSAP, re.ASCII), fullmatch=True))
def test_so_with_psap_windows(text: str) -> None:
    window = parse_psap(text)
    assert window is not None
    assert parse_psap(format_psap(window)) == window


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("1|0123456789none")))
def test_any_text_at_all_is_read_without_an_error(text: str) -> None:
    facts = read_facts({"override/main": text, "psap": text, "override/": text, text: text})
    assert facts.dates_present


def test_facts_come_from_their_own_keys_alone() -> None:
    text = "1|7|voicemail|1796205600|201|a"
    facts = read_facts(
        {"override/main": text, "override": text, "overrides/x": text, "psap/x": "1|1|1"}, dates_present=False
    )
    assert set(facts.overrides) == {"main"}
    assert facts.psap is None
    assert not facts.dates_present
