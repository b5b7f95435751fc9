"""Free text of the configuration: spoken and shown, and nowhere in the dialplan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.rehearse.hearing import duration_s, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.speech.build import build_prompts
from pbxctl.speech.espeak import Espeak
from tests.scenarios.companies import HOSTILE, MAIN
from tests.scenarios.company import At
from tests.scenarios.house import House

PIECES = ("hacked", "SHELL", "1/0", "exten =>", "a,b", "neil")


@pytest.mark.parametrize("at", [At.VOICEMAIL, At.ANSWERING_SERVICE])
async def test_its_callers_are_treated_as_anybody(house: House, at: At) -> None:
    lived = await house.experience(HOSTILE, at.moment)
    said = ("fell_back", "prompt") if at is At.ANSWERING_SERVICE else ("prompt",)
    assert (lived.sounds, lived.message) == (said, "mailbox")


async def test_none_of_it_is_in_the_dialplan(house: House) -> None:
    shown = "\n".join(await house.pbx.run_cli("dialplan show"))
    assert HOSTILE.did in shown
    assert [piece for piece in PIECES if piece in shown] == []


async def test_all_of_it_that_is_loaded_is_what_a_harmless_company_has(house: House) -> None:
    """The same lines, but for names and numbers."""

    async def contexts(prefix: str) -> set[str]:
        shown = "\n".join(await house.pbx.run_cli("dialplan show"))
        named = re.findall(rf"Context '{prefix}-([^']+)'", shown)
        return {re.sub(r"^[0-9a-f]{8}-", "", name) for name in named}

    lists = {"blocked", "always_pass"}
    assert await contexts(HOSTILE.prefix) == await contexts(MAIN.prefix) - lists


def test_it_is_spoken(asterisk_install: AsteriskInstall, tmp_path: Path) -> None:
    prompt = next(
        prompt
        for prompt in needed_prompts(HOSTILE.plan, catalogue_of(HOSTILE.plan))
        if "SHELL" in prompt.texts["nl"]
    )
    build_prompts(
        [prompt],
        ("nl",),
        tmp_path / "sounds",
        tmp_path / "cache",
        Espeak(asterisk_install.espeak, asterisk_install.espeak_env),
    )
    assert duration_s(read_sound(tmp_path / "sounds" / prompt.file("nl"))) > 5
    assert not list(Path.cwd().glob("hacked"))


def test_nothing_of_it_was_carried_out(house: House) -> None:
    assert not list(house.pbx.folder.rglob("hacked"))
    assert not list(Path.cwd().glob("hacked"))
