"""One rule for numbers: what a person writes, what a trunk sends, what the PBX keeps."""

from __future__ import annotations

import random

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.numbers import (
    EMERGENCY_NUMBERS,
    dialled_key,
    is_canonical,
    read_number,
    spellings,
    ways_to_dial,
)

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize(
    ("country", "canonical", "written"),
    [
        ("BE", "+3292334455", "+32 9 233 44 55"),
        ("BE", "+3292334455", "+32 (0)9 233 44 55"),
        ("BE", "+3292334455", "(+32) 9 233 44 55"),
        ("BE", "+3292334455", "0032 9 233 44 55"),
        ("BE", "+3292334455", "32 9 233 44 55"),
        ("BE", "+3292334455", "09 233 44 55"),
        ("BE", "+3292334455", "09/233.44.55"),
        ("BE", "+3292334455", "09\u00a0233\u00a044\u00a055"),
        ("BE", "+3292334455", "09 233\u201344\u201355"),
        ("BE", "+3292334455", "  09-233-44-55  "),
        ("BE", "+32470123456", "0470 12 34 56"),
        ("BE", "+32470123456", "0470123456"),
        ("BE", "+31201234567", "0031 20 123 45 67"),
        ("BE", "+3280012345", "0800 12 345"),
        ("NL", "+31201234567", "020-1234567"),
        ("FR", "+33123456789", "01 23 45 67 89"),
        ("DE", "+4930123456", "030/123456"),
        ("DE", "+493012345678", "+49 (0)30 12345678"),
        ("IT", "+39061234567", "06 1234567"),  # Italy keeps its zero
        ("IT", "+39061234567", "+39 06 1234567"),
        ("US", "+12125550123", "(212) 555-0123"),
        ("US", "+12125550123", "1 212 555 0123"),
        ("US", "+3292334455", "011 32 9 233 44 55"),
        ("RU", "+74951234567", "8 495 123-45-67"),
        ("BE", "112", "112"),  # would be read as +32112
        ("BE", "1733", "1733"),
        ("BE", "201", "201"),
        ("BE", "15", "15"),
        ("BE", "92334", "92 334"),
        ("BE", "123456", "123456"),
        ("BE", "0092", "0092"),
    ],
)
def test_a_number_is_read_however_it_is_written(country: str, canonical: str, written: str) -> None:
    assert read_number(written, country) == canonical


@pytest.mark.parametrize(
    "number", ["+32 9 000 00 00", "+1 212 555 0100", "+44 20 7946 0000", "+32 2 555 01 02"]
)
def test_a_number_of_fiction_is_a_number(number: str) -> None:
    """What is possible decides, not what is in service."""
    assert read_number(number, "BE") == number.replace(" ", "")


@pytest.mark.parametrize(
    ("country", "written", "wrong"),
    [
        ("BE", "", "is not a telephone number; write it like +32 12 34 56 78"),
        ("BE", " - ", "is not a telephone number"),
        ("BE", "+", "is not a telephone number"),
        ("BE", "5", "is not a telephone number"),
        ("BE", "anonymous", "holds characters that no telephone number has"),
        ("BE", "sip:09@example", "holds characters"),
        ("BE", "tel:+3292334455", "holds characters"),
        ("BE", "09 233 44 55 ext. 5", "without letters or extension"),
        ("BE", "1-800-FLOWERS", "holds characters"),
        ("BE", "٠٩٢٣٣٤٤٥٥", "holds characters"),
        ("BE", "09+233", "holds characters"),
        ("BE", "++3292334455", "holds characters"),
        ("BE", "09 233 44 55\n", "holds characters"),
        ("BE", "233 44 55", "has too few digits for a number of +32"),
        ("BE", "+32 112", "has too few digits"),
        ("BE", "+112", "has too few digits"),
        ("BE", "+32 9 233 44 55 66", "has a length that no number of +32 has"),
        ("BE", "31 20 123 45 67", "a foreign number with +"),
        ("BE", "+999 123 456 789", "is not a telephone number"),
        ("BE", "1" * 21, "has too many digits"),
        ("BE", "0" * 12, "has a length"),
        ("BE", "+32 00 9 233 44 55", "is not a telephone number"),
        ("US", "555 0123", "lacks the area code"),
        ("XX", "12345678", "write it like"),
    ],
)
def test_what_is_no_number_is_refused_with_a_way_out(country: str, written: str, wrong: str) -> None:
    with pytest.raises(ValueError, match="; write it like") as caught:
        read_number(written, country)
    assert wrong in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("country", "number", "all_of_them"),
    [
        ("BE", "+3292334455", {"+3292334455", "003292334455", "3292334455", "092334455"}),
        ("BE", "+31201234567", {"+31201234567", "0031201234567", "31201234567"}),
        ("NL", "+31201234567", {"+31201234567", "0031201234567", "31201234567", "0201234567"}),
        ("IT", "+39061234567", {"+39061234567", "0039061234567", "39061234567", "061234567"}),
        ("ES", "+34912345678", {"+34912345678", "0034912345678", "34912345678", "912345678"}),
        ("LU", "+35227123456", {"+35227123456", "0035227123456", "35227123456", "27123456"}),
        ("HU", "+3612345678", {"+3612345678", "003612345678", "3612345678", "0612345678"}),
        ("US", "+12125550123", {"+12125550123", "01112125550123", "12125550123", "2125550123"}),
        ("CA", "+12125550123", {"+12125550123", "01112125550123", "12125550123", "2125550123"}),
        ("US", "+3292334455", {"+3292334455", "0113292334455", "3292334455"}),
        ("AU", "+61212345678", {"+61212345678", "001161212345678", "61212345678", "0212345678"}),
        ("RU", "+74951234567", {"+74951234567", "81074951234567", "74951234567", "84951234567"}),
        ("BR", "+551123456789", {"+551123456789", "00551123456789", "551123456789", "01123456789"}),
        ("BE", "112", {"112"}),
        ("US", "123456", {"123456"}),
    ],
)
def test_every_spelling_of_a_number_is_known(country: str, number: str, all_of_them: set[str]) -> None:
    assert spellings(number, country) == tuple(sorted(all_of_them))


