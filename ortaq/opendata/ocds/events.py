"""What is told of a process, event by event: from the planned topic to the end of the contract.

An event is made of what is public now; `keeping` compares it with what was published of it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings

from ortaq import law
from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.law import fields
from ortaq.law.tender import RUBRIC
from ortaq.opendata import exact
from ortaq.people.models import Organisation
from ortaq.planning.models import Formation, Service, Topic
from ortaq.planning.queries.council import LISTED
from ortaq.projects.models import Project, Tranche
from ortaq.tenders.models import Bid, Lot
from ortaq.tenders.queries.review import PUBLISHED

from .families import Deal, Family, Offer
from .parts import Part, bilingual, document, party, period, reference, said, together, value

TENDER_STATUS = {"winner": "complete", "did_not_take_place": "unsuccessful"}
FIELDS = "x_ortaq_fields"  # the code list of fields, see docs/open-data.md


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is told: `tag` when it is told first, `again` when it is told differently later."""

    event: str
    at: datetime
    tag: tuple[str, ...]
    again: tuple[str, ...]
    content: Part


@dataclass(frozen=True, slots=True)
class Story:
    """A process with its events, in the order of what came first."""

    ocid: str
    told: list[Told]
    lot: int | None = None


def ocid_of(noun: str, pk: int) -> str:
    """The identifier of the process that begins with a topic, a later lot, or a contract concluded elsewhere."""
    return f"{settings.ORTAQ_OCID_PREFIX}-{noun}-{pk}"


def stories(family: Family, first_lot: int | None = None) -> Iterator[Story]:
    """The processes of a family. A topic goes on with the lot `first_lot` (default: the first that was announced); each
    later lot of it is a process of its own, related to the first.
    """
    if family.topic is None:
        assert family.deal is not None
        yield Story(ocid_of("contract", family.deal.contract.pk), list(_elsewhere(family)))
        return
    topic, offers = family.topic, family.offers
    first = next((one for one in offers if one.lot.pk == first_lot), next(iter(offers), None))
    ocid = ocid_of("topic", topic.pk)
    told = [*_planned(family, topic), *(_offered(family, topic, first) if first else ())]
    yield Story(ocid, told, first.lot.pk if first else None)
    failed = bool(first and first.lot.result == Lot.Result.NOT_HELD)
    for offer in offers:
        if offer is first:
            continue
        related = [_related("planning", ocid)]
        if failed:
            related.append(_related("unsuccessfulProcess", ocid))
        own = ocid_of("lot", offer.lot.pk)
        yield Story(own, list(_offered(family, topic, offer, related)), offer.lot.pk)


def _related(how: str, ocid: str) -> Part:
    return {"id": how, "relationship": [how], "scheme": "ocid", "identifier": ocid}


# --- Planning ----------------------------------------------------------------------------------------


def _planned(family: Family, topic: Topic) -> Iterator[Told]:
    formation = topic.formation
    if formation.published_at is None:
        return
    head = {"tender": {"id": _tender_id(topic), "status": "planning"}}
    needs = [
        {
            **document(
                f"assessment-{one.pk}",
                "needsAssessment",
                "Needs assessment",
                exact.address("planning:assessment", one.pk),
            ),
            **bilingual("title", one.title_kk, one.title_ru),
        }
        for one in family.assessments
    ]
    url = exact.address("planning:discussion", formation.pk)
    discussion = document(
        "discussion",
        "hearingNotice",
        "Public discussion of the topics",
        url,
        formation.published_at,
    )
    milestone = {"id": "discussion", **said("title", "Public discussion"), "type": "engagement"}
    if formation.closes_at:
        milestone["dueDate"] = exact.instant(formation.closes_at)
    yield Told(
        "planning",
        formation.published_at,
        ("planning",),
        ("planningUpdate",),
        {
            **_customer(formation.body),
            "tender": {
                **head["tender"],
                **bilingual("title", topic.title_kk, topic.title_ru),
                **bilingual("description", topic.result_kk, topic.result_ru),
                "procuringEntity": reference(formation.body),
                "mainProcurementCategory": "services",
            },
            "planning": {
                **bilingual("rationale", topic.justification_kk, topic.justification_ru),
                "budget": _budget(topic, topic.planned_tiyn),
                "documents": [*needs, discussion],
                "milestones": [{**milestone, "status": "scheduled"}],
            },
        },
    )
    if formation.reported_at:
        met = {"id": "discussion", "status": "met"}
        if formation.closes_at:
            met["dateMet"] = exact.instant(formation.closes_at)
        report = document(
            "report",
            "hearingReport",
            "Report on the public discussion",
            exact.address("planning:report", formation.pk),
            formation.reported_at,
        )
        yield Told(
            "discussed",
            formation.reported_at,
            ("planningUpdate",),
            ("planningUpdate",),
            {"planning": {"documents": [report], "milestones": [met]}},
        )
    key = key_of(formation)
    listed, budgeted = family.instants.get((key, "form_list")), family.instants.get((key, "budget"))
    if listed and formation.state in LISTED and topic.state == Topic.State.DROPPED:
        dropped = {**head["tender"], "status": "withdrawn"}
        yield Told(
            "dropped", listed, ("planningUpdate",), ("planningUpdate",), {"tender": dropped}
        )
    if budgeted and formation.state == Formation.State.BUDGETED and topic.approved_tiyn is not None:
        status = "planned" if topic.approved_tiyn else "cancelled"
        yield Told(
            "budget",
            budgeted,
            ("planningUpdate",),
            ("planningUpdate",),
            {
                "tender": {**head["tender"], "status": status},
                "planning": {"budget": _approved(family, topic)},
            },
        )


