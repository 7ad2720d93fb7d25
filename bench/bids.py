"""The last minute of a tender: NGOs send their files and hand in their bids, and some come too late.

    python -m bench.bids [--ngos 200] [--megabytes 20] [--seconds 60] [--mbit 0] [--database both]

Every NGO uploads its files to a running server and submits; a tenth of them more sends its bid only
after the deadline. Afterwards `tick` opens the tender. What must hold, whatever the speed:

    none lost         every bid that the server said it had taken is opened
    none late         no receipt is of an instant after the deadline
    receipts match    the opened content and every byte of the files are what the receipt says

Anything else ends the bench with an error. What counts is the instant at which the server writes a bid down: on
a machine that cannot take in the files so fast some come too late; they are told so and keep their drafts. How
many got in, and how long submitting took, is therefore a measure of the machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.__main__ import address, databases, environment


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.bids", description=__doc__)
    parser.add_argument("--ngos", type=int, default=200)
    parser.add_argument("--megabytes", type=int, default=20, help="of files for each NGO, up to 20")
    parser.add_argument("--seconds", type=float, default=60.0, help="before the deadline")
    parser.add_argument("--mbit", type=float, default=0.0, help="of each NGO's line; 0: no limit")
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="ortaq-bench-") as var,
        databases(options.database, var) as found,
    ):
        for name, url in found.items():
            if "JIT on" in name:
                continue
            print(
                f"\n## {name}: {options.ngos} NGOs with {options.megabytes} MB of files each in the "
                f"last {options.seconds:.0f} s\n",
                flush=True,
            )
            place = f"{var}/{name.split(',')[0].lower()}"
            under = environment(address(url, options.ngos), place)
            Path(place).mkdir(parents=True, exist_ok=True)
            arguments = [options.ngos, options.megabytes, options.seconds, options.mbit]
            subprocess.run(
                [sys.executable, "-m", "bench.rush", *map(str, arguments)],
                env={**os.environ, **under},
                check=True,
            )


if __name__ == "__main__":
    main()
