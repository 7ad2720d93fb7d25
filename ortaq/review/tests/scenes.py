"""A commission of four on its way, by the real steps: three proposed by NGOs, one by the operator.

Erlan (proposed by nobody but himself) is the first member; Saule of the akimat keeps the minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ortaq.core import clock
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, User
from ortaq.registry.models import Expert
from ortaq.registry.tests.scenes import Cast, assemble, organisation, person, registered
from ortaq.review import panels
from ortaq.review.models import Dossier, Panel, ScoreSheet, Seat
from ortaq.review.procedure import PANEL, SHEET
from ortaq.review.procedure.declaring import open_questions
from ortaq.review.procedure.sheet import save_draft
from ortaq.testing.remembered import remembered

CLOSED = clock.at(date(2020, 6, 3), 18)
SURNAMES = ("Айтжанов", "Әубәкіров", "Қайратов", "Өтегенов", "Үсенов", "Яковлева")
MIDDLE = {"S1_capacity": 3, "S2_specialists": 2, "S3_content": 4, "S4_results": 3}
FULL = MIDDLE | {"S5_budget_terms": 3}


@dataclass
class Commission:
    """The commission of a competition and everybody around it."""

    cast: Cast
    panel: Panel
    experts: list[Expert] = field(default_factory=list)

    @property
    def operator(self) -> Actor:
        return self.cast.actor("gulnara")

    @property
    def secretary(self) -> Actor:
        return self.cast.actor("saule")

    def seat(self, user: User) -> Seat:
        return self.panel.seats.get(person=user, until=None)

    def take(self, step: str, actor: Actor | None = None, **facts: Any) -> None:
        PANEL.take(step, self.panel, actor=actor or self.operator, **facts)

    def join(self, expert: Expert) -> Seat:
        self.take("seat", expert=expert, confirmed=True)
        self.experts.append(expert)
        return self.seat(expert.person)

    def declare(self, user: User, conflicts: dict[Organisation, str] | None = None) -> None:
        """One member declares: none, but for those in `conflicts`."""
        explained = {body.pk: why for body, why in (conflicts or {}).items()}
        answers = {
            row.organisation_id: (
                row.organisation_id in explained,
                explained.get(row.organisation_id, ""),
            )
            for row in open_questions(self.panel, self.seat(user))
        }
        self.take("declare", actor_for(user), answers=answers)

    @property
    def members(self) -> list[User]:
        seats = self.panel.seats.filter(until=None, role="member").select_related("person")
        return [seat.person for seat in seats.order_by("id")]

    @property
    def scoring_ends(self) -> datetime:
        assert self.panel.scoring_until is not None
        return self.panel.scoring_until

    @property
    def dossiers(self) -> list[Dossier]:
        return list(self.panel.dossiers.order_by("id"))


def an_expert(cast: Cast, who: User, by: Organisation | None = None, **row: Any) -> Expert:
    """An expert in the register, proposed by `by`."""
    gulnara = cast.actor("gulnara")
    return registered(who, by, gulnara, gulnara, **row)


@remembered
def forming(members: int = 4) -> Commission:
    """The members sit, the secretary is appointed, nobody has applied yet."""
    cast = assemble()
    panel = panels.form(
        organisation=cast.operator,
        title_kk="2020 жылғы гранттар конкурсының комиссиясы",
        title_ru="Комиссия конкурса грантов 2020 года",
        act="grants_rules",
        edition="2020",
        actor=cast.actor("gulnara"),
    )
    scene = Commission(cast, panel)
    scene.join(an_expert(cast, cast.erlan))
    operators = members * 30 // 100
    for number, surname in enumerate(SURNAMES[: members - 1]):
        by = cast.operator if number < operators else None
        scene.join(an_expert(cast, person(surname), by))
    scene.take("seat_secretary", person=cast.saule)
    return scene


@remembered
def declaring(members: int = 4, applicants: Sequence[Organisation] = ()) -> Commission:
    """Aliya's NGO and its rival applied; the list and the declarations went out."""
    scene = forming(members)
    asked = [scene.cast.ngo, scene.cast.rival, *applicants]
    panels.list_applicants(scene.panel, [body.pk for body in asked], closed_at=CLOSED)
    scene.take("send_declarations", due_on=None)
    return scene


@remembered
def final(members: int = 4) -> Commission:
    """Everybody declared that there is no conflict; the composition is approved."""
    scene = declaring(members)
    for user in scene.members:
        scene.declare(user)
    scene.take("approve")
    return scene


@remembered
def scoring(members: int = 4, dossiers: int = 2) -> Commission:
    """The dossiers are open: the odd ones of Aliya's NGO, the even ones of its rival, one contest."""
    scene = final(members)
    open_dossiers(scene, dossiers)
    return scene


def open_dossiers(scene: Commission, number: int = 2) -> list[Dossier]:
    bodies = (scene.cast.ngo, scene.cast.rival)
    return panels.begin_scoring(
        scene.panel,
        [
            panels.NewDossier(
                organisation_id=bodies[n % 2].pk,
                contest="grants.lot:1",
                contest_title="Еріктілерді қолдау",
                number=f"2020-{n + 1:03d}",
                title="Волонтёрлер мектебі",
                address=f"/applications/{n + 1}/",
            )
            for n in range(number)
        ],
        actor=scene.operator,
    )


def marks(points: dict[str, int] | None = None, **comments: str) -> dict[str, Any]:
    """A sheet's marks: `points` by criterion, every sub-item left alone, a word of comment."""
    return {
        key: {
            "points": value,
            "ticks": [],
            "fully": False,
            "comment": comments.get(key, "Негіздеме."),
        }
        for key, value in (FULL if points is None else points).items()
    }


def sign(
    scene: Commission, user: User, dossier: Dossier, points: dict[str, int] | None = None
) -> ScoreSheet:
    """A member fills in and signs a sheet."""
    dossier = Dossier.objects.select_related("panel").get(pk=dossier.pk)
    seat = scene.seat(user)
    saved = save_draft(dossier, seat, None, marks(points), version=0, window=f"of {user.pk}")
    SHEET.take("sign", saved.sheet, actor=actor_for(user), version=saved.sheet.version)
    return saved.sheet


@remembered
def meeting(
    members: int = 4, dossiers: int = 2, points: Sequence[dict[str, int]] = ()
) -> Commission:
    """Everybody signed; the meeting is open. `points` by dossier, the same from every member."""
    scene = scoring(members, dossiers)
    for number, dossier in enumerate(scene.dossiers):
        for user in scene.members:
            sign(scene, user, dossier, points[number] if points else None)
    panels.begin_meeting(scene.panel, actor=scene.operator)
    return scene


__all__ = [
    "CLOSED",
    "FULL",
    "an_expert",
    "declaring",
    "final",
    "forming",
    "marks",
    "meeting",
    "open_dossiers",
    "organisation",
    "person",
    "scoring",
    "sign",
]
