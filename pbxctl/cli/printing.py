"""How commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import click

from pbxctl.origin import Origin

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def print_json(value: Any) -> None:
    """Print a value as JSON; moments are ISO 8601 with their offset."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in aligned columns; nothing is cut, whatever the width of the terminal."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def moment(at: datetime) -> str:
    """A moment for people: weekday, date and time on the clock of its zone."""
    return f"{at:%a %Y-%m-%d %H:%M}" + (f":{at:%S}" if at.second else "")


def place(origin: Origin | None) -> str:
    """The line of the configuration that says so."""
    return "" if origin is None else f"{origin.file}:{origin.line}"


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here")
