"""Judges a value by JSON Schema, as an editor does: the keywords that ours uses, and no other one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}
SAID = {"$schema", "$defs", "title", "description", "examples"}
"""What is for people, or looked up by others."""


class _Editor(yaml.SafeLoader):
    """Reads as YAML 1.2 does, and with it editors: whole numbers, true and false, and else texts."""


_Editor.yaml_implicit_resolvers = {
    **{first: [("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"))] for first in "+-0123456789"},
    **{first: [("tag:yaml.org,2002:bool", re.compile("(true|false)$"))] for first in "tf"},
}


def _whole(loader: yaml.SafeLoader, node: yaml.Node) -> int:
    return int(node.value)


yaml.add_constructor("tag:yaml.org,2002:int", _whole, Loader=_Editor)


def as_editors_read(text: str) -> Any:
    return yaml.load(text, _Editor)  # noqa: S506 - a safe loader


def complaints(schema: dict[str, Any], value: Any) -> list[str]:
    """Where and why a value is not as the schema says."""
    return list(_judge(schema, schema, value, "$"))


def _judge(root: dict[str, Any], schema: dict[str, Any], value: Any, at: str) -> Iterator[str]:
    for keyword, wanted in schema.items():
        if keyword == "$ref":
            yield from _judge(root, root["$defs"][wanted.removeprefix("#/$defs/")], value, at)
        elif keyword not in SAID:
            yield from KEYWORDS[keyword](root, schema, value, at)


def _type(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kinds = tuple(kind for name in wanted for kind in KINDS[name])
    if not isinstance(value, kinds) or (isinstance(value, bool) and "boolean" not in wanted):
        yield f"{at}: is no {' or '.join(wanted)}"


def _enum(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    if value not in schema["enum"]:
        yield f"{at}: {value!r} is not one of {schema['enum']}"


def _pattern(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} is not formed like {schema['pattern']}"


def _const(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    if value != schema["const"]:
        yield f"{at}: is not {schema['const']!r}"


def _bounds(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at}: is out of range"


def _any_of(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    tried = [list(_judge(root, each, value, at)) for each in schema["anyOf"]]
    if all(tried):
        yield min(tried, key=len)[0]


def _items(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    for index, each in enumerate(value if isinstance(value, list) else ()):
        yield from _judge(root, schema["items"], each, f"{at}.{index}")


def _fewest(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    fewest = schema.get("minItems", schema.get("minProperties", 0))
    if isinstance(value, list | dict) and len(value) < fewest:
        yield f"{at}: holds fewer than {fewest}"


def _required(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{at}: {key} is missing" for key in schema["required"] if key not in value)


def _properties(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    """``properties``, ``patternProperties`` and ``additionalProperties`` are one rule."""
    for key, each in value.items() if isinstance(value, dict) else ():
        known = [schema["properties"][key]] if key in schema.get("properties", {}) else []
        known += [s for pattern, s in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
        rest = schema.get("additionalProperties", True)
        if known or isinstance(rest, dict):
            for part in known or [rest]:
                yield from _judge(root, part, each, f"{at}.{key}")
        elif rest is False:
            yield f"{at}: {key} is no known key"


def _nothing(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    """Judged with ``properties``."""
    yield from ()


def _rest(root: Any, schema: Any, value: Any, at: str) -> Iterator[str]:
    """Judged with ``properties``, where there are any."""
    if "properties" not in schema:
        yield from _properties(root, schema, value, at)


KEYWORDS = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "const": _const,
    "minimum": _bounds,
    "maximum": _nothing,
    "anyOf": _any_of,
    "items": _items,
    "minItems": _fewest,
    "minProperties": _fewest,
    "required": _required,
    "properties": _properties,
    "patternProperties": _nothing,
    "additionalProperties": _rest,
}
