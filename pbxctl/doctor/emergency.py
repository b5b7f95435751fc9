"""Emergency numbers: what reaches them, and that nothing of ours ever does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pbxctl.dialplan.asterisk import Answer, answer, answers
from pbxctl.doctor.entries import as_planned, entries, is_ours, told
from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings
from pbxctl.numbers import emergency_numbers


@dataclass(frozen=True, slots=True)
class Dialled:
    """Who answers emergency numbers that phones dial in a context; ``answered_by`` is empty for nobody."""

    numbers: tuple[str, ...]
    context: str
    answered_by: str
    answered_in: str

    def __str__(self) -> str:
        who = f"{self.answered_by} in [{self.answered_in}]" if self.answered_in else "nobody"
        return f"{', '.join(self.numbers)} dialled in [{self.context}]: answered by {who}"


def dialled_today(subject: Subject) -> tuple[Dialled, ...]:
    """Who answers each emergency number in each context of phones, those that are answered alike together."""
    dialplan = subject.facts.dialplan
    rows = []
    for context in _phone_contexts(subject) if dialplan else ():
        alike: dict[tuple[str, str], list[str]] = {}
        for number in emergency_numbers(subject.plan.company.country):
            found = answer(dialplan, number, context) if dialplan else None
            alike.setdefault((told(found), found.context if found else ""), []).append(number)
        rows += [Dialled(tuple(numbers), context, *who) for who, numbers in alike.items()]
    return tuple(rows)


def emergency(subject: Subject) -> Findings:
    """For each context that phones dial in: those of endpoints that are no trunk's by address or context."""
    dialplan = subject.facts.dialplan
    if dialplan is None:
        return
    planned = as_planned(subject, dialplan)
    for context, endpoints in _phone_contexts(subject).items():
        hidden: dict[str, list[str]] = {}
        nowhere = []
        for number in emergency_numbers(subject.plan.company.country):
            found = list(answers(planned, number, context, ""))
            if not found:
                nowhere.append(number)
            elif is_ours(subject, found[0].context):
                yield Finding(
                    "emergency-shadowed",
                    f"{number}, dialled in [{context}], comes to pbxctl and not to the emergency service",
                    f"dialplan show {number}@{context}",
                    f"take {told(found[0])} out of [{found[0].context}], or its include out of [{context}]",
                )
            elif better := _exact_behind_pattern(found, number):
                hidden.setdefault(f"{told(found[0])} in [{found[0].context}]|{better.context}", []).append(
                    number
                )
        for who, numbers in hidden.items():
            pattern, _, behind = who.partition("|")
            yield Finding(
                "emergency-hidden",
                f"{', '.join(numbers)} dialled in [{context}] is taken by {pattern}; the extension for it "
                f"in [{behind}] is never reached",
                f"dialplan show {numbers[0]}@{context}",
                f"include [{behind}] before it, or put the extension into [{context}] itself",
            )
        if nowhere:
            yield Finding(
                "emergency-nowhere",
                f"{', '.join(nowhere)} dialled in [{context}] ({', '.join(endpoints[:5])}) reaches nothing",
                f"dialplan show {nowhere[0]}@{context}",
                f"extensions.conf, [{context}]: an extension that dials {nowhere[0]} over the trunk",
            )


def _phone_contexts(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    trunks = {entry.context for entry in entries(subject)}
    found: dict[str, tuple[str, ...]] = {}
    for endpoint in subject.facts.endpoints or ():
        if not endpoint.by_address and endpoint.context not in trunks:
            found[endpoint.context] = (*found.get(endpoint.context, ()), endpoint.name)
    return found


def _exact_behind_pattern(found: list[Answer], number: str) -> Answer | None:
    first = found[0].extension
    if first is None or not first.name.startswith("_"):
        return None
    return next((each for each in found if each.extension and each.extension.name == number), None)
