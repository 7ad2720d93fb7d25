"""Follow the tenge: from a need to what came of it, each figure with the public page where it stands.

It tells nothing that the rooms keep back: the first half is what their public pages show of topics and results, of a
contract its sum and what was paid on it, and what came of the project once its results or its evaluation are public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, money, regions
from ortaq.core.keys import key_of
from ortaq.faces import parts, say
from ortaq.grants.models import Competition, Outcome
from ortaq.grants.models import Lot as GrantLot
from ortaq.grants.models import Topic as GrantTopic
from ortaq.grants.queries import plan as plans
from ortaq.oversight.annex9 import fraction
from ortaq.oversight.models import Evaluation
from ortaq.oversight.queries import evaluation as evaluations
from ortaq.people.actor import PASSER_BY
from ortaq.people.models import Organisation
from ortaq.planning.models import Topic
from ortaq.planning.queries import formation as formations
from ortaq.projects.models import Contract, Project, SmallCompetition
from ortaq.projects.queries import public
from ortaq.projects.queries import report as results
from ortaq.tenders.models import Lot
from ortaq.tenders.queries.review import PUBLISHED

from . import way
from .way import Milestone

Instrument = Contract.Instrument
State = Contract.State
# What names an organisation on a page.
NAMED = ("kind", "bin", "name_kk", "name_ru")


@dataclass(frozen=True, slots=True)
class Carried:
    """A public contract with what everybody may know of how it was carried out."""

    contract: Contract
    project: Project | None
    money: public.Money
    events: public.Held | None
    evaluation: Evaluation | None
    small: Sequence[SmallCompetition]
    is_reported: bool
    """Whether its results are published, and with them events, people and their answers."""

    @property
    def bars(self) -> list[parts.Bar]:
        """Admitted expenses by cost item."""
        return [
            parts.Bar(
                "; ".join(_bare(say.text(label)) for label in one.labels),
                one.sum_tiyn,
                money.show(one.sum_tiyn),
            )
            for one in self.money.items
        ]

    @property
    def anchor(self) -> str:
        """What the ids of its panels end with."""
        return str(self.contract.pk)


@dataclass(slots=True)
class Tenge:
    """All that the page shows. `gaps` are what is not published yet, in words."""

    title: str
    instrument: Any
    body: Organisation
    steps: list[Milestone]
    carried: list[Carried]
    eyebrow: Any = ""
    back: tuple[str, Any] | None = None
    gaps: list[Any] = field(default_factory=list)

    @property
    def flow(self) -> list[parts.Flow]:
        """The picture: what is behind with its sums, what is ahead without."""
        return [_flow(step) for step in self.steps]

    @property
    def recipients(self) -> list[Organisation]:
        return list(
            {one.contract.grantee_id: one.contract.grantee for one in self.carried}.values()
        )


def _bare(label: str) -> str:
    """A cost item without the number and the "of which" that it has in the printed form."""
    return re.sub(r"^\d+\) |,? (в том числе|оның ішінде|including|of which):?$", "", label).rstrip(
        ":"
    )


def _flow(step: Milestone) -> parts.Flow:
    href = step.links[0][0] if step.links else ""
    when: Any = step.when if step.at else ""
    if when and step.is_due:
        when = format_lazy(_("until {day}"), day=when)
    note = _sentence(step.text, when)
    shown = say.number(step.figure) if step.figure is not None else None
    if step.phase in ("ahead", "end") or (step.phase == "now" and step.tiyn is None):
        return parts.Flow(step.title, None, shown, note, href)
    if step.tiyn is not None:
        shown = money.show(step.tiyn)
    return parts.Flow(step.title, step.tiyn, shown or "", note, href)


def _sentence(text: Any, day: Any) -> Any:
    return format_lazy("{} · {}", text, day) if text and day else text or day


# --- Which ones there are --------------------------------------------------------------------------


def grant_topics() -> QuerySet[GrantTopic]:
    """The topics of grants plans that everybody may see."""
    return plans.topic_page(PASSER_BY)


def public_contracts() -> QuerySet[Contract]:
    """Signed contracts with their parties; whether one is public is decided by what it comes from (see `origin_of`)."""
    rows = Contract.objects.filter(state=State.SIGNED)
    return rows.select_related("grantor", "grantee", "project").only(
        "instrument", "edition", "source", "number", "concluded_on", "title_kk", "title_ru",
        "sum_tiyn", "starts_on", "ends_on", "signed_at",
        *(f"{side}__{name}" for side in ("grantor", "grantee") for name in NAMED),
        *(f"project__{name}" for name in ("contract", "covered", "answers", "points")),
    )  # fmt: skip


def origin_of(contract: Contract) -> tuple[str, int] | None:
    """The kind and key of the page that follows this contract from its beginning: that of its topic where it comes from a
    published result, its own where its results or its evaluation are public; None where nothing of it is public.
    """
    noun, _colon, pk = contract.source.partition(":")
    if pk.isascii() and pk.isdigit():
        if noun == "grants.outcome":
            won = _published_outcomes().filter(pk=int(pk)).values_list("lot__topic", flat=True)
            if topic := won.first():
                return "grant", topic
        elif noun == "tenders.lot":
            lots = Lot.objects.filter(pk=int(pk), tender__state__in=PUBLISHED)
            if topic := lots.values_list("topic", flat=True).first():
                return "order", topic
    shown = results.published().filter(contract=contract).exists()
    if shown or evaluations.published().filter(project__contract=contract).exists():
        return "contract", contract.pk
    return None


def _published_outcomes() -> QuerySet[Outcome]:
    return Outcome.objects.filter(
        published_at__isnull=False, lot__competition__state=Competition.State.PUBLISHED
    )


# --- A topic of the social order -------------------------------------------------------------------


def order(topic: Topic) -> Tenge:
    """The way of a topic (see `way.topics`) with what came of it; at most eighteen queries."""
    walked = way.way(topic)
    contracts = public_contracts().filter(
        order__lot__topic=topic, order__lot__tender__state__in=PUBLISHED
    )
    carried = _carried(contracts.order_by("pk"))
    steps = list(walked.milestones)
    if topic.formation.state in way.REPORTED:
        steps[2:3] = [steps[2], _remarks(topic)]
    found = Tenge(
        topic.title,
        Instrument.SOCIAL_ORDER.label,
        topic.formation.body,
        steps,
        carried,
        eyebrow=walked.field,
        back=(reverse("portal:way", args=[topic.pk]), _("From need to contract")),
    )
    return _completed(found)


def _remarks(topic: Topic) -> Milestone:
    """How the state body decided on the remarks; once annex 2 is published. One query."""
    accepted, declined = formations.decisions(topic.formation).get(topic.pk, (0, 0))
    return Milestone(
        _("Decisions on the remarks"),
        "done",
        topic.formation.reported_at,
        format_lazy(
            _("Accepted: {accepted}, not accepted: {declined}."),
            accepted=accepted,
            declined=declined,
        ),
        links=((reverse("planning:report", args=[topic.formation_id]), _("How each was decided")),),
        figure=accepted + declined,
    )


# --- A topic of a grants plan ----------------------------------------------------------------------


def grant(topic: GrantTopic) -> Tenge:
    """The way of a grants topic (see `grant_topics`); at most eleven queries."""
    lots = list(
        GrantLot.objects.filter(topic=topic)
        .exclude(competition__state=Competition.State.DRAFT)
        .select_related("competition__operator", "outcome__winner__organisation")
        .order_by("competition__announced_at", "pk")
    )
    sources = {key_of(lot.outcome): lot for lot in lots if _is_published(lot)}
    carried = _carried(public_contracts().filter(source__in=sources).order_by("pk"))
    plan = topic.version.plan
    here = reverse("grants:topic", args=[topic.pk])
    steps = [
        Milestone(_("Need"), "done", text=_("What is to be reached stands in the plan."),
                  links=((here, _("The topic with its goal")),)),
        Milestone(
            format_lazy(_("Plan of grants of {year}"), year=plan.year),
            "done",
            links=((here, _("Topic")),),
            tiyn=sum(amount.amount_tiyn for amount in topic.amounts.all()),
        ),
        *_competitions(lots),
    ]  # fmt: skip
    concluded = {one.contract.source for one in carried}
    steps += [_concluded(one.contract) for one in carried]
    waiting = [key for key, lot in sources.items() if lot.outcome.winner and key not in concluded]
    if waiting or not sources:
        steps.append(Milestone(_("Contract"), "now" if waiting else "ahead"))
    found = Tenge(
        topic.title,
        Instrument.GRANT.label,
        plan.body,
        steps,
        carried,
        eyebrow=topic.field.name,
        back=(here, _("Topic")),
    )
    return _completed(found)


def _is_published(lot: GrantLot) -> bool:
    outcome = getattr(lot, "outcome", None)
    published = lot.competition.state == Competition.State.PUBLISHED
    return published and outcome is not None and outcome.published_at is not None


def _competitions(lots: Sequence[GrantLot]) -> Iterator[Milestone]:
    if not lots:
        yield Milestone(_("Competition"), "ahead")
    for lot in lots:
        competition = lot.competition
        links = ((reverse("grants:lot", args=[lot.pk]), _("The lot")),)
        if not _is_published(lot):
            at, text = competition.closes_at, _("Applications are accepted.")
            if at is None or at < clock.now():
                at, text = competition.check_due_at, _("Applications are checked and scored.")
            yield Milestone(_("Competition"), "now", at, text, links=links, tiyn=lot.amount_tiyn)
            continue
        outcome = lot.outcome
        said = format_lazy(
            _("Applications: {submitted}, admitted: {admitted}."),
            submitted=outcome.submitted,
            admitted=outcome.admitted,
        )
        yield Milestone(
            _("Competition"), "done", competition.announced_at, said, links=links,
            tiyn=lot.amount_tiyn,
        )  # fmt: skip
        address = f"{reverse('grants:results', args=[competition.pk])}#topic-{lot.pk}"
        links = ((address, _("Results")),)
        if outcome.winner is None:
            failed = outcome.get_kind_display()
            yield Milestone(_("Result"), "done", outcome.published_at, failed, links=links)
            continue
        won = format_lazy(_("Winner: {name}."), name=outcome.winner.organisation.name)
        yield Milestone(
            _("Result"), "done", outcome.published_at, won, links=links,
            tiyn=outcome.winner.grant_tiyn,
        )  # fmt: skip


# --- A contract concluded elsewhere ----------------------------------------------------------------


def contract(concluded: Contract) -> Tenge:
    """What became of a contract whose beginning is not on this site; at most eight queries."""
    carried = _carried([concluded])
    found = Tenge(
        concluded.title,
        Instrument(concluded.instrument).label,
        concluded.grantor,
        [_concluded(concluded)],
        carried,
    )
    found.gaps.append(
        _("Need, budget and competition: this contract was concluded elsewhere, so that they are not published here.")
    )  # fmt: skip
    return _completed(found)


def _concluded(concluded: Contract) -> Milestone:
    said = format_lazy(_("№ {number}, concluded."), number=concluded.number)
    day = concluded.concluded_on or concluded.signed_at
    links = ((f"#contract-{concluded.pk}", _("Contract")),)
    return Milestone(_("Contract"), "done", day, said, links=links, tiyn=concluded.sum_tiyn)


# --- What came of the contract ---------------------------------------------------------------------


def _carried(contracts: Iterable[Contract]) -> list[Carried]:
    """Each contract with its project's public figures; six queries, and that of `contracts`."""
    rows = list(contracts)
    projects = {}
    for row in rows:
        if project := getattr(row, "project", None):
            projects[row.pk] = project
    some = list(projects.values())
    shown = set(
        results.published().filter(pk__in=[one.pk for one in some]).values_list("pk", flat=True)
    )
    judged = {
        one.project_id: one
        for one in evaluations.published()
        .filter(project__in=some)
        .select_related(None)
        .only("project", "state", "posted_at", "completed_at", "content")
    }
    sums, held, small = public.money_of(some), public.events_of(some), public.given_on(some)
    return [
        Carried(
            row,
            project := projects.get(row.pk),
            sums[project.pk] if project else public.Money(),
            held.get(project.pk) if project else None,
            judged.get(project.pk) if project else None,
            small.get(project.pk, ()) if project else (),
            project is not None and project.pk in shown,
        )
        for row in rows
    ]


