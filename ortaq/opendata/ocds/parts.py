"""The small parts of a release: organisations, sums, periods, documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from ortaq.core import regions
from ortaq.opendata import exact
from ortaq.people.models import Organisation

# The list of business identification numbers at org-id.guide.
SCHEME = "KZ-BIN"
Part = dict[str, Any]


def party_id(organisation: Organisation) -> str:
    """The identifier of an organisation in every export: its BIN with the code of its list."""
    return f"{SCHEME}-{organisation.bin}"


def reference(organisation: Organisation) -> Part:
    """An organisation where it plays a part."""
    return {"id": party_id(organisation), "name": organisation.name_kk}


def party(organisation: Organisation, *roles: str) -> Part:
    """An organisation as it is described once; no person, telephone or address is among it."""
    found: Part = {
        **bilingual("name", organisation.name_kk, organisation.name_ru),
        "id": party_id(organisation),
        "identifier": {
            "scheme": SCHEME,
            "id": organisation.bin,
            "legalName": organisation.name_kk,
        },
        "roles": sorted(roles),
    }
    region = regions.find(organisation.region_code) if organisation.region_code else None
    if region is not None:
        found["address"] = {"region": region.name.kk, "countryName": "Қазақстан"}
    return found


def bilingual(name: str, kk: str, ru: str = "") -> Part:
    """A text in Kazakh, the language of the release, and beside it in Russian where there is one."""
    if not kk.strip():
        return {name: ru, f"{name}_ru": ru} if ru.strip() else {}
    return {name: kk, f"{name}_ru": ru} if ru.strip() else {name: kk}


@cache
def _in_both(words: str) -> tuple[str, str]:
    found = []
    for language in ("kk", "ru"):
        with translation.override(language):
            found.append(gettext(words))
    return found[0], found[1]


def said(name: str, words: str) -> Part:
    """A text of the catalogue in both languages, by its English words."""
    return bilingual(name, *_in_both(words))


def value(tiyn: int) -> Part:
    return {"amount": exact.tenge(tiyn), "currency": exact.CURRENCY}


def period(begins: datetime | date | None, ends: datetime | date | None) -> Part:
    """A period of instants, or of days from the first instant to the last second; what is not known is left out."""
    found = {}
    if begins is not None:
        found["startDate"] = (
            exact.instant(begins) if isinstance(begins, datetime) else exact.first_of(begins)
        )
    if ends is not None:
        found["endDate"] = (
            exact.instant(ends) if isinstance(ends, datetime) else exact.last_of(ends)
        )
    return found


def filled(name: str, part: Part) -> Part:
    """A part where there is one."""
    return {name: part} if part else {}


def document(
    identifier: str, kind: str, words: str, url: str, published: datetime | None = None
) -> Part:
    """A public page as a document; `words` are English words of the catalogue, `kind` of the standard's code list."""
    found = {
        "id": identifier,
        "documentType": kind,
        **said("title", words),
        "url": url,
        "format": "text/html",
    }
    if published is not None:
        found["datePublished"] = exact.instant(published)
    return found


def together(parties: Iterable[Part]) -> list[Part]:
    """Each party once with all its roles, in the order in which they come."""
    found: dict[str, Part] = {}
    for one in parties:
        known = found.setdefault(one["id"], {**one, "roles": []})
        known["roles"] = sorted({*known["roles"], *one["roles"]})
    return list(found.values())