def _tender_id(topic: Topic) -> str:
    """One identifier from the plan to the results, whatever the number of the tender."""
    return f"topic-{topic.pk}"


def _customer(body: Organisation) -> Part:
    return {"buyer": reference(body), "parties": [party(body, "buyer", "procuringEntity")]}


def _budget(topic: Topic, tiyn: int) -> Part:
    found = {
        "id": topic.programme or f"topic-{topic.pk}",
        "amount": value(tiyn),
        **bilingual("project", topic.title_kk, topic.title_ru),
        "projectID": f"topic-{topic.pk}",
        "uri": exact.address("portal:way", topic.pk),
    }
    found.pop("project_ru", None)  # the standard has the project in one language only
    return found


def _approved(family: Family, topic: Topic) -> Part:
    """The budget as approved, with the act that approves it."""
    found = _budget(topic, topic.approved_tiyn or 0)
    if family.request and family.request.decision:
        found["description"] = family.request.decision
    return found


# --- Tender ------------------------------------------------------------------------------------------


def _offered(
    family: Family, topic: Topic, offer: Offer, related: list[Part] | None = None
) -> Iterator[Told]:
    lot, tender = offer.lot, offer.lot.tender
    assert tender.announced_at is not None  # `families` leaves out the others
    head: Part = {"id": _tender_id(topic)}
    again = ("tenderUpdate",)
    content: Part = {
        "buyer": reference(tender.customer),
        "parties": together(
            [party(tender.customer, "buyer"), party(tender.organiser, "procuringEntity")]
        ),
        "tender": {**head, **_tender(topic, offer)},
    }
    if topic.approved_tiyn is not None:
        content["planning"] = {"budget": _approved(family, topic)}
    if related:
        content["relatedProcesses"] = related
    yield Told("tender", tender.announced_at, ("tender",), ("tenderAmendment",), content)
    if tender.opened_at:
        yield Told("opening", tender.opened_at, again, again, _opened(head, offer))
    if tender.published_at and tender.state in PUBLISHED:
        yield Told(
            "award",
            tender.published_at,
            ("award", "tenderUpdate"),
            ("awardUpdate", "tenderUpdate"),
            _awarded(head, offer, topic),
        )
    if offer.deal is not None:
        yield from _contracted(family, offer.deal, f"lot-{lot.pk}")


def _tender(topic: Topic, offer: Offer) -> Part:
    lot, tender = offer.lot, offer.lot.tender
    open_url = exact.address("tenders:tender", tender.pk)
    return {
        **bilingual("title", topic.title_kk, topic.title_ru),
        **bilingual("description", topic.result_kk, topic.result_ru),
        "status": "active",
        "procuringEntity": reference(tender.organiser),
        "items": [_item(one, topic) for one in offer.services],
        "value": value(lot.allocated_tiyn),
        "procurementMethod": "open",
        **said("procurementMethodDetails", "Tender of the social order among NGOs"),
        "mainProcurementCategory": "services",
        "awardCriteria": "ratedCriteria",
        **bilingual("awardCriteriaDetails", *_criteria(tender.act, tender.edition)),
        "submissionMethod": ["electronicSubmission"],
        "submissionMethodDetails": open_url,
        "tenderPeriod": period(tender.announced_at, tender.closes_at),
        **_filled("contractPeriod", period(lot.starts_on, lot.ends_on)),
        "documents": [
            document(
                "notice", "tenderNotice", "Announcement of the tender", open_url, tender.announced_at
            ),
            document(
                "lot",
                "technicalSpecifications",
                "Technical specification of the lot",
                exact.address("tenders:lot", lot.pk),
                tender.announced_at,
            ),
        ],
    }


def _filled(name: str, part: Part) -> Part:
    return {name: part} if part else {}


@cache
def _criteria(act: str, edition: str) -> tuple[str, str]:
    """The criteria of the edition in Kazakh and Russian."""
    rubric = law.edition(act, edition).rubric(RUBRIC)
    kk, ru = (
        "; ".join(f"{one.key}: {one.label.say(language)}" for one in rubric.criteria)
        for language in ("kk", "ru")
    )
    return kk, ru


