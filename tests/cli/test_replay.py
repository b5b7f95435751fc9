"""``pbxctl replay`` as a person runs it: the tables, the sentences, and what goes wrong."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import EXAMPLES, Outcome, Pbxctl
from tests.golden import assert_golden

HISTORY = str(EXAMPLES / "bakery" / "history.csv")
SAMPLES = Path(__file__).parents[1] / "journal" / "history" / "samples"
GOLDEN = Path(__file__).parent / "golden"
SINCE = ("--as-if-since", "2026-10-26")
JOURNAL = str(Path(__file__).parents[1] / "formats" / "v1" / "journal" / "calls.csv")
THURSDAY = """\
version: 1
company: {name: Bakkerij Peeters, mail: bestel@bakkerij-peeters.example, timezone: Europe/Brussels,
  country: BE, languages: [nl]}
pbx: {kind: asterisk, dial_out: {context: outbound-c1}}
schedules: {office: {closed_day: {weekday: thursday, since: 2020-01-02, mode: voicemail}}}
routes: {main: {dids: ["+3292001100"], schedule: office, ordinary: ordinary-c1, mailbox: 100@boxes-c1}}
callers: {always_pass: ["+32475123456"], blocked: ["+32470111111"]}
"""
"""The company of the journal, which was closed on Wednesdays then."""


def test_the_report_of_the_bakery_reads_well(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("replay", HISTORY, *SINCE)

    assert (outcome.code, outcome.err) == (0, "")
    assert_golden(GOLDEN / "replay.txt", outcome.out)


def test_the_list_names_each_call_that_would_not_have_met_an_ordinary_day(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("replay", HISTORY, *SINCE, "--list")
    listed = outcome.out.partition("\n\n")[0].splitlines()

    assert len(listed) == 19
    assert all("ordinary" not in line for line in listed)
    assert "pbxctl.yaml:30" in listed[0]


def test_programs_get_every_count_and_the_sums_agree(pbxctl: Pbxctl) -> None:
    found = json.loads(pbxctl("replay", HISTORY, *SINCE, "--list", "--json").out)

    assert sum(cell["calls"] for cell in found["cells"]) == 82
    assert sum(each["calls"] for each in found["no_route"]) == 2
    assert found["directions"] == {"inbound": 84, "outgoing": 2, "internal": 1}
    assert len(found["calls"]) == sum(c["calls"] for c in found["cells"] if c["mode"] != "ordinary")
    assert found["closed_now"] == sum(c["ending_then"] == "person" for c in found["calls"])
    assert found["files"][0]["layout"] == "a table with a head"


@pytest.fixture
def thursday(tmp_path: Path) -> str:
    (tmp_path / "thursday.yaml").write_text(THURSDAY)
    return "thursday.yaml"


def test_a_journal_of_our_own_is_shown_as_it_was_beside_as_it_would_be(pbxctl: Pbxctl, thursday: str) -> None:
    outcome = pbxctl("replay", JOURNAL, "--list", config=thursday)

    assert (outcome.code, outcome.err) == (0, "")
    assert_golden(GOLDEN / "replay-journal.txt", outcome.out)


def test_programs_get_what_was_met_beside_what_would_be(pbxctl: Pbxctl, thursday: str) -> None:
    found = json.loads(pbxctl("replay", JOURNAL, "--list", "--json", config=thursday).out)

    assert sum(each["calls"] for each in found["meetings"]) == 8
    assert {(m["was_mode"], m["mode"]) for m in found["meetings"] if m["differs"]} == {
        ("voicemail", "ordinary"),
        ("answering_service", "ordinary"),
        ("ordinary", "refused"),
    }
    assert found["without_end"] == 1
    assert [call["met_then"]["rung"] for call in found["calls"]] == [
        *("closed_day", "blocked", "override", "override", "psap", "closed_day"),
    ]
    assert [call["ended_then"] for call in found["calls"]] == [True] * 5 + [False]


def test_what_was_keyed_in_is_in_no_report(pbxctl: Pbxctl, thursday: str) -> None:
    odd = str(SAMPLES / "journal-odd.csv")
    for more in (("--list",), ("--json", "--list"), ()):
        outcome = pbxctl("replay", odd, *more, config=thursday)
        assert outcome.code == 0
        assert "4711" not in outcome.out + outcome.err
    assert "journal-odd.csv:5: has a quote that is not closed: only half of it was written" in outcome.err
    assert f"{odd}: 12 odd lines" in outcome.out


def test_a_masked_journal_shows_no_caller(pbxctl: Pbxctl, thursday: str) -> None:
    assert "0470000011" in pbxctl("replay", JOURNAL, config=thursday).out  # whose call has no end
    for more in (("--list",), ("--json", "--list"), ()):
        assert "04700000" not in pbxctl("replay", JOURNAL, "--mask", *more, config=thursday).out


def test_before_the_closed_day_began_it_says_how_to_look_at_it(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("replay", HISTORY)

    assert "begins on 2026-12-02, after these calls: add --as-if-since 2026-10-26" in outcome.out


def test_weeks_later_gives_the_closed_days_to_come(pbxctl: Pbxctl) -> None:
    found = json.loads(pbxctl("replay", HISTORY, "--shift-weeks", "10", "--json").out)

    assert found["closed_days"] == ["2027-01-13", "2027-01-20", "2027-01-27"]


def test_a_period_is_days_of_the_company_both_included(pbxctl: Pbxctl) -> None:
    found = json.loads(
        pbxctl("replay", HISTORY, "--from", "2026-11-04", "--to", "2026-11-04", *SINCE, "--json").out
    )

    assert found["closed_days"] == ["2026-11-04"]
    assert (found["from"][:10], found["to"][:10]) == ("2026-11-04", "2026-11-04")


@pytest.mark.parametrize("arguments", [("--list",), ("--list", "--json"), ()])
def test_a_masked_report_shows_no_caller(pbxctl: Pbxctl, arguments: tuple[str, ...]) -> None:
    odd = str(SAMPLES / "odd-lines.csv")
    plain = pbxctl("replay", HISTORY, odd, *SINCE, "--list")
    masked = pbxctl("replay", HISTORY, odd, *SINCE, "--mask", *arguments)

    assert "0470000103" in plain.out
    assert "04700001" not in masked.out + masked.err
    assert "3292334477" not in masked.out


def test_a_masked_report_quotes_no_odd_line(pbxctl: Pbxctl, tmp_path: Path) -> None:
    good = (SAMPLES / "table-comma.csv").read_text()
    first = good.splitlines(keepends=True)[1]
    (tmp_path / "shifted.csv").write_text(good + first.replace("2026-11-04 10:12:07", "0470000103"))

    assert "'0470000103'" in pbxctl("replay", "shifted.csv").err
    assert "0470000103" not in pbxctl("replay", "shifted.csv", "--mask").err


def test_odd_lines_are_named_and_cost_nothing_else(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("replay", str(SAMPLES / "odd-lines.csv"), "--list")

    assert outcome.code == 0
    assert (
        "odd-lines.csv:6: has no such date; it would be like 2026-11-04 10:00:00: '31/10/2026 10:00'"
        in outcome.err
    )
    assert len(outcome.err.splitlines()) == 10
    _harmless(outcome)


def test_of_many_odd_lines_the_first_are_named(pbxctl: Pbxctl, tmp_path: Path) -> None:
    good = (SAMPLES / "table-comma.csv").read_bytes()
    (tmp_path / "many.csv").write_bytes(good + b"odd\n" * 5000)

    outcome = pbxctl("replay", "many.csv")

    assert outcome.code == 0
    assert outcome.err.splitlines()[-1] == "many.csv: and 4980 more such lines"
    assert "5,000 odd lines" in outcome.out


def _harmless(outcome: Outcome) -> None:
    for line in (outcome.out + outcome.err).splitlines():
        assert line.isprintable()
        assert "\u202e" not in line
        assert not line.startswith(("=", "@", "+", "-"))


def test_several_files_are_one_history_and_what_both_hold_counts_once(pbxctl: Pbxctl) -> None:
    one = json.loads(pbxctl("replay", HISTORY, "--json").out)
    both = json.loads(pbxctl("replay", HISTORY, HISTORY, "--json").out)

    assert both["cells"] == one["cells"]


@pytest.mark.parametrize(
    ("terminal", "arguments", "seen"),
    [(True, (), True), (True, ("--json",), True), (True, ("--list",), False), (False, (), False)],
)
def test_progress_is_for_a_terminal_alone(
    pbxctl: Pbxctl,
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    arguments: tuple[str, ...],
    seen: bool,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)

    outcome = pbxctl("replay", HISTORY, *arguments)

    assert ("history.csv: 0 lines" in outcome.err) is seen
    assert "0 lines" not in outcome.out


def test_standard_input_is_a_history_too(pbxctl: Pbxctl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(HISTORY).read_bytes())))

    assert "84 calls from outside" in pbxctl("replay", "-").out


def test_a_history_that_lost_the_number_can_be_told_it(pbxctl: Pbxctl, tmp_path: Path) -> None:
    told = (SAMPLES / "master-21.csv").read_text().replace("092334455", "201").replace("092334466", "203")
    (tmp_path / "lost.csv").write_text(told)

    assert "add --dialled NUMBER" in pbxctl("replay", "lost.csv").out
    found = json.loads(pbxctl("replay", "lost.csv", "--dialled", "09 233 44 66", "--json").out)
    assert {cell["route"] for cell in found["cells"]} == {"orders"}


def test_a_history_on_another_clock_is_noticed_and_can_be_read(pbxctl: Pbxctl, tmp_path: Path) -> None:
    (tmp_path / "utc.csv").write_text(_an_hour_earlier(Path(HISTORY).read_text()))

    assert "1 h behind the company's clock" in pbxctl("replay", "utc.csv").out
    in_utc = json.loads(pbxctl("replay", "utc.csv", "--zone", "UTC", "--json").out)
    assert in_utc["cells"] == json.loads(pbxctl("replay", HISTORY, "--json").out)["cells"]


def _an_hour_earlier(text: str) -> str:
    def earlier(line: str) -> str:
        hour = int(line[12:14]) if line[:3] == '"20' else -1
        return line if hour < 1 else f"{line[:12]}{hour - 1:02}{line[14:]}"

    return "\n".join(earlier(line) for line in text.split("\n"))


MISTAKES = [
    pytest.param(["nowhere.csv"], "nowhere.csv: there is no such file", id="no file"),
    pytest.param(["."], ".: cannot be read", id="a folder"),
    pytest.param(["pbxctl.yaml"], "pbxctl.yaml: holds no call record; line 1 is no call record", id="a YAML"),
    pytest.param(["empty.csv"], "empty.csv: holds no call record: it is empty", id="an empty file"),
    pytest.param([HISTORY, "--from", "1-11-2026"], "write it like 2026-12-02", id="a date"),
    pytest.param(
        [HISTORY, "--from", "2026-11-02", "--to", "2026-11-01"], "lies before --from", id="a period"
    ),
    pytest.param([HISTORY, "--zone", "Brussels"], "--zone: there is no zone 'Brussels'", id="a zone"),
    pytest.param([HISTORY, "--zone", "../x"], "--zone: there is no zone", id="a hostile zone"),
    pytest.param([HISTORY, "--dialled", "shop"], "--dialled: 'shop'", id="a number in letters"),
    pytest.param([HISTORY, "--dialled", "02 555 00 00"], "is on no route", id="somebody else's number"),
    pytest.param([], "Missing argument", id="nothing named"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_a_mistake_is_exit_code_2_and_a_sentence(
    pbxctl: Pbxctl, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "empty.csv").touch()

    outcome = pbxctl("replay", *arguments)

    assert outcome.code == 2
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""
