"""The steps and duties of a round from the list of applicants on: scoring, decisions, results, diplomas, money."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.law.text import Text
from ortaq.prizes.models import Round

from . import awarding, judging, paying

State = Round.State
STEPS = (*judging.STEPS, *awarding.STEPS, *paying.STEPS)
PLACE = "guide, prizes"


def owed(found: Round) -> Iterable[Owed]:
    """What the authorised body owes from the list of applicants on (PR-037, PR-038)."""
    bearer, year = organisation(found.organiser_id), found.year
    if found.state == State.LISTED:
        yield Owed(
            "appoint",
            bearer,
            Text(
                "Сыйлықақыға үміткерлерді бағалайтын адамдарды белгілеу",
                "Определить, кто оценивает соискателей премии",
                "Name who scores the applicants for the prize",
            ),
            None,
            reverse("prizes:scoring", args=[year]),
            "PR-030",
        )
    if found.state in (State.LISTED, State.SCORING, State.DECIDING):
        yield Owed(
            "publish_results",
            bearer,
            Text(
                "Сыйлықақы иегерлерінің тізбесін жариялау",
                "Опубликовать перечень лауреатов премии",
                "Publish the list of recipients of the prize",
            ),
            found.results_due,
            reverse("prizes:decisions", args=[year]),
            PLACE,
        )
    if found.state == State.PUBLISHED:
        waiting = paying.open_awards(found)
        address = reverse("prizes:awards", args=[year])
        if any(not one.handed for one in waiting):
            yield Owed(
                "hand_diplomas",
                bearer,
                Text("Дипломдарды тапсыру", "Вручить дипломы", "Hand over the diplomas"),
                found.payment_due,
                address,
                PLACE,
            )
        if any(not one.paid for one in waiting):
            yield Owed(
                "pay_prizes",
                bearer,
                Text("Сыйлықақыларды аудару", "Перечислить премии", "Transfer the prizes"),
                found.payment_due,
                address,
                PLACE,
            )
