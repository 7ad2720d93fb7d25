"""How a public table is declared: once, as data. CSV, JSON, dictionary and page all come from it.

    Table(
        slug="tenders",
        title=Text("…", "…", "Tenders of the social order"),
        about=Text(…),
        group="tenders",
        rows=lambda: tenders_visible_to(PASSER_BY),      # the room's own public visibility
        columns=(ID, Column("number", Text(…), "number"), money("sum", Text(…), "sum_tiyn"), …),
        filters={"year": "announced_at__year", "region": "customer__region_code"},
    )

Rows are read by their primary key, `CHUNK` at a time: a table of any length takes the same memory, the same number of
queries for each chunk, and holds no transaction open while a slow reader reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from ortaq.core import clock
from ortaq.documents.spreadsheet import Value, tenge
from ortaq.documents.text import printable
from ortaq.law.text import EMPTY, Text

CHUNK = 1000


class Kind(StrEnum):
    """What a column holds; the names are those of the Data Package standard where it has them."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"  # an exact decimal
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


Read = str | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code, its name in three languages, where its value is read.

    `read` is the path of an attribute or a function of the row. `unit` is "KZT" for sums, which rows keep in tiyn and
    tables show in tenge, exact. `codelist` names the list that explains the codes.
    """

    code: str
    title: Text
    read: Read = ""
    kind: Kind = Kind.STRING
    unit: str = ""
    codelist: str = ""
    about: Text = EMPTY

    def reader(self) -> Callable[[Any], Value]:
        """The value of a row as it is written: a day or an instant of Almaty, a sum in tenge, clean text."""
        found = self.read or self.code
        get = found if callable(found) else _path(found)
        if self.unit == "KZT":
            return lambda row: tenge(get(row))
        return lambda row: clean(get(row))


def _path(path: str) -> Callable[[Any], Any]:
    """An attribute of the row, None where something on the way to it is missing."""
    straight = attrgetter(path)
    if "." not in path:
        return straight

    def get(row: Any) -> Any:
        try:
            return straight(row)
        except AttributeError:
            return None

    return get


def clean(value: Any) -> Value:
    """A value as a table holds it: no "" (that is nothing), no fraction, no control character."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return printable(str(value)) or None
    if isinstance(value, datetime):
        return value.astimezone(clock.ALMATY).replace(microsecond=0)
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, (bool, int, Decimal, date)):
        return value
    return printable(str(value)) or None


@dataclass(frozen=True, slots=True)
class Table:
    """A public table. `rows` is the room's public query; `expand` turns a chunk of its rows into the table's rows, in a
    fixed number of further queries; `filters` says by which fields year, region and field narrow it.
    """

    slug: str
    group: str
    title: Text
    about: Text
    columns: tuple[Column, ...]
    rows: Callable[[], QuerySet[Any]]
    expand: Callable[[Sequence[Any]], Iterable[Any]] | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ("id",)

    @property
    def codes(self) -> list[str]:
        return [column.code for column in self.columns]

    def chosen(self, asked: Mapping[str, Any]) -> QuerySet[Any]:
        """The rows of the room, narrowed by values of `filters` that were checked before."""
        return self.rows().filter(**{self.filters[name]: value for name, value in asked.items()})

    def read(self, asked: Mapping[str, Any] | None = None) -> Iterator[list[Value]]:
        """The table's rows in the order of `columns`, in flat memory."""
        readers = [column.reader() for column in self.columns]
        for row in self._things(asked or {}):
            yield [read(row) for read in readers]

    def _things(self, asked: Mapping[str, Any]) -> Iterator[Any]:
        rows = self.chosen(asked).order_by("pk")
        last: Any = None
        while chunk := list((rows if last is None else rows.filter(pk__gt=last))[:CHUNK]):
            last = chunk[-1].pk
            yield from self.expand(chunk) if self.expand else chunk
            if len(chunk) < CHUNK:
                return


# --- Columns that many tables have ----------------------------------------------------------------


def money(code: str, title: Text, read: Read = "", about: Text = EMPTY) -> Column:
    """A sum: rows keep it in tiyn, tables show tenge."""
    return Column(code, title, read or f"{code}_tiyn", Kind.NUMBER, "KZT", about=about)


def whole(code: str, title: Text, read: Read = "", about: Text = EMPTY) -> Column:
    return Column(code, title, read, Kind.INTEGER, about=about)


def day(code: str, title: Text, read: Read = "", about: Text = EMPTY) -> Column:
    return Column(code, title, read, Kind.DATE, about=about)


def instant(code: str, title: Text, read: Read = "", about: Text = EMPTY) -> Column:
    return Column(code, title, read, Kind.DATETIME, about=about)


def coded(code: str, title: Text, codelist: str, read: Read = "", about: Text = EMPTY) -> Column:
    return Column(code, title, read, codelist=codelist, about=about)


def both(code: str, title: Text, read: str = "") -> tuple[Column, Column]:
    """What stands in Kazakh and in Russian: two columns."""
    read = read or code
    ends = (
        ("kk", (", қазақша", ", на казахском", ", in Kazakh")),
        ("ru", (", орысша", ", на русском", ", in Russian")),
    )
    kk, ru = (
        Column(
            f"{code}_{language}",
            Text(*(f"{words}{end}" for words, end in zip(title, said, strict=True))),
            f"{read}_{language}",
        )
        for language, said in ends
    )
    return kk, ru


def organisation(code: str, title: Text, read: str = "") -> tuple[Column, Column, Column]:
    """A legal person: its BIN and its name in both languages. Persons have no columns anywhere."""
    read = read or code
    words = Text(f"{title.kk}: БСН", f"{title.ru}: БИН", f"{title.en}: BIN")
    return (
        Column(f"{code}_bin", words, f"{read}.bin"),
        *both(f"{code}_name", title, f"{read}.name"),
    )


ID = Column(
    "id",
    Text("Нөмірі", "Номер", "Number"),
    "pk",
    Kind.INTEGER,
    about=Text(
        "Осы сайттағы нөмірі: өзгермейді, сілтемелер соған сүйенеді.",
        "Номер на этом сайте: не меняется, на него ссылаются другие таблицы.",
        "The number on this site: it does not change, other tables refer to it.",
    ),
)
YEAR = Text("Жыл", "Год", "Year")
REGION = Text("Өңір", "Регион", "Region")
FIELD = Text("Сала", "Сфера", "Field")
STATE = Text("Жай-күйі", "Состояние", "State")
TITLE = Text("Атауы", "Название", "Title")
PUBLISHED = Text("Жарияланған", "Опубликовано", "Published")
SUM = Text("Сомасы", "Сумма", "Sum")
BODY = Text("Мемлекеттік орган", "Государственный орган", "State body")
CONTRACT = Text("Шарт", "Договор", "Contract")


def region(read: Read = "region_code") -> Column:
    return coded("region", REGION, "regions", read)


def law_field(read: Read = "field") -> Column:
    return coded("field", FIELD, "fields", read)


def state_of(codelist: str, read: Read = "state") -> Column:
    return coded("state", STATE, codelist, read)
