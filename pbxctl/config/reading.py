"""A file's bytes -> a configuration with origins, or every mistake with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import phonenumbers
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from pbxctl.config.closed_days import MANY, ONE
from pbxctl.config.fields import FileContext, unknown_key
from pbxctl.config.loader import Tree, load_tree
from pbxctl.config.models import Config
from pbxctl.config.modes import EXAMPLE
from pbxctl.config.origins import Origins
from pbxctl.config.problems import ConfigError, KeyPath, Mistake, Mistakes, Problem
from pbxctl.config.source import refuse_foreign
from pbxctl.origin import Origin

NEWEST_VERSION: Final = 1
"""The newest version of the configuration's format that is read."""

# The design has these; naming them as unknown would send somebody looking for a slip of the pen.
_LATER_KEYS: Final = frozenset({"emergency", "codes", "store", "smtp", "web", "guidelines"})


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """A configuration, where each part of it was written, and what lies in its folder of recordings.

    ``recordings`` are files such as ``nl/closed_door.wav`` with the SHA-256 of their bytes; whoever
    reads the configuration from a disk adds them. ``templates`` are the texts of the files that steps of
    own modes run, by their names there; they come the same way.
    """

    config: Config
    origins: Origins
    recordings: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)


def load_config(text: bytes, file: str) -> LoadedConfig:
    """Read a ``pbxctl.yaml``; ``file`` is the name that messages and origins bear.

    Raises:
        ConfigError: it is wrong, with every mistake that can be told without mending the others.
    """
    try:
        return _load(text, file)
    except ConfigError as error:
        raise refuse_foreign(text, file, (*Config.model_fields, *_LATER_KEYS), error) from None


def _load(text: bytes, file: str) -> LoadedConfig:
    tree = load_tree(text, file)
    _refuse_newer(tree)
    try:
        config = Config.model_validate(tree.value, context=FileContext(_country(tree), _modes(tree)))
    except ValidationError as error:
        problems = [
            Problem(_origin(tree.origins, mistake), mistake.message)
            for details in error.errors(include_url=False)
            for mistake in _mistakes(details, tree)
        ]
        raise ConfigError(problems) from None
    return LoadedConfig(config, tree.origins)


def _refuse_newer(tree: Tree) -> None:
    """A file of a later version is refused in one line: all else in it may mean something new."""
    version = tree.value.get("version")
    if (
        isinstance(version, str)
        and version.isdecimal()
        and len(version) < 6
        and int(version) > NEWEST_VERSION
    ):
        message = f"{version} is newer than this pbxctl reads; write {NEWEST_VERSION}, or update pbxctl"
        raise ConfigError([Problem(tree.origins.of("version"), message)])


def _country(tree: Tree) -> str | None:
    """The country in which the file's numbers are written, if it is one."""
    company = tree.value.get("company")
    country = company.get("country") if isinstance(company, dict) else None
    return country if isinstance(country, str) and country in phonenumbers.SUPPORTED_REGIONS else None


def _modes(tree: Tree) -> tuple[str, ...]:
    """The names of the file's own modes."""
    modes = tree.value.get("modes")
    return tuple(modes) if isinstance(modes, dict) else ()


def _origin(origins: Origins, mistake: Mistake) -> Origin:
    return origins.of_key(*mistake.path) if mistake.at_key else origins.of(*mistake.path)


def _mistakes(details: ErrorDetails, tree: Tree) -> Iterator[Mistake]:
    """One of pydantic's errors in our words."""
    path: KeyPath = tuple(part for part in details["loc"] if part not in (ONE, MANY))
    if path and path[-1] == "[key]" and path not in tree.origins.values:
        path, at_key = path[:-1], True
    else:
        at_key = False
    error = details.get("ctx", {}).get("error")
    if isinstance(error, Mistakes):
        for mistake in error.mistakes:
            yield Mistake((*path, *mistake.path), mistake.message, mistake.at_key)
    elif isinstance(error, ValueError):
        yield Mistake(path, str(error), at_key)
    elif details["type"] == "extra_forbidden":
        yield Mistake(path, unknown_key(str(path[-1]), _keys_at(path[:-1]), _LATER_KEYS), at_key=True)
    # pydantic also counts as missing what is there but wrong, and has been told already.
    elif details["type"] != "too_short" or not details["input"]:
        yield Mistake(path, _structural(details, path), at_key)


def _structural(details: ErrorDetails, path: KeyPath) -> str:
    """The message for a value of the wrong shape."""
    if details["type"] == "missing":
        return f"is missing; write {_example(path)}"
    if details["input"] == "":
        return "is empty; write something there, or leave the line out where it is optional"
    match details["type"]:
        case "too_short":
            return f"is empty; write at least one, such as {_example(path)}"
        case "tuple_type":
            return f"is not a list; write it in brackets, such as {_example(path)}"
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            return f"is not a mapping; write {_example(path)}"
        case _:
            return f"is wrong: {details['msg']}"


def _example(path: KeyPath) -> str:
    """How a key, or the entry of a list, could be written."""
    field = _field_at(path)
    if field is not None and field.examples:
        return f"{path[-1]}: {field.examples[0]}"
    if path[:1] == ("modes",) and len(path) == 2:
        return f"{path[-1]}: {EXAMPLE}"
    if keys := _keys_at(path):
        return f"its keys: {', '.join(keys)}"
    return "NAME: VALUE"


def _keys_at(path: KeyPath) -> tuple[str, ...]:
    """The keys that a mapping may hold, by its path; none where the names are free."""
    kind: Any = Config
    for part in path:
        kind = _below(kind, part)
    kind = _bare(kind)
    return kind.file_keys or tuple(kind.model_fields) if _is_model(kind) else ()


def _field_at(path: KeyPath) -> FieldInfo | None:
    kind: Any = Config
    for part in path[:-1]:
        kind = _below(kind, part)
    kind = _bare(kind)
    return kind.model_fields.get(str(path[-1])) if _is_model(kind) else None


def _below(kind: Any, part: str | int) -> Any:
    """The type of what lies one key or index below a type."""
    kind = _bare(kind, entry=isinstance(part, int))
    if _is_model(kind):
        field = kind.model_fields.get(str(part))
        return field.annotation if field else None
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return arguments[0]
    return arguments[1] if len(arguments) == 2 and isinstance(part, str) else None


def _bare(kind: Any, *, entry: bool = False) -> Any:
    """A type without ``None`` and notes; of one or a list of it, the list where an ``entry`` is meant."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, UnionType):
            choices = [choice for choice in get_args(kind) if choice is not NoneType]
            kind = choices[-1 if entry else 0]
        else:
            return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
