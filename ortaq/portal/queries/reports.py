"""What the law makes state bodies report in public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import published
from ortaq.portal.asking import NONE, Asked

from .records import lines

Kind = Publication.Kind
SIZE = 40


def reports() -> QuerySet[Publication]:
    """Published reports: what is planned (annex 3), how discussions ended (annex 2), what was carried out (annex 5),
    and evaluations (annex 8).
    """
    discussed = Q(kind=Kind.DISCUSSION, facts__has_key="reported_at")
    return published().filter(Q(kind__in=(Kind.REPORT, Kind.EVALUATION)) | discussed)


def page(asked: Asked, query: str, given: Mapping[str, Any]) -> KeyPage[Publication]:
    """A page of the reports of a year, by words of their body; the newest first, one query."""
    rows = lines(reports())
    if asked.year:
        rows = rows.filter(year=None if asked.year == NONE else int(asked.year))
    if words := fold(query):
        rows = rows.filter(body__search__contains=words)
    return key_page(rows, given, order=["-place"], size=SIZE)
