"""``pbxctl init``: a first ``pbxctl.yaml`` from a few questions, or from flags."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pbxctl.cli.init_words import as_meant
from pbxctl.config.scaffold import NOTHING, QUESTIONS, Question, check_answer, write_config
from pbxctl.errors import InputWrong, PbxctlError


def _flag(question: Question) -> str:
    return f"--{question.name.replace('_', '-')}"


def _flags(command: Callable[..., Any]) -> Callable[..., Any]:
    for question in reversed(QUESTIONS):
        option = click.option(_flag(question), question.name, metavar="TEXT", help=f"{question.text}.")
        command = option(command)
    return command


@click.command("init")
@click.option("--yes", is_flag=True, help="Ask nothing: take the flags, and what is usual for the rest.")
@_flags
@click.pass_obj
def command(config_file: str, /, yes: bool, **flags: str | None) -> None:
    """Write a commented configuration to the file named by --config. A file that is there stays as it is.

    Each answer is checked at once, by the rules of the configuration. What is given as a flag is not asked.
    """
    file = Path(config_file)
    if os.path.lexists(file):
        raise InputWrong(f"{file}: is there already and stays as it is; name another with --config")
    if not file.parent.is_dir():
        raise InputWrong(f"{file.parent}: there is no such folder; make it, or name another with --config")
    answers: dict[str, str] = {}
    today = datetime.now(UTC).date()
    for question in QUESTIONS:
        given = flags[question.name]
        if not question.is_asked(answers) and given is None:
            answers[question.name] = question.usual(answers, today)
            continue
        usual = question.usual(answers, today)
        if given is not None or yes:
            answers[question.name] = _taken(question, given if given is not None else usual, answers)
        else:
            answers[question.name] = _asked(question, usual, answers)
    _write(file, write_config(answers))
    click.echo(f"{file}: written; look at it with: pbxctl --config {file} check")
    if answers["never_close"] == NOTHING:
        click.echo("No fax, alarm, lift or payment line is guarded; write their numbers behind never_close.")


def _taken(question: Question, answer: str, before: dict[str, str]) -> str:
    if not answer:
        raise InputWrong(f"{_flag(question)}: is missing; {question.text[0].lower()}{question.text[1:]}")
    try:
        return check_answer(question, as_meant(question.name, answer), before)
    except ValueError as error:
        raise InputWrong(f"{_flag(question)}: {error}") from None


def _asked(question: Question, usual: str, before: dict[str, str]) -> str:
    """Ask until the answer is right."""
    while True:
        answer: str = click.prompt(question.text, default=usual or None, type=str)
        meant = as_meant(question.name, answer)
        try:
            taken = check_answer(question, meant, before)
        except ValueError as error:
            click.echo(f"  {error}")
        else:
            if taken != answer.strip():
                click.echo(f"  taken for {taken}")
            return taken


def _write(file: Path, text: str) -> None:
    """Write a file that is not there; half a file is taken away again."""
    try:
        with file.open("x", encoding="utf-8") as stream:
            try:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            except OSError:
                file.unlink()
                raise
    except FileExistsError:
        raise InputWrong(f"{file}: is there already and stays as it is; name another with --config") from None
    except OSError as error:
        raise PbxctlError(f"{file}: cannot be written: {error.strerror}") from error
