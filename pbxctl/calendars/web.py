"""A calendar behind an address: bounded in size and time, and never led into this machine by others."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from pbxctl.calendars.bounds import MAX_BYTES, CalendarUnreadable, bounded

TIME_S = 20.0
"""For all of it: looking up the name, connecting, TLS, each redirect, and the content."""

MAX_REDIRECTS: Final = 3
PIECE: Final = 64 * 1024


def fetch(ics: str) -> bytes:
    """The bytes behind an address that the configuration names.

    Certificates are checked as the system does; ``SSL_CERT_FILE`` names a company's own authority.

    Raises:
        CalendarUnreadable: it cannot be had, is too large, or took too long. The text never repeats the
            address, which can be as secret as a password, nor what the server has sent.
    """
    deadline = _Deadline(TIME_S)
    address, named = ics, True
    for _ in range(MAX_REDIRECTS + 1):
        try:
            answer = _get(address, deadline, named=named)
        except OSError as error:
            deadline.check()
            raise CalendarUnreadable(_why(error)) from error
        except (http.client.HTTPException, ValueError) as error:
            deadline.check()
            told = "its address is none" if isinstance(error, ValueError) else "its server speaks no HTTP"
            raise CalendarUnreadable(f"{told} ({type(error).__name__})") from None
        if isinstance(answer, bytes):
            return bounded(answer)
        # Whoever is sent elsewhere has named nothing.
        address, named = urljoin(address, answer), False
        if not address.lower().startswith("https://"):
            raise CalendarUnreadable("it sends us to an address that is not https")
    raise CalendarUnreadable(f"it sends us on more than {MAX_REDIRECTS} times")


def _why(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted: {error.verify_message.rstrip('.')}"
    if isinstance(error, ssl.SSLError):
        return f"its server speaks no TLS: {error.reason or type(error).__name__}"
    return f"it cannot be reached: {error.strerror or error or type(error).__name__}"


class _Deadline:
    """The moment at which all of it must be done."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left.

        Raises:
            CalendarUnreadable: there are none.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise CalendarUnreadable(f"it took longer than {self._seconds:g} s")
        return left

    def check(self) -> None:
        """Raise what :meth:`left` does: what broke off by our own doing is told as such."""
        self.left()

    @contextlib.contextmanager
    def cutting(self, connected: socket.socket) -> Iterator[None]:
        """Cut a connection then: a byte now and then keeps every single timeout, but not this."""
        # A descriptor of its own: the other one changes hands when TLS begins.
        line = connected.dup()
        timer = threading.Timer(self.left(), _cut, [line])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            line.close()


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is gone already
        line.shutdown(socket.SHUT_RDWR)


def _get(address: str, deadline: _Deadline, *, named: bool) -> bytes | str:
    """The content, or the address that we are sent to."""
    parts = urlsplit(address)
    host, secure = parts.hostname or "", parts.scheme.lower() == "https"
    connection = http.client.HTTPConnection(host, parts.port or (443 if secure else 80))
    connection.sock = _connected(host, connection.port, deadline, named=named)
    try:
        with deadline.cutting(connection.sock):
            if secure:
                context = ssl.create_default_context()
                connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={"Accept": "text/calendar", "User-Agent": "pbxctl"})
            with connection.getresponse() as answer:
                return _answer(answer, deadline)
    finally:
        connection.close()


def _answer(answer: http.client.HTTPResponse, deadline: _Deadline) -> bytes | str:
    if answer.status in (301, 302, 303, 307, 308):
        return answer.headers.get("Location", "")
    if answer.status != 200:
        raise CalendarUnreadable(f"the server says {answer.status}")
    content = b""
    while len(content) <= MAX_BYTES and (piece := answer.read1(PIECE)):
        content += piece
        deadline.check()
    # A connection that was cut looks like the end.
    deadline.check()
    if answer.length and len(content) <= MAX_BYTES:
        raise CalendarUnreadable("it broke off in the middle")
    return content


def _connected(host: str, port: int, deadline: _Deadline, *, named: bool) -> socket.socket:
    """A connection to an address that was looked at: neither this machine nor its network, unless named.

    The name is looked up once, so that it cannot mean another address the second time.
    """
    found = _looked_up(host, port, deadline)
    if not (named and _is_own(host)) and any(not _is_public(each) for _, each in found):
        raise CalendarUnreadable("its name leads into this machine or its network; name the address itself")
    failed: OSError | None = None
    for family, address in found:
        connected = socket.socket(family, socket.SOCK_STREAM)
        try:
            connected.settimeout(deadline.left())
            connected.connect(address)
        except OSError as error:
            connected.close()
            failed = error
        except BaseException:
            connected.close()
            raise
        else:
            return connected
    raise failed or OSError("its name has no address")


_Address = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]


def _looked_up(host: str, port: int, deadline: _Deadline) -> list[_Address]:
    """The addresses of a name; a resolver that does not answer is left to itself."""
    answers: queue.SimpleQueue[list[_Address] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except Exception as error:
            answers.put(error)
        else:
            answers.put([(family, address) for family, _, _, _, address in found])

    threading.Thread(target=ask, name="calendar name", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise CalendarUnreadable("its name was not found in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _is_own(host: str) -> bool:
    """Whether the configuration names the address itself, and not a name that may lead anywhere."""
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]) -> bool:
    return ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global
