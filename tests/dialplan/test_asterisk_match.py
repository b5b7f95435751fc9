"""Who answers a number, held against what a real Asterisk says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from random import Random

import pytest

from pbxctl.dialplan.asterisk import Dialplan, answer, answers, contexts_within, parse_extensions
from pbxctl.pbx.asterisk.ami import ActionRefused
from pbxctl.pbx.asterisk.dialplan import read_dialplan
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.dialplan.foreign_dialplan import seeded

SIGNS = ("1", "2", "9", "0", "+", "X", "Z", "N", "x", "[1-3]", "[19]", "[0-9]", "-", "[+-]", "[]", "#", "*")
ENDS = ("", "", "", ".", "!")
NUMBERS = (
    "1",
    "12",
    "112",
    "129",
    "9",
    "99",
    "+1",
    "+329",
    "100",
    "1-12",
    "*1",
    "#",
    "s",
    "19",
    "2222",
    "00329",
    "_X.",
    "_[12]X",
)


def random_dialplan(seed: int) -> str:
    random = seeded(seed)
    text = ["[general]"]
    for context in range(5):
        text.append(f"[m{context}]")
        text += [f"exten => {random_name(random)},{random.choice('11112')},NoOp()" for _ in range(8)]
        text += [f"include => m{random.randrange(6)}" for _ in range(random.randrange(3))]
    return "\n".join(text) + "\n"


def random_name(random: Random) -> str:
    if random.random() < 0.3:
        return random.choice(NUMBERS)
    return "_" + "".join(random.choices(SIGNS, k=random.randrange(1, 4))) + random.choice(ENDS)


@pytest.fixture(scope="module")
async def pbx(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    async with PrivatePbx(asterisk_install, {}) as pbx:
        yield pbx


async def shown(pbx: PrivatePbx, number: str, context: str) -> list[tuple[str, str]]:
    """What ``dialplan show`` names, each once: it goes through a context again for each way there."""
    try:
        lines = await pbx.run_cli(f"dialplan show {number}@{context}")
    except ActionRefused as error:
        lines = [str(error)]  # There is no existence of …
    found: list[tuple[str, str]] = []
    where = ""
    for line in lines:
        if header := re.match(r"\[ (?:Included c|C)ontext '(.*)' created", line):
            where = header[1]
        elif (extension := re.match(r"  '(.*?)' =>", line)) and (where, extension[1]) not in found:
            found.append((where, extension[1]))
    return found


def ours(dialplan: Dialplan, number: str, context: str) -> list[tuple[str, str]]:
    return [
        (answer.context, answer.extension.name)
        for answer in answers(dialplan, number, context)
        if answer.extension is not None
    ]


@pytest.mark.parametrize("seed", range(15))
async def test_all_that_match_in_the_order_asterisk_asks_them(pbx: PrivatePbx, seed: int) -> None:
    text = random_dialplan(seed).replace(",2,", ",1,")
    (pbx.folder / "etc" / "extensions.conf").write_text(text)
    await pbx.run_cli("dialplan reload")
    dialplan = parse_extensions(text, "extensions.conf", lambda pattern: ()).dialplan
    for context in dialplan.contexts:
        for number in NUMBERS:
            assert ours(dialplan, number, context) == await shown(pbx, number, context), (number, context)


@pytest.mark.parametrize("seed", range(15))
async def test_the_one_that_answers_is_where_the_call_goes(pbx: PrivatePbx, seed: int) -> None:
    """Of extensions that begin with another line than the first, none answers."""
    text = random_dialplan(seed)
    (pbx.folder / "etc" / "extensions.conf").write_text(text)
    await pbx.run_cli("dialplan reload")
    dialplan = await read_dialplan(pbx.ami)
    for context in [name for name in dialplan.contexts if name.startswith("m")]:
        for number in NUMBERS:
            reached = answer(dialplan, number, context)
            told = await pbx.ami.send("Getvar", Variable=f"DIALPLAN_EXISTS({context},{number},1)")
            assert (reached is not None) == (told.headers["Value"] == "1"), (number, context)


async def test_contexts_whose_names_differ_in_case_alone_count_as_looked_through(pbx: PrivatePbx) -> None:
    text = "[general]\n[a]\ninclude => b\n[b]\ninclude => A\n[A]\nexten => 5,1,NoOp()\n"
    (pbx.folder / "etc" / "extensions.conf").write_text(text)
    await pbx.run_cli("dialplan reload")
    dialplan = await read_dialplan(pbx.ami)

    for context, expected in (("a", "0"), ("b", "1")):
        told = await pbx.ami.send("Getvar", Variable=f"DIALPLAN_EXISTS({context},5,1)")
        assert told.headers["Value"] == expected
        assert (answer(dialplan, "5", context) is not None) == (expected == "1")


HOUSE = parse_extensions(
    """
[trunk]
include => night,18:00-08:00,*,*,*
include => ours
include => theirs
[night]
exten => 5,1,NoOp()
[ours]
exten => _09X.,1,NoOp()
exten => 100/0470,1,NoOp()
exten => 100,1,NoOp()
exten => 101/,1,NoOp()
[theirs]
exten => 092,1,NoOp()
exten => 5,1,NoOp()
switch => DUNDi/e164
include => trunk
""",
    "extensions.conf",
    lambda pattern: (),
).dialplan


def test_an_included_context_comes_before_the_next_one_however_exact_that_is() -> None:
    assert ours(HOUSE, "0923", "trunk") == [("ours", "_09X.")]
    assert ours(HOUSE, "092", "trunk") == [("theirs", "092")]


@pytest.mark.parametrize(("caller", "expected"), [("0470", "0470"), ("0471", None), ("", None)])
def test_a_caller_who_is_named_has_an_extension_of_his_own(caller: str, expected: str | None) -> None:
    reached = answer(HOUSE, "100", "trunk", caller)
    assert reached is not None
    assert reached.extension is not None
    assert reached.extension.caller == expected


def test_an_empty_caller_is_one_that_is_withheld() -> None:
    withheld, known = answer(HOUSE, "101", "trunk", ""), answer(HOUSE, "101", "trunk", "0470")
    assert withheld is not None
    assert withheld.extension is not None
    assert known is not None
    assert known.switch == "DUNDi/e164"


def test_what_holds_at_certain_times_only_is_said() -> None:
    assert [(each.context, each.timed) for each in answers(HOUSE, "5", "trunk")][:2] == [
        ("night", True),
        ("theirs", False),
    ]


def test_a_switch_is_asked_after_the_context_s_own_extensions() -> None:
    assert [(each.context, each.switch) for each in answers(HOUSE, "777", "trunk")] == [
        ("theirs", "DUNDi/e164")
    ]


def test_no_context_no_answer() -> None:
    assert answer(HOUSE, "5", "nowhere") is None
    assert contexts_within(HOUSE, "nowhere") == ("nowhere",)
    assert contexts_within(HOUSE, "trunk") == ("trunk", "night", "ours", "theirs")