@cache
def _known_fields() -> frozenset[str]:
    return frozenset(fields.fields_by_name().values())


def _item(service: Service, topic: Topic) -> Part:
    found: Part = {
        "id": service.key,
        **bilingual("description", service.name_kk, service.name_ru),
        "quantity": service.quantity,
    }
    if topic.field in _known_fields():
        words = fields.field(topic.field).text
        found["classification"] = {
            "scheme": FIELDS,
            "id": topic.field,
            **bilingual("description", words.kk, words.ru),
        }
    return found


def _opened(head: Part, offer: Offer) -> Part:
    tender = offer.lot.tender
    bidders = [bid.organisation for bid in offer.bids]
    found: Part = {
        "tender": {
            **head,
            "numberOfTenderers": len({one.pk for one in bidders}),
            **_filled("awardPeriod", period(tender.opened_at, tender.review_by)),
            "documents": [
                document(
                    "opening",
                    "openingProtocol",
                    "Protocol of the opening of bids",
                    exact.address("tenders:opening", tender.pk),
                    tender.opened_at,
                )
            ],
        },
        "bids": {"statistics": [_counted("bids", len(offer.bids))]},
    }
    if offer.bids:
        found["tender"]["tenderers"] = _each(bidders)
        found["parties"] = together(party(one, "tenderer") for one in bidders)
        found["bids"]["details"] = [_bid(bid, "pending") for bid in offer.bids]
    return found


def _each(organisations: list[Organisation]) -> list[Part]:
    return list({one.pk: reference(one) for one in organisations}.values())


def _counted(measure: str, number: int) -> Part:
    return {"id": measure, "measure": measure, "value": number}


def _bid(bid: Bid, status: str) -> Part:
    found = {
        "id": bid.number or f"bid-{bid.pk}",
        "status": status,
        "tenderers": [reference(bid.organisation)],
    }
    if bid.submitted_at:
        found["date"] = exact.instant(bid.submitted_at)
    if bid.price_tiyn is not None:
        found["value"] = value(bid.price_tiyn)
    return found


def _awarded(head: Part, offer: Offer, topic: Topic) -> Part:
    lot, tender = offer.lot, offer.lot.tender
    assert tender.published_at is not None
    valid = [bid for bid in offer.bids if bid.state == Bid.State.ADMITTED]
    # A bid that could not be opened is not admitted either.
    refused = [bid for bid in offer.bids if bid.state != Bid.State.ADMITTED]
    winner = next((bid for bid in valid if bid.place == 1), None)
    held = lot.result == Lot.Result.WINNER and winner is not None
    award: Part = {
        "id": f"lot-{lot.pk}",
        **bilingual("title", topic.title_kk, topic.title_ru),
        "status": "active" if held else "unsuccessful",
        "date": exact.instant(tender.published_at),
        "documents": [
            document(
                "results",
                "awardNotice",
                "Results of the tender",
                exact.address("tenders:results", tender.pk, fragment=f"lot-{lot.pk}"),
                tender.published_at,
            )
        ],
    }
    found: Part = {
        "tender": {**head, "status": "complete" if held else "unsuccessful"},
        "bids": {
            "statistics": [
                _counted("validBids", len(valid)),
                _counted("disqualifiedBids", len(refused)),
            ],
            "details": [
                {"id": bid.number or f"bid-{bid.pk}", "status": status}
                for some, status in ((valid, "valid"), (refused, "disqualified"))
                for bid in some
            ],
        },
        "awards": [award],
    }
    if not offer.bids:
        del found["bids"]["details"]
    if held and winner is not None:
        award["value"] = value(winner.price_tiyn or 0)
        award["suppliers"] = [reference(winner.organisation)]
        award["relatedBid"] = winner.number or f"bid-{winner.pk}"
        found["parties"] = [party(winner.organisation, "supplier")]
    return found


# --- Contract and implementation ---------------------------------------------------------------------


def _contracted(family: Family, deal: Deal, award: str) -> Iterator[Told]:
    contract = deal.contract
    key = key_of(contract)
    if contract.signed_at is None:
        at = family.instants.get((key, "decline"))
        if at and contract.state == contract.State.DECLINED:
            cancelled = {"id": award, "status": "cancelled"}
            tag = ("awardCancellation",)
            yield Told("declined", at, tag, tag, {"awards": [cancelled]})
        return
    yield Told(
        "contract",
        contract.signed_at,
        ("contract",),
        ("contractAmendment",),
        {
            "parties": together(
                [party(contract.grantor, "buyer"), party(contract.grantee, "supplier")]
            ),
            "contracts": [_contract(deal, award)],
        },
    )
    yield from _carried_out(family, deal, award)


