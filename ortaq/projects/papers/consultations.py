"""The consultation journal as a paper (IM-038; Standard ¶48, table 2). It names people: only for those who may see them."""

from __future__ import annotations

from django.utils import translation

from ortaq.core.bilingual import pick
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
from ortaq.projects.queries.consultation import consultant_of, of_project

LANGUAGES = ("kk", "ru")
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
    contract = project.contract
    with translation.override(language):
        rows = of_project(project).filter(struck="").order_by("day", "number")
        lines = tuple(_row(one, language) for one in rows)
        table = Table(
            tuple(Column(text.say(language), width) for text, width in COLUMNS),
            lines
            or (Row((Cell(NOTHING.say(language), across=len(COLUMNS), align=Align.CENTER),)),),
        )
    head = Fields(
        (
            Field(PROJECT.say(language), pick(contract.title_kk, contract.title_ru, language)),
            Field(CONTRACT.say(language), contract.number),
            Field(SUPPLIER.say(language), contract.grantee.name),
        )
    )
    title = TITLE.say(language)
    return Paper(title, language, (Heading(title, 1), head, table), Orientation.LANDSCAPE)


def _row(one: Consultation, language: str) -> Row:
    person, months = one.consumer, one.experience_months
    cells = (
        str(one.number),
        say_day(one.day),
        _lines(person.full_name, person.workplace),
        person.contact,
        str(one.get_how_display()),
        str(one.get_topic_display()),
        one.question,
        _lines(consultant_of(one), "" if months is None else str(months)),
        one.materials,
        _lines(APPLIED[one.applied].say(language), one.applied_how),
        _lines("" if one.points is None else str(one.points), one.review),
    )
    return Row(tuple(Cell(text) for text in cells))


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
