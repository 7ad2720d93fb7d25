"""`ortaq law ...`, `ortaq verify ...` and `ortaq doctor` without a Django that works; any other command goes to its manager."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from ortaq import __version__


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["law"]:
        from ortaq.law.cli import main as law

        return law(words[1:])
    if words[:1] == ["verify"]:
        from ortaq.signing.cli import main as verify

        return verify(words[1:])
    if words[:1] == ["doctor"]:
        from ortaq.operations.doctor import main as doctor

        return doctor()
    if words[:1] in (["--version"], ["version"]):
        print(f"Ortaq {__version__}")
        return 0
    if words[:1] == ["demo"]:
        as_demonstration(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortaq.site.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError, connection

    try:
        execute_from_command_line(["ortaq", *words])
    except (OperationalError, ProgrammingError):
        if connection.introspection.table_names():
            raise
        print("This database has no tables yet. Run `ortaq migrate` first.", file=sys.stderr)
        return 1
    except Exception as error:
        # It stands in the console too, since nobody reads what the command of a timer prints.
        with suppress(Exception):
            from ortaq.operations.noticing import note_fault

            note_fault(error)
        raise
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 0


def as_demonstration(words: list[str]) -> None:
    """`ortaq demo` needs no settings: without a database of its own it is a demonstration, found at the port it is given.

    What is there already stays: `ortaq.demo.loading` refuses a database with other data.
    """
    if "ORTAQ_DATABASE_URL" not in os.environ:
        os.environ.setdefault("ORTAQ_DEMO", "1")
    if "--port" in words[:-1]:
        port = words[words.index("--port") + 1]
        os.environ.setdefault("ORTAQ_SITE_URL", f"http://127.0.0.1:{port}")


if __name__ == "__main__":
    sys.exit(main())
