"""Clients that ask for one page again and again over connections that stay open."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.server import Server
from bench.timing import HEADER, told

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """What a client asks: `body` gives the form that is posted the n-th time, None for a GET.

    With `others` each client has an address of its own, as each expert has a sheet; with `in_turn` each request.
    """

    address: str
    cookies: str = ""
    body: Callable[[int], bytes] | None = None
    others: tuple[str, ...] = ()
    in_turn: bool = False
    script: bool = True  # whether a script of the page sends the form, or the browser itself

    @property
    def headers(self) -> dict[str, str]:
        return {"HX-Request": "true"} if self.script else {}

    def address_of(self, client: int, sent: int) -> str:
        if not self.others:
            return self.address
        return self.others[(client + sent * 8 if self.in_turn else client) % len(self.others)]


@dataclass(frozen=True)
class Measured:
    """Milliseconds, and CPU of the server per request."""

    p50: float
    p95: float
    cpu: float
    failed: int
    size: int
    status: int
    each_second: float = 0.0
    cpu95: float = 0.0  # of single requests, as the server tells


def measure(
    server: Server, request: Request, *, clients: int, seconds: float, most: int = 4000
) -> Measured:
    """Ask with `clients` at once for about `seconds`, after a short warming up."""
    _run(server, request, clients=clients, seconds=min(0.5, seconds / 4), most=200)
    before = server.cpu()
    began = time.perf_counter()
    found, failed, size, status = _run(server, request, clients=clients, seconds=seconds, most=most)
    took = time.perf_counter() - began
    cpu = (server.cpu() - before) * 1000 / max(1, len(found))
    times, own = sorted(one[0] for one in found), sorted(one[1] for one in found)
    if not times:
        return Measured(0, 0, 0, failed, size, status)
    last = min(len(times) - 1, int(len(times) * 0.95))
    return Measured(
        statistics.median(times),
        times[last],
        cpu,
        failed,
        size,
        status,
        len(times) / took,
        own[last],
    )


def _run(
    server: Server, request: Request, *, clients: int, seconds: float, most: int
) -> tuple[list[tuple[float, float]], int, int, int]:
    times: list[tuple[float, float]] = []  # until the answer was there, and of the server's CPU
    failures: list[int] = []
    last = [0, 0]
    lock = threading.Lock()
    end = time.perf_counter() + seconds

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        mine: list[tuple[float, float]] = []
        wrong = sent = 0
        while time.perf_counter() < end and sent < most // clients:
            headers = {"Cookie": request.cookies, "Accept-Language": "kk", "Host": "127.0.0.1"}
            body = None
            if request.body is not None:
                body = request.body(number * 1_000_000 + sent)
                headers |= {"Content-Type": FORM, **request.headers}
            address = request.address_of(number, sent)
            sent += 1
            began = time.perf_counter()
            try:
                connection.request("POST" if body is not None else "GET", address, body, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                wrong += 1
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
                continue
            took = (time.perf_counter() - began) * 1000
            last[0], last[1] = len(content), answer.status
            if answer.status >= 400:
                wrong += 1
            else:
                mine.append((took, told(answer.headers[HEADER])))
        with lock:
            times.extend(mine)
            failures.append(wrong)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, sum(failures), last[0], last[1]
