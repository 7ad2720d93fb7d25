"""Run the bad day and print what came of it; ends with 1 when anything was lost, doubled or broken.

    python -m ortaq.testing.chaos [--kills 200] [--database both] [--seed 1] [--away 60] [--only submitting]

Every phase has an installation of its own. Each kill waits for a random instant or for an exact point (`falling`); afterwards
the house must answer again, and in the quiet between two requests everything acknowledged so far is looked for.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from ortaq.testing import postgres
from ortaq.testing.chaos import databases, weather
from ortaq.testing.chaos.clients import Crowd
from ortaq.testing.chaos.house import House
from ortaq.testing.chaos.tallying import COUNTED, HEAD, Proof, Tally

# Phase, what of the kills falls to it, size of its world for each kill, and the exact points in it.
PHASES: dict[str, tuple[float, float, tuple[str, ...]]] = {
    "submitting": (0.4, 0.6, ("piece", "file", "row", "commit")),
    "scoring": (0.25, 0.3, ("row", "commit")),
    "publishing": (0.1, 1.0, ("row", "commit", "publishing")),
    "bidding": (0.25, 0.6, ("file", "row", "commit", "opening")),
}
MOST_AT_ONCE = 60  # tasks of one world
EVERY = (0.3, 1.2)  # seconds between two kills


def phase(name: str, url: str, var: Path, kills: int, seed: int) -> Tally:
    """One phase until it has seen so many kills, in worlds made anew when all of one is done."""
    tally, number = Tally(), 0
    while tally.kills < kills:
        number += 1
        left = kills - tally.kills
        with databases.database(url, f"chaos_{name}_{number}", var / f"{name}{number}") as (
            house,
            world,
        ):
            house.random = Random(seed * 1000 + number)  # noqa: S311
            _one_world(name, house, world(name, _size(name, left)), left, tally)
    return tally


def _size(name: str, kills: int) -> int:
    return max(6, min(MOST_AT_ONCE, int(kills * PHASES[name][1]) + 4))


def _one_world(name: str, house: House, world: dict[str, Any], kills: int, tally: Tally) -> None:
    seed, few = house.random.randrange(1000), name == "publishing"
    crowd = Crowd(house.port, world["tasks"], seed, threads=2 if few else 6)
    proof = Proof(house)
    try:
        house.set_clock(world["at"] - time.time())
        house.start()
        proof.look(crowd, Tally(), set(), quick=False)
        known = proof.known
        house.set_clock(world["at"] - time.time())
        crowd.start()
        points = PHASES[name][2]
        for number in range(kills):
            if crowd.done and (name != "bidding" or _now(house) > world["ends"] + 5):
                break
            tally.exact += _strike(house, points, number)
            tally.kills += 1
            tally.recovered.append(house.wait())
            crowd.pause()
            proof.look(crowd, tally, known, quick=True)
            crowd.go_on()
        _settle(name, house, crowd, world)
        proof.look(crowd, tally, known, quick=False)
        tally.take(crowd)
    finally:
        crowd.stop()
        proof.end()
        house.stop()


def _now(house: House) -> float:
    return time.time() + float((house.var / "chaos" / "clock").read_text())


def _strike(house: House, points: tuple[str, ...], number: int) -> int:
    """Every second kill waits at an exact point, the others for a random instant; 1 where somebody fell at the point."""
    if number % 2:
        point = points[(number // 2) % len(points)]
        house.will_fall(point)
        for _n in range(40):
            if house.has_fallen(point):
                house.fallen += 1
                return 1
            time.sleep(0.05)
        house.spare(point)
    time.sleep(house.random.uniform(*EVERY))
    house.kill()
    return 0


def _settle(name: str, house: House, crowd: Crowd, world: dict[str, Any]) -> None:
    """Let everybody finish; then nobody is in the middle of anything."""
    limit = time.time() + 240
    while not crowd.done and time.time() < limit:
        house.watch()
        time.sleep(0.2)
    while name == "bidding" and _now(house) < world["ends"] + 2:
        house.watch()
        time.sleep(0.5)
    house.run("ortaq", "tick", check=False)
    house.run("ortaq", "gazette", check=False)


@contextmanager
def servers(only: str) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        found = {}
        if only in ("both", "sqlite"):
            found["SQLite"] = "sqlite"
        if only in ("both", "postgresql"):
            folder = postgres.binaries()
            if folder is None:
                print(f"SKIPPED: {postgres.ABSENT}")
            else:
                found["PostgreSQL"] = stack.enter_context(databases.durable(folder))
        yield found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ortaq.testing.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--away", type=float, default=60.0, help="seconds without a database")
    parser.add_argument("--only", default="", help="one phase or disturbance")
    options = parser.parse_args()
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, seed {options.seed}"
    )
    bad = False
    with servers(options.database) as found:
        for database, url in found.items():
            print(f"\n## {database}\n\n{HEAD}", flush=True)
            var = Path(tempfile.mkdtemp(prefix="ortaq-chaos-"))
            try:
                with databases.database(url, databases.MIGRATED, var / databases.MIGRATED):
                    pass
                for name, (part, _size, _points) in PHASES.items():
                    if options.only in ("", name):
                        kills = max(1, round(options.kills * part))
                        tally = phase(name, url, var, kills, options.seed)
                        print(tally.line(name), flush=True)
                        bad |= _tell(tally)
                for name, disturb in weather.ALL.items():
                    if options.only in ("", name):
                        found_out = disturb(url, var, options)
                        if found_out is not None:
                            print(found_out.line(name), flush=True)
                            bad |= _tell(found_out)
            finally:
                shutil.rmtree(var, ignore_errors=True)
    return int(bad)


def _tell(tally: Tally) -> bool:
    for kind in (*COUNTED, "differing"):
        for one in sorted(getattr(tally, kind))[:20]:
            print(f"  {kind}: {one}", flush=True)
    return tally.bad


if __name__ == "__main__":
    sys.exit(main())
