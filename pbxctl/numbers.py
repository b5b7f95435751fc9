"""Telephone numbers: what a person writes, how trunks spell it, and what the PBX keeps of it.

A canonical number is E.164 (``+3292334455``) or, for an internal or short number, its
bare 2 to 6 digits (``1733``). The same three functions serve DIDs, lists of callers and
the guard against loops, so that a number which matches in one place matches in all.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType, ValidationResult

DIALLED_KEY_LENGTH: Final = 32
"""How many characters of a caller's number the PBX looks at."""

# Ours, and on purpose wider than any one country: phonenumbers does not know Belgium's 1733 and
# takes 1121 for an emergency. A number on this list never becomes a DID, whatever the country.
EMERGENCY_NUMBERS: Final = frozenset(
    {"15", "17", "18", "000", "100", "101", "102", "103", "108", "110", "111", "112", "113", "114", "115"}
    | {"116", "117", "118", "119", "120", "122", "123", "128", "133", "140", "144", "190", "191", "192"}
    | {"193", "194", "195", "197", "198", "199", "911", "988", "995", "997", "998", "999"}
    | {"1122", "1414", "1722", "1733"}
)

_CHARGED_MORE = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})

_SHORT = re.compile(r"[0-9]{2,6}")
_CANONICAL = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{2,6}")
# People copy numbers from web pages and letters, where spaces and hyphens have many shapes.
_SEPARATORS = re.compile("[ ./()\u00a0\u2009\u202f\u2010\u2011\u2012\u2013-]")
_KEPT_BY_THE_PBX = frozenset("+0123456789")


def read_number(text: str, country: str) -> str:
    """Read a number as a person writes it in ``country`` (ISO 3166 alpha-2) into its canonical form.

    ``is_possible_number`` decides, not ``is_valid_number``: numbers set aside for fiction and
    newly opened ranges are perfectly good DIDs.

    Raises:
        ValueError: it is no number; the text says what is wrong and what would be right.
    """
    written = _SEPARATORS.sub("", text)
    digits = written.removeprefix("+")
    if not digits:
        raise ValueError(f"is not a telephone number; {_write_it_like(country)}")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(
            f"holds characters that no telephone number has; {_write_it_like(country)}, "
            "without letters or extension"
        )
    if digits == written and _SHORT.fullmatch(digits):
        return digits
    if len(digits) > 20:
        raise ValueError(f"has too many digits for a telephone number; {_write_it_like(country)}")
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        raise ValueError(f"is not a telephone number; {_write_it_like(country)}") from None
    code = f"+{number.country_code}"
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.IS_POSSIBLE:
            return _settled(phonenumbers.format_number(number, PhoneNumberFormat.E164), country)
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise ValueError(f"lacks the area code; {_write_it_like(country)}")
        case ValidationResult.TOO_SHORT:
            raise ValueError(
                f"has too few digits for a number of {code} and too many for a short one; "
                f"{_write_it_like(country)}, or 2 to 6 digits for an internal number"
            )
        case _:
            raise ValueError(
                f"has a length that no number of {code} has; {_write_it_like(country)}, "
                "and a foreign number with + and its country code"
            )


def is_canonical(number: str) -> bool:
    """Whether the text has the form that :func:`read_number` returns."""
    return _CANONICAL.fullmatch(number) is not None


def spellings(number: str, country: str) -> tuple[str, ...]:
    """Every way in which a trunk in ``country`` may spell a canonical number, sorted and unique.

    Each holds only ``+`` and ``0-9``. A short number is spelled in one way.

    Raises:
        ValueError: the number is not canonical, or the country has no telephone numbers of its own.
    """
    if not is_canonical(number):
        raise ValueError(f"{number!r} is not a canonical number")
    if not number.startswith("+"):
        return (number,)
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None or metadata.country_code is None:
        raise ValueError(f"the country {country!r} has no telephone numbers of its own")
    digits = number.removeprefix("+")
    found = {number, _international_prefix(metadata) + digits, digits, *_national(digits, metadata)}
    return tuple(sorted(found))


