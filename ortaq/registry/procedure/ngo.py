"""The public register of NGOs follows what is known of them; it has no steps of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from ortaq.people.models import Organisation
from ortaq.registry import naming, returns
from ortaq.registry.models import AnnualReturn, Ngo, NgoDirection, NgoWord

COPIED = ["key", "sort", "region_code", "legal_form", "filed_year", "filed_on", "filed_approved"]
FIGURES = ["figures_year", "staff", "volunteers", "turnover_tiyn"]
BATCH = 500
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """What an approved return or the state's register tells of an NGO in `year`; None: not told.

    `directions` are keys of the law's fields; None leaves those that are known.
    """

    year: int
    staff: int | None = None
    volunteers: int | None = None
    turnover_tiyn: int | None = None
    directions: tuple[str, ...] | None = None


def enter(organisations: Iterable[Organisation]) -> None:
    """Bring the register's rows of these organisations up to what they and their returns say.

    Called wherever an organisation or a return is saved; whoever saves many at once past the
    signals (`bulk_create`, `bulk_update`) calls it with all of them. Others than NGOs leave it.
    """
    everybody = list(organisations)
    with transaction.atomic():
        for start in range(0, len(everybody), BATCH):
            _enter(everybody[start : start + BATCH])


def _enter(organisations: list[Organisation]) -> None:
    ngos = {one.pk: one for one in organisations if one.kind == Organisation.Kind.NGO}
    if others := [one.pk for one in organisations if one.pk not in ngos]:
        Ngo.objects.filter(pk__in=others).delete()
    sent = AnnualReturn.objects.filter(organisation__in=ngos).exclude(sent_on=None)
    newest = {row.organisation_id: row for row in sent.order_by("year", "id")}
    rows = []
    for pk, organisation in ngos.items():
        row = Ngo(
            organisation=organisation,
            key=naming.key_of(organisation),
            sort=organisation.sort,
            region_code=organisation.region_code,
            legal_form=organisation.legal_form,
        )
        if filed := newest.get(pk):
            row.filed_year, row.filed_on = filed.year, returns.filed_on(filed)
            row.filed_approved = returns.is_approved(filed)
        rows.append(row)
    Ngo.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["organisation"], update_fields=COPIED
    )
    said = {word[:LONGEST_WORD] for row in rows for word in row.key.split() if word.isalpha()}
    NgoWord.objects.bulk_create([NgoWord(word) for word in sorted(said)], ignore_conflicts=True)


def learn(figures: Mapping[int, Figures]) -> None:
    """Note the figures of organisations by their number; older ones than are known change nothing.

    Organisations that are not in the register are passed over.
    """
    with transaction.atomic():
        everybody = list(figures)
        for start in range(0, len(everybody), BATCH):
            _learn({pk: figures[pk] for pk in everybody[start : start + BATCH]})


def _learn(figures: Mapping[int, Figures]) -> None:
    rows = []
    for ngo in Ngo.objects.select_for_update(of=("self",)).filter(pk__in=figures).order_by("pk"):
        told = figures[ngo.pk]
        if ngo.figures_year is None or ngo.figures_year <= told.year:
            ngo.figures_year, ngo.staff = told.year, told.staff
            ngo.volunteers, ngo.turnover_tiyn = told.volunteers, told.turnover_tiyn
            rows.append(ngo)
    # An update of many rows with a value each is told to the database many times slower than their writing anew.
    Ngo.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["organisation"], update_fields=FIGURES
    )
    directed = {
        ngo.pk: directions for ngo in rows if (directions := figures[ngo.pk].directions) is not None
    }
    NgoDirection.objects.filter(ngo__in=directed).delete()
    NgoDirection.objects.bulk_create(
        NgoDirection(ngo_id=pk, direction=direction)
        for pk, directions in directed.items()
        for direction in dict.fromkeys(directions)
    )
