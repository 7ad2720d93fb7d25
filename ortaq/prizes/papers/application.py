"""Annexes 1-3 filled from an application, in Kazakh and Russian (PR-014, PR-018, PR-019, PR-022)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents import paper
from ortaq.documents.filling import fill
from ortaq.documents.signed import signed
from ortaq.documents.writing import values
from ortaq.law.text import Text
from ortaq.prizes.content.parts import DESCRIPTION, LETTER, OWN, QUESTIONNAIRE, form
from ortaq.prizes.content.whole import Whole

UNTIL_NOW = Text("қазіргі уақытқа дейін", "по настоящее время", "until now")
OTHERS = Text(
    "мамандар жеке негізде немесе басқа ұйым арқылы жүзеге асырған",
    "выполнено специалистами в частном порядке или через другую организацию",
    "done privately by specialists or through another organisation",
)
RECOMMENDATIONS = Text("Ұсынымдар", "Рекомендации", "Recommendations")
COLUMNS = (
    Text("Ұсынушы", "Кто рекомендует", "Who recommends"),
    Text("Қол қойған адам", "Кем подписано", "Signed by"),
    Text("Байланыс деректері", "Контактные данные", "Contact data"),
    Text(
        "Бірлескен жұмыс және оның нәтижелері",
        "Совместная работа и её результаты",
        "Common work and its results",
    ),
)
CONTACTS = ("phone_numbers", "email")


def bound(whole: Whole, language: str, *, contacts: bool = True) -> paper.Paper:
    """Annexes 1-3 and the list of recommendations. Without `contacts` telephone numbers and addresses of persons are left out:
    scorers do not need them.
    """
    papers = [
        letter(whole, language),
        questionnaire(whole, language, contacts=contacts),
        description(whole, language),
    ]
    if whole.recommendations:
        papers.append(recommendations(whole, language, contacts=contacts))
    bound = paper.bind(papers, papers[0].title, footer=whole.application.number)
    marks = signed("prizes.application", whole.application, language)
    return replace(bound, blocks=(*bound.blocks, *marks))


def letter(whole: Whole, language: str) -> paper.Paper:
    """Annex 1, written from the other parts (PR-018)."""
    application = whole.application
    found, name = application.round, _name(whole, language)
    said: dict[str, Any] = {
        "fields": {
            "to": pick(found.addressee_kk, found.addressee_ru, language),
            "from": name,
            "applicant": name,
            "direction": application.direction.label.say(language),
            **_dated(whole),
        },
        "signatures": _signature(whole),
    }
    return fill(form(LETTER, whole.edition), said, language, note=application.number)


def questionnaire(whole: Whole, language: str, *, contacts: bool = True) -> paper.Paper:
    """Annex 2 (PR-019)."""
    answers = whole.questionnaire
    head = answers.get("head")
    if isinstance(head, Mapping):
        hidden = () if contacts else CONTACTS
        answers["head"] = {key: value for key, value in head.items() if key not in hidden}
    said = {
        "fields": _dated(whole),
        "sections": {"questionnaire": answers},
        "signatures": _signature(whole),
    }
    return fill(form(QUESTIONNAIRE, whole.edition), said, language, note=whole.application.number)


def description(whole: Whole, language: str) -> paper.Paper:
    """Annex 3: contribution, projects, innovations (PR-022)."""
    said = {
        "fields": {
            "organisation": _name(whole, language),
            "direction": whole.application.direction.label.say(language),
            **_dated(whole),
        },
        "sections": {
            "contribution": str(whole.data.get("contribution") or ""),
            "experience": [_project(row, language) for row in whole.projects],
            "innovation": str(whole.data.get("innovation") or ""),
        },
        "signatures": _signature(whole),
    }
    return fill(form(DESCRIPTION, whole.edition), said, language, note=whole.application.number)


def recommendations(whole: Whole, language: str, *, contacts: bool = True) -> paper.Paper:
    """Who recommends the NGO: the letters themselves are files."""
    widths = (4, 4, 3, 6)
    rows = tuple(
        paper.Row(
            tuple(
                paper.Cell(str(text))
                for text in (
                    row.get("organisation") or "",
                    row.get("person") or "",
                    (row.get("contacts") or "") if contacts else "",
                    row.get("about") or "",
                )
            )
        )
        for row in whole.recommendations
    )
    columns = tuple(
        paper.Column(text.say(language), width) for text, width in zip(COLUMNS, widths, strict=True)
    )
    title = RECOMMENDATIONS.say(language)
    blocks = (paper.Heading(title, level=1), paper.Table(columns, rows))
    return paper.Paper(title, language, blocks)


def _name(whole: Whole, language: str) -> str:
    organisation = whole.application.organisation
    return str(
        whole.questionnaire.get("name")
        or pick(organisation.name_kk, organisation.name_ru, language)
    )


def _dated(whole: Whole) -> dict[str, date]:
    """The day of filling in: that of the submission."""
    at = whole.application.submitted_at
    return {"filled_on": clock.day_of(at)} if at else {}


def _signature(whole: Whole) -> dict[str, dict[str, str]]:
    head = whole.questionnaire.get("head")
    if not isinstance(head, Mapping):
        return {}
    names = (head.get(key) for key in ("surname", "given_name", "patronymic"))
    return {
        "head": {
            "position": str(head.get("position") or ""),
            "name": " ".join(str(name) for name in names if name),
        }
    }


def _project(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A project as the table of annex 3 prints it; what is no experience of the NGO says so."""
    first, last = (_month(row.get(key)) for key in ("first", "last"))
    name = str(row.get("project") or "")
    if row.get("carried_out") not in (OWN, None):
        name = f"{name} ({OTHERS.say(language)})"
    return {
        "project": name,
        "terms": f"{first} – {last or UNTIL_NOW.say(language)}" if first else "",
        "results": str(row.get("results") or ""),
    }


def _month(value: Any) -> str:
    found = values.month(value)
    return f"{found:%m.%Y}" if found else str(value or "")
