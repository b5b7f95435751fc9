"""What can be guessed from a company's country: its languages and its clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import phonenumbers

SPOKEN_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "AT": ("de",),
    "BE": ("nl", "fr"),
    "CH": ("de", "fr"),
    "DE": ("de",),
    "FR": ("fr",),
    "GB": ("en",),
    "IE": ("en",),
    "LU": ("fr", "de"),
    "NL": ("nl",),
    "US": ("en",),
}
"""The languages of a country that callers can be spoken to in, the most usual first."""

# Where the numbering plan's own answer is another one's: Ireland's numbers are said to be London's.
_ZONES: Final[Mapping[str, str]] = {"IE": "Europe/Dublin", "CA": "America/Toronto", "RU": "Europe/Moscow"}


def zone_of(country: str) -> str:
    """The usual time zone of a country with a numbering plan; ``UTC`` where it cannot be told."""
    if country in _ZONES:
        return _ZONES[country]
    from phonenumbers import timezone  # its table takes a while to load: only for those who ask

    example = phonenumbers.example_number(country)
    zones = () if example is None else timezone.time_zones_for_number(example)
    return str(zones[0]) if zones and "Unknown" not in zones[0] else "UTC"
