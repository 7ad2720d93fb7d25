"""The tender: draft → approved → announced → opened → decided → published → ended.

discard     a draft that is not to be announced
approve     the documentation is complete in kk and ru; three working days to announce begin (SO-T-060)
revise      back to the draft, while nobody outside has seen the documentation
announce    at least 20 calendar days before the deadline; the key of the seals is made (SO-T-061)
open        by the clock at the deadline, or by two persons after it (`openers`): all bids at once, and the protocol of
            opening (SO-T-076)
decide      the commission has decided on every lot (SO-T-081)
publish     results, letters and the public page in one step
end         the last contract is concluded, and with it the commission's office (SO-T-072)

What announcing requires and does stands in `tender_announcing`, opening in `tender_opening`,
deciding in `results`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import duties
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Procedure, Step, system_only
from ortaq.law.text import Text
from ortaq.tenders.models import Lot, Tender
from ortaq.tenders.policy.tender import organises, organises_or_system, prepares

from . import openers, results
from . import tender_announcing as announcing
from . import tender_opening as opening

State = Tender.State
PLACE = "guide, stage 6"

DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=prepares,
    effect=announcing.discarded,
    cite="guide, stage 4",
    final=True,
    removes=True,
)
APPROVE = Step(
    "approve",
    _("Approve the documentation"),
    source=State.DRAFT,
    target=State.APPROVED,
    by=organises,
    requires=(
        announcing.has_lots,
        announcing.lots_ready,
        announcing.both_languages,
        announcing.lots_in_order,
        announcing.deadline_stated,
        announcing.choices_grounded,
        announcing.parts_at_hand,
    ),
    effect=announcing.approved,
    cite="guide, stage 4",
)
REVISE = Step(
    "revise",
    _("Change the documentation"),
    source=State.APPROVED,
    target=State.DRAFT,
    by=organises,
    effect=announcing.revised,
    cite="guide, stage 4",
)
ANNOUNCE = Step(
    "announce",
    _("Announce the tender"),
    source=State.APPROVED,
    target=State.ANNOUNCED,
    by=organises,
    requires=(
        announcing.has_lots,
        announcing.lots_ready,
        announcing.both_languages,
        announcing.lots_in_order,
        announcing.window_in_order,
        announcing.announced_in_time,
        openers.named,
    ),
    effect=announcing.announced,
    cite=PLACE,
    final=True,
)
OPEN = Step(
    "open",
    _("Open the bids"),
    source=State.ANNOUNCED,
    target=State.OPENED,
    by=system_only,
    requires=(opening.deadline_passed, openers.key_at_hand),
    effect=opening.opened,
    cite=PLACE,
    final=True,
)
DECIDE = Step(
    "decide",
    _("Adopt the results"),
    source=State.OPENED,
    target=State.DECIDED,
    by=organises,
    requires=(results.as_the_journal_has_it, results.all_decided),
    effect=results.decided,
    cite=PLACE,
    final=True,
    keeps_refusals=True,
)
PUBLISH = Step(
    "publish",
    _("Publish the results"),
    source=State.DECIDED,
    target=State.PUBLISHED,
    by=organises,
    requires=(results.protocol_ready, results.signed_electronically),
    effect=results.published,
    cite=PLACE,
    final=True,
)
END = Step(
    "end",
    _("End the tender"),
    source=State.PUBLISHED,
    target=State.ENDED,
    by=organises_or_system,
    requires=(results.contracts_concluded,),
    effect=results.ended,
    cite=PLACE,
    final=True,
)


def owed(tender: Tender) -> Iterable[Owed]:
    """What the organiser owes in the present state."""
    bearer = organisation(tender.organiser_id)
    address = reverse("tenders:tender_manage", args=[tender.pk])
    if tender.state == State.APPROVED:
        yield Owed(
            "announce",
            bearer,
            Text("Конкурсты жариялау", "Объявить конкурс", "Announce the tender"),
            tender.announce_by,
            address,
            PLACE,
        )
    if tender.state in (State.ANNOUNCED, State.OPENED) and tender.panel_id is None:
        yield Owed(
            "appoint",
            bearer,
            Text(
                "Конкурстық комиссияны бекітіп, хатшысын тағайындау",
                "Утвердить конкурсную комиссию и назначить секретаря",
                "Approve the commission and appoint its secretary",
            ),
            tender.closes_at,
            address,
            PLACE,
        )
    yield from openers.owed(tender)
    if tender.state == State.OPENED:
        yield Owed(
            "review",
            bearer,
            Text(
                "Конкурстық өтінімдерді қарап, нәтижелерін бекіту",
                "Рассмотреть конкурсные заявки и утвердить итоги",
                "Review the bids and adopt the results",
            ),
            tender.review_by,
            address,
            PLACE,
        )
    if tender.state == State.DECIDED:
        yield from results.owed_signatures(tender)
        yield Owed(
            "publish",
            bearer,
            Text(
                "Конкурс қорытындыларын жариялау",
                "Опубликовать итоги конкурса",
                "Publish the results of the tender",
            ),
            None,  # no source sets a term (GAP-T-12)
            address,
            PLACE,
        )
    if tender.state == State.PUBLISHED:
        won = tender.lots.filter(result=Lot.Result.WINNER).exists()
        contracts = Text(
            "Жеңімпаздармен шарт жасасу",
            "Заключить договоры с победителями",
            "Conclude contracts with the winners",
        )
        nothing_won = Text(
            "Жеңімпазсыз конкурсты аяқтау",
            "Завершить конкурс без победителей",
            "End the tender, which has no winner",
        )
        yield Owed(
            "contracts",
            bearer,
            contracts if won else nothing_won,
            None,  # no source sets a term (GAP-T-12)
            address,
            "guide, stage 7",
        )


TENDER: Procedure[Tender] = Procedure(
    Tender,
    (DISCARD, APPROVE, REVISE, ANNOUNCE, OPEN, DECIDE, PUBLISH, END),
    duties=owed,
)


def recount_duties(tender: Tender) -> None:
    """Bring the duties in step with what happened beside the steps: a commission was appointed."""
    duties.keep(tender, owed(tender))
