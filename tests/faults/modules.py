"""What becomes of callers where a module of Asterisk's is not loaded, or its sounds are gone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pbxctl.plan.flow import Collect, Play, Sound
from tests.faults.fault import (
    BUILT_IN,
    COLLEAGUE,
    NEUTRAL,
    PROMPT,
    Expected,
    Fault,
    always,
    fallen_back,
    recorded,
    unrecorded,
)
from tests.faults.parts import (
    WEEK_ALONE,
    full_mailbox,
    no_mailbox,
    no_sounds_of_ours,
    ordinary_without_the_number,
)
from tests.faults.services import BY_KEY, taken_by
from tests.scenarios.company import At, Company

_OPEN: Mapping[At | None, Expected] = {**always(COLLEAGUE), None: COLLEAGUE}

_OTHER_FUNCTIONS = (
    "aes base64 blacklist callcompletion cdr config curl devstate dialgroup enum env evalexten"
    " export extstate frame_drop frame_trace global hangupcause holdintercept iconv jitterbuffer json"
    " lock math md5 module periodic_hook pitchshift pjsip_aor pjsip_contact pjsip_endpoint"
    " presencestate rand realtime sayfiles scramble sha1 shell sorcery speex sprintf srv sysinfo"
    " talkdetect timeout uri uuid version vmcount volume"
)

NOTHING = Expected(())
"""What cannot be saved: `doctor` and `apply` must insist on it beforehand."""

MODULES = (
    Fault("app_voicemail", always(recorded(PROMPT)), noload=("app_voicemail",)),
    Fault("app_playback", always(BUILT_IN), noload=("app_playback",)),
    Fault(
        "app_voicemail, app_playback", always(recorded(BUILT_IN)), noload=("app_voicemail", "app_playback")
    ),
    Fault("app_record", always(PROMPT), noload=("app_record",)),
    Fault("app_record, mailbox", always(unrecorded(PROMPT)), no_mailbox, noload=("app_record",)),
    Fault("app_record, mailbox full", always(unrecorded(PROMPT)), full_mailbox, noload=("app_record",)),
    Fault("app_record, app_voicemail", always(unrecorded(PROMPT)), noload=("app_record", "app_voicemail")),
    Fault("app_celgenuserevent", {**always(PROMPT), None: COLLEAGUE}, noload=("app_celgenuserevent",)),
    Fault("cel_custom", {**always(PROMPT), None: COLLEAGUE}, noload=("cel_custom",)),
    Fault(
        "app_read",
        {At.VOICEMAIL: PROMPT},
        noload=("app_read",),
        company=partial(Company, more_steps=(Collect("menu", 5, {"9": "prompt", "none": "prompt"}),)),
    ),
    Fault(
        "app_controlplayback",
        {At.VOICEMAIL: PROMPT},
        noload=("app_controlplayback",),
        company=partial(
            Company,
            more_steps=(Play("menu", Sound.PROMPT, {"done": "message", "failed": "neutral", "9": "end"}),),
        ),
    ),
    Fault(
        "app_read, and a forward is taken by a key",
        {At.ANSWERING_SERVICE: fallen_back(PROMPT)},
        noload=("app_read",),
        service=lambda house, company: taken_by("1"),
        company=BY_KEY,
    ),
    Fault(
        "app_stack, and a forward is taken by a key",
        {At.ANSWERING_SERVICE: fallen_back(PROMPT)},
        noload=("app_stack",),
        service=lambda house, company: taken_by("1"),
        company=BY_KEY,
    ),
    Fault("app_stack", {**always(PROMPT), None: COLLEAGUE}, noload=("app_stack",)),
    Fault("func_strings", always(COLLEAGUE), noload=("func_strings",)),
    Fault("func_cut", always(COLLEAGUE), noload=("func_cut",)),
    Fault("func_db", {**WEEK_ALONE, At.OVERRIDE: COLLEAGUE}, noload=("func_db",)),
    Fault("func_dialplan", always(NEUTRAL), noload=("func_dialplan",)),
    Fault("func_logic", {**always(PROMPT), None: COLLEAGUE}, noload=("func_logic",)),
    Fault("func_groupcount", {**always(PROMPT), None: COLLEAGUE}, noload=("func_groupcount",)),
    Fault("func_callerid", {**always(PROMPT), None: COLLEAGUE}, noload=("func_callerid",)),
    Fault("func_channel", {**always(PROMPT), None: COLLEAGUE}, noload=("func_channel",)),
    Fault(
        "every other function",
        {**always(PROMPT), None: COLLEAGUE},
        noload=tuple(f"func_{name}" for name in _OTHER_FUNCTIONS.split()),
    ),
    Fault("built-in sentences", always(PROMPT), built_in=("beep",)),
    Fault("built-in sounds", always(PROMPT), built_in=()),
    Fault(
        "built-in sounds, our sounds",
        always(Expected(("tone",), "mailbox")),
        no_sounds_of_ours,
        built_in=(),
    ),
    Fault(
        "built-in sounds, our sounds, app_playtones",
        always(Expected((), "mailbox")),
        no_sounds_of_ours,
        built_in=(),
        noload=("app_playtones",),
    ),
    Fault("format_wav", always(Expected(("tone",), "")), noload=("format_wav",)),
    Fault(
        "func_strings, func_cut, func_db, func_dialplan",
        always(NEUTRAL),
        noload=("func_strings", "func_cut", "func_db", "func_dialplan"),
    ),
    Fault("app_dial", always(PROMPT), noload=("app_dial",)),
    Fault("app_exec", always(COLLEAGUE), noload=("app_exec",)),
    Fault(
        "app_exec, ordinary context without the number",
        always(NOTHING),
        ordinary_without_the_number,
        noload=("app_exec",),
    ),
)
