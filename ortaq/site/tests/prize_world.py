"""A world of prizes: the prize of 2019 takes applications, that of 2020 is being prepared."""

from __future__ import annotations

from typing import Any

from ortaq.people.models import User
from ortaq.prizes.models import ApplicationConflict
from ortaq.prizes.procedure import round_draft
from ortaq.prizes.tests import scenes
from ortaq.testing import factories
from ortaq.testing.clock import TestClock

from .strangers import a_former, a_newcomer


class Prizes:
    """`people` by role (None: nobody is signed in), `things` by the word that addresses use.

    Aliya's NGO writes an application, Dana's has handed one in. Saule's authority gives the prize.
    """

    # What the two applications say, and whoever never reads it.
    private = (scenes.SECRET, scenes.ACCOUNT["iban"])
    # Who fills in forms here besides those of other worlds.
    writers = ("authority",)
    kept_from = (
        *("nobody", "citizen", "expert", "operator", "akimat", "authority"),
        *("former", "newcomer"),
    )

    def __init__(self, clock: TestClock) -> None:
        self.clock = clock
        clock.set(scenes.DURING)
        scene = scenes.announced()
        cast = scene.cast
        written = scenes.written(scene)
        handed_in = scenes.submitted(scene, cast.dana, scenes.YOUTH)
        round_draft.begin(cast.ministry, scenes.YEAR + 1, actor=cast.saule)
        ApplicationConflict.objects.create(
            application=written,
            person=_user(cast.aliya),
            base_version=1,
            data={},
            made_at=scenes.DURING,
        )
        self.people: dict[str, User | None] = {
            "nobody": None,
            "citizen": factories.a_person(
                email="citizen@example.kz", is_staff=True, is_superuser=True
            ),
            "head": cast.aliya.user,
            "accountant": cast.bolat.user,
            "rival": cast.dana.user,
            "expert": cast.erlan.user,
            "operator": cast.gulnara.user,
            "akimat": factories.a_member(factories.an_organisation("state_body")).user,
            "authority": cast.saule.user,
            "former": a_former((cast.ngo, cast.ministry)),
            "newcomer": a_newcomer(),
        }
        self.things: dict[str, Any] = {
            "year": scenes.YEAR,
            "next_year": scenes.YEAR + 1,
            "written": written,
            "handed_in": handed_in,
            "file": written.attachments.earliest("pk"),
            "letter": handed_in.attachments.earliest("pk"),
        }


def _user(actor: Any) -> User:
    assert isinstance(actor.user, User)
    return actor.user
