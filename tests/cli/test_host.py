"""What the commands that write onto the PBX insist on before they do anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from pbxctl.cli import host
from pbxctl.config import load_config
from pbxctl.errors import OutOfReach
from tests.plan.bakery import FILE, bakery_text


@pytest.mark.parametrize("address", ["192.0.2.1", "pbx.example"])
async def test_a_pbx_on_another_machine_is_not_written_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Its folders may bear the names of folders here."""

    @asynccontextmanager
    async def elsewhere(*_: object) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(address=(address, 5038))

    monkeypatch.setattr(host, "manager_of", elsewhere)
    with pytest.raises(OutOfReach, match=f"the PBX at {address} is not on this machine; run pbxctl there"):
        async with host.host_of(load_config(bakery_text().encode(), FILE), FILE, str(tmp_path), quiet=True):
            pass
