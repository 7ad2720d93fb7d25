"""A world of prizes after the list of applicants: that of 2026 is being decided on, that of 2025 is published."""

from __future__ import annotations

from datetime import date
from typing import Any

from ortaq.core import clock as house
from ortaq.people.models import User
from ortaq.prizes.models import Application, Award, Direction, Round
from ortaq.prizes.tests import awarding_scenes as scenes
from ortaq.testing import factories
from ortaq.testing.clock import TestClock

from .strangers import a_former

SECRET = "Құпия негіздеме"


class Awarding:
    """`people` by role (None: nobody is signed in), `things` by the word that addresses use.

    Erlan has scored all applicants of 2026; Aliya's NGO is one of them and received a prize of 2025. One direction of 2026 is decided.
    """

    # The reason of a decision that is not published, and whoever must not read it.
    private = (SECRET,)
    # Who fills in forms here besides those of other worlds.
    writers = ("authority",)
    kept_from = ("nobody", "citizen", "head", "rival", "expert", "operator", "akimat", "former")

    def __init__(self, clock: TestClock) -> None:
        self.clock = clock
        clock.set(scenes.SCORED)
        scene = scenes.scored()
        scene.decide(scenes.HEALTH, "Үміт", reason_kk=SECRET, reason_ru=SECRET)
        self.people: dict[str, User | None] = {
            "nobody": None,
            "citizen": factories.a_person(
                email="citizen@example.kz", is_staff=True, is_superuser=True
            ),
            "head": scene.aliya.user,
            "rival": scene.dana.user,
            "expert": scene.erlan,
            "operator": factories.a_member(factories.an_organisation("operator")).user,
            "akimat": factories.a_member(factories.an_organisation("state_body")).user,
            "authority": scene.gulnara.user,
            "former": a_former((scene.round.organiser,), *filter(None, (scene.round.panel,))),
        }
        self.things: dict[str, Any] = {
            "year": scenes.YEAR,
            "last_year": scenes.YEAR - 1,
            "application": scene.application("Әлем"),
            "organisation": scene.application("Әлем").organisation,
            "direction": scene.direction(scenes.HEALTH),
            "award": _received(scene),
        }


def _received(scene: scenes.Scene) -> Award:
    """A prize of the year before, with a numbered diploma."""
    year = scenes.YEAR - 1
    published = house.at(date(year, 11, 27), 10)
    found = Round.objects.create(
        organiser=scene.round.organiser,
        year=year,
        edition="2018",
        state=Round.State.PUBLISHED,
        announce_due=house.end_of(date(year, 7, 1)),
        announced_at=house.at(date(year, 6, 25), 9),
        apply_until=house.end_of(date(year, 9, 1)),
        listed_at=house.at(date(year, 9, 12), 9),
        published_at=published,
        payment_due=house.end_of(date(year, 12, 20)),
    )
    direction = Direction.objects.create(
        round=found, position=1, field=scenes.CULTURE, amount_tiyn=900_000_000
    )
    ngo = scene.application("Әлем").organisation
    application = Application.objects.create(
        round=found,
        direction=direction,
        organisation=ngo,
        number=f"С-{year}-001",
        state=Application.State.AWARDED,
        content=scenes.content_of("Әлем"),
        created_by=scenes.user_of(scene.aliya),
        created_at=published,
        submitted_at=published,
        applicant_name=ngo.name_kk,
    )
    return Award.objects.create(
        direction=direction,
        application=application,
        share_tiyn=900_000_000,
        diploma_number=f"{year}-01-1",
    )
