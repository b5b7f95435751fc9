"""The bytes of a calendar: a file, or an address on the web; bounded in size and time."""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
import stat
import threading
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from pbxctl.errors import PbxctlError

MAX_BYTES = 2 * 1024 * 1024
TIME_S = 20.0
MAX_REDIRECTS = 3
PIECE = 64 * 1024


class CalendarUnreadable(PbxctlError):
    """A calendar cannot be had; the text says why."""


def is_address(ics: str) -> bool:
    """Whether it lies on the web, and not in a file."""
    return ics.lower().startswith(("https://", "http://"))


def shown(ics: str) -> str:
    """How to name it towards a person: the path of an address can be as secret as a password."""
    return f"{urlsplit(ics).scheme}://{urlsplit(ics).hostname}/…" if is_address(ics) else ics


def read_source(ics: str, folder: Path) -> bytes:
    """Read a calendar; a file's path is relative to ``folder``, that of the configuration.

    Raises:
        CalendarUnreadable: it cannot be had, is too large, or took too long.
    """
    return _fetched(ics) if is_address(ics) else _file(folder / ics)


def _file(path: Path) -> bytes:
    try:
        # Not blocked by a pipe that nobody writes to.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise CalendarUnreadable("it is no file")
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise CalendarUnreadable(f"it cannot be read: {error.strerror}") from error
    return _bounded(content)


def _fetched(ics: str) -> bytes:
    deadline = time.monotonic() + TIME_S
    address, named = ics, True
    for _ in range(MAX_REDIRECTS + 1):
        try:
            answer = _get(address, deadline, named=named)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise CalendarUnreadable(f"it cannot be reached: {error}") from error
        if isinstance(answer, bytes):
            return _bounded(answer)
        # Whoever is sent elsewhere has named nothing.
        address, named = urljoin(address, answer), False
        if not address.lower().startswith("https://"):
            raise CalendarUnreadable("it sends us to an address that is not https")
    raise CalendarUnreadable(f"it sends us on more than {MAX_REDIRECTS} times")


def _get(address: str, deadline: float, *, named: bool) -> bytes | str:
    """The content, or the address that we are sent to."""
    parts = urlsplit(address)
    host, secure = parts.hostname or "", parts.scheme.lower() == "https"
    connection = http.client.HTTPConnection(host, parts.port or (443 if secure else 80))
    connection.sock = _connected(host, connection.port, deadline, named=named)
    watch: threading.Timer | None = None
    try:
        if secure:
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        # Whoever sends a byte now and then keeps every single timeout, but not this one.
        watch = threading.Timer(_left(deadline), connection.sock.shutdown, [socket.SHUT_RDWR])
        watch.daemon = True
        watch.start()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"Accept": "text/calendar", "User-Agent": "pbxctl"})
        connection.sock.settimeout(_left(deadline))
        answer = connection.getresponse()
        if answer.status in (301, 302, 303, 307, 308):
            return answer.headers.get("Location", "")
        if answer.status != 200:
            raise CalendarUnreadable(f"the server says {answer.status}")
        content = b""
        while len(content) <= MAX_BYTES and (piece := answer.read1(PIECE)):
            content += piece
            if connection.sock is not None:
                connection.sock.settimeout(_left(deadline))
            _left(deadline)
        return content
    finally:
        if watch is not None:
            watch.cancel()
        connection.close()


def _connected(host: str, port: int, deadline: float, *, named: bool) -> socket.socket:
    """A connection to an address that was looked at: neither this machine nor its network, unless named.

    The name is looked up once, so that it cannot mean another address the second time.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, kind, protocol, _, address = found[0]
    literal = named and _is_own(host)
    if not literal and any(not _is_public(str(each[4][0])) for each in found):
        raise CalendarUnreadable("its name leads into this machine or its network; name the address itself")
    connected = socket.socket(family, kind, protocol)
    try:
        connected.settimeout(_left(deadline))
        connected.connect(address)
    except OSError:
        connected.close()
        raise
    return connected


def _is_own(host: str) -> bool:
    """Whether the configuration names the address itself, and not a name that may lead anywhere."""
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise CalendarUnreadable(f"it took longer than {TIME_S:.0f} s")
    return left


def _bounded(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise CalendarUnreadable(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB")
    return content
