"""A process of the web server that knows how long a request has waited for its turn."""

from __future__ import annotations

import select
import socket
import struct
import time
from datetime import timedelta
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from ortaq.core import clock

# Whoever sends the head of a request no faster is not there yet: an open connection holds no place before a deadline.
PROMPT = 1.0  # seconds
# Where Linux keeps, in what it tells of a connection, the milliseconds since its last byte came (`tcpi_last_data_recv`).
LAST_BYTE, TOLD = 52, 56


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's threads. In the hour of a deadline a request waits for one: it counts as there since it came."""

    def enqueue_req(self, conn: Any) -> None:
        conn.came = time.monotonic() - since_last_byte(conn.sock)
        super().enqueue_req(conn)

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


def since_last_byte(line: socket.socket) -> float:
    """Seconds for which what was sent last has been waiting in the system, before this process took the connection from its
    queue; 0.0 where the system does not tell.
    """
    try:
        told = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TOLD)
    except (AttributeError, OSError):
        return 0.0
    return struct.unpack_from("I", told, LAST_BYTE)[0] / 1000 if len(told) == TOLD else 0.0
