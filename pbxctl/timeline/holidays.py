"""Public holidays by country and region, from the ``holidays`` library."""

from __future__ import annotations

from datetime import date
from functools import cache


@cache
def public_holidays(region: str, year: int) -> tuple[tuple[date, str], ...]:
    """The public holidays of ``BE`` or ``DE-BY`` in a year, sorted.

    Raises:
        ValueError: a country or region that the library does not know.
    """
    import holidays  # half a second to load: only for those who ask

    country, _, subdivision = region.partition("-")
    try:
        # Without a language, the names would follow the environment of whoever asks.
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for {region!r}") from error
    return tuple(sorted(found.items()))
