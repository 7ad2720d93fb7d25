"""What of this room is signed electronically, by whom.

statement     a declaration on conflicts of interest (GR-C-11) or a notice of them (annexes 4 and 6 of №18); its author
score sheet   points, comments and total with the sheet's seal; its author (GR-S-01)
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq import law
from ortaq.core.keys import key_of, person
from ortaq.people.models import User
from ortaq.signing import occasions
from ortaq.signing.occasions import Occasion, Party, What

from . import policy, scoring
from .composition import edition_of
from .models import ScoreSheet, Statement
from .procedure.statement import OCCASION, WORD


def author(user: User) -> list[Party]:
    """One person who signs for themselves."""
    label = pgettext_lazy("who signs", "author")
    return [Party("author", label, iin=user.iin or None, person=person(user.pk))]


def _signs(actor: Any, _obj: Any, party: Party) -> bool:
    return bool(actor.key) and party.person == actor.key


STATEMENT = occasions.register(
    Occasion(
        OCCASION,
        _("Declaration on conflicts of interest"),
        find=lambda actor, pk: (
            Statement.objects.filter(person=actor.user, pk=pk).select_related("person").first()
            if actor.user
            else None
        ),
        edition=lambda statement: law.edition(statement.act, statement.edition),
        what=lambda statement: What(
            version=statement.version,
            title={"kk": statement.title_kk, "ru": statement.title_ru or statement.title_kk},
            content=statement.content,
        ),
        parties=lambda statement: author(statement.person),
        may_sign=_signs,
        address=lambda statement: statement.address,
        kind=WORD,
        packs=lambda _actor, _statement: True,  # only its author finds it
    )
)


def what_of_sheet(sheet: ScoreSheet) -> What:
    """The marks as they stand; the seal keeps those who could guess the points from trying them."""
    dossier = sheet.dossier
    rubric = scoring.rubric_of(dossier.panel)
    total = sheet.total
    if total is None and scoring.given(rubric, sheet.marks) == len(rubric.criteria):
        total = rubric.total(scoring.points_of(sheet.marks))
    return What(
        version=sheet.version,
        title={"kk": dossier.number, "ru": dossier.number},
        content={
            "format": "ortaq.sheet/1",
            "dossier": key_of(dossier),
            "number": dossier.number,
            "seat": sheet.seat_id,
            "marks": sheet.marks,
            "total": total,
            "seal": sheet.seal,
        },
    )


SHEET = occasions.register(
    Occasion(
        "review.scoresheet",
        _("Score sheet"),
        find=lambda actor, pk: (
            ScoreSheet.objects.filter(seat__person=actor.user, pk=pk)
            .select_related("dossier__panel", "seat__person")
            .first()
            if actor.user
            else None
        ),
        edition=lambda sheet: edition_of(sheet.dossier.panel),
        what=what_of_sheet,
        parties=lambda sheet: author(sheet.seat.person),
        may_sign=lambda actor, sheet, _party: bool(policy.writes_sheet(actor, sheet)),
        address=lambda sheet: reverse(
            "review:sign" if sheet.state == ScoreSheet.State.DRAFT else "review:dossier",
            args=[sheet.dossier_id],
        ),
        kind="score_sheet",
        packs=lambda _actor, _sheet: True,  # only its author finds it
        open=lambda sheet: sheet.state == ScoreSheet.State.DRAFT,
    )
)
