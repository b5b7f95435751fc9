"""The templates that become dialplan: how they are read, and what is said where one is wrong."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import SandboxedEnvironment

from pbxctl.errors import FileWrong, InputWrong
from pbxctl.render.landing import NotPlain, comment, number, word

Filters = tuple[tuple[str, Callable[..., Any]], ...]

ASTERISK_FILTERS: Filters = (("comment", comment), ("number", number))

_GATELESS = ("safe", "e", "escape", "forceescape", "tojson", "urlize", "xmlattr")
"""Filters of Jinja's whose output would pass for checked: they know of HTML, not of dialplan."""

_WAY_OUT = "mend the template, or take the one that came with pbxctl"


class NotPlainIn(FileWrong, NotPlain):
    """As :class:`NotPlain`, with the line of the template that prints the value."""


class Templates:
    """Template texts by their path. Every value that one prints passes a gate of :mod:`landing`."""

    def __init__(
        self, texts: Mapping[str, str], filters: Filters = ASTERISK_FILTERS, *, boxed: bool = False
    ) -> None:
        """``boxed`` templates reach nothing of Python's but what they are given."""
        self._texts = texts
        self._way_out = "mend it" if boxed else _WAY_OUT
        self._boxed = boxed
        self._environment = _environment(tuple(sorted(texts.items())), filters, boxed)

    def render(self, name: str, view: Mapping[str, Any]) -> str:
        """The text that a template gives for these values.

        Raises:
            InputWrong: a template is missing or wrong (by its path below the folder of templates), or a
                value cannot stand where one prints it.
        """
        try:
            return self._environment.get_template(name).render(view)
        except TemplateNotFound as error:
            if self._boxed:
                raise FileWrong(
                    *self._place(name, error, f"there is no template {error.name} for it")
                ) from None
            raise InputWrong(f"the dialplan template {error.name} is missing; install pbxctl again") from None
        except TemplateSyntaxError as error:
            raise FileWrong(error.name or name, f"{error.message}; {self._way_out}", error.lineno) from None
        except NotPlain as error:
            raise NotPlainIn(*self._place(name, error, str(error))) from None
        except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise FileWrong(*self._place(name, error, f"{_one_line(error)}; {self._way_out}")) from None

    def compile(self, name: str) -> None:
        """See that a template can be read, also where nothing is rendered by it.

        Raises:
            FileWrong: it cannot.
        """
        try:
            self._environment.get_template(name)
        except TemplateSyntaxError as error:
            raise FileWrong(error.name or name, f"{error.message}; {self._way_out}", error.lineno) from None

    def _place(self, name: str, error: Exception, message: str) -> tuple[str, str, int | None]:
        """The innermost template that the error went through, what to say of it, and the line."""
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in self._texts:
                return frame.filename, message, frame.lineno
        return name, message, None


@lru_cache(maxsize=16)
def _environment(texts: tuple[tuple[str, str], ...], filters: Filters, boxed: bool) -> Environment:
    """Kept, since compiling the templates takes longer than rendering a plan with them."""
    environment = (SandboxedEnvironment if boxed else Environment)(
        # The name also stands for the file: so a mistake can be told with its place.
        loader=FunctionLoader(_loader(dict(texts))),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=word,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in _GATELESS:
        del environment.filters[name]
    environment.filters.update(filters)
    return environment


def _loader(texts: Mapping[str, str]) -> Callable[[str], tuple[str, str, Callable[[], bool]] | None]:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (texts[name], name, lambda: True) if name in texts else None

    return load


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