def _completed(found: Tenge) -> Tenge:
    """The steps after the contract, and what is missing among them."""
    for one in found.carried:
        if one.project is None:
            found.gaps.append(_("The project of the contract has not begun."))
            continue
        found.steps += [_paid(one, found), *_given_on(one), _spent(one, found)]
        found.steps += _results(one, found)
        if one.contract.instrument == Instrument.SOCIAL_ORDER:
            found.steps.append(_evaluated(one, found))
    if not found.carried:
        found.gaps.append(_("Payments, expenses, events and results follow the contract."))
    return found


def _paid(one: Carried, found: Tenge) -> Milestone:
    paid = [row for row in one.money.tranches if row.paid_on]
    links = ((f"#payments-{one.contract.pk}", _("Payments")),)
    coming = next((row for row in one.money.tranches if row.paid_on is None), None)
    if coming is not None:
        days = {"number": coming.number, "sum": money.show(coming.planned_tiyn)}
        if coming.planned_on:
            text = _("Tranche {number} is not paid yet: {sum} are planned for {day}.")
            days["day"] = say.day(coming.planned_on)
        else:
            text = _("Tranche {number} is not paid yet: {sum}, no day is set.")
        found.gaps.append(format_lazy(text, **days))
    if not one.money.tranches:
        found.gaps.append(_("Payments: no tranche is planned or paid yet."))
        return Milestone(_("Paid"), "ahead", links=links)
    text = format_lazy(
        _("Tranches paid: {paid} of {all}."), paid=len(paid), all=len(one.money.tranches)
    )
    last = max((row.paid_on for row in paid if row.paid_on), default=None)
    if not paid:
        return Milestone(
            _("Paid"), "ahead", coming.planned_on if coming else None, text, links=links
        )
    return Milestone(_("Paid"), "done", last, text, links=links, tiyn=one.money.paid_tiyn)


