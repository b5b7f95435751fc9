"""Audio and keyed digits over RTP (RFC 3550, 3551, 4733): G.711 µ-law at 8 kHz, 20 ms a packet."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import struct
from collections import deque
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

RATE_HZ = 8000
PACKET_S = 0.02
PACKET_SAMPLES = 160
ULAW_PAYLOAD = 0
EVENTS_PAYLOAD = 101
DIGITS = "0123456789*#ABCD"
DIGIT_PACKETS = 5  # 100 ms; Asterisk lengthens what is shorter than 80 ms
PAUSE_PACKETS = 4
# A call that never ends must not fill the memory.
LONGEST_RECORDING_S = 600
# Beyond this, a jump of the other side's timestamps is a new source rather than a pause.
JUMP_S = 1.0


def _ulaw_decode_table() -> Samples:
    """ITU-T G.711, table 2a, by its formula."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    signed: Samples = np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)
    return signed


def _ulaw_encode_table() -> NDArray[np.uint8]:
    """For each 16-bit sample, taken as unsigned, its code."""
    sample = np.arange(65536, dtype=np.int32).astype(np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(sample), 32635) + 0x84
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(sample < 0, 0x80, 0)
    code: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return code


_DECODED = _ulaw_decode_table()
_ENCODED = _ulaw_encode_table()


def ulaw_decode(codes: bytes) -> Samples:
    """G.711 µ-law to linear 16-bit samples."""
    return _DECODED[np.frombuffer(codes, np.uint8)]


def ulaw_encode(samples: Samples) -> bytes:
    """Linear 16-bit samples to G.711 µ-law."""
    return _ENCODED[np.ascontiguousarray(samples, np.int16).view(np.uint16)].tobytes()


class Recording:
    """What is heard, each packet at the place its timestamp gives it: a gap stays a gap."""

    def __init__(self) -> None:
        self.first_packet_at: float | None = None
        self.packets = 0
        self._chunks: list[tuple[int, Samples]] = []
        self._source = -1
        self._origin = 0  # the timestamp that stands at sample 0
        self._length = 0

    @property
    def length(self) -> int:
        """Samples from the first packet to the end of the last."""
        return self._length

    def add(self, *, source: int, timestamp: int, samples: Samples, at: float) -> None:
        """Take one packet; ``at`` is the loop's time at which it came, in seconds."""
        if self.first_packet_at is None:
            self.first_packet_at = at
        elapsed = round((at - self.first_packet_at) * RATE_HZ)
        place = _signed32(timestamp - self._origin)
        if source != self._source or abs(place - elapsed) > JUMP_S * RATE_HZ:
            # Another source counts from anywhere: put it where it was heard.
            place = max(elapsed, self._length) if self._chunks else 0
            self._source, self._origin = source, timestamp - place
        if not 0 <= place <= LONGEST_RECORDING_S * RATE_HZ:
            return
        self.packets += 1
        self._chunks.append((place, samples))
        self._length = max(self._length, place + len(samples))

    def samples(self) -> Samples:
        """Everything heard until now."""
        whole = np.zeros(self._length, np.int16)
        for place, samples in self._chunks:
            whole[place : place + len(samples)] = samples
        return whole


