"""A process of the web server that knows how long a request has waited for its turn, and whose turn cannot wait."""

from __future__ import annotations

import re
import select
import socket
import struct
import time
from collections import deque
from concurrent.futures import Future
from datetime import timedelta
from threading import Lock
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from ortaq.core import clock

# Whoever sends the head of a request no faster is not there yet: an open connection holds no place before a deadline.
PROMPT = 1.0  # seconds
# Where Linux keeps, in what it tells of a connection, the milliseconds since its last byte came (`tcpi_last_data_recv`).
LAST_BYTE, TOLD = 52, 56
# How a request begins by which somebody hands something in: these addresses end alike in all rooms.
HANDED_IN = re.compile(rb"POST [^ ?]*/submit/[ ?]")
BEGINNING = 300  # bytes, in which the address of any page stands


class Waiting:
    """Lines whose request waits for a thread. Whoever presses the button that hands something in goes before those who read and
    write; else who came first. What a line sent is looked at when a thread is free: its head may come later than the line.
    """

    def __init__(self) -> None:
        self.lines, self.lock = deque[Any](), Lock()

    def put(self, line: Any) -> None:
        with self.lock:
            self.lines.append(line)

    def take(self) -> Any:
        """The line whose turn it is; `IndexError` where none waits."""
        with self.lock:
            if len(self.lines) > 1 and (first := next(filter(hands_in, self.lines), None)):
                self.lines.remove(first)
                return first
            return self.lines.popleft()


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's threads. In the hour of a deadline a request waits for one: it counts as there since it came."""

    def init_process(self) -> None:
        self.waiting = Waiting()
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        conn.came = time.monotonic() - since_last_byte(conn.sock)
        self.waiting.put(conn)
        self.tpool.submit(self.take_turn)

    def take_turn(self) -> None:
        """What a free thread does: the request whose turn it is, which need not be the one that it was asked for."""
        conn, done = self.waiting.take(), Future[Any]()
        try:
            done.set_result(self.handle(conn))
        except BaseException as error:  # noqa: BLE001 - the main loop raises it
            done.set_exception(error)
        self.method_queue.defer(self.finish_request, conn, done)

    def handle(self, conn: Any) -> Any:
        conn.begun = time.monotonic()
        if not select.select([conn.sock], [], [], 0)[0]:
            conn.came = None  # a connection on which nothing has been sent yet
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        now = time.monotonic()
        prompt = conn.came is not None and now - conn.begun < PROMPT
        with clock.arriving(timedelta(seconds=now - conn.came if prompt else 0)):
            return super().handle_request(req, conn)


def hands_in(line: Any) -> bool:
    """Whether the request on this line, as far as it has come, hands something in; nothing of it is taken away."""
    try:
        return bool(
            HANDED_IN.match(line.sock.recv(BEGINNING, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        )
    except (OSError, ValueError):  # nothing came yet, or the line is gone
        return False


def since_last_byte(line: socket.socket) -> float:
    """Seconds for which what was sent last has been waiting in the system, before this process took the connection from its
    queue; 0.0 where the system does not tell.
    """
    try:
        told = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TOLD)
    except (AttributeError, OSError):
        return 0.0
    return struct.unpack_from("I", told, LAST_BYTE)[0] / 1000 if len(told) == TOLD else 0.0
