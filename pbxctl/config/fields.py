"""The kinds of fields that the models are made of.

A field takes the text of a file, or the value itself where a model is built in Python or
read back from what ``model_dump`` gave. Only a file needs its country to read a number;
everybody else hands over canonical numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from pbxctl.config import scalars, words
from pbxctl.config.problems import Mistake, did_you_mean, listed, quoted
from pbxctl.names import LANGUAGES, MODES, LanguageName
from pbxctl.numbers import is_canonical, read_number

_Parsed = TypeVar("_Parsed")


class Part(BaseModel):
    """A mapping of the configuration: it takes only the keys it knows and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_keys: ClassVar[tuple[str, ...]] = ()
    """The keys as a file writes them, where they are not the fields' names."""


@dataclass(frozen=True, slots=True)
class FileContext:
    """Handed to pydantic while a file is read; ``country`` is ``None`` if the file's own is wrong.

    ``modes`` are the names of the file's own modes, right or wrong.
    """

    country: str | None
    modes: tuple[str, ...] = ()


def plain(value: object) -> str:
    """The text of a scalar.

    Raises:
        ValueError: a list or mapping stands where one value should.
    """
    if isinstance(value, str):
        return value
    kind = "a list" if isinstance(value, list | tuple) else "a mapping"
    raise ValueError(f"holds {kind}; write one plain value")


def _text(check: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: check(plain(value)))


def _converted(parse: Callable[[str], object]) -> BeforeValidator:
    """Text is parsed; what is no text is left to the field's own type, unless it is a file's."""
    return BeforeValidator(
        lambda value: parse(plain(value)) if isinstance(value, str | list | dict) else value
    )


def chosen(*choices: str, later: tuple[str, ...] = ()) -> BeforeValidator:
    """Exactly one of the words; ``later`` holds those that a later version will know."""
    return _text(lambda text: words.one_of(text, choices, later))


def whole(low: int, high: int) -> BeforeValidator:
    """A whole number in digits."""
    return _converted(lambda text: scalars.parse_whole(text, low, high))


def seconds(low: int, high: int) -> BeforeValidator:
    """A duration such as ``20s``."""
    return _converted(lambda text: scalars.parse_duration(text, low, high))


def hours(low: int, high: int) -> BeforeValidator:
    """A duration such as ``4h``, in seconds."""
    return _converted(lambda text: scalars.parse_hours(text, low, high))


def _number(value: object, info: ValidationInfo[Any]) -> str:
    text = plain(value)
    if isinstance(info.context, FileContext):
        # Without a country the file is refused anyway; its numbers are looked at the next time.
        country = info.context.country
        return read_number_of(text, country) if country is not None else text
    if not is_canonical(text):
        raise ValueError(f"{quoted(text)} is not a canonical number such as +3292334455")
    return text


def read_number_of(text: str, country: str) -> str:
    """A number with its own text in front of what is wrong with it."""
    try:
        return read_number(text, country)
    except ValueError as error:
        raise ValueError(f"{quoted(text)} {error}") from None


def unknown_key(key: str, allowed: Sequence[str], later: frozenset[str] = frozenset()) -> str:
    """The message for a key that is not known; ``later`` holds those that a later version will know."""
    if key in later:
        return "is not supported by this version of pbxctl; leave it out"
    return f"is no known key{did_you_mean(key, allowed)}; allowed here: {listed(allowed)}"


def parsed(
    mistakes: list[Mistake], key: str, value: object, parse: Callable[[str], _Parsed]
) -> _Parsed | None:
    """Parse one key of a mapping; what is wrong is added to ``mistakes`` and gives ``None``."""
    try:
        return parse(plain(value))
    except ValueError as error:
        mistakes.append(Mistake((key,), str(error)))
        return None


FreeText: TypeAlias = Annotated[str, _text(words.free_text)]
Slug: TypeAlias = Annotated[str, _text(words.slug)]
InstanceName: TypeAlias = Annotated[str, _text(words.instance_name)]
ContextName: TypeAlias = Annotated[str, _text(words.context_name)]
Extension: TypeAlias = Annotated[str, _text(words.extension)]
TrunkExtension: TypeAlias = Annotated[str, _text(words.trunk_extension)]
MailboxName: TypeAlias = Annotated[str, _text(words.mailbox_name)]
MailAddress: TypeAlias = Annotated[str, _text(words.mail_address)]
HostName: TypeAlias = Annotated[str, _text(words.host_name)]
LoginName: TypeAlias = Annotated[str, _text(words.login_name)]
TimeZone: TypeAlias = Annotated[str, _text(words.time_zone)]
CountryCode: TypeAlias = Annotated[str, _text(words.country_code)]
HolidayRegion: TypeAlias = Annotated[str, _text(words.holiday_region)]
IcsAddress: TypeAlias = Annotated[str, _text(words.ics_address)]
CanonicalNumber: TypeAlias = Annotated[str, BeforeValidator(_number)]

Language: TypeAlias = Annotated[LanguageName, chosen(*LANGUAGES)]


def read_mode(text: str, context: object) -> str:
    """The name of a mode: in a file, one of ours or of the file's own; elsewhere any that could be one."""
    if isinstance(context, FileContext):
        return words.one_of(text, (*MODES, *context.modes))
    return text if text in MODES else words.own_mode_name(text)


def _mode(value: object, info: ValidationInfo[Any]) -> str:
    return read_mode(plain(value), info.context)


Mode: TypeAlias = Annotated[str, BeforeValidator(_mode)]
OwnModeName: TypeAlias = Annotated[str, _text(words.own_mode_name)]

WeekdayOrNone: TypeAlias = Annotated[
    Annotated[int, Field(ge=1, le=7)] | None, _converted(scalars.parse_weekday_or_none)
]
Day: TypeAlias = Annotated[date, _converted(scalars.parse_day)]
Port: TypeAlias = Annotated[int, Field(ge=1, le=65535), whole(1, 65535)]
