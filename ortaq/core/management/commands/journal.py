from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortaq.core import journal


class Command(BaseCommand):
    help = "Check, export or seal the journal. `verify FILE` checks an export without a database, `compare FILE` holds the database against a copy."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["verify", "export", "seal", "compare"])
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="verify, compare: an exported journal, or checkpoints; export: where to write",
        )

    def handle(self, *args: Any, action: str, file: Path | None, **options: Any) -> None:
        {
            "verify": self.verify,
            "export": self.export,
            "seal": self.seal,
            "compare": self.compare,
        }[action](file)

    def verify(self, file: Path | None) -> None:
        try:
            if file is None:
                breaks = journal.verify()
            else:
                with file.open(encoding="utf-8") as lines:
                    breaks = journal.verify_export(lines)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if breaks:
            raise CommandError(
                "\n".join([*map(str, breaks), f"The journal has {len(breaks)} breaks."])
            )
        self.stdout.write("The journal holds together.")

    def export(self, file: Path | None) -> None:
        if file is None:
            for line in journal.export():
                self.stdout.write(line)
            return
        count = 0
        with file.open("w", encoding="utf-8") as target:
            for line in journal.export():
                target.write(f"{line}\n")
                count += 1
        self.stdout.write(f"Wrote {count} lines to {file}.")

    def compare(self, file: Path | None) -> None:
        if file is None:
            raise CommandError("Which copy? `ortaq journal compare checkpoints.jsonl`")
        try:
            with file.open(encoding="utf-8") as lines:
                breaks = list(journal.compare(lines))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if breaks:
            raise CommandError(
                "\n".join([*map(str, breaks), "The journal here is not the one of the copy."])
            )
        self.stdout.write("The journal is the one of the copy.")

    def seal(self, file: Path | None) -> None:
        point = journal.seal()
        if point is None:
            self.stdout.write("Nothing to seal: this day is sealed, or the journal is empty.")
        else:
            self.stdout.write(f"Sealed {point.chains} chains of {point.day}: {point.hash}")
