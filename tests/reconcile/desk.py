"""Where an administrator sits who runs the commands of pbxctl, beside a real Asterisk."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from pbxctl.cli.main import run
from pbxctl.rehearse.private_pbx import PrivatePbx
from tests.plan.bakery import bakery_text

EXTENSIONS = """\
[general]

[from-provider]
include => pbxctl-inbound
include => from-provider-ordinary
include => pbxctl-unlisted

[from-provider-ordinary]
exten => _[+0-9].,1,Dial(PJSIP/201,30)

[outbound]
exten => _[+0-9].,1,Dial(PJSIP/${EXTEN}@trunk)

#tryinclude pbxctl/*.conf
"""

# What docs/apply.md tells an administrator to write.
MANAGER = "\n[pbxctl-least]\nsecret=only-for-this-test\nread=\nwrite=command,system,config,reporting\n"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass
class Desk:
    """Where the administrator sits: the configuration, the state folder, and the PBX beside it."""

    folder: Path
    pbx: PrivatePbx

    def configure(self, old: str = "", new: str = "", user: str = "pbxctl-least") -> None:
        host, port, _, _ = self.pbx.manager
        text = bakery_text().replace(
            "host: 127.0.0.1, user: pbxctl", f"host: {host}, port: {port}, user: {user}"
        )
        # One language is spoken faster than three.
        text = text.replace("[nl, fr, en]", "[nl]")
        assert old in text
        (self.folder / "pbxctl.yaml").write_text(text.replace(old, new) if old else text)

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pbxctl", "--config", str(self.folder / "pbxctl.yaml"), *arguments),
            *("--state", str(self.folder / "state")),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )

    async def run(self, *arguments: str) -> Ran:
        """As :meth:`start`, without the second that a process of its own takes to begin."""
        out, err = io.StringIO(), io.StringIO()
        given = [
            "--config",
            str(self.folder / "pbxctl.yaml"),
            *arguments,
            "--state",
            str(self.folder / "state"),
        ]
        with redirect_stdout(out), redirect_stderr(err):
            code = await asyncio.to_thread(run, given)
        return Ran(code, out.getvalue(), err.getvalue())

    async def answered_by(self, number: str) -> str:
        lines = await self.pbx.run_cli(f"dialplan show {number}@from-provider")
        return next(line for line in lines if line.startswith("[ ")).split("'")[1]
