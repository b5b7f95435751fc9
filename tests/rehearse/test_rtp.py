"""G.711 both ways, and recordings that keep each packet at its place."""

from __future__ import annotations

import socket

import numpy as np
import pytest

from pbxctl.rehearse.sip.rtp import Recording, RtpStream, Samples, ulaw_decode, ulaw_encode

ALL_SAMPLES = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)


@pytest.mark.parametrize(
    ("code", "sample"),
    # ITU-T G.711, table 2b, scaled from 14 to 16 bits.
    [(0xFF, 0), (0x7F, 0), (0xFE, 8), (0x7E, -8), (0xF0, 120), (0xEF, 132), (0x80, 32124), (0x00, -32124)],
)
def test_codes_mean_what_the_standard_says(code: int, sample: int) -> None:
    assert ulaw_decode(bytes([code])).tolist() == [sample]


def test_every_code_comes_back() -> None:
    codes = bytes(code for code in range(256) if code != 0x7F)  # 0x7F is a second zero.
    assert ulaw_encode(ulaw_decode(codes)) == codes


def test_every_sample_comes_back_within_half_a_step() -> None:
    error = np.abs(ulaw_decode(ulaw_encode(ALL_SAMPLES)).astype(int) - ALL_SAMPLES)
    step = np.maximum(8, np.abs(ALL_SAMPLES.astype(int)) / 16)
    quiet = np.abs(ALL_SAMPLES.astype(int)) <= 32635  # Louder ones are clipped.
    assert (error <= step)[quiet].all()


def _packet(value: int) -> Samples:
    return np.full(160, value, np.int16)


def _record(*packets: tuple[int, int, int, float]) -> Samples:
    """Each packet is (source, timestamp, value, seconds)."""
    recording = Recording()
    for source, timestamp, value, at in packets:
        recording.add(source=source, timestamp=timestamp, samples=_packet(value), at=at)
    return recording.samples()[::160]


@pytest.mark.parametrize(
    ("case", "packets", "heard"),
    [
        ("in order", [(1, 1000, 1, 0.0), (1, 1160, 2, 0.02)], [1, 2]),
        ("out of order", [(1, 1000, 1, 0.0), (1, 1320, 3, 0.02), (1, 1160, 2, 0.04)], [1, 2, 3]),
        ("one lost", [(1, 1000, 1, 0.0), (1, 1320, 3, 0.04)], [1, 0, 3]),
        ("twice", [(1, 1000, 1, 0.0), (1, 1000, 1, 0.0), (1, 1160, 2, 0.02)], [1, 2]),
        ("timestamps wrap", [(1, 2**32 - 160, 1, 0.0), (1, 0, 2, 0.02)], [1, 2]),
        ("another source", [(1, 1000, 1, 0.0), (2, 77, 2, 0.06), (2, 237, 3, 0.08)], [1, 0, 0, 2, 3]),
        (
            "a source that jumps",
            [(1, 1000, 1, 0.0), (1, 10**6, 2, 0.02), (1, 10**6 + 160, 3, 0.04)],
            [1, 2, 3],
        ),
        ("a pause without packets", [(1, 0, 1, 0.0), (1, 800, 2, 0.1)], [1, 0, 0, 0, 0, 2]),
        ("older than the first", [(1, 1000, 1, 0.0), (1, 840, 9, 0.02)], [1]),
        ("hours ahead", [(1, 0, 1, 0.0), (1, 160, 2, 99_999.0)], [1]),
    ],
)
def test_packets_lie_where_their_timestamps_say(
    case: str, packets: list[tuple[int, int, int, float]], heard: list[int]
) -> None:
    assert _record(*packets).tolist() == heard


async def test_a_digit_is_told_once_even_if_only_its_end_arrives() -> None:
    stream = await RtpStream.open("127.0.0.1")
    head = bytes([0x80, 101]) + bytes(2)
    for timestamp in (160, 160, 160, 320):
        end = bytes([7, 0x80, 0, 160])
        stream.datagram_received(head + timestamp.to_bytes(4, "big") + bytes(4) + end, ("127.0.0.1", 1))
    assert stream.digits == "77"
    stream.close()


@pytest.mark.parametrize("data", [b"", b"\x80", bytes(12), b"\x80\x65" + bytes(10), b"\x9f\x00" + bytes(12)])
async def test_what_is_no_audio_is_passed_over(data: bytes) -> None:
    stream = await RtpStream.open("127.0.0.1")
    stream.datagram_received(data, ("127.0.0.1", 1))
    assert (stream.digits, stream.recording.length) == ("", 0)
    stream.close()


async def test_only_what_is_on_a_telephone_can_be_keyed() -> None:
    stream = await RtpStream.open("127.0.0.1")
    with pytest.raises(ValueError, match="substring"):
        stream.key("1x")
    stream.close()


async def test_what_came_before_the_end_is_heard_though_nobody_has_read_it_yet() -> None:
    """A loop that is late reads that the call is over before the last of the sound."""
    stream = await RtpStream.open("127.0.0.1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        for number in range(20):
            head = bytes([0x80, 0]) + bytes(2) + (160 * number).to_bytes(4, "big") + bytes(4)
            other.sendto(head + bytes(160), ("127.0.0.1", stream.port))
    stream.take_waiting()
    assert stream.recording.length == 20 * 160
    stream.close()
    stream.take_waiting()
