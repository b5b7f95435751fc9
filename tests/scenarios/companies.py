"""The companies on the PBX of these scenarios."""

from __future__ import annotations

from typing import Any

from pbxctl.plan.flow import Play, Sound
from tests.scenarios.company import Company

BLOCKED = "0470111111"
STAFF = "0475123456"

MAIN = Company(1, blocked=("+32470111111",), always_pass=("+32475123456",))

OPEN = Company(2, weekly=False)
"""Ordinary at any real moment: for calls through the trunk, which has no other."""

HOSTILE_TEXT = 'a,b;c "${SHELL(touch hacked)}" $[1/0] \\ )]} |&\' ;-- exten => s,1,Hangup()'
HOSTILE = Company(3, name=f"x{HOSTILE_TEXT}", reason=f"y{HOSTILE_TEXT}", mail="o'neil%24+x_-@bakery.example")

REPLACED = Company(4)
"""A new generation is put beside its own while calls are in progress."""

WITHOUT_MAILBOX = Company(5)

COLLEAGUE = "0475001122"
PERSONAL = "115@boxes-c6"
"""The mailbox of one person there; that of 116 is missing."""

NUMBERED = Company(
    6,
    always_pass=("+32475123456",),
    more_keys=(
        ("staff", {"owner": {"extension": "201", "mobile": "+32 475 00 11 22"}}),
        ("callers.we_rang", "4h"),
        ("routes.main.dids", ["+3292006100", "+32 92 00 61 10 - 19"]),
        ("routes.main.mailboxes", {"+32 92 00 61 15": PERSONAL, "+32 92 00 61 16": "116@boxes-c6"}),
    ),
)
"""All that a configuration can say of numbers."""

KEYED = Company(
    7,
    more_steps=(
        Play("menu", Sound.PROMPT, {"done": "message", "failed": "neutral", "9": "neutral", "0": "message"}),
    ),
)
"""Whoever presses 9 during the prompt hears the plain recording, and with 0 only the tone."""

SPOKEN = Company(
    18,
    more_keys=(
        ("company.languages", ["nl", "fr"]),
        ("prompts", {"skip_key": "1", "language_keys": {"nl": "3", "fr": "2"}}),
    ),
    modes=(("desk", ("play", {"name": "box", "voicemail": "route"})),),
)
"""Callers may skip the prompt, and change between two languages."""

_SERVICE = "022016500"
_BARE_SERVICE = "022017500"


DESK = "desk.conf.j2"
_STEPS = (
    (
        DESK,
        """; Speaks our plain recording itself, then leads on.
 same => n,Answer()
 same => n,Wait(0.5)
 same => n,Set(PLAYBACKSTATUS=)
 same => n,TryExec(Playback({{ sounds }}/nl/neutral))
 same => n,GotoIf($["${PLAYBACKSTATUS}" = "SUCCESS"]?{{ exits.spoken }}:{{ exits.failed }})
""",
    ),
    ("nothing.conf.j2", " same => n,NoOp()\n"),
    ("gone.conf.j2", " same => n,TryExec(NoSuchApplication(x))\n"),
)


def _modes(service: str) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Modes of a company's own: a menu, a forward and nothing else, a mailbox that nobody has made."""
    return (
        (
            "reception",
            (
                "play",
                {"name": "menu", "ask": {"1": "service", "2": "box", "3": "colleague"}, "wait": "2s"},
                {"name": "service", "dial": service, "ring": "5s"},
                {"name": "box", "voicemail": "route"},
                {"name": "colleague", "ordinary": "route"},
            ),
        ),
        ("forward_only", ({"name": "service", "dial": service, "ring": "5s"},)),
        ("no_such_box", ("play", {"name": "box", "voicemail": "200@nowhere"})),
        ("by_record", ({"play": "neutral"}, {"name": "tape", "record": "6s"})),
        ("busy_tone", ({"hangup": "busy"},)),
        ("handed_over", ("ordinary",)),
        ("by_template", ({"run": DESK, "exits": {"spoken": "voicemail", "failed": "neutral"}},)),
        ("falls_through", ({"run": "nothing.conf.j2", "exits": {"done": "hangup"}},)),
        ("gone_module", ({"run": "gone.conf.j2", "exits": {"done": "hangup"}},)),
    )


OWN = Company(16, modes=_modes(_SERVICE), own_steps=_STEPS)
"""With modes of its own."""

OWN_BARE = Company(17, modes=_modes(_BARE_SERVICE), own_steps=_STEPS)
"""The same, but that no sound, no mailbox, no ordinary number and no way outside is there."""

DID_IN_TO = Company(
    8,
    weekly=False,
    more_keys=(("pbx.did_in", {"header": "To", "extension": "account8", "ordinary": "ordinary-c8"}),),
)
"""Its trunk sends every call to one extension."""

DID_IN_CALLED, DID_IN_DIVERSION = (
    Company(
        number,
        weekly=False,
        more_keys=(
            (
                "pbx.did_in",
                {"header": header, "extension": f"account{number}", "ordinary": f"ordinary-c{number}"},
            ),
        ),
    )
    for number, header in ((19, "P-Called-Party-ID"), (20, "Diversion"))
)
"""The same, with the number dialled in another header."""

DID_IN = (DID_IN_TO, DID_IN_CALLED, DID_IN_DIVERSION)

COMPANIES = (
    *(MAIN, OPEN, HOSTILE, REPLACED, WITHOUT_MAILBOX),
    *(NUMBERED, KEYED, SPOKEN, OWN, OWN_BARE, *DID_IN),
)
