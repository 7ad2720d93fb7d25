"""Projects at work: pages, registration by phone, three hundred people in one hall, a final report.

    python -m bench.projects [--size full] [--seconds 4] [--pages NAME] [--database both]

Fills two databases, a small and a large one, and prints for each page what `python -m bench` prints. Then

    one hall     300 people register at one event at once: none is lost, nobody is counted twice
    a report     the final creative report of a project with 200 events, with its annexes

The usual size is 2 000 projects, 40 000 events and 600 000 participations; `full` has ten times as many and takes up to ten minutes and
3 GB for each database.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.__main__ import SMALL, address, databases, environment

SIZES = {"small": 200, "usual": 2_000, "full": 20_000}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.projects",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", choices=SIZES, default="usual", help="how many projects")
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="how long each page is asked for"
    )
    parser.add_argument("--people", type=int, default=300, help="who register in one hall at once")
    parser.add_argument("--pages", default="", help="only those with this in their name")
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    options = parser.parse_args()
    projects = SIZES[options.size]
    with (
        tempfile.TemporaryDirectory(prefix="ortaq-bench-") as var,
        databases(options.database, var) as found,
    ):
        for name, url in found.items():
            if "JIT on" in name:
                continue
            load = os.getloadavg()[0]
            print(f"\n## {name}: {projects} projects\n\nLoad at the beginning: {load:.1f}.")
            place = f"{var}/{name.split(',')[0].lower()}"
            Path(place).mkdir(parents=True, exist_ok=True)
            for size in (SMALL, projects):
                part(["fill", size], address(url, size), place)
                part(["count", size], address(url, size), place)
            last = ["measure", projects, options.seconds, options.people, options.pages]
            part(last, address(url, projects), place)


def part(arguments: list[object], url: str, var: str) -> None:
    """A part of the bench in a process that has the right settings from its beginning."""
    sys.stdout.flush()
    subprocess.run(
        [sys.executable, "-m", "bench.project_run", *map(str, arguments)],
        env={**os.environ, **environment(url, var)},
        check=True,
    )


if __name__ == "__main__":
    main()
