"""The mailboxes that routes name, and settings of theirs by which a message is lost."""

from __future__ import annotations

from pbxctl.doctor.facts import Mailbox, Subject
from pbxctl.doctor.finding import Finding, Findings
from pbxctl.plan.flow import Voicemail

ELSEWHERE = {"app_voicemail_imap": "on a mail server (IMAP)", "app_voicemail_odbc": "in a database (ODBC)"}


def mailboxes(subject: Subject) -> Findings:
    """Each once, with the routes that lead to it."""
    wanted = wanted_mailboxes(subject)
    there = subject.facts.mailboxes
    if not wanted:
        return
    if there is None:
        if subject.facts.applications is None or "voicemail" in subject.facts.applications:
            yield Finding(
                "mailboxes-unknown",
                "the PBX does not tell which mailboxes it has, so they were not looked at",
                "VoicemailUsersList",
                'look yourself: asterisk -rx "voicemail show users"',
            )
        return
    for name, routes in wanted.items():
        if (box := there.get(name)) is None:
            number, _, context = name.partition("@")
            yield Finding(
                "mailbox-missing",
                f"there is no mailbox {name} ({_of(routes)}): messages would be kept as plain recordings, "
                "and nobody is told of them",
                "voicemail show users",
                f"voicemail.conf, [{context}] (in FreePBX: the extension's own page):\n{number} => "
                f"PIN,{routes[0]}\n"
                'then: asterisk -rx "module reload app_voicemail.so"',
            )
        else:
            yield from _settings(box, routes)
    modules = subject.facts.modules or frozenset()
    for module, place in ELSEWHERE.items():
        if module in modules:
            yield Finding(
                "mailbox-elsewhere",
                f"messages are kept {place}: pbxctl reads them in the spool, and will find none there",
                f"module show like {module}",
                "take app_voicemail.so, which keeps them in files, for the mailboxes that routes name",
            )


def wanted_mailboxes(subject: Subject) -> dict[str, list[str]]:
    """The mailboxes that flows lead to or numbers have, as ``100@default``, with their routes."""
    wanted: dict[str, list[str]] = {}
    for route in subject.plan.routes.values():
        steps = [step for flow in route.flows.values() for step in flow.steps if isinstance(step, Voicemail)]
        own = [did.mailbox for did in route.dids if did.mailbox is not None]
        for name in dict.fromkeys([*(step.mailbox for step in steps), *own]):
            wanted.setdefault(name, []).append(route.name)
    return wanted


def _settings(box: Mailbox, routes: list[str]) -> Findings:
    number, _, context = box.name.partition("@")
    place = f"voicemail.conf, [{context}], mailbox {number}"
    if box.deletes:
        yield Finding(
            "mailbox-deletes",
            f"mailbox {box.name} ({_of(routes)}) deletes messages once they are mailed: what the mail loses "
            "is lost",
            "VoicemailUsersList: DeleteMessage: Yes",
            f"{place}: delete=no",
        )
    if box.operator:
        where = f" to [{box.exit_context}]" if box.exit_context else ""
        yield Finding(
            "mailbox-operator",
            f"a caller who presses 0 in mailbox {box.name} ({_of(routes)}) leaves it{where}, and the "
            "message is thrown away",
            "VoicemailUsersList: CallOperator: Yes",
            f"{place}: operator=no",
        )
    if box.limit and box.messages >= box.limit:
        yield Finding(
            "mailbox-full",
            f"mailbox {box.name} ({_of(routes)}) is full: new messages would be kept as plain recordings",
            f"{box.messages} messages, maxmsg={box.limit}",
            f"listen to them and delete some, or {place}: maxmsg={box.limit * 10}",
        )


def _of(routes: list[str]) -> str:
    return f"route {', '.join(routes)}"
