"""Annex 3, the Information: its rows, frozen when it is issued (SO-F-14, SO-X-08)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ortaq import law
from ortaq.core.canonical import sha256
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
    return Information.objects.create(
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
