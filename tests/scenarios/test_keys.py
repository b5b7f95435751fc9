"""Keys that a caller presses while a sound is played, on a real PBX."""

from __future__ import annotations

import asyncio
from datetime import datetime

from pbxctl.journal.events import StepReached
from pbxctl.rehearse.hearing import heard
from tests.scenarios.caller import MELODY_S, melody
from tests.scenarios.companies import KEYED, SPOKEN
from tests.scenarios.company import CLOSED_WEDNESDAY, Company
from tests.scenarios.house import Experience, House


async def pressing(
    house: House, keys: str, company: Company = KEYED, at: datetime = CLOSED_WEDNESDAY
) -> tuple[Experience, list[str]]:
    lived = await house.experience(company, at, presses=keys)
    story = await house.story(lived.caller)
    return lived, [event.step for event in story if isinstance(event, StepReached)]


async def test_a_key_ends_the_sound_and_leads_where_it_says(house: House) -> None:
    found = await asyncio.gather(*(pressing(house, keys) for keys in ("", "9", "0", "5")))
    assert [(lived.sounds, lived.message, steps) for lived, steps in found] == [
        (("prompt",), "mailbox", ["menu", "message"]),
        (("neutral",), "mailbox", ["menu", "neutral", "message"]),
        ((), "mailbox", ["menu", "message"]),
        (("prompt",), "mailbox", ["menu", "message"]),
    ]


async def test_star_and_hash_do_not_wind_the_sound(house: House) -> None:
    """Left to Asterisk, the star would play it from its beginning again."""
    (star, star_steps), (_, hash_steps) = await asyncio.gather(pressing(house, "*"), pressing(house, "#"))
    assert (star.sounds, star_steps, hash_steps) == (("prompt",), ["menu", "message"], ["menu", "message"])
    listened = heard(star.result.recording, melody("prompt"))
    assert listened.first_s is not None
    assert listened.last_s is not None
    assert listened.last_s - listened.first_s <= MELODY_S + 0.1


async def test_a_caller_is_offered_other_languages_and_may_choose_one(house: House) -> None:
    found = await asyncio.gather(*(pressing(house, keys, SPOKEN) for keys in ("", "2", "3", "1")))
    offered, french, dutch, skipped = [(lived.sounds, lived.message, steps) for lived, steps in found]
    offers = ["offer_nl", "offer_fr"]
    assert offered == (("fr language", "prompt"), "mailbox", [*offers, "prompt", "message"])
    assert french == (("fr prompt",), "mailbox", [*offers, "speak_fr", "again", "message"])
    assert dutch == (("prompt",), "mailbox", [*offers, "speak_nl", "again", "message"])
    assert skipped == ((), "mailbox", [*offers, "message"])


async def test_who_is_spoken_to_in_french_is_offered_dutch(house: House) -> None:
    caller = "+33612345678"
    lived = await house.experience(SPOKEN, CLOSED_WEDNESDAY, caller=caller)
    assert (lived.sounds, lived.message) == (("fr prompt", "language"), "mailbox")


async def test_the_same_keys_count_in_a_mode_of_one_s_own(house: House) -> None:
    at = SPOKEN.day_of("desk")
    found = await asyncio.gather(*(pressing(house, keys, SPOKEN, at) for keys in ("", "2", "1")))
    offered, french, skipped = [(lived.sounds, lived.message, steps) for lived, steps in found]
    offers = ["net_offer_nl_1", "net_offer_fr_1"]
    assert offered == (("fr language", "prompt"), "mailbox", [*offers, "play_1", "box"])
    assert french == (("fr prompt",), "mailbox", [*offers, "net_speak_fr_1", "net_again_1", "box"])
    assert skipped == ((), "mailbox", [*offers, "box"])
