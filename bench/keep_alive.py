"""A client that keeps its connections open and costs little beside the servers it measures."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from time import perf_counter

from msgspec import Struct

Answered = Callable[[bytes], None]
"""Told the body of each answer as soon as it is there."""


class Refused(Exception):
    """The server answered with something else than it should have."""


class Request(Struct, frozen=True):
    method: str
    path: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def bytes(self) -> bytes:
        """As sent over the wire (RFC 9112)."""
        head = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        head += [f"{name}: {value}" for name, value in self.headers]
        if self.body:
            head += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*head, "", ""]).encode() + self.body


class Connection:
    """One connection; opened again where the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def send(self, request: bytes, expected: int) -> bytes:
        """Send one request and read its whole answer; gives its body."""
        head, body = self._exchange(request)
        if int(head[9:12]) != expected:
            raise Refused((head + b"\n\n" + body).decode("utf-8", "replace")[:1500])
        return body

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes) -> tuple[bytes, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = _content_length(head)
        while len(body) < length:
            body += self._more()
        if b"connection: close" in head.lower():
            self.close()
        return head, body

    def _more(self) -> bytes:
        assert self._socket is not None
        some = self._socket.recv(65536)
        if not some:
            raise Refused("the server closed the connection before it had answered")
        return some


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    place = lowered.find(b"content-length:")
    if place < 0:
        raise Refused("the answer does not say how long it is")
    return int(lowered[place + 15 :].partition(b"\r\n")[0])


def seconds(
    port: int,
    requests: Sequence[bytes],
    clients: int,
    expected: int = 201,
    answered: Answered = lambda body: None,
) -> float:
    """How long `clients` connections take for all requests together, each sending its part."""
    failures: list[Exception] = []
    ready = threading.Barrier(clients + 1)

    def run(part: Sequence[bytes]) -> None:
        connection = Connection(port)
        ready.wait()
        try:
            for request in part:
                answered(connection.send(request, expected))
        except (OSError, Refused) as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(requests[number::clients],)) for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    begun = perf_counter()
    for thread in threads:
        thread.join()
    taken = perf_counter() - begun
    if failures:
        raise failures[0]
    return taken
