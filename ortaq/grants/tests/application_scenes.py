"""Applications as a careful NGO writes them, by the same steps as the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.grants.content.parts import years_of
from ortaq.grants.models import Application, ApplicationPart, Attachment, Competition, Lot, Receipt
from ortaq.grants.procedure import application_draft as draft
from ortaq.grants.procedure.application import submit
from ortaq.people.actor import Actor
from ortaq.testing.clock import TestClock
from ortaq.testing.remembered import remembered

from . import scenes
from .scenes import Cast

PDF = b"%PDF-1.4\n% invented\n%%EOF\n"

QUESTIONNAIRE = {
    "questionnaire/registered_name": "«Әлем» қоғамдық қоры",
    "questionnaire/registered_on": "2015-01-20",
    "questionnaire/actual_address": "Астана қаласы, Достық көшесі, 1",
    "questionnaire/target_group": "Жастар",
    "questionnaire/head/surname": "Әлиева",
    "questionnaire/head/given_name": "Әлия",
    "questionnaire/head/position": "директор",
    "questionnaire/head/phone_numbers": "+7 700 000 00 11",
    "questionnaire/head/email": "aliya@example.kz",
    "questionnaire/staff_total": 5,
    "questionnaire/staff_regular": 3,
    "questionnaire/volunteers": 2,
}
TEAM = (("Әлиева Әлия", "директор", "head"), ("Болатов Болат", "есепші", "accountant"))
CAPACITY = {
    "charter_fit": "Жоба жарғының 2-тармағына сай.",
    "material_base": "Кеңсе және техника бар.",
    "topic_experience/~e1/period": "2018-2019",
    "topic_experience/~e1/first": "2018-03",
    "topic_experience/~e1/last": "2019-11",
    "topic_experience/~e1/name": "Ерікті",
    "topic_experience/~e1/customer_and_geography": "Қор, Астана",
    "topic_experience/~e1/cost": 100_000_000,
    "topic_experience/~e1/result": "200 қатысушы",
    **{
        f"project_team/~t{n}/{key}": value
        for n, (name, position, role) in enumerate((*TEAM, ("Сара Қ.", "маман", "pr")), 1)
        for key, value in {
            "member_name": name,
            "position": position,
            "role": role,
            "relevant_experience": "Бес жоба",
            "years": 5,
            "duties": "Жобаны жүргізу",
        }.items()
    },
}
CONTENT = {
    **{
        f"basics/{key}": "Мәтін"
        for key in (
            "goal", "tasks", "activities", "territory", "target_groups", "expected_results",
        )
    },
    "justification/current_situation": "Мәтін",
    "justification/statistics": "Мәтін",
    "justification/needs_assessment": "Мәтін",
    "target_groups_detail/~g1/group": "Жастар",
    "target_groups_detail/~g1/count": 200,
    "target_groups_detail/~g1/benefit": "Дағды",
    "feedback/~f1/group": "Жастар",
    "feedback/~f1/measurement": "Сауалнама",
    "monitoring_plan/goal": "Мақсат",
    **{
        f"monitoring_plan/rows/~m1/{key}": "Мәтін"
        for key in ("task", "activity", "results", "indicators", "frequency")
    },
    "calendar_plan/~c1/activity": "Тренинг",
    "calendar_plan/~c1/months": [1, 2],
    "risks/~r1/risk": "Карантин",
    "risks/~r1/mitigation": "Онлайн",
    "media_coverage/~p1/product": "Мақала",
    "media_coverage/~p1/count": 3,
    "media_coverage/~p1/channels": "Сайт",
    "media_coverage/~p1/frequency": "Ай сайын",
    "sustainability/continuation": "Мәтін",
    "sustainability/organisation_role": "Мәтін",
}  # fmt: skip
LINES = (
    ("salaries_lines", "", "Директор", 6, 250_000),
    ("material_support_lines", "", "Ноутбук", 1, 200_000),
    ("services_legal_lines", "~c1", "Бейне шолу", 1, 400_000),
    ("handouts_lines", "~c1", "Логотипі бар баннер", 2, 50_000),
)


def budget(lines: tuple[tuple[str, str, str, int, int], ...] = LINES) -> dict[str, Any]:
    """Lines of an estimate (item of the form, activity, text, quantity, tenge) by path."""
    return {
        f"budget/lines/~b{n}/{key}": value
        for n, (row, activity, item, quantity, tenge) in enumerate(lines, 1)
        for key, value in {
            "row": row,
            "activity": activity,
            "item": item,
            "unit": "дана",
            "quantity": str(quantity),
            "unit_cost": tenge * 100,
        }.items()
    }


def write(
    application: Application, form: str, values: dict[str, Any], actor: Actor, year: int = 0
) -> ApplicationPart:
    """Write values (by path) into a part, as its page does."""
    part = ApplicationPart.objects.get(application=application, form=form, year=year)
    units: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        units.setdefault(paths.unit_of(path), {})[path] = value
    edits = [Edit(unit, part.version, found) for unit, found in units.items()]
    draft.save(part, edits, actor=actor)
    return part


@remembered
def open_competition(
    clock: TestClock, amounts: Sequence[Mapping[int, int]] = ({2020: 5_000_000},)
) -> tuple[Cast, Competition]:
    """Everybody can apply; `amounts` are those of each topic by year, in tenge."""
    clock.set(scenes.DURING)
    people = scenes.cast()
    return people, scenes.open_competition(people.operator, amounts=amounts)


@remembered
def a_draft(lot: Lot, actor: Actor, **facts: Any) -> Application:
    """A new, empty draft."""
    assert actor.acting_for is not None
    return draft.begin(lot, actor.acting_for, actor=actor, **facts)


@remembered
def a_complete_draft(lot: Lot, actor: Actor, title: str = "Ерікті жастар") -> Application:
    """A draft that lacks nothing."""
    application = a_draft(lot, actor, title=title)
    write(application, "GRANT-A2", QUESTIONNAIRE, actor)
    write(application, "GRANT-A3", CAPACITY, actor)
    for year in years_of(lot.topic):
        write(application, "GRANT-A4", CONTENT, actor, year)
        write(application, "GRANT-A5", budget(), actor, year)
    draft.describe(
        application,
        actor=actor,
        title=title,
        language="kk",
        starts_on=date(2020, 7, 1),
        ends_on=date(2020, 11, 20),
    )
    for kind in (Attachment.Kind.CHARTER, Attachment.Kind.BALANCE):
        draft.attach(application, ContentFile(PDF, f"{kind}.pdf"), actor=actor, kind=kind)
    application.refresh_from_db()
    return application


@remembered
def a_submitted(lot: Lot, actor: Actor, title: str = "Ерікті жастар") -> Receipt:
    """A submitted application; its receipt."""
    return submit(a_complete_draft(lot, actor, title), actor=actor, declared=True)


def upload(name: str = "құжат.pdf") -> ContentFile[bytes]:
    """A file as a page hands it over."""
    return ContentFile(PDF, name)
