"""The technical specification on paper: general requirements, the bidder's sample, the budget request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils import translation

from ortaq.core.bilingual import pick
from ortaq.documents.filling import fill
from ortaq.documents.forms import Form, form
from ortaq.documents.paper import Paper
from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.planning.models import Specification, Topic
from ortaq.planning.procedure.budgeting import LEVELS, QUESTIONS, total_of
from ortaq.planning.procedure.specification import guide, sections_of
from ortaq.planning.queries import specification as queries

GUIDE = "2019"
SPECIFIC = Text(
    "155 МӘТ шеңберіндегі қызметтер төлемі",
    "155 Оплата услуг в рамках государственного социального заказа",
)
VERSION = Text("№ {number}, {day}", "№ {number}, {day}")
DRAFT = Text("№ {number}, жоба", "№ {number}, проект")
WHOLE = Text("Жоба бойынша тұтастай", "По проекту в целом")


def general_requirements(specification: Specification, language: str) -> Paper:
    """What the customer asks: sections, services with their values by the Standard, indicators."""
    sheet = queries.sheet(specification)
    topic = specification.topic
    body = topic.formation.body
    with translation.override(language):
        day = say.day(specification.approved_at) if specification.approved_at else ""
        indicators = [
            {
                "level": str(one.get_level_display()),
                "nature": str(one.get_nature_display()),
                "text": pick(one.text_kk, one.text_ru, language),
                "expected": one.expected,
            }
            for one in sheet.indicators
        ]
    version = (VERSION if day else DRAFT).say(language)
    written = {
        key: texts.get(language, "")
        for key, texts in specification.content.items()
        if key in sections_of(specification)
    }
    values = {
        "fields": {
            "project": pick(topic.title_kk, topic.title_ru, language),
            "body": pick(body.name_kk, body.name_ru, language),
            "sum": specification.sum_tiyn,
            "years": topic.financial_years,
            "version": version.format(number=specification.number, day=day),
        },
        "sections": {
            **written,
            "services": [_service(line, language) for line in sheet.services],
            "coverage": [_coverage(line, language) for line in sheet.services],
            "indicators": indicators,
        },
    }
    if specification.special_social_services:
        values["sections"]["grounds"] = _grounds(specification, language)
    return fill(_issued(_fitting(form("SO-GR", GUIDE), specification)), values, language)


def bidders_sample(specification: Specification, language: str) -> Paper:
    """The sample that a bidder fills in, with what the customer has laid down already (SO-T-045)."""
    topic = specification.topic
    content = specification.content
    indicators = specification.indicators.all()
    said = [
        f"{number}. {pick(one.text_kk, one.text_ru, language)}: {one.expected}"
        for number, one in enumerate(indicators, 1)
    ]
    values = {
        "fields": {"lot_name": pick(topic.title_kk, topic.title_ru, language)},
        "sections": {
            "qualification": (content.get("qualification") or {}).get(language, ""),
            "indicators": "\n".join(said),
        },
    }
    return fill(_fitting(form("SO-TS", GUIDE), specification), values, language)


PAPERS: Mapping[str, Callable[[Specification, str], Paper]] = {
    "general-requirements": general_requirements,
    "bidders-sample": bidders_sample,
}


def _fitting(blank: Form, specification: Specification) -> Form:
    """The form without the sections that do not concern this order."""
    holds = {
        "multi_year": specification.topic.financial_years > 1,
        "special_social_services": specification.special_social_services,
    }
    kept = tuple(one for one in blank.sections if holds.get(one.only_if, True))
    return replace(blank, sections=kept)


def _issued(blank: Form) -> Form:
    """Without the notes on how to fill it in, which are for whoever writes it."""
    sections = tuple(replace(one, instruction=Text()) for one in blank.sections)
    return replace(blank, sections=sections)


def _grounds(specification: Specification, language: str) -> str:
    known = guide().grounds("life_situation_grounds")
    chosen = [ground for code, ground in known.items() if code in specification.grounds]
    return "\n".join(f"{ground.code}) {ground.text.say(language)}" for ground in chosen)


def _service(line: queries.ServiceLine, language: str) -> dict[str, Any]:
    service = line.service
    return {
        "name": pick(service.name_kk, service.name_ru, language),
        "kind": line.kind.say(language),
        "quantity": service.quantity,
        "steps": pick(service.requirements_kk, service.requirements_ru, language),
        "values": "\n".join(f"{a.say(language)}: {b.say(language)}" for a, b in line.values),
    }


def _coverage(line: queries.ServiceLine, language: str) -> dict[str, Any]:
    """Participants apart from the other values, which tell the kinds of results."""
    service = line.service
    targets = service.facts.get("targets") or {}
    participants = targets.get("participants")
    shown = "" if participants is None else f"{participants} × {service.quantity}"
    with translation.override(language):
        told = line.values if participants is None else line.values[1:]
        results = [f"{a.say(language)}: {b.say(language)}" for a, b in told]
    return {
        "kind": f"{pick(service.name_kk, service.name_ru, language)} ({line.kind.say(language)})",
        "participants": shown,
        "result_kinds": "\n".join(results),
    }


# --- The budget request ------------------------------------------------------------------------------


def budget_request(topic: Topic, language: str) -> Paper:
    """The budget request of a topic with its estimate by main activity (SO-F-20)."""
    request = topic.budget_request
    body = topic.formation.body
    lines = list(request.lines.all())
    services = queries.services_for_estimate(topic)
    level = LEVELS.get((request.content.get("level") or {}).get("key", ""))
    values = {
        "fields": {
            "state_body": pick(body.name_kk, body.name_ru, language),
            "budget_programme": topic.programme,
            "specific": SPECIFIC.say(language),
            "project_name": pick(topic.title_kk, topic.title_ru, language),
            "budget_level": level.say(language) if level else "",
            "level": level.say(language) if level else "",
            "planned": topic.planned_tiyn,
        },
        "sections": {
            group: {key: (request.content.get(key) or {}).get(language, "") for key in keys}
            for group, keys in QUESTIONS.items()
        }
        | {"estimate": list(_estimate(lines, services, language))},
    }
    return fill(form("SO-BR", GUIDE), values, language)


def _estimate(lines: list[Any], services: list[Any], language: str) -> Iterator[dict[str, Any]]:
    number = 0
    for service, group, subtotal in queries.by_activity(lines, services):
        name = pick(service.name_kk, service.name_ru, language) if service else WHOLE.say(language)
        yield {"group": name}
        for line in group:
            number += 1
            yield {
                "num": str(number),
                "item": pick(line.item_kk, line.item_ru, language),
                "unit": line.unit,
                "quantity": line.amount,
                "unit_cost": line.unit_cost_tiyn,
                "sum": line.total_tiyn,
            }
        yield {"total": "subtotal", "sum": subtotal}
    yield {"total": "grand_total", "sum": total_of(lines)}
