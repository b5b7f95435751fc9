"""What can be missing or broken on a PBX whose modules are all there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from tests.faults.fault import (
    BUILT_IN,
    COLLEAGUE,
    NEUTRAL,
    NO_DAY,
    PROMPT,
    Expected,
    Fault,
    always,
    recorded,
    unrecorded,
)
from tests.scenarios.company import At
from tests.scenarios.room import Room

Take = Callable[[Room], Room]


def _prompts(room: Room) -> list[Path]:
    return [room.sounds / "nl" / f"{prompt.stem}.wav" for prompt in room.company.prompts]


def no_prompts(room: Room) -> Room:
    for path in _prompts(room):
        path.unlink()
    return room


def empty_prompts(room: Room) -> Room:
    for path in _prompts(room):
        path.write_bytes(b"")
    return room


def broken_prompts(room: Room) -> Room:
    for path in _prompts(room):
        path.write_bytes(b"RIFF, but no sound" * 100)
    return room


def prompts_without_a_sample(room: Room) -> Room:
    for path in _prompts(room):
        soundfile.write(path, np.zeros(0, dtype=np.int16), 8000, subtype="PCM_16")
    return room


def no_neutral(room: Room) -> Room:
    (room.sounds / "nl" / "neutral.wav").unlink()
    return room


def no_sounds_of_ours(room: Room) -> Room:
    shutil.rmtree(room.sounds)
    return room


def no_mailbox(room: Room) -> Room:
    return replace(room, mailbox="199")


def no_mailbox_context(room: Room) -> Room:
    return replace(room, mailbox="")


def spool_not_writable(room: Room) -> Room:
    room.box.mkdir(parents=True)
    (room.box / "tmp").write_text("no folder")
    return room


def full_mailbox(room: Room) -> Room:
    inbox = room.box / "INBOX"
    inbox.mkdir(parents=True)
    # What a mailbox holds unless it is told otherwise. Asterisk counts these files alone; a hundred sounds
    # would have to be listened to by whoever looks for a caller's words among them.
    for number in range(100):
        (inbox / f"msg{number:04}.txt").write_text("[message]\n")
    return room


def recordings_not_writable(room: Room) -> Room:
    room.recordings.parent.mkdir(exist_ok=True)
    room.recordings.write_text("no folder")
    return room


def ordinary_without_the_number(room: Room) -> Room:
    return replace(room, knows_did=False)


def only(*included: str) -> Take:
    """Of our files, only these are left."""
    return lambda room: replace(room, included=included)


def both(*takes: Take) -> Take:
    def take(room: Room) -> Room:
        for each in takes:
            room = each(room)
        return room

    return take


def pointer(value: str | None) -> Callable[[Room], Mapping[str, str | None]]:
    return lambda room: {"current": value}


def revision_without_dates(room: Room) -> Mapping[str, str | None]:
    return {"current": f"1|{room.rendering.generation}|0123456789ab"}


def garbage(kind: str, value: str) -> Callable[[Room], Mapping[str, str | None]]:
    """Every day, or every window, holds ``value``."""
    return lambda room: {entry.key: value for entry in room.rendering.entries if f"/{kind}/" in entry.key}


def override(value: str) -> Callable[[Room], Mapping[str, str | None]]:
    return lambda room: {"override/main": value}


WEEK_ALONE: Mapping[At | None, Expected] = {
    At.VOICEMAIL: NO_DAY,
    At.ANSWERING_SERVICE: COLLEAGUE,
    At.OVERRIDE: NO_DAY,
}
"""The dates are lost: the closed Wednesday still happens, but names no day (Thursday is stock-taking), and an
override still counts."""

HOSTILE = "1|${SHELL(touch hacked)}|a,s,1)}&"

SOUNDS = (
    Fault("nothing", {**always(PROMPT), None: COLLEAGUE}),
    Fault("prompt missing", always(NEUTRAL), no_prompts),
    Fault("prompt empty", always(NEUTRAL), empty_prompts),
    Fault("prompt broken", always(NEUTRAL), broken_prompts),
    Fault("prompt without a sample", always(NEUTRAL), prompts_without_a_sample),
    Fault("neutral recording missing", always(PROMPT), no_neutral),
    Fault("prompt and neutral recording missing", always(BUILT_IN), both(no_prompts, no_neutral)),
    Fault("our folder of sounds missing", always(BUILT_IN), no_sounds_of_ours),
)

MAILBOX = (
    Fault("mailbox missing", always(recorded(PROMPT)), no_mailbox),
    Fault("mailbox context missing", always(recorded(PROMPT)), no_mailbox_context),
    Fault("mailbox full", always(recorded(PROMPT)), full_mailbox),
    Fault("spool not writable", always(recorded(PROMPT)), spool_not_writable),
    Fault(
        "our sounds and the mailbox missing", always(recorded(BUILT_IN)), both(no_sounds_of_ours, no_mailbox)
    ),
    Fault("recordings not writable", always(PROMPT), recordings_not_writable),
    Fault(
        "spool and recordings not writable",
        always(unrecorded(PROMPT)),
        both(spool_not_writable, recordings_not_writable),
    ),
    Fault(
        "mailbox full, recordings not writable",
        always(unrecorded(PROMPT)),
        both(full_mailbox, recordings_not_writable),
    ),
)

ORDINARY = (
    Fault(
        "ordinary context without the number",
        {**always(PROMPT), None: NEUTRAL},
        ordinary_without_the_number,
    ),
    Fault(
        "ordinary context without the number, mailbox missing",
        {None: recorded(NEUTRAL)},
        both(ordinary_without_the_number, no_mailbox),
    ),
)

FILES = (
    Fault("generation file missing", always(COLLEAGUE), only("entry")),
    Fault("entry file missing", always(COLLEAGUE), only("generation")),
    Fault("all our files missing", always(COLLEAGUE), only()),
    Fault(
        "generation file missing, ordinary context without the number",
        always(NEUTRAL),
        both(only("entry"), ordinary_without_the_number),
    ),
    Fault(
        "generation file, number and mailbox missing",
        always(recorded(NEUTRAL)),
        both(only("entry"), ordinary_without_the_number, no_mailbox),
    ),
)

DATABASE = (
    Fault("pointer missing", always(PROMPT), database=pointer(None)),
    Fault("pointer garbage", always(PROMPT), database=pointer("garbage")),
    Fault("pointer hostile", always(PROMPT), database=pointer(HOSTILE)),
    Fault("pointer too long", always(PROMPT), database=pointer("1|" + "a" * 300 + "|b")),
    Fault("pointer to no generation", always(PROMPT), database=pointer("1|deadbeef|0123456789ab")),
    Fault("pointer to a revision without dates", WEEK_ALONE, database=revision_without_dates),
    Fault("days garbage", WEEK_ALONE, database=garbage("day", "1&abc:w0")),
    Fault("days hostile", WEEK_ALONE, database=garbage("day", HOSTILE)),
    Fault("days name no window", WEEK_ALONE, database=garbage("day", "1&0:w99")),
    Fault("windows garbage", WEEK_ALONE, database=garbage("window", "1|voicemail")),
    Fault("windows hostile", WEEK_ALONE, database=garbage("window", HOSTILE)),
    Fault("windows name no mode", WEEK_ALONE, database=garbage("window", "1|nomode|date|rule|")),
    Fault("override garbage", {At.OVERRIDE: COLLEAGUE}, database=override("1|x|voicemail")),
    Fault("override hostile", {At.OVERRIDE: COLLEAGUE}, database=override(HOSTILE)),
    Fault("override of no mode", {At.OVERRIDE: COLLEAGUE}, database=override("1|1|nomode|9999999999|a|b")),
    Fault(
        "database emptied",
        {**WEEK_ALONE, At.OVERRIDE: COLLEAGUE},
        database=lambda room: {"": None},
    ),
)

PARTS = (*SOUNDS, *MAILBOX, *ORDINARY, *FILES, *DATABASE)
