from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortaq.grants.procedure.competition import close_due


class Command(BaseCommand):
    help = "End the acceptance of applications where its time has passed; run it every few minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        closing = close_due()
        for competition in closing.closed:
            self.stdout.write(f"Acceptance ended: {competition.pk} {competition.title_kk}")
        self.stdout.write(f"Ended {len(closing.closed)}, could not end {len(closing.refused)}.")
        if closing.refused:
            raise CommandError("; ".join(str(refused) for refused in closing.refused))
