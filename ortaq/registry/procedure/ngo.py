"""The public register of NGOs follows what is known of them; it has no steps of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from ortaq.core import bulk
from ortaq.people.models import Organisation
from ortaq.registry import naming, returns
from ortaq.registry.importing.progress import Progress, portions, silent
from ortaq.registry.models import LONGEST_WORD, AnnualReturn, Ngo, NgoDirection, NgoWord

COPIED = ["key", "sort", "region_code", "legal_form", "filed_year", "filed_on", "filed_approved"]
FIGURES = ["figures_year", "staff", "volunteers", "turnover_tiyn"]
BATCH = 500


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


def enter(
    organisations: Iterable[Organisation],
    figures: Mapping[int, Figures] | None = None,
    *,
    progress: Progress = silent,
) -> None:
    """Bring the register's rows of these organisations up to what they and their returns say.

    With `figures` of some of them, by their number, all of them are new here, and `learn` need not be called.

    Called wherever an organisation or a return is saved; whoever saves many at once past the
    signals (`bulk_create`, `bulk_update`) calls it with all of them. Others than NGOs leave it.
    """
    everybody = list(organisations)
    said: set[str] = set()
    with transaction.atomic():
        for some in portions(everybody, BATCH, progress):
            rows = _enter(some, figures)
            said.update(word[:LONGEST_WORD] for row in rows for word in row.key.split())
        fresh = [NgoWord(word) for word in sorted(said) if any(map(str.isalpha, word))]
        NgoWord.objects.bulk_create(fresh, ignore_conflicts=True)


def _enter(
    organisations: Sequence[Organisation], figures: Mapping[int, Figures] | None
) -> list[Ngo]:
    # Parties, unions and religious associations are no NGOs in the sense of the law (NG-003).
    ngos = {one.pk: one for one in organisations if returns.is_obliged(one)}
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
        if figures and (told := figures.get(pk)):
            _tell(row, told)
        rows.append(row)
    if figures is None:
        Ngo.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["organisation"], update_fields=COPIED
        )
    else:
        columns = ("organisation_id", *COPIED, *FIGURES)
        told_rows = ([getattr(row, name) for name in columns] for row in rows)
        bulk.insert(Ngo, ("organisation", *COPIED, *FIGURES), told_rows)
        _direct(rows, figures)
    return rows


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
            _tell(ngo, told)
            rows.append(ngo)
    # An update of many rows with a value each is told to the database many times slower than their writing anew.
    Ngo.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["organisation"], update_fields=FIGURES
    )
    NgoDirection.objects.filter(
        ngo__in=[row.pk for row in rows if figures[row.pk].directions is not None]
    ).delete()
    _direct(rows, figures)


def _tell(row: Ngo, told: Figures) -> None:
    row.figures_year, row.staff = told.year, told.staff
    row.volunteers, row.turnover_tiyn = told.volunteers, told.turnover_tiyn


def _direct(rows: Iterable[Ngo], figures: Mapping[int, Figures]) -> None:
    """Write the directions that the figures tell of NGOs that have none."""
    bulk.insert(
        NgoDirection,
        ("ngo", "direction"),
        (
            (row.pk, direction)
            for row in rows
            if (told := figures.get(row.pk))
            for direction in dict.fromkeys(told.directions or ())
        ),
    )
