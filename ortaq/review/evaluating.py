"""What other rooms ask of a panel that evaluates what they lay before it: a project (SO-E-11..18), applicants for prizes (PR-028..032).

    panel = evaluating.form(organisation=…, members=[…], files=[NewDossier(…)], …, actor=actor)
    EVALUATING.take("clear" | "declare" | "step_down" | "admit" | "recuse" | "close", panel, …)
    evaluating.means(dossier)                 after it is closed

Its pages are those of the room that formed it: `Panel.address`. The sheet is review's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.db import transaction

from ortaq.core import clock
from ortaq.core.procedure import SYSTEM
from ortaq.people.models import Organisation, User

from . import conflicts, scoring
from .models import Applicant, Dossier, Panel
from .procedure.evaluating import EVALUATING, seated
from .procedure.work import NewDossier
from .queries import signed_sheets

__all__ = [
    "EVALUATING",
    "NewDossier",
    "form",
    "look_again",
    "means",
    "means_of",
    "note",
    "signed_sheets",
]


@transaction.atomic
def form(
    *,
    organisation: Organisation,
    title_kk: str,
    title_ru: str = "",
    act: str,
    edition: str,
    address: str,
    members: Iterable[User],
    files: Sequence[NewDossier],
    actor: Any = SYSTEM,
) -> Panel:
    """A panel of `members` with these dossiers, each open to nobody before the notice about its applicant. Ties that the registers
    know are written down. Who is in the register of experts sits as such: where they work and who proposed them count too.
    """
    panel = Panel(
        organisation=organisation,
        title_kk=title_kk[:500],
        title_ru=title_ru[:500],
        act=act,
        edition=edition,
        address=address,
        state=Panel.State.SCORING,
        scoring_from=clock.now(),
    )
    EVALUATING.begin(panel, actor=actor, edition=f"{act}/{edition}")
    seated(panel, members)
    Applicant.objects.bulk_create(
        Applicant(panel=panel, organisation_id=pk)
        for pk in dict.fromkeys(file.organisation_id for file in files)
    )
    Dossier.objects.bulk_create(
        Dossier(
            panel=panel,
            organisation_id=file.organisation_id,
            contest=file.contest,
            contest_title=file.contest_title[:500],
            number=file.number,
            title=file.title[:500],
            address=file.address,
        )
        for file in files
    )
    conflicts.detect(panel)
    EVALUATING.settle(panel)
    return panel


def look_again(panel: Panel) -> None:
    """Write down what the registers know by now, also of a panel that is closed: what follows from its sheets is not final yet."""
    conflicts.detect(panel)


def note(panel: Panel) -> bool:
    """Write down what the registers know by now of the time when the panel closed; True when that is anything new. Its result is final."""
    return bool(conflicts.note(panel))


def means(dossier: Dossier) -> Mapping[str, Fraction]:
    """The exact mean of the signed sheets for each criterion; empty where none is signed."""
    marks = [sheet.marks for sheet in signed_sheets(dossier)]
    return means_of(marks, scoring.rubric_of(dossier.panel).keys)


def means_of(marks: Sequence[Mapping[str, Any]], keys: Iterable[str]) -> Mapping[str, Fraction]:
    """The exact mean of these sheets' marks for each of the criteria; empty without sheets."""
    if not marks:
        return {}
    return {
        key: Fraction(sum(scoring.mark_of(one, key)["points"] for one in marks), len(marks))
        for key in keys
    }
