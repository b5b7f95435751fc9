"""What tests of calendars share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.calendars.servers import Authority, Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of one calendar on the loopback."""
    with serving() as answer:
        yield answer


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority that no system knows."""
    return Authority.make(tmp_path_factory.mktemp("authority"))
