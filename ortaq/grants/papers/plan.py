"""A proposal for the plan on paper (GR-P-03)."""

from __future__ import annotations

from ortaq import law
from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents import forms, paper
from ortaq.documents.filling import fill
from ortaq.grants.models import Proposal

ITEMS = ("name", "rationale", "goal", "tasks", "summary", "geography", "expected_results")


def proposal(found: Proposal, language: str) -> paper.Paper:
    """Its eight items on the form that is in force today; whose it is stands in the footer."""
    form = forms.form("GRANT-PP", law.at("grants_rules", clock.today()).key)
    items = {key: getattr(found, key) for key in ITEMS} | {"amount": found.amount_tiyn}
    organisation = found.organisation
    whose = pick(organisation.name_kk, organisation.name_ru, language)
    return fill(form, {"sections": {"proposal": items}}, language, note=whose)