class RtpStream(asyncio.DatagramProtocol):
    """One call's audio, both ways. It sends silence when there is nothing to play."""

    def __init__(self, listening: socket.socket | None = None) -> None:
        self.recording = Recording()
        self.digits = ""
        self.sent_packets = 0
        self._heard_more = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None
        self._socket = listening
        self._pacer: asyncio.Task[None] | None = None
        self._remote: tuple[str, int] | None = None
        self._events_payload = EVENTS_PAYLOAD
        self._playing: deque[Samples] = deque()
        self._keys: deque[tuple[bytes, bool, int] | None] = deque()
        self._idle = asyncio.Event()
        self._idle.set()
        self._source = secrets.randbits(32)
        self._sequence = secrets.randbits(15)
        self._timestamp = secrets.randbits(31)
        self._digit_seen: int | None = None

    @classmethod
    async def open(cls, ip: str) -> RtpStream:
        """Listen on a free port of ``ip``."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listening.bind((ip, 0))
        _, stream = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: cls(listening), sock=listening
        )
        return stream

    @property
    def port(self) -> int:
        if self._transport is None:
            raise RuntimeError("the stream is closed")
        return cast(int, self._transport.get_extra_info("sockname")[1])

    def start(self, remote: tuple[str, int], events_payload: int | None) -> None:
        """Begin sending to ``remote``, or go on there."""
        self._remote = remote
        self._events_payload = EVENTS_PAYLOAD if events_payload is None else events_payload
        if self._pacer is None:
            self._pacer = asyncio.create_task(self._pace(), name="rtp")

    def play(self, samples: Samples) -> None:
        """Say these samples, after what is being said already."""
        if len(samples):
            self._playing.append(np.asarray(samples, np.int16))
            self._idle.clear()

    def key(self, digits: str) -> None:
        """Key digits in, 100 ms each (RFC 4733).

        Raises:
            ValueError: a character that is on no telephone.
        """
        codes = [DIGITS.index(digit) for digit in digits.upper()]
        for code in codes:
            for number in range(1, DIGIT_PACKETS + 1):
                payload = struct.pack("!BBH", code, 10, number * PACKET_SAMPLES)
                self._keys.append((payload, number == 1, number - 1))
            # The end is said three times, since one packet may be lost (RFC 4733, section 2.5.1.4).
            end = struct.pack("!BBH", code, 0x80 | 10, DIGIT_PACKETS * PACKET_SAMPLES)
            self._keys.extend((end, False, DIGIT_PACKETS + again) for again in range(3))
            self._keys.extend([None] * PAUSE_PACKETS)
            self._idle.clear()

    async def all_sent(self) -> None:
        """Return once everything given to :meth:`play` and :meth:`key` is on the wire."""
        await self._idle.wait()

    async def heard_at_least(self, seconds: float) -> None:
        """Return once the recording is that long."""
        while self.recording.length < seconds * RATE_HZ:
            self._heard_more.clear()
            await self._heard_more.wait()

    async def heard_digits(self, count: int) -> str:
        """Return the digits once ``count`` were keyed in by the other side."""
        while len(self.digits) < count:
            self._heard_more.clear()
            await self._heard_more.wait()
        return self.digits

    def take_waiting(self) -> None:
        """Take the packets that have come and wait to be read.

        The loop reads one in each turn. Where it is late, the other side's hanging up would be read before
        the last of what it said.
        """
        with contextlib.suppress(OSError):  # BlockingIOError: there is none left.
            while self._socket is not None:
                self.datagram_received(*self._socket.recvfrom(4096))

    def close(self) -> None:
        if self._pacer is not None:
            self._pacer.cancel()
        if self._transport is not None:
            self._transport.close()
            self._transport = None
            self._socket = None
        self._idle.set()
        self._heard_more.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def error_received(self, exc: Exception) -> None:
        """The other side's port is closed already: nothing to do, it hangs up by SIP."""

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if len(data) < 12 or data[0] >> 6 != 2:
            return
        first, second, _, timestamp, source = struct.unpack_from("!BBHII", data)
        payload = data[12 + 4 * (first & 0x0F) :]
        if second & 0x7F == ULAW_PAYLOAD:
            now = asyncio.get_running_loop().time()
            self.recording.add(source=source, timestamp=timestamp, samples=ulaw_decode(payload), at=now)
        elif second & 0x7F == EVENTS_PAYLOAD and len(payload) >= 4:
            self._take_event(timestamp, payload[0])
        self._heard_more.set()

    def _take_event(self, timestamp: int, code: int) -> None:
        # All packets of a digit bear one timestamp; any of them tells of it, also if the end is lost.
        if timestamp != self._digit_seen and code < len(DIGITS):
            self._digit_seen = timestamp
            self.digits += DIGITS[code]

    async def _pace(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self._send_one()
            due += PACKET_S
            # Late for once: the next packets follow at once, so that none is lost and the pace holds.
            await asyncio.sleep(max(0.0, due - loop.time()))

    def _send_one(self) -> None:
        payload_type, marker, behind = ULAW_PAYLOAD, False, 0
        if self._keys:
            key = self._keys.popleft()
            if key is None:
                payload = ulaw_encode(np.zeros(PACKET_SAMPLES, np.int16))
            else:
                payload_type = self._events_payload
                payload, marker, behind = key
        else:
            payload = ulaw_encode(self._next_samples())
        if not self._keys and not self._playing:
            self._idle.set()
        header = struct.pack(
            "!BBHII",
            0x80,
            payload_type | (0x80 if marker else 0),
            self._sequence & 0xFFFF,
            (self._timestamp - behind * PACKET_SAMPLES) & 0xFFFFFFFF,
            self._source,
        )
        self._sequence += 1
        self._timestamp += PACKET_SAMPLES
        if self._transport is not None and self._remote is not None:
            with contextlib.suppress(OSError):
                self._transport.sendto(header + payload, self._remote)
                self.sent_packets += 1

    def _next_samples(self) -> Samples:
        packet = np.zeros(PACKET_SAMPLES, np.int16)
        filled = 0
        while self._playing and filled < PACKET_SAMPLES:
            samples = self._playing[0]
            part = samples[: PACKET_SAMPLES - filled]
            packet[filled : filled + len(part)] = part
            filled += len(part)
            if len(part) == len(samples):
                self._playing.popleft()
            else:
                self._playing[0] = samples[len(part) :]
        return packet


def _signed32(value: int) -> int:
    return (value + 0x80000000) % 0x100000000 - 0x80000000
