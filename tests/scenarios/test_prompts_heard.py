"""Every kind of prompt in every language, on the real PBX, heard by a real call at its moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import soundfile

from pbxctl.config import load_config
from pbxctl.decision.decide import route_state
from pbxctl.decision.facts import NO_FACTS
from pbxctl.names import LANGUAGES
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan, Recording, Standing
from pbxctl.prompts.catalogue import Prompt
from pbxctl.prompts.needed import catalogue_of, needed_prompts, neutral_prompt, prompt_of
from pbxctl.prompts.recordings import prompt_names
from pbxctl.rehearse.hearing import heard, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import REHEARSAL_IP
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.rehearsal import build_sounds
from pbxctl.rehearse.sip.agent import SipAgent
from pbxctl.rehearse.stage import stage_files
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from tests.scenarios.room import templates

FIRST_DAY = date(2026, 12, 1)
OVERRIDDEN = datetime(2026, 12, 1, 11, tzinfo=UTC)
OVERRIDE_UNTIL = datetime(2026, 12, 1, 23, tzinfo=UTC)
CALLS_AT_ONCE = 44
ENOUGH = 0.9

NAMES = [
    *(
        f"{kind}-{when}"
        for kind in ("closed_door", "closed")
        for when in ("today", "tomorrow", "within_week")
    ),
    *(f"{kind}-{when}" for kind in ("closed_door", "closed") for when in ("later", "unknown")),
    "neutral",
]
"""Each kind, with each way to say when people answer again."""

CONFIGURATION = """
version: 1
company: {name: Peeters, mail: a@b.be, timezone: Europe/Brussels, country: BE, languages: [nl, fr, de, en]}
pbx: {kind: asterisk}
schedules:
  office:
    closed_day: {weekday: wednesday, since: 2026-12-01, mode: voicemail}
    hours: {mon-fri: 09:00-17:00, outside: voicemail}
    dates:
      - {from: 2026-12-09 13:00, to: 2026-12-09 15:00, ordinary_day: true}
      - {from: 2026-12-17, to: 2026-12-18, mode: voicemail}
      - {from: 2026-12-24, to: 2027-01-03, mode: voicemail}
  shut:
    closed_day: {weekday: wednesday, since: 2026-12-01, mode: voicemail}
    hours: {mon: closed, outside: voicemail}
