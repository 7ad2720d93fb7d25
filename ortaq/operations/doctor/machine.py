"""The machine and the environment, before a line of Django is read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from importlib import metadata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ortaq.operations import declared

from .told import Trouble, advice

PYTHON = (3, 11)


def troubles(environ: Mapping[str, str]) -> Iterator[Trouble]:
    yield from python(sys.version_info)
    yield from libraries()
    yield from time_zones()
    yield from variables(environ)


def python(version: Sequence[int | str]) -> Iterator[Trouble]:
    if tuple(version[:2]) < PYTHON:
        yield Trouble(
            f"This is Python {version[0]}.{version[1]}; Ortaq needs 3.11 or newer.",
            "The program does not start.",
            "Install Python 3.11 and make the environment anew with it.",
            stops=True,
        )


def libraries(distribution: str = "ortaq") -> Iterator[Trouble]:
    """Whatever Ortaq says that it needs is installed."""
    missing = []
    for line in metadata.requires(distribution) or ():
        if "extra ==" in line:
            continue
        name = re.split(r"[\s\[;<>=!~(]", line, maxsplit=1)[0]
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Trouble(
            f"Libraries are missing: {', '.join(missing)}.",
            "The program does not start.",
            "Type `make setup` in a checkout, or `pip install --force-reinstall ortaq`.",
            stops=True,
        )


def time_zones() -> Iterator[Trouble]:
    """The zone of the house is known, and as it is since 2024: one hour off moves every deadline."""
    do = "Type `pip install --upgrade tzdata`, or install the system's package tzdata."
    try:
        zone = ZoneInfo("Asia/Almaty")
    except ZoneInfoNotFoundError:
        yield Trouble("Data of time zones are missing.", "No page can show a date.", do, stops=True)
        return
    if datetime(2024, 6, 1, tzinfo=zone).utcoffset() != timedelta(hours=5):
        yield Trouble(
            "Data of time zones are older than March 2024.",
            "Every deadline would end an hour too early.",
            do,
        )


def variables(environ: Mapping[str, str]) -> Iterator[Trouble]:
    """Each variable can be read as what it is; a name that nobody reads is perhaps a slip of the finger."""
    known = {one.name: one for one in declared.settings()}
    for name, value in sorted(environ.items()):
        if not name.startswith("ORTAQ_") or name.startswith(("ORTAQ_TEST_", "ORTAQ_SUITE_")):
            continue
        if name not in known:
            close = get_close_matches(name, known, 1)
            yield advice(
                f"Nobody reads {name}.",
                "What was meant by it has no effect.",
                f"Did you mean {close[0]}?" if close else "`ortaq settings` lists what there is.",
            )
        elif why := known[name].trouble(value):
            shown = "its value" if known[name].is_secret else f"“{value}”"
            yield Trouble(
                f"{name}: {shown} {why}.",
                "The program does not start, or does not do what was meant.",
                f"Correct it, or take it away: then it is {known[name].default or 'empty'}.",
                stops=known[name].kind == declared.NUMBER,
            )
