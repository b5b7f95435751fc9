"""A secret that the PBX refuses, changes, or that cannot be read: looked at often, tried seldom."""

from __future__ import annotations

import logging

import pytest

from pbxctl.errors import FileWrong
from pbxctl.pbx.asterisk.course import REFUSED_MOST, State
from tests.pbx.hasty import Secret, behave, connection_to, refuse
from tests.pbx.managers import Seen, manager


async def test_a_refused_secret_is_looked_at_often_and_tried_once() -> None:
    seen, secret = Seen(), Secret("wrong")
    async with manager(refuse("Authentication failed")) as made, connection_to(made, seen, secret):
        await seen.until(State.REFUSED)
        await secret.until_read(100)
        assert made.connections == 1


async def test_a_refused_secret_that_cannot_be_read_for_a_while_is_looked_at_again() -> None:
    seen = Seen()
    secret = Secret("wrong", FileWrong("ami.secret", "holds no secret"), RuntimeError("oh"), "wrong", "s")
    async with manager(refuse("Authentication failed"), behave) as made, connection_to(made, seen, secret):
        await seen.until(State.REFUSED)
        await seen.until(State.CONNECTED)
        assert made.connections == 2


async def test_secrets_that_change_all_the_time_cost_no_more_log_ins_than_documented(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "pbxctl")
    seen, secret = Seen(), Secret(*(f"wrong {number}" for number in range(10_000)))
    async with manager(refuse("Authentication failed")) as made, connection_to(made, seen, secret):
        for _ in range(REFUSED_MOST):
            await seen.until(State.REFUSED)
        await secret.until_read(100)
        assert made.connections == REFUSED_MOST
    assert len(caplog.records) == 1


async def test_a_secret_that_cannot_be_read_costs_no_log_in() -> None:
    seen, secret = Seen(), Secret(FileWrong("ami.secret", "holds no secret"), "s")
    async with manager(behave) as made, connection_to(made, seen, secret):
        failed = await seen.until(State.DISCONNECTED)
        assert (failed.last_error, failed.log_ins) == ("ami.secret: holds no secret", 0)
        connected = await seen.until(State.CONNECTED)
        assert (connected.log_ins, made.connections) == (1, 1)
