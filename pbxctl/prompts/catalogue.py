"""Prompts named by their content: the same words always bear the same name, other words never."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pbxctl.plan.answers import UNKNOWN, Answers
from pbxctl.plan.model import OwnText, Recording
from pbxctl.prompts.kinds import PromptKind, PromptText
from pbxctl.prompts.parts import Part, prompt_parts
from pbxctl.prompts.recordings import Shelf, Spoken, prompt_names
from pbxctl.prompts.texts import prompt_text

STEM_VERSION = 1  # of the form that is hashed; a new one renames every prompt
STEM_LENGTH = 12

# The built-in voice and its settings, as far as a caller can hear them. A new one renames every prompt.
VOICE = "espeak-ng/1"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What callers hear, in every language of the company, under one name; with a ``key``, in one of them.

    ``stem`` stands for all of ``texts`` (language → text) and the voice, or the bytes of what was
    ``recorded`` in its place (language → recordings): 12 hexadecimal digits.
    """

    stem: str
    kind: PromptKind
    answers: Answers
    texts: Mapping[str, str] = field(hash=False)
    recorded: Mapping[str, tuple[Spoken, ...]] = field(hash=False, default_factory=dict)
    key: str = ""

    @property
    def said(self) -> PromptText:
        """What it says."""
        return PromptText(self.kind, self.answers, next(iter(self.texts)) if self.key else "", self.key)

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it may be recorded, the most specific first."""
        return prompt_names(self.kind, self.answers, self.key)

    def file(self, language: str) -> str:
        """Where the sound lies below the folder of sounds: ``nl/0123456789ab.wav``.

        Raises:
            KeyError: the prompt is not spoken in that language.
        """
        if language not in self.texts:
            raise KeyError(language)
        return f"{language}/{self.stem}.wav"


def prompt_stem(
    texts: Mapping[str, str],
    voice: str = VOICE,
    recorded: Mapping[str, tuple[Spoken, ...]] | None = None,
) -> str:
    """The name of a prompt: a digest of its texts and voice, whatever the order of the languages.

    A recording counts by its bytes, in place of the text: the words it was meant to say do not matter.
    """
    recorded = recorded or {}
    content = {
        "version": STEM_VERSION,
        "voice": voice,
        "texts": {language: text for language, text in texts.items() if language not in recorded},
    }
    if recorded:
        content["recorded"] = {
            language: [[*part.digests, part.ends_sentence] for part in parts]
            for language, parts in recorded.items()
        }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:STEM_LENGTH]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One company's prompts in its languages. Asking twice gives the same prompt, and costs nothing.

    ``languages`` are those of ``names.LANGUAGES``, in the company's order, each once.
    """

    company: str
    mail: str
    languages: tuple[str, ...]
    voice: str = VOICE
    texts: tuple[OwnText, ...] = ()
    recordings: tuple[Recording, ...] = ()
    shelf: Shelf = field(init=False, repr=False, compare=False)
    _known: dict[PromptText, Prompt] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shelf", Shelf(self.recordings))

    def prompt(
        self, kind: PromptKind, answers: Answers = UNKNOWN, *, language: str = "", key: str = ""
    ) -> Prompt:
        """The prompt that says this; one that names a ``key`` is said in that ``language`` alone.

        Raises:
            KeyError: a language that pbxctl has no sentences for.
        """
        wanted = PromptText(kind, answers, language, key)
        if wanted not in self._known:
            texts = {each: self._text(wanted, each) for each in ((language,) if key else self.languages)}
            recorded = {
                each: spoken
                for each in texts
                if (spoken := self.shelf.serving(wanted, each, self.parts(wanted, each)))
            }
            stem = prompt_stem(texts, self.voice, recorded)
            self._known[wanted] = Prompt(stem, kind, wanted.answers, texts, recorded, key)
        return self._known[wanted]

    def _text(self, wanted: PromptText, language: str) -> str:
        own = self.own_text(wanted.kind, language)
        return prompt_text(wanted.kind, language, self.company, self.mail, wanted.answers, own, wanted.key)

    def own_text(self, kind: PromptKind, language: str) -> str:
        """The company's own text for that kind; empty: it has none, and ours is spoken."""
        return next((own.text for own in self.texts if (own.language, own.kind) == (language, kind)), "")

    def parts(self, wanted: PromptText, language: str) -> tuple[Part, ...]:
        """The parts in which that prompt can be recorded.

        Parts say our sentences: where the company has a text of its own, there are none.
        """
        if not self.shelf.names or self.own_text(wanted.kind, language):
            return ()
        return prompt_parts(wanted.kind, language, self.company, self.mail, wanted.answers)
