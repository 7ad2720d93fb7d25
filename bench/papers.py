"""Papers: a contract's annex 3 as PDF, and a thousand protocols in one archive.

    python -m bench.papers [--protocols 1000] [--bids 20]

What is asked: a filled annex 3 to the contract in under 300 ms once the letters are loaded, a thousand
protocols in under two minutes, with progress shown and flat memory. No database: papers are made from
the samples of their forms.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.__main__ import environment

RUNS = 20
STEP = 100  # protocols between two reports of the memory
MOST_MS, MOST_SECONDS = 300, 120


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.papers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--protocols", type=int, default=1000)
    parser.add_argument("--bids", type=int, default=20, help="rows in each protocol")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ortaq-bench-") as var:
        os.environ.update(environment("sqlite://:memory:", var))
        import django

        django.setup()
        print(f"\n## Papers\n\nLoad at the beginning: {os.getloadavg()[0]:.1f}.\n")
        one_by_one()
        batch(Path(var) / "protocols.zip", options.protocols, options.bids)


def one_by_one() -> None:
    """A filled form in each format, again and again."""
    from ortaq.documents import render
    from ortaq.documents.forms import form
    from ortaq.documents.samples import filled

    print("| paper | format | p50 ms | p95 ms | CPU ms | KB |\n|---|---|--:|--:|--:|--:|")
    for name, form_id, edition, rows in (
        ("annex 3 to a contract", "GRANT-K3", "2024", 9),
        ("estimate", "GRANT-A5", "2020", 9),
        ("annex 9, 200 projects", "SO-A9", "2022", 200),
    ):
        blank = form(form_id, edition)
        for kind in ("pdf", "docx", "xlsx"):
            make: Callable[..., bytes] = getattr(render, kind)
            clock, cpu, size = measured(lambda: make(filled(blank, "kk", rows)))  # noqa: B023
            print(
                f"| {name} | {kind} | {clock[RUNS // 2]:.0f} | {clock[int(RUNS * 0.95) - 1]:.0f} | {cpu:.0f} "
                f"| {size / 1024:.0f} |",
                flush=True,
            )
            if (name, kind) == ("annex 3 to a contract", "pdf") and cpu > MOST_MS:
                raise SystemExit(f"One contract took {cpu:.0f} ms; {MOST_MS} are allowed.")


def measured(make: Callable[[], bytes]) -> tuple[list[float], float, int]:
    """Milliseconds by the clock, sorted; milliseconds of CPU of a run; the size of what is made."""
    size = len(make())  # letters are loaded, templates read
    clock, cpu = [], time.process_time()
    for _ in range(RUNS):
        began = time.perf_counter()
        make()
        clock.append((time.perf_counter() - began) * 1000)
    return sorted(clock), (time.process_time() - cpu) * 1000 / RUNS, size


def batch(path: Path, protocols: int, bids: int) -> None:
    """Many protocols of opening, each other than the last, into one archive."""
    from ortaq.documents import bundle, render
    from ortaq.documents.filling import fill
    from ortaq.documents.forms import form
    from ortaq.documents.samples import LONG, values

    blank = form("SO-OP", "2019")
    given = values(blank, "kk", LONG["kk"], bids)
    peaks: list[float] = []

    def entries() -> Iterator[bundle.Entry]:
        for number in range(1, protocols + 1):
            other = given | {"fields": given["fields"] | {"number": f"2026-{number:04d}"}}
            made = fill(blank, other, "kk", number=f"{number}")
            yield bundle.made(f"{number:04d}.pdf", lambda made=made: render.pdf(made))  # type: ignore[misc]
            if number % STEP == 0:
                peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
                print(f"\r{number} of {protocols} protocols", end="", file=sys.stderr, flush=True)

    clock, cpu = time.perf_counter(), time.process_time()
    with path.open("wb") as file:
        for piece in bundle.stream(entries()):
            file.write(piece)
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    print(file=sys.stderr)
    print(
        f"\n{protocols} protocols of {bids} bids each as PDF in one archive: {clock:.0f} s, CPU {cpu:.0f} s, "
        f"{path.stat().st_size / 2**20:.0f} MB; peak memory after {STEP} {peaks[0]:.0f} MB, "
        f"at the end {peaks[-1]:.0f} MB."
    )
    if cpu > MOST_SECONDS:
        raise SystemExit(f"{protocols} protocols took {cpu:.0f} s; {MOST_SECONDS} are allowed.")


if __name__ == "__main__":
    main()
