"""A bid on paper: the technical specification in the guide's form, the services, the price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import translation

from ortaq.core import money
from ortaq.core.bilingual import pick
from ortaq.documents import forms, paper
from ortaq.documents.filling import fill
from ortaq.documents.writing import values
from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.planning.models import ExpectedIndicator, Service
from ortaq.tenders.content.parts import EXPERIENCE, form
from ortaq.tenders.models import Bid, Lot

SERVICES = Text("Қызметтерге жауаптар", "Ответы по услугам", "Answers to the services")
COLUMNS = (
    Text("Қызмет", "Услуга", "Service"),
    Text("Саны", "Количество", "Quantity"),
    Text("Ұсыныс", "Предложение", "Offer"),
    Text("Талаптан жоғары сипаттамалар", "Более высокие характеристики", "Beyond the requirements"),
)
PRICE = Text("Ұсынылған баға", "Предложенная цена", "Price offered")
UNTIL_NOW = Text("қазіргі уақытқа дейін", "по настоящее время", "until now")
LEFT_OUT = ("base", "optional")


def specification(
    bid: Bid, content: Mapping[str, Any], services: Iterable[Service], language: str
) -> paper.Paper:
    """The bid with its `content` (see `content.manifest`), filled into the form of the guide."""
    lot = bid.lot
    ngo = bid.organisation
    made = fill(
        _form(bid, content),
        {
            "fields": {
                "competition_no": lot.tender.number,
                "competition_name": pick(lot.tender.title_kk, lot.tender.title_ru, language),
                "lot_no": str(lot.position),
                "lot_name": _lot(lot, language),
            },
            "sections": _sections(content.get("sections") or {}, language),
        },
        language,
    )
    title = f"{pick(ngo.name_kk, ngo.name_ru, language)}: {made.title}"
    blocks = (*made.blocks, *_offers(content, services, language))
    return paper.Paper(title, language, blocks, made.orientation, bid.number)


def _form(bid: Bid, content: Mapping[str, Any]) -> forms.Form:
    """The form without sections that this bid has no use for: the base where the order is of one
    year, and what is optional where nothing is said of it.
    """
    said = content.get("sections") or {}
    multi_year = bid.lot.topic.financial_years > 1
    kept = [
        section
        for section in form().sections
        if section.key not in LEFT_OUT or said.get(section.key) or (multi_year and section.only_if)
    ]
    return replace(form(), sections=tuple(kept))


def _lot(lot: Lot, language: str) -> str:
    return pick(lot.topic.title_kk, lot.topic.title_ru, language)


def _sections(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The sections as the form prints them: rows that it prints as text are written out."""
    description = dict(data.get("description") or {})
    experience = dict(data.get("experience") or {})
    found: dict[str, Any] = {
        "goals_match": _lines(f"{row.get('goal', '')}: {row.get('match', '')}" for row in data.get("goals_match") or ()),
        "experience": {
            "own": {key: value for key, value in experience.items() if key != "projects"},
            "projects": [_project(row, language) for row in experience.get("projects") or ()],
        },
        "qualification": _lines(
            f"{row.get('member_name', '')}, {row.get('position', '')}: {row.get('qualification', '')}"
            for row in data.get("qualification") or ()
        ),
        "description": {
            "description": {k: v for k, v in description.items() if k != "coverage_by_group"},
            "coverage_by_group": description.get("coverage_by_group") or [],
        },
        "plan": [
            {**row, "activity": _lines((f"{row.get('kind', '')}: {row.get('name', '')}", row.get("about", "")), "")}
            for row in data.get("plan") or ()
        ],
        "media_plan": data.get("media_plan") or [],
        "indicators": _lines(_indicator(row, language) for row in data.get("indicators") or ()),
        "risks": data.get("risks") or [],
    }  # fmt: skip
    found |= {key: data[key] for key in ("base", "optional") if data.get(key)}
    return found


def _lines(texts: Iterable[str], numbered: str = "{}. ") -> str:
    return "\n".join(f"{numbered.format(n)}{text}" for n, text in enumerate(texts, 1))


def _project(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """An earlier project as its table prints it: the term in words, what it counts as."""
    counts = dict(EXPERIENCE).get(row.get("counts_as", ""), "")
    with translation.override(language):
        name = f"{row.get('name', '')} ({counts})" if counts else str(row.get("name", ""))
    last = _month(row.get("last")) if row.get("last") else UNTIL_NOW.say(language)
    return {
        **row,
        "name": name,
        "terms": f"{_month(row.get('first'))} – {last}",
        "cost": _cost(row),
    }


def _cost(row: Mapping[str, Any]) -> str:
    cost = row.get("cost")
    return money.show(cost, language="kk") if values.is_sum(cost) else str(cost or "")


def _month(value: Any) -> str:
    found: date | None = values.month(value)
    return f"{found:%m.%Y}" if found else str(value or "")


def _indicator(row: Mapping[str, Any], language: str) -> str:
    with translation.override(language):
        level = dict(ExpectedIndicator.Level.choices).get(row.get("level", ""), "")
        nature = dict(ExpectedIndicator.Nature.choices).get(row.get("nature", ""), "")
        return f"{row.get('text', '')} ({level}, {nature}): {row.get('expected', '')}"


def _offers(
    content: Mapping[str, Any], services: Iterable[Service], language: str
) -> Iterable[paper.Block]:
    names = {one.key: pick(one.name_kk, one.name_ru, language) for one in services}
    yield paper.Heading(SERVICES.say(language))
    widths = (3, 1, 5, 4)
    yield paper.Table(
        tuple(paper.Column(text.say(language), width) for text, width in zip(COLUMNS, widths, strict=True)),
        tuple(
            paper.Row(
                tuple(
                    paper.Cell(str(text))
                    for text in (
                        names.get(one["key"], one["key"]),
                        one.get("quantity", ""),
                        one.get("offer", ""),
                        one.get("above", ""),
                    )
                )
            )
            for one in content.get("services") or ()
        ),
    )  # fmt: skip
    price = content.get("price_tiyn")
    with translation.override(language):
        shown = money.show(price, language=language) if values.is_sum(price) else say.NOTHING
    yield paper.Fields((paper.Field(PRICE.say(language), shown),))
