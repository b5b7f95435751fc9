"""Asterisk's own sentences and the company's prompts that are not on the PBX."""

from __future__ import annotations

import pytest

from pbxctl.doctor.finding import APPLY
from pbxctl.prompts.kinds import PromptKind
from pbxctl.prompts.needed import catalogue_of
from tests.doctor.house import House


async def test_asterisk_s_own_sentences_that_are_not_there(running: House) -> None:
    link = running.pbx.folder / "data" / "sounds" / "en"
    target = link.readlink()
    link.unlink()

    found = await running.found()
    link.symlink_to(target)

    assert set(found) == {"built-in-sound-missing"}
    assert "beep, vm-intro, vm-nobodyavail" in found["built-in-sound-missing"].what
    assert "apt-get install asterisk-core-sounds-en-wav" in found["built-in-sound-missing"].way_out


@pytest.mark.parametrize(
    "name",
    [
        "nl/neutral.wav",
        "a prompt of the dates",
        "a prompt of the week",
        "a prompt of a step",
        "a prompt of a step in one language alone",
    ],
)
async def test_a_prompt_that_is_not_there_or_empty(running: House, name: str) -> None:
    catalogue = catalogue_of(running.plan)
    file = {
        "a prompt of the dates": f"nl/{stem_of(running, dated=True)}.wav",
        "a prompt of the week": f"nl/{stem_of(running, dated=False)}.wav",
        "a prompt of a step": catalogue.prompt(PromptKind.MAILBOX_FULL).file("nl"),
        "a prompt of a step in one language alone": catalogue.prompt(
            PromptKind.LANGUAGE, language="fr", key="2"
        ).file("fr"),
    }
    path = running.sounds / file.get(name, name)
    kept = path.read_bytes()
    path.write_bytes(b"")

    found = await running.found()
    path.write_bytes(kept)

    assert set(found) == {"prompt-missing"}
    assert found["prompt-missing"].evidence == str(path.relative_to(running.sounds))
    assert found["prompt-missing"].way_out == APPLY


def stem_of(made: House, *, dated: bool) -> str:
    """A prompt that only the dates name, or only the code."""
    code = "".join(made.rendering.files.values())
    dates = {entry.value.rsplit("|", 1)[-1] for entry in made.rendering.entries if "/window/" in entry.key}
    return next(
        stem
        for stem in made.rendering.prompts
        if (stem in dates) is dated and (f"|{stem}" in code) is not dated
    )
