"""What is the organisation's own, to read: the token, applications, contracts, projects."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_noop as _
from ninja import Router

from ortaq.api.bearer import Bearer, OwnRequest
from ortaq.api.schemas import (
    ApplicationsOut,
    BidsOut,
    ContractOut,
    ContractsOut,
    Id,
    Limit,
    ProjectsOut,
    TokenOut,
    WholeProjectOut,
)
from ortaq.grants.models import Application
from ortaq.grants.queries.application import of_ngo
from ortaq.projects.models import Contract, Project
from ortaq.projects.queries.contract import contracts_visible_to
from ortaq.projects.queries.money import Figures, by_line
from ortaq.projects.queries.project import project_head
from ortaq.tenders.models import Bid
from ortaq.tenders.queries.bid import of_ngo as bids_of_ngo

from .shared import OWN, answers, named, page, party

router = Router(auth=Bearer(), tags=["own"])


def found_project(request: OwnRequest, pk: int) -> Project:
    """The project for a token of one of its parties; the same 404 for hidden and absent. One query."""
    project = project_head(request.auth.actor).filter(pk=pk).first()
    if project is None:
        raise Http404
    return project


@router.get("", response=answers(TokenOut, also=OWN), summary=_("The token itself"))
def token(request: OwnRequest) -> Any:
    """Whose the token is, what it may do and until when."""
    held = request.auth.token
    return {
        "name": held.name,
        "organisation": party(held.organisation),
        "scopes": held.scopes,
        "expires_on": held.expires_on,
    }


# --- Applications ----------------------------------------------------------------------------------


@router.get(
    "applications/",
    response=answers(ApplicationsOut, also=OWN),
    summary=_("Applications for grants"),
)
def applications(request: OwnRequest, after: Id | None = None, limit: Limit = 50) -> Any:
    """The organisation's own applications, the newest first."""
    return page(of_ngo(request.auth.actor), after, limit, _application)


def _application(one: Application) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.number,
        "title": one.title,
        "state": one.state,
        "competition": one.competition_id,
        "topic": named(one.lot.topic, "title"),
        "grant_tiyn": one.grant_tiyn,
        "total_tiyn": one.total_tiyn,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "submitted_at": one.submitted_at,
    }


@router.get("bids/", response=answers(BidsOut, also=OWN), summary=_("Bids in tenders"))
def bids(request: OwnRequest, after: Id | None = None, limit: Limit = 50) -> Any:
    """The organisation's own bids, the newest first; what is sealed stays sealed until the opening."""
    return page(bids_of_ngo(request.auth.actor), after, limit, _bid)


def _bid(one: Bid) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.number,
        "state": one.known.state,
        "tender": one.lot.tender_id,
        "topic": named(one.lot.topic, "title"),
        "price_tiyn": one.price_tiyn,
        "submitted_at": one.submitted_at,
    }


# --- Contracts -------------------------------------------------------------------------------------


@router.get("contracts/", response=answers(ContractsOut, also=OWN), summary=_("Contracts"))
def contracts(request: OwnRequest, after: Id | None = None, limit: Limit = 50) -> Any:
    """Contracts of which the organisation is a party, the newest first."""
    rows = contracts_visible_to(request.auth.actor).select_related("grantor", "grantee", "project")
    return page(rows.defer("project__baseline"), after, limit, _contract)


@router.get(
    "contracts/{int:pk}/", response=answers(ContractOut, also=OWN), summary=_("One contract")
)
def contract(request: OwnRequest, pk: Id) -> Any:
    rows = contracts_visible_to(request.auth.actor).select_related("grantor", "grantee", "project")
    one = rows.defer("project__baseline").filter(pk=pk).first()
    if one is None:
        raise Http404
    return _contract(one)


def _contract(one: Contract) -> dict[str, Any]:
    project = getattr(one, "project", None)
    return {
        "id": one.pk,
        "number": one.number,
        "instrument": one.instrument,
        "state": one.state,
        "concluded_on": one.concluded_on,
        "title": named(one, "title"),
        "grantor": party(one.grantor),
        "grantee": party(one.grantee),
        "sum_tiyn": one.sum_tiyn,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "project": project.pk if project else None,
    }


# --- Projects --------------------------------------------------------------------------------------


@router.get("projects/", response=answers(ProjectsOut, also=OWN), summary=_("Projects"))
def projects(request: OwnRequest, after: Id | None = None, limit: Limit = 50) -> Any:
    """Projects under the organisation's contracts, the newest first."""
    return page(project_head(request.auth.actor), after, limit, _project)


@router.get(
    "projects/{int:pk}/",
    response=answers(WholeProjectOut, also=OWN),
    summary=_("One project with its estimate and plan"),
)
def project(request: OwnRequest, pk: Id) -> Any:
    """The lines of the estimate with what is spent of them, and the activities of the plan."""
    one = found_project(request, pk)
    activities = one.contract.activities.values("id", "section", "task", "text")
    return _project(one) | {
        "lines": [
            {
                "id": row.line.pk,
                "key": row.line.key,
                "year": row.line.year,
                "category": row.line.category,
                "item": row.line.item,
                "activity": row.line.activity_id,
                "grant": _figures(row.money.grant),
                "own": _figures(row.money.own),
                "other": _figures(row.money.other),
            }
            for row in by_line(one)
        ],
        "activities": list(activities),
    }


def _figures(of: Figures) -> dict[str, int]:
    return {
        "planned_tiyn": of.planned,
        "spent_tiyn": of.spent,
        "admitted_tiyn": of.admitted,
    }


def _project(one: Project) -> dict[str, Any]:
    return {
        "id": one.pk,
        "contract": one.contract_id,
        "state": one.state,
        "level": one.level,
        "title": named(one.contract, "title"),
        "sum_tiyn": one.contract.sum_tiyn,
        "paid_tiyn": one.paid_tiyn,
        "spent_tiyn": one.spent_tiyn,
        "admitted_tiyn": one.admitted_tiyn,
        "events": one.events,
        "events_held": one.events_held,
        "covered": one.covered,
    }
