"""espeak-ng, run as a separate program (it is GPL: nothing of it is linked or shipped)."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pbxctl.errors import InputWrong, OutOfReach
from pbxctl.prompts.catalogue import VOICE
from pbxctl.speech.synthesiser import Speech

# British English: espeak-ng's own home voice, and the clearest over 8 kHz.
_VOICES = {"nl": "nl", "fr": "fr-fr", "de": "de", "en": "en-gb"}
WORDS_PER_MINUTE = 160
TEXT_LIMIT = 4000  # characters; four minutes of speech, far more than any caller hears out

# espeak-ng takes [[…]] for phonemes even without SSML, and < > for markup with it.
_MARKUP = str.maketrans(dict.fromkeys("[]<>", " "))


@dataclass(frozen=True, slots=True)
class Espeak:
    """A synthesiser that starts ``command`` once per text, with ``env`` added to a bare environment.

    ``command`` is the program and its first arguments, as an installation gives them; ``time_limit`` in
    seconds is for one text, which takes a hundredth of one.
    """

    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    time_limit: float = 20.0

    @property
    def voice(self) -> str:
        return f"{VOICE} {WORDS_PER_MINUTE}"

    def speak(self, text: str, language: str) -> Speech:
        voice = _VOICES.get(language)
        if voice is None:
            raise InputWrong(
                f"espeak-ng has no voice for language {language!r}; there is one for nl, fr, de and en"
            )
        plain = " ".join(_without_controls(text).translate(_MARKUP).split())
        if not plain:
            raise InputWrong("there is nothing to say in an empty text")
        if len(plain) > TEXT_LIMIT:
            raise InputWrong(
                f"a text of {len(plain)} characters is too long to be spoken; {TEXT_LIMIT} are the most"
            )
        return _read_wave(
            self._run(["-v", voice, "-s", str(WORDS_PER_MINUTE), "-b", "1", "--stdin", "--stdout"], plain)
        )

    def _run(self, options: list[str], text: str) -> bytes:
        """What the program wrote to its output. The text is its input, never an argument."""
        argv = [*self.command, *options]
        try:
            process = subprocess.Popen(  # noqa: S603 - an argument list of ours, no shell
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", **self.env},
                process_group=0,  # so that whatever a wrapper starts can be ended with it
            )
        except OSError as error:
            reason = f"{self.command[-1]}: {error.strerror}"
            raise OutOfReach(
                f"espeak-ng cannot be started as {reason}; install the package espeak-ng"
            ) from error
        with process:
            try:
                sound, complaint = process.communicate(text.encode("utf-8"), timeout=self.time_limit)
            except subprocess.TimeoutExpired as error:
                _end_group(process)
                raise OutOfReach(
                    f"espeak-ng did not end within {self.time_limit:g} seconds; it was stopped"
                ) from error
            except BaseException:  # Ctrl-C: leaving the block waits for the program, which must end first
                _end_group(process)
                raise
        if process.returncode < 0:
            raise OutOfReach(
                f"espeak-ng was killed by {_signal_name(-process.returncode)} before it had spoken"
            )
        if process.returncode > 0:
            reason = " ".join(complaint.decode("utf-8", "replace").split())[:200] or "without a word"
            raise OutOfReach(f"espeak-ng failed with exit code {process.returncode}: {reason}")
        return sound


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the program and whatever it started; a wrapper may have gone and left its child behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _without_controls(text: str) -> str:
    """Control characters as spaces: espeak-ng reads commands after some of them; a lone surrogate as none."""
    spaced = "".join(sign if sign.isprintable() else " " for sign in text)
    return spaced.encode("utf-8", "ignore").decode("utf-8")


def _read_wave(data: bytes) -> Speech:
    """Read a WAV stream whose header does not know how long it is."""
    try:
        with wave.open(io.BytesIO(data)) as stream:
            rate, width, channels = stream.getframerate(), stream.getsampwidth(), stream.getnchannels()
            frames = stream.readframes(stream.getnframes())
    except (wave.Error, EOFError) as error:
        raise OutOfReach("espeak-ng ended well but gave no sound; install it again") from error
    if (width, channels) != (2, 1) or len(frames) < width:
        raise OutOfReach("espeak-ng ended well but gave no 16-bit mono sound; install it again")
    whole = len(frames) - len(frames) % width
    return Speech(np.frombuffer(frames[:whole], dtype="<i2").astype(np.float64) / 32768, rate)
