"""What NGOs have running here, for the standing watch: contracts until they are signed, then their projects until these are closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from ortaq.core.keys import key_of
from ortaq.law.text import Text
from ortaq.registry.watched import Room, Thing

from .models import Contract, Project

Drafted = Contract.State


def _name(contract: Contract) -> str:
    """By what people know it: its number, if it has one yet, and its title."""
    return f"№ {contract.number}, {contract.title_kk}" if contract.number else contract.title_kk


def contracts(organisations: Any) -> Iterator[Thing]:
    rows = Contract.objects.filter(
        grantee__in=organisations,
        state__in=(Drafted.DRAFT, Drafted.APPROVING, Drafted.AGREED),
    )
    for row in rows.only("number", "grantee", "grantor", "source", "instrument", "title_kk"):
        if row.page:
            address = reverse(row.page, args=[row.pk])
            yield Thing(key_of(row), row.grantee_id, row.grantor_id, _name(row), address)


def projects(organisations: Any) -> Iterator[Thing]:
    rows = Project.objects.filter(
        contract__grantee__in=organisations,
        state__in=(Project.State.RUNNING, Project.State.ACCEPTED),
    ).select_related("contract")
    for row in rows.only(
        "contract__number", "contract__title_kk", "contract__grantee", "contract__grantor"
    ):
        yield Thing(
            key_of(row),
            row.contract.grantee_id,
            row.contract.grantor_id,
            _name(row.contract),
            reverse("projects:project", args=[row.pk]),
        )


ROOMS = (
    Room(
        "contract",
        Text("шарт", "договор", "contract"),
        "announcement 2020 §2; guide, grants",
        contracts,
        ("projects:contract", "tenders:order"),
    ),
    Room(
        "project",
        Text("жоба", "проект", "project"),
        "announcement 2020 §2; guide, grants",
        projects,
        ("projects:project",),
    ),
)
