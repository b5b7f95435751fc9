"""The kinds of prompts, and what is to be said in one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pbxctl.plan.answers import UNKNOWN, Answers


class PromptKind(StrEnum):
    """What a prompt says."""

    CLOSED_DOOR = "closed_door"  # we work behind closed doors; when people answer again
    CLOSED = "closed"  # a holiday, an own date, outside hours: nobody is here; when people answer again
    NEUTRAL = "neutral"  # true at any moment: nobody can take the call now; no day is named
    FELL_BACK = "fell_back"  # the answering service could not take the call; another prompt follows
    MAILBOX_FULL = "mailbox_full"  # the mailbox could not take a message; a plain recording is tried
    LANGUAGE = "language"  # in its own language: the key that leads to it
    CONFIRM = "confirm"  # to whoever a call is forwarded to: the key that takes it


DATED = (PromptKind.CLOSED_DOOR, PromptKind.CLOSED)
"""The kinds that say when people answer again; each of the others is one prompt on any day."""

WHOLE = (*DATED, PromptKind.NEUTRAL)
"""The kinds that are all a caller needs to hear; the others are short sentences beside them."""

KEYED = (PromptKind.LANGUAGE, PromptKind.CONFIRM)
"""The kinds that name a key, and are said in one language alone."""


@dataclass(frozen=True, slots=True)
class PromptText:
    """What is to be said: the kind, and when people answer again.

    ``language`` and ``key`` are what a prompt that names a key is said in, and the key it names; of
    the other kinds both are empty.
    """

    kind: PromptKind
    answers: Answers
    language: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        if bool(self.key) is not (self.kind in KEYED) or bool(self.language) is not bool(self.key):
            raise ValueError(f"{self.kind} in {self.language!r} with the key {self.key!r}")
        # These name no day: whatever the moment, it is one and the same prompt.
        if self.kind not in DATED:
            object.__setattr__(self, "answers", UNKNOWN)
