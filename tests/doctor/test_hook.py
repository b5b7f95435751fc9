"""Faults in the dialplan around us, made for real: what is said of each, and that all else is right."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.doctor.house import GOOD, INCLUDE, ORDINARY, PHONES, WRAPPER, House, extensions, without


@dataclass(frozen=True)
class Fault:
    """A dialplan, what it is found to be, and words of what was seen and of the way out."""

    id: str
    dialplan: str
    seen: str = ""
    way_out: str = ""
    others: frozenset[str] = frozenset()


INBOUND, UNLISTED = "include => pbxctl-inbound\n", "include => pbxctl-unlisted\n"
TO_ORDINARY = "include => from-provider-ordinary\n"
ORDERS = [line for line in ORDINARY.splitlines(keepends=True) if "92334466" in line]

FAULTS = (
    Fault(
        "hook-missing",
        extensions(without(WRAPPER, INBOUND), ORDINARY, PHONES),
        " 3292334455 in [from-provider]: answered by +3292334455 in [from-provider-ordinary]",
        "first line of [from-provider]:\ninclude => pbxctl-inbound",
    ),
    Fault(
        "hook-missing",
        extensions(ORDINARY.replace("from-provider-ordinary", "from-provider"), PHONES),
        "answered by +3292334455 in [from-provider]",
        "rename [from-provider] to [from-provider-ordinary], and put in its place:\n" + WRAPPER.strip(),
        frozenset({"ordinary-missing"}),
    ),
    Fault(
        "hook-missing",
        extensions("[from-provider]\nexten => _X,1,NoOp()", ORDINARY, PHONES),
        "answered by nobody",
        "in place of what [from-provider] holds:\n" + WRAPPER.strip(),
    ),
    Fault(
        "hook-shadowed",
        extensions(WRAPPER + "exten => _0.,1,NoOp()\n", ORDINARY, PHONES),
        "dialplan show 003292334455@from-provider",
        "take _0. out of [from-provider]",
    ),
    Fault(
        "hook-shadowed",
        extensions("[from-provider]\n" + TO_ORDINARY + INBOUND + UNLISTED, ORDINARY, PHONES),
        "dialplan show",
        "take +3292334455 out of [from-provider]",
    ),
    Fault(
        "hook-order",
        extensions(without(WRAPPER, UNLISTED).replace(INBOUND, INBOUND + UNLISTED), ORDINARY, PHONES),
        "@from-provider",
        "include => pbxctl-unlisted the last line",
    ),
    Fault(
        "hook-falls-nowhere",
        extensions(without(WRAPPER, TO_ORDINARY), ORDINARY, PHONES),
        "[from-provider] includes pbxctl-inbound, pbxctl-unlisted",
        "after include => pbxctl-inbound:\ninclude => from-provider-ordinary",
    ),
    Fault(
        "hook-unlisted",
        extensions(without(WRAPPER, UNLISTED), ORDINARY, PHONES),
        "@from-provider",
        "last line of [from-provider]:\ninclude => pbxctl-unlisted",
    ),
    Fault(
        "ordinary-missing",
        extensions(
            WRAPPER.replace(TO_ORDINARY, "include => elsewhere\n"),
            ORDINARY.replace("from-provider-ordinary", "elsewhere"),
            PHONES,
        ),
        "dialplan show from-provider-ordinary",
        "write [from-provider-ordinary] into extensions.conf",
    ),
    Fault(
        "ordinary-without-number",
        extensions(WRAPPER, ORDINARY.replace("".join(ORDERS), ""), PHONES),
        "@from-provider-ordinary",
        "an extension for the number",
        frozenset({"hook-falls-nowhere"}),
    ),
    Fault(
        "ordinary-leads-back",
        extensions(
            WRAPPER,
            ORDINARY.replace("092334455,1,Dial(PJSIP/201,30)", "092334455,1,Goto(from-provider,${EXTEN},1)"),
            PHONES,
        ),
        "[from-provider-ordinary] 092334455 -> [from-provider] 092334455: [from-provider] -> "
        "[pbxctl-inbound]",
        "name a context as ordinary that does not include pbxctl-inbound",
    ),
    Fault(
        "ordinary-leads-back",
        extensions(WRAPPER, "[from-provider-ordinary]\ninclude => from-provider\n", PHONES),
        "[from-provider-ordinary] -> [from-provider] -> [pbxctl-inbound]",
        "name a context as ordinary",
        frozenset({"hook-falls-nowhere"}),
    ),
    Fault(
        "include-missing",
        without(GOOD, INCLUDE),
        "extensions.conf",
        "as its last line (in FreePBX: extensions_custom.conf):\n#tryinclude pbxctl/*.conf",
    ),
    Fault(
        "include-strict", GOOD.replace("#tryinclude", "#include"), "#include pbxctl/*.conf", INCLUDE.strip()
    ),
    Fault(
        "include-strict",
        GOOD + "#include pbxctl/pbxctl.conf\n",
        "#include pbxctl/pbxctl.conf",
        INCLUDE.strip(),
        frozenset({"lines-left-out"}),
    ),
    Fault("lines-left-out", GOOD + "no sign here\n", "extensions.conf:"),
    Fault(
        "context-clash",
        GOOD + "[pbxctl-inbound]\nexten => 1,1,NoOp()\n",
        "extensions.conf:",
        "rename [pbxctl-inbound] in extensions.conf",
    ),
    Fault(
        "emergency-shadowed",
        extensions(WRAPPER, ORDINARY, "[phones]\ninclude => pbxctl-unlisted\n"),
        "dialplan show 100@phones",
        "take _[+0-9]! out of [pbxctl-unlisted], or its include out of [phones]",
    ),
    Fault(
        "emergency-nowhere",
        extensions(WRAPPER, ORDINARY, without(PHONES, "exten => 112,1,Dial(PJSIP/112@trunk)\n")),
        "dialplan show 112@phones",
        "an extension that dials 112 over the trunk",
    ),
    Fault(
        "emergency-hidden",
        extensions(
            WRAPPER,
            ORDINARY,
            "[phones]\nexten => _1XX,1,NoOp()\ninclude => alarm\n[alarm]\nexten => 112,1,NoOp()\n",
        ),
        "dialplan show 112@phones",
        "include [alarm] before it",
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
async def test_a_fault_in_the_dialplan(healthy: House, fault: Fault) -> None:
    await healthy.load(fault.dialplan)

    found = await healthy.found()

    assert set(found) == {fault.id} | fault.others
    assert fault.seen in found[fault.id].evidence
    assert fault.way_out in found[fault.id].way_out


async def test_all_is_right_where_everything_was_done(healthy: House) -> None:
    report = await healthy.examined()

    assert report.findings == ()
    assert {(row.did, row.entry.context, row.context, row.ours) for row in report.dids} == {
        ("+3292334455", "from-provider", "pbxctl-inbound", True),
        ("+3292334466", "from-provider", "pbxctl-inbound", True),
    }


async def test_each_did_is_named_with_whoever_answers_it_before_us(healthy: House) -> None:
    await healthy.load(extensions(WRAPPER + "exten => 092334455,1,NoOp()\n", ORDINARY, PHONES))

    told = [str(row) for row in (await healthy.examined()).dids if row.did == "+3292334455"]

    to_us = "answered by +3292334455 in [pbxctl-inbound] (pbxctl)"
    assert told == [
        f"+3292334455, 003292334455, 3292334455 in [from-provider]: {to_us}",
        "092334455 in [from-provider]: answered by 092334455 in [from-provider]",
    ]


async def test_phones_that_reach_the_company_s_own_numbers_are_no_trunk(healthy: House) -> None:
    await healthy.load(extensions(WRAPPER, ORDINARY, PHONES + TO_ORDINARY))

    assert (await healthy.examined()).findings == ()


async def test_where_the_trunk_enters_the_ordinary_context_itself_it_gets_another(healthy: House) -> None:
    """The context named as ordinary is the one that the endpoint has."""
    await healthy.load(extensions(ORDINARY.replace("from-provider-ordinary", "from-provider"), PHONES))

    found = await healthy.wanting("ordinary: from-provider-ordinary", "ordinary: from-provider").found()

    assert set(found) == {"hook-missing"}
    assert found["hook-missing"].way_out == (
        "extensions.conf, a context for the trunk to enter instead:\n[from-provider-wrapper]\n"
        "include => pbxctl-inbound\ninclude => from-provider\ninclude => pbxctl-unlisted\n"
        "pjsip.conf, in the trunk's endpoint:\ncontext = from-provider-wrapper"
    )


async def test_files_that_would_be_refused_are_named_before_they_are_loaded(healthy: House) -> None:
    healthy.write("extensions.conf", GOOD + "[broken\n")

    found = await healthy.found()

    assert set(found) == {"files-refused"}
    assert found["files-refused"].evidence.startswith("extensions.conf:")
    assert "no closing ']'" in found["files-refused"].evidence


async def test_our_own_files_may_differ_from_what_is_loaded(healthy: House) -> None:
    healthy.write("pbxctl/pbxctl.conf", "[pbxctl-inbound]\nexten => 1,1,NoOp()\n")

    assert await healthy.found() == {}


async def test_what_a_reload_would_bring_into_force_is_named(healthy: House) -> None:
    healthy.write("extensions.conf", GOOD + "[night]\nexten => 1,1,NoOp()\n")

    found = await healthy.found()

    assert set(found) == {"files-not-loaded"}
    assert found["files-not-loaded"].evidence == "[night]"


@pytest.mark.parametrize("key", ["colour", "override/main"])
async def test_keys_of_somebody_else_in_our_family_are_named(healthy: House, key: str) -> None:
    await healthy.pbx.database_put("pbxctl", key, "blue")

    found = await healthy.found()
    await healthy.pbx.run_cli(f"database del pbxctl {key}")

    assert set(found) == {"database-clash"}
    assert found["database-clash"].way_out == f'asterisk -rx "database del pbxctl {key}"'


WE_RANG = ("callers:\n", "callers:\n  we_rang: 4h\n")
DIALS = "[outbound]\nexten => _0X.,1,Dial(PJSIP/${EXTEN}@trunk)\n"
NOTICED = """\
[outbound]
exten => _0X.,1,Set(PBXCTL_DIALLED=${EXTEN})
 same => n,TryExec(Gosub(pbxctl-outgoing,s,1))
 same => n,Dial(PJSIP/${EXTEN}@trunk)
