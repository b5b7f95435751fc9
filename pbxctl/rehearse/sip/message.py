"""SIP messages as data (RFC 3261, section 7) and the little of SDP that a call needs (RFC 8866).

Text is UTF-8 with ``surrogateescape``, so that bytes which are none survive both ways; a value
given as ``bytes`` is sent as it is, for callers that are meant to be hostile.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Value = str | bytes

# RFC 3261, section 7.3.3.
_COMPACT = {
    "c": "content-type",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "s": "subject",
    "t": "to",
    "v": "via",
}
# Headers whose values may stand behind one another in one line, parted by commas.
_LISTS = {"via", "route", "record-route"}


# name-addr (RFC 3261, section 25.1); a quoted name may hold "<" and ">".
_NAME_ADDRESS = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"\s*|(?P<plain>[^<]*))<(?P<uri>[^>]*)>(?P<rest>.*)', re.DOTALL
)


class MalformedSip(ValueError):
    """The other side sent something that is no SIP message."""


@dataclass(slots=True)
class SipMessage:
    """A request (``method`` and ``uri``) or a response (``code`` and ``reason``).

    ``headers`` keep their order and spelling; look them up with :meth:`first` and :meth:`all`.
    """

    method: str = ""
    uri: Value = ""
    code: int = 0
    reason: str = ""
    headers: list[tuple[str, Value]] = field(default_factory=list)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        wanted = name.lower()
        return [_text(value) for key, value in self.headers if key.lower() == wanted]

    def first(self, name: str) -> str:
        """The first value of a header, empty where it is missing."""
        return next(iter(self.all(name)), "")

    @property
    def call_id(self) -> str:
        return self.first("Call-ID")

    @property
    def cseq(self) -> tuple[int, str]:
        """The number and method of CSeq."""
        number, _, method = self.first("CSeq").partition(" ")
        return (int(number) if number.isdecimal() else 0, method.strip().upper())

    @property
    def branch(self) -> str:
        """The branch of the topmost Via: the transaction's name."""
        return parameter(self.first("Via"), "branch")


def parse_message(datagram: bytes) -> SipMessage:
    """Read one datagram.

    Raises:
        MalformedSip: it is no SIP message.
    """
    head, _, body = datagram.lstrip(b"\r\n").partition(b"\r\n\r\n")
    lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "surrogateescape")).split("\r\n")
    message = _parse_start_line(lines[0])
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not name:
            raise MalformedSip(f"not a header: {line!r}")
        name = _COMPACT.get(name.lower(), name)
        parts = _split_list(value) if name.lower() in _LISTS else [value]
        message.headers += [(name, part.strip()) for part in parts]
    for required in ("Via", "From", "To", "Call-ID", "CSeq"):
        if not message.first(required):
            raise MalformedSip(f"{required} is missing")
    length = message.first("Content-Length")
    message.body = body[: int(length)] if length.isdecimal() else body
    return message


def format_message(message: SipMessage) -> bytes:
    """The datagram of a message; Content-Length is worked out here."""
    if message.method:
        start = b" ".join((message.method.encode(), _bytes(message.uri), b"SIP/2.0"))
    else:
        start = f"SIP/2.0 {message.code} {message.reason}".encode()
    lines = [start, *(name.encode() + b": " + _bytes(value) for name, value in message.headers)]
    lines.append(f"Content-Length: {len(message.body)}".encode())
    return b"\r\n".join(lines) + b"\r\n\r\n" + message.body


def parameter(value: str, name: str) -> str:
    """A parameter (``tag``, ``branch``) of a header, without its quotes; empty where it is missing."""
    outside = found.group("rest") if (found := _NAME_ADDRESS.match(value)) else value
    wanted = re.search(rf';\s*{re.escape(name)}\s*=\s*(?:"([^"]*)"|([^;\s,]+))', outside, re.IGNORECASE)
    return (wanted.group(1) or wanted.group(2) or "") if wanted else ""


