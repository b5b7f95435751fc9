"""Whatever callers call themselves, dial or send along: it is a value, and never becomes dialplan."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from pbxctl.decision.decide import Call
from pbxctl.decision.facts import NO_FACTS
from pbxctl.journal.events import Decided, Entered, JournalEvent, Misrouted, StepReached
from pbxctl.rehearse.pbx_files import REHEARSAL_IP
from pbxctl.rehearse.sip.message import Value
from pbxctl.simulate import simulate
from tests.scenarios.companies import MAIN, OPEN
from tests.scenarios.company import CLOSED_WEDNESDAY, STOCK_TAKING
from tests.scenarios.hostile import MOMENTS, NAMES, NUMBERS, NUMBERS_DIALLED, UNREADABLE
from tests.scenarios.house import House
from tests.scenarios.room import rendered

EXPECTED = re.compile(
    r"invalid UTF-8|too long|syntax error exception|CallerID Name 'A+"
    r"|No audio available|No entry in voicemail config file|Taskprocessor .* queue reached"
    r"|non-existent destination 'pbxctl-c[0-9]-outgoing,s,1'|Not enough buffer space in pjsip_hdr"
)
"""Such values were mended or dropped; the rest is of hang-ups, many calls, and what is missing on purpose."""

NOT_PUBLISHED = re.compile(
    r".*\[(?P<thread>\d+)\].* json\.c: Error building JSON from '\{s: s, s: s\}': Invalid UTF-8 string\.\n"
    r"(?:.*\[(?P=thread)\].*: Got \d+ backtrace records\n)?"
    r".*\[(?P=thread)\].* stasis_channels\.c: Error creating message\n"
)
"""Asterisk 16 tells its own listeners of a variable's new value as JSON, and those of this one not at all.