"""
WITHIN = "[outbound]\nexten => _0X.,1,TryExec(Gosub(pbxctl-outgoing,s,1(${EXTEN})))\n"


@pytest.mark.parametrize(
    ("outbound", "expected"),
    [(DIALS, {"outgoing-unnoticed"}), (NOTICED, set()), (WITHIN, {"outgoing-expanded"})],
)
async def test_whom_the_house_rings_is_to_be_noticed_by_two_lines(
    healthy: House, outbound: str, expected: set[str]
) -> None:
    await healthy.load(extensions(WRAPPER, ORDINARY, PHONES.replace(DIALS, outbound)))

    found = await healthy.wanting(*WE_RANG).found()

    assert set(found) == expected
    mended = "[outbound], in front of each Dial:\n same => n,Set(PBXCTL_DIALLED=${EXTEN})\n"
    assert all(mended in each.way_out for each in found.values())
    assert all(each.way_out.endswith("behind it:\n same => n,Hangup()") for each in found.values())


async def test_every_key_that_our_dialplan_reads_or_writes_is_known_as_ours(healthy: House) -> None:
    texts = healthy.wanting(*WE_RANG).rendering.files.values()
    read = {family for text in texts for family in re.findall(r"DB\(pbxctl/([a-z]+)", text)}
    values = {
        "psap": "1|2000000000|201",
        "override/main": "1|7|ordinary|2000000000|by|id",
        "rang/1234": "1|2000000000|33441234",
        "language/0470112233": "1|nl",
        "current": healthy.rendering.pointer.value,
    }
    assert {key.partition("/")[0] for key in values} == read
    for key, value in values.items():
        await healthy.pbx.database_put("pbxctl", key, value)

    found = await healthy.found()
    for key in values.keys() - {"current"}:
        await healthy.pbx.run_cli(f"database del pbxctl {key}")

    assert found == {}
