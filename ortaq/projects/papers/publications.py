"""The media list: all publications about a project or about one of its events (IM-040, ST-S-24)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils import translation

from ortaq.core.bilingual import pick
from ortaq.documents.filling import fill
from ortaq.documents.forms import form
from ortaq.documents.paper import Paper
from ortaq.faces.say import day as say_day
from ortaq.faces.say import instant as say_instant
from ortaq.projects.models import Event, Evidence, Project
from ortaq.projects.queries.evidence import media_list as rows_of

LANGUAGES = ("kk", "ru")
FORM = ("SO-ML", "2019")


def media_list(project: Project, language: str, event: Event | None = None) -> Paper:
    """The publications that stand, of the project or of one event, in `language`; one query."""
    contract, blank = project.contract, form(*FORM)
    nothing = blank.section("publications").table("publications").row("nothing")
    with translation.override(language):
        fields = {
            "project": pick(contract.title_kk, contract.title_ru, language),
            "contract": contract.number,
            "supplier": contract.grantee.name,
        }
        if event is not None:
            fields["event"] = f"№ {event.number}, {say_day(event.starts_at)}. {event.title}"
        rows = [_row(one) for one in rows_of(project, event.pk if event else None)]
    kept = tuple(one for one in blank.particulars if one.key in fields)
    values = {
        "fields": fields,
        "sections": {"publications": rows or [{"group": nothing.label.say(language)}]},
    }
    return fill(replace(blank, particulars=kept), values, language)


def _row(one: Evidence) -> dict[str, Any]:
    return {
        "day": say_day(one.day),
        "medium": one.medium,
        "kind": str(one.get_media_display()),
        "title": one.title,
        "link": one.link,
        "event": one.event.title if one.event else "",
        "aired": say_instant(one.aired_at) if one.aired_at else "",
        "evidence": str(one.number),
    }
