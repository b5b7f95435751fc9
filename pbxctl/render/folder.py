"""What a rendered folder holds besides the dialplan: revision, entries, prompts; each with a version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from pbxctl.errors import InputWrong
from pbxctl.render.rendering import Entry

FOLDER_VERSION = 1

MANIFEST, DATABASE, PROMPTS = "revision.json", "database.json", "prompts.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder is a rendering of; ``first_day`` is the first local day that was worked out."""

    revision: str
    generation: str
    first_day: date


def manifest_to_json(manifest: Manifest) -> str:
    """The text of ``revision.json``."""
    return _document({**asdict(manifest), "first_day": manifest.first_day.isoformat()})


def manifest_from_json(text: str) -> Manifest:
    """Read what :func:`manifest_to_json` wrote.

    Raises:
        InputWrong: it is none, or a newer pbxctl wrote it; nothing of the text is repeated.
    """
    try:
        document = json.loads(text)
        version = document["version"]
        if isinstance(version, int) and version > FOLDER_VERSION:
            raise InputWrong(
                f"has version {version}, and this pbxctl reads version {FOLDER_VERSION}: update pbxctl"
            )
        if version != FOLDER_VERSION:
            raise InputWrong("is no manifest of pbxctl: its version is missing or odd")
        return Manifest(
            str(document["revision"]), str(document["generation"]), date.fromisoformat(document["first_day"])
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputWrong("is no manifest of pbxctl") from None


def entries_to_json(entries: Iterable[Entry]) -> str:
    """The text of ``database.json``, in the order in which they are put; the pointer belongs last."""
    return _document({"entries": [[entry.family, entry.key, entry.value] for entry in entries]})


def prompts_to_json(prompts: Mapping[str, Mapping[str, str]]) -> str:
    """The text of ``prompts.json``: by the stem of each prompt, its words by language."""
    return _document({"prompts": {stem: dict(texts) for stem, texts in prompts.items()}})


def _document(content: Mapping[str, object]) -> str:
    return json.dumps({"version": FOLDER_VERSION, **content}, indent=1, ensure_ascii=False) + "\n"
