"""What was signed: annex 3 and the estimate as they stood when the project was opened, kept apart from the living plan."""

from __future__ import annotations

import hashlib
from typing import Any

from ortaq.core.canonical import canonical
from ortaq.people.models import Organisation

from .models import Contract


def of(contract: Contract) -> dict[str, Any]:
    """The signed content by block, plain values only; five queries. The team is named without its contacts."""
    return {
        "grantor": _party(contract.grantor),
        "grantee": _party(contract.grantee),
        "number": contract.number,
        "concluded_on": contract.concluded_on and contract.concluded_on.isoformat(),
        "starts_on": contract.starts_on and contract.starts_on.isoformat(),
        "ends_on": contract.ends_on and contract.ends_on.isoformat(),
        "sum_tiyn": contract.sum_tiyn,
        "advance_tiyn": contract.advance_tiyn,
        "general": contract.general,
        "social_effect": contract.social_effect,
        "small_grants": contract.small_grants,
        "team": [
            {
                "table": one.table,
                "position": one.position,
                "full_name": one.full_name,
                "post": one.post,
                "role": one.role,
                "duties": one.duties,
                "share": one.share,
                "since": one.since and one.since.isoformat(),
                "until": one.until and one.until.isoformat(),
            }
            for one in contract.team.all()
        ],
        "plan": [
            {
                "key": one.key,
                "section": one.section,
                "task": one.task,
                "text": one.text,
                "place": one.place,
                "channel": one.channel,
                "term": one.term,
                "months": one.months,
                "indicators": [
                    {
                        "position": indicator.position,
                        "text": indicator.text,
                        "planned": indicator.planned,
                        "reading": indicator.reading,
                        "minimum": indicator.minimum,
                        "second": indicator.second,
                    }
                    for indicator in one.indicators.all()
                ],
            }
            for one in contract.activities.prefetch_related("indicators")
        ],
        "budget": [
            {
                "key": one.key,
                "year": one.year,
                "category": one.category,
                "activity": one.activity.key if one.activity else "",
                "item": one.item,
                "unit": one.unit,
                "quantity": str(one.quantity.normalize()),
                "unit_cost_tiyn": one.unit_cost_tiyn,
                "own_tiyn": one.own_tiyn,
                "other_tiyn": one.other_tiyn,
                "grant_tiyn": one.grant_tiyn,
            }
            for one in contract.budget.select_related("activity")
        ],
    }


def is_as_signed(contract: Contract) -> bool:
    """Whether the living contract still says what was signed; before the signature it says what will be."""
    if contract.state != Contract.State.SIGNED:
        return True
    now, then = of(contract), contract.project.baseline
    for row in (*now["plan"], *then["plan"]):
        row.pop("months", None)  # read from the printed terms when the project opened
    return {**now, "grantor": None, "grantee": None} == {**then, "grantor": None, "grantee": None}


def _party(organisation: Organisation) -> dict[str, str]:
    """A party as it was called when it signed."""
    return {
        "bin": organisation.bin,
        "name_kk": organisation.name_kk,
        "name_ru": organisation.name_ru,
    }


def sha256(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical form of a baseline."""
    return hashlib.sha256(canonical(content)).hexdigest()
