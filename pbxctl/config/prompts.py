"""What an administrator may write about prompts: where recordings lie, and texts of the company's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from pbxctl.config.fields import FreeText, Language, Part, chosen, plain
from pbxctl.config.problems import Mistake, Mistakes, listed, quoted
from pbxctl.config.words import free_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pbxctl.config.models import Config

MAX_OWN_TEXT: Final = 600  # characters; three quarters of a minute of speech
PLACEHOLDERS: Final = ("company", "mail", "when")

KindName: TypeAlias = Literal["closed_door", "closed", "neutral"]
KIND_NAMES: Final[tuple[KindName, ...]] = ("closed_door", "closed", "neutral")

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


class Prompts(Part):
    """What callers hear, where it is the company's own.

    ``folder`` holds what a person recorded, seen from the configuration's own folder. ``texts`` stand in
    place of ours, by language and kind; ``{company}``, ``{mail}`` and ``{when}`` are filled in.
    """

    folder: FreeText | None = Field(None, examples=["recordings"])
    texts: Mapping[Language, Mapping[Kind, OwnText]] = Field(
        default_factory=dict, examples=['{nl: {closed_door: "…"}}']
    )

    @model_validator(mode="after")
    def _neutral_names_no_day(self) -> Self:
        mistakes = [
            Mistake(
                ("texts", language, "neutral"),
                "holds {when}, but this text is for whenever nobody knows when; leave {when} out",
            )
            for language, texts in self.texts.items()
            if "{when}" in texts.get("neutral", "")
        ]
        if mistakes:
            raise Mistakes(mistakes)
        return self


def prompt_mistakes(config: Config) -> Iterator[Mistake]:
    """Texts in a language that callers never hear."""
    for language in config.prompts.texts:
        if language not in config.company.languages:
            message = f"{quoted(language)} is not among company.languages; add it there, or take it out here"
            yield Mistake(("prompts", "texts", language), message, at_key=True)