def ways_to_dial(number: str, country: str) -> tuple[str, ...]:
    """How people in ``country`` dial a canonical number, the commonest way first.

    A number of the country goes without its code, a foreign one with the international prefix;
    ``+`` comes last. No number of the country is ever dialled as if it were abroad: an outbound
    route would send it there.

    Raises:
        ValueError: as :func:`spellings`.
    """
    known = spellings(number, country)
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None or len(known) == 1:
        return known
    digits = number.removeprefix("+")
    return (*(_national(digits, metadata) or (_international_prefix(metadata) + digits,)), number)


def _national(digits: str, metadata: PhoneMetadata) -> tuple[str, ...]:
    """A number of the country itself without its code; empty for a foreign one."""
    own_code = str(metadata.country_code)
    # No country code begins another, so this comparison is enough.
    if not digits.startswith(own_code):
        return ()
    national = digits.removeprefix(own_code)
    usual = _only_digits(metadata.national_prefix) + national
    # In North America people dial ten digits as well as eleven.
    return (usual, national) if own_code == "1" else (usual,)


def international_prefixes(country: str) -> tuple[str, ...]:
    """How a trunk in ``country`` may begin a foreign number, ahead of its country code.

    The bare digits are not among them: they may as well be a number of the country's own.

    Raises:
        ValueError: the country has no telephone numbers of its own.
    """
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None:
        raise ValueError(f"the country {country!r} has no telephone numbers of its own")
    return ("+", _international_prefix(metadata))


def emergency_numbers(country: str) -> tuple[str, ...]:
    """The emergency numbers that people in ``country`` dial, sorted."""
    return tuple(
        sorted(number for number in EMERGENCY_NUMBERS if phonenumbers.is_emergency_number(number, country))
    )


def country_code(country: str) -> int:
    """The country code of ``country``: 32 of ``BE``; 0 of one that has no telephone numbers."""
    return phonenumbers.country_code_for_region(country)


def is_charged_more(number: str) -> bool:
    """Whether a canonical number is one that callers pay extra for: premium rate, or a shared cost.

    Of internal and short numbers nobody knows.
    """
    if not number.startswith("+"):
        return False
    return phonenumbers.number_type(phonenumbers.parse(number)) in _CHARGED_MORE


def is_mobile(number: str) -> bool:
    """Whether a canonical number is a mobile's; where a country does not tell them apart, none is."""
    if not number.startswith("+"):
        return False
    return phonenumbers.number_type(phonenumbers.parse(number)) == PhoneNumberType.MOBILE


def dialled_key(text: str) -> str:
    """What the PBX is left with of a number that came over the wire.

    Every byte but ``+`` and ``0-9`` is dropped, then the first 32 are kept: Asterisk's
    ``${FILTER(+0-9,…):0:32}``, and for FreeSWITCH an expression with anything else between the
    digits. ``anonymous`` and other withheld numbers become the empty text.
    """
    return "".join(character for character in text if character in _KEPT_BY_THE_PBX)[:DIALLED_KEY_LENGTH]


def last_eight(text: str) -> str:
    """By what a caller is known again whom somebody dialled in another spelling; empty for fewer digits.

    It leaves out country code, area code or prefix for the outside line, of which the number dialled and
    the number that comes back have different ones.
    """
    digits = dialled_key(text).replace("+", "")
    return digits[-8:] if len(digits) >= 8 else ""


def _settled(number: str, country: str) -> str:
    """The number, if reading it once more changes nothing (``+32 000 9…`` loses a zero each time).

    Raises:
        ValueError: it has zeros too many.
    """
    again = phonenumbers.parse(number, None)
    if is_canonical(number) and phonenumbers.format_number(again, PhoneNumberFormat.E164) == number:
        return number
    raise ValueError(f"is not a telephone number; {_write_it_like(country)}")


def _international_prefix(metadata: PhoneMetadata) -> str:
    """What is dialled before a foreign country code; ``00`` where carriers have several."""
    if metadata.preferred_international_prefix:
        return _only_digits(metadata.preferred_international_prefix)
    prefix = metadata.international_prefix or ""
    return prefix if prefix.isdigit() else "00"


def _only_digits(prefix: str | None) -> str:
    """A prefix without its ``~``, which stands for a second dial tone."""
    return (prefix or "").replace("~", "")


def _write_it_like(country: str) -> str:
    """An example of the country, as the way out in a message."""
    example = phonenumbers.example_number(country)
    if example is None:
        return "write it like +32 9 233 44 55"
    return f"write it like {phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL)}"
