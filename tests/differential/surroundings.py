"""The PBX round the rendered dialplan: its own contexts, mailboxes and sounds."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from pathlib import Path

from pbxctl.prompts.catalogue import Prompt
from pbxctl.prompts.kinds import PromptKind
from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.render.asterisk import AsteriskSettings

from .configurations import LONG_S, SPEAKING, Configuration

CASE = "CASE"
"""The user-defined CEL event that names the case a channel belongs to."""

ORDINARY = "REACHED_ORDINARY"
"""The user-defined CEL event of the PBX's own dialplan, when it took a call."""

HELD = "HELD"
"""The user-defined CEL event of a call that is held in a group."""

SHORT_S = 0.1

# CEL as on a real PBX but for the start and end of each application: those are most of its lines.
CEL = "[general]\nenable=yes\nevents=CHAN_START,CHAN_END,ANSWER,HANGUP,USER_DEFINED\n[manager]\nenabled=yes\n"

_EXTENSIONS = f"""\
[general]

[from-rehearsal]
exten => _[+0-9]!,1,CELGenUserEvent({CASE},${{FILTER(0-9,${{PJSIP_HEADER(read,X-Case)}})}})
 same => n,Goto(trunk-${{FILTER(a-z0-9,${{PJSIP_HEADER(read,X-Instance)}})}},${{EXTEN}},1)

[hold]
exten => s,1,Set(GROUP(${{FAMILY}})=${{HOLD}})
 same => n,CELGenUserEvent({HELD},${{TOKEN}})
 same => n,Wait(600)

[service]
exten => answers,1,Answer()
 same => n,Wait(0.1)
 same => n,Hangup()
exten => answers-long,1,Answer()
 same => n,Wait({LONG_S})
 same => n,Hangup()
exten => presses-1-answers,1,Answer()
 same => n,SendDTMF(1)
 same => n,Wait(0.1)
 same => n,Hangup()
exten => presses-1-answers-long,1,Answer()
 same => n,SendDTMF(1)
 same => n,Wait({LONG_S})
 same => n,Hangup()
exten => presses-5-answers,1,Answer()
 same => n,SendDTMF(5)
 same => n,Wait(2)
 same => n,Hangup()
exten => presses-5-answers-long,1,Answer()
 same => n,SendDTMF(5)
 same => n,Wait({LONG_S})
exten => busy,1,Hangup(17)
exten => rings,1,Ringing()
 same => n,Wait({LONG_S})
exten => unallocated,1,Hangup(1)
exten => no-route,1,Hangup(3)
exten => congested,1,Congestion(0)
"""

TRUNK = (
    *("answers", "answers-long", "presses-1-answers", "presses-1-answers-long"),
    *("busy", "rings", "404", "503"),
)
"""What the provider's own agent can do with a call; in a pattern, letters such as n would be digits."""

_VOICEMAIL = f"[general]\nformat=wav\nminsecs=0\nmaxsecs={LONG_S}\nmaxmsg=9999\nmailcmd=/bin/true\n"


def settings_of(configuration: Configuration, folder: Path) -> AsteriskSettings:
    """Where the instance's sounds and recordings lie below ``folder``."""
    writable = configuration.surroundings.recordings_writable
    place = "recordings" if writable else "blocked"
    return AsteriskSettings(
        sounds=str(folder / "sounds" / configuration.instance),
        recordings=str(folder / place / configuration.instance),
        rehearsal=True,
    )


def extensions_conf(configurations: Iterable[Configuration], includes: Iterable[str]) -> str:
    """The PBX's own dialplan, with the rendered files behind it."""
    parts = [_EXTENSIONS]
    parts += [f"exten => trunk-{name},1,Dial(PJSIP/{name}@trunk)\n same => n,Hangup()\n" for name in TRUNK]
    for configuration in configurations:
        prefix = f"pbxctl-{configuration.instance}"
        known = configuration.surroundings
        parts.append(f"[trunk-{configuration.instance}]\n")
        parts += [
            f"include => {context}\n"
            for context in (f"{prefix}-rehearse", configuration.ordinary, f"{prefix}-unlisted")
        ]
        parts.append(f"\n[{configuration.ordinary}]\n")
        for number in sorted(known.ordinary_numbers):
            parts.append(f"exten => {number},1,CELGenUserEvent({ORDINARY},x)\n same => n,Hangup(16)\n")
        parts.append(f"\n[{configuration.outbound}]\n")
        for number in sorted(known.outbound_numbers):
            parts.append(f"exten => {number},1,Goto(service,${{DB(service/{configuration.instance})}},1)\n")
        parts.append("\n")
    return "".join([*parts, *(f"#include {name}\n" for name in includes)])


def voicemail_conf(configurations: Iterable[Configuration]) -> str:
    """The mailboxes that are there; what is said into them ends after a second where callers are patient."""
    parts = [_VOICEMAIL]
    for configuration in configurations:
        parts.append(f"[{configuration.instance}]\n")
        lasting_s = configuration.surroundings.lasting_s
        parts += [
            f"{box.partition('@')[0]} => 1234,Box,,,maxsecs={lasting_s}\n"
            for box in sorted(configuration.surroundings.mailboxes)
        ]
    return "".join(parts)


def built_in_sounds(folder: Path) -> dict[str, Path]:
    """The PBX's own sounds, short: a beep for all, sentences for those languages that have them."""
    places = {language: folder / "built-in" / language for language in ("en", *SPEAKING)}
    for place in places.values():
        place.mkdir(parents=True)
    _write_silence(places["en"] / "beep.wav", SHORT_S)
    for language in SPEAKING:
        for name in ("vm-nobodyavail", "vm-intro"):
            _write_silence(places[language] / f"{name}.wav", SHORT_S)
    return places


def write_sounds(configurations: Iterable[Configuration], folder: Path) -> None:
    """The prompts that are there; ``blocked`` is a file where a folder for recordings should be."""
    _write_silence(folder / "short.wav", SHORT_S)
    _write_silence(folder / "long.wav", LONG_S)
    (folder / "blocked").write_text("")
    for configuration in configurations:
        known = configuration.surroundings
        here = folder / "sounds" / configuration.instance
        for language in configuration.default.company.languages:
            (here / language).mkdir(parents=True, exist_ok=True)
        # What the far end hears is short: it is played to its end when the caller has left.
        asking = {prompt.stem for prompt in _prompts(configuration) if prompt.kind is PromptKind.CONFIRM}
        for name in known.sounds:
            short = known.patient or name.rpartition("/")[2] in asking
            sound = "short.wav" if short else "long.wav"
            (here / f"{name}.wav").symlink_to(folder / sound)


def _prompts(configuration: Configuration) -> list[Prompt]:
    plans = (configuration.default, configuration.current)
    return [prompt for plan in plans for prompt in needed_prompts(plan, catalogue_of(plan))]


def _write_silence(path: Path, seconds: float) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(round(seconds * 8000) * 2))
