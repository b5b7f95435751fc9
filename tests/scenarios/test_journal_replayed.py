"""What the PBX wrote of real calls, taken through ``replay``: each call once, and what it met then."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from pbxctl.journal.cel import cel_mapping
from pbxctl.journal.history import Direction, Ending, Folder, OddLine, PastCall, Reader
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import JOURNAL_NAME
from pbxctl.rehearse.sip.scripts import answers, never_answers
from pbxctl.simulate.replay import Replay, Replayed, house_of
from tests.journal.history.reading import pieces_of
from tests.scenarios.caller import melody
from tests.scenarios.companies import BLOCKED, MAIN, STAFF
from tests.scenarios.company import CLOSED_WEDNESDAY, ZONE
from tests.scenarios.house import House
from tests.scenarios.room import make_room

SAMPLE_NAME = "Master.csv"
SAMPLE_MAPPING = ",".join(
    f"${{CSV_QUOTE(${{{field}}})}}"
    for field in (
        *("eventtype", "eventtime", "CALLERID(name)", "CALLERID(num)", "CALLERID(ANI)", "CALLERID(RDNIS)"),
        *("CALLERID(DNID)", "CHANNEL(exten)", "CHANNEL(context)", "CHANNEL(channame)", "CHANNEL(appname)"),
        *("CHANNEL(appdata)", "CHANNEL(amaflags)", "CHANNEL(accountcode)", "CHANNEL(uniqueid)"),
        *("CHANNEL(linkedid)", "BRIDGEPEER", "CHANNEL(userfield)", "userdeftype", "eventextra"),
    )
)
"""As in the ``cel_custom.conf.sample`` that comes with Asterisk."""

CEL_CUSTOM = f"[mappings]\n{JOURNAL_NAME} => {cel_mapping()}\n{SAMPLE_NAME} => {SAMPLE_MAPPING}\n"
HOUR = int((CLOSED_WEDNESDAY + timedelta(hours=1)).timestamp())

PERSON, FORWARDED, MACHINE, NOBODY = Ending.PERSON, Ending.FORWARDED, Ending.MACHINE, Ending.NOBODY
LIVED = [
    ("voicemail", "closed_day", MACHINE, True),
    ("ordinary", "always_pass", PERSON, True),
    ("refused", "blocked", NOBODY, True),
    ("answering_service", "override", FORWARDED, True),
    ("answering_service", "override", MACHINE, True),
    ("ordinary", "psap", PERSON, True),
    ("ordinary", "psap", NOBODY, True),
    ("", "", NOBODY, True),
    ("voicemail", "closed_day", MACHINE, False),
]
"""Mode and rung that each call met, who answered, and whether the journal holds its end."""


async def place_calls(house: House) -> None:
    """One call after the other, in the order of :data:`LIVED`; in the last of them the PBX is killed."""
    pbx = house.pbx
    assert (await house.experience(MAIN, None)).message == "mailbox"
    assert (await house.experience(MAIN, None, caller=STAFF)).sounds == ("colleague",)
    assert (await (await house.call(MAIN, None, caller=BLOCKED)).ended(5)).code == 403
    await pbx.database_put(MAIN.prefix, "override/main", f"1|1|answering_service|{HOUR}|201|test")
    house.services[MAIN.service] = answers(plays=melody("service"), hangs_up=True)
    assert (await house.experience(MAIN, None)).sounds == ("service",)
    house.services.clear()
    assert (await house.experience(MAIN, None)).message == "mailbox"
    await pbx.database_put(MAIN.prefix, "override/main", "1|2|none|0|201|test")
    await pbx.database_put(MAIN.prefix, "psap", f"1|{HOUR}|201")
    assert (await house.experience(MAIN, None, caller=BLOCKED)).sounds == ("colleague",)
    house.phones.on_invite(never_answers())
    caller = house.new_caller()
    given_up = await house.call(MAIN, None, caller=caller)
    await house.reached(caller, "ordinary")
    await given_up.hang_up()
    await pbx.ami.send("DBDel", Family=MAIN.prefix, Key="psap")
    assert (await (await house.call(MAIN, None, did=MAIN.unlisted)).ended(5)).code == 404
    await house.idle()
    caller = house.new_caller()
    cut_off = await house.call(MAIN, None, caller=caller)
    await cut_off.answered(5)
    await house.reached(caller, "prompt")
    await pbx.kill()


def replayed(journal: bytes) -> list[Replayed]:
    """The calls of a journal by the company's own plan, from outside and without an odd line."""
    replay = Replay(lambda _: MAIN.plan, ZONE)
    folder = Folder(house_of(MAIN.plan))
    calls: list[PastCall] = []
    for record in Reader(ZONE).legs(pieces_of(journal)):
        assert not isinstance(record, OddLine), record
        calls.extend(folder.add(record))
    calls.extend(folder.rest())
    assert {call.direction for call in calls} == {Direction.INBOUND}
    return [found for call in calls if (found := replay.add(call)) is not None]


async def test_each_call_is_told_once_with_what_it_met_and_decided_alike_again(
    asterisk_install: AsteriskInstall, tmp_path: Path
) -> None:
    rooms = [make_room(MAIN, tmp_path)]
    files = {"cel_custom.conf": CEL_CUSTOM}
    async with House.open(asterisk_install, rooms, tmp_path, at=CLOSED_WEDNESDAY, files=files) as house:
        await place_calls(house)
        own = await asyncio.to_thread(house.pbx.journal_path.read_bytes)
        foreign = await asyncio.to_thread(house.pbx.journal_path.with_name(SAMPLE_NAME).read_bytes)

    calls = replayed(own)
    told = [(c.past.met, c.past.ending, c.past.ended) for c in calls]
    assert [(met.mode if met else "", met.rung if met else "", *rest) for met, *rest in told] == LIVED
    assert all(timedelta(0) <= call.at - CLOSED_WEDNESDAY < timedelta(minutes=2) for call in calls)
    assert all(call.past.begun for call in calls)

    again = [call for call in calls if call.meeting is not None and not call.meeting.by_facts]
    assert len(again) == 4
    for call in again:
        assert call.meeting is not None
        assert (call.meeting.mode, call.meeting.rung) == (call.meeting.was_mode, call.meeting.was_rung)

    # The same calls by Asterisk's own sample of a mapping, which tells of bridges without promising to.
    assert [call.past for call in replayed(foreign)] == [call.past for call in calls]
