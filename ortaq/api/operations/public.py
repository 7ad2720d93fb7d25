"""What everybody may read: publications, what changed, what is open now, money, NGOs, codes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import Count, Prefetch, QuerySet, Sum
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from ortaq import law
from ortaq.api.problems import Problem, error
from ortaq.api.schemas import (
    LARGEST,
    Bin,
    ChangesOut,
    FieldOut,
    Limit,
    NgosOut,
    PublicationOut,
    PublicationsOut,
    RegionOut,
    SumsOut,
    WholeNgoOut,
)
from ortaq.core import clock, regions
from ortaq.faces import hooks
from ortaq.gazette import queries
from ortaq.gazette.models import Publication, PublicationRegion
from ortaq.gazette.moments import COUNTED
from ortaq.law.fields import field_sets, fields_by_name
from ortaq.people.models import Organisation
from ortaq.registry.models import Ngo
from ortaq.registry.queries import ngo as register

from .shared import answers, named, party

router = Router(tags=["public"])
Year = Annotated[int, Field(ge=2000, le=2100)]
Code = Annotated[str, Field(max_length=60)]
# A word for its readers: as a number it is larger than what every program reads exactly.
Place = Annotated[str, Field(pattern=r"^[0-9]{1,18}$")]
Sequence = Annotated[int, Field(ge=0, le=LARGEST)]
BY = Literal["year", "field", "region", "instrument", "body", "recipient"]
OF = Literal["planned", "awarded", "contracted"]


class Filters(Schema):
    """What publications are narrowed by; what is left out narrows nothing. `since`: only what changed after that sequence."""

    kind: Publication.Kind | None = None
    instrument: Publication.Instrument | None = None
    field: Code | None = None
    region: Code | None = None
    year: Year | None = None
    body: Bin | None = None
    recipient: Bin | None = None
    since: Sequence | None = None

    def narrow(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        """`rows` with all that is asked; raises `Problem` for a field or region that nobody knows."""
        _refuse_unknown("field", self.field, set(fields_by_name().values()))
        _refuse_unknown("region", self.region, {one.code for one in regions.every()})
        rows = queries.narrowed(
            rows,
            kind=self.kind or "",
            field=self.field or "",
            region=self.region or "",
            year=self.year,
            instrument=self.instrument or "",
        )
        for name in ("body", "recipient"):
            if value := getattr(self, name):
                rows = rows.filter(**{f"{name}__bin": value})
        return rows if self.since is None else rows.filter(sequence__gt=self.since)


def _refuse_unknown(name: str, value: str | None, known: set[str]) -> None:
    if value is not None and value not in known:
        message = gettext_lazy("This is none of the values that the documentation lists.")
        raise Problem("refused", [error("unknown_value", message, name)])


# --- Publications ----------------------------------------------------------------------------------


@router.get("publications/", response=answers(PublicationsOut), summary=_("Publications"))
def publications(
    request: HttpRequest,
    filters: Query[Filters],
    after: Place | None = None,
    limit: Limit = 50,
) -> Any:
    """Everything that is public, the newest first."""
    rows = filters.narrow(queries.published())
    if after is not None:
        rows = rows.filter(place__lt=int(after))
    found = list(_with_regions(rows)[: limit + 1])
    more = len(found) > limit
    return {
        "items": [_publication(one) for one in found[:limit]],
        "next": str(found[limit - 1].place) if more else None,
        "watermark": queries.watermark(),
    }


@router.get(
    "publications/{str:key}/", response=answers(PublicationOut), summary=_("One publication")
)
def publication(request: HttpRequest, key: str) -> Any:
    """By its key, for example grants.competition:17."""
    one = _with_regions(queries.published()).filter(key=key).first()
    if one is None:
        raise Http404
    return _publication(one)


@router.get("changes/", response=answers(ChangesOut), summary=_("What changed"))
def changes(request: HttpRequest, after: Sequence = 0, limit: Limit = 100) -> Any:
    """In the order of changes, withdrawn ones included: whoever goes on from `next` misses nothing. Ask again with the last
    `next` when it is at the `watermark`.
    """
    last = queries.watermark()
    found = list(_with_regions(queries.since(after, limit)))
    return {
        "items": [_publication(one) for one in found],
        "next": found[-1].sequence if found else None,
        "watermark": last,
    }


@router.get("open/", response=answers(PublicationsOut), summary=_("What is open now"))
def open_now(request: HttpRequest, limit: Limit = 100) -> Any:
    """Discussions, competitions, tenders, nominations in which one can take part now, the first to close first."""
    rows = _with_regions(queries.open_on(clock.now()))[:limit]
    return {
        "items": [_publication(one) for one in rows],
        "next": None,
        "watermark": queries.watermark(),
    }


def _with_regions(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return rows.prefetch_related(Prefetch("regions", PublicationRegion.objects.order_by("region")))


def _publication(one: Publication) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind,
        "sequence": one.sequence,
        "changed_at": one.changed_at,
        "withdrawn": one.withdrawn,
        "address": f"{settings.SITE_URL}{one.address}" if one.address else "",
        "title": named(one, "title"),
        "summary": named(one, "summary"),
        "instrument": one.instrument,
        "year": one.year,
        "field": one.field,
        "regions": [row.region for row in one.regions.all()],
        "body": party(one.body) if one.body else None,
        "recipient": party(one.recipient) if one.recipient else None,
        "sum_tiyn": one.sum_tiyn,
        "opens_at": one.opens_at,
        "closes_at": one.closes_at,
        "published_at": one.published_at,
        "state": one.state,
        "facts": one.facts,
    }


# --- Money -----------------------------------------------------------------------------------------


@router.get("money/", response=answers(SumsOut), summary=_("Public money"))
def money(
    request: HttpRequest,
    filters: Query[Filters],
    by: BY = "year",
    of: OF = "contracted",
    limit: Limit = 100,
) -> Any:
    """Sums by one property, counted when money is planned, awarded or in contracts; the greatest first."""
    rows = filters.narrow(queries.published()).filter(kind__in=COUNTED[of], sum_tiyn__isnull=False)
    column = f"{by}__bin" if by in ("body", "recipient") else by
    grouped = list(
        rows.order_by().values_list(column).annotate(sum_of=Sum("sum_tiyn"), count_of=Count("pk"))
    )
    grouped.sort(key=lambda one: (-one[1], str(one[0])))
    shown = grouped[:limit]
    names = _names(by, [value for value, *_rest in shown if value])
    return {
        "of": of,
        "by": by,
        "sum_tiyn": sum(one[1] for one in grouped),
        "count": sum(one[2] for one in grouped),
        "items": [
            {
                "value": str(value) if value else None,
                "name": names.get(value),
                "sum_tiyn": sum_tiyn,
                "count": count,
            }
            for value, sum_tiyn, count in shown
        ],
    }


def _names(by: str, values: list[Any]) -> dict[Any, dict[str, str]]:
    """What the values are called, in three languages; at most one query."""
    if by == "field":
        return {key: law.field(key).text.as_dict() for key in values}
    if by == "region":
        found = {code: regions.find(code) for code in values}
        return {code: one.name.as_dict() for code, one in found.items() if one}
    if by in ("body", "recipient"):
        rows = Organisation.objects.filter(bin__in=values).values_list("bin", "name_kk", "name_ru")
        return {key: law.Text(kk, ru, "").as_dict() for key, kk, ru in rows}
    return {}


# --- NGOs ------------------------------------------------------------------------------------------


@router.get("ngos/", response=answers(NgosOut), summary=_("Register of NGOs"))
def ngos(
    request: HttpRequest,
    q: Annotated[str, Field(max_length=200)] = "",
    region: Code = "",
    direction: Code = "",
    after: Annotated[str, Field(max_length=1000)] = "",
) -> Any:
    """By words of the name or the BIN, in either keyboard and spelling; 20 at once, the best match first."""
    _refuse_unknown("direction", direction or None, set(fields_by_name().values()))
    _refuse_unknown("region", region or None, {one.code for one in regions.every()})
    found = register.ngos(register.Asked(words=q, region=region, direction=direction, page=after))
    return {
        "items": [
            _ngo(one, [row.direction for row in found.directions[one.pk]])
            for one in found.page.rows
        ],
        "next": found.page.next or None,
        "total": found.total,
        "instead": found.instead,
    }


@router.get("ngos/{str:bin}/", response=answers(WholeNgoOut), summary=_("One NGO"))
def ngo(request: HttpRequest, bin: Bin) -> Any:  # noqa: A002 - as the field
    """Its card; its publications are those with it as `recipient`."""
    one = Ngo.objects.select_related("organisation").filter(organisation__bin=bin).first()
    if one is None or one.organisation.kind != Organisation.Kind.NGO:
        raise Http404
    directions = one.directions.order_by("id").values_list("direction", flat=True)
    return _ngo(one, list(directions)) | {
        "registered_on": one.organisation.registered_on,
        "publications": queries.published().filter(recipient=one.organisation).count(),
    }


def _ngo(one: Ngo, directions: list[str]) -> dict[str, Any]:
    organisation = one.organisation
    page = hooks.organisation_page(organisation)
    return {
        **party(organisation),
        "legal_form": one.legal_form,
        "region": one.region_code,
        "directions": directions,
        "staff": one.staff,
        "volunteers": one.volunteers,
        "figures_year": one.figures_year,
        "address": f"{settings.SITE_URL}{page}" if page else "",
    }


# --- Codes -----------------------------------------------------------------------------------------


@router.get("regions/", response=answers(list[RegionOut]), summary=_("Regions and their codes"))
def list_regions(request: HttpRequest) -> Any:
    """Every region under every name it has had since 2018."""
    return [
        {
            "code": one.code,
            "kind": one.kind.value,
            "name": one.name.as_dict(),
            "since": one.since,
            "until": one.until,
        }
        for one in regions.every()
    ]


@router.get("fields/", response=answers(list[FieldOut]), summary=_("Fields and their codes"))
def list_fields(request: HttpRequest) -> Any:
    """The fields of social orders, grants and prizes, and in which lists of the law each stands."""
    sets = field_sets()
    return [
        {
            "key": key,
            "name": law.field(key).text.as_dict(),
            "sets": [name for name, members in sets.items() if key in members],
        }
        for key in fields_by_name().values()
    ]
