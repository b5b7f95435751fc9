"""Where calls from outside enter the dialplan, and who answers each DID there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pbxctl.dialplan.asterisk import Answer, Context, Dialplan, answer, contexts_within, include_context
from pbxctl.doctor.facts import Subject

FREEPBX_CONTEXTS = frozenset({"from-pstn", "ext-did-0002", "from-did-direct"})
FREEPBX_HOOK = "from-pstn-custom"


@dataclass(frozen=True, slots=True)
class Entry:
    """A context that calls from outside enter, and the endpoints that send them there."""

    context: str
    endpoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """Who answers some spellings of a DID today, in one context. ``context`` is empty for nobody."""

    did: str
    spellings: tuple[str, ...]
    entry: Entry
    context: str
    extension: str
    ours: bool

    def __str__(self) -> str:
        who = f"{self.extension} in [{self.context}]" if self.context else "nobody"
        return f"{', '.join(self.spellings)} in [{self.entry.context}]: answered by {who}" + (
            " (pbxctl)" if self.ours else ""
        )


def is_freepbx(subject: Subject) -> bool:
    """Whether FreePBX made this dialplan: it is known by its contexts, or by a global variable."""
    dialplan = subject.facts.dialplan
    return dialplan is not None and (
        len(FREEPBX_CONTEXTS & dialplan.contexts.keys()) > 1 or "ASTVERSION" in dialplan.globals
    )


def is_ours(subject: Subject, context: str) -> bool:
    """Whether a context bears one of the names that a rendering gives."""
    prefix, part = f"{subject.prefix}-", re.compile("inbound|unlisted|outgoing|enter-.+|[0-9a-f]{8}-.+")
    return context.startswith(prefix) and part.fullmatch(context.removeprefix(prefix)) is not None


def without_ours(subject: Subject, dialplan: Dialplan) -> Dialplan:
    """The dialplan as it would be with our files gone."""
    return Dialplan(
        {name: context for name, context in dialplan.contexts.items() if not is_ours(subject, name)},
        dialplan.globals,
    )


def as_planned(subject: Subject, dialplan: Dialplan) -> Dialplan:
    """The dialplan as it would be with what the configuration renders today, the hook as it is."""
    theirs = without_ours(subject, dialplan)
    return Dialplan({**theirs.contexts, **subject.rendered.contexts}, theirs.globals)


def entries(subject: Subject) -> tuple[Entry, ...]:
    """The contexts of trunks, as far as can be told from where they lead.

    Those of endpoints from which our context or a route's ordinary one is reached; else those in which a
    DID is an extension; else those of endpoints known by their address. Where a mere pattern takes a DID,
    it may as well be phones that dial out.
    """
    dialplan = subject.facts.dialplan
    if dialplan is None:
        return ()
    contexts = _endpoint_contexts(subject)
    if not contexts:
        # Other channel drivers: only the dialplan itself can tell.
        contexts = {name: () for name in dialplan.contexts if not _inner(subject, name)}
    goals = {subject.inbound, *(route.ordinary for route in subject.plan.routes.values())}
    theirs = without_ours(subject, dialplan)

    def leads(context: str) -> bool:
        return bool(goals & set(contexts_within(dialplan, context)))

    def takes_exactly(context: str) -> bool:
        return any(name == number for name, number in _taken(subject, theirs, context))

    def is_by_address(context: str) -> bool:
        known = any(each.by_address for each in subject.facts.endpoints or () if each.context == context)
        return known and context in dialplan.contexts

    for wanted in (leads, takes_exactly, is_by_address):
        if found := [context for context in contexts if wanted(context)]:
            # Phones may reach the company's own numbers, too: where a provider is known, it is the trunk.
            sure = [
                context
                for context in found
                if is_by_address(context) or subject.inbound in contexts_within(dialplan, context)
            ]
            return tuple(Entry(context, contexts[context]) for context in sure or found)
    return ()


def reached_today(subject: Subject) -> tuple[Reached, ...]:
    """Who answers each DID in each of these contexts, spellings that are answered alike together."""
    dialplan = subject.facts.dialplan
    if dialplan is None:
        return ()
    rows = []
    for entry in entries(subject):
        for route in subject.plan.routes.values():
            for did in route.dids:
                alike: dict[tuple[str, bool], list[str]] = {}
                for spelling in did.spellings:
                    found = answer(dialplan, spelling, entry.context)
                    where = found.context if found else ""
                    alike.setdefault((where, bool(found) and is_ours(subject, where)), []).append(spelling)
                for (where, ours), spellings in alike.items():
                    name = told(answer(dialplan, spellings[0], entry.context))
                    rows.append(Reached(did.number, tuple(spellings), entry, where, name, ours))
    return tuple(rows)


def told(found: Answer | None) -> str:
    """What answers, as people call it."""
    if found is None:
        return ""
    return f"switch {found.switch}" if found.extension is None else found.extension.name


def spellings(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Each spelling of each DID, with the DID and the route's ordinary context."""
    for route in subject.plan.routes.values():
        for did in route.dids:
            for spelling in did.spellings:
                yield spelling, did.number, route.ordinary


def includes_of(dialplan: Dialplan, context: str) -> tuple[str, ...]:
    """The contexts that one includes, whether they exist or not."""
    found: Context | None = dialplan.contexts.get(context)
    return () if found is None else tuple(include_context(include) for include in found.includes)


def _endpoint_contexts(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for endpoint in subject.facts.endpoints or ():
        found[endpoint.context] = (*found.get(endpoint.context, ()), endpoint.name)
    return found


def _inner(subject: Subject, context: str) -> bool:
    """Contexts of ours, and those that calls reach only from others: their ordinary ones."""
    return is_ours(subject, context) or any(
        context == route.ordinary for route in subject.plan.routes.values()
    )


def _taken(subject: Subject, dialplan: Dialplan, context: str) -> Iterator[tuple[str, str]]:
    for spelling, _, _ in spellings(subject):
        found = answer(dialplan, spelling, context)
        if found is not None and found.extension is not None:
            yield found.extension.name, spelling
