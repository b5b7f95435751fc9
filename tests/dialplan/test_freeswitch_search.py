"""How FreeSWITCH searches a dialplan: conditions, what breaks, what is kept, and where calls go."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pbxctl.dialplan.freeswitch import Channel, NotMeasured, World, evaluate, parse_dialplan
from pbxctl.errors import InputWrong
from tests.dialplan.freeswitch_call import call, done, holds

YES, NO = 'field="destination_number" expression="^100$"', 'field="destination_number" expression="^200$"'


def act(name: str) -> str:
    return f'<action application="{name}"/>'


def anti(name: str) -> str:
    return f'<anti-action application="{name}"/>'


# Two conditions in one extension, the first with a break; whether it holds; what is carried out.
BREAKS = [
    ("on-false", YES, ["first", "second"]),
    ("on-false", NO, ["not_first"]),
    ("on-true", YES, ["first"]),
    ("on-true", NO, ["not_first", "second"]),
    ("always", YES, ["first"]),
    ("always", NO, ["not_first"]),
    ("never", YES, ["first", "second"]),
    ("never", NO, ["not_first", "second"]),
    ("", YES, ["first", "second"]),
    ("sometimes", NO, ["not_first"]),
]


@pytest.mark.parametrize(("break_", "first", "wanted"), BREAKS)
def test_a_break(break_: str, first: str, wanted: list[str]) -> None:
    text = (
        f'<extension name="x"><condition {first} break="{break_}">{act("first")}{anti("not_first")}'
        f"</condition><condition>{act('second')}</condition></extension>"
    )
    assert done(call(text)) == wanted


# rule, which of three expressions match, whether the condition holds
RULES = [
    ("any", "yyy", True),
    ("any", "nny", True),
    ("any", "nnn", False),
    ("all", "yyy", True),
    ("all", "yyn", False),
    ("xor", "nyn", True),
    ("xor", "yyn", False),
    ("xor", "nnn", False),
]


@pytest.mark.parametrize(("rule", "which", "wanted"), RULES)
def test_several_expressions_in_one_condition(rule: str, which: str, *, wanted: bool) -> None:
    regexes = "".join(f"<regex {YES if letter == 'y' else NO}/>" for letter in which)
    inner = f"{regexes}{act('yes')}{anti('no')}"
    text = f'<extension name="x"><condition regex="{rule}">{inner}</condition></extension>'
    assert done(call(text)) == (["yes"] if wanted else ["no"])


def test_the_first_extension_that_wants_a_call_has_it() -> None:
    text = (
        f'<extension name="a"><condition {NO}>{act("a")}</condition></extension>'
        f'<extension name="b"><condition {YES}>{act("b")}</condition></extension>'
        f'<extension name="c"><condition>{act("c")}</condition></extension>'
    )
    assert done(call(text)) == ["b"]


def test_with_continue_the_next_ones_add_to_it() -> None:
    text = (
        f'<extension name="a" continue="true"><condition>{act("a")}</condition></extension>'
        f'<extension name="b"><condition>{act("b")}</condition></extension>'
        f'<extension name="c"><condition>{act("c")}</condition></extension>'
    )
    assert done(call(text)) == ["a", "b"]


def test_an_anti_action_takes_the_call_too() -> None:
    text = (
        f'<extension name="a"><condition {NO}>{anti("a")}</condition></extension>'
        f'<extension name="b"><condition>{act("b")}</condition></extension>'
    )
    assert done(call(text)) == ["a"]


def test_what_is_set_inline_counts_for_the_next_condition_and_what_is_not_does_not() -> None:
    text = (
        '<extension name="a" continue="true"><condition>'
        '<action application="set" data="now=1" inline="true"/><action application="set" data="later=1"/>'
        "</condition></extension>"
        '<extension name="b"><condition field="${now}.${later}" expression="^1[.]$">'
        f"{act('yes')}</condition></extension>"
    )
    assert done(call(text))[-1] == "yes"


@pytest.mark.parametrize(
    ("outer", "inner", "require", "wanted"),
    [
        (YES, YES, "", ["outer", "inner", "after"]),
        (YES, NO, "", ["outer"]),
        (NO, YES, "", ["not_outer"]),
        (YES, NO, ' require-nested="false"', ["outer", "after"]),
    ],
)
def test_a_condition_within_a_condition(outer: str, inner: str, require: str, wanted: list[str]) -> None:
    text = (
        f'<extension name="x"><condition {outer}{require}>{act("outer")}{anti("not_outer")}'
        f"<condition {inner}>{act('inner')}</condition></condition>"
        f"<condition>{act('after')}</condition></extension>"
    )
    assert done(call(text)) == wanted


def test_of_two_contexts_of_one_name_the_first_counts() -> None:
    one = (
        '<context name="public"><extension name="a"><condition>'
        '<action application="{}"/></condition></extension></context>'
    )
    dialplan = parse_dialplan(one.format("first"), one.format("second"))
    assert done(evaluate(dialplan, Channel("1", "public"), World(lambda: 0))) == ["first"]


def test_a_transfer_is_searched_anew_and_keeps_what_was_set() -> None:
    text = (
        '<extension name="in"><condition field="destination_number" expression="^100$">'
        '<action application="set" data="kept=here"/><action application="transfer" data="200 XML public"/>'
        f"{act('never')}</condition></extension>"
        '<extension name="to"><condition field="destination_number" expression="^200$">'
        '<action application="log" data="${kept}"/></condition></extension>'
    )
    assert done(call(text))[-1] == "log here"


@pytest.mark.parametrize(
    ("actions", "end"),
    [
        ('<action application="hangup" data="CALL_REJECTED"/>', "hangup"),
        ('<action application="transfer" data="1 XML elsewhere"/>', "transfer"),
        ('<action application="answer"/>', "over"),
        ('<action application="sing"/><action application="answer"/>', "unknown"),
    ],
)
def test_how_a_call_leaves(actions: str, end: str) -> None:
    def run(application: str, data: str) -> Mapping[str, str] | None:
        return None if application == "sing" else {}

    trace = call(f'<extension name="x"><condition>{actions}</condition></extension>', run=run)
    assert trace.end == end
    assert "answer" not in done(trace) or end == "over"


def test_a_call_that_nobody_wants() -> None:
    assert call(f'<extension name="x"><condition {NO}>{act("a")}</condition></extension>').end == "none"


def test_a_call_that_goes_round_for_ever_is_refused() -> None:
    round_ = '<action application="transfer" data="100 XML public"/>'
    with pytest.raises(NotMeasured, match="goes round for ever"):
        call(f'<extension name="x"><condition>{round_}</condition></extension>')


def test_what_a_caller_sends_is_no_dialplan_where_a_field_is_named_without_a_dollar() -> None:
    assert not holds('field="caller_id_number" expression="^[+0-9]*$"', caller="${system(id)}")
    with pytest.raises(NotMeasured, match="the function system"):
        holds('field="${caller_id_number}" expression="^[+0-9]*$"', caller="${system(id)}")


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]><x>&j;</x>"
)

REFUSED = {
    "entities that multiply": (BOMB, "document type"),
    "a file of the machine": (
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        "document type",
    ),
    "a document type alone": ("<!DOCTYPE x><x/>", "document type"),
    "an unknown entity": ("<x>&a;</x>", "dialplan:1:4: this is no XML"),
    "no XML": ('<x>\n<y z="<"/></x>', "dialplan:2:7: this is no XML"),
    "nothing": ("", "this is no XML"),
    "an endless nest": ("<x>" * 100_000, "64 deep"),
    "an include": ('<x><X-PRE-PROCESS cmd="include" data="*.xml"/></x>', "X-PRE-PROCESS"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED)
@pytest.mark.timeout(10)
def test_a_text_that_is_no_dialplan_is_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(InputWrong, match=told):
        parse_dialplan(text)
