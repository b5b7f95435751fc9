"""What ``docs/by-hand.md`` tells is done, on a real Asterisk, step by step."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pbxctl.cli.main import run
from pbxctl.rehearse.hearing import heard, read_sound
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip.agent import SipAgent

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "by-hand.md").read_text(encoding="utf-8")
WEDNESDAY = datetime(2026, 12, 2, 10, tzinfo=ZoneInfo("Europe/Brussels"))

ORDINARY = """\
[from-provider-ordinary]
exten => 092334455,1,Answer()
 same => n,Wait(1)
 same => n,Hangup()
"""


def wrapper() -> str:
    """The wrapper as the document shows it."""
    found = re.search(r"```ini\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return "\n".join(line.strip() for line in found[1].splitlines()) + "\n"


async def test_the_steps_close_the_wednesday_and_deleting_our_files_opens_it_again(
    tmp_path: Path, asterisk_install: AsteriskInstall, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rendered"
    example = ROOT / "examples" / "bakery" / "pbxctl.yaml"
    assert run(["--config", str(example), "render", "--out", str(out), "--from", "2026-11-30"]) == 0
    capsys.readouterr()
    include = re.search(r"`(#tryinclude pbxctl/\*\.conf)`", DOCUMENT)
    assert include is not None
    files = {
        "extensions.conf": f"[from-trunk]\ninclude => from-provider\n{wrapper()}{ORDINARY}{include[1]}\n",
        "voicemail.conf": "[default]\n100 => 0000,main\n101 => 0000,orders\n",
        **{f"pbxctl/{path.name}": path.read_text() for path in out.glob("*.conf")},
    }
    async with PrivatePbx(asterisk_install, files, at=WEDNESDAY) as pbx:
        for family, key, value in json.loads((out / "database.json").read_text())["entries"]:
            await pbx.run_cli(f'database put {family} {key} "{value}"')
        shown = "\n".join(await pbx.run_cli("dialplan show 092334455@from-provider"))
        assert "pbxctl-inbound" in shown.split("from-provider-ordinary")[0]

        async with await SipAgent.open(*pbx.trunk_address) as trunk:
            closed = await trunk.call("092334455", pbx.sip_address, from_user="0470000001")
            await closed.answered(5)
            await closed.heard(2.5, 10)
            recording = (await closed.hang_up()).recording
            # No sounds of ours were copied: Asterisk's own sentences are heard.
            voice = asterisk_install.voice("en")
            assert voice is not None
            assert heard(recording, read_sound(voice / "vm-nobodyavail.wav")).share > 0.9

            for path in (pbx.folder / "etc" / "pbxctl").glob("*.conf"):
                path.unlink()
            await pbx.run_cli("dialplan reload")
            opened = await trunk.call("092334455", pbx.sip_address, from_user="0470000002")
            result = await opened.ended(10)
    assert (result.code, result.ended_by) == (200, "them")
    assert result.ended_s < 3
