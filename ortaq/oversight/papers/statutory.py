"""Annexes 5 and 9 on their forms, from content as it was frozen or as it stands now."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import FileResponse

from ortaq.core.bilingual import pick
from ortaq.core.files import XLSX
from ortaq.documents import render
from ortaq.documents.filling import fill
from ortaq.documents.forms import Table, form
from ortaq.documents.paper import Paper
from ortaq.law.text import Text
from ortaq.oversight.annex9 import fraction
from ortaq.oversight.models import PublicInformation, StatutoryReport
from ortaq.oversight.queries.statutory import sections_of

LANGUAGES = ("kk", "ru")
# The form has no place that tells the half-year from the year. No form is known for what the edition of 2018 asks on evaluation: the same
# rows with their points say it.
ABOUT = {
    StatutoryReport.Period.HALF: Text("{body}, {year} жылғы жартыжылдық", "{body}, полугодие {year} года", "{body}, half-year {year}"),
    StatutoryReport.Period.YEAR: Text("{body}, {year} жыл", "{body}, {year} год", "{body}, {year}"),
    StatutoryReport.Period.EVALUATION: Text("{body}, {year} жылғы бағалау нәтижелері", "{body}, результаты оценки за {year} год", "{body}, results of evaluation {year}"),
}  # fmt: skip
DRAFT = Text("жоба, әлі ұсынылған жоқ", "черновик, ещё не представлен", "draft, not submitted yet")
PROGRAMME = Text("{name}, {programme} бағдарламасы", "{name}, программа {programme}", "{name}, programme {programme}")  # fmt: skip
# SO-X-06: the sum stands in the column, the mean is a remark to it.
MEAN = Text("{total}\n(орташа балл {mean})", "{total}\n(средний балл {mean})", "{total}\n(mean {mean})")  # fmt: skip


def annex_9(report: StatutoryReport, content: Mapping[str, Any], language: str) -> Paper:
    """The report of one body; fields without projects stand there too, as the form has them."""
    blank = form("SO-A9", report.edition)
    values = {
        "fields": {"year": str(report.year)},
        "sections": {"projects": list(_rows(blank.section("projects").table("projects"), content, language))},
        "signatures": {
            "head": {
                "position": content.get("signer_position", ""),
                "name": content.get("signer", ""),
            }
        },
    }  # fmt: skip
    about = ABOUT[StatutoryReport.Period(report.period)]
    body = pick(report.body.name_kk, report.body.name_ru, language)
    note = about.fill(body=body, year=report.year).say(language)
    # What was submitted says who signed it.
    if not content.get("signer"):
        note = f"{note} · {DRAFT.say(language)}"
    return fill(blank, values, language, note=note)


def _rows(table: Table, content: Mapping[str, Any], language: str) -> Iterator[dict[str, Any]]:
    heading = table.row("field").label
    for section in sections_of(content):
        field = section.field.say(language)
        if section.number:
            field = heading.fill(number=section.number, field=field).say(language)
        yield {"group": field}
        yield from (_row(shown.row, language) for shown in section.rows)


def _row(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    def say(name: str) -> str:
        return pick(row[name]["kk"], row[name]["ru"], language)

    administrator = say("administrator")
    if programme := row.get("programme"):
        administrator = PROGRAMME.fill(name=administrator, programme=programme).say(language)
    return {
        "administrator": administrator,
        "name": say("name"),
        "planned": row["planned"]["tiyn"],
        "contracted": row["contracted"]["tiyn"],
        "supplier": say("supplier"),
        "results": "\n".join(filter(None, map(say, ("process", "results", "impact")))),
        "score": _score(row["score"], language),
    }


def _score(score: Mapping[str, Any] | None, language: str) -> str | None:
    if score is None or score["points"] is None:
        return None
    total, mean = fraction(score["points"]), fraction(score["mean"])
    shown = {"total": _two_decimals(total, language), "mean": _two_decimals(mean, language)}
    return MEAN.fill(**shown).say(language)


def rounded(value: Fraction | None) -> Decimal | None:
    """Two decimals, half up, as papers print points; exact values stay in the content."""
    if value is None:
        return None
    return Decimal(int((value * 200 + 1) // 2)).scaleb(-2)


def _two_decimals(value: Fraction | None, language: str) -> str:
    shown = rounded(value)
    text = "" if shown is None else f"{shown:f}"
    return text if language == "en" else text.replace(".", ",")


def annex_5(information: PublicInformation, language: str) -> Paper:
    """The information of one body on one year, as it was published."""
    content = information.content

    def say(row: Mapping[str, Any], name: str) -> str:
        return pick(row[name]["kk"], row[name]["ru"], language)

    rows = [
        {
            "project": say(row, "name"),
            "supplier": say(row, "supplier"),
            "amount": row["contracted"]["tiyn"],
            "goals": say(row, "goals"),
            "period": period(row["period"]),
            "process": say(row, "process"),
            "results": say(row, "results"),
            "score": rounded(fraction(row["score"]["mean"])) if row["score"] else None,
        }
        for row in content["rows"]
    ]
    body = pick(information.body.name_kk, information.body.name_ru, language)
    return fill(
        form("SO-A5", information.edition),
        {"sections": {"projects": rows}},
        language,
        note=f"{body}, {information.year} № {information.issue}",
    )


def period(days: list[str | None]) -> str:
    """From one day to another, as papers write days."""
    shown = [f"{date.fromisoformat(one):%d.%m.%Y}" if one else "…" for one in days]
    return " – ".join(shown) if any(days) else ""


def workbook(papers: list[Paper], name: str) -> FileResponse:
    """Several papers as worksheets of one workbook, as ¶21 asks: Excel, in Kazakh and in Russian (SO-R-03)."""
    return FileResponse(
        io.BytesIO(render.xlsx(*papers)),
        as_attachment=True,
        filename=f"{name}.xlsx",
        content_type=XLSX,
    )
