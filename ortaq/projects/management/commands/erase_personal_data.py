from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ortaq.projects.models import Project
from ortaq.projects.procedure import forgetting
from ortaq.projects.queries.participant import over_due


class Command(BaseCommand):
    help = (
        "Erase the personal data of participants and small grants in projects whose period of keeping is over; figures stay. Names the files "
        "that are to be deleted by hand."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="only say which projects are due")

    def handle(self, *args: Any, **options: Any) -> None:
        for project in over_due():
            if options["list"]:
                self.stdout.write(f"{project}: kept until {project.keep_personal_until}")
            else:
                self._erase(project)

    def _erase(self, project: Project) -> None:
        erased = forgetting.forget_all(project)
        self.stdout.write(f"{project}: {erased} people erased")
        for one in forgetting.naming(project):
            assert one.file is not None
            self.stdout.write(f"  delete by hand: No. {one.number} {one.title} ({one.file.sha256})")
