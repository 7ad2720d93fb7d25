"""Two people at one moment, on either database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ortaq.core.procedure import Refused
from ortaq.people.actor import actor_for
from ortaq.registry.models import Expert
from ortaq.review.models import Dossier, ScoreSheet, Seat
from ortaq.review.procedure import PANEL, SHEET
from ortaq.review.procedure.sheet import save_draft
from ortaq.testing.together import at_once

from .scenes import FULL, an_expert, final, marks, person, scoring

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[str]:
    """What became of each act at one moment: "done" or the refusal's code."""
    outcomes = []
    for result in at_once(*acts):
        if isinstance(result, Exception) and not isinstance(result, Refused):
            raise result
        outcomes.append(result.findings[0].code if isinstance(result, Refused) else "done")
    return outcomes


def test_two_experts_who_sign_at_once_are_both_counted():
    scene = scoring()
    dossier = Dossier.objects.select_related("panel").get(pk=scene.dossiers[0].pk)
    sheets = [
        (save_draft(dossier, scene.seat(user), None, marks(), version=0, window="w").sheet, user)
        for user in scene.members
    ]
    actors = [(sheet, actor_for(user)) for sheet, user in sheets]
    done = together(
        *(lambda s=sheet, a=actor: SHEET.take("sign", s, actor=a) for sheet, actor in actors)
    )
    dossier.refresh_from_db()
    assert done == ["done"] * 4
    assert (dossier.sheets, dossier.points) == (4, 4 * sum(FULL.values()))


def test_a_member_who_signs_in_two_windows_at_once_has_signed_both():
    scene = scoring()
    user = scene.cast.erlan
    dossiers = [
        Dossier.objects.select_related("panel").get(pk=one.pk) for one in scene.dossiers[:2]
    ]
    sheets = [
        save_draft(one, scene.seat(user), None, marks(), version=0, window="w").sheet
        for one in dossiers
    ]
    actor = actor_for(user)
    done = together(*(lambda s=sheet: SHEET.take("sign", s, actor=actor) for sheet in sheets))
    assert (done, scene.seat(user).signed) == (["done"] * 2, 2)


def test_two_first_saves_from_two_windows_keep_one_and_show_the_other():
    scene = scoring()
    dossier = Dossier.objects.select_related("panel").get(pk=scene.dossiers[0].pk)
    seat, stale = scene.seat(scene.cast.erlan), []

    def save(window: str) -> None:
        saved = save_draft(dossier, seat, None, marks(), version=0, window=window)
        stale.append(saved.stale)

    assert together(lambda: save("first"), lambda: save("second")) == ["done", "done"]
    assert sorted(stale) == [False, True]
    assert ScoreSheet.objects.get().version == 1


def test_two_officers_who_fill_one_seat_at_once_do_not_both():
    scene = final()
    user = scene.members[-1]
    # Each officer's page has read the seat for itself.
    leaving = [scene.seat(user), scene.seat(user)]
    experts = [an_expert(scene.cast, person()) for _number in range(2)]
    operator = scene.operator

    def substitute(seat: Seat, expert: Expert) -> None:
        facts: dict[str, Any] = {"confirmed": True, "reason": "Ауырып қалды."}
        PANEL.take("substitute", scene.panel, actor=operator, seat=seat, expert=expert, **facts)

    pairs = zip(leaving, experts, strict=True)
    done = together(*(lambda s=seat, e=expert: substitute(s, e) for seat, expert in pairs))
    assert sorted(done) == ["done", "seat_ended"]
    assert scene.panel.seats.filter(until=None, role="member").count() == 4
