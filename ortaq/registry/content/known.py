"""What is known before anybody types: last year's return, the card, what other rooms hold of the year (NG-011, NG-019).

    known.register(contracts_of)      in the `ready` of a room above: what it holds of an NGO's year

This room may import none of those above it; they say here what was in force and what was paid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import override

from ortaq.documents.writing import paths
from ortaq.people.models import Organisation, Role
from ortaq.people.queries import people_of
from ortaq.registry.models import AnnualReturn, ReturnVersion

# Sections that tell of the organisation and not of one year.
LASTING = ("identity", "head", "founders", "branches", "property", "bank")


@dataclass(frozen=True, slots=True)
class Held:
    """A contract, grant or prize of the NGO in force in the year, as another room holds it.

    `key` names it for ever ("contract-7": letters, digits, "-"), `source` is a choice of the form (social_order, grant,
    prize, other); sums in tiyn, `paid_tiyn` what was paid to the NGO in the year.
    """

    key: str
    title_kk: str
    title_ru: str
    source: str
    number: str
    concluded_on: date | None
    starts_on: date | None
    ends_on: date | None
    amount_tiyn: int
    paid_tiyn: int = 0

    @property
    def row_id(self) -> str:
        """The id of its row in the table of projects: once taken over, it is known again."""
        return f"~k{self.key}"[:39]

    @property
    def row(self) -> dict[str, Any]:
        """Its row in the table of projects."""
        day = f"{self.concluded_on:%d.%m.%Y}" if self.concluded_on else ""
        found = {
            "id": self.row_id,
            "project_kk": self.title_kk[:500],
            "project_ru": self.title_ru[:500],
            "source": self.source,
            "contract": ", ".join(filter(None, (self.number, day))),
            "from": self.starts_on and self.starts_on.isoformat(),
            "to": self.ends_on and self.ends_on.isoformat(),
            "amount": self.amount_tiyn,
        }
        return {key: value for key, value in found.items() if value not in ("", None)}


Provider = Callable[[int, int], Iterable[Held]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Let a room say what it holds: (number of the organisation, year) → what was in force in it."""
    if provider not in _providers:
        _providers.append(provider)


@contextmanager
def registered(*providers: Provider) -> Iterator[None]:
    """For tests: inside the block these answer and no other."""
    kept, _providers[:] = list(_providers), list(providers)
    try:
        yield
    finally:
        _providers[:] = kept


def held(organisation: int, year: int) -> list[Held]:
    """What all rooms hold of the NGO's year."""
    return [one for provider in _providers for one in provider(organisation, year)]


def prefilled(annual_return: AnnualReturn) -> dict[str, Any]:
    """What a new draft begins with, nested as the form: the newest approved return of an earlier year, above it the card, the
    head as a member, and what other rooms hold of the year.
    """
    organisation, year = annual_return.organisation, annual_return.year
    before = last_approved(organisation, year)
    sections: dict[str, Any] = dict((before.content if before else {}).get("sections", {}))
    data = {key: sections[key] for key in LASTING if key in sections}
    data["identity"] = data.get("identity", {}) | card(organisation)
    data["head"] = data.get("head", {}) | _head(organisation, data.get("head", {}))
    contracts = [one.row for one in held(organisation.pk, year)]
    numbers = {row.get("contract", "").partition(",")[0] for row in contracts} - {""}
    running = [
        row
        for row in sections.get("projects", ())
        if row.get("to", "") >= f"{year}-01-01"
        and row.get("contract", "").partition(",")[0] not in numbers
    ]
    data["projects"] = [*running, *contracts]
    if before and before.annual_return.year == year - 1:
        closing = sections.get("spending", {}).get("closing")
        if closing is not None:
            data["income"] = {"opening": closing}
    return paths.nest(paths.flatten(data))


def last_approved(organisation: Organisation, year: int) -> ReturnVersion | None:
    """The newest approved content on a year before `year`; one query."""
    return (
        ReturnVersion.objects.filter(
            annual_return__organisation=organisation,
            annual_return__year__lt=year,
            approved_at__isnull=False,
        )
        .select_related("annual_return")
        .order_by("-annual_return__year", "-number")
        .first()
    )


def card(organisation: Organisation) -> dict[str, Any]:
    """What the organisation's own card says for section 1; only what is filled in."""
    found: dict[str, Any] = {
        "bin": organisation.bin,
        "registered_on": organisation.registered_on and organisation.registered_on.isoformat(),
        "phone": organisation.phone,
        "email": organisation.email,
    }
    for language in ("kk", "ru"):
        found[f"name_{language}"] = getattr(organisation, f"name_{language}")
        found[f"legal_address_{language}"] = getattr(organisation, f"address_{language}")
        with override(language):
            if organisation.legal_form != Organisation.LegalForm.OTHER:
                found[f"legal_form_{language}"] = str(organisation.get_legal_form_display())
    return {key: value for key, value in found.items() if value}


def _head(organisation: Organisation, before: dict[str, Any]) -> dict[str, Any]:
    """The head as a member of the organisation; nothing where the return names the same person already."""
    head = people_of(organisation, Role.HEAD).first()
    if head is None or before.get("surname") == head.surname:
        return {}
    found = {
        "surname": head.surname,
        "given_name": head.given_name,
        "patronymic": head.patronymic,
        "phone": head.phone,
        "email": head.email,
    }
    return {key: value for key, value in found.items() if value}
