"""The dialplan that a running Asterisk has."""

from __future__ import annotations

from collections.abc import Container, Sequence

from pbxctl.dialplan.asterisk import Dialplan, loaded_dialplan
from pbxctl.pbx.asterisk.ami import AmiSession, Headers

READ_LIMIT_S = 60.0
FROM_FILES = frozenset({"pbx_config"})
"""Who registers what stands in ``extensions.conf`` and the files it includes."""


async def read_dialplan(session: AmiSession, *, registrars: Container[str] | None = None) -> Dialplan:
    """Read the whole of it; needs the rights ``config`` or ``reporting``, and ``command``.

    With ``registrars=FROM_FILES`` only what came out of files, to be compared with them.

    Raises:
        ActionRefused: the user lacks one of these rights.
        PbxUnreachable: no answer.
    """
    told = await _tell(session)
    return loaded_dialplan(*told, registrars=registrars)


async def read_dialplans(session: AmiSession) -> tuple[Dialplan, Dialplan]:
    """The whole of it, and what came out of files: as :func:`read_dialplan` twice, asked for once."""
    told = await _tell(session)
    return loaded_dialplan(*told), loaded_dialplan(*told, registrars=FROM_FILES)


async def _tell(session: AmiSession) -> tuple[Sequence[Headers], list[str], list[str]]:
    answer = await session.send("ShowDialPlan", limit_s=READ_LIMIT_S)
    shown = await session.command("dialplan show", limit_s=READ_LIMIT_S)
    global_lines = await session.command("dialplan show globals", limit_s=READ_LIMIT_S)
    return answer.events, shown, global_lines
