"""A telephone that can do more than 4 kHz hears the ``.wav16`` beside the ``.wav``."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from pbxctl.rehearse import private_pbx
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import REHEARSAL_IP, PbxSettings, pbx_files
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.rehearse.sip import call as call_module
from pbxctl.rehearse.sip.agent import SipAgent
from pbxctl.rehearse.sip.message import format_sdp
from pbxctl.rehearse.sip.rtp import RtpStream

WIDE_HZ = 16_000
L16_PAYLOAD = 118
DIALPLAN = "[general]\n[from-rehearsal]\nexten => 100,1,Answer()\n same => n,Playback(pbxctl/x)\n"


def tone(pitch_hz: int, rate: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return 0.3 * np.sin(2 * np.pi * pitch_hz * np.arange(rate) / rate)


def wide_sdp(ip: str, port: int, *, session: int, version: int = 1) -> bytes:
    offer = format_sdp(ip, port, session=session, version=version)
    return offer.replace(b" 0 101", b" 118 101").replace(b":0 PCMU/8000", b":118 L16/16000")


def wide_pbx_files(settings: PbxSettings) -> dict[str, str]:
    files = dict(pbx_files(settings))
    return {**files, "pjsip.conf": files["pjsip.conf"].replace("allow=ulaw", "allow=slin16,ulaw")}


async def test_what_lies_above_4_khz_is_heard_over_l16(
    asterisk_install: AsteriskInstall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "x.wav", tone(1000, 8000), 8000, subtype="PCM_16")
    soundfile.write(tmp_path / "x.wav16", tone(6000, WIDE_HZ), WIDE_HZ, subtype="PCM_16", format="WAV")
    heard: dict[int, bytes] = {}

    def received(_: RtpStream, data: bytes, __: tuple[str | Any, int]) -> None:
        if data[1] & 0x7F == L16_PAYLOAD:
            heard[struct.unpack_from("!I", data, 4)[0]] = data[12:]

    monkeypatch.setattr(call_module, "format_sdp", wide_sdp)
    monkeypatch.setattr(RtpStream, "datagram_received", received)
    monkeypatch.setattr(private_pbx, "pbx_files", wide_pbx_files)
    pbx = PrivatePbx(asterisk_install, {"extensions.conf": DIALPLAN}, sounds={"pbxctl": tmp_path})
    async with pbx, await SipAgent.open(REHEARSAL_IP) as line:
        call = await line.call("100", pbx.sip_address, from_user="0470112233")
        assert (await call.ended(20)).code == 200

    samples = np.frombuffer(b"".join(heard[at] for at in sorted(heard)), ">i2").astype(float)
    power = np.abs(np.fft.rfft(samples)) ** 2
    loudest = np.fft.rfftfreq(len(samples), 1 / WIDE_HZ)[int(np.argmax(power))]
    assert len(samples) > 0.9 * WIDE_HZ
    assert abs(loudest - 6000) < 10
