"""Where calls from outside enter, told from the channel driver or from the dialplan alone."""

from __future__ import annotations

from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import Neighbours
from tests.doctor.house import ORDINARY, PHONES, extensions, house


async def test_without_pjsip_the_dialplan_alone_tells_where_calls_enter(
    asterisk_install: AsteriskInstall,
) -> None:
    async with house(asterisk_install, noload=("chan_pjsip", "res_pjsip")) as made:
        report = await made.examined()

    assert {row.entry.context for row in report.dids} == {"from-provider"}
    assert {each.id for each in report.findings} <= {"not-looked-at", "function-missing"}


async def test_where_nothing_of_the_dids_is_known_a_context_of_its_own_is_asked_for(
    asterisk_install: AsteriskInstall,
) -> None:
    empty = "[general]\n#tryinclude pbxctl/*.conf\n[pbx]\nexten => 1,1,NoOp()\n"
    async with house(
        asterisk_install, {"extensions.conf": empty}, noload=("chan_pjsip", "res_pjsip")
    ) as made:
        found = await made.found()

    assert "no-entry" in found
    assert "include => pbxctl-inbound\ninclude => from-provider-ordinary" in found["no-entry"].way_out


async def test_without_pjsip_a_context_that_holds_the_numbers_is_the_trunk_s(
    asterisk_install: AsteriskInstall,
) -> None:
    dialplan = extensions(ORDINARY.replace("from-provider-ordinary", "from-provider"), PHONES)
    noload = ("chan_pjsip", "res_pjsip")
    async with house(asterisk_install, {"extensions.conf": dialplan}, noload=noload) as made:
        found = await made.found()

    assert "rename [from-provider] to [from-provider-ordinary]" in found["hook-missing"].way_out


async def test_a_trunk_that_logs_in_like_a_phone_dials_no_emergency_number(
    asterisk_install: AsteriskInstall,
) -> None:
    """Its context is known by where it leads, and phones are looked at in theirs only."""
    alike = Neighbours(trunk_context="elsewhere", phone_context="from-provider", rehearsal_context="nowhere")
    async with house(asterisk_install, neighbours=alike) as made:
        report = await made.examined()

    assert report.findings == ()
    assert {row.entry.endpoints for row in report.dids} == {("201", "202", "203", "204")}
    assert report.emergency == ()
