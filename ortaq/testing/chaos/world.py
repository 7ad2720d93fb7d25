"""What is at stake in one phase, made by the real steps: who signs in, what they send and what must come of it.

python -m ortaq.testing.chaos.world submitting 40 > world.json
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402
from django.urls import reverse  # noqa: E402

from ortaq.core import clock, journal  # noqa: E402
from ortaq.grants.tests import application_scenes, outcome_scenes, scenes  # noqa: E402
from ortaq.people.actor import Actor  # noqa: E402
from ortaq.people.models import Role, User  # noqa: E402
from ortaq.planning.tests.scenes import cast  # noqa: E402
from ortaq.review.models import Dossier  # noqa: E402
from ortaq.tenders.models import Tender  # noqa: E402
from ortaq.tenders.tests import scenes as tender_scenes  # noqa: E402
from ortaq.testing import factories  # noqa: E402
from ortaq.testing.chaos.falling import folder  # noqa: E402
from ortaq.testing.clock import TestClock  # noqa: E402

# So many competitions are published, with so many applications each.
LOTS = {1: {"aliya": 20, "dana": 18}, 2: {"aliya": 15, "dana": 17}}


def cookie(person: User) -> str:
    """A session of a person, made on the server's side."""
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": person.email}
    ]
    session.set_expiry(10 * 365 * 24 * 3600)
    session.create()
    return f"sessionid={session.session_key}"


def of(actor: Actor) -> str:
    assert actor.user is not None
    return cookie(actor.user)


def an_ngo() -> Actor:
    return factories.a_member(factories.an_organisation(), Role.HEAD)


def submitting(number: int) -> dict[str, Any]:
    """An open competition and finished drafts of so many NGOs."""
    with clock.frozen(scenes.DURING):
        people = scenes.cast()
        competition = scenes.open_competition(people.operator, amounts=[{2020: 5_000_000}])
        lot = competition.lots.get()
        tasks = []
        for index in range(number):
            actor = an_ngo()
            draft = application_scenes.a_complete_draft(lot, actor, f"{index}-жоба")
            tasks.append(
                {
                    "kind": "application",
                    "pk": draft.pk,
                    "cookies": of(actor),
                    "files": reverse("grants:application_files", args=[draft.pk]),
                    "fields": {"kind": "other", "about": "", "row": ""},
                    "submit": reverse("grants:application_submit", args=[draft.pk]),
                }
            )
    return {
        "at": scenes.DURING.timestamp() + 3600,
        "ends": scenes.CLOSES.timestamp(),
        "tasks": tasks,
    }


def scoring(number: int) -> dict[str, Any]:
    """A commission with so many files before each of its members."""
    test = TestClock()
    lots = {n: {"aliya": 20, "dana": 18} for n in range(1, number // 2 + 1)}
    scene = outcome_scenes.scoring_begun(test, lots)
    tasks = [
        {
            "kind": "sheet",
            "pk": dossier.pk,
            "person": person.pk,
            "cookies": cookie(person),
            "save": reverse("review:dossier", args=[dossier.pk]),
            "submit": reverse("review:sign", args=[dossier.pk]),
        }
        for person in scene.experts
        for dossier in Dossier.objects.filter(panel=scene.panel).order_by("pk")
    ]
    at = clock.now().timestamp() + 60
    test.release()
    return {"at": at, "ends": 0, "tasks": tasks}


def publishing(number: int) -> dict[str, Any]:
    """So many competitions whose results wait to be published."""
    test = TestClock()
    tasks, at = [], 0.0
    for _index in range(number):
        scene = outcome_scenes.prepared(test, LOTS)
        tasks.append(
            {
                "kind": "results",
                "pk": scene.competition.pk,
                "cookies": of(scene.cast.gulnara),
                "submit": reverse("grants:outcomes_publish", args=[scene.competition.pk]),
            }
        )
        at = max(at, clock.now().timestamp() + 60)
    test.release()
    return {"at": at, "ends": 0, "tasks": tasks}


def bidding(number: int) -> dict[str, Any]:
    """Tenders that end one after another, with drafts of bids for each."""
    begins = tender_scenes.DURING
    tasks, ends = [], []
    with clock.frozen(begins):
        for place in range(max(1, number // 6)):
            people = cast()
            # The first ends so many seconds after the clients have begun; the others follow.
            closes_at = begins + timedelta(seconds=60 + 20 * place)
            tender = tender_scenes.an_announced_tender(people, closes_at=closes_at)
            Tender.objects.filter(pk=tender.pk).update(number=f"2024-{tender.pk}")
            # The scene announces past the steps; its journal says where it stands.
            moved = {"from": "approved", "to": "announced"}
            with transaction.atomic():
                journal.append(tender, "announce", facts=moved)
            lot = tender.lots.select_related("tender", "topic").get()
            ends.append(closes_at.timestamp())
            for _index in range(6):
                actor = an_ngo()
                draft = tender_scenes.a_complete_draft(lot, actor)
                tasks.append(
                    {
                        "kind": "bid",
                        "pk": draft.pk,
                        "tender": tender.pk,
                        "closes": closes_at.timestamp(),
                        "cookies": of(actor),
                        "files": reverse("tenders:bid_files", args=[draft.pk]),
                        "fields": {"slot": "other"},
                        "submit": reverse("tenders:bid_submit", args=[draft.pk]),
                    }
                )
    return {"at": begins.timestamp(), "ends": max(ends), "tasks": tasks}


MAKERS = {
    "submitting": submitting,
    "scoring": scoring,
    "publishing": publishing,
    "bidding": bidding,
}


def main() -> None:
    phase, number = sys.argv[1], int(sys.argv[2])
    world = MAKERS[phase](number)
    world["now"] = datetime.now(UTC).timestamp()  # noqa: TID251 - how far the clock is to be moved
    folder().mkdir(parents=True, exist_ok=True)
    print(json.dumps(world))


if __name__ == "__main__":
    main()
