"""The fixed weekday behind closed doors, and the changes of it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, ValidationInfo, model_validator

from pbxctl.config.fields import Day, FileContext, Mode, Part, WeekdayOrNone
from pbxctl.config.problems import Mistake, Mistakes

ONE: Final = "<one>"
MANY: Final = "<many>"
"""What pydantic adds to the path of a mistake, for want of a key; no key can look like it."""


class ClosedDay(Part):
    """The fixed weekday behind closed doors, from a day on.

    ``weekday`` is ISO: Monday 1 to Sunday 7; None ends it, and needs no mode. Closed days before
    ``since`` did not happen, or were those of the change before this one.
    """

    weekday: WeekdayOrNone = Field(examples=["wednesday"])
    since: Day = Field(examples=["2026-12-02"])
    mode: Mode = Field("ordinary", examples=["voicemail"])

    @model_validator(mode="after")
    def _closes_or_ends(self, info: ValidationInfo[Any]) -> Self:
        if self.weekday is not None and "mode" not in self.model_fields_set:
            raise Mistakes([Mistake(("mode",), "is missing; write mode: voicemail")])
        # A model that comes back from its dump names every field.
        if self.weekday is None and "mode" in self.model_fields_set and isinstance(info.context, FileContext):
            raise Mistakes([Mistake(("mode",), "stands beside weekday: none; leave one of the two out")])
        return self


def _one_or_many(value: object) -> str:
    """By which shape a closed day is read."""
    return MANY if isinstance(value, list | tuple) else ONE


ClosedDays: TypeAlias = Annotated[
    Annotated[ClosedDay, Tag(ONE)] | Annotated[tuple[ClosedDay, ...], Field(min_length=1), Tag(MANY)],
    Discriminator(_one_or_many),
]
"""One closed day, or a list of its changes."""
