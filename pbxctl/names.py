"""The names that rooms have in common: weekdays, languages, modes, keys. Each is listed here alone."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""By ISO number less one, as people are told them."""

WEEKDAY_WORDS: Final = tuple(name.lower() for name in WEEKDAYS)
"""The same as people write them in a configuration and in the names of recordings."""

SHORT_WEEKDAYS: Final = tuple(word[:3] for word in WEEKDAY_WORDS)

LanguageName: TypeAlias = Literal["nl", "fr", "de", "en"]
LANGUAGES: Final[tuple[LanguageName, ...]] = get_args(LanguageName)
"""The languages that callers can be spoken to in."""

ModeName: TypeAlias = Literal["ordinary", "voicemail", "answering_service"]
MODES: Final[tuple[ModeName, ...]] = get_args(ModeName)
"""The modes that pbxctl brings along."""

KEYS: Final = tuple("0123456789*")
"""What callers may be asked to press. ``#`` is not among them: it ends an input on every PBX."""


def family_of(instance: str) -> str:
    """What the contexts, files, sounds and database of an instance begin with on a PBX; it may be unnamed."""
    return f"pbxctl-{instance}" if instance else "pbxctl"


ORDINARY: Final = "ordinary"
VOICEMAIL: Final = "voicemail"
ANSWERING_SERVICE: Final = "answering_service"
