"""The act of services rendered (GAP-I-12) on its form."""

from __future__ import annotations

from dataclasses import replace

from ortaq.core import money
from ortaq.core.bilingual import pick
from ortaq.documents.filling import fill
from ortaq.documents.forms import form
from ortaq.documents.paper import Paper
from ortaq.documents.signed import signed
from ortaq.projects.models import Act

LANGUAGES = ("kk", "ru")
FORM = ("SO-AR", "2019")


def act(row: Act, language: str) -> Paper:
    """The act in kk or ru, with gaps where nothing is written yet."""
    contract = row.project.contract
    concluded = f"{contract.concluded_on:%d.%m.%Y}" if contract.concluded_on else ""
    parties = {
        key: pick(party.name_kk, party.name_ru, language)
        for key, party in (("supplier", contract.grantee), ("customer", contract.grantor))
    }
    values = {
        "fields": {
            "number": row.number,
            "day": row.day,
            "contract": f"№ {contract.number}, {concluded}",
            "project": pick(contract.title_kk, contract.title_ru, language),
            "sum": money.show(row.sum_tiyn, language=language),
            **parties,
        },
        "sections": {"services": row.services},
        "signatures": {key: {"position": name} for key, name in parties.items()},
    }
    made = fill(form(*FORM), values, language, note=contract.number)
    return replace(made, blocks=(*made.blocks, *signed("projects.act", row, language)))
