"""The hour of a deadline: 2 000 NGOs finish and hand in their applications, most of them at the very end.

    python -m bench.deadline [--ngos 2000] [--minutes 20] [--database both] [--slow 10] [--nginx]

Every NGO has a draft that lacks nothing but its last files: nine of 0.1 to 5 MB, six of which are there already. Four of five come in
the last hour, which is squeezed into `--minutes`, more and more of them towards its end. They behave like people: in the last ten minutes of that hour before they press they open their pages,
write (each pause saves), send three files (`--slow` of 100 over a line of 2 Mbit/s), read the page of submission, press; one of seven presses twice, one of
twenty loses the line while waiting and tries again. One of twenty presses after the bell. Meanwhile somebody else reads the public pages and
the operator's list once a second. What must hold, whatever the speed:

    none lost         what the server said it had taken is taken, with its receipt
    none late         no receipt is of an instant after the deadline; whoever pressed after it is told so and keeps the draft
    none refused      whoever had pressed before the deadline is not refused as late
    none twice        one application and one receipt for each, however often the button was pressed
    receipts match    the content and each byte of each file are what the receipt says, and what was sent

Anything else ends the bench with an error. With `--nginx` Debian's nginx stands before the site, as `deploy/nginx` has it, without TLS.
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
    parser = argparse.ArgumentParser(
        prog="python -m bench.deadline",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--ngos", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=20.0, help="into which the hour goes")
    parser.add_argument("--slow", type=int, default=10, help="of 100 NGOs, on slow lines")
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    parser.add_argument("--nginx", action="store_true", help="between the people and the site")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="ortaq-bench-") as var,
        databases(options.database, var) as found,
    ):
        for name, url in found.items():
            if "JIT on" in name:
                continue
            print(
                f"\n## {name}: {options.ngos} NGOs, the last hour in {options.minutes:g} minutes"
                f"{', behind nginx' if options.nginx else ''}\n",
                flush=True,
            )
            place = f"{var}/{name.split(',')[0].lower()}"
            under = environment(address(url, options.ngos), place)
            Path(place).mkdir(parents=True, exist_ok=True)
            before = "nginx" if options.nginx else "nothing"
            arguments = [options.ngos, options.minutes, options.slow, before]
            subprocess.run(
                [sys.executable, "-m", "bench.hour", *map(str, arguments)],
                env={**os.environ, **under},
                check=True,
            )


if __name__ == "__main__":
    main()