routes:
"""


def configuration() -> str:
    """Two routes a language: one of an office, one of a house where nobody ever answers."""
    routes = [
        f'  {schedule}-{language}: {{dids: ["+32 9 233 4{row} 0{number}"], schedule: {schedule}, '
        f"ordinary: from-provider-ordinary, mailbox: 100@default, language: {language}}}\n"
        for row, schedule in enumerate(("office", "shut"))
        for number, language in enumerate(LANGUAGES)
    ]
    return CONFIGURATION + "".join(routes)


def plan_of(text: str, recordings: Sequence[Recording] = ()) -> Plan:
    loaded = load_config(text.encode(), "pbxctl.yaml")
    object.__setattr__(loaded, "recordings", {each.file: each.digest for each in recordings})
    return build_plan(loaded, FIRST_DAY, 60)


@dataclass(frozen=True)
class Calling:
    """A call that hears one prompt in one language."""

    name: str
    route: str
    did: str
    at: datetime
    prompt: Prompt
    language: str


def callings(plan: Plan) -> list[Calling]:
    """For each kind and language the first hour, from the second day on, at which it is played."""
    catalogue = catalogue_of(plan)
    found: dict[tuple[str, str], Calling] = {}
    for route in plan.routes.values():
        did = route.dids[0].spellings[0]
        language = route.name.rpartition("-")[2]
        neutral = neutral_prompt(catalogue)
        found.setdefault(
            ("neutral", language), Calling("neutral", route.name, did, OVERRIDDEN, neutral, language)
        )
        for hour in range(24, 24 * 40):
            at = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=hour, minutes=5)
            state = route_state(plan, route.name, at, NO_FACTS)
            prompt = _prompt(plan, route.name, at)
            if prompt is None or state is None:
                continue
            name = "-".join(prompt_names(prompt.kind, prompt.answers)[0].split("-")[:2])
            found.setdefault((name, language), Calling(name, route.name, did, at, prompt, language))
    return [found[key] for key in sorted(found)]


def _prompt(plan: Plan, route: str, at: datetime) -> Prompt | None:
    from pbxctl.decision.decide import timeline_standing

    timeline = plan.timelines[plan.routes[route].schedule]
    standing: Standing = timeline_standing(timeline, at, dates_present=True)
    return prompt_of(catalogue_of(plan), standing)


async def listen(pbx: PrivatePbx, line: SipAgent, calling: Calling, number: int, sounds: Path) -> float:
    """How much of the prompt a caller hears who calls at its moment."""
    prompt = read_sound(sounds / calling.prompt.file(calling.language))
    call = await line.call(
        calling.did,
        pbx.sip_address,
        from_user=f"0470{number:06}",
        headers={"X-PBXCTL-Moment": str(int(calling.at.timestamp()))},
    )
    await call.answered(20)
    # Once the tone is over the PBX records, and sends nothing that could be waited for.
    seconds = len(prompt) / 8000 + 0.3
    with suppress(TimeoutError):  # then what was heard is judged all the same
        await call.heard(seconds, seconds + 3)
    result = await call.hang_up()
    return await asyncio.to_thread(lambda: heard(result.recording, prompt).share)


async def hear(install: AsteriskInstall, plan: Plan, sounds: Path, calls: list[Calling]) -> dict[str, float]:
    """Place the calls to a PBX with this plan in force, its first day overridden."""
    rendering = render_asterisk(plan, templates(), AsteriskSettings(sounds="pbxctl", rehearsal=True))
    files = dict(stage_files(plan, rendering))
    files["extensions.conf"] += "\n[from-rehearsal]\ninclude => pbxctl-rehearse\n"
    shares: dict[str, float] = {}
    gate = asyncio.Semaphore(CALLS_AT_ONCE)

    async def one(number: int, calling: Calling, pbx: PrivatePbx, line: SipAgent) -> None:
        async with gate:
            shares[f"{calling.language} {calling.name}"] = await listen(pbx, line, calling, number, sounds)

    async with (
        PrivatePbx(install, files, sounds={"pbxctl": sounds}) as pbx,
        await SipAgent.open(REHEARSAL_IP) as line,
    ):
        for entry in (*rendering.entries, rendering.pointer):
            await pbx.database_put(entry.family, entry.key, entry.value)
        for route in plan.routes:
            until = int(OVERRIDE_UNTIL.timestamp())
            await pbx.database_put("pbxctl", f"override/{route}", f"1|1|voicemail|{until}|test|{route}")
        async with asyncio.TaskGroup() as tasks:
            for number, calling in enumerate(calls):
                tasks.create_task(one(number, calling, pbx, line))
    return shares


@pytest.mark.timeout(180)
async def test_each_prompt_in_each_language_is_heard(
    asterisk_install: AsteriskInstall, tmp_path: Path
) -> None:
    plan = plan_of(configuration())
    calls = callings(plan)
    assert {(each.name, each.language) for each in calls} == {
        (name, language) for name in NAMES for language in LANGUAGES
    }
    await asyncio.to_thread(build_sounds, plan, asterisk_install, tmp_path / "s", tmp_path / "cache")
    shares = await hear(asterisk_install, plan, tmp_path / "s", calls)
    assert len(shares) == len(NAMES) * len(LANGUAGES)
    assert {name: share for name, share in shares.items() if share < ENOUGH} == {}


@pytest.mark.timeout(120)
async def test_recordings_are_heard_whole_and_in_parts(
    asterisk_install: AsteriskInstall, tmp_path: Path
) -> None:
    """Closed doors in parts, a closed house as one recording, and nobody synthesises anything."""
    from pbxctl.prompts.inventory import part_rows
    from pbxctl.rehearse.people import voice
    from pbxctl.speech.scan import scan_recordings

    folder = tmp_path / "recordings"
    (folder / "nl").mkdir(parents=True)
    text = configuration().replace("[nl, fr, de, en]", "[nl]")
    text = "".join(line for line in text.splitlines(True) if "language:" not in line or "nl}" in line)
    for name, _, _ in part_rows(plan_of(text)):
        soundfile.write(folder / f"{name}.flac", voice(name)[:6000], 8000)
    for name in ("closed", "neutral", "mailbox_full"):
        soundfile.write(folder / "nl" / f"{name}.mp3", voice(name), 8000, format="MP3")
    for path in [folder / "nl" / "nobody.flac", *(folder / "nl").glob("closed.flac")]:
        path.unlink()  # so that these kinds have no parts
    recordings = [Recording(file, digest) for file, digest in scan_recordings(folder).items()]
    plan = plan_of(text, recordings)
    prompts = needed_prompts(plan, catalogue_of(plan))
    assert all(prompt.recorded for prompt in prompts)
    sounds = tmp_path / "s"
    await asyncio.to_thread(build_sounds, plan, asterisk_install, sounds, tmp_path / "cache", folder)
    calls = callings(plan)
    assert {len(each.prompt.recorded["nl"]) > 1 for each in calls} == {True, False}
    shares = await hear(asterisk_install, plan, sounds, calls)
    assert {name: share for name, share in shares.items() if share < ENOUGH} == {}