22 mends the value first. The call goes on, and what it met is the same: that is tested above.
"""


def named(file: Path, value: bytes) -> bytes:
    """The value with the name of a file that must never come to be."""
    return value.replace(b"FILE", str(file).encode())


async def story_of_a_call(house: House, *, caller: Value, **how: Value) -> list[JournalEvent]:
    """Call on the closed Wednesday until it is answered."""
    known = house.known_channels()
    call = await house.call(MAIN, CLOSED_WEDNESDAY, caller=caller, headers={}, **how)
    await call.answered(3)
    await call.hang_up()
    (story,) = await house.stories_after(known)
    return story


def expected_of(caller: str) -> list[JournalEvent]:
    """What the simulator says of that caller, as far as the decision."""
    return list(simulate(MAIN.plan, Call(MAIN.did, caller), CLOSED_WEDNESDAY, NO_FACTS).events[:2])


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_a_name_changes_nothing(house: House, tmp_path: Path, name: bytes) -> None:
    story = await story_of_a_call(house, caller="0470999999", display_name=named(tmp_path / "file", name))
    assert story[:2] == expected_of("0470999999")
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
async def test_a_number_is_its_digits_and_no_more(house: House, tmp_path: Path, number: bytes) -> None:
    story = await story_of_a_call(house, caller=named(tmp_path / "file", number))
    entered = story[0]
    assert isinstance(entered, Entered)
    assert re.fullmatch(r"[+0-9]{0,32}", entered.caller)
    assert story[:2] == expected_of(entered.caller)
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("uri", ["sip:anonymous@anonymous.invalid", "sip:anonymous.invalid"])
async def test_a_caller_without_a_number_is_answered_as_anybody(house: House, uri: str) -> None:
    assert (await story_of_a_call(house, caller="x", from_uri=uri))[:2] == expected_of("")


@pytest.mark.parametrize("sender", UNREADABLE.values(), ids=UNREADABLE)
async def test_what_is_no_sip_message_is_dropped_and_the_next_call_is_answered(
    house: House, tmp_path: Path, sender: bytes
) -> None:
    headers = [
        "Via: SIP/2.0/UDP 127.0.0.4:5060;branch=z9hG4bK1",
        "To: <sip:x@x>",
        "Call-ID: 1",
        "CSeq: 1 INVITE",
    ]
    lines = [f"INVITE sip:{MAIN.did}@127.0.0.1 SIP/2.0", *headers, "CSeq: 1 INVITE", "Content-Length: 0"]
    datagram = "\r\n".join(lines).encode() + b"\r\nFrom: " + named(tmp_path / "file", sender) + b"\r\n\r\n"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender_socket:
        sender_socket.bind((REHEARSAL_IP, 0))
        sender_socket.sendto(datagram, house.pbx.sip_address)
    assert (await story_of_a_call(house, caller="0470999999"))[:2] == expected_of("0470999999")
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("dialled", NUMBERS_DIALLED.values(), ids=NUMBERS_DIALLED)
async def test_what_no_route_has_is_refused_and_named_by_its_digits(
    house: House, tmp_path: Path, dialled: bytes
) -> None:
    known = house.known_channels()
    call = await house.call(MAIN, None, did=named(tmp_path / "file", dialled))
    result = await call.ended(5)
    assert result.answered_s is None
    assert result.code in (404, 484)
    for story in await house.stories_after(known, 0):
        assert [type(event) for event in story] == [Misrouted]
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
async def test_a_moment_that_is_none_still_gets_an_answer(
    house: House, tmp_path: Path, moment: bytes
) -> None:
    headers = {"X-PBXCTL-Moment": named(tmp_path / "file", moment)}
    call = await house.call(MAIN, CLOSED_WEDNESDAY, headers=headers)
    await call.answered(3)
    await call.hang_up()
    assert not (tmp_path / "file").exists()


async def test_through_the_trunk_a_moment_counts_for_nothing(house: House) -> None:
    moment = str(int(STOCK_TAKING.timestamp()))
    caller = house.new_caller()
    lived = await house.experience(OPEN, None, caller=caller, headers={"X-PBXCTL-Moment": moment})
    assert lived.sounds == ("colleague",)


@pytest.mark.parametrize("value", [*NUMBERS.values()], ids=NUMBERS)
async def test_a_diversion_is_a_number_too(house: House, tmp_path: Path, value: bytes) -> None:
    caller = house.new_caller()
    diversion = b"<sip:" + named(tmp_path / "file", value) + b"@carrier.example>;reason=busy"
    call = await house.call(MAIN, STOCK_TAKING, caller=caller, headers={"Diversion": diversion})
    await house.reached(caller, "prompt")
    await call.hang_up()
    steps = [event.step for event in await house.story(caller) if isinstance(event, StepReached)]
    # Our own number leads to the prompt at once: nobody has fallen back on anything.
    assert steps[:3] in (["service", "fell_back", "prompt"], ["service", "prompt"])
    assert not (tmp_path / "file").exists()


def _variables() -> list[str]:
    text = "".join(rendered(OPEN).files.values())
    return sorted(set(re.findall(r"\bPBXCTL_[A-Z0-9_]+", text)))


VARIABLES = _variables()
INHERITED = (
    "__{}=1|voicemail|date|rule|x",
    "_{}=${{SHELL(touch hacked)}}",
    "{}=" + str(int(STOCK_TAKING.timestamp())),
)
"""How a channel hands down a variable: for good, once, or as it is to the far leg of a Local channel."""


@pytest.fixture(scope="module")
async def inherited(house: House) -> dict[str, list[list[JournalEvent]]]:
    """The stories of calls on channels that each brought one variable along, by its name."""
    known = house.known_channels()
    callers = {f"04708880{number:02}": variable for number, variable in enumerate(VARIABLES)}
    for caller, variable in callers.items():
        for way in INHERITED:
            await house.pbx.ami.send(
                "Originate",
                Channel=f"Local/{OPEN.did}@from-trunk/n",
                Application="Wait",
                Data="5",
                CallerID=caller,
                Variable=way.format(variable),
                Async="true",
            )
    stories: dict[str, list[list[JournalEvent]]] = {}
    for story in await house.stories_after(known, len(VARIABLES) * len(INHERITED)):
        assert isinstance(story[0], Entered)
        stories.setdefault(callers[story[0].caller], []).append(story[1:])
    return stories


@pytest.mark.parametrize("variable", VARIABLES)
def test_no_variable_is_inherited(inherited: dict[str, list[list[JournalEvent]]], variable: str) -> None:
    ordinary = [Decided("ordinary", "ordinary", "ordinary", ""), StepReached("ordinary", "ordinary")]
    assert inherited[variable] == [ordinary] * len(INHERITED)


async def test_no_line_of_the_journal_is_cut_short(house: House) -> None:
    await house.idle()
    assert house.odd_lines() == []


async def test_asterisk_saw_nothing_but_odd_text(house: House) -> None:
    await house.idle()
    odd = [line for line in house.complaints("ERROR", "WARNING") if not EXPECTED.search(line)]
    assert NOT_PUBLISHED.sub("", "".join(f"{line}\n" for line in odd)) == ""
    assert not list(Path.cwd().glob("hacked"))
    assert not list(house.pbx.folder.rglob("hacked"))
