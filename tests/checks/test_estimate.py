"""How long a prompt lasts is estimated from its text; the sounds that come with pbxctl say how well."""

from __future__ import annotations

import wave

import pytest

from pbxctl.checks.company import SIGNS_PER_SECOND
from pbxctl.names import LANGUAGES
from pbxctl.prompts.texts import fallback_text
from pbxctl.resources import resource_folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_estimate_is_close_to_what_is_heard(language: str) -> None:
    with wave.open(str(resource_folder("sounds") / language / "neutral.wav")) as sound:
        heard_s = sound.getnframes() / sound.getframerate()

    assert len(fallback_text(language)) / SIGNS_PER_SECOND[language] == pytest.approx(heard_s, rel=0.15)
