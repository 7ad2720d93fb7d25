"""The public register of NGOs: searched by 25 000 names, on both databases.

    python -m bench.register [--ngos 25000] [--seconds 4] [--database both]

What is asked: 95 of 100 searches are answered within 40 ms. Each row but the last ones asks for another
name every time, as people do; "p95 ms" is until the whole page has come.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from bench.__main__ import SMALL, address, databases, environment
from bench.client import Request

NGOS = 25_000


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.register",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--ngos", type=int, default=NGOS)
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="how long each page is asked for"
    )
    parser.add_argument("--pages", default="", help="only those with this in their name")
    parser.add_argument("--database", choices=["both", "sqlite", "postgresql"], default="both")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        part(options.part, options.ngos, options.seconds, options.pages)
        return
    with (
        tempfile.TemporaryDirectory(prefix="ortaq-bench-") as var,
        databases(options.database, var) as found,
    ):
        for name, url in found.items():
            if "JIT on" in name:
                continue
            print(f"\n## {name}: {options.ngos} NGOs in the register\n", flush=True)
            place = f"{var}/{name.split(',')[0].lower()}"
            Path(place).mkdir(parents=True, exist_ok=True)
            for each in (SMALL, options.ngos):
                run("fill", each, options, address(url, each), place)
                run("count", each, options, address(url, each), place)
            run("measure", options.ngos, options, address(url, options.ngos), place)


def run(name: str, ngos: int, options: argparse.Namespace, url: str, var: str) -> None:
    """A part in a process that has the right settings from its beginning."""
    arguments = ["--part", name, "--ngos", ngos, "--seconds", options.seconds]
    subprocess.run(
        [sys.executable, "-m", "bench.register", *map(str, arguments), "--pages", options.pages],
        env={**os.environ, **environment(url, var)},
        check=True,
    )


def part(name: str, ngos: int, seconds: float, only: str) -> None:
    import django

    django.setup()

    from bench import table

    if name == "fill":
        fill(ngos)
    elif name == "count":
        table.count(pages(), ngos)
    else:
        measure(ngos, seconds, only)


def fill(ngos: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from bench import ngo_data

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("compilecatalogues", verbosity=0)
    ngo_data.build(ngos)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages() -> dict[str, Request]:
    """What people look for; the register is made of the same names at every size."""
    from django.urls import reverse

    from bench.ngo_data import FOR_WHOM, NAMES, organisations
    from bench.table import BARE, SIGNED_IN
    from ortaq.core import regions, spelling
    from ortaq.registry.queries.ngo import Asked
    from ortaq.registry.queries.ngo import ngos as search

    register = reverse("registry:ngos")
    some = list(organisations(SMALL))
    region = regions.every()[0].code

    def each(*asked: dict[str, str]) -> Request:
        addresses = tuple(f"{register}?{urlencode(one)}" for one in asked)
        return Request(addresses[0], others=addresses, in_turn=True)

    kazakh, russian = zip(*NAMES, strict=True)
    further = search(Asked("әлем")).page.next
    return {
        BARE: Request("/bare/"),
        SIGNED_IN: Request("/bare/"),
        "register, nothing asked": Request(register),
        "  a name, in Kazakh": each(*({"q": one} for one in kazakh)),
        "  a name, in Russian": each(*({"q": one} for one in russian)),
        "  three letters of it": each(*({"q": one[:3]} for one in kazakh)),
        "  a legal form and a name": each(*({"q": f"ОФ {one}"} for one in russian)),
        "  two words in any order": each(
            *({"q": f"{whom} {name}"} for whom, _ru in FOR_WHOM for name in kazakh[:3])
        ),
        "  the beginning of a BIN": each(*({"q": one.bin[:9]} for one in some[:9])),
        "  on the other keyboard": each(*({"q": spelling.other_keyboard(one)} for one in russian)),
        "  with a letter left out": each(
            *({"q": one[:2] + one[3:]} for one in kazakh if len(one) > 5 and " " not in one)
        ),
        "  what nobody is called": each({"q": "жжжжжж"}, {"q": "qwerty zxcv"}),
        "  a word that most have": Request(f"{register}?{urlencode({'q': 'қоғамдық'})}"),
        "  region, size, direction, return": each(
            *(
                {"region": region, "size": size, "filing": filing, "direction": "culture_arts"}
                for size in ("small", "medium")
                for filing in ("in_time", "absent")
            )
        ),
        "  further on": Request(f"{register}?{urlencode({'q': 'әлем', 'page': further})}"),
        "an NGO": Request(reverse("portal:ngo", args=[some[0].bin])),
    }


def measure(ngos: int, seconds: float, only: str) -> None:
    from bench import table
    from bench.server import serving

    print(f"Load of the machine at the beginning: {os.getloadavg()[0]:.1f}.", flush=True)
    with serving(dict(os.environ)) as server:
        table.measured(server, pages(), (SMALL, ngos), seconds, only=only)


if __name__ == "__main__":
    main()
