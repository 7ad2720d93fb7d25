"""What is public of planning: needs assessments, discussions and their topics, the plans of a year, councils."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from ortaq.core.keys import key_of
from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Source, same, through
from ortaq.people.actor import PASSER_BY
from ortaq.planning.models import (
    Assessment,
    Comment,
    Conclusion,
    Council,
    Formation,
    Information,
    Topic,
)
from ortaq.planning.queries import council as councils
from ortaq.planning.queries import formation as formations
from ortaq.planning.queries import needs

from .said import begun, both, iso, shorter, since, told, where

Kind = Publication.Kind
SOCIAL_ORDER = Publication.Instrument.SOCIAL_ORDER
# From here on the decision of the budget is public, and with it what it gives to each topic.
BUDGETED = Formation.State.BUDGETED


def _assessments(rows: Sequence[Assessment]) -> Iterator[Draft]:
    texts: dict[int, list[Any]] = {row.pk: [] for row in rows}
    found = Conclusion.objects.filter(assessment__in=texts)
    for one in found.order_by("position", "id"):
        texts[one.assessment_id].append(one)
    for row in rows:
        said = texts[row.pk]
        yield Draft(
            row.pk,
            reverse("planning:assessment", args=[row.pk]),
            row.title_kk,
            row.title_ru,
            published_at=since(row.approved_on),
            summary_kk=shorter(" ".join(one.text_kk for one in said)),
            summary_ru=shorter(" ".join(one.text_ru for one in said)),
            instrument=SOCIAL_ORDER,
            year=row.approved_on.year if row.approved_on else None,
            field=row.field,
            regions=where(row.region_code, row.body),
            body=row.body_id,
            state=row.kind,
            facts=told(
                begun_on=iso(row.begun_on), approved_on=iso(row.approved_on), conclusions=len(said)
            ),
        )


def _discussions() -> QuerySet[Formation]:
    rows = formations.formations_visible_to(PASSER_BY)
    return rows.annotate(topic_count=Count("topics"), planned_tiyn=Sum("topics__planned_tiyn"))


def _discussed(rows: Sequence[Any]) -> Iterator[Draft]:
    for row in rows:
        title_kk, title_ru = both(lambda one: one.title, row)
        yield Draft(
            row.pk,
            reverse("planning:discussion", args=[row.pk]),
            title_kk,
            title_ru,
            published_at=row.published_at,
            summary_kk=shorter(row.introduction_kk),
            summary_ru=shorter(row.introduction_ru),
            instrument=SOCIAL_ORDER,
            year=row.plan_year,
            regions=where("", row.body),
            body=row.body_id,
            sum_tiyn=row.planned_tiyn,
            opens_at=row.published_at,
            closes_at=row.closes_at,
            state=row.state,
            facts=told(
                level=row.level,
                number=row.number,
                topics=row.topic_count,
                comments=row.comments,
                decide_by=row.decide_by and row.decide_by.isoformat(),
                reported_at=row.reported_at and row.reported_at.isoformat(),
            ),
        )


def _topics(rows: Sequence[Topic]) -> Iterator[Draft]:
    for row in rows:
        formation = row.formation
        approved = row.approved_tiyn if formation.state == BUDGETED else None
        yield Draft(
            row.pk,
            reverse("planning:topic", args=[row.pk]),
            row.title_kk,
            row.title_ru,
            published_at=formation.published_at,
            summary_kk=shorter(row.target_group_kk),
            summary_ru=shorter(row.target_group_ru),
            instrument=SOCIAL_ORDER,
            year=formation.plan_year,
            field=row.field,
            regions=where(row.region_code, formation.body),
            body=formation.body_id,
            sum_tiyn=row.planned_tiyn,
            state=row.state if formation.state in councils.LISTED else Topic.State.PLANNED,
            facts=told(
                formation=formation.pk,
                position=row.position,
                planned_tiyn=row.planned_tiyn,
                approved_tiyn=approved,
                comments=row.comments,
                financial_years=row.financial_years,
            ),
            searched=(
                row.justification_kk,
                row.justification_ru,
                row.result_kk,
                row.result_ru,
            ),
        )


def _informations() -> QuerySet[Information]:
    return councils.informations_visible_to(PASSER_BY)


def _planned(year: int) -> str:
    return _("Projects and programmes planned for %(year)s") % {"year": year}


def _informed(rows: Sequence[Information]) -> Iterator[Draft]:
    for row in rows:
        title_kk, title_ru = both(_planned, row.plan_year)
        planned = [one for section in row.content for one in section["rows"]]
        yield Draft(
            row.pk,
            reverse("planning:information", args=[row.pk]),
            title_kk,
            title_ru,
            published_at=row.published_at,
            instrument=SOCIAL_ORDER,
            year=row.plan_year,
            regions=where("", row.body),
            body=row.body_id,
            sum_tiyn=sum(one["amount"] for one in planned),
            state=row.issue,
            facts=told(annex=3, formation=row.formation_id, projects=len(planned)),
        )


def _councils() -> QuerySet[Council]:
    return Council.objects.filter(pk__in=councils.council_list().order_by().values("pk")).select_related("body")  # fmt: skip


def _sitting(rows: Sequence[Council]) -> Iterator[Draft]:
    at = begun([key_of(row) for row in rows])
    for row in rows:
        yield Draft(
            row.pk,
            reverse("planning:council", args=[row.pk]),
            row.name_kk,
            row.name_ru,
            published_at=at.get(key_of(row)),
            regions=where(row.region_code, row.body),
            body=row.body_id,
            state=row.kind,
        )


_of_comment = Comment.objects.all()
SOURCES = (
    Source(
        Kind.ASSESSMENT,
        "planning.assessment",
        lambda: needs.assessments_visible_to(PASSER_BY),
        _assessments,
        {"planning.assessment": same},
    ),
    Source(
        Kind.DISCUSSION,
        "planning.formation",
        _discussions,
        _discussed,
        {
            "planning.formation": same,
            "planning.comment": through(_of_comment, "pk", "formation"),
        },
    ),
    Source(
        Kind.TOPIC,
        "planning.topic",
        lambda: formations.topics_visible_to(PASSER_BY),
        _topics,
        {
            "planning.formation": through(Topic.objects.all(), "formation"),
            "planning.comment": through(_of_comment, "pk", "topic"),
        },
    ),
    Source(
        Kind.REPORT,
        "planning.information",
        _informations,
        _informed,
        {
            "planning.information": same,
            "planning.formation": through(Information.objects.all(), "formation"),
        },
    ),
    Source(
        Kind.COUNCIL,
        "planning.council",
        _councils,
        _sitting,
        {"planning.council": same},
    ),
)
