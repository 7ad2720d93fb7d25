"""One installation for one phase: its folder, its database, its processes, and what happens to them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import IO

READY = "/health/"
LONGEST = 90.0  # seconds until a house that does not come back is given up


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class House:
    """`ortaq serve` with its processes and one `ortaq work`, brought back whenever they fall, as systemd would."""

    var: Path
    url: str
    random: Random
    port: int = field(default_factory=free_port)
    web: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None
    fallen: int = 0
    recovered: list[float] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ortaq.testing.chaos.settings",
            "ORTAQ_VAR": str(self.var),
            "ORTAQ_DATABASE_URL": self.url,
            "ORTAQ_SECRET_KEY": "chaos only, known to everybody " + "x" * 30,
            "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
        }

    # --- Processes ---------------------------------------------------------------------------------

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *command],
            env=self.environment,
            check=check,
            capture_output=True,
            text=True,
        )

    def start(self) -> None:
        self.watch()
        self.wait()

    def watch(self) -> None:
        """Start whatever does not run."""
        log = (self.var / "log").open("ab")
        if self.web is None or self.web.poll() is not None:
            command = ["ortaq", "serve", "--port", str(self.port), "--workers", "2"]
            self.web = self._begin(command, log)
        if self.worker is None or self.worker.poll() is not None:
            self.worker = self._begin(["ortaq", "work"], log)
        log.close()

    def _begin(self, command: Sequence[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def children(self) -> list[int]:
        """The web processes that answer."""
        if self.web is None or self.web.poll() is not None:
            return []
        try:
            path = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children")
            return [int(one) for one in path.read_text().split()]
        except OSError:
            return []

    def answers(self) -> bool:
        try:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
            link.request("GET", READY)
            fine = link.getresponse().status == 200
            link.close()
        except (OSError, http.client.HTTPException):
            return False
        return fine

    def wait(self) -> float:
        """Until it answers again; how many seconds that took."""
        began = time.perf_counter()
        while not self.answers():
            if time.perf_counter() - began > LONGEST:
                raise SystemExit(f"The house does not come back:\n{self.last_words()}")
            self.watch()
            time.sleep(0.1)
        self.watch()
        return time.perf_counter() - began

    def last_words(self) -> str:
        return (self.var / "log").read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        for process in (self.web, self.worker):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.web = self.worker = None

    # --- What happens to them ------------------------------------------------------------------------

    def kill(self) -> str:
        """Kill one or all of them without a word; who fell."""
        self.fallen += 1
        chosen = self.random.random()
        children = self.children()
        if chosen < 0.55 and children:
            self._strike(self.random.choice(children))
            return "a web process"
        if chosen < 0.8 and self.web is not None and self.web.poll() is None:
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait()
            return "the whole web server"
        if self.worker is not None and self.worker.poll() is None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
        return "the worker"

    @staticmethod
    def _strike(pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def will_fall(self, point: str) -> None:
        """The next process that comes to this point kills itself there."""
        (self.var / "chaos" / f"fall-{point}").touch()

    def has_fallen(self, point: str) -> bool:
        return not (self.var / "chaos" / f"fall-{point}").exists()

    def spare(self, point: str) -> None:
        (self.var / "chaos" / f"fall-{point}").unlink(missing_ok=True)

    def set_clock(self, seconds: float) -> None:
        """So many seconds the clock runs ahead of the system's from now on."""
        path = self.var / "chaos" / "clock"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".new").write_text(str(seconds))
        path.with_suffix(".new").replace(path)
