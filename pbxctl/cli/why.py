"""``pbxctl why``: what a call would meet, step by step, and which line of the configuration says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click

from pbxctl.cli.inputs import day_at, read_config, read_events, read_moment, today
from pbxctl.cli.printing import JSON_OPTION, moment, place, print_json
from pbxctl.decision.decide import Call
from pbxctl.decision.facts import NO_FACTS
from pbxctl.errors import InputWrong
from pbxctl.numbers import read_number
from pbxctl.plan.build import build_plan, build_rules
from pbxctl.simulate.explain import CHOSE_LANGUAGE, Happening, Trace, explain
from pbxctl.simulate.reasons import Reason


@click.command("why")
@click.option(
    "--at", "when", metavar="TIME", help="The moment, in the company's zone; now where it is left out."
)
@click.option(
    "--from", "caller", metavar="NUMBER", default="", help="The caller; withheld where it is left out."
)
@click.option("--to", "did", metavar="NUMBER", required=True, help="The number that is dialled.")
@JSON_OPTION
@click.pass_obj
def command(config_file: str, when: str | None, caller: str, did: str, as_json: bool) -> None:
    """Say what a call would meet, step by step, and which line of the configuration says so.

    Below the rule that decides stand those that would have, and what an ordinary day lifts.

    Exceptions that somebody set on the PBX are not known here: it is the configuration that speaks.
    """
    loaded = read_config(config_file)
    company = loaded.config.company
    at = datetime.now(UTC) if when is None else read_moment(when, company.timezone)
    # A moment before today is explained by a plan that reaches back to it.
    first = min(today(loaded), day_at(loaded, at) - timedelta(days=1))
    days = max(400, (at.date() - first).days + 31)
    events = read_events(loaded, config_file, first, days)
    plan = build_plan(loaded, first, days, events)
    rules = build_rules(loaded, first, days, events)
    call = Call(_number("--to", did, company.country), _caller(caller, company.country))
    trace = explain(plan, call, at, NO_FACTS, rules=rules)
    if as_json:
        print_json(_as_json(trace))
    else:
        _print(trace, did)


def _caller(text: str, country: str) -> str:
    """The caller's number; empty where it is withheld."""
    if not text.strip():
        return ""
    try:
        return _number("--from", text, country)
    except InputWrong as error:
        raise InputWrong(f"{error}; leave --from out for a withheld one") from None


def _number(option: str, text: str, country: str) -> str:
    try:
        return read_number(text, country)
    except ValueError as error:
        raise InputWrong(f"{option}: {text!r} {error}") from None


def _print(trace: Trace, did: str) -> None:
    decision = trace.story.decision
    if decision is None:
        click.echo(
            f"{did} is on no route: the PBX's own dialplan treats the call, as if pbxctl were not there."
        )
        return
    click.echo(f"{moment(trace.at)} ({trace.at.tzinfo}), {trace.call.caller or 'withheld'} to {did}")
    click.echo(f"route {decision.route}: {decision.mode}")
    for reason in trace.reasons:
        mark = ">" if reason.spoke else "-"
        where = f"   [{place(reason.origin)}]" if reason.origin is not None else ""
        click.echo(f"  {mark} {reason.rung}: {reason.sentence}{where}")
    click.echo("the caller")
    for happening in trace.happenings:
        click.echo(f"  {happening.step}: {happening.sentence}")
    if trace.fallback:
        click.echo("where nobody takes the call")
    for happening in trace.fallback:
        click.echo(f"  {happening.step}: {happening.sentence}")
    if trace.spoken is not None:
        click.echo(f"spoken to in {trace.spoken.language}: {CHOSE_LANGUAGE[trace.spoken.because]}")
    if trace.heard is not None:
        click.echo(f"the prompt\n  {trace.heard}")
    if trace.until is not None:
        click.echo(f"the route changes at {moment(trace.until)}")
    if trace.answers_from is not None:
        click.echo(f"people answer again from {moment(trace.answers_from)}")


def _as_json(trace: Trace) -> dict[str, object]:
    decision = trace.story.decision
    return {
        "at": trace.at,
        "from": trace.call.caller,
        "to": trace.call.did,
        "route": None if decision is None else decision.route,
        "mode": "ordinary" if decision is None else decision.mode,
        "rung": None if decision is None else decision.rung,
        "rule": None if decision is None else decision.rule,
        "reasons": [_reason_as_json(reason) for reason in trace.reasons],
        "steps": _steps_as_json(trace.happenings),
        "fallback": _steps_as_json(trace.fallback),
        "language": None if trace.spoken is None else trace.spoken.language,
        "language_because": None if trace.spoken is None else trace.spoken.because,
        "heard": trace.heard,
        "until": trace.until,
        "answers_from": trace.answers_from,
    }


def _steps_as_json(happenings: Sequence[Happening]) -> list[dict[str, object]]:
    return [{"step": each.step, "caller": each.sentence, "exit": each.exit} for each in happenings]


def _reason_as_json(reason: Reason) -> dict[str, object]:
    return {
        "rung": reason.rung,
        "spoke": reason.spoke,
        "part": reason.part,
        "mode": reason.mode,
        "rule": reason.rule,
        "because": reason.sentence,
        "lifts": list(reason.lifts),
        "file": None if reason.origin is None else reason.origin.file,
        "line": None if reason.origin is None else reason.origin.line,
    }
