"""Which language callers from another country are spoken to in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pbxctl.numbers import country_code, international_prefixes

MAIN_LANGUAGES: Mapping[str, tuple[int, ...]] = {
    # Only codes whose callers mostly speak it; where a land is divided, the language of most.
    "nl": (31, 32, 297, 597, 599),
    "fr": (
        *(33, 352, 377, 262, 508, 590, 594, 596, 687, 689),
        *(221, 223, 224, 225, 226, 227, 228, 229, 237, 241, 242, 243),
    ),
    "de": (41, 43, 49, 423),
    "en": (1, 44, 61, 64, 65, 350, 353, 233, 234),
}
"""The main language of the countries behind a country code; +1 and the like are shared by several."""


def languages_abroad(country: str, languages: Sequence[str]) -> Mapping[str, str]:
    """Language by the beginning of a foreign caller's number, as a trunk in ``country`` spells it.

    Only languages of the company's count. Its own country says nothing: whoever calls from there is
    spoken to in the company's first language, be that or not what most people of the land speak.
    """
    own = country_code(country)
    found = {
        f"{prefix}{code}": language
        for language in languages
        for code in MAIN_LANGUAGES.get(language, ())
        if code != own
        for prefix in international_prefixes(country)
    }
    return {prefix: found[prefix] for prefix in sorted(found)}