def _contract(deal: Deal, award: str) -> Part:
    contract = deal.contract
    signed = (
        exact.first_of(contract.concluded_on)
        if contract.concluded_on
        else contract.signed_at and exact.instant(contract.signed_at)
    )
    return {
        "id": f"contract-{contract.pk}",
        "awardID": award,
        **bilingual("title", contract.title_kk, contract.title_ru),
        "status": "active",
        **_filled("period", period(contract.starts_on, contract.ends_on)),
        "value": value(contract.sum_tiyn),
        **({"dateSigned": signed} if signed else {}),
    }


def _carried_out(family: Family, deal: Deal, award: str) -> Iterator[Told]:
    """Payments, results, evaluation, end."""
    contract, project = deal.contract, deal.project
    if project is None:
        return
    head: Part = {"id": f"contract-{contract.pk}", "awardID": award}
    again = ("implementationUpdate",)

    def within(part: Part) -> Part:
        return {"contracts": [{**head, "implementation": part}]}

    parties = together([party(contract.grantor, "payer"), party(contract.grantee, "payee")])
    for place, tranche in enumerate(sorted(deal.paid, key=_paid_first)):
        number, day = f"payment-{tranche.number}", tranche.paid_on
        assert day is not None and tranche.paid_tiyn is not None  # the query says so
        at = family.instants.get((key_of(project), "pay_tranche", str(tranche.number)))
        transaction = {
            "id": number,
            "date": exact.first_of(day),
            "value": value(tranche.paid_tiyn),
            "payer": reference(contract.grantor),
            "payee": reference(contract.grantee),
        }
        yield Told(
            number,
            at or clock.at(day, 12),
            ("implementation",) if place == 0 else again,
            again,
            {"parties": parties, **within({"transactions": [transaction]})},
        )
    if shown := deal.presentation:
        assert shown.published_at is not None  # what is shown is published
        page = exact.address("projects:results", project.pk)
        paper = document(
            "results", "physicalProgressReport", "Results of the project", page, shown.published_at
        )
        yield Told("results", shown.published_at, again, again, within({"documents": [paper]}))
    if judged := deal.evaluation:
        assert judged.posted_at is not None  # the query says so
        page = exact.address("oversight:public_evaluation", judged.pk)
        paper = document(
            "evaluation", "finalAudit", "Evaluation of the project", page, judged.posted_at
        )
        yield Told("evaluation", judged.posted_at, again, again, within({"documents": [paper]}))
    ended = project.state in (Project.State.CLOSED, Project.State.TERMINATED)
    if ended and project.closed_at and deal.is_reported:
        tag = ("contractTermination",)
        yield Told(
            "end", project.closed_at, tag, tag, {"contracts": [{**head, "status": "terminated"}]}
        )


def _paid_first(tranche: Tranche) -> tuple[Any, int]:
    return tranche.paid_on, tranche.number


def _elsewhere(family: Family) -> Iterator[Told]:
    """A contract that no tender of this site led to: known from the day on which its results became public."""
    deal = family.deal
    assert deal is not None
    contract, award = deal.contract, f"contract-{deal.contract.pk}"
    known = [
        one
        for one in (
            deal.presentation and deal.presentation.published_at,
            deal.evaluation and deal.evaluation.posted_at,
        )
        if one
    ]
    if not known:
        return
    at = min(known)
    supplier = reference(contract.grantee)
    yield Told(
        "contract",
        at,
        ("award", "contract"),
        ("awardUpdate", "contractAmendment"),
        {
            "buyer": reference(contract.grantor),
            "parties": together(
                [party(contract.grantor, "buyer"), party(contract.grantee, "supplier")]
            ),
            "awards": [
                {
                    "id": award,
                    **bilingual("title", contract.title_kk, contract.title_ru),
                    "status": "active",
                    "value": value(contract.sum_tiyn),
                    "suppliers": [supplier],
                }
            ],
            "contracts": [_contract(deal, award)],
        },
    )
    yield from _carried_out(family, deal, award)


def undone(event: str, compiled: Part) -> Part | None:
    """What is told when an event of the process that `compiled` sums up holds no more: a payment that was taken back, results that
    are no longer public. None: nothing is told.
    """
    for contract in compiled.get("contracts", ()):
        within = contract.get("implementation", {})
        gone: Part = {}
        if any(one["id"] == event for one in within.get("transactions", ())):
            nothing = {"amount": None, "currency": None}
            gone = {"transactions": [{"id": event, "value": nothing}]}
        elif any(one["id"] == event for one in within.get("documents", ())):
            gone = {"documents": [{"id": event, "url": None}]}
        if gone:
            head = {name: contract[name] for name in ("id", "awardID")}
            return {"contracts": [{**head, "implementation": gone}]}
    return None
