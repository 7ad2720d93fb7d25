"""Annex 3, the Information: its rows, frozen when it is issued (SO-F-14, SO-X-08)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from ortaq import law
from ortaq.core import duties
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.law.text import Text
from ortaq.people.models import Organisation
from ortaq.planning.models import Formation, Information, Topic

from .editions import edition_of


def rows(formation: Formation, issue: str) -> list[dict[str, Any]]:
    """One section per field of the edition, each numbered anew and with its total; no grand total.

    Sums are tiyn: planned before the budget, approved after it.
    """
    sections: dict[str, list[Topic]] = {}
    topics = formation.topics.exclude(state=Topic.State.DROPPED)
    after = issue == Information.Issue.AFTER
    for topic in topics.filter(approved_tiyn__gt=0) if after else topics:
        sections.setdefault(topic.field, []).append(topic)
    body = formation.body
    fields = law.fields_of(str(edition_of(formation).parameter("fields.set").value))
    return [
        {
            "field": field.key,
            "rows": [
                {
                    "administrator": {"kk": body.name_kk, "ru": body.name_ru},
                    "name": {"kk": topic.title_kk, "ru": topic.title_ru},
                    "amount": (topic.approved_tiyn if after else topic.planned_tiyn) or 0,
                    "summary": {"kk": topic.result_kk, "ru": topic.result_ru},
                }
                for topic in sections.get(field.key, [])
            ],
        }
        for field in fields
    ]


def issue(
    formation: Formation,
    kind: str,
    *,
    plan_year: int,
    sent_to: Organisation | None,
    now: datetime,
    publish: bool = False,
) -> Information:
    """Freeze the rows and hand the Information over at `now`; with `publish` it is public at once."""
    content = rows(formation, kind)
    information = Information.objects.create(
        formation=formation,
        body=formation.body,
        plan_year=plan_year,
        issue=kind,
        content=content,
        sha256=sha256(content),
        issued_at=now,
        sent_to=sent_to,
        sent_at=now if sent_to else None,
        published_at=now if publish else None,
    )
    duties.keep(information, owed(information), now=now)
    return information


BRING = Text(
    "Келіп түскен Ақпаратты (3-қосымша) кеңестің қарауына енгізу",
    "Внести поступившую Информацию (приложение 3) на рассмотрение совета",
    "Bring the Information (annex 3) that came in to the council",
)


def owed(information: Information) -> Iterable[Owed]:
    """What came in before the budget is brought to the council; no act sets a term (SO-F-15, SO-X-16)."""
    before = information.issue == Information.Issue.BEFORE
    if before and information.sent_to_id and not information.sessions.exists():
        edition = edition_of(information.formation)
        yield Owed(
            "bring_to_council",
            organisation(information.sent_to_id),
            BRING,
            None,
            reverse("planning:information", args=[information.pk]),
            edition.parameter("formation.local_to_council.month_day").cite.place,
        )
