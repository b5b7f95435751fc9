"""What is behind an address: taken from whom it claims to be, in bounded time, and never from inside."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbxctl.calendars import web
from pbxctl.calendars.bounds import MAX_BYTES, CalendarUnreadable
from pbxctl.calendars.read import read_calendars
from pbxctl.calendars.web import fetch
from pbxctl.config import load_config
from tests.calendars.servers import Authority, Server, serving, talking
from tests.calendars.written import DAYS, FIRST, calendar

CONTENT = calendar("DTSTART;VALUE=DATE:20261203\nSUMMARY:Stocktaking")
GOOD = (Path(__file__).parents[1] / "config" / "good.yaml").read_text()


def refused(address: str) -> str:
    with pytest.raises(CalendarUnreadable) as caught:
        fetch(address)
    assert "4711" not in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All of it must be done in a moment, and is."""
    monkeypatch.setattr(web, "TIME_S", 0.5)
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 5


# TLS


def test_an_authority_of_the_companys_own_is_named_by_a_file(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(authority.server("IP:127.0.0.1")) as server:
        server.content = CONTENT
        assert refused(server.address) == (
            "its certificate cannot be trusted: unable to get local issuer certificate"
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        assert fetch(server.address) == CONTENT


@pytest.mark.parametrize(
    ("name", "self_signed", "why"),
    [
        pytest.param("IP:127.0.0.1", True, "self-signed certificate", id="self-signed"),
        pytest.param(
            "IP:127.0.0.2",
            False,
            "IP address mismatch, certificate is not valid for '127.0.0.1'",
            id="of another address",
        ),
        pytest.param(
            "DNS:calendar.example",
            False,
            "IP address mismatch, certificate is not valid for '127.0.0.1'",
            id="of another host",
        ),
    ],
)
def test_who_is_not_who_was_asked_is_refused_and_the_last_good_copy_counts(
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    self_signed: bool,
    why: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with serving(authority.server("IP:127.0.0.1")) as server:
        server.content = CONTENT
        text = GOOD.replace(
            "hours: {mon", f'calendars: [{{ics: "{server.address}", mode: voicemail}}]\n    hours: {{mon'
        )
        loaded = load_config(text.encode(), "pbxctl.yaml")
        fresh = read_calendars(loaded, tmp_path, tmp_path / "kept", FIRST, DAYS)
        assert [each.unread for each in fresh.calendars["office"]] == [""]
        port = server.port
    with serving(authority.server(name, self_signed=self_signed)) as other:
        other.content = calendar("DTSTART;VALUE=DATE:20261204\nSUMMARY:Forged")
        assert refused(other.address) == f"its certificate cannot be trusted: {why}"
        moved = load_config(text.replace(str(port), str(other.port)).encode(), "pbxctl.yaml")
        (copy,) = (tmp_path / "kept").iterdir()
        # The copy is called by the address, which has another port here.
        monkeypatch.setattr("pbxctl.calendars.read._Copy._path", lambda _: copy)
        read = read_calendars(moved, tmp_path, tmp_path / "kept", FIRST, DAYS)
    (told,) = read.calendars["office"]
    assert told.unread == f"its certificate cannot be trusted: {why}"
    assert told.copied is not None
    assert [each.title for each in told.occurrences] == ["Stocktaking"]


def test_what_speaks_no_tls_is_told(server: Server) -> None:
    assert refused(server.address.replace("http:", "https:")).startswith("its server speaks no TLS: ")


# Where it leads


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("https://127.0.0.1:{port}/private-4711", "its name leads into this machine or its network"),
        ("https://localhost/", "its name leads into this machine or its network"),
        ("https://[::1]/", "its name leads into this machine or its network"),
        ("https://10.0.0.5/", "its name leads into this machine or its network"),
        ("https://169.254.169.254/latest/", "its name leads into this machine or its network"),
        ("https://[::ffff:127.0.0.1]/", "its name leads into this machine or its network"),
        ("/elsewhere", "it sends us to an address that is not https"),
        ("http://calendar.example/", "it sends us to an address that is not https"),
        ("file:///etc/passwd", "it sends us to an address that is not https"),
        ("", "it sends us to an address that is not https"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_nowhere_inside(server: Server, status: int, location: str, why: str) -> None:
    server.status = status
    server.headers = {"Location": location.format(port=server.port)}
    assert refused(server.address).startswith(why)


def test_a_name_that_leads_into_this_machine_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where only one of its addresses does."""
    looked_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _, port, **kind: looked_up("192.0.32.8", port, **kind) + looked_up("127.0.0.1", port, **kind),
    )
    assert refused(f"https://calendar.example:{server.port}/a.ics").startswith(
        "its name leads into this machine"
    )


def test_whoever_sends_us_round_in_circles_is_left(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(web, "_is_public", lambda _: True)
    with serving(authority.server("IP:127.0.0.1")) as server:
        server.status, server.headers = 302, {"Location": "/private-4711/b.ics"}
        assert refused(server.address) == "it sends us on more than 3 times"
        assert server.asked == 1 + 3


def test_each_address_of_a_name_is_tried(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _, port, **kind: looked_up("127.0.0.2", 9, **kind) + looked_up("127.0.0.1", port, **kind),
    )
    server.content = CONTENT
    assert fetch(server.address.replace("127.0.0.1", "localhost")) == CONTENT


# Time and size


def test_a_resolver_that_hangs_is_left(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one thing here that is not real: no resolver hangs on demand."""
    ended = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        ended.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        assert refused("https://calendar.example/private-4711") == "its name was not found in time"
    finally:
        ended.set()


def test_a_name_that_does_not_exist_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused("https://calendar.example/") == "it cannot be reached: Name or service not known"


def test_a_port_on_which_nobody_listens_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/private-4711") == "it cannot be reached: Connection refused"


def silent(connected: socket.socket) -> None:
    """Take all, and say nothing."""
    while connected.recv(4096):
        pass


def dribble(connected: socket.socket, first: bytes) -> None:
    """Say something, and then a letter now and then for ever."""
    connected.sendall(first)
    connected.settimeout(0.05)
    while True:
        try:
            if not connected.recv(4096):
                return
        except TimeoutError:
            connected.sendall(b"x")


SLOW = {
    "says nothing": silent,
    "a letter of the status now and then": lambda line: dribble(line, b"HTTP/1.1 200 O"),
    "a letter of a header now and then": lambda line: dribble(line, b"HTTP/1.1 200 OK\r\nX-Header: "),
    "a letter of the content now and then": lambda line: dribble(line, b"HTTP/1.1 200 OK\r\n\r\nBEGIN:"),
}


@pytest.mark.parametrize("talk", SLOW.values(), ids=SLOW)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_takes_its_time_is_left(short: None, scheme: str, talk: object) -> None:
    """With https it is the beginning of TLS that does not come, or comes wrong."""
    assert callable(talk)
    with talking(talk) as port:
        told = refused(f"{scheme}://127.0.0.1:{port}/private-4711")
    assert told == "it took longer than 0.5 s" or (scheme == "https" and "speaks no TLS" in told)


def test_too_much_is_refused_and_so_is_what_breaks_off(server: Server) -> None:
    server.content = b"x" * MAX_BYTES
    assert len(fetch(server.address)) == MAX_BYTES
    server.content += b"x"
    assert refused(server.address) == "it is larger than 2 MiB"
    server.content, server.headers = CONTENT[:-20], {"Content-Length": str(len(CONTENT))}
    assert refused(server.address) == "it broke off in the middle"
    server.headers = {"Content-Length": str(10**12)}
    server.content = b"x" * (MAX_BYTES + 1)
    assert refused(server.address) == "it is larger than 2 MiB"


def pour(connected: socket.socket) -> None:
    """Send without an end, as fast as it goes."""
    connected.recv(4096)
    connected.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connected.sendall(b"x" * 65536)


def test_content_without_an_end_is_left_when_it_is_too_much() -> None:
    with talking(pour) as port:
        assert refused(f"http://127.0.0.1:{port}/private-4711") == "it is larger than 2 MiB"


@pytest.mark.parametrize("status", [204, 304, 401, 404, 500])
def test_a_server_that_has_none_is_told_by_its_number(server: Server, status: int) -> None:
    server.status = status
    assert refused(server.address) == f"the server says {status}"


def test_what_is_no_address_or_no_http_is_told_without_repeating_it() -> None:
    assert refused("http://127.0.0.1:99999/private-4711") == "its address is none (ValueError)"
    with talking(lambda line: line.sendall(b"private-4711 says hello\r\n\r\n")) as port:
        assert refused(f"http://127.0.0.1:{port}/private-4711") == "its server speaks no HTTP (BadStatusLine)"
    with talking(silent) as port:
        assert refused(f"http://127.0.0.1:{port}/private 4711") == "its server speaks no HTTP (InvalidURL)"
