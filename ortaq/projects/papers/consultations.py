"""The consultation journal as a paper (IM-038; Standard ¶48, table 2). It names people: only for those who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import translation

from ortaq.documents.paper import (
    Align,
    Cell,
    Column,
    Field,
    Fields,
    Heading,
    Orientation,
    Paper,
    Row,
    Table,
)
from ortaq.faces.say import day as say_day
from ortaq.law.text import Text
from ortaq.projects.models import Consultation, Project
from ortaq.projects.queries.consultation import of_period
from ortaq.projects.reporting.people import of_journal
from ortaq.projects.reporting.words import LANGUAGES, said

from .participants import ERASED

__all__ = ["LANGUAGES", "consultation_journal", "journal"]
TITLE = Text("Консультация журналы", "Журнал консультаций", "Consultation journal")
PROJECT = Text("Жоба", "Проект", "Project")
SUPPLIER = Text("Жобаны іске асырушы", "Исполнитель проекта", "Carried out by")
CONTRACT = Text("Шарттың №", "Договор №", "Contract No.")
COLUMNS: tuple[tuple[Text, int], ...] = (
    (Text("№", "№", "No."), 2),
    (Text("Күні", "Дата", "Date"), 4),
    (
        Text(
            "Тұтынушының аты-жөні (атауы), жұмыс (оқу) орны",
            "Ф.И.О. (наименование) потребителя, место работы (учёбы)",
            "Consumer's name, place of work or study",
        ),
        7,
    ),
    (Text("Байланыс деректері", "Контактные данные", "Contacts"), 5),
    (Text("Нысаны", "Форма", "Form"), 4),
    (Text("Мәселенің түрі", "Вид вопроса", "Kind of question"), 5),
    (Text("Мәселе және кеңес", "Вопрос и совет", "Question and advice"), 10),
    (
        Text(
            "Консультант, тәжірибесі (ай)", "Консультант, опыт (мес.)", "Consultant, months of work"
        ),
        5,
    ),
    (Text("Берілген материалдар", "Выданные материалы", "Materials given"), 5),
    (Text("Қолданылуы", "Применение", "Applied"), 5),
    (Text("Баға, пікір", "Оценка, отзыв", "Rating, review"), 5),
)
NOTHING = Text("Консультациялар жазылмаған", "Консультации не записаны", "No consultations")
APPLIED = {
    True: Text("қолданылды", "применено", "applied"),
    False: Text("қолданылмады", "не применено", "not applied"),
    None: Text("", "", ""),
}


def consultation_journal(project: Project, language: str) -> Paper:
    """All lines of the journal that are not struck out, by day, in `language`; one query."""
    return journal(of_journal(project, of_period(project)), language)


def journal(content: Mapping[str, Any], language: str) -> Paper:
    """A journal, as it stands or as it was kept (`reporting.people`)."""
    with translation.override(language):
        table = Table(
            tuple(Column(text.say(language), width) for text, width in COLUMNS),
            tuple(_row(one, language) for one in content["rows"])
            or (Row((Cell(NOTHING.say(language), across=len(COLUMNS), align=Align.CENTER),)),),
        )
    told = said(content["head"], language)
    head = Fields(
        (
            Field(PROJECT.say(language), told["project"]),
            Field(CONTRACT.say(language), told["contract"]),
            Field(SUPPLIER.say(language), told["supplier"]),
        )
    )
    title = TITLE.say(language)
    return Paper(title, language, (Heading(title, 1), head, table), Orientation.LANDSCAPE)


def _row(one: Mapping[str, Any], language: str) -> Row:
    months, points = one["months"], one["points"]
    cells = (
        str(one["number"]),
        say_day(date.fromisoformat(one["day"])),
        ERASED.say(language) if one["erased"] else _lines(one["name"], one["workplace"]),
        one["contact"],
        str(Consultation.How(one["how"]).label),
        str(Consultation.Topic(one["topic"]).label),
        one["question"],
        _lines(one["consultant"], "" if months is None else str(months)),
        one["materials"],
        _lines(APPLIED[one["applied"]].say(language), one["applied_how"]),
        _lines("" if points is None else str(points), one["review"]),
    )
    return Row(tuple(Cell(text) for text in cells))


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
