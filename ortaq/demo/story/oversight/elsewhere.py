"""March 2023: two more akimats join the site with contracts that they have concluded before; by the end of the term most is proved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from ortaq import law
from ortaq.core import clock
from ortaq.core.procedure import Attempt
from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.demo.story.projects import whole
from ortaq.demo.story.projects.data import ORDER
from ortaq.law.fields import field
from ortaq.projects import planned
from ortaq.projects.models import Activity, Contract, Evidence, Indicator
from ortaq.projects.procedure import evidence
from ortaq.projects.procedure.project import open_project

from . import data, found

ENTERED = clock.at(date(2023, 3, 24), 16)


def beats() -> Iterator[Beat]:
    for number, told in enumerate(data.rows("elsewhere")):
        yield beat(ENTERED, enter, number)
        if "proved_at" in told:
            yield beat(told["proved_at"], prove, number)


def enter(number: int) -> None:
    """A signed contract as it stands, and its project: no tender of this site led to it."""
    told = data.rows("elsewhere")[number]
    officer, ngo = cast.people()[told["by"]], cast.body(told["ngo"])
    source = f"{Contract.ELSEWHERE}{officer.at}-{told['number']}"
    if Contract.objects.filter(source=source).exists():
        return
    name = field(told["field"]).text
    edition = law.at("tender_scoring", told["concluded_on"])
    contract = Contract.objects.create(
        instrument=Contract.Instrument.SOCIAL_ORDER,
        act=edition.act,
        edition=edition.key,
        source=source,
        grantor=cast.body(officer.at),
        grantee=ngo,
        number=told["number"],
        concluded_on=told["concluded_on"],
        title_kk=told["kk"],
        title_ru=told["ru"],
        direction_kk=name.kk,
        direction_ru=name.ru,
        sum_tiyn=told["tenge"] * data.TENGE,
        starts_on=told["starts_on"],
        ends_on=told["ends_on"],
        general={"grantee": ngo.name_kk, "grant_topic": told["kk"], "project_goal": told["goal"]},
        state=Contract.State.SIGNED,
        signed_at=clock.now(),
    )
    _fill(contract, told)
    open_project(contract, Attempt(cast.actor(told["by"]), clock.now(), {}))


def _fill(contract: Contract, told: dict[str, Any]) -> None:
    for position, (text, indicator, number) in enumerate(told["activities"], 1):
        activity = Activity.objects.create(
            contract=contract, key=f"~a{position}", position=position, text=text, task=told["goal"]
        )
        row = Indicator(activity=activity, position=1, text=indicator, planned=number)
        planned.settle(row)
        row.save()


def prove(number: int) -> None:
    """A note proves the rest of what was promised, and the officer of the body accepts what is attached."""
    told = data.rows("elsewhere")[number]
    note = {**told, "at": told["proved_at"]}
    whole.prove(note, ORDER, data.form_of("proof", number))
    project = found.project(told["ngo"])
    attached = project.evidence.filter(state=Evidence.State.ATTACHED)
    if numbers := list(attached.values_list("number", flat=True)):
        evidence.take(evidence.ACCEPT, project, numbers, actor=cast.actor(told["by"]))
