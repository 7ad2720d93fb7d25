"""The prize of a year: draft → announced → checking → listed → scoring → deciding → published → ended.

announce    by 1 July: texts in both languages, directions with their sums, the list of documents (PR-009, PR-010)
discard     a draft that is not to be announced
close       by the clock at the end of 1 September: the officer's look begins (PR-012)
list        within 10 working days: the list of applicants is published (PR-026)

What the steps require and do stands in `round_announcing` and `round_acceptance`; the steps and duties from scoring on in `later`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Procedure, Step, system_only
from ortaq.law.text import Text
from ortaq.prizes.models import Round
from ortaq.prizes.policy.round import organises

from . import later
from . import round_acceptance as acceptance
from . import round_announcing as announcing

State = Round.State
PLACE = "guide, prizes"

DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=organises,
    effect=announcing.discarded,
    cite=PLACE,
    final=True,
    removes=True,
)
ANNOUNCE = Step(
    "announce",
    _("Announce the prize"),
    source=State.DRAFT,
    target=State.ANNOUNCED,
    by=organises,
    requires=(
        announcing.both_languages,
        announcing.has_directions,
        announcing.sums_in_order,
        announcing.papers_listed,
        announcing.before_the_end,
        announcing.by_the_first_of_july,
    ),
    effect=announcing.announced,
    cite=PLACE,
    final=True,
)
CLOSE = Step(
    "close",
    _("End the acceptance of applications"),
    source=State.ANNOUNCED,
    target=State.CHECKING,
    by=system_only,
    requires=(acceptance.acceptance_over,),
    effect=acceptance.closed,
    cite=PLACE,
    final=True,
)
LIST = Step(
    "list",
    _("Publish the list of applicants"),
    source=State.CHECKING,
    target=State.LISTED,
    by=organises,
    requires=(acceptance.all_looked_at, acceptance.list_in_time),
    effect=acceptance.listed,
    cite=PLACE,
    final=True,
)


def owed(found: Round) -> Iterable[Owed]:
    """What the authorised body owes in the present state."""
    bearer = organisation(found.organiser_id)
    address = reverse("prizes:desk", args=[found.year])
    if found.state == State.DRAFT:
        yield Owed(
            "announce",
            bearer,
            Text(
                f"{found.year} жылғы ҮЕҰ-ға арналған сыйлықақы конкурсын жариялау",
                f"Объявить конкурс на премию для НПО {found.year} года",
                f"Announce the prize for NGOs of {found.year}",
            ),
            found.announce_due,
            address,
            PLACE,
        )
    if found.state == State.CHECKING:
        yield Owed(
            "list",
            bearer,
            Text(
                "Сыйлықақыға үміткерлердің тізбесін жариялау",
                "Опубликовать перечень соискателей премии",
                "Publish the list of applicants for the prize",
            ),
            found.list_due,
            address,
            PLACE,
        )
    yield from later.owed(found)


ROUND: Procedure[Round] = Procedure(
    Round, (DISCARD, ANNOUNCE, CLOSE, LIST, *later.STEPS), duties=owed
)
