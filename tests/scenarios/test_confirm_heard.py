"""What asks for the key that takes a forward, in every language, heard at the far end of a real call each."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pbxctl.config import load_config
from pbxctl.names import LANGUAGES
from pbxctl.plan.build import build_plan
from pbxctl.plan.flow import Dial
from pbxctl.plan.model import Plan
from pbxctl.prompts.needed import catalogue_of, prompt_of_step
from pbxctl.rehearse.hearing import heard, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import REHEARSAL_IP
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.rehearsal import build_sounds
from pbxctl.rehearse.sip.agent import SipAgent
from pbxctl.rehearse.sip.call import CallResult
from pbxctl.rehearse.sip.incoming import IncomingCall
from pbxctl.rehearse.stage import stage_files
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.speech.sound import loudness
from tests.scenarios.room import templates

ENOUGH = 0.9
CLOSED = datetime(2026, 12, 2, 11, tzinfo=UTC)
KEYS = dict(zip(LANGUAGES, "01*9", strict=True))
LONGEST_S = 40.0

CONFIGURATION = """
version: 1
company: {name: Peeters, mail: a@b.be, timezone: Europe/Brussels, country: BE, languages: [nl, fr, de, en]}
pbx: {kind: asterisk, dial_out: {context: outbound}}
schedules:
  office:
    closed_day: {weekday: wednesday, since: 2026-12-01, mode: answering_service}
routes:
"""


def plan() -> Plan:
    routes = [
        f'  {language}: {{dids: ["+32 9 233 44 0{number}"], schedule: office, ordinary: ordinary, '
        f"mailbox: 100@default, language: {language}, answering_service: "
        f'{{number: "+32 2 555 01 0{number}", ring: 5s, confirm: "{KEYS[language]}"}}}}\n'
        for number, language in enumerate(LANGUAGES)
    ]
    return build_plan(
        load_config((CONFIGURATION + "".join(routes)).encode(), "pbxctl.yaml"), date(2026, 12, 1), 30
    )


@pytest.mark.timeout(180)
async def test_whoever_picks_up_is_asked_twice_in_the_language_of_the_route(
    asterisk_install: AsteriskInstall, tmp_path: Path
) -> None:
    made = plan()
    sounds = tmp_path / "s"
    await asyncio.to_thread(build_sounds, made, asterisk_install, sounds, tmp_path / "cache")
    rendering = render_asterisk(made, templates(), AsteriskSettings(sounds="pbxctl", rehearsal=True))
    files = dict(stage_files(made, rendering))
    files["extensions.conf"] += "\n[from-rehearsal]\ninclude => pbxctl-rehearse\n"
    results: dict[str, CallResult] = {}

    async def pick_up(call: IncomingCall) -> None:
        await call.answer()
        results[LANGUAGES[int(call.to_user[-1])]] = await call.ended(LONGEST_S)

    async with (
        PrivatePbx(asterisk_install, files, sounds={"pbxctl": sounds}) as pbx,
        await SipAgent.open(REHEARSAL_IP) as line,
        await SipAgent.open(*pbx.trunk_address) as trunk,
    ):
        trunk.on_invite(pick_up)
        for entry in (*rendering.entries, rendering.pointer):
            await pbx.database_put(entry.family, entry.key, entry.value)

        async def call(language: str) -> None:
            call = await line.call(
                made.routes[language].dids[0].spellings[0],
                pbx.sip_address,
                from_user=f"047{LANGUAGES.index(language):07}",
                headers={"X-PBXCTL-Moment": str(int(CLOSED.timestamp()))},
            )
            # Answered by the prompt, once nobody has pressed the key.
            await call.answered(LONGEST_S)
            await call.hang_up()

        await asyncio.gather(*(call(language) for language in LANGUAGES))
    levels = []
    for language in LANGUAGES:
        step = made.routes[language].flows["answering_service"].step("service")
        assert isinstance(step, Dial)
        prompt = prompt_of_step(catalogue_of(made), step)
        assert prompt is not None
        sound = read_sound(sounds / prompt.file(language))
        recording = results[language].recording
        half = len(recording) // 2
        for part in (recording[:half], recording[half:]):
            found = await asyncio.to_thread(heard, part, sound)
            assert found.share >= ENOUGH, language
        levels.append(loudness(sound / 32768))
    assert max(levels) - min(levels) <= 1.0, levels
