"""The separate commission of a tender (SO-T-065)."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Refused, Step, not_yours
from ortaq.people.actor import Actor
from ortaq.review import appointed
from ortaq.review.models import Panel
from ortaq.tenders.models import Tender
from ortaq.tenders.policy.tender import organises

from .tender import recount_duties
from .tender_opening import tell_bidders

FORM = Step(
    "form_commission",
    _("Form the commission"),
    source=(Tender.State.APPROVED, Tender.State.ANNOUNCED, Tender.State.OPENED),
    target=None,
    by=organises,
    cite="guide, stage 6",
)


@transaction.atomic
def form(tender: Tender, actor: Actor) -> Panel:
    """The commission of this tender: made once, found ever after. `Refused` for anybody but the
    organiser, and once the results stand.
    """
    locked = Tender.objects.select_for_update().get(pk=tender.pk)
    if locked.panel is not None:
        return locked.panel
    if not organises(actor, locked) or locked.state not in FORM.sources:
        raise Refused(FORM, [not_yours(FORM)])
    number = f" № {locked.number}" if locked.number else ""
    panel = appointed.form(
        organisation=locked.organiser,
        title_kk=f"Конкурстық комиссия{number}: {locked.title_kk}",
        title_ru=f"Конкурсная комиссия{number}: {locked.title_ru}" if locked.title_ru else "",
        act=locked.act,
        edition=locked.edition,
        address=reverse("tenders:review", args=[locked.pk]),
        single_organiser=locked.single_organiser,
        actor=actor,
    )
    locked.panel = panel
    locked.save(update_fields=["panel"])
    if locked.state == Tender.State.OPENED:
        tell_bidders(locked)
    recount_duties(locked)
    tender.refresh_from_db()
    return panel
