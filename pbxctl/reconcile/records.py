"""What a host remembers, as text, version 1: revisions, which are in force, and what is under way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pbxctl.errors import InputWrong
from pbxctl.reconcile.revision import Revision

RECORD_VERSION = 1

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Applied:
    """A revision that is or was in force; epoch seconds. ``until`` is None for the present one."""

    revision: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The revisions that were in force and whose code may still be needed, the present one last.

    ``pbx`` is the configuration folder of the PBX that they were applied to.
    """

    applied: tuple[Applied, ...] = ()
    pbx: str = ""

    @property
    def present(self) -> str | None:
        """The revision in force, as far as this host knows."""
        if self.applied and self.applied[-1].until is None:
            return self.applied[-1].revision
        return None


class Undertaking(StrEnum):
    """What was begun."""

    APPLY = "apply"
    UNINSTALL = "uninstall"


@dataclass(frozen=True, slots=True)
class Intent:
    """What is under way, written down before the first write: how to finish it, or to undo it.

    ``revision`` is the one to come (of an uninstall, the one that goes), ``before`` the one in force
    until now as far as this host knows; ``found_entry`` and ``found_pointer`` are the text and the value
    that were there whoever put them. ``sounds`` are those that were not there before.
    """

    undertaking: Undertaking
    revision: str
    before: str | None
    sounds: tuple[str, ...] = ()
    found_entry: str | None = None
    found_pointer: str | None = None


def record_to_json(record: Revision | History | Intent) -> str:
    """A record as text; its version stands first."""
    return json.dumps({"version": RECORD_VERSION, **asdict(record)}, indent=1, ensure_ascii=False) + "\n"


def record_from_json(kind: type[_Record], text: str, name: str) -> _Record:
    """Read what :func:`record_to_json` wrote into the file called ``name``.

    Raises:
        InputWrong: it is none, or a newer pbxctl wrote it.
    """
    try:
        document: Any = json.loads(text)
    except ValueError as error:
        raise InputWrong(f"{name}: holds no record of pbxctl, for it is no JSON: {error}") from None
    version = document.pop("version", None) if isinstance(document, dict) else None
    if isinstance(version, int) and version > RECORD_VERSION:
        raise InputWrong(
            f"{name}: has version {version}, and this pbxctl reads version {RECORD_VERSION}: update pbxctl"
        )
    if version != RECORD_VERSION:
        raise InputWrong(f"{name}: holds no record of pbxctl: its version is {version!r}")
    return _validated(kind, document, name)


def _validated(kind: type[_Record], document: Mapping[str, Any], name: str) -> _Record:
    try:
        # JSON knows neither tuples nor words of an enumeration: they are read from what it has.
        return TypeAdapter(kind).validate_json(json.dumps(document), strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputWrong(f"{name}: is no whole record of pbxctl: {where}: {first['msg']}") from None
