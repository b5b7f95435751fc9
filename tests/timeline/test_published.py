"""Two years of public holidays as the law has them, against what a schedule makes of them.

The tables in ``published/`` were written by hand from the laws and lists that they name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pbxctl.config import load_config
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import TimelinePlan
from pbxctl.timeline import Rung
from pbxctl.timeline.instants import days_of

HERE = Path(__file__).parent
CONFIGURATION = (HERE.parent / "config" / "good.yaml").read_text()
DOCUMENT = (HERE.parents[1] / "docs" / "configuration.md").read_text()
FIRST, DAYS = date(2026, 1, 1), 730
LINE = re.compile(r"([=+-]) (\d{4}-\d{2}-\d{2}) (\w{3})  ([^|#]+) \| ([^|#]+?)(?:  # (\S.*))?")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a table: whether law and timeline have it, its name in the timeline and in the law."""

    mark: str
    day: date
    name: str
    title: str
    why: str


def read_tables() -> dict[str, list[Day]]:
    """The days of each region."""
    tables: dict[str, list[Day]] = {}
    for path in sorted((HERE / "published").glob("*.txt")):
        region = ""
        for line in path.read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            if line.startswith("region "):
                region = line.removeprefix("region ")
                continue
            found = LINE.fullmatch(line)
            assert found is not None, f"{path.name}: {line}"
            mark, written, weekday, name, title, why = found.groups()
            day = date.fromisoformat(written)
            assert f"{day:%a}" == weekday, f"{path.name}: {line}"
            assert (mark == "=") == (why is None), f"{path.name}: {line}"
            tables.setdefault(region, []).append(Day(mark, day, name, title, why or ""))
    return tables


TABLES = read_tables()


def timeline_of(*regions: str) -> TimelinePlan:
    """Two years of a schedule that has nothing but public holidays."""
    text = re.sub(r"    closed_day:.*\n|    hours:.*\n|    dates:\n.*\n", "", CONFIGURATION)
    text = text.replace("regions: [BE]", f"regions: [{', '.join(regions)}]")
    return build_plan(load_config(text.encode(), "pbxctl.yaml"), FIRST, DAYS).timelines["office"]


def closed(timeline: TimelinePlan) -> list[date]:
    """The days that the windows close, each checked to be closed from midnight to midnight."""
    zone = ZoneInfo(timeline.zone)
    days: list[date] = []
    for window in timeline.windows:
        if window.verdict.rung is Rung.HOLIDAY:
            starts, ends = (datetime.fromtimestamp(at, zone) for at in (window.start, window.end))
            assert (starts.hour, starts.minute, ends.hour, ends.minute) == (0, 0, 0, 0)
            days += days_of(window.start, window.end, zone)
    return days


def test_the_tables_are_of_two_years_and_four_countries() -> None:
    assert set(TABLES) == {"BE", "NL", "FR", "FR-6AE", "FR-57", "DE", "DE-BY", "DE-SN", "DE-BE", "DE-NW"}
    for days in TABLES.values():
        assert {each.day.year for each in days} == {2026, 2027}
        assert [each.day for each in days] == sorted({each.day for each in days})


@pytest.mark.parametrize("region", TABLES)
def test_a_region_is_closed_on_the_days_of_its_table(region: str) -> None:
    timeline = timeline_of(region)
    wanted = {each.day: each.name for each in TABLES[region] if each.mark != "-"}
    assert closed(timeline) == sorted(wanted)
    assert timeline.holidays == wanted


def test_several_regions_are_closed_on_the_days_of_any() -> None:
    regions = ("NL", "BE", "FR-57", "DE-BY")
    timeline = timeline_of(*regions)
    wanted: dict[date, str] = {}
    for region in regions:
        for each in TABLES[region]:
            if each.mark != "-":
                wanted.setdefault(each.day, each.name)
    assert closed(timeline) == sorted(wanted)
    # The region that is written first names a day.
    assert timeline.holidays == wanted


def test_days_that_law_and_timeline_see_differently_are_told_in_the_document() -> None:
    differing = {each.title for days in TABLES.values() for each in days if each.mark != "="}
    assert [title for title in sorted(differing) if title not in DOCUMENT] == []


def test_the_documents_way_out_closes_and_opens_such_a_day() -> None:
    """The lines of the document, taken as they stand there."""
    (example,) = re.findall(r"```yaml\n(holidays: \{regions: \[NL\].*?)```", DOCUMENT, re.DOTALL)
    text = re.sub(r"    (closed_day|holidays|hours):.*\n|    dates:\n.*\n", "", CONFIGURATION)
    indented = "".join(f"    {line}\n" for line in example.splitlines())
    text = text.replace("  office:\n", f"  office:\n{indented}", 1)
    timeline = build_plan(load_config(text.encode(), "pbxctl.yaml"), FIRST, DAYS).timelines["office"]
    zone = ZoneInfo(timeline.zone)
    modes = {
        str(day): window.verdict.mode
        for window in timeline.windows
        for day in days_of(window.start, window.end, zone)
    }
    assert modes["2027-03-26"] == "ordinary"
    assert modes["2027-05-05"] == "voicemail"
