"""The short sentences beside a prompt, in every language: all of them heard in one real call each."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pbxctl.config import load_config
from pbxctl.decision.decide import route_state
from pbxctl.decision.facts import NO_FACTS
from pbxctl.names import LANGUAGES
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan
from pbxctl.prompts.catalogue import Prompt
from pbxctl.prompts.kinds import PromptKind
from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.rehearse.hearing import heard, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import REHEARSAL_IP
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.rehearsal import build_sounds
from pbxctl.rehearse.sip.agent import SipAgent
from pbxctl.rehearse.sip.call import CallResult
from pbxctl.rehearse.stage import stage_files
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.speech.sound import loudness
from tests.scenarios.room import templates

ENOUGH = 0.9
CLOSED = datetime(2026, 12, 2, 11, tzinfo=UTC)
KEYS = dict(zip(LANGUAGES, "0123", strict=True))

CONFIGURATION = f"""
version: 1
company: {{name: Peeters, mail: a@b.be, timezone: Europe/Brussels, country: BE, languages: [nl, fr, de, en]}}
pbx: {{kind: asterisk, dial_out: {{context: nobody-there}}}}
schedules:
  office:
    closed_day: {{weekday: wednesday, since: 2026-12-01, mode: answering_service}}
prompts: {{language_keys: {{{", ".join(f"{language}: {key}" for language, key in KEYS.items())}}}}}
routes:
"""
"""The way out leads nowhere and the mailbox is not there, so that callers hear of both."""


def plan() -> Plan:
    routes = [
        f'  {language}: {{dids: ["+32 9 233 44 0{number}"], schedule: office, ordinary: ordinary, '
        f"mailbox: 999@nowhere, language: {language}, "
        'answering_service: {number: "+32 2 555 01 02", ring: 5s}}\n'
        for number, language in enumerate(LANGUAGES)
    ]
    return build_plan(
        load_config((CONFIGURATION + "".join(routes)).encode(), "pbxctl.yaml"), date(2026, 12, 1), 30
    )


def expected(made: Plan, language: str) -> list[tuple[Prompt, str]]:
    """What a caller hears who is spoken to in that language, in its order, with the language of each."""
    catalogue = catalogue_of(made)
    prompts = needed_prompts(made, catalogue)
    answers = route_state(made, language, CLOSED, NO_FACTS).answers
    assert answers is not None
    offers = [(each, next(iter(each.texts))) for each in prompts if each.kind is PromptKind.LANGUAGE]

    def of(kind: PromptKind) -> tuple[Prompt, str]:
        return next(each for each in prompts if each.kind is kind), language

    return [
        of(PromptKind.FELL_BACK),
        *sorted((offer for offer in offers if offer[1] != language), key=lambda o: LANGUAGES.index(o[1])),
        (catalogue.prompt(PromptKind.CLOSED_DOOR, answers), language),
        of(PromptKind.MAILBOX_FULL),
    ]


@pytest.mark.timeout(240)
async def test_a_caller_hears_all_that_went_wrong_and_all_languages_there_are(
    asterisk_install: AsteriskInstall, tmp_path: Path
) -> None:
    made = plan()
    sounds = tmp_path / "s"
    await asyncio.to_thread(build_sounds, made, asterisk_install, sounds, tmp_path / "cache")
    rendering = render_asterisk(made, templates(), AsteriskSettings(sounds="pbxctl", rehearsal=True))
    files = dict(stage_files(made, rendering))
    files["voicemail.conf"] = "[general]\nformat=wav\n"
    files["extensions.conf"] += "\n[from-rehearsal]\ninclude => pbxctl-rehearse\n"
    async with (
        PrivatePbx(asterisk_install, files, sounds={"pbxctl": sounds}) as pbx,
        await SipAgent.open(REHEARSAL_IP) as line,
    ):
        for entry in (*rendering.entries, rendering.pointer):
            await pbx.database_put(entry.family, entry.key, entry.value)

        async def listen(language: str) -> CallResult:
            call = await line.call(
                made.routes[language].dids[0].spellings[0],
                pbx.sip_address,
                from_user=f"047{LANGUAGES.index(language):07}",
                headers={"X-PBXCTL-Moment": str(int(CLOSED.timestamp()))},
            )
            await call.answered(20)
            wanted = [read_sound(sounds / each.file(spoken)) for each, spoken in expected(made, language)]
            # Once the tone is over the PBX records, and sends nothing that could be waited for.
            # Between two sounds there is a moment of silence.
            seconds = sum(len(sound) for sound in wanted) / 8000 + 3
            with suppress(TimeoutError):  # then what was heard is judged all the same
                await call.heard(seconds, seconds + 10)
            return await call.hang_up()

        results = await asyncio.gather(*(listen(language) for language in LANGUAGES))
    levels = []
    for language, result in zip(LANGUAGES, results, strict=True):
        ends = 0.0
        for prompt, spoken in expected(made, language):
            sound = read_sound(sounds / prompt.file(spoken))
            found = await asyncio.to_thread(heard, result.recording, sound)
            assert found.share >= ENOUGH, (language, prompt.kind, spoken)
            # By its end: the beginning may be a window of near silence, which is found anywhere.
            assert found.last_s is not None
            assert found.last_s > ends, (language, prompt.kind, spoken)
            ends = found.last_s
            levels.append(loudness(sound / 32768))
    assert max(levels) - min(levels) <= 1.0, levels
