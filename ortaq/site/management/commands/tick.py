from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError

from ortaq.grants.procedure import competition
from ortaq.oversight.procedure import government, statutory
from ortaq.planning.procedure import formation
from ortaq.prizes.procedure import closing as prizes
from ortaq.projects.procedure import project
from ortaq.registry.procedure import return_year, standing_flag
from ortaq.signing import procedure as signing
from ortaq.tenders.procedure import opening


class Closing(Protocol):
    """What was ended, and why others could not be."""

    @property
    def closed(self) -> Sequence[Any]: ...
    @property
    def refused(self) -> Sequence[Exception]: ...


# What the clock ends or changes, each safe to call at any time and by several at once.
CLOSERS: dict[str, Callable[[], Closing]] = {
    "Public discussion ended": formation.close_due,
    "Acceptance ended": competition.close_due,
    "Bids opened": opening.open_due,
    "Prize of the year is to be announced": prizes.prepare_due,
    "Acceptance for the prize ended": prizes.close_due,
    "Project stands otherwise": project.reckon_due,
    "Standing watch": standing_flag.settle,
    "Annual return is due": return_year.open_due,
    "Annex 9 is due": statutory.open_due,
    "Information to the Government is due": government.open_due,
    "Signature verified": signing.recheck_due,
}


class Command(BaseCommand):
    help = "End what is due: discussions, acceptance of applications, of bids; run it every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        closed = 0
        refused: list[Exception] = []
        for said, close_due in CLOSERS.items():
            closing = close_due()
            for one in closing.closed:
                self.stdout.write(f"{said}: {one.pk} {one}")
            closed += len(closing.closed)
            refused += closing.refused
        self.stdout.write(f"Ended {closed}, could not end {len(refused)}.")
        if refused:
            raise CommandError("; ".join(str(one) for one in refused))
