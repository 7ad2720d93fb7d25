"""Many telephones at one instant, each on a connection of its own, asked by one thread that does next to nothing else.

The clients share the machine's cores with the server: what they take themselves is told, so that nobody counts it as the server's.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.client import FORM

LONGEST = 120.0  # seconds until an answer that is not there is given up


@dataclass
class Telephone:
    """One connection: what it sends, and what has come back so far."""

    asks: bytes
    began: float = 0.0
    took: float = 0.0  # seconds until the whole answer was there
    answer: bytearray = field(default_factory=bytearray)

    @property
    def status(self) -> int:
        """Of the answer; 0 when there was none."""
        return int(self.answer[9:12] or 0)


def request(method: str, address: str, body: bytes = b"") -> bytes:
    """The bytes of one request whose connection ends with its answer."""
    head = (
        f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: kk\r\n"
        f"Connection: close\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def all_at_once(port: int, requests: Sequence[bytes]) -> tuple[list[Telephone], float]:
    """What each was answered, and the seconds of CPU that all the telephones took together."""
    cpu = time.process_time()
    telephones = [Telephone(asks) for asks in requests]
    with selectors.DefaultSelector() as waiting:
        for one in telephones:
            one.began = time.perf_counter()
            link = socket.create_connection(("127.0.0.1", port))
            link.sendall(one.asks)
            link.setblocking(False)
            waiting.register(link, selectors.EVENT_READ, one)
        while waiting.get_map():
            ready = waiting.select(LONGEST)
            if not ready:
                raise SystemExit(f"{len(waiting.get_map())} were not answered within {LONGEST} s.")
            for key, _events in ready:
                _take(waiting, key)
    return telephones, time.process_time() - cpu


def _take(waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    link, one = key.fileobj, key.data
    assert isinstance(link, socket.socket)
    chunk = link.recv(65536)
    one.answer += chunk
    if not chunk:
        one.took = time.perf_counter() - one.began
        waiting.unregister(link)
        link.close()
