from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ortaq.operations.backup import Trouble, bringing, keeping, running, schema

BACK = """\
The database may now be half upgraded. The way back: install the program that ran here before, and with this one

    ortaq restore {target} --identity FILE --picture {picture} --only database --over --no-migrate"""


class Command(BaseCommand):
    help = (
        "Bring the tables to this program: take a backup, migrate, write anew what is public, check. Stop web and workers before, start them afterwards. "
        "See docs/backup.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", nargs="?", default=settings.ORTAQ_BACKUP_TARGET)
        parser.add_argument(
            "--no-backup", action="store_true", help="there is one of a moment ago: take none"
        )

    def handle(self, *args: Any, target: str, no_backup: bool, **options: Any) -> None:
        if not (behind := schema.forward()):
            self.stdout.write(f"The tables are those of this program, {schema.program()}.")
            return
        picture = "NAME"
        if not no_backup and schema.applied():
            try:
                rule = keeping.rule_of(settings.ORTAQ_BACKUP_KEEP)
                picture = running.backup(target, rule, tell=self.stdout.write).name
            except Trouble as why:
                raise CommandError(f"{why} Nothing was changed.") from None
            except OSError as why:
                raise CommandError(f"{running.explained(why)} Nothing was changed.") from None
        self.stdout.write(f"{behind} migrations ...")
        try:
            call_command("migrate", verbosity=0)
        except (DatabaseError, CommandError, ValueError) as why:
            told = BACK.format(target=target or "TARGET", picture=picture)
            raise CommandError(f"A migration failed: {why}\n\n{told}") from why
        self.stdout.write(f"The tables are those of this program, {schema.program()}.")
        bringing.publish_anew(self.stdout.write)
        bringing.check(self.stdout.write)
