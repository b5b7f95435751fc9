"""What an administrator may write about prompts: where recordings lie, and texts of the company's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from pbxctl.config.fields import FreeText, Language, Part, chosen, plain
from pbxctl.config.problems import Mistake, Mistakes, listed, quoted
from pbxctl.config.words import free_text
from pbxctl.names import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pbxctl.config.models import Config

MAX_OWN_TEXT: Final = 600  # characters; three quarters of a minute of speech
PLACEHOLDERS: Final = ("company", "mail", "when", "key")

KindName: TypeAlias = Literal[
    "closed_door", "closed", "neutral", "fell_back", "mailbox_full", "language", "confirm"
]
KIND_NAMES: Final[tuple[KindName, ...]] = (
    *("closed_door", "closed", "neutral"),
    *("fell_back", "mailbox_full", "language", "confirm"),
)
DATED: Final = ("closed_door", "closed")
KEYED: Final = ("language", "confirm")
"""The kinds of which a text may name the day, and those of which it must name the key."""

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


def own_text(text: str) -> str:
    """A text to be spoken, its placeholders known and its braces closed."""
    free_text(text, MAX_OWN_TEXT)
    known = listed([f"{{{name}}}" for name in PLACEHOLDERS], "or")
    for found in _BRACES.finditer(text):
        name = found[1]
        if name is None:
            raise ValueError(f"holds a single {found[0]}; write {known}, or no brace")
        if name not in PLACEHOLDERS:
            raise ValueError(f"{quoted(found[0])} stands for nothing; write {known}")
    if not any(sign.isalnum() for sign in _BRACES.sub("", text)):
        raise ValueError("holds no words of its own; write what callers are to hear")
    return text


OwnText: TypeAlias = Annotated[str, BeforeValidator(lambda value: own_text(plain(value)))]
Kind: TypeAlias = Annotated[KindName, chosen(*KIND_NAMES)]


def key_of_telephone(text: str) -> str:
    """A key that somebody may press."""
    if text == "#":
        raise ValueError("# ends what is keyed in on every PBX; write one of 0 to 9, or *")
    if text not in KEYS:
        raise ValueError(f"{quoted(text)} is no key of a telephone; write one of 0 to 9, or *")
    return text


Key: TypeAlias = Annotated[str, BeforeValidator(lambda value: key_of_telephone(plain(value)))]


class Prompts(Part):
    """What callers hear, where it is the company's own, and what they may press meanwhile.

    ``folder`` holds what a person recorded, seen from the configuration's own folder. ``texts`` stand in
    place of ours, by language and kind; ``{company}``, ``{mail}``, ``{when}`` and ``{key}`` are filled in.
    ``skip_key`` leads straight to the tone; ``language_keys`` change the language, and each is said in front
    of the prompt in its own.
    """

    folder: FreeText | None = Field(None, examples=["recordings"])
    texts: Mapping[Language, Mapping[Kind, OwnText]] = Field(
        default_factory=dict, examples=['{nl: {closed_door: "…"}}']
    )

    skip_key: Key | None = Field(None, examples=["1"])
    language_keys: Mapping[Language, Key] = Field(default_factory=dict, examples=["{fr: 2}"])

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if mistakes := [*self._texts(), *self._clashes()]:
            raise Mistakes(mistakes)
        return self

    def _texts(self) -> Iterator[Mistake]:
        """Texts that say what their kind does not know, or not what it is there for."""
        for language, texts in self.texts.items():
            for kind, text in texts.items():
                path = ("texts", language, kind)
                if "{when}" in text and kind not in DATED:
                    message = (
                        "holds {when}, but this text is for whenever nobody knows when; leave {when} out"
                    )
                    yield Mistake(path, message)
                if "{key}" in text and kind not in KEYED:
                    yield Mistake(
                        path, f"holds {{key}}, which only a text of {_KEYED} knows; leave {{key}} out"
                    )
                if "{key}" not in text and kind in KEYED:
                    yield Mistake(path, "does not say which key to press; write {key} where it is to be said")

    def _clashes(self) -> Iterator[Mistake]:
        """Keys that would have to lead to two places."""
        taken = {} if self.skip_key is None else {self.skip_key: "prompts.skip_key"}
        for language, key in self.language_keys.items():
            place = f"prompts.language_keys.{language}"
            if (other := taken.setdefault(key, place)) != place:
                yield Mistake(
                    ("language_keys", language), f"{key} stands at {other} as well; write another key"
                )


_KEYED = listed(KEYED, "or")


def prompt_mistakes(config: Config) -> Iterator[Mistake]:
    """Texts, and keys, in a language that callers never hear."""
    for key, languages in (("texts", config.prompts.texts), ("language_keys", config.prompts.language_keys)):
        for language in languages:
            if language not in config.company.languages:
                message = (
                    f"{quoted(language)} is not among company.languages; add it there, or take it out here"
                )
                yield Mistake(("prompts", key, language), message, at_key=True)
