"""Which recording serves which prompt: the most specific first, and never one that names a wrong day.

A recording is found by a name that a person can give. ``nl/closed_door-tomorrow-thursday`` names
what it says; what it does not name it may not say, so ``nl/closed_door`` is true on every closed
day. A prompt in parts says the day in full; all of its parts are recorded, or none is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pbxctl.names import KEYS, LANGUAGES, WEEKDAY_WORDS
from pbxctl.plan.answers import Answers, Relation
from pbxctl.plan.model import Recording
from pbxctl.prompts.kinds import DATED, KEYED, PromptKind, PromptText
from pbxctl.prompts.parts import Part, is_part_name

ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
"""In this order one is taken where several files have one name."""

WIDE_ENDING = ".wav16"
"""The same sound at 16 kHz, which ``pbxctl prompts import`` writes beside a ``.wav``."""

_KEY_NAMES = {"*": "star"}
_NAMED_KEYS = frozenset(_KEY_NAMES.get(key, key) for key in KEYS)

_CLOCK = re.compile(r"([01][0-9]|2[0-3])[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recording that is played, with a longer pause behind it where it ``ends_sentence``.

    ``digests`` are those of its file and, if there is one, of the same at 16 kHz.
    """

    file: str
    digests: tuple[str, ...]
    ends_sentence: bool = True


class Shelf:
    """A company's recordings by their names, such as ``nl/closed_door``."""

    def __init__(self, recordings: Iterable[Recording]) -> None:
        self._digests = {recording.file: recording.digest for recording in recordings}
        self._names = {name for file in self._digests if (name := recording_name(file)) is not None}

    @property
    def names(self) -> frozenset[str]:
        """Every name under which there is a recording."""
        return frozenset(self._names)

    def files(self, name: str) -> tuple[str, ...]:
        """The files of that name, the one that is used first."""
        return tuple(name + ending for ending in ENDINGS if name + ending in self._digests)

    def digest(self, file: str) -> str:
        """The digest of a file that is there."""
        return self._digests[file]

    def serving(self, wanted: PromptText, language: str, parts: Sequence[Part]) -> tuple[Spoken, ...]:
        """The recordings that say this prompt, in the order in which they are played; none: nobody did.

        ``parts`` are those of the prompt, or none where it is not to be said in parts.
        """
        full, *shorter = prompt_names(wanted.kind, wanted.answers, wanted.key)
        if f"{language}/{full}" in self._names:
            return (self._spoken(f"{language}/{full}"),)
        if parts and not self.lacking(language, parts):
            return tuple(self._spoken(f"{language}/{part.name}", part.ends_sentence) for part in parts)
        for name in shorter:
            if f"{language}/{name}" in self._names:
                return (self._spoken(f"{language}/{name}"),)
        return ()

    def lacking(self, language: str, parts: Sequence[Part]) -> tuple[Part, ...]:
        """The parts that nobody recorded."""
        return tuple(part for part in parts if f"{language}/{part.name}" not in self._names)

    def _spoken(self, name: str, ends_sentence: bool = True) -> Spoken:
        file = self.files(name)[0]
        wide = self._digests.get(name + WIDE_ENDING) if file.endswith(".wav") else None
        digests = (self._digests[file],) if wide is None else (self._digests[file], wide)
        return Spoken(file, digests, ends_sentence)


def recording_name(file: str) -> str | None:
    """``nl/closed_door`` for ``nl/closed_door.wav``; None for what is no file of a recording."""
    for ending in ENDINGS:
        if file.endswith(ending):
            return file.removesuffix(ending)
    return None


def prompt_names(kind: PromptKind, answers: Answers, key: str = "") -> tuple[str, ...]:
    """The names under which a whole prompt may be recorded, the most specific first.

    A key is always named: with another key the recording would be wrong.

    >>> prompt_names(PromptKind.CLOSED_DOOR, Answers(Relation.TOMORROW, 4))
    ('closed_door-tomorrow-thursday', 'closed_door-tomorrow', 'closed_door')
    """
    if key:
        return (f"{kind}-{_KEY_NAMES.get(key, key)}",)
    if kind not in DATED:
        return (str(kind),)
    general = (f"{kind}-{answers.relation}", str(kind))
    detail = _detail(answers)
    return (f"{general[0]}-{detail}", *general) if detail else general


def is_recording_name(name: str) -> bool:
    """Whether a prompt, or a part of one, can be recorded under that name (without its language)."""
    kind, _, rest = name.partition("-")
    if kind not in {str(known) for known in PromptKind}:
        return is_part_name(name)
    if kind in KEYED:
        return rest in _NAMED_KEYS
    if not rest:
        return "-" not in name
    relation, _, detail = rest.partition("-")
    if kind not in DATED or relation not in {str(known) for known in Relation}:
        return False
    return rest == relation or _is_detail(Relation(relation), detail)


def is_recording_path(path: str) -> bool:
    """Whether ``nl/closed_door`` and the like is a language and a name in it."""
    language, slash, name = path.partition("/")
    return bool(slash) and language in LANGUAGES and is_recording_name(name)


def known_names() -> Iterator[str]:
    """Names to choose from, for whoever wrote one that is none."""
    yield from (str(kind) for kind in PromptKind if kind not in KEYED)
    yield from (f"{kind}-{key}" for kind in KEYED for key in sorted(_NAMED_KEYS))
    for kind in DATED:
        yield from (f"{kind}-tomorrow-{day}" for day in WEEKDAY_WORDS)
        yield from (f"{kind}-within_week-{day}" for day in WEEKDAY_WORDS)
    yield from ("welcome", "behind_doors", "behind_doors_now", "nobody", "mail", "answers", "message")
    yield from WEEKDAY_WORDS


def _detail(answers: Answers) -> str:
    if answers.time is not None:
        return f"{answers.time:%H%M}"
    if answers.day is not None:
        return answers.day.isoformat()
    return WEEKDAY_WORDS[answers.weekday - 1] if answers.weekday is not None else ""


def _is_detail(relation: Relation, detail: str) -> bool:
    match relation:
        case Relation.TODAY:
            return _CLOCK.fullmatch(detail) is not None
        case Relation.TOMORROW | Relation.WITHIN_WEEK:
            return detail in WEEKDAY_WORDS
        case Relation.LATER:
            try:
                return date.fromisoformat(detail).isoformat() == detail
            except ValueError:
                return False
    return False
