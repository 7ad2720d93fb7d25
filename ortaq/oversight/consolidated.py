"""Annexes 9 and 3 of all state bodies together, as the authorised body collects them: one workbook, Kazakh and Russian.

Nothing is counted anew: the rows are those that each body submitted. They are read once, body by body, and laid out by field in
temporary files, so that memory does not grow with their number.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db.models import F, QuerySet

from ortaq import law
from ortaq.core.bilingual import pick
from ortaq.documents.forms import Form, form
from ortaq.documents.spreadsheet import Band, Sheet, Value
from ortaq.law.text import Text
from ortaq.oversight.annex9 import NO_FIELD, fraction
from ortaq.oversight.models import StatutoryReport, StatutorySubmission
from ortaq.oversight.papers.statutory import PROGRAMME, rounded
from ortaq.planning.models import Information
from ortaq.planning.models.formation import in_thousands

State = StatutoryReport.State
COUNTED = (State.SUBMITTED, State.ACCEPTED)
# How many bodies are read at once; a field of so many bytes stays in memory.
BODIES, IN_MEMORY = 5, 1 << 18
TOGETHER = 100
LANGUAGES = {"kk": "Қазақша", "ru": "Русский"}
WITHOUT = Text("Саласы белгісіз", "Сфера не определена")
INCLUDED = Text(
    "Енгізілді: {all} мемлекеттік органнан {included} есеп",
    "Включено отчётов: {included}, государственных органов всего: {all}",
)
MISSING = Text("Енгізілмеді: {names}", "Не включены: {names}")
Row = tuple[Value, ...]
# Told of rows as they are read: how many more. It may raise, which ends the reading.
Reading = Callable[[int], object]
# The rows of one language by field, of values that `marshal` knows.
Kept = Mapping[str, Iterable[tuple[Any, ...]]]


def silent(_rows: int) -> None:
    """Nobody watches."""


def latest(year: int, period: str, *, accepted: bool = False) -> QuerySet[StatutorySubmission]:
    """What counts of a period: of each body the round submitted last, unless it was returned; with `accepted` only what was accepted.

    By name of the body, without the rows themselves.
    """
    states = (State.ACCEPTED,) if accepted else COUNTED
    rows = StatutorySubmission.objects.filter(
        report__year=year,
        report__period=period,
        report__state__in=states,
        round=F("report__round"),
    )
    return rows.select_related("report__body").order_by("report__body__sort", "pk")


@dataclass(frozen=True, slots=True)
class Cover:
    """How complete a workbook is: state bodies in all, and those that are not in it."""

    all: int
    missing: Sequence[Mapping[str, str]] = ()

    def lines(self, language: str) -> list[str]:
        """What stands above the table."""
        said = INCLUDED.fill(all=self.all, included=self.all - len(self.missing)).say(language)
        if not self.missing:
            return [said]
        names = "; ".join(pick(one["kk"], one["ru"], language) for one in self.missing)
        return [said, MISSING.fill(names=names).say(language)]


def rows_of_annex_9(year: int, period: str, *, accepted: bool = False) -> int:
    """How many rows the consolidated annex 9 has, as kept with each submission; one query."""
    kept = latest(year, period, accepted=accepted).values_list("figures", flat=True)
    return sum(one["rows"] for figures in kept for one in figures)


@contextmanager
def annex_9(
    year: int,
    period: str,
    edition: str,
    *,
    cover: Cover,
    languages: Sequence[str] = ("kk", "ru"),
    accepted: bool = False,
    reading: Reading = silent,
) -> Iterator[list[Sheet]]:
    """The worksheets of the consolidated annex 9, one for each language; to be written inside the `with`."""
    counted = latest(year, period, accepted=accepted)
    contents = (content["sections"] for content in _contents(counted))
    blank = form("SO-A9", edition)
    with _by_field(contents, languages, _annex_9_row, reading) as rows:
        yield [
            _sheet(blank, year, language, cover, _annex_9_rows(blank, rows[language], language))
            for language in languages
        ]


def _annex_9_row(row: Mapping[str, Any], language: str) -> tuple[Any, ...]:
    administrator = _two(row, "administrator", language)
    if programme := row["programme"]:
        administrator = PROGRAMME.fill(name=administrator, programme=programme).say(language)
    told = [_two(row, name, language) for name in ("process", "results", "impact")]
    return (
        administrator,
        _two(row, "name", language),
        row["planned"]["tiyn"],
        row["contracted"]["tiyn"],
        _two(row, "supplier", language),
        "\n".join(one for one in told if one),
        None if row["score"] is None else row["score"]["points"],
    )


def _two(row: Mapping[str, Any], name: str, language: str) -> str:
    """As `pick`, without asking twice: it is called hundreds of thousands of times."""
    both: Mapping[str, str] = row[name]
    return both[language] or both["kk"] or both["ru"]


def _annex_9_rows(blank: Form, rows: Kept, language: str) -> Iterator[Row | Band]:
    for number, field in enumerate(_fields(blank, rows), 1):
        yield Band(_heading(blank, number, field, language))
        for place, row in enumerate(rows.get(field, ()), 1):
            body, name, planned, contracted, supplier, told, points = row
            yield (place, body, name, thousands(planned), thousands(contracted), supplier, told, _points(points))  # fmt: skip


@lru_cache(maxsize=1000)  # the same few values come again and again
def _points(kept: str | int | None) -> Decimal | None:
    return rounded(fraction(kept))


# --- Annex 3 ----------------------------------------------------------------------------------------


def rows_of_annex_3(informations: QuerySet[Information], most: int) -> int:
    """How many rows these Informations have; whoever asks whether they are more than `most` need not read on."""
    rows = 0
    for content in _contents(informations.order_by("pk")):
        rows += sum(len(section["rows"]) for section in content)
        if rows > most:
            break
    return rows


@contextmanager
def annex_3(
    informations: QuerySet[Information],
    year: int,
    edition: str,
    languages: Sequence[str],
    *,
    reading: Reading = silent,
) -> Iterator[list[Sheet]]:
    """The worksheets of the Informations received for a year: each field with the rows of all bodies and its total (SO-F-14)."""
    contents = _contents(informations.order_by("body__sort", "pk"))
    blank = form("SO-A3", edition)
    with _by_field(contents, languages, _annex_3_row, reading) as rows:
        yield [
            _sheet(blank, year, language, None, _annex_3_rows(blank, rows[language], language))
            for language in languages
        ]


def _annex_3_row(row: Mapping[str, Any], language: str) -> tuple[Any, ...]:
    body, name, summary = (_two(row, key, language) for key in ("administrator", "name", "summary"))
    return body, name, row["amount"], summary


def _annex_3_rows(blank: Form, rows: Kept, language: str) -> Iterator[Row | Band]:
    total_of = blank.section("projects").table("projects").row("total").label.say(language)
    for number, field in enumerate(_fields(blank, rows), 1):
        yield Band(_heading(blank, number, field, language))
        total = 0
        for place, (body, name, amount, summary) in enumerate(rows.get(field, ()), 1):
            total += amount
            yield place, body, name, thousands(amount), summary
        yield "", total_of, "", thousands(total)


# --- Alike in both -----------------------------------------------------------------------------------


def thousands(tiyn: int | None) -> Decimal | None:
    """A sum as the forms print it, in thousand tenge, exact; a `Decimal`, so that its cell has decimals."""
    return None if tiyn is None else Decimal(in_thousands(tiyn))


def _fields(blank: Form, rows: Mapping[str, Any]) -> list[str]:
    """Every field of the edition in its order, then what has none or is of another edition."""
    own = [one.key for one in law.fields_of(blank.section("projects").table("projects").groups)]
    return own + sorted(set(rows) - set(own))


def _heading(blank: Form, number: int, field: str, language: str) -> str:
    if field == NO_FIELD:
        return WITHOUT.say(language)
    label = blank.section("projects").table("projects").row("field").label
    return label.fill(number=number, field=law.field(field).text.say(language)).say(language)


def _sheet(
    blank: Form, year: int, language: str, cover: Cover | None, rows: Iterable[Row | Band]
) -> Sheet:
    columns = blank.section("projects").table("projects").columns
    return Sheet(
        LANGUAGES[language],
        [column.label.say(language) for column in columns],
        rows,
        widths=[6, *(column.width * 6 for column in columns[1:])],
        above=[
            blank.annex.say(language),
            *(cover.lines(language) if cover else ()),
            blank.title.fill(year=year).say(language),
        ],
        wraps=True,
    )


def _contents(rows: QuerySet[Any]) -> Iterator[Any]:
    """The frozen contents of these rows in their order. Sorted by key alone: a database would sort the contents with them, all at once."""
    pks = list(rows.values_list("pk", flat=True))
    model = rows.model._default_manager
    for at in range(0, len(pks), BODIES):
        wanted = pks[at : at + BODIES]
        found = dict(model.filter(pk__in=wanted).values_list("pk", "content"))
        for pk in wanted:
            yield found.pop(pk)


class _Kept:
    """Rows put away until their field is written; each reading begins anew."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.lengths: list[int] = []
        self.held: list[tuple[Any, ...]] = []

    def add(self, row: tuple[Any, ...]) -> None:
        self.held.append(row)
        if len(self.held) == TOGETHER:
            self._put_away()

    def _put_away(self) -> None:
        packed = marshal.dumps(self.held)
        self.file.write(packed)
        self.lengths.append(len(packed))
        self.held = []

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        self.file.seek(0)
        for length in self.lengths:
            yield from marshal.loads(self.file.read(length))  # noqa: S302 - a file of our own that nobody else can reach
        yield from self.held


@contextmanager
def _by_field(
    contents: Iterable[Sequence[Mapping[str, Any]]],
    languages: Sequence[str],
    laid: Callable[[Mapping[str, Any], str], tuple[Any, ...]],
    reading: Reading,
) -> Iterator[Mapping[str, Kept]]:
    """For each language the rows of all bodies by field, in the order of the bodies; the files are gone after the `with`."""
    found: dict[str, dict[str, _Kept]] = {language: {} for language in languages}
    with ExitStack() as open_files:
        for sections in contents:
            for section in sections:
                if not section["rows"]:
                    continue
                for language, fields in found.items():
                    kept = fields.get(section["field"])
                    if kept is None:
                        file = open_files.enter_context(SpooledTemporaryFile(IN_MEMORY))
                        kept = fields[section["field"]] = _Kept(file)
                    for row in section["rows"]:
                        kept.add(laid(row, language))
                reading(len(section["rows"]))
        yield found
