from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from ortaq.core.procedure import SYSTEM
from ortaq.operations.papers import personal as papers
from ortaq.operations.procedure import forgetting
from ortaq.people.models import User
from ortaq.projects.procedure.forgetting import naming
from ortaq.projects.queries.participant import over_due


class Command(BaseCommand):
    help = (
        "due: erase what has served its time in all rooms (`--list`: only say what). erase ADDRESS: an account, or what is kept of an "
        "address without one. document: print docs/personal-data.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["due", "erase", "document"])
        parser.add_argument("address", nargs="?", help="erase: the e-mail address")
        parser.add_argument("--list", action="store_true", help="due: only say what is due")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "document":
            self.stdout.write(papers.document(), ending="")
        elif action == "erase":
            self.erase(options["address"] or "")
        else:
            self.due(just_say=options["list"])

    def due(self, *, just_say: bool) -> None:
        projects = list(over_due())
        done = (
            {one.what: one.rows.count() for one in forgetting.due()}
            if just_say
            else forgetting.erase_due()
        )
        for what, number in done.items():
            self.stdout.write(f"{what}: {number}")
        for project in projects:
            self.stdout.write(f"{project}: kept until {project.keep_personal_until}")
            if not just_say:
                for one in naming(project):
                    assert one.file is not None
                    self.stdout.write(
                        f"  delete by hand: No. {one.number} {one.title} ({one.file.sha256})"
                    )

    def erase(self, address: str) -> None:
        address = address.strip().lower()
        if not address:
            raise CommandError("Which address? `ortaq personal erase name@example.kz`")
        person = User.objects.filter(email=address).first()
        if person is None:
            number = forgetting.forget_guest(address, actor=SYSTEM)
            self.stdout.write(f"No account has this address. Erased besides: {number} rows.")
            return
        try:
            found = forgetting.forget(person, actor=SYSTEM)
        except ValidationError as why:
            raise CommandError("\n".join(why.messages)) from why
        self.stdout.write(f"Erased: {found.erased} rows.")
        if found.keeps_name:
            self.stdout.write(
                f"The name stays, as the law obliges, for: {', '.join(found.keeps_name)}."
            )
