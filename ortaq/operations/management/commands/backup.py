from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ortaq.core import clock
from ortaq.operations.backup import Trouble, envelope, keeping, manifest, running
from ortaq.operations.backup.place import place_at

NEW_KEY = """\
The identity lies in {path}. It opens every backup that is closed for it, and nothing else does: keep it on two media in
two safes, print it if you like (it is one line), and NOT on the machine that is backed up.

On that machine set its public half:

    ORTAQ_BACKUP_RECIPIENTS={public}

Several, with commas between, mean that any of them opens."""


class Command(BaseCommand):
    help = (
        "Take one picture of database, files and keys while the site runs, closed for ORTAQ_BACKUP_RECIPIENTS, and let old ones "
        "go. With --verify only read what is there; with --list only tell it. See docs/backup.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target",
            nargs="?",
            default=settings.ORTAQ_BACKUP_TARGET,
            help="folder or https://store/bucket/prefix (default: ORTAQ_BACKUP_TARGET)",
        )
        parser.add_argument(
            "--keep",
            nargs="+",
            default=settings.ORTAQ_BACKUP_KEEP,
            metavar="WORD",
            help="for example: daily 14 weekly 8 monthly 12 (default: ORTAQ_BACKUP_KEEP); `--keep daily 9999` keeps all",
        )
        parser.add_argument("--picture", default="", help="with --verify: which one (the newest)")
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--verify", action="store_true", help="read a picture and its files again")
        one.add_argument("--list", action="store_true", help="tell which pictures there are")
        one.add_argument(
            "--new-key", type=Path, metavar="FILE", help="make a pair of keys; not on the server"
        )

    def handle(self, *args: Any, target: str, **options: Any) -> None:
        try:
            if path := options["new_key"]:
                public = envelope.new_identity(path, f"{clock.now():%Y-%m-%d}")
                self.stdout.write(NEW_KEY.format(path=path, public=public))
                return
            if options["list"]:
                self.list(target)
            elif options["verify"]:
                self.verify(target, options["picture"])
            else:
                self.take(target, keeping.rule_of(options["keep"]))
        except Trouble as why:
            raise CommandError(str(why)) from None
        except OSError as why:
            raise CommandError(running.explained(why)) from None

    def list(self, target: str) -> None:
        place = place_at(target)
        for name in manifest.names(place):
            one = manifest.read(place, name)
            rows = sum(one.tables.values())
            self.stdout.write(
                f"{name}  {one.program}  {one.database}  {rows} rows  {one.files} files"
            )

    def verify(self, target: str, picture: str) -> None:
        found = running.verify(target, picture, tell=self.stdout.write)
        if found.faults:
            raise CommandError("\n".join([*found.faults[:50], f"{len(found.faults)} faults."]))

    def take(self, target: str, rule: dict[str, int]) -> None:
        picture = running.backup(target, rule, tell=self.stdout.write)
        if picture.lost_count:
            raise CommandError(
                "\n".join(
                    [
                        *picture.lost[:20],
                        f"The picture is whole but for {picture.lost_count} files that the site itself no longer has.",
                    ]
                )
            )
