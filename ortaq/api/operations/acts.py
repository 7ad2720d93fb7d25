"""The law: editions of acts, their terms, and the day on which a term ends."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Query, Router
from pydantic import Field

from ortaq.api.problems import said
from ortaq.api.schemas import DueOut, EditionOut, TermOut
from ortaq.core.terms import working_calendar
from ortaq.law import Due, Term, due, edition
from ortaq.law.editions import editions

from .shared import answers

router = Router(tags=["law"])
Code = Annotated[str, Field(min_length=1, max_length=60)]


@router.get("editions/", response=answers(list[EditionOut]), summary=_("Editions of acts"))
def list_editions(request: HttpRequest) -> Any:
    """Every edition of every act, when it is in force, and the keys of its terms."""
    return [one.as_dict() for one in editions()]


@router.get("terms/", response=answers(list[TermOut]), summary=_("Terms of an edition"))
def terms(request: HttpRequest, act: Code, edition_key: Annotated[Code, Query(alias="edition")]) -> Any:  # fmt: skip
    """Each with its clause."""
    return [_term(one) for one in edition(act, edition_key).terms.values()]


@router.get("due/", response=answers(DueOut), summary=_("When a term ends"))
def when_due(
    request: HttpRequest,
    act: Code,
    edition_key: Annotated[Code, Query(alias="edition")],
    term: Code,
    start: Annotated[date, Query(alias="from", description="the day of the event")],
) -> Any:
    """Counted on the working calendar of this site."""
    found: Due = due(edition(act, edition_key).term(term), start, working_calendar())
    return {
        "term": _term(found.term),
        "start": found.start,
        "due_on": found.due_on,
        "remind_on": found.remind_on,
        "findings": [said(one) for one in found.findings],
    }


def _term(one: Term) -> dict[str, Any]:
    told = one.as_dict()
    return told | {"begins": told["from"]}
