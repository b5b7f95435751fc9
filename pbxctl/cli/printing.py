"""How commands print: tables for people, JSON for programs."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from pbxctl.errors import Complaint
from pbxctl.origin import Origin

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def print_json(value: Any) -> None:
    """Print a value as JSON; moments are ISO 8601 with their offset."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def print_errors(complaints: Iterable[Complaint]) -> None:
    """Print what went wrong to whoever reads JSON: on standard output, where the answer would be."""
    print_json({"errors": [asdict(each) for each in complaints]})


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in aligned columns; nothing is cut, whatever the width of the terminal."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def meant(written: str, known: Iterable[str]) -> str:
    """The end of a sentence about a name that is not there: what was meant, or else what there is."""
    names = list(known)
    close = difflib.get_close_matches(written, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there is {', '.join(names)}"


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
