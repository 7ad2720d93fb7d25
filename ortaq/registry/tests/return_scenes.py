"""An annual return by the real steps: filled in, sent, checked."""

from __future__ import annotations

from datetime import date
from typing import Any

from ortaq.core import clock
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, Role
from ortaq.registry.models import AnnualReturn
from ortaq.registry.procedure import ANNUAL_RETURN, begin_return
from ortaq.registry.procedure import return_draft as drafts

from .scenes import membership, organisation

MARCH = clock.at(date(2026, 3, 20), 12)
BOTH = {f"{name}_{one}": f"{name} {one}" for name in ("legal_address", "actual_address", "purpose", "legal_form") for one in ("kk", "ru")}  # fmt: skip
FILLED: dict[str, Any] = {
    "identity": {
        **BOTH,
        "registered_on": "2015-04-01",
        "phone": "+7 700 000 00 01",
        "email": "ngo@example.kz",
    },
    "head": {
        "surname": "Сәрсенова",
        "given_name": "Әлия",
        "position_kk": "Директор",
        "position_ru": "Директор",
        "phone": "+7 700 000 00 01",
    },
    "founders": [
        {"id": "~f1", "kind": "person", "name_kk": "Ыбыраев Болат", "name_ru": "Ибраев Болат"}
    ],
    "activity": [
        {
            "id": "~a1",
            "direction": "education_science_information_sport",
            "done_kk": "Үйірмелер",
            "done_ru": "Кружки",
            "people": 120,
        }
    ],
    "income": {"opening": 100_000_00, "grants": 5_000_000_00},
    "spending": {"pay": 4_000_000_00, "services": 900_000_00, "closing": 200_000_00},
    "people": {"staff": 7, "volunteers": 30},
    "attached": {
        key: {"there": "yes"} for key in ("charter", "head", "registration", "balance", "contracts")
    },
}


def write(row: AnnualReturn, data: dict[str, Any], actor: Actor, version: int = 10**6) -> None:
    """Type `data`, nested as the form, on top of what stands."""
    units: dict[str, dict[str, Any]] = {}
    for path, value in paths.flatten(data).items():
        if not path.endswith(paths.ORDER):
            units.setdefault(paths.unit_of(path), {})[path] = value
    edits = [Edit(unit, version, values) for unit, values in units.items()]
    drafts.save(row, edits, actor=actor)


def begun(cast: Any, year: int = 2025, data: dict[str, Any] | None = None) -> AnnualReturn:
    """A return that Aliya has filled in and not sent."""
    actor = cast.actor("aliya")
    row = begin_return(cast.ngo, year, actor=actor)
    drafts.ensure(row, actor=actor)
    write(row, FILLED if data is None else data, actor)
    return row


def sent(cast: Any, year: int = 2025) -> AnnualReturn:
    """A return that Aliya has sent."""
    row = begun(cast, year)
    ANNUAL_RETURN.take("send", row, actor=cast.actor("aliya"), declared=True)
    return row


def body(cast: Any) -> Actor:
    """Saule as an officer of the authorised body."""
    ministry = Organisation.objects.filter(kind="authorised_body").first()
    if ministry is None:
        ministry = organisation("Министрлік", "authorised_body")
        membership(cast.saule, ministry, Role.OFFICER)
    return actor_for(cast.saule, ministry)
