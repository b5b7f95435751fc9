"""Whether the PBX writes the journal that call-backs and the evaluation are made of."""

from __future__ import annotations

from pbxctl.doctor.facts import JOURNAL_NAME, Subject
from pbxctl.doctor.finding import Finding, Findings
from pbxctl.journal.cel import cel_mapping

EVENTS = ("CHAN_START", "CHAN_END", "ANSWER", "HANGUP", "LINKEDID_END", "APP_START", "USER_DEFINED")
"""The events by which the journal tells of a call; without one of them something cannot be known."""

_WRITER = "custom"


def journal(subject: Subject) -> Findings:
    """CEL on, its events, its writer, our mapping, the folder, and that it is really written."""
    cel, modules = subject.facts.cel, subject.facts.modules
    if cel is None:
        return
    if not cel.enabled:
        yield Finding(
            "cel-off",
            "Asterisk writes no events of calls (CEL): no call would be known afterwards",
            "cel show status",
            'cel.conf, [general]:\nenable=yes\nthen: asterisk -rx "module reload cel"',
        )
    elif missing := [event for event in EVENTS if event not in cel.events]:
        yield Finding(
            "cel-event-missing",
            f"the events {', '.join(missing)} are not written: calls would be told of by halves",
            "cel show status",
            f'cel.conf, [general], one more line:\nevents={",".join(missing)}\nthen: asterisk -rx "module '
            'reload cel"',
        )
    if modules is not None and "cel_custom" not in modules:
        yield Finding(
            "cel-custom-missing",
            "the module cel_custom is not loaded: nothing is written to the journal",
            "module show like cel_custom",
            'asterisk -rx "module load cel_custom.so"\nand take noload => cel_custom.so out of modules.conf',
        )
    yield from _mapping(subject)
    yield from _written(subject)


def _mapping(subject: Subject) -> Findings:
    mappings = None if subject.facts.files is None else subject.facts.files.cel_mappings
    if mappings is not None and cel_mapping() not in mappings:
        yield Finding(
            "cel-mapping-missing",
            "cel_custom.conf holds no line for pbxctl's journal",
            "cel_custom.conf",
            f"cel_custom.conf, [mappings]:\n{JOURNAL_NAME} => {cel_mapping()}\n"
            'then: asterisk -rx "module reload cel_custom.so"',
        )


def _written(subject: Subject) -> Findings:
    seen, folders = subject.facts.journal, subject.facts.folders
    if seen is None or folders is None:
        return
    folder = f"{folders.log}/cel-custom"
    if not seen.folder:
        yield Finding(
            "journal-folder-missing",
            f"there is no folder {folder}, and Asterisk does not make it: nothing is written",
            folder,
            f"install -d -o asterisk -g asterisk -m 0750 {folder}",
        )
    elif not seen.file and seen.calls:
        yield Finding(
            "journal-not-written",
            f"the PBX had {seen.calls} calls since it started, and there is no journal of them",
            f"{folder}/{JOURNAL_NAME}",
            f"look why in Asterisk's log, and at who may write to {folder}",
        )