def _given_on(one: Carried) -> Iterator[Milestone]:
    for row in one.small:
        given: int | None = row.given_tiyn  # type: ignore[attr-defined]
        links = ((reverse("projects:small_grants_one", args=[row.code]), row.title),)
        phase = "done" if given is not None else "ahead"
        yield Milestone(_("Small grants"), phase, links=links, tiyn=given)


def _spent(one: Carried, found: Tenge) -> Milestone:
    links = ((f"#expenses-{one.contract.pk}", _("Expenses by kind")),)
    if not one.money.items:
        found.gaps.append(
            _("Expenses: they are published by kind as soon as whoever gave the money has looked through their documents.")
        )  # fmt: skip
        return Milestone(_("Expenses admitted"), "ahead", links=links)
    if one.money.admitted_tiyn < one.contract.sum_tiyn:
        left = one.contract.sum_tiyn - one.money.admitted_tiyn
        found.gaps.append(
            format_lazy(
                _("Of the contract's sum {sum} are not shown as spent: not spent yet, or their documents not looked through."),
                sum=money.show(left),
            )
        )  # fmt: skip
    text = _("As far as whoever gave the money has looked through the documents.")
    return Milestone(
        _("Expenses admitted"), "done", text=text, links=links, tiyn=one.money.admitted_tiyn
    )


