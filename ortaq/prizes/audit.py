"""What `ortaq check` asks of prizes: receipts, and equal shares to the tiyn."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict

from django.db.models import Count, Max, Min

from ortaq.core import audit
from ortaq.core.audit import Fault, Faults, Machine
from ortaq.core.keys import key_of
from ortaq.law import prizes as rules

from . import standings
from .models import Application, Attachment, Award, Decision, Receipt, Round

State = Application.State
MACHINES = (
    # Published by the one step of the round.
    Machine(
        Application, carried={State.AWARDED: {State.ADMITTED}, State.NOT_AWARDED: {State.ADMITTED}}
    ),
)
RECEIVED = "Compare with the receipt in the applicant's hands and with the journal, and restore the row from a backup."


def faults(*, quick: bool = False) -> Faults:
    """Every row of this room that contradicts another."""
    yield from _receipts(quick=quick)
    yield from _numbers()
    yield from _shares()
    yield from _decisions()


def _receipts(*, quick: bool) -> Faults:
    handed_in = Application.objects.exclude(state=State.DRAFT).filter(receipt=None)
    for some in audit.pieces(handed_in.only("pk", "state"), quick=quick):
        for one in some:
            yield Fault(key_of(one), f"it stands at “{one.state}” and has no receipt", RECEIVED)
    rows = Receipt.objects.select_related("application", "round")
    for receipts in audit.pieces(rows, quick=quick):
        files: dict[int, set[str]] = defaultdict(set)
        attached = Attachment.objects.filter(
            application__in=[one.application_id for one in receipts], removed_at=None
        )
        for pk, sha256 in attached.values_list("application", "file__sha256"):
            files[pk].add(sha256)
        for receipt in receipts:
            application = receipt.application
            key = key_of(application)
            content = bytes(receipt.content)
            if hashlib.sha256(content).hexdigest() != receipt.sha256:
                yield Fault(
                    key,
                    f"the content of its receipt {receipt.number} is not what its hash says",
                    RECEIVED,
                )
            elif json.loads(content)["application"] != application.pk:
                yield Fault(
                    key, f"its receipt {receipt.number} was given for another application", RECEIVED
                )
            if (application.number, application.submitted_at) != (
                receipt.number,
                receipt.received_at,
            ):
                yield Fault(
                    key, f"its number or instant differ from its receipt {receipt.number}", RECEIVED
                )
            until = receipt.round.apply_until
            if until is not None and receipt.received_at > until:
                yield Fault(
                    key,
                    f"its receipt {receipt.number} is of an instant after the deadline",
                    RECEIVED,
                )
            if {one["sha256"] for one in receipt.files} - files[application.pk]:
                yield Fault(
                    key, f"files of its receipt {receipt.number} are not attached to it", RECEIVED
                )


def _numbers() -> Faults:
    """Receipts of a round count up without gaps."""
    counted = Receipt.objects.order_by().values("round")
    for row in counted.annotate(n=Count("pk"), first=Min("position"), last=Max("position")):
        if (row["first"], row["last"]) != (1, row["n"]):
            yield Fault(
                f"prizes.round:{row['round']}",
                f"it gave {row['n']} receipts, numbered {row['first']} to {row['last']}",
                RECEIVED,
            )


def _shares() -> Faults:
    """The recipients of a direction have equal parts; what is left over is where the decision says (PR-036)."""
    decisions = Decision.objects.select_related("direction__round").prefetch_related(
        "direction__awards__application"
    )
    for decision in decisions.order_by("pk"):
        direction = decision.direction
        key = f"prizes.direction:{direction.pk}"
        awards = sorted(direction.awards.all(), key=lambda one: one.pk)
        for award in awards:
            if award.application.direction_id != direction.pk:
                yield Fault(key_of(award), "its applicant was nominated in another direction")
        if not awards:
            continue
        division = rules.divide(direction.round.rules, direction.amount_tiyn, len(awards))
        rest = division.remainder_tiyn
        first = rest if decision.remainder == Decision.Remainder.FIRST else 0
        wanted = sorted([division.share_tiyn] * (len(awards) - 1) + [division.share_tiyn + first])
        if (
            sorted(award.share_tiyn for award in awards) != wanted
            or decision.remainder_tiyn != rest
        ):
            yield Fault(
                key, f"the shares of its prize of {direction.amount_tiyn} are not equal parts of it"
            )
        for award in awards:
            if award.paid_tiyn is not None and award.paid_tiyn != award.share_tiyn:
                yield Fault(
                    key_of(award), f"{award.paid_tiyn} was paid of a share of {award.share_tiyn}"
                )


def _decisions() -> Faults:
    """A published round: awarded are those who have an award, decided on by the points that count."""
    published = (Round.State.PUBLISHED, Round.State.ENDED)
    for found in Round.objects.filter(state__in=published).order_by("pk"):
        awarded = set(
            Award.objects.filter(direction__round=found).values_list("application", flat=True)
        )
        states = dict(found.applications.values_list("pk", "state"))
        for pk, state in states.items():
            if (state == State.AWARDED) != (pk in awarded):
                yield Fault(
                    f"prizes.application:{pk}",
                    f"it stands at “{state}” against the awards of its round",
                )
        for one in standings.of_round(found):
            if one.decision is not None and one.lapsed:
                yield Fault(
                    key_of(one.decision), "it was taken by other points than those that count now"
                )
