"""Hosts of one machine: each a network namespace with an address of its own, joined by a bridge."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

NETWORK = "10.77.0"
DRIVER = f"{NETWORK}.1"
ADDRESSES = {
    "proxy": 10,
    "web1": 11,
    "web2": 12,
    "work1": 13,
    "work2": 14,
    "primary": 21,
    "replica": 22,
    "store": 31,
}


def missing() -> str:
    """What this machine lacks for hosts of their own; empty where nothing is."""
    if os.getuid() != 0:
        return "the rights of root, which network namespaces need"
    if shutil.which("ip") is None:
        return "the program `ip` (Debian: apt-get install iproute2)"
    tried = subprocess.run(["unshare", "--net", "--uts", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "network namespaces: the kernel or a container forbids"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass
class Host:
    """One of them; processes that are started on it know no network but its own."""

    name: str
    prefix: str
    log: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{NETWORK}.{ADDRESSES[self.name]}"

    @property
    def space(self) -> str:
        return f"{self.prefix}-{self.name}"

    def command(self, words: Sequence[str], user: str = "") -> list[str]:
        inside = ["runuser", "-u", user, "--", *words] if user else list(words)
        named = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', self.name, *inside]
        return ["ip", "netns", "exec", self.space, *named]

    def run(
        self, *words: str, user: str = "", env: dict[str, str] | None = None, cwd: str = "/"
    ) -> str:
        """What a program says that comes to its end; raises with what it complained of."""
        done = subprocess.run(
            self.command(words, user),
            env={**os.environ, **(env or {})},
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} on {self.name}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(
        self, *words: str, user: str = "", env: dict[str, str] | None = None, cwd: str = "/"
    ) -> None:
        with (self.log / f"{self.name}.log").open("ab") as log:
            self.running.append(
                subprocess.Popen(
                    self.command(words, user),
                    env={**os.environ, **(env or {})},
                    cwd=cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def processes(self) -> list[int]:
        found = subprocess.run(
            ["ip", "netns", "pids", self.space], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in found.stdout.split()]

    def stop(self, how: signal.Signals = signal.SIGTERM, patience: float = 40) -> float:
        """End all that runs on it; by SIGKILL at once, otherwise as a service is ended. Seconds that it took."""
        began = time.perf_counter()
        if how == signal.SIGKILL:
            for pid in self.processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, how)
        else:
            for one in self.running:
                one.send_signal(how)
        while self.processes() and time.perf_counter() - began < patience:
            for one in self.running:
                one.poll()
            time.sleep(0.05)
        if self.processes() and how != signal.SIGKILL:
            self.stop(signal.SIGKILL)
        for one in self.running:
            one.wait()
        self.running.clear()
        return time.perf_counter() - began

    def cable(self, plugged: bool) -> None:
        """Pull the cable out or put it in: what was under way gets no answer, not even a refusal."""
        ip("link", "set", self.port, "up" if plugged else "down")

    @property
    def port(self) -> str:
        return f"{self.prefix}{ADDRESSES[self.name]}"


@contextmanager
def hosts(log: Path) -> Iterator[dict[str, Host]]:
    """All hosts, joined by a bridge on which the driver of the trial has an address, too."""
    prefix = f"oq{os.getpid() % 10_000}"
    bridge = f"{prefix}br"
    found = {name: Host(name, prefix, log) for name in ADDRESSES}
    try:
        ip("link", "add", bridge, "type", "bridge")
        ip("addr", "add", f"{DRIVER}/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        for host in found.values():
            ip("netns", "add", host.space)
            ip(
                "link",
                "add",
                host.port,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                host.space,
            )
            ip("link", "set", host.port, "master", bridge, "up")
            ip("-n", host.space, "addr", "add", f"{host.address}/24", "dev", "eth0")
            ip("-n", host.space, "link", "set", "eth0", "up")
            ip("-n", host.space, "link", "set", "lo", "up")
        yield found
    finally:
        for host in reversed(found.values()):
            with suppress(Exception):
                host.stop(signal.SIGKILL)
            with suppress(subprocess.CalledProcessError):
                ip("netns", "del", host.space)
            with suppress(subprocess.CalledProcessError):
                ip("link", "del", host.port)
        with suppress(subprocess.CalledProcessError):
            ip("link", "del", bridge)
