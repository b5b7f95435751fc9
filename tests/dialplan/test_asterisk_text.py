"""Oddities of configuration files, each read by us and by a real Asterisk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from pbxctl.dialplan.asterisk import HINT, ConfRefused, Priority, parse_conf, parse_extensions
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.dialplan.test_asterisk_loaded import assert_same, loaded, read

HEAD = "[general]\nclearglobalvars=yes\n"
OLD = {"extensions.conf": HEAD + "[old]\nexten => 1,1,NoOp()\n"}
LONG = "x" * 8191


@pytest.fixture(scope="module")
async def pbx(asterisk_install: AsteriskInstall) -> AsyncIterator[PrivatePbx]:
    async with PrivatePbx(asterisk_install, OLD) as pbx:
        yield pbx


LOADED: Mapping[str, Mapping[str, str]] = {
    "a semicolon that is escaped": {"": "[a]\nexten => 1,1,NoOp(x\\;y) ; gone\n"},
    "a comment within a line": {"": "[a]\nexten => 1,1,NoOp(x;-- gone --;y)\n"},
    "comments in comments": {"": "[a]\n;-- a\n;-- b --;\nexten => 2,1,NoOp()\n--;\nexten => 1,1,NoOp()\n"},
    "what looks like the end of a comment": {"": "[a]\nexten => 1,1,NoOp(a--;b)\nexten => 2,1,NoOp()\n"},
    "a rule of hyphens is no comment that lasts": {"": "[a]\n;----- rule\nexten => 1,1,NoOp()\n"},
    "a line that is too long": {"": f"[a]\nexten => 1,1,NoOp({LONG})\nexten => 2,1,NoOp()\n"},
    "a line as long as may be": {"": f"[a]\nexten => 1,1,NoOp({LONG[:-20]})\n"},
    "one character more": {"": f"[a]\nexten => 1,1,NoOp({LONG[:-19]})\n"},
    "more of what was inherited": {"": "[t](!)\nexten => 1,1,NoOp(\n[a](t)\nexten += x)\n[b](t)\n"},
    "a section that becomes a template": {
        "": "[a]\nexten => 1,1,NoOp()\n[b](a)\n[a](!,+)\nexten => 2,1,NoOp()\n"
    },
    "a bracket that closes nothing": {"": "[a]\nexten => 1],1,NoOp(a)\nexten => 2,1,NoOp(b)\n"},
    "sets of one size": {
        "": "[a]\nexten => _[13]X,1,NoOp()\nexten => _[12]X,1,NoOp()\nexten => _[31]X,2,NoOp()\n"
    },
    "callers as people write them": {
        "": "[a]\nexten => 2/(04) 70.1,1,NoOp()\nexten => 2/_04[1-3]-X.,1,NoOp()\n"
    },
    "carriage returns": {"": "[a]\r\nexten => 1,1,NoOp()\r\n"},
    "a byte order mark": {"": "#include b.conf\n", "b.conf": "\ufeff[a]\nexten => 1,1,NoOp()\n"},
    "a byte order mark further on": {"": "[a]\n\ufeff[b]\nexten => 1,1,NoOp()\n"},
    "more of a value": {"": "[a]\nexten => 1,1,NoOp(\nexten += x)\n"},
    "a template and what inherits": {
        "": "[t](!)\nexten => 1,1,NoOp(t)\n[a](t)\nexten => 2,1,NoOp(a)\n[b](t,a)\nexten => 3,1,NoOp(b)\n"
    },
    "options a space away are none": {"": "[a] (!)\nexten => 1,1,NoOp()\n"},
    "more for a section, in any case": {"": "[Abc]\nexten => 1,1,NoOp()\n[aBC](+)\nexten => 2,1,NoOp()\n"},
    "a section twice": {"": "[a]\nexten => 1,1,NoOp()\n[b]\n[a]\nexten => 2,1,NoOp()\n same => n,NoOp()\n"},
    "an include goes on with the section": {
        "": "[a]\n#include b.conf\nexten => 2,1,NoOp()\n#include c.conf\n",
        "b.conf": "exten => 1,1,NoOp(in a)\n[b]\nexten => 1,1,NoOp(in b)\n",
        "c.conf": "exten => 9,1,NoOp(wherever)\n",
    },
    "quotes around names": {
        "": '#include "b.conf"\n#include <c.conf>\n',
        "b.conf": "[b]\nexten => 1,1,NoOp()\n",
        "c.conf": "[c]\nexten => 1,1,NoOp()\n",
    },
    "an included file that breaks off": {
        "": "[a]\nexten => 1,1,NoOp()\n#include b.conf\n[c]\nexten => 1,1,NoOp()\n",
        "b.conf": "[b]\nexten => 1,1,NoOp()\n[broken\nexten => 2,1,NoOp()\n",
    },
    "a file that is not there, tried only": {"": "[a]\n#tryinclude gone.conf\nexten => 1,1,NoOp()\n"},
    "global variables": {
        "": "[globals]\nA=1\nB=${A}${GONE}2\nA=3\n[a]\nexten => ${A}${B},1,NoOp(${A})\ninclude => x${A}\n"
    },
    "nothing after a hint": {"": "[a]\nexten => 1,hint,PJSIP/1\n same => n,NoOp()\n same => 1,NoOp()\n"},
    "labels that stand twice": {
        "": "[a]\nexten => 1,1(x),NoOp()\n same => n(x),NoOp()\n same => n(y),NoOp()\n"
    },
    "an empty section": {"": "[a]\n[b]\nexten => 1,1,NoOp()\n"},
    "spaces and hyphens": {"": "[a]\nexten => 1 2-3,1,NoOp()\nexten => _[1 -]X-X,1,NoOp()\n"},
    "sets that are one character": {"": "[a]\nexten => _[5]X,1,NoOp()\nexten => _5X,2,NoOp()\n"},
    "callers": {
        "": "[a]\nexten => 1/0470-1,1,NoOp()\nexten => 1,1,NoOp()\nexten => 1/,1,NoOp()\n same => n,NoOp()\n"
    },
    "a comma in brackets": {"": "[a]\nexten => _[1,2]X,1,NoOp(a,b)\n"},
    "includes, switches and patterns twice": {
        "": "[a]\ninclude => B\ninclude => b\nswitch => X/y\nswitch => x/Y\nignorepat => 9\nignorepat => 9\n"
    },
}


@pytest.mark.parametrize("case", LOADED)
async def test_what_is_loaded(pbx: PrivatePbx, case: str) -> None:
    files = {(name or "extensions.conf"): (HEAD * (not name) + text) for name, text in LOADED[case].items()}

    assert_same(read(files).dialplan, await loaded(pbx, files))


REFUSED: Mapping[str, tuple[str, str]] = {
    "a section without an end": ("[a\n", "extensions.conf:3: no closing ']'"),
    "options without an end": ("[a](!\n", "extensions.conf:3: no closing ')'"),
    "a file that is not there": ("#include gone.conf\n", "#include names gone.conf, which does not exist"),
    "more for a section that is not there": ("[a](+)\n", "there is no [a] before this line"),
    "a template that is not there": ("[a](t)\n", "there is no [t] before this line"),
    "a backslash before nothing": ("[a]\n\\ x=1\n", "a backslash before nothing"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_is_refused_as_a_whole(pbx: PrivatePbx, case: str) -> None:
    text, why = REFUSED[case]
    files = {"extensions.conf": HEAD + text + "[new]\nexten => 1,1,NoOp()\n"}
    before = await loaded(pbx, OLD)

    with pytest.raises(ConfRefused) as caught:
        read(files)

    assert why in str(caught.value)
    assert await loaded(pbx, files) == before


def test_a_setting_before_any_section_is_refused() -> None:
    with pytest.raises(ConfRefused, match=r"x\.conf:1: a setting stands before any \[section\]"):
        parse_conf("a=b\n", "x.conf", lambda name: ())


def test_what_is_left_out_is_named_with_its_file_and_line() -> None:
    found = read(
        {
            "extensions.conf": "[a]\nexten => 1,1,NoOp()\nno sign\n#include b.conf\nexten => 1,1,NoOp()\n",
            "b.conf": "\nsame => n(x,NoOp()\nexten => 2,n,NoOp(${SHELL(rm)})\nexten => "
            "${SHELL(rm)},1,NoOp()\n#exec rm\n",
        }
    )

    assert [str(each) for each in found.left_out] == [
        "extensions.conf:3: there is no '='",
        "b.conf:5: #exec is not carried out here",
        "b.conf:2: the label lacks its ')'",
        "b.conf:4: ${SHELL(rm)} is worked out by the running PBX only",
        "extensions.conf:5: line 1 of 1 stands twice; the first counts",
    ]


def test_a_label_in_place_of_a_number_is_that_line() -> None:
    found = parse_extensions(
        "[a]\nexten => 1,1,NoOp()\n same => n(here),NoOp()\nexten => 1,here+10,Hangup()\nexten => "
        "2,hint,X/${EXTEN}\n",
        "x.conf",
        lambda name: (),
    )

    one, two = found.dialplan.contexts["a"].extensions
    assert [line.number for line in one.priorities] == [1, 2, 12]
    assert two.priorities == (Priority(HINT, "", "X/2", ""),)
    assert found.left_out == ()
