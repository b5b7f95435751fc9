"""Whether the manager user may do what is asked of it."""

from __future__ import annotations

from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings
from pbxctl.pbx.asterisk.ami import is_local

NEEDED = {
    "command": "to read and load the dialplan, and to take keys out of the database",
    "system": "to put dates and switches into the database",
    "config": "to read the configuration as Asterisk reads it",
    "reporting": "to read the dialplan, mailboxes, endpoints and the database",
}
"""The classes of the manager interface that are needed to write, which is to send actions, and what for."""

READ = "system"
"""The class of the events that are needed: that the PBX is fully booted."""


def rights(subject: Subject) -> Findings:
    """Found out by trying something harmless of each class."""
    ami = subject.config.pbx.ami
    user = ami.user if ami else ""
    for right, said in subject.facts.lacking.items():
        yield Finding(
            "right-missing",
            f"the manager user {user} lacks the right {right}, needed {NEEDED[right]}",
            said,
            f"manager.conf, [{user}]:\nread = {READ}\nwrite = {','.join(NEEDED)}\n"
            'then: asterisk -rx "manager reload"',
        )
    manager = subject.facts.manager
    if manager and not manager.limited and not is_local(manager.address.rpartition(":")[0].strip("[]")):
        ours = "127.0.0.1" if ami is None or is_local(ami.host) else "ADDRESS-OF-THE-MACHINE-OF-PBXCTL"
        yield Finding(
            "manager-open",
            f"whoever reaches this machine may log in as the manager user {user}, whose rights are enough to "
            "change anything on the PBX",
            f"it listens at {manager.address}, and manager.conf, [{user}] permits every host",
            f"manager.conf, [{user}]:\ndeny = 0.0.0.0/0.0.0.0\npermit = {ours}/255.255.255.255\n"
            'then: asterisk -rx "manager reload"',
        )
