"""Events over lost connections and past slow listeners: what may be missing stands where it is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbxctl.pbx.asterisk.ami import PbxUnreachable
from pbxctl.pbx.asterisk.feed import EventFeed, Missed, mask_with_system


def at(second: int) -> datetime:
    return datetime(2026, 11, 25, 9, 0, tzinfo=UTC) + timedelta(seconds=second)


def made(*names: str, backlog: int = 3) -> EventFeed:
    return EventFeed(frozenset(names), [], backlog)


def take(feed: EventFeed, numbers: Iterable[int]) -> None:
    """Event number n comes at second n."""
    for number in numbers:
        feed.take({"Event": "UserEvent", "N": str(number)}, partial(at, number))


async def fetched(feed: EventFeed, limit_s: float = 0.01) -> list[int | Missed]:
    """All that is there now."""
    found: list[int | Missed] = []
    while True:
        try:
            item = await feed.next(limit_s)
        except TimeoutError:
            return found
        found.append(item if isinstance(item, Missed) else int(str(item["N"])))


async def test_events_come_in_order_and_only_those_asked_for() -> None:
    feed = made("userevent")
    take(feed, [1])
    feed.take({"Event": "Hangup", "N": "2"}, partial(at, 2))
    take(feed, [3])
    assert await fetched(feed) == [1, 3]


async def test_a_lost_connection_stands_between_the_events_once_it_is_back() -> None:
    feed = made()
    take(feed, [1])
    feed.lost(at(1))
    assert await fetched(feed) == [1]
    feed.resumed(at(9))
    take(feed, [10])
    assert await fetched(feed) == [Missed(at(1), at(9), cut=True), 10]


async def test_it_is_told_though_no_event_follows() -> None:
    feed = made()
    feed.lost(at(1))
    waiting = asyncio.create_task(feed.next(5))
    await asyncio.sleep(0)
    feed.resumed(at(4))
    assert await waiting == Missed(at(1), at(4), cut=True)


async def test_losses_without_an_event_between_them_are_one() -> None:
    feed = made()
    feed.lost(at(1))
    feed.resumed(at(2))
    feed.lost(at(3))
    assert await fetched(feed) == []
    feed.resumed(at(4))
    assert await fetched(feed) == [Missed(at(1), at(4), cut=True)]


async def test_what_a_slow_listener_lost_is_counted_and_stands_behind_what_he_has() -> None:
    feed = made(backlog=3)
    take(feed, range(1, 8))
    assert await fetched(feed) == [1, 2, 3, Missed(at(4), at(7), cut=False, dropped=4)]
    take(feed, [8])
    assert await fetched(feed) == [8]


async def test_nothing_is_taken_in_again_before_the_backlog_is_fetched_whole() -> None:
    feed = made(backlog=2)
    take(feed, [1, 2, 3])
    await feed.next(1)
    take(feed, [4])
    assert await fetched(feed) == [2, Missed(at(3), at(4), cut=False, dropped=2)]


async def test_a_loss_while_events_are_dropped_is_one_gap() -> None:
    feed = made(backlog=1)
    take(feed, [1, 2])
    feed.lost(at(3))
    feed.resumed(at(5))
    take(feed, [6])
    assert await fetched(feed) == [1, Missed(at(2), at(6), cut=True, dropped=2)]


@pytest.mark.parametrize(
    ("missed", "said"),
    [
        (
            Missed(at(1), at(62), cut=True),
            "connection was lost from 2026-11-25 09:00:01+0000 to 2026-11-25 09:01:02+0000",
        ),
        (
            Missed(at(1), at(2), cut=False, dropped=7),
            (
                "7 events from 2026-11-25 09:00:01+0000 to 2026-11-25 09:00:02+0000 were dropped, "
                "since nobody fetched those before them"
            ),
        ),
    ],
)
def test_what_is_missing_in_words(missed: Missed, said: str) -> None:
    assert str(missed) == said


async def test_after_the_end_the_rest_can_be_fetched_and_then_it_is_over() -> None:
    feed = made()
    take(feed, [1])
    feed.end()
    assert (await feed.next(1)) == {"Event": "UserEvent", "N": "1"}
    with pytest.raises(PbxUnreachable, match="closed here"):
        await feed.next(1)


def test_a_feed_may_be_closed_more_than_once() -> None:
    feeds: list[EventFeed] = []
    with EventFeed(frozenset(), feeds) as feed:
        assert feeds == [feed]
        feed.close()
    assert feeds == []


@pytest.mark.parametrize(
    ("events", "mask"),
    [
        ("", "system"),
        ("off", "system"),
        ("on", "on"),
        ("system", "system"),
        ("call,system,user", "system,call,user"),
    ],
)
def test_the_mask_always_lets_the_boot_through(events: str, mask: str) -> None:
    assert mask_with_system(events) == mask


DO = st.lists(st.sampled_from(["event", "event", "lose", "resume", "fetch"]), max_size=60)


@settings(deadline=None)
@given(DO, st.integers(1, 4))
def test_every_event_is_fetched_or_told_of_as_missing(steps: list[str], backlog: int) -> None:
    """A random life: events happen each second, connected or not; each is fetched once, or is in a gap."""
    asyncio.run(_live(steps, backlog))


async def _live(steps: list[str], backlog: int) -> None:
    feed, connected, found = made(backlog=backlog), True, list[int | Missed]()
    longest = 0
    for second, what in enumerate(steps):
        if what == "event" and connected:
            take(feed, [second])
        elif what == "lose" and connected:
            connected = False
            feed.lost(at(second - 1))
        elif what == "resume" and not connected:
            connected = True
            feed.resumed(at(second))
        elif what == "fetch":
            found += await fetched(feed, 0)
    if not connected:
        feed.resumed(at(len(steps)))
    rest = await fetched(feed, 0)
    longest = max(longest, len(rest))
    found += rest
    numbers = [item for item in found if isinstance(item, int)]
    gaps = [item for item in found if isinstance(item, Missed)]
    assert numbers == sorted(set(numbers))
    for second, what in enumerate(steps):
        if what == "event":
            assert second in numbers or any(gap.start <= at(second) <= gap.end for gap in gaps)
    assert longest <= backlog + 2  # Each gap stands where there was room for an event.
    moments = [item.start if isinstance(item, Missed) else at(item) for item in found]
    assert moments == sorted(moments)
