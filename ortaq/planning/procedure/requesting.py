"""Writing the budget request of a topic, until the list goes into the budget (SO-F-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ortaq.core import journal
from ortaq.core.procedure import Refused, moved_on
from ortaq.people.actor import Actor
from ortaq.planning.models import BudgetRequest, EstimateLine, Formation, Topic
from ortaq.planning.policy import forms

from .budgeting import total_of
from .formation import FORMATION, REQUEST


@transaction.atomic
def write_request(
    topic: Topic,
    *,
    programme: str,
    content: Mapping[str, Mapping[str, str]],
    lines: Sequence[EstimateLine],
    actor: Actor,
) -> BudgetRequest:
    """Save the budget request of a topic of the list with exactly these lines.

    `PermissionDenied` for anybody but the body's officers, `Refused` once it is submitted.
    """
    formation = FORMATION.lock(topic.formation_id)
    if not forms(actor, formation):
        raise PermissionDenied
    if formation.state != Formation.State.LISTED:
        raise Refused(REQUEST, [moved_on(REQUEST, formation, "state")])
    topic.programme = programme
    topic.save(update_fields=["programme"])
    request, _made = BudgetRequest.objects.get_or_create(topic=topic)
    request.content = {key: dict(texts) for key, texts in content.items() if any(texts.values())}
    request.version += 1
    request.save(update_fields=["content", "version"])
    request.lines.all().delete()
    for number, line in enumerate(lines, 1):
        line.pk, line.request, line.position = None, request, number
    EstimateLine.objects.bulk_create(lines)
    journal.append(
        request,
        "write",
        actor=actor.key,
        behalf=actor.behalf,
        facts={"topic": topic.pk, "version": request.version, "total": total_of(lines)},
    )
    return request
