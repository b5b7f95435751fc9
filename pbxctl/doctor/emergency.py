"""Emergency numbers: what reaches them, and that nothing of ours ever does."""

from __future__ import annotations

from collections.abc import Mapping

from pbxctl.dialplan.asterisk import Answer, answers
from pbxctl.doctor.entries import as_planned, entries, is_ours, told
from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings
from pbxctl.numbers import emergency_numbers


def emergency(subject: Subject) -> Findings:
    """For each context that phones dial in: those of endpoints that are no trunk's by address or context."""
    dialplan = subject.facts.dialplan
    if dialplan is None:
        return
    trunks = {entry.context for entry in entries(subject)}
    planned = as_planned(subject, dialplan)
    for context, endpoints in sorted(_phones(subject).items()):
        if context in trunks:
            continue
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
                f"{', '.join(numbers)} dialled in [{context}] is taken by {pattern}; the extension for it in "
                f"[{behind}] is never reached",
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


def _phones(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for endpoint in subject.facts.endpoints or ():
        if not endpoint.by_address:
            found[endpoint.context] = (*found.get(endpoint.context, ()), endpoint.name)
    return found


def _exact_behind_pattern(found: list[Answer], number: str) -> Answer | None:
    first = found[0].extension
    if first is None or not first.name.startswith("_"):
        return None
    return next((each for each in found if each.extension and each.extension.name == number), None)
