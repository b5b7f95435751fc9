"""Prompts named by their content: the same words always bear the same name, other words never."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pbxctl.plan.answers import Answers
from pbxctl.prompts.texts import PromptKind, PromptText, prompt_text

STEM_VERSION = 1  # of the form that is hashed; a new one renames every prompt
STEM_LENGTH = 12

# The built-in voice and its settings, as far as a caller can hear them. A new one renames every prompt.
VOICE = "espeak-ng/1"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What callers hear, in every language of the company, under one name.

    ``stem`` stands for all of ``texts`` (language → text) and the voice: 12 hexadecimal digits.
    """

    stem: str
    kind: PromptKind
    answers: Answers
    texts: Mapping[str, str] = field(hash=False)

    def file(self, language: str) -> str:
        """Where the sound lies below the folder of sounds: ``nl/0123456789ab.wav``.

        Raises:
            KeyError: the prompt is not spoken in that language.
        """
        if language not in self.texts:
            raise KeyError(language)
        return f"{language}/{self.stem}.wav"


def prompt_stem(texts: Mapping[str, str], voice: str = VOICE) -> str:
    """The name of a prompt: a digest of its texts and voice, whatever the order of the languages."""
    content = {"version": STEM_VERSION, "voice": voice, "texts": dict(texts)}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:STEM_LENGTH]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One company's prompts in its languages. Asking twice gives the same prompt, and costs nothing.

    ``languages`` are those of ``words.LANGUAGES``, in the company's order, each once.
    """

    company: str
    mail: str
    languages: tuple[str, ...]
    voice: str = VOICE
    _known: dict[PromptText, Prompt] = field(default_factory=dict, init=False, repr=False, compare=False)

    def prompt(self, kind: PromptKind, answers: Answers) -> Prompt:
        """The prompt that says this.

        Raises:
            KeyError: a language that pbxctl has no sentences for.
        """
        wanted = PromptText(kind, answers)
        if wanted not in self._known:
            texts = {
                language: prompt_text(wanted.kind, language, self.company, self.mail, wanted.answers)
                for language in self.languages
            }
            self._known[wanted] = Prompt(prompt_stem(texts, self.voice), wanted.kind, wanted.answers, texts)
        return self._known[wanted]
