"""Servers of calendars on the loopback: polite ones, and ones that do as told."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Server:
    """Serves one answer, as often as it is ``asked``."""

    port: int = 0
    asked: int = 0
    scheme: str = "http"
    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/private-4711/a.ics"


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A real server on a free port; with ``tls``, behind a certificate."""
    answer = Server(scheme="http" if tls is None else "https")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer.asked += 1
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # who has read enough hangs up
                self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            return

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that refuses our certificate is what some tests want."""

    with Quiet(("127.0.0.1", 0), Handler) as listening:
        if tls is not None:
            listening.socket = tls.wrap_socket(listening.socket, server_side=True)
        answer.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield answer
        finally:
            listening.shutdown()
            thread.join()


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that takes one connection and does with it as told; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):  # the client hangs up when it has had enough
                connected, _ = listening.accept()
                with connected:
                    talk(connected)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()


@dataclass(frozen=True)
class Authority:
    """A certificate authority of our own, made for one test run by ``openssl``."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "authority.pem"

    @classmethod
    def make(cls, folder: Path) -> Authority:
        made = cls(folder)
        subject = ["-subj", "/CN=Authority of a test", "-addext", "basicConstraints=critical,CA:TRUE"]
        made._openssl("req", "-x509", *subject, "-keyout", "authority.key", "-out", "authority.pem")
        return made

    def server(self, name: str, *, self_signed: bool = False) -> ssl.SSLContext:
        """What a server of that name shows: ``IP:127.0.0.1`` or ``DNS:calendar.example``."""
        names = ["-subj", "/CN=A calendar", "-addext", f"subjectAltName={name}"]
        signed = [] if self_signed else ["-CA", "authority.pem", "-CAkey", "authority.key"]
        self._openssl("req", "-x509", *names, *signed, "-keyout", "server.key", "-out", "server.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context

    def _openssl(self, *arguments: str) -> None:
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        subprocess.run(["openssl", *arguments, *curve], cwd=self.folder, check=True, capture_output=True)
