"""Planning: the topic, its discussion, the list of topics, the budget."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from ortaq.core.keys import key_of
from ortaq.opendata import exact
from ortaq.people.models import Organisation
from ortaq.planning.models import Formation, Topic
from ortaq.planning.queries.council import LISTED

from .families import Family
from .parts import Part, bilingual, document, party, reference, said, value
from .told import Told


def planned(family: Family, topic: Topic) -> Iterator[Told]:
    formation = topic.formation
    if formation.published_at is None:
        return
    head = {"tender": {"id": tender_id(topic), "status": "planning"}}
    needs = [
        {
            **document(
                f"assessment-{one.pk}",
                "needsAssessment",
                _("Needs assessment"),
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
        _("Public discussion of the topics"),
        url,
        formation.published_at,
    )
    milestone = {"id": "discussion", **said("title", _("Public discussion")), "type": "engagement"}
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
            _("Report on the public discussion"),
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
        yield Told("dropped", listed, ("planningUpdate",), ("planningUpdate",), {"tender": dropped})
    if budgeted and formation.state == Formation.State.BUDGETED and topic.approved_tiyn is not None:
        status = "planned" if topic.approved_tiyn else "cancelled"
        yield Told(
            "budget",
            budgeted,
            ("planningUpdate",),
            ("planningUpdate",),
            {
                "tender": {**head["tender"], "status": status},
                "planning": {"budget": approved(family, topic)},
            },
        )


def tender_id(topic: Topic) -> str:
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


def approved(family: Family, topic: Topic) -> Part:
    """The budget as approved, with the act that approves it."""
    found = _budget(topic, topic.approved_tiyn or 0)
    if family.request and family.request.decision:
        found["description"] = family.request.decision
    return found
