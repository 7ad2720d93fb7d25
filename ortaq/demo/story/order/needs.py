"""August to September 2022: the akimat assesses the needs; the councils come together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ortaq.core import clock
from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.planning.models import Assessment, Baseline, Conclusion, Council, CouncilMember, Source
from ortaq.planning.procedure import council, needs_draft
from ortaq.planning.procedure.needs import ASSESSMENT
from ortaq.registry.models import AnnualReturn
from ortaq.registry.procedure import ANNUAL_RETURN, record_return

from . import data

RETURN_YEAR = 2021


def beats() -> Iterator[Beat]:
    told = data.order()
    yield beat(told["returns"]["recorded_at"], record_returns)
    yield beat(told["needs"]["begun_at"], begin_assessment)
    yield beat(told["needs"]["approved_at"], approve_assessment)
    yield beat(told["council"]["founded_at"], found_councils)


def record_returns() -> None:
    """The returns of 2021 of those who will bid, as early or late as their points tell (C4)."""
    told, askar = data.order()["returns"], cast.actor("askar")
    for offer in data.offers():
        level = offer.scores.get("C4", 2)
        if not level:
            continue
        number = cast.bodies()[offer.ngo].number
        row = AnnualReturn(
            organisation=cast.body(offer.ngo),
            year=RETURN_YEAR,
            sent_on=told["timely"] if level == 2 else told["late"],
            evidence=f"ҮЕҰ дерекқоры, № {RETURN_YEAR}-{number:04} үзінді көшірме",
        )
        ANNUAL_RETURN.take("approve", record_return(row, actor=askar), actor=askar)


def begin_assessment() -> None:
    """The assessment with its sources, what they show, and the value to compare with later."""
    told, saule = data.order()["needs"], cast.actor("saule")
    assessment = needs_draft.begin(
        Assessment(
            body=cast.body("akimat"),
            title_kk=told["title_kk"],
            title_ru=told["title_ru"],
            region_code=cast.bodies()["akimat"].region,
            begun_on=clock.today(),
        ),
        actor=saule,
    )
    sources = [
        needs_draft.write_source(
            Source(assessment=assessment, dated_on=date(2022, 8, 10), **row), actor=saule
        )
        for row in told["source"]
    ]
    conclusion = Conclusion(
        assessment=assessment, text_kk=told["conclusion_kk"], text_ru=told["conclusion_ru"]
    )
    needs_draft.write_conclusion(conclusion, sources, actor=saule)
    value = Baseline(
        assessment=assessment,
        indicator_kk=told["indicator_kk"],
        indicator_ru=told["indicator_ru"],
        unit="%",
        value=Decimal(told["value"]),
        measured_on=date(2022, 8, 10),
        source=sources[0],
    )
    needs_draft.write_baseline(value, actor=saule)


def approve_assessment() -> None:
    told, saule = data.order()["needs"], cast.actor("saule")
    draft = Assessment.objects.filter(body=cast.body("akimat"), state=Assessment.State.DRAFT)
    for assessment in draft.order_by("id")[:1]:
        given = {key: (kk, ru, 0) for key, (kk, ru) in told["answers"].items()}
        needs_draft.answer(assessment, given, actor=saule)
        assessment.refresh_from_db()
        ASSESSMENT.take("approve", assessment, actor=saule)


def found_councils() -> None:
    """The Coordination Council at the ministry, and the akimat's own council with NGOs."""
    for body, officer, kind, kk, ru in (
        ("ministry", "askar", "coordination", "Үйлестіру кеңесі", "Координационный совет"),
        ("akimat", "saule", "cooperation", "ҮЕҰ-мен өзара іс-қимыл жөніндегі кеңес",
         "Совет по взаимодействию с НПО"),
    ):  # fmt: skip
        actor = cast.actor(officer)
        made = council.begin(
            Council(body=cast.body(body), kind=kind, name_kk=kk, name_ru=ru,
                    region_code=cast.bodies()[body].region),
            actor=actor,
        )  # fmt: skip
        members = data.order()["council"]["members"] if body == "akimat" else [officer]
        for key in members:
            person = cast.user(key)
            row = CouncilMember(
                council=made, person=person, full_name=person.full_name, since=clock.today()
            )
            council.seat(row, actor=actor)
