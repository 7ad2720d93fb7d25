"""The application on paper: letter and annexes 2-5, filled from its forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents import paper, stamp
from ortaq.documents.filling import fill
from ortaq.documents.writing import values
from ortaq.grants.content.estimate import estimate_of
from ortaq.grants.content.parts import BUDGET, LETTER, QUESTIONNAIRE, parts_of
from ortaq.grants.content.whole import Whole, Written

CONTACTS = ("phone_numbers", "email")
PEOPLE = ("head", "chief_accountant")


def bound(whole: Whole, language: str, *, contacts: bool = True) -> paper.Paper:
    """The whole application: the letter, then its annexes. Without `contacts` telephone numbers
    and addresses of persons are left out (commission members do not need them).
    """
    application = whole.application
    papers = [letter(whole, language)]
    papers += [annex(whole, one, language, contacts=contacts) for one in whole.written]
    receipt = getattr(application, "receipt", None)
    foot = stamp.foot_of(application.number, receipt.sha256 if receipt else "")
    return paper.bind(papers, application.title or str(application), footer=foot)


def letter(whole: Whole, language: str) -> paper.Paper:
    """Annex 1, written from the other parts."""
    application, answers = whole.application, whole.questionnaire
    part = next(part for part in parts_of(application) if part.key == LETTER)
    competition, topic = application.competition, application.lot.topic
    name = answers.get("registered_name") or pick(
        application.organisation.name_kk, application.organisation.name_ru, language
    )
    head = answers.get("head") or {}
    direction = pick(topic.field.name_kk, topic.field.name_ru, language)
    title = pick(topic.title_kk, topic.title_ru, language)
    operator = competition.operator
    values_of_letter: dict[str, Any] = {
        "fields": {
            "to": pick(operator.name_kk, operator.name_ru, language),
            "from": name,
            "applicant_full_name": name,
            "topic_and_direction": f"{topic.number}. {title} ({direction})",
        },
        "signatures": {
            "head": {
                "position": head.get("position", ""),
                "name": " ".join(
                    head[key] for key in ("surname", "given_name", "patronymic") if head.get(key)
                ),
            }
        },
    }
    if application.submitted_at:
        values_of_letter["fields"]["filled_on"] = clock.day_of(application.submitted_at)
    return fill(part.form(), values_of_letter, language)


def annex(whole: Whole, written: Written, language: str, *, contacts: bool = True) -> paper.Paper:
    """One of annexes 2-5."""
    data = written.data
    if written.part.key == QUESTIONNAIRE and not contacts:
        data = without_contacts(data)
    if written.part.key == BUDGET:
        data = {"budget": _estimate(whole, written)}
    form = written.form
    known = {section.key for section in form.sections}
    sections = {key: value for key, value in data.items() if key in known}
    return _of_year(fill(form, {"sections": sections}, language), written.part.year)


def _of_year(one: paper.Paper, year: int) -> paper.Paper:
    """The paper with its year under the title, where there is one for each year (GR-A-21)."""
    if not year:
        return one
    blocks = list(one.blocks)
    at = next(n for n, block in enumerate(blocks) if isinstance(block, paper.Heading))
    blocks.insert(at + 1, paper.Paragraph(str(year), align=paper.Align.CENTER, bold=True))
    return paper.Paper(one.title, one.language, tuple(blocks), one.orientation, one.footer)


def without_contacts(data: dict[str, Any]) -> dict[str, Any]:
    """The questionnaire without telephone numbers and e-mail addresses of persons."""
    answers = dict(data.get("questionnaire") or {})
    for person in PEOPLE:
        if isinstance(answers.get(person), dict):
            answers[person] = {k: v for k, v in answers[person].items() if k not in CONTACTS}
    return {**data, "questionnaire": answers}


def _estimate(whole: Whole, written: Written) -> dict[str, Any]:
    """The estimate as the form prints it: activities by number, totals worked out."""
    planned = {row["id"]: row.get("activity", "") for row in whole.calendar(written.part.year)}
    one = estimate_of(written.form, written.data)
    # Costs of an activity that has left the calendar plan are printed too: they count in the total.
    for lost in sorted(one.activities - set(planned)):
        planned[lost] = ""
    numbers = {row: number for number, row in enumerate(planned, 1)}
    lines = []
    for line in one.lines:
        quantity = values.quantity(line.data.get("quantity"))
        shown = {key: value for key, value in line.data.items() if key != "activity"}
        if line.activity:
            shown["activity"] = numbers[line.activity]
        shown |= {"total": line.sums.total, "grant": line.sums.grant}
        if isinstance(quantity, Decimal):
            shown["quantity"] = quantity
        lines.append(shown)
    return {"activities": list(planned.values()), "lines": lines}
