from typing import Any

from django.core.management.base import BaseCommand

from ortaq.core import clock
from ortaq.subscriptions.procedure import digest, subscription


class Command(BaseCommand):
    help = "Write the letters of subscriptions that are due, and delete what nobody confirmed; `ortaq post` sends them."

    def handle(self, *args: Any, **options: Any) -> None:
        written, looked = digest.send()
        forgotten = subscription.tidy(clock.now())
        self.stdout.write(
            f"Wrote {written} letters for {looked} subscriptions; {forgotten} were never confirmed."
        )
