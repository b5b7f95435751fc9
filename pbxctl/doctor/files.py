"""The dialplan files on this machine: whether they load, load ours, and are what is loaded."""

from __future__ import annotations

from fnmatch import fnmatch

from pbxctl.dialplan.asterisk import Context
from pbxctl.doctor.entries import is_ours
from pbxctl.doctor.facts import Files, Subject
from pbxctl.doctor.finding import Finding, Findings

FOLDER = "pbxctl"
INCLUDE = f"#tryinclude {FOLDER}/*.conf"


def files(subject: Subject) -> Findings:
    """What is read of ``extensions.conf`` and all that it includes."""
    found = subject.facts.files
    if found is None:
        yield Finding(
            "files-not-seen",
            "extensions.conf cannot be read from here, so what it includes, and what is not loaded yet, "
            "was not looked at",
            "" if subject.facts.folders is None else subject.facts.folders.configuration,
            "run pbxctl doctor on the PBX itself, as a user of its group",
        )
        return
    if found.refused:
        yield Finding(
            "files-refused",
            "Asterisk would refuse extensions.conf at the next reload and keep what it has: nothing of ours "
            "could come into force",
            found.refused,
            "mend that line",
        )
        return
    yield from _included(subject, found)
    yield from _left_out(found)
    yield from _not_loaded(subject, found)


def _included(subject: Subject, files: Files) -> Findings:
    included = files.extensions.includes if files.extensions else ()
    ours = [(word, name) for word, name in included if _covers(subject, name)]
    where = "" if subject.facts.folders is None else subject.facts.folders.configuration + "/"
    if not ours:
        yield Finding(
            "include-missing",
            "extensions.conf does not include pbxctl's files, so nothing of them is ever loaded",
            f"{where}extensions.conf",
            f"extensions.conf, as its last line (in FreePBX: extensions_custom.conf):\n{INCLUDE}",
        )
    elif strict := [name for word, name in ours if word == "include"]:
        yield Finding(
            "include-strict",
            "extensions.conf includes pbxctl's files by #include: with them gone, Asterisk would refuse "
            "all of it",
            f"#include {strict[0]}",
            f"put in its place:\n{INCLUDE}",
        )


def _covers(subject: Subject, name: str) -> bool:
    """Whether an include takes our entry file."""
    folder = "" if subject.facts.folders is None else subject.facts.folders.configuration + "/"
    return _globbed(f"{FOLDER}/{subject.prefix}.conf", name.removeprefix(folder))


def _globbed(path: str, pattern: str) -> bool:
    """As glob(3): a star takes no slash."""
    parts, patterns = path.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatch, parts, patterns))


def _left_out(files: Files) -> Findings:
    if files.left_out:
        shown = "; ".join(map(str, files.left_out[:3]))
        yield Finding(
            "lines-left-out",
            f"Asterisk leaves out {len(files.left_out)} lines of the dialplan files, telling only its log",
            shown + (" …" if len(files.left_out) > 3 else ""),
        )


def _not_loaded(subject: Subject, files: Files) -> Findings:
    loaded = subject.facts.from_files
    if loaded is None or files.dialplan is None:
        return
    names = sorted(files.dialplan.contexts.keys() | loaded.contexts.keys())
    changed = [
        name
        for name in names
        if not is_ours(subject, name)
        and files.dialplan.contexts.get(name, Context(name)) != loaded.contexts.get(name, Context(name))
    ]
    if changed:
        yield Finding(
            "files-not-loaded",
            "the dialplan files differ from what is loaded: a reload for ours would bring that into force, "
            "too",
            ", ".join(f"[{name}]" for name in changed[:10]) + (" …" if len(changed) > 10 else ""),
            'look at them, then: asterisk -rx "dialplan reload"',
        )
