from typing import Any

from django.core.management.base import BaseCommand

from ortaq.people import reminders


class Command(BaseCommand):
    help = "Write letters about duties that are due in three working days and in one day."

    def handle(self, *args: Any, **options: Any) -> None:
        duties, written = reminders.remind()
        self.stdout.write(f"Reminded of {duties} duties in {written} letters.")