def uri_of(value: str) -> str:
    """The URI of a From, To, Contact, Diversion, … header."""
    if (found := _NAME_ADDRESS.match(value)) is not None:
        return found.group("uri")
    return value.split(";", 1)[0].strip()


def user_of(uri: str) -> str:
    """The user of a SIP URI: what was dialled, or who calls."""
    rest = re.sub(r"^(sips?|tel):", "", uri, flags=re.IGNORECASE)
    user, at, _ = rest.partition("@")
    return (user if at else rest if uri.lower().startswith("tel:") else "").split(";", 1)[0]


def display_name_of(value: str) -> str:
    """The display name of a From, To, … header, without its quotes."""
    if (found := _NAME_ADDRESS.match(value)) is None:
        return ""
    if (quoted := found.group("quoted")) is not None:
        return re.sub(r"\\(.)", r"\1", quoted)
    return found.group("plain").strip()


def name_address(display_name: Value, uri: Value, tag: str = "") -> bytes:
    """``"Display name" <uri>;tag=…``; a display name of bytes is put there unquoted and unchecked."""
    if isinstance(display_name, str) and display_name:
        display_name = '"' + re.sub(r'(["\\])', r"\\\1", display_name) + '"'
    name = _bytes(display_name)
    return (
        name + (b" " if name else b"") + b"<" + _bytes(uri) + b">" + (f";tag={tag}".encode() if tag else b"")
    )


def sip_uri(user: Value, ip: str, port: int) -> bytes:
    """``sip:user@ip:port``, the user as it was given."""
    return b"sip:" + _bytes(user) + f"@{ip}:{port}".encode()


def check_lines(**values: Value) -> None:
    """See that no text given by a caller becomes a header of its own.

    Raises:
        ValueError: a text holds a line end. Whoever means it says so by giving bytes.
    """
    for name, value in values.items():
        if isinstance(value, str) and ("\r" in value or "\n" in value):
            raise ValueError(f"a line end in {name}")


@dataclass(frozen=True, slots=True)
class Media:
    """Where the other side wants its audio, and by which payload type it knows telephone events."""

    ip: str
    port: int
    events: int | None
    takes_ulaw: bool


def format_sdp(ip: str, port: int, *, session: int, version: int = 1) -> bytes:
    """Our offer or answer: G.711 µ-law and telephone events, in packets of 20 ms."""
    lines = (
        "v=0",
        f"o=- {session} {version} IN IP4 {ip}",
        "s=-",
        f"c=IN IP4 {ip}",
        "t=0 0",
        f"m=audio {port} RTP/AVP 0 101",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-16",
        "a=ptime:20",
        "a=sendrecv",
    )
    return ("\r\n".join(lines) + "\r\n").encode()


def parse_sdp(body: bytes) -> Media | None:
    """The first audio stream that is offered or answered, or None where there is none."""
    ip, media = "", None
    events: int | None = None
    for line in body.decode("utf-8", "replace").splitlines():
        if line.startswith("m="):
            if media is not None:
                break
            if line.startswith("m=audio "):
                media = line.split()
        elif line.startswith("c=IN IP4 "):
            ip = line.split()[2].partition("/")[0]
        elif (found := re.match(r"a=rtpmap:(\d+) telephone-event/8000", line, re.IGNORECASE)) is not None:
            events = int(found.group(1))
    if media is None or len(media) < 4 or not media[1].isdecimal() or not ip:
        return None
    return Media(ip, int(media[1]), events, "0" in media[3:])


def _parse_start_line(line: str) -> SipMessage:
    if (found := re.fullmatch(r"SIP/2\.0 (\d{3}) ?(.*)", line)) is not None:
        return SipMessage(code=int(found.group(1)), reason=found.group(2))
    if (found := re.fullmatch(r"([A-Z]+) (\S+) SIP/2\.0", line)) is not None:
        return SipMessage(method=found.group(1), uri=found.group(2))
    raise MalformedSip(f"neither a request nor a response: {line[:80]!r}")


def _split_list(value: str) -> list[str]:
    return re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", value)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def _bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