@pytest.mark.parametrize(
    "country", ["BE", "NL", "FR", "DE", "LU", "GB", "IT", "ES", "US", "CA", "RU", "HU", "AT", "CH"]
)
def test_every_spelling_reads_back_as_the_number(country: str) -> None:
    for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE):
        example = phonenumbers.example_number_for_type(country, kind)
        assert example is not None
        number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        for spelled in spellings(number, country):
            if (country, spelled) != ("DE", number.removeprefix("+")):  # German lengths leave that one open
                assert read_number(spelled, country) == number


@pytest.mark.parametrize("country", COUNTRIES)
def test_in_every_country_a_number_read_twice_stays_the_same(country: str) -> None:
    generator = random.Random(country)  # noqa: S311  # chosen numbers, not secrets
    code = str(phonenumbers.country_code_for_region(country))
    seen = 0
    for _ in range(200):
        start = generator.choice(["", "+", "0", "00", code, f"+{code}", f"+{code}0"])
        written = start + "".join(generator.choices("0123456789", k=generator.randint(2, 12)))
        try:
            number = read_number(written, country)
        except ValueError:
            continue
        seen += 1
        assert is_canonical(number)
        assert read_number(number, country) == number
        names = spellings(number, country)
        assert number in names
        assert names == tuple(sorted(set(names)))
        assert all(name == dialled_key(name) for name in names)
    assert seen > 0


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.text(max_size=40) | st.text("+0123456789 ()-/.", max_size=25), st.sampled_from(COUNTRIES))
def test_any_text_is_read_or_refused_in_one_sentence(text: str, country: str) -> None:
    try:
        outcome = read_number(text, country)
    except ValueError as error:
        outcome = str(error)
    assert is_canonical(outcome) or "; write it like" in outcome


def test_only_canonical_numbers_of_known_countries_have_spellings() -> None:
    with pytest.raises(ValueError, match="is not a canonical number"):
        spellings("09 233 44 55", "BE")
    with pytest.raises(ValueError, match="is not a canonical number"):
        spellings("+1234567890123456", "BE")
    with pytest.raises(ValueError, match="country 'XX'"):
        spellings("+3292334455", "XX")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("+3292334455", "+3292334455"),
        ("0032 9 233-44-55", "003292334455"),
        ("anonymous", ""),
        ("", ""),
        ("sip:+32@1.2", "+3212"),
        ("\u0660\u06691é2日3", "123"),
        ("a+1+2\n3\0", "+1+23"),
        ("${SHELL(1)},|;&", "1"),
        ("*31#0470", "310470"),
        ("1" * 40, "1" * 32),
        ("x" * 50 + "123", "123"),
        ("½²³1", "1"),
    ],
)
def test_the_pbx_keeps_plus_and_digits_up_to_thirty_two(sent: str, kept: str) -> None:
    assert dialled_key(sent) == kept


@given(st.text())
def test_the_key_is_what_filtering_bytes_leaves(text: str) -> None:
    """Asterisk's FILTER works on bytes; no byte of a longer character is a digit."""
    raw = text.encode("utf-8", "surrogatepass")
    assert dialled_key(text).encode() == bytes(byte for byte in raw if byte in b"+0123456789")[:32]


@pytest.mark.parametrize(
    "number", ["112", "911", "999", "100", "101", "110", "15", "17", "18", "115", "1733"]
)
def test_emergency_numbers_are_our_own_list(number: str) -> None:
    assert number in EMERGENCY_NUMBERS
    assert read_number(number, "BE") == number


def test_a_number_that_merely_begins_like_an_emergency_number_is_none() -> None:
    assert "1121" not in EMERGENCY_NUMBERS  # phonenumbers says it is one in Belgium
    assert all(is_canonical(number) for number in EMERGENCY_NUMBERS)


DIALLED = [
    pytest.param("+3225550102", "BE", ("025550102", "+3225550102"), id="national in Belgium"),
    pytest.param("+31205550102", "BE", ("0031205550102", "+31205550102"), id="abroad from Belgium"),
    pytest.param("+18005550199", "US", ("18005550199", "8005550199", "+18005550199"), id="North America"),
    pytest.param("+3225550102", "US", ("0113225550102", "+3225550102"), id="abroad from North America"),
    pytest.param(
        "+81312345678", "JP", ("0312345678", "+81312345678"), id="Japan, whose prefix abroad is 010"
    ),
    pytest.param("+34912345678", "ES", ("912345678", "+34912345678"), id="Spain, which has no prefix"),
    pytest.param("+4532123456", "DK", ("32123456", "+4532123456"), id="Denmark"),
    pytest.param("+390612345678", "IT", ("0612345678", "+390612345678"), id="Italy, whose zero stays"),
    pytest.param("+74951234567", "RU", ("84951234567", "+74951234567"), id="Russia, whose prefix is 8"),
    pytest.param("4321", "BE", ("4321",), id="a short number"),
]


@pytest.mark.parametrize(("number", "country", "ways"), DIALLED)
def test_a_number_is_dialled_as_people_of_that_country_do(
    number: str, country: str, ways: tuple[str, ...]
) -> None:
    assert ways_to_dial(number, country) == ways
    assert set(ways) <= set(spellings(number, country))
