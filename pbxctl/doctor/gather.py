"""One look at a PBX: everything that is asked of it, by actions that change nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pbxctl.dialplan.asterisk import Dialplan
from pbxctl.doctor.facts import JOURNAL_NAME, Cel, Disk, Endpoint, Facts, Folders, Journal, Mailbox, Manager
from pbxctl.doctor.seen_files import absent_sounds, disk, is_file, is_folder, prompts_there, read_files
from pbxctl.pbx.asterisk.ami import ActionRefused, AmiSession, Answer, first_line, is_local
from pbxctl.pbx.asterisk.dialplan import read_dialplans

ASKING_LIMIT_S = 30.0
MAX_ENDPOINTS = 1000

_PROMPT = re.compile(r"[(,&]([^$&,()]+)/\$\{PBXCTL_LANGUAGE\}")

_TRIED: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("command", "Command", {"Command": "core show uptime"}),
    ("system", "ModuleCheck", {"Module": "app_exec"}),
    ("config", "ListCategories", {"Filename": "extensions.conf"}),
    ("reporting", "CoreStatus", {}),
    ("reporting", "Getvar", {"Variable": "EPOCH"}),
)
"""For each right something harmless that needs it; for the last, system or call would do as well."""


class Asking:
    """The questions, each answered with ``None`` where the PBX refuses."""

    def __init__(self, session: AmiSession) -> None:
        self._session = session

    async def action(self, name: str, **fields: str) -> Answer | None:
        try:
            return await self._session.send(name, limit_s=ASKING_LIMIT_S, **fields)
        except ActionRefused:
            return None

    async def command(self, command: str) -> list[str] | None:
        try:
            return await self._session.command(command, limit_s=ASKING_LIMIT_S)
        except ActionRefused:
            return None

    async def variable(self, name: str) -> str | None:
        answer = await self.action("Getvar", Variable=name)
        return None if answer is None else first_line(answer.headers, "Value")


async def gather(
    session: AmiSession, family: str, zones: Sequence[str], built_in: Sequence[str], *, user: str = ""
) -> Facts:
    """Look at everything.

    ``family`` is ours in the database, ``user`` the manager user; ``zones`` and ``built_in`` sounds are
    those to look at.

    Raises:
        PbxUnreachable: the PBX went away meanwhile.
    """
    asking = Asking(session)
    settings = await asking.action("CoreSettings")
    folders = _folders(await asking.command("core show settings"))
    # Of a PBX elsewhere, what bears these names on this machine is not its own.
    here = folders if is_local(session.address[0]) else None
    dialplan, from_files = await _dialplans(session)
    offset_s = await _offset(asking)
    return Facts(
        version=None if settings is None else first_line(settings.headers, "AsteriskVersion"),
        lacking=await _lacking(session),
        manager=_manager(
            await asking.command("manager show settings"),
            await asking.command(f"manager show user {user}") if user else None,
        ),
        folders=folders,
        applications=_names(await asking.command("core show applications"), r"\s+(\w+): .*"),
        functions=_names(await asking.command("core show functions"), r"([A-Z_0-9]+)\s+.*"),
        modules=_names(await asking.command("module show"), r"(\w+)\.so\s.*\sRunning\s.*"),
        formats=_formats(await asking.command("core show file formats")),
        dialplan=dialplan,
        from_files=from_files,
        files=None if here is None else read_files(here),
        endpoints=await _endpoints(asking),
        mailboxes=await _mailboxes(asking),
        unheard_codecs=_unheard(await asking.command("core show translation paths slin")),
        database=_database(await asking.command(f"database show {family}"), family),
        cel=_cel(await asking.command("cel show status")),
        journal=None if here is None else await _journal(asking, here),
        disks=None if here is None else _disks(here),
        offset_s=offset_s,
        zones=await _zones(asking, zones, datetime.now(UTC)),
        absent_sounds=None if here is None else _absent(here, built_in),
        prompts=None if (place := _prompt_folder(here, dialplan)) is None else prompts_there(place),
    )


async def _lacking(session: AmiSession) -> Mapping[str, str]:
    lacking: dict[str, str] = {}
    for right, action, fields in _TRIED:
        try:
            await session.send(action, limit_s=ASKING_LIMIT_S, **fields)
        except ActionRefused as error:
            if "ermission denied" in str(error):
                lacking[right] = str(error)
    return lacking


def _manager(settings: list[str] | None, user: list[str] | None) -> Manager | None:
    address = re.search(r"^ *TCP Bindaddress: +(\S+)", "\n".join(settings or ()), re.MULTILINE)
    limited = re.search(r"^ *acl: (yes|no)", "\n".join(user or ()), re.MULTILINE | re.IGNORECASE)
    return Manager(address[1], limited[1].lower() == "yes") if address and limited else None


async def _dialplans(session: AmiSession) -> tuple[Dialplan | None, Dialplan | None]:
    try:
        return await read_dialplans(session)
    except ActionRefused:
        return None, None


def _folders(lines: list[str] | None) -> Folders | None:
    found = dict(re.findall(r"^  (\w+) directory:\s+(\S.*)$", "\n".join(lines or ()), re.MULTILINE))
    try:
        return Folders(found["Configuration"], found["Spool"], found["Log"], found["Data"])
    except KeyError:
        return None


def _names(lines: list[str] | None, pattern: str) -> frozenset[str] | None:
    if lines is None:
        return None
    return frozenset(found[1].lower() for line in lines if (found := re.fullmatch(pattern, line)))


def _formats(lines: list[str] | None) -> frozenset[str] | None:
    if lines is None:
        return None
    endings = (line.split()[-1] for line in lines if len(line.split()) == 3)
    return frozenset(ending for found in endings for ending in found.split("|"))


def _unheard(lines: list[str] | None) -> frozenset[str] | None:
    """Codecs that plain sound cannot become; those of no sound are none of these."""
    if lines is None:
        return None
    found = (re.match(r"\s+slin:\d+\s+To (\w+):\d+\s+: No Translation Path", line) for line in lines)
    return frozenset(each[1] for each in found if each) - {"none"}


async def _endpoints(asking: Asking) -> tuple[Endpoint, ...] | None:
    listed = await asking.action("PJSIPShowEndpoints")
    if listed is None:
        return None
    names = [first_line(event, "ObjectName") for event in listed.events if "ObjectName" in event]
    endpoints = []
    for name in names[:MAX_ENDPOINTS]:
        told = await asking.action("PJSIPShowEndpoint", Endpoint=name)
        events = {first_line(event, "Event"): event for event in (() if told is None else told.events)}
        if detail := events.get("EndpointDetail"):
            codecs = tuple(filter(None, first_line(detail, "Allow").strip("()").split("|")))
            endpoints.append(
                Endpoint(name, first_line(detail, "Context"), codecs, "IdentifyDetail" in events)
            )
    return tuple(endpoints)


async def _mailboxes(asking: Asking) -> Mapping[str, Mailbox] | None:
    listed = await asking.action("VoicemailUsersList")
    if listed is None:
        return None
    found = {}
    for event in listed.events:
        if first_line(event, "Event") == "VoicemailUserEntry":
            name = f"{first_line(event, 'VoiceMailbox')}@{first_line(event, 'VMContext')}"
            found[name] = Mailbox(
                name,
                deletes=first_line(event, "DeleteMessage") == "Yes",
                operator=first_line(event, "CallOperator") == "Yes",
                exit_context=first_line(event, "ExitContext"),
                messages=_whole(first_line(event, "NewMessageCount")),
                limit=_whole(first_line(event, "MaxMessageCount")),
            )
    return found


def _database(lines: list[str] | None, family: str) -> Mapping[str, str] | None:
    if lines is None:
        return None
    found = (re.match(rf"/{re.escape(family)}/(.*?)\s*: (.*?)\s*$", line) for line in lines)
    return {each[1]: each[2] for each in found if each}


def _cel(lines: list[str] | None) -> Cel | None:
    text = "\n".join(lines or ())
    if "CEL Logging" not in text:
        return None
    return Cel(
        "CEL Logging: Enabled" in text,
        frozenset(re.findall(r"^CEL Tracking Event: (\w+)", text, re.MULTILINE)),
        tuple(re.findall(r"^CEL Event Subscriber: (.*)$", text, re.MULTILINE)),
    )


async def _journal(asking: Asking, folders: Folders) -> Journal | None:
    if not is_folder(Path(folders.log)):
        return None
    counted = re.search(
        r"(\d+) calls? processed", "\n".join(await asking.command("core show channels count") or ())
    )
    folder = Path(folders.log) / "cel-custom"
    return Journal(is_folder(folder), is_file(folder / JOURNAL_NAME), _whole(counted[1]) if counted else 0)


def _disks(folders: Folders) -> tuple[Disk, ...]:
    found = (disk(folders.log), disk(f"{folders.spool}/voicemail"))
    return tuple(each for each in found if each is not None)


def _absent(folders: Folders, built_in: Sequence[str]) -> frozenset[str] | None:
    if not is_folder(Path(folders.data)):
        return None
    return absent_sounds(Path(folders.data) / "sounds" / "en", built_in)


def _prompt_folder(folders: Folders | None, dialplan: Dialplan | None) -> Path | None:
    """Where the dialplan that runs looks for prompts; one without a path lies below Asterisk's sounds."""
    for name, context in (dialplan.contexts if dialplan else {}).items():
        for extension in context.extensions if name.startswith("pbxctl") else ():
            for line in extension.priorities:
                if folders is not None and (found := _PROMPT.search(line.data)):
                    return Path(folders.data) / "sounds" / found[1]
    return None


async def _offset(asking: Asking) -> float | None:
    """How much later the PBX's clock is. It tells whole seconds: the middle of one is taken."""
    before = datetime.now(UTC)
    told = await asking.variable("EPOCH")
    after = datetime.now(UTC)
    if told is None or not told.isdigit():
        return None
    return int(told) + 0.5 - (before.timestamp() + after.timestamp()) / 2


async def _zones(asking: Asking, zones: Sequence[str], now: datetime) -> Mapping[str, str] | None:
    """For a day in each quarter of the year ahead."""
    different: dict[str, str] = {}
    for zone in zones:
        for days in (0, 91, 182, 273, 364):
            at = now.replace(microsecond=0) + timedelta(days=days)
            told = await asking.variable(f"STRFTIME({int(at.timestamp())},{zone},%Y-%m-%d %H:%M)")
            if not told:  # Without func_strings it is empty.
                return None
            here = f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
            if told != here:
                different[zone] = f"{int(at.timestamp())} is {told} there, {here} here"
                break
    return different


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 0
