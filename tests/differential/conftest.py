"""The dialplan templates, and what a person needs to see of a run."""

from __future__ import annotations

import pytest

from pbxctl.resources import resource_folder


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    """The dialplan templates that come with pbxctl."""
    folder = resource_folder("dialplans") / "asterisk"
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.j2"))}
