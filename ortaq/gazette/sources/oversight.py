"""What is public of oversight: evaluations, information on implementation, expert councils."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ortaq.gazette.models import Publication
from ortaq.gazette.telling import Draft, Keys, Source, same
from ortaq.oversight.models import Evaluation, ExpertCouncil, PublicInformation
from ortaq.oversight.queries import council as councils
from ortaq.oversight.queries import evaluation as evaluations

from .projects import _about, _origins
from .said import both, iso, shorter, told, where

Kind = Publication.Kind
SOCIAL_ORDER = Publication.Instrument.SOCIAL_ORDER
State = ExpertCouncil.State


def _judged(rows: Sequence[Evaluation]) -> Iterator[Draft]:
    contracts = {row.pk: row.project.contract for row in rows}
    origins = _origins(contracts.values())
    for row in rows:
        contract, content = contracts[row.pk], row.content or {}
        words = content.get("recommendations", {})
        yield Draft(
            row.pk,
            reverse("oversight:public_evaluation", args=[row.pk]),
            contract.title_kk,
            contract.title_ru,
            published_at=row.posted_at or row.completed_at,
            summary_kk=shorter(words.get("kk", "")),
            summary_ru=shorter(words.get("ru", "")),
            closes_at=row.discussion_until,
            sum_tiyn=contract.sum_tiyn,
            state=row.state,
            facts=told(
                contract=contract.pk,
                project=row.project_id,
                total=content.get("total"),
                mean=content.get("mean"),
                means=content.get("means"),
                sheets=len(content.get("sheets", [])),
                portal_link=row.portal_link,
            ),
            searched=(words.get("kk", ""), words.get("ru", "")),
            **_about(contract, origins.get(contract.source)),
        )


def _informations() -> QuerySet[PublicInformation]:
    later = PublicInformation.objects.filter(
        body=OuterRef("body"), year=OuterRef("year"), issue__gt=OuterRef("issue")
    )
    return PublicInformation.objects.filter(~Exists(later)).select_related("body")


def _implemented(year: int) -> str:
    return _("Implementation and evaluation of the social order in %(year)s") % {"year": year}


def _carried_out(rows: Sequence[PublicInformation]) -> Iterator[Draft]:
    for row in rows:
        title_kk, title_ru = both(_implemented, row.year)
        projects = row.content["rows"]
        yield Draft(
            row.pk,
            reverse("oversight:implementation", args=[row.pk]),
            title_kk,
            title_ru,
            published_at=row.published_at,
            instrument=SOCIAL_ORDER,
            year=row.year,
            regions=where("", row.body),
            body=row.body_id,
            sum_tiyn=sum(one["contracted"]["tiyn"] or 0 for one in projects),
            facts=told(annex=5, issue=row.issue, projects=len(projects)),
            searched=tuple(text for one in projects for text in one["name"].values()),
        )


def same_year(keys: Keys) -> Iterable[int]:
    """A later issue takes the place of all earlier ones of its body and year."""
    told_of = PublicInformation.objects.filter(pk__in=keys)
    rows = PublicInformation.objects.filter(
        body__in=told_of.values("body"), year__in=told_of.values("year")
    )
    return rows.values_list("pk", flat=True)


def _office(council: ExpertCouncil) -> dict[str, str]:
    """From when to when it is in office, which its page tells once it is."""
    if council.state not in (State.IN_OFFICE, State.ENDED):
        return {}
    return dict(told(since=iso(council.office_from), until=iso(council.office_until)))


def _councils(rows: Sequence[ExpertCouncil]) -> Iterator[Draft]:
    for row in rows:
        yield Draft(
            row.pk,
            reverse("oversight:council", args=[row.pk]),
            row.title_kk,
            row.title_ru,
            published_at=row.announced_at,
            summary_kk=shorter(row.announcement_kk),
            summary_ru=shorter(row.announcement_ru),
            instrument=SOCIAL_ORDER,
            regions=where("", row.body),
            body=row.body_id,
            opens_at=row.announced_at,
            closes_at=row.nominations_until,
            state=row.state,
            facts=_office(row),
        )


SOURCES = (
    Source(
        Kind.EVALUATION,
        "oversight.evaluation",
        evaluations.published,
        _judged,
        {"oversight.evaluation": same},
    ),
    Source(
        Kind.REPORT,
        "oversight.publicinformation",
        _informations,
        _carried_out,
        {"oversight.publicinformation": same_year},
    ),
    Source(
        Kind.COUNCIL,
        "oversight.expertcouncil",
        councils.public_councils,
        _councils,
        {"oversight.expertcouncil": same},
    ),
)
