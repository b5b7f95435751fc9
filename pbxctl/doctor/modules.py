"""Version, and the applications, functions and formats that our dialplan uses."""

from __future__ import annotations

import re

from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import Finding, Findings
from pbxctl.doctor.used import used_applications, used_functions

MEASURED = {16: "16.28", 22: "22.10"}
SUPPORTED = range(16, 23)

PROVIDERS = {
    "app_celgenuserevent": "celgenuserevent",
    "app_controlplayback": "controlplayback",
    "app_dial": "dial",
    "app_exec": "exec execif tryexec",
    "app_playback": "playback",
    "app_playtones": "playtones stopplaytones",
    "app_read": "read",
    "app_record": "record",
    "app_stack": "gosub gosubif return stackpop",
    "app_userevent": "userevent",
    "app_verbose": "log verbose",
    "app_voicemail": "voicemail",
    "func_callerid": "callerid redirecting",
    "func_channel": "channel",
    "func_cut": "cut",
    "func_db": "db",
    "func_devstate": "device_state",
    "func_dialplan": "dialplan_exists",
    "func_global": "global shared",
    "func_groupcount": "group group_count",
    "func_lock": "lock trylock unlock",
    "func_logic": "exists if iftime isnull",
    "func_math": "math",
    "func_module": "ifmodule",
    "func_strings": "filter len regex replace strftime tolower toupper",
    "func_timeout": "timeout",
    "res_pjsip_header_funcs": "pjsip_header",
}
"""Which module brings what: a PBX cannot say of one that it has not loaded."""

_MODULE_OF = {name: module for module, names in PROVIDERS.items() for name in names.split()}
_SPARED = frozenset({"ifmodule"})
"""What is used to look for something else, and is not missed where it is missing."""


def version(subject: Subject) -> Findings:
    """Asterisk 16 to 22 are supported; others may well work, and nobody tried."""
    found = re.match(r"(?:certified/)?(\d+)", subject.facts.version or "")
    if found is None or int(found[1]) in SUPPORTED:
        return
    tried = " and ".join(MEASURED.values())
    yield Finding(
        "version-untried",
        f"Asterisk {subject.facts.version} was never tried with pbxctl: {SUPPORTED.start} to "
        f"{SUPPORTED.stop - 1} are meant to work, and {tried} were measured",
        "CoreSettings",
        "rehearse on a PBX of this version first: pbxctl rehearse",
    )


def modules(subject: Subject) -> Findings:
    """Whatever the rendered dialplan calls must be there: an application that is not drops the caller."""
    facts = subject.facts
    if facts.applications is not None:
        for name in sorted(used_applications(subject.rendered) - facts.applications):
            yield _missing("application", name, "core show application")
    if facts.functions is not None:
        for name in sorted(used_functions(subject.rendered) - facts.functions - _SPARED):
            yield _missing("function", name, "core show function")
    if facts.formats is not None and "wav" not in facts.formats:
        yield Finding(
            "format-missing",
            "Asterisk cannot play or record .wav files: callers hear a tone, and nothing is recorded",
            "core show file formats",
            _load("format_wav"),
        )


def _missing(kind: str, name: str, command: str) -> Finding:
    module = _MODULE_OF.get(name)
    shown = name.upper() if kind == "function" else name
    return Finding(
        f"{kind}-missing",
        f"the {kind} {shown} is not there, and our dialplan uses it",
        f"{command} {shown}",
        _load(module) if module else f"find out which module brings {shown}, and load it",
    )


def _load(module: str) -> str:
    return (
        f'asterisk -rx "module load {module}.so"\n'
        f"and take noload => {module}.so out of modules.conf, or with autoload=no put load => {module}.so in"
    )
