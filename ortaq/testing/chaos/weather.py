"""What happens beside kills: a full disk, a database that is gone, a clock that jumps, a power cut between file and row.

Each has an installation of its own with people who hand in meanwhile; afterwards everything acknowledged must be there once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ortaq.testing.chaos import databases
from ortaq.testing.chaos.clients import Crowd
from ortaq.testing.chaos.house import House
from ortaq.testing.chaos.tallying import Proof, Tally

NGOS = 12
CLEAR = 503  # the answer that says what is the matter and that the same may be sent once more


@contextmanager
def busy(
    url: str, name: str, var: Path, seed: int
) -> Iterator[tuple[House, Crowd, Tally, dict[str, Any]]]:
    """People who hand in; when the block ends they finish, and everything they were told is looked for."""
    tally = Tally()
    with databases.database(url, f"chaos_{name}", var) as (house, world):
        made = world("submitting", NGOS)
        crowd = Crowd(house.port, made["tasks"], seed)
        proof = Proof(house)
        try:
            house.set_clock(made["at"] - time.time())
            house.start()
            proof.look(crowd, Tally(), set(), quick=False)
            known = proof.known
            crowd.start()
            time.sleep(2)
            yield house, crowd, tally, made
            tally.recovered.append(house.wait())
            limit = time.time() + 240
            while not crowd.done and time.time() < limit:
                house.watch()
                time.sleep(0.2)
            house.run("ortaq", "gazette", check=False)
            proof.look(crowd, tally, known, quick=False)
            tally.take(crowd)
            tally.faults |= {
                f"{n} answers {code}" for code, n in crowd.ledger.broken.items() if code != CLEAR
            }
        finally:
            crowd.stop()
            proof.end()


def full_disk(url: str, var: Path, options: argparse.Namespace) -> Tally | None:
    """The disk on which files and an SQLite database lie has no byte left, then somebody makes room."""
    place = var / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=120m", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        print("SKIPPED full disk: only root can mount a small one")
        return None
    try:
        with busy(url, "full", place / "house", options.seed) as (_house, crowd, tally, _made):
            filler = place / "filler"
            with filler.open("wb", buffering=0) as file:
                for size in (1024 * 1024, 4096, 1):
                    try:
                        while True:
                            file.write(b"\0" * size)
                    except OSError:
                        continue
            before = crowd.ledger.broken.get(CLEAR, 0)
            time.sleep(min(options.away, 15))
            tally.kills += 1
            if crowd.ledger.broken.get(CLEAR, 0) == before:
                tally.differing.append("nobody met the full disk")
            filler.unlink()
        return tally
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def database_gone(url: str, var: Path, options: argparse.Namespace) -> Tally:
    """PostgreSQL is stopped at once, without a farewell; SQLite's file is locked by somebody else."""
    with busy(url, "gone", var / "gone", options.seed) as (house, _crowd, tally, _made):
        tally.kills += 1
        if url == "sqlite":
            link = sqlite3.connect(house.var / "ortaq.sqlite3", timeout=60, isolation_level=None)
            link.execute("BEGIN IMMEDIATE")
            time.sleep(options.away)
            link.execute("ROLLBACK")
            link.close()
        else:
            databases.stop_postgres(url)
            time.sleep(options.away)
            databases.start_postgres(url)
    return tally


def clock_jumps(url: str, var: Path, options: argparse.Namespace) -> Tally:
    """Back by an hour: nothing is judged. Forward over the deadline: nothing is taken. To the right time: all goes on."""
    with busy(url, "clock", var / "clock", options.seed) as (house, _crowd, tally, made):
        now = float((house.var / "chaos" / "clock").read_text())
        house.set_clock(now - 3600)
        time.sleep(4)
        house.set_clock(now)
        time.sleep(4)
        # Beyond the deadline; acceptance ends by the worker or by whoever meets it.
        house.set_clock(made["ends"] - time.time() + 30)
        time.sleep(4)
        tally.kills += 3
    return tally


def power_cut(url: str, var: Path, options: argparse.Namespace) -> Tally | None:
    """What was not waited for is lost: the program's system calls are watched for a row before its file was on the disk.

    A real cut cannot be had without a machine of its own. What can be seen is the order: content synced, its name synced, and
    only then the commit of its row.
    """
    tracer = shutil.which("strace")
    if tracer is None:
        print(
            "SKIPPED power cut: no strace here; the order of fsync and commit has a test of its own (test_files)"
        )
        return None
    with busy(url, "power", var / "power", options.seed) as (house, _crowd, tally, _made):
        log = house.var / "calls"
        watched = subprocess.Popen(
            [tracer, "-f", "-e", "trace=fsync,fdatasync,rename,sendto,sendmsg", "-y", "-o", str(log),
             *[word for pid in house.children() for word in ("-p", str(pid))]],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(6)
        watched.send_signal(signal.SIGINT)
        watched.wait()
        tally.kills += 1
        for pid in house.children():
            os.kill(pid, signal.SIGKILL)
        tally.differing += unsynced(log.read_text(errors="replace").splitlines())
    return tally


def unsynced(calls: list[str]) -> list[str]:
    """Renames of files that no fsync of their content came before, or no fsync of their folder came after, by process."""
    wrong, synced = [], set()
    if not any("rename(" in call and '.part"' in call for call in calls):
        return ["no file was written while it was watched"]
    for place, call in enumerate(calls):
        pid = call.split()[0]
        if "fsync(" in call and ".part>" in call:
            synced.add((pid, call.partition("<")[2].partition(">")[0]))
        if "rename(" in call and '.part"' in call:
            source = call.partition('"')[2].partition('"')[0]
            if (pid, source) not in synced:
                wrong.append(f"renamed before it was synced: {source}")
            folder = source.rpartition("/")[0]
            mine = (one for one in calls[place:] if one.split()[0] == pid)
            if not any("fsync(" in one and f"<{folder}>" in one for one in mine):
                wrong.append(f"its folder was not synced: {source}")
    return wrong


ALL = {
    "full disk": full_disk,
    "database gone": database_gone,
    "clock jumps": clock_jumps,
    "power cut": power_cut,
}
