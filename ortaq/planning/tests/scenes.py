"""Scenes of planning: what happened before a test begins, by the real steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ortaq.core import clock
from ortaq.law import needs
from ortaq.people.actor import PASSER_BY, Actor, actor_for
from ortaq.people.models import Organisation, Role
from ortaq.planning.models import (
    Assessment,
    Baseline,
    Comment,
    Conclusion,
    Council,
    CouncilMember,
    Formation,
    Session,
    Source,
    Topic,
    TopicProposal,
)
from ortaq.planning.procedure import comment, drafting, needs_draft
from ortaq.planning.procedure import council as council_procedure
from ortaq.planning.procedure import proposal as proposal_procedure
from ortaq.planning.procedure.formation import FORMATION, close_due
from ortaq.planning.procedure.needs import ASSESSMENT
from ortaq.testing import factories
from ortaq.testing.remembered import remembered

# Monday: ten full working days end on Monday 23 October, 23:59:59 (no holidays between but the 25th
# of October, which comes later).
PUBLISHED = clock.at(date(2023, 10, 9), 10)
CLOSES = clock.at(date(2023, 10, 23), 23, 59, 59)
DURING = clock.at(date(2023, 10, 12), 12)
# The same under the first edition.
PUBLISHED_2018 = clock.at(date(2019, 10, 7), 10)
CLOSES_2018 = clock.at(date(2019, 10, 21), 23, 59, 59)
A_MINUTE = timedelta(minutes=1)
THOUSAND = 1000 * 100


@dataclass
class Cast:
    """Saule of an akimat and Nurlan of a ministry form the order; Aliya and Bolat of an NGO and Dana of
    its rival comment, as does Madina, who has no account; Erlan is an expert and belongs to nobody."""

    akimat: Organisation
    ministry: Organisation
    ngo: Organisation
    rival: Organisation
    saule: Actor
    nurlan: Actor
    aliya: Actor
    bolat: Actor
    dana: Actor
    erlan: Actor
    madina: Actor = PASSER_BY


@remembered
def cast() -> Cast:
    """The people that scenes of planning are played by."""
    akimat = factories.an_organisation(
        "state_body", name_kk="Түркістан облысының әкімдігі", name_ru="Акимат Туркестанской области"
    )
    ministry = factories.an_organisation(
        "authorised_body",
        name_kk="Қоғамдық даму министрлігі",
        name_ru="Министерство общественного развития",
    )
    ngo = factories.an_organisation(name_kk="«Әлем» қоғамдық қоры", name_ru="ОФ «Алем»")
    rival = factories.an_organisation(name_kk="«Қамқор» қоғамдық бірлестігі", name_ru="ОО «Камкор»")
    return Cast(
        akimat,
        ministry,
        ngo,
        rival,
        factories.a_member(akimat, Role.OFFICER, surname="Қасымова", given_name="Сәуле"),
        factories.a_member(ministry, Role.OFFICER, surname="Нұрланов", given_name="Нұрлан"),
        factories.a_member(ngo, Role.HEAD, surname="Әлиева", given_name="Әлия"),
        factories.a_member(ngo, Role.ACCOUNTANT, surname="Болатов", given_name="Болат"),
        factories.a_member(rival, Role.HEAD, surname="Данаева", given_name="Дана"),
        actor_for(factories.a_person(surname="Ерланов", given_name="Ерлан")),
    )


@remembered
def a_draft(
    actor: Actor, body: Organisation, topics: int = 2, *, year: int = 2024, **fields: Any
) -> Formation:
    """A list begun by `actor` with so many complete topics, each of 5 000 thousand tenge."""
    level = Formation.Level.LOCAL if body.kind == "state_body" else Formation.Level.CENTRAL
    formation = drafting.begin(
        Formation(body=body, plan_year=year, **{"level": level, **fields}), actor=actor
    )
    keys = drafting.field_keys(formation)
    for number in range(1, topics + 1):
        a_topic(formation, actor, field=keys[number % len(keys)], title_kk=f"{number}-тақырып")
    return formation


def a_topic(formation: Formation, actor: Actor, **fields: Any) -> Topic:
    """A topic with every column of annex 1, the last of a draft."""
    defaults: dict[str, Any] = {
        "field": drafting.field_keys(formation)[0],
        "title_kk": "Жалғызбасты қарттарға көмек",
        "title_ru": "Помощь одиноким пожилым людям",
        "planned_tiyn": 5000 * THOUSAND,
        "justification_kk": "Сауалнамаға қатысқандардың 62 %-ы көмек қажет деп жауап берді.",
        "justification_ru": "62 % опрошенных ответили, что нуждаются в помощи.",
        "sources": ["sociological_research"],
        "target_group_kk": "70 жастан асқан жалғызбасты адамдар",
        "target_group_ru": "Одинокие люди старше 70 лет",
        "result_kk": "300 адамға апта сайын көмек көрсетіледі",
        "result_ru": "300 человек получают помощь каждую неделю",
    }
    topic = Topic(formation=formation, **{**defaults, **fields})
    return drafting.write_topic(topic, [], actor=actor)


@remembered
def published(
    clock_fixture: Any, actor: Actor, body: Organisation, topics: int = 2, **fields: Any
) -> Formation:
    """A list under discussion since `PUBLISHED` (in 2019 with `edition="2018"`)."""
    old = fields.get("edition") == "2018"
    clock_fixture.set(PUBLISHED_2018 if old else PUBLISHED)
    formation = a_draft(actor, body, topics, **{"year": 2020 if old else 2024, **fields})
    FORMATION.take("publish", formation, actor=actor)
    return formation


def a_comment(formation: Formation, actor: Actor, text: str = "Қолдаймыз", **given: Any) -> Comment:
    """A comment of somebody who is signed in."""
    return comment.write(formation, text, actor=actor, **given)


def a_guest_comment(formation: Formation, text: str = "Дұрыс", **given: Any) -> Comment:
    """A comment of Madina, not confirmed yet."""
    who = {"name": "Мадина Оспанова", "email": "madina@example.kz"}
    return comment.write(formation, text, actor=PASSER_BY, **{**who, **given})


def closed(clock_fixture: Any, formation: Formation) -> Formation:
    """The discussion ended by the clock, one minute after its term."""
    assert formation.closes_at is not None
    clock_fixture.set(formation.closes_at + A_MINUTE)
    close_due()
    formation.refresh_from_db()
    return formation


def decided(formation: Formation, actor: Actor, decision: str = "accepted") -> None:
    """Every comment that counts is decided alike."""
    rows = formation.all_comments.filter(number__isnull=False)
    numbers = [row.number for row in rows if row.number]
    comment.decide_many(
        formation,
        numbers,
        decision,
        reasons_kk="Ұсыныс негізделген.",
        reasons_ru="Предложение обосновано.",
        actor=actor,
    )


def of_the_house(actor: Actor, body: Organisation, ngo: Actor) -> dict[str, Any]:
    """What the addresses of the discussion name (see `ortaq.site.tests`): a draft, an open discussion with
    comments, and a list whose report is out; nothing moves the clock."""
    draft, discussed, past = (a_draft(actor, body, year=clock.today().year + 1) for _ in range(3))
    for formation in (discussed, past):
        FORMATION.take("publish", formation, actor=actor)
    written = a_comment(discussed, ngo)
    guest = a_guest_comment(discussed)
    Formation.objects.filter(pk=past.pk).update(state="reported", reported_at=clock.now())
    return {
        "topic_list": discussed,
        "draft_list": draft,
        "reported_list": past,
        "planned_topic": discussed.topics.get(position=1),
        "drafted_topic": draft.topics.get(position=1),
        "comment": written,
        "comment_token": guest.token,
    }


@remembered
def reported(clock_fixture: Any, formation: Formation, actor: Actor) -> Formation:
    """The discussion ended, every comment decided, annex 2 published."""
    closed(clock_fixture, formation)
    decided(formation, actor)
    FORMATION.take("report", formation, actor=actor)
    return formation


# --- Needs ---------------------------------------------------------------------------------------


def an_assessment(actor: Actor, body: Organisation, **fields: Any) -> Assessment:
    """An assessment begun today by `actor`, still empty."""
    defaults: dict[str, Any] = {
        "title_kk": "Қарттардың қажеттіліктері",
        "title_ru": "Потребности пожилых людей",
        "begun_on": clock.today(),
    }
    return needs_draft.begin(Assessment(body=body, **{**defaults, **fields}), actor=actor)


def a_source(assessment: Assessment, actor: Actor, number: int = 1, **fields: Any) -> Source:
    """A source of the kind that both editions name."""
    defaults: dict[str, Any] = {
        "kind": "sociological_research",
        "title": f"{number}-сауалнама",
        "publisher": "Қоғамдық пікірді зерттеу институты",
        "dated_on": clock.today(),
        "finding": "Сұралғандардың 62 %-ына көмек қажет.",
    }
    source = Source(assessment=assessment, **{**defaults, **fields})
    return needs_draft.write_source(source, actor=actor)


def a_conclusion(assessment: Assessment, actor: Actor, sources: Sequence[Source]) -> Conclusion:
    """A conclusion that rests on `sources`."""
    conclusion = Conclusion(
        assessment=assessment,
        text_kk="Жалғызбасты қарттарға үйде көмек қажет.",
        text_ru="Одиноким пожилым людям нужна помощь на дому.",
    )
    return needs_draft.write_conclusion(conclusion, sources, actor=actor)


def a_value(assessment: Assessment, actor: Actor, value: str, **fields: Any) -> Baseline:
    """A measured value of the same indicator."""
    defaults: dict[str, Any] = {
        "indicator_kk": "Көмек алатын қарттардың үлесі",
        "indicator_ru": "Доля пожилых, получающих помощь",
        "unit": "%",
        "measured_on": clock.today(),
    }
    baseline = Baseline(assessment=assessment, value=Decimal(value), **{**defaults, **fields})
    return needs_draft.write_baseline(baseline, actor=actor)


def answered(assessment: Assessment, actor: Actor) -> None:
    """Every question of the guide, in Kazakh and Russian."""
    given = {key: (f"Жауап: {key}", f"Ответ: {key}", 0) for key in needs.questions()}
    needs_draft.answer(assessment, given, actor=actor)
    assessment.refresh_from_db()


@remembered
def a_whole_assessment(actor: Actor, body: Organisation, **fields: Any) -> Assessment:
    """A draft that lacks nothing: three sources, a conclusion on them, a value, all answers."""
    assessment = an_assessment(actor, body, **fields)
    sources = [a_source(assessment, actor, number) for number in (1, 2, 3)]
    a_conclusion(assessment, actor, sources)
    a_value(assessment, actor, "37.5", source=sources[0])
    answered(assessment, actor)
    return assessment


@remembered
def approved_needs(actor: Actor, body: Organisation, **fields: Any) -> Assessment:
    """An approved assessment."""
    assessment = a_whole_assessment(actor, body, **fields)
    ASSESSMENT.take("approve", assessment, actor=actor)
    return assessment


# --- Councils ------------------------------------------------------------------------------------


@remembered
def a_council(actor: Actor, body: Organisation, *members: Actor, **fields: Any) -> Council:
    """The council of a body, the Coordination Council at the authorised one; `members` sit on it."""
    authorised = body.kind == Organisation.Kind.AUTHORISED_BODY
    kind = Council.Kind.COORDINATION if authorised else Council.Kind.COOPERATION
    council = council_procedure.begin(
        Council(body=body, **{"kind": kind, "name_kk": "Кеңес", "name_ru": "Совет", **fields}),
        actor=actor,
    )
    for member in members:
        seat = CouncilMember(council=council, person=member.user, since=factories.SINCE)
        seat.full_name = member.user.full_name if member.user else ""
        council_procedure.seat(seat, actor=actor)
    return council


@remembered
def submitted(
    clock_fixture: Any, actor: Actor, body: Organisation, topics: int = 2, **fields: Any
) -> Formation:
    """A list handed over to the council of `body`, which there must be."""
    formation = published(clock_fixture, actor, body, topics, **fields)
    reported(clock_fixture, formation, actor)
    FORMATION.take("submit", formation, actor=actor, plan_year=formation.plan_year)
    return formation


@remembered
def a_session(council: Council, actor: Actor, day: date | None = None) -> Session:
    """A session on everything that waits, called for `day` (default: today)."""
    session = Session(council=council, held_on=day or clock.today())
    return council_procedure.call(session, list(council_procedure.waiting(council)), actor=actor)


@remembered
def advised(session: Session, actor: Actor, *verdicts: str) -> Session:
    """The session held with these verdicts in the order of its topics ("include" for the rest)."""
    topics = list(council_procedure.topics_of(session))
    words = [*verdicts, *["include"] * len(topics)]
    advice = {
        topic.pk: council_procedure.Advice(verdict, "Кеңес негіздемесі", "Обоснование совета")
        for topic, verdict in zip(topics, words, strict=False)
    }
    session.number, session.minutes_kk = "1", "Хаттама"
    seated = council_procedure.members_on(session.council_id, session.held_on)
    council_procedure.write(
        session,
        ("number", "minutes_kk"),
        present=seated,
        advice=advice,
        version=session.version,
        actor=actor,
    )
    council_procedure.SESSION.take("hold", session, actor=actor)
    return session


@remembered
def listed(
    clock_fixture: Any, actor: Actor, body: Organisation, topics: int = 2, **fields: Any
) -> Formation:
    """A list of topics formed with every topic on it, by its council's recommendations."""
    council = Council.objects.filter(body=body).first() or a_council(actor, body, actor)
    formation = submitted(clock_fixture, actor, body, topics, **fields)
    session = advised(a_session(council, actor), actor)
    if session.sent_at is None:
        council_procedure.SESSION.take("send", session, actor=actor)
    form_list(formation, actor)
    return formation


@remembered
def form_list(formation: Formation, actor: Actor, **given: Any) -> None:
    """The step `form_list` with every topic on the list unless `given` says otherwise."""
    every = {topic.pk: Topic.State.LISTED for topic in formation.topics.all()}
    FORMATION.take("form_list", formation, actor=actor, **{"topics": every, **given})


def a_proposal(actor: Actor, ngo: Organisation, body: Organisation, **fields: Any) -> TopicProposal:
    """A topic that an NGO proposes."""
    defaults: dict[str, Any] = {
        "field": "vulnerable_groups",
        "title": "Ауылдағы жалғызбасты аналарға кеңес беру",
        "problem": "Былтыр 140 әйел бізге көмек сұрап келді.",
        "target_group": "Жалғызбасты аналар",
        "result": "200 әйел кеңес алады",
        "amount_tiyn": 3000 * THOUSAND,
    }
    return proposal_procedure.send(
        TopicProposal(organisation=ngo, body=body, **{**defaults, **fields}), actor=actor
    )