def _results(one: Carried, found: Tenge) -> Iterator[Milestone]:
    project = one.project
    assert project is not None
    titles = (_("Events held"), _("People who took part"), _("Satisfaction"))
    if not one.is_reported:
        ends = one.contract.ends_on
        text: Any = _(
            "Events, people and their satisfaction: they are published with the results of the project."
        )
        if ends:
            text = _(
                "Events, people and their satisfaction: they are published with the results of the project, which ends on {day}."
            )
            if ends < clock.today():
                text = _(
                    "Events, people and their satisfaction: the project ended on {day}, its NGO has not published the results yet."
                )
            text = format_lazy(text, day=say.day(ends))
        found.gaps.append(text)
        due = ends if ends and ends >= clock.today() else None
        yield from (Milestone(title, "ahead", due) for title in titles)
        return
    links = ((reverse("projects:results", args=[project.pk]), _("Results of the project")),)
    held = one.events
    yield Milestone(
        titles[0], "done", text=_when_and_where(held) if held else "", links=links,
        figure=held.number if held else 0,
    )  # fmt: skip
    if public.enough(project.covered):
        yield Milestone(
            titles[1], "done", text=_("different people"), links=links, figure=project.covered
        )
    else:
        yield Milestone(titles[1], "done", text=_few(project.covered), links=links)
    if public.enough(project.answers):
        rating = results.out_of_five(project.points, project.answers)
        said = {"rating": rating, "number": say.number(project.answers)}
        yield Milestone(
            titles[2], "done", links=links,
            text=format_lazy(_("{rating} out of 5 on the average; answers: {number}."), **said),
        )  # fmt: skip
    else:
        yield Milestone(titles[2], "done", text=_few(project.answers), links=links)


def _few(number: int) -> Any:
    return _("Fewer than five: not told apart.") if number else _("Nobody.")


def _when_and_where(held: public.Held) -> Any:
    first, last = clock.day_of(held.first), clock.day_of(held.last)
    days = say.day(first) if first == last else f"{say.day(first)} – {say.day(last)}"
    return f"{days}. {where(held.regions, last)}"


def where(numbers: Mapping[str, int], day: date) -> str:
    """Regions with their numbers of events, under their names on `day`."""
    named = []
    for code, number in numbers.items():
        known = regions.find(code, day) if code else None
        named.append(f"{say.text(known.name if known else _('region not named'))}: {number}")
    return ", ".join(named)


def _evaluated(one: Carried, found: Tenge) -> Milestone:
    if one.evaluation is None:
        found.gaps.append(
            _("Evaluation: an expert council evaluates the project after its final report is accepted.")
        )  # fmt: skip
        return Milestone(_("Evaluation"), "ahead")
    address = reverse("oversight:public_evaluation", args=[one.evaluation.pk])
    links = ((address, _("Evaluation")),)
    return Milestone(
        _("Evaluation"),
        "done",
        one.evaluation.posted_at or one.evaluation.completed_at,
        _points(one.evaluation) or one.evaluation.get_state_display(),
        links=links,
    )


def _points(evaluation: Evaluation) -> Any:
    """What the posted report says in all; nothing while it is discussed."""
    total = (evaluation.content or {}).get("total")
    if total is None or evaluation.state != Evaluation.State.POSTED:
        return ""
    return format_lazy(
        _("Total of the report: {points} points."), points=say.points(fraction(total))
    )
