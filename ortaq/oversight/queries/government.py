"""The information to the Government: who sees it, and its figures by field, by region and by state body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from ortaq.core import regions
from ortaq.core.bilingual import pick
from ortaq.law.text import Text
from ortaq.oversight import sums
from ortaq.oversight.models import GovernmentInformation
from ortaq.oversight.policy.project import authorised
from ortaq.oversight.procedure.government import content_of
from ortaq.oversight.queries.collected import by_field, field_text
from ortaq.oversight.sums import Sums
from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for

NO_REGION = Text("Өңірі көрсетілмеген", "Регион не указан", "Region not known")
# How lines may be chosen, and added up: the names in addresses.
WAYS = ("field", "region", "body")


def informations_visible_to(actor: Actor) -> QuerySet[GovernmentInformation]:
    """The one visibility query: those who answer for the authorised body and act for it; nobody else."""
    rows = GovernmentInformation.objects.select_related("body").defer("content")
    if not authorised(actor):
        return rows.none()
    return rows.filter(body__in=responsible_for(actor))


def shown(information: GovernmentInformation) -> Mapping[str, Any]:
    """As it was sent; before that as it stands now."""
    if information.content is not None:
        content: Mapping[str, Any] = information.content
        return content
    return content_of(information)


@dataclass(frozen=True, slots=True)
class Group:
    """A line of a table: what it is called, the key by which its sources are asked for, and what it adds up to."""

    key: str
    name: Text
    sums: Sums
    number: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the information counts."""

    total: Sums
    fields: Sequence[Group]
    regions: Sequence[Group]
    bodies: Sequence[Group]


def key_of_line(line: Mapping[str, Any], way: str) -> str:
    """By what a line is added up in one of `WAYS`."""
    return str(line["figures"]["field"] if way == "field" else line[way])


def figures_of(content: Mapping[str, Any]) -> Figures:
    """The tables, out of frozen or present content; no query."""
    lines = content["lines"]
    by = {
        way: sums.grouped(lines, lambda one, w=way: key_of_line(one, w), lambda one: one["figures"])  # type: ignore[misc]
        for way in WAYS
    }
    names = {
        str(one["body"]): Text(one["name"]["kk"], one["name"]["ru"] or one["name"]["kk"])
        for one in lines
    }
    last = date(content["year"], 12, 31)
    return Figures(
        sums.total(one["figures"] for one in lines),
        [
            Group(one.key, one.field, one.sums, one.number)
            for one in by_field(content["edition"], by["field"])
            if one.sums.rows
        ],
        sorted(
            (Group(code, region_text(code, last), found) for code, found in by["region"].items()),
            key=lambda one: (not one.key, one.key),
        ),
        [Group(key, names[key], found) for key, found in by["body"].items()],
    )


def region_text(code: str, on: date) -> Text:
    """The name of a region as it was on a day."""
    found = regions.find(code, on) if code else None
    return found.name if found else NO_REGION


def name_of(content: Mapping[str, Any], way: str, key: str) -> Text:
    """What a chosen line of a table is called."""
    if way == "field":
        return field_text(key)
    if way == "region":
        return region_text(key, date(content["year"], 12, 31))
    line = next(one for one in content["lines"] if str(one["body"]) == key)
    return Text(line["name"]["kk"], line["name"]["ru"] or line["name"]["kk"])


def lines_of(content: Mapping[str, Any], way: str, key: str) -> list[Mapping[str, Any]]:
    """The lines that a figure adds up."""
    return [one for one in content["lines"] if key_of_line(one, way) == key]


def silent_names(content: Mapping[str, Any], language: str | None = None) -> list[str]:
    """The bodies without an accepted report, as a paper or (default) the page's reader calls them."""
    return [pick(one["name"]["kk"], one["name"]["ru"], language) for one in content["silent"]]
