"""What is wrong with a configuration, said so that a person can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pbxctl.errors import Complaint, InputWrong
from pbxctl.origin import Origin

KeyPath: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys of mappings and indexes of lists, such as ``("routes", "main", "dids", 0)``."""

_SHOWN = 60  # characters of a value that a message repeats


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where, and one sentence that says what is wrong and what would be right."""

    origin: Origin
    message: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.message}"


class ConfigError(InputWrong):
    """The configuration is wrong; ``problems`` holds every mistake, in the order of the file.

    Its text has one line for each: ``FILE:LINE:COL: KEY: what is wrong, and what would be right``.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(
            sorted(problems, key=lambda problem: (problem.origin.line, problem.origin.column))
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        places = ((each.origin, each.message) for each in self.problems)
        return tuple(Complaint(text, at.file, at.line, at.column, at.key) for at, text in places)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake at a key below the value being read; ``at_key`` points at the key itself."""

    path: KeyPath
    message: str
    at_key: bool = False


class Mistakes(ValueError):
    """Several mistakes found in one value, each with its own place."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(mistake.message for mistake in self.mistakes))


def quoted(text: str) -> str:
    """A value as a message repeats it: in quotes, on one line, at most some sixty characters long.

    Whatever a terminal would act upon or not show is written as an escape.
    """
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text[:_SHOWN]
    )
    return f'"{shown}…"' if len(text) > _SHOWN else f'"{shown}"'


def listed(words: Sequence[str], last: str = "") -> str:
    """Words as a sentence lists them, in the order given; ``last`` stands before the last one."""
    if not last or len(words) < 2:
        return ", ".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`` (did you mean "office"?)``, or nothing where no choice is near."""
    by_lower_case = {choice.lower(): choice for choice in choices}
    near = difflib.get_close_matches(word[:_SHOWN].lower(), by_lower_case, n=1)
    return f" (did you mean {quoted(by_lower_case[near[0]])}?)" if near else ""


def format_path(path: KeyPath) -> str:
    """The dotted path of a value; a key that is no plain word stands in quotes."""
    return ".".join(_format_part(part) for part in path)


def _format_part(part: str | int) -> str:
    plain = isinstance(part, int) or (
        part.isprintable() and 0 < len(part) <= _SHOWN and not set(part) & set(' .:"')
    )
    return str(part) if plain else quoted(str(part))
