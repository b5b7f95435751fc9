"""What turns a text into speech, whoever does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """One channel of sound: samples between -1 and 1, ``rate`` of them a second."""

    samples: Samples
    rate: int


class Synthesiser(Protocol):
    """Speaks a text in a language; safe to be called from several threads at once."""

    @property
    def voice(self) -> str:
        """Names the voice and its settings: equal names sound equal, so sounds are cached by it."""

    def speak(self, text: str, language: str) -> Speech:
        """Speak the text.

        Raises:
            OutOfReach: the synthesiser is missing, failed, or took too long.
            InputWrong: it has no voice for the language, or the text is empty or endless.
        """
