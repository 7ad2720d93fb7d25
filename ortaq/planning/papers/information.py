"""Annex 3, the Information, printed from what was frozen when it was issued (SO-F-14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ortaq import law
from ortaq.core.bilingual import pick
from ortaq.documents.filling import fill
from ortaq.documents.forms import Table, form
from ortaq.documents.paper import Paper
from ortaq.planning.models import Information


def annex_3(information: Information, language: str) -> Paper:
    """The Information in its form: a section per field with its total, no grand total."""
    blank = form("SO-A3", information.formation.edition)
    table = blank.section("projects").table("projects")
    rows = list(_rows(table, information.content, language))
    values = {
        "fields": {"year": str(information.plan_year)},
        "sections": {"projects": rows},
    }
    return fill(blank, values, language)


def _rows(table: Table, content: list[Mapping[str, Any]], language: str) -> Iterator[Any]:
    heading = table.row("field").label
    for number, section in enumerate(content, 1):
        field = law.field(section["field"]).text.say(language)
        yield {"group": heading.fill(number=number, field=field).say(language)}
        for place, row in enumerate(section["rows"], 1):
            words = {
                key: pick(row[key]["kk"], row[key]["ru"], language)
                for key in ("administrator", "name", "summary")
            }
            yield {"num": place, "amount": row["amount"], **words}
        yield {"total": "total", "amount": sum(row["amount"] for row in section["rows"])}
