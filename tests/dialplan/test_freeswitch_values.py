"""``${…}`` in FreeSWITCH, each as it was measured on 1.10.12."""

from __future__ import annotations

import pytest

from pbxctl.dialplan.freeswitch import NotMeasured
from tests.dialplan.freeswitch_call import call, done, epoch, holds, value

# 02:30 comes twice in Brussels on 2026-10-25.
FIRST, SECOND = epoch("2026-10-25 02:30:00"), epoch("2026-10-25 02:30:00", fold=1)

VALUES = [
    ("${a}", "5"),
    ("a${a}b${a}", "a5b5"),
    ("${nothing}", ""),
    ("${caller_id_number}", "0470112233"),
    ("${destination_number}", "100"),
    ("${strepoch()}", str(FIRST)),
    ("${strftime_tz(Europe/Brussels %Y%m%d)}", "20261025"),
    ("${strftime_tz(Europe/Brussels %F)}", "2026-10-25"),
    ("${strftime_tz(Europe/Brussels %u)}", "7"),
    ("${strftime_tz(Asia/Tokyo %H%M%S)}", "093000"),
    ("${strftime_tz(Europe/Brussels 0|%Y)}", "1970"),
    ("${strftime_tz(Europe/Atlantis %F)}", "-ERR Invalid timezone/format"),
    ("${strftime(%Y)}", "2026"),
    # An empty string, and nothing says so.
    ("${strftime(%F)}", ""),
    ("${strftime(%u)}", ""),
    ("${cond(${a} >= 5 ? yes : no)}", "yes"),
    ("${cond(${a} > 5 ? yes : no)}", "no"),
    ("${cond(${a} == 5 ? yes : no)}", "yes"),
    ("${cond(${a} != 5 ? yes : no)}", "no"),
    ("${cond(${a} < 10 ? yes : no)}", "yes"),
    ("${cond(5 > 4 ? yes)}", "yes"),
    ("${cond(3 > 4 ? yes)}", ""),
    ("${cond(abc == abc ? yes : no)}", "yes"),
    ("${cond(${nothing} > 0 ? yes : no)}", "no"),
    ("${cond(5)}", "-ERR"),
    ("${db(select/pbx/until)}", "1792891800"),
    ("${db(select/pbx/nothing)}", ""),
    ("${db(select/pbx/${strftime_tz(Europe/Brussels %Y%m%d)})}", "closed"),
    ("${cond(${db(select/pbx/until)} > ${strepoch()} ? live : over)}", "live"),
    ("${regex(0470112233|^04)}", "true"),
    ("${regex(0470112233|^05)}", "false"),
    ("${regex(0470112233|^0(4..)|+32%1)}", "+32470"),
    ("${regex(0470112233|^05|%1)}", "0470112233"),
    ("${twice}", "5"),
]

DATABASE = {("pbx", "until"): "1792891800", ("pbx", "20261025"): "closed", ("pbx", "long"): "x" * 300}
VARIABLES = {"a": "5", "twice": "${a}"}


@pytest.mark.parametrize(("text", "wanted"), VALUES)
def test_a_text(text: str, wanted: str) -> None:
    written = text.replace("<", "&lt;").replace(">", "&gt;")
    assert value(written, at=FIRST, database=DATABASE, variables=VARIABLES) == wanted


def test_a_time_that_comes_twice_reads_alike_and_the_epoch_tells_them_apart() -> None:
    clock, moment = "${strftime_tz(Europe/Brussels %H%M)}", "${strepoch()}"
    assert value(clock, at=FIRST) == value(clock, at=SECOND) == "0230"
    assert int(value(moment, at=SECOND)) - int(value(moment, at=FIRST)) == 3600


def test_an_override_ends_by_itself_and_one_that_is_not_there_falls_through() -> None:
    text = "${cond(${db(select/pbx/until)} &gt; ${strepoch()} ? live : over)}"
    assert [value(text, at=SECOND + s, database=DATABASE) for s in (-1, 0)] == ["live", "over"]
    assert value(text, at=FIRST) == "over"


def test_a_value_of_the_database_is_cut_at_255_characters() -> None:
    assert value("${db(select/pbx/long)}", database=DATABASE) == "x" * 255


def test_what_the_database_holds_is_not_expanded_and_what_a_variable_holds_is() -> None:
    hostile = {("pbx", "x"): "${system(id)}"}
    assert holds('field="${db(select/pbx/x)}" expression="^\\$"', database=hostile)
    with pytest.raises(NotMeasured, match="the function system"):
        holds('field="${x}" expression="^"', variables={"x": "${system(id)}"})


@pytest.mark.parametrize(
    "text",
    ["${expr(${a} &gt; 4)}", "${expr(1+1)}", "${system(id)}", "$${domain}", "${a:0:1}", "${strftime(%c)}"],
)
def test_what_is_not_known_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(NotMeasured):
        value(text, variables=VARIABLES)


def test_for_expr_the_way_out_is_told() -> None:
    with pytest.raises(NotMeasured, match=r"expr knows neither > nor <; write \$\{cond"):
        value("${expr(5 &gt; 4)}")


def dates(count: int) -> str:
    listed = "|".join(f"{20000101 + number}" for number in range(count))
    return f'field="${{strftime_tz(Europe/Brussels %Y%m%d)}}" expression="^({listed})$"'


def test_a_thousand_dates_in_one_expression_compile_and_five_thousand_match_nothing() -> None:
    at = epoch("2000-01-01 12:00:00")
    assert holds(dates(1000), at=at)
    assert not holds(dates(5000), at=at)
    with pytest.raises(NotMeasured, match="characters"):
        holds(dates(2500), at=at)


def test_what_an_expression_captured_stands_in_the_data() -> None:
    text = (
        '<extension name="x"><condition field="${strftime_tz(Europe/Brussels %Y%m%d)}" '
        'expression="^(20261025|20261225)$"><action application="log" data="INFO $1"/>'
        "</condition></extension>"
    )
    assert done(call(text, at=FIRST)) == ["log INFO 20261025"]


def test_an_expression_that_does_not_compile_matches_nothing() -> None:
    assert not holds('field="destination_number" expression="^(100"')
