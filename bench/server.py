"""The production server in processes of its own, and the CPU and memory that they took."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.ports import free

TICK = os.sysconf("SC_CLK_TCK")
PAGE = 1024


class Server:
    """`ortaq serve` as in production: two processes of eight threads."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = free()
        command = [sys.executable, "-m", "ortaq", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
        )
        for _ in range(200):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                connection.request("GET", "/bare/")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("The server did not answer within 20 seconds.")

    def workers(self) -> list[int]:
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in found.split()]

    def cpu(self) -> float:
        """Seconds of CPU that the workers have used so far."""
        ticks = 0
        for pid in self.workers():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK

    def peak_mb(self) -> float:
        """The highest resident memory of any worker so far, in MB."""
        peaks = [
            int(line.split()[1]) / PAGE
            for pid in self.workers()
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmHWM")
        ]
        return max(peaks, default=0.0)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[Server]:
    """A running server; stopped afterwards."""
    server = Server(environment)
    try:
        yield server
    finally:
        server.stop()
