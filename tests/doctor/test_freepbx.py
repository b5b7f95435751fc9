"""A dialplan that FreePBX wrote, in our imitation: known as such, and hooked where it may be edited."""

from __future__ import annotations

import pytest

from tests.doctor.house import PHONES, House, extensions

FREEPBX = """\
[from-pstn]
include => from-pstn-custom
include => ext-did
include => ext-did-post-custom
include => from-did-direct
include => ext-did-catchall
[from-provider]
include => from-pstn
[ext-did]
include => ext-did-0002
[ext-did-0002]
exten => 092334455,1,Goto(app-announcement-1,s,1)
exten => 092334466,1,Goto(app-announcement-1,s,1)
[from-did-direct]
exten => 201,1,NoOp()
[ext-did-catchall]
exten => _.,1,NoOp()
"""
PBX_ORDINARY = """\
[pbx-ordinary]
include => ext-did
include => ext-did-post-custom
include => from-did-direct
include => ext-did-catchall
"""
HOOKED = "[from-pstn-custom]\ninclude => pbxctl-inbound\n"


async def test_freepbx_is_known_and_told_which_lines_to_put_where(healthy: House) -> None:
    await healthy.load(extensions(FREEPBX, PHONES))

    found = await healthy.wanting("ordinary: from-provider-ordinary", "ordinary: pbx-ordinary").found()

    assert set(found) == {"freepbx", "hook-missing", "ordinary-missing"}
    assert found["hook-missing"].way_out == (
        f'extensions_custom.conf:\n{HOOKED}\n{PBX_ORDINARY}then: asterisk -rx "dialplan reload"'
    )


async def test_a_context_that_is_there_already_is_not_asked_for_again(healthy: House) -> None:
    await healthy.load(extensions(FREEPBX, PBX_ORDINARY, PHONES))

    found = await healthy.wanting("ordinary: from-provider-ordinary", "ordinary: pbx-ordinary").found()

    assert set(found) == {"freepbx", "hook-missing"}
    assert found["hook-missing"].way_out == (
        f'extensions_custom.conf:\n{HOOKED}then: asterisk -rx "dialplan reload"'
    )


async def test_those_lines_mend_it(healthy: House) -> None:
    await healthy.load(extensions(FREEPBX, HOOKED, PBX_ORDINARY, PHONES))

    found = await healthy.wanting("ordinary: from-provider-ordinary", "ordinary: pbx-ordinary").found()

    assert set(found) == {"freepbx"}


@pytest.mark.parametrize("ordinary", ["from-pstn", "from-provider"])
async def test_freepbx_leads_back_from_the_contexts_that_one_would_take_first(
    healthy: House, ordinary: str
) -> None:
    await healthy.load(extensions(FREEPBX, HOOKED, PHONES))

    found = await healthy.wanting("ordinary: from-provider-ordinary", f"ordinary: {ordinary}").found()

    assert set(found) == {"freepbx", "ordinary-leads-back"}
    assert "never from-pstn or from-trunk" in found["ordinary-leads-back"].way_out
    assert PBX_ORDINARY.strip() in found["ordinary-leads-back"].way_out


async def test_freepbx_s_own_dids_alone_would_refuse_others(healthy: House) -> None:
    await healthy.load(extensions(FREEPBX, HOOKED, PHONES))

    found = await healthy.wanting("ordinary: from-provider-ordinary", "ordinary: ext-did").found()

    assert set(found) == {"freepbx", "ordinary-ext-did"}
