"""One company's place on the PBX: what was rendered, its sounds, and the PBX's own files around it."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from pbxctl.prompts.catalogue import Prompt
from pbxctl.prompts.kinds import PromptKind
from pbxctl.rehearse.pbx_files import UNWANTED_MODULES
from pbxctl.rehearse.sip.rtp import RATE_HZ
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.render.own_step import OWN
from pbxctl.render.rendering import Rendering
from pbxctl.resources import resource_folder
from tests.scenarios.caller import melody
from tests.scenarios.company import Company

BUILT_IN = ("vm-nobodyavail", "vm-intro")

_VOICEMAIL = "[general]\nformat=wav\nmailcmd=/bin/true\nmaxsecs=30\nmaxsilence=10\n"


def templates() -> dict[str, str]:
    """The dialplan templates that come with pbxctl."""
    folder = resource_folder("dialplans") / "asterisk"
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.j2"))}


def _templates(company: Company) -> dict[str, str]:
    return {**templates(), **{OWN + name: text for name, text in company.templates.items()}}


@dataclass(frozen=True, slots=True)
class Room:
    """A company as it stands on the PBX: what was rendered, where its files lie, and what is not there.

    Functions that take parts away get the room before the PBX starts.
    """

    company: Company
    rendering: Rendering
    sounds: Path
    recordings: Path
    spool: Path
    knows_did: bool = True
    knows_outside: bool = True
    mailbox: str = "100"
    own_mailbox: str = ""
    included: tuple[str, ...] = ("entry", "generation")

    @property
    def box(self) -> Path:
        return self.spool / "voicemail" / self.company.mailbox_context / "100"

    @property
    def own_box(self) -> Path:
        box, _, context = self.own_mailbox.partition("@")
        return self.spool / "voicemail" / context / (box or "none")

    @property
    def files(self) -> dict[str, str]:
        """The rendered files that are still there."""
        entry = f"{self.company.prefix}.conf"
        wanted = {"entry": lambda name: name == entry, "generation": lambda name: name != entry}
        return {
            name: text
            for name, text in self.rendering.files.items()
            if any(wanted[part](name) for part in self.included)
        }

    def messages(self) -> dict[tuple[Path, int], str]:
        """Every sound file that holds words of callers, with its size, and where it lies."""
        places = {
            "mailbox": self.box / "INBOX",
            "own mailbox": self.own_box / "INBOX",
            "recording": self.recordings,
        }
        found = {}
        for where, place in places.items():
            for path in place.glob("*.wav") if place.is_dir() else ():
                with contextlib.suppress(FileNotFoundError):  # Moved meanwhile.
                    found[path, path.stat().st_size] = where
        return found


def rendered(company: Company) -> Rendering:
    """The company's rendering, its sounds nowhere in particular."""
    return render_asterisk(company.plan, _templates(company), AsteriskSettings(rehearsal=True))


def make_room(company: Company, folder: Path) -> Room:
    """Render the company and write its sounds below ``folder``."""
    sounds = folder / "sounds" / company.instance
    recordings = folder / "recordings" / company.instance
    settings = AsteriskSettings(str(sounds), str(recordings), rehearsal=True)
    rendering = render_asterisk(company.plan, _templates(company), settings)
    for prompt in company.prompts:
        for language in prompt.texts:
            (sounds / language).mkdir(parents=True, exist_ok=True)
            write_melody(sounds / prompt.file(language), sound_name(prompt, language))
    write_melody(sounds / "nl" / "neutral.wav", "neutral")
    return Room(company, rendering, sounds, recordings, folder / "spool")


_NAMES = {
    PromptKind.CLOSED_DOOR: "prompt",
    PromptKind.CLOSED: "prompt",
    PromptKind.NEUTRAL: "neutral prompt",
}


def sound_name(prompt: Prompt, language: str) -> str:
    """What the sound of a prompt is called in these tests: ``prompt``, ``fell_back``, ``fr prompt``, …"""
    name = _NAMES.get(prompt.kind, str(prompt.kind))
    return name if language == "nl" else f"{language} {name}"


def write_melody(path: Path, name: str) -> None:
    """A sound file that holds what ``name`` says."""
    soundfile.write(path, melody(name), RATE_HZ, subtype="PCM_16")


def write_built_in(folder: Path, voice: Path, names: Sequence[str]) -> None:
    """The sounds that Asterisk brings along; its sentences cut to melodies, to be told apart quickly."""
    folder.mkdir(parents=True)
    # What is played on hold.
    (folder / "silence").symlink_to(voice / "silence")
    for name in names:
        if name == "beep":
            shutil.copy(voice / "beep.wav", folder)
        else:
            write_melody(folder / f"{name}.wav", name)


def modules_conf(noload: Sequence[str]) -> str:
    """Everything loads by itself, but what a test leaves out."""
    names = [*UNWANTED_MODULES.split(), *noload]
    return "[modules]\nautoload=yes\n" + "".join(f"noload => {name}.so\n" for name in names)


def voicemail_conf(rooms: Sequence[Room]) -> str:
    """The mailboxes that are there."""
    boxes = [
        f"[{room.company.mailbox_context}]\n{room.mailbox} => 1234,Box\n" for room in rooms if room.mailbox
    ]
    for room in rooms:
        if room.own_mailbox:
            box, _, context = room.own_mailbox.partition("@")
            boxes.append(f"[{context}](+)\n{box} => 1234,Own\n")
    return "".join([_VOICEMAIL, *boxes])


def extensions_conf(rooms: Sequence[Room]) -> str:
    """The PBX's own dialplan: wrappers for the trunk, the ordinary contexts and the way outside."""
    parts = ["[general]\n"]
    for wrapper, enters in (("from-trunk", "inbound"), ("from-rehearsal", "rehearse")):
        parts.append(f"[{wrapper}]\n")
        parts += [f"include => {room.company.prefix}-{enters}\n" for room in rooms]
        parts += [f"include => {room.company.ordinary}\n" for room in rooms]
        parts.append(f"include => {rooms[0].company.prefix}-unlisted\n")
    for room in rooms:
        company = room.company
        parts.append(f"[{company.ordinary}]\n")
        if room.knows_did:
            ways = [way for did in company.plan.routes["main"].dids for way in did.spellings]
            parts += [f"exten => {way},1,Dial(PJSIP/201,30)\n" for way in ways]
        if room.knows_outside:
            parts.append(f"[{company.outbound}]\n")
            # Without Hangup a call that nobody took goes on at the pattern's next line, and rings twice.
            parts.append(f"exten => {company.service},1,Dial(PJSIP/${{EXTEN}}@trunk)\n")
            parts.append(" same => n,Hangup()\n")
            # As docs/by-hand.md has it for a PBX's own dialplan.
            parts.append("exten => _0.,1,Set(PBXCTL_DIALLED=${EXTEN})\n")
            parts.append(f" same => n,TryExec(Gosub({company.prefix}-outgoing,s,1))\n")
            parts.append(" same => n,Dial(PJSIP/${EXTEN}@trunk)\n")
            parts.append(" same => n,Hangup()\n")
    parts += [f"#include {name}\n" for room in rooms for name in sorted(room.files)]
    return "".join(parts)
