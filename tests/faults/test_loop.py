"""An ordinary context that leads straight back to us: the caller hears something true, nothing burns."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pbxctl.cli.own_templates import read_templates
from pbxctl.config import load_config
from pbxctl.decision.decide import Call
from pbxctl.decision.facts import NO_FACTS
from pbxctl.journal.cel import call_events, parse_cel
from pbxctl.plan.build import build_plan
from pbxctl.rehearse.hearing import duration_s, heard, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip.agent import SipAgent
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.resources import resource_folder
from pbxctl.simulate import World, simulate

CONFIGURATION = b"""\
version: 1
company: {name: Peeters, mail: info@peeters.be, timezone: Europe/Brussels, country: BE, languages: [nl]}
pbx: {kind: asterisk}
schedules: {office: {closed_day: {weekday: wednesday, since: 2026-12-02, mode: voicemail}}}
routes:
  main: {dids: ["+32 9 233 44 55"], schedule: office, ordinary: from-provider, mailbox: 100@default}
"""

# The trunk's own context, as somebody would name it who has not read that it must not lead back.
EXTENSIONS = """\
[from-trunk]
include => from-provider
[from-provider]
include => pbxctl-inbound
"""

THURSDAY = datetime(2026, 12, 3, 10, tzinfo=ZoneInfo("Europe/Brussels"))


async def test_the_call_is_led_round_a_few_times_and_then_spoken_to(
    asterisk_install: AsteriskInstall,
) -> None:
    plan = build_plan(load_config(CONFIGURATION, "loop.yaml"), THURSDAY.date())
    rendering = render_asterisk(
        plan, read_templates(), AsteriskSettings(sounds="pbxctl", recordings="pbxctl")
    )
    files = {
        "extensions.conf": EXTENSIONS + "".join(f"#include {name}\n" for name in rendering.files),
        "voicemail.conf": "[general]\nformat=wav\n[default]\n100 => 0000,main\n",
        **rendering.files,
    }
    neutral = resource_folder("sounds") / "nl" / "neutral.wav"

    sounds = {"pbxctl": resource_folder("sounds")}
    async with PrivatePbx(asterisk_install, files, at=THURSDAY, sounds=sounds) as pbx:
        async with await SipAgent.open(*pbx.trunk_address) as trunk:
            call = await trunk.call("092334455", pbx.sip_address, from_user="0470000001")
            await call.answered(5)
            # The plain recording, and a little of the tone.
            await call.heard(duration_s(read_sound(neutral)) + 0.1, 15)
            result = await call.hang_up()
        await pbx.run_cli("core waitfullybooted")
        journal = _journal(pbx.journal_path)

    assert heard(result.recording, read_sound(neutral)).share > 0.9
    world = World(ordinary_loops=True, gone_in="message")
    story = simulate(plan, Call("092334455", "0470000001"), THURSDAY, NO_FACTS, world)
    assert tuple(journal) == story.events


def _journal(path: Path) -> list[object]:
    with path.open("rb") as stream:
        [events] = call_events(parse_cel(stream)).values()
    return list(events)
