"""The small parts of a grant: organisations, places, programmes, transactions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from ortaq.core import regions
from ortaq.law import fields
from ortaq.opendata import exact
from ortaq.opendata.ocds.parts import party_id
from ortaq.people.models import Organisation
from ortaq.projects.models import Contract, Tranche

Part = dict[str, Any]
LONGEST = 140  # characters of a title, as the standard advises
# What money is for, by the standard's own list.
PROJECT = {"vocabulary": "fundingType", "code": "FT03", "title": "Project costs"}
UNRESTRICTED = {"vocabulary": "fundingType", "code": "FT01", "title": "Unrestricted"}
# How far a grant reaches, by the standard's own list.
INTERNATIONAL, NATIONAL, REGION = "GLS020", "GLS030", "GLS040"
COUNTRY = {"name": "Қазақстан", "countryCode": "KZ"}


def identifier(noun: str, pk: int) -> str:
    """The identifier of a grant in the whole world: the publisher's prefix, and what it is here."""
    return f"{settings.ORTAQ_360GIVING_PREFIX}-{noun}-{pk}"


def organisation(found: Organisation) -> Part:
    """A funder or recipient; no person, telephone or address is among it."""
    part = {"id": party_id(found), "name": found.name_kk or found.name_ru}
    if found.name_ru and found.name_ru != part["name"]:
        part["alternateName"] = found.name_ru
    region = regions.find(found.region_code) if found.region_code else None
    if region is not None:
        part["addressRegion"] = region.name.kk
    part["addressCountry"] = "Қазақстан"
    return part


def words(title: str, *more: str) -> Part:
    """Title and description: the description is the first of `more` that says something else, after the whole title where it is long."""
    short = title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"
    said = [title] if short != title else []
    other = next((one.strip() for one in more if one.strip() and one.strip() != title), "")
    return {"title": short, "description": "\n".join([*said, *([other] if other else [])]) or short}


def in_kazakh(text: str, **named: Any) -> str:
    """A text of the catalogue in Kazakh, the language of the package."""
    with translation.override("kk"):
        return gettext(text) % named if named else gettext(text)


def places(codes: Iterable[str], day: date) -> list[Part]:
    """Regions by the state's own classifier, as they were named on a day."""
    found = [(code, regions.find(code, day)) for code in dict.fromkeys(codes) if code]
    return [
        {"name": region.name.kk, "countryCode": "KZ", "geoCode": code, "geoCodeType": "KATO"}
        for code, region in found
        if region is not None
    ]


def field(key: str) -> list[Part]:
    """The field of a grant, from the list of fields of the law."""
    if key not in set(fields.fields_by_name().values()):
        return []
    text = fields.field(key).text
    return [{"vocabulary": "x_ortaq_fields", "code": key, "title": text.kk}]


def dates(begins: date | None, ends: date | None) -> list[Part]:
    """When the project is carried out, with its length in months begun."""
    if begins is None or ends is None:
        return []
    months = (ends.year - begins.year) * 12 + ends.month - begins.month + 1
    return [{"startDate": begins.isoformat(), "endDate": ends.isoformat(), "duration": months}]


def commitment(contract: Contract) -> Part:
    """The contract by which the sum was promised."""
    day = contract.concluded_on
    return {
        "id": f"contract-{contract.pk}",
        **({"transactionDate": day.isoformat()} if day else {}),
        "currency": exact.CURRENCY,
        "value": exact.tenge(contract.sum_tiyn),
        "provider": party_id(contract.grantor),
        "recipient": party_id(contract.grantee),
    }


def disbursement(tranche: Tranche, contract: Contract) -> Part:
    """A tranche that was paid."""
    assert tranche.paid_on is not None
    assert tranche.paid_tiyn is not None
    return {
        "id": f"payment-{contract.pk}-{tranche.number}",
        "transactionDate": tranche.paid_on.isoformat(),
        "currency": exact.CURRENCY,
        "value": exact.tenge(tranche.paid_tiyn),
        "provider": party_id(contract.grantor),
        "recipient": party_id(contract.grantee),
    }
