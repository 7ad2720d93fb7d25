"""The data dictionary for machines: a Data Package (v2) that describes every table and every list.

Of the two standards for it this one is kept by people who release it (v2 in 2024), is read by the tools that data
journalists and portals use, and takes further properties, so that titles stand in three languages; the other, CSV on the
Web, has not moved since 2015.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from ortaq.core import clock
from ortaq.law.text import Text

from .codelists import CODELISTS, Codelist
from .exact import address
from .tables import TABLES, Column, Kind, Table

SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "ortaq"
LICENCE = {
    "name": settings.ORTAQ_DATA_LICENCE,
    "path": settings.ORTAQ_DATA_LICENCE_URL,
    "title": settings.ORTAQ_DATA_LICENCE,
}


def described(text: Text) -> str:
    """The English words: titles in Kazakh and Russian stand beside them."""
    return text.say("en")


def field_of(column: Column) -> dict[str, Any]:
    """A column as a field of a Table Schema."""
    found: dict[str, Any] = {
        "name": column.code,
        "type": str(column.kind),
        "title": described(column.title),
        "titles": column.title.as_dict(),
    }
    if about := described(column.about):
        found |= {"description": about, "descriptions": column.about.as_dict()}
    if column.kind is Kind.NUMBER:
        found["bareNumber"] = True
    if column.unit:
        found["unit"] = column.unit
    if column.codelist:
        found["codelist"] = address("opendata:codelist", column.codelist, "csv")
    return found


def resource_of(table: Table) -> dict[str, Any]:
    """A table as a resource; its path leads to the CSV."""
    return {
        "name": table.slug,
        "type": "table",
        "path": address("opendata:table_rows", table.slug, "csv"),
        "title": described(table.title),
        "titles": table.title.as_dict(),
        "description": described(table.about),
        "descriptions": table.about.as_dict(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "formats": {
            kind: address("opendata:table_rows", table.slug, kind)
            for kind in ("csv", "json", "jsonl")
        },
        "filters": list(table.filters),
        "schema": {
            "fields": [field_of(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }


def codelist_resource(one: Codelist) -> dict[str, Any]:
    return {
        "name": f"codelist-{one.slug}",
        "type": "table",
        "path": address("opendata:codelist", one.slug, "csv"),
        "title": described(one.title),
        "titles": one.title.as_dict(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [{"name": head, "type": "string"} for head in one.heads]},
    }


def package(*, local: bool = False) -> dict[str, Any]:
    """The whole dictionary; `local`: with the paths that its files have beside it in an archive."""
    resources = [
        *((f"tables/{one.slug}.csv", resource_of(one)) for one in TABLES.values()),
        *((f"codelists/{one.slug}.csv", codelist_resource(one)) for one in CODELISTS.values()),
    ]
    return {
        "$schema": SCHEMA,
        "name": NAME,
        "title": "Ortaq: open data of grants, social orders and prizes for NGOs",
        "homepage": settings.SITE_URL.rstrip("/") + reverse("opendata:index"),
        "created": clock.now().isoformat(timespec="seconds"),
        "licenses": [LICENCE],
        "contributors": [
            {
                "title": settings.ORTAQ_DATA_PUBLISHER,
                "email": settings.ORTAQ_DATA_CONTACT,
                "roles": ["publisher", "contact"],
            }
        ],
        "resources": [one | {"path": path} if local else one for path, one in resources],
    }


def head_of(table: Table, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in JSON before the rows: which table, narrowed by what, made when, under which licence."""
    return {
        "table": table.slug,
        "title": table.title.as_dict(),
        "filters": dict(asked),
        "made_at": clock.now().isoformat(timespec="seconds"),
        "licence": LICENCE,
        "dictionary": address("opendata:table", table.slug),
    }
