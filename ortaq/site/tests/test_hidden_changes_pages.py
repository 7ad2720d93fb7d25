"""Nothing that foreign and conflicted people are shown changes when what is hidden from them changes.

Every address is asked by them before and after others' drafts, applications, bids, files, letters, projects, visits, sheets
and decisions were rewritten and some of them thrown away: same status, same bytes, same headers, also in searches, counts,
exports, feeds and the API. Not even that something is there can be read off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.db.models import CharField, JSONField, Model, QuerySet, TextField
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.core.models import Letter
from ortaq.grants.models import Application, ApplicationPart, Attachment, PartConflict, Proposal
from ortaq.oversight.models import (
    Account,
    Answer,
    CorrectiveAction,
    DocumentRequest,
    Engagement,
    Evaluation,
    ExpertCouncil,
    GovernmentInformation,
    Instrument,
    Lesson,
    Mention,
    MonitoringPlan,
    Nomination,
    Notice,
    Observation,
    StatutoryReport,
    StatutorySubmission,
    Visit,
)
from ortaq.people.models import Invitation, Membership, Organisation
from ortaq.planning.models import Canvas, Card, TopicProposal
from ortaq.prizes.models import Application as PrizeApplication
from ortaq.prizes.models import Award, Decision
from ortaq.projects.models import Consultation, Consumer, Expense, SmallGrant, TeamMember
from ortaq.registry.models import ReturnDraft
from ortaq.review.models import Declaration, Dossier, ScoreSheet
from ortaq.tenders.models import Bid, BidFile, Tender
from ortaq.testing import factories

from .award_world import Awarding
from .expected import house
from .oversight_world import Oversight
from .prize_world import Prizes
from .project_world import ProjectRoom
from .scenes import World
from .social_order import SocialOrder
from .test_addresses import OWN, AnyWorld, begun, body, clients, lines

SIGN = "Ѯ"  # a letter of no language of the house
# What a row is found by, and no text.
KEYS = re.compile(
    r"^(number|act|edition|state|sha256|kind|key|code|language|region_code|bin|email|iin|once|token|tool)$|_key$"
)
# Said by the clock, the server or the reader's own session, and not by what is kept here.
OWN_HEADERS = {"Set-Cookie", "Date", "Expires", "X-Request-ID", "Server-Timing"}


def rewrite(rows: Iterable[Model]) -> int:
    """Other words and other figures in all that the rows say; how many were rewritten."""
    rewritten = 0
    for row in rows:
        changed: dict[str, Any] = {}
        for field in row._meta.concrete_fields:
            if field.choices or field.unique or KEYS.search(field.name):
                continue
            value = getattr(row, field.attname)
            if isinstance(field, JSONField):
                changed[field.attname] = other(value)
            elif isinstance(field, CharField | TextField) and value:
                longest = getattr(field, "max_length", None)
                changed[field.attname] = f"{SIGN}{value}"[:longest]
            elif field.name.endswith("_tiyn") and value:
                changed[field.attname] = value + 100
        type(row)._base_manager.filter(pk=row.pk).update(**changed)
        rewritten += bool(changed)
    return rewritten


def other(content: Any) -> Any:
    """The content with the sign before each of its words."""
    if isinstance(content, dict):
        return {name: other(value) for name, value in content.items()}
    if isinstance(content, list):
        return [*map(other, content), *map(other, content[:1])]
    return f"{SIGN}{content}" if isinstance(content, str) else content


# --- What is hidden ------------------------------------------------------------------------------


def of_a_grant(world: World) -> Iterator[QuerySet[Any]]:
    """Applications, drafts, letters, proposals, returns and people of Aliya's NGO."""
    ngo, things = world.things["organisation"], world.things
    mine = Application.objects.filter(organisation=ngo)
    yield ApplicationPart.objects.filter(application__in=mine)
    yield Attachment.objects.filter(application__in=mine)
    yield PartConflict.objects.filter(part__application__in=mine)
    yield Application.objects.filter(pk=things["draft"].pk)
    yield Proposal.objects.filter(organisation=ngo)
    yield ReturnDraft.objects.filter(annual_return__organisation=ngo)
    yield Letter.objects.filter(recipient__in=(world.people["head"], world.people["accountant"]))
    Invitation.objects.filter(organisation=ngo).delete()
    Attachment.objects.filter(application=things["draft"]).delete()
    Membership.objects.create(user=factories.a_person(), organisation=ngo, role="staff")


def of_a_social_order(world: SocialOrder) -> Iterator[QuerySet[Any]]:
    """Bids of Aliya's NGO, a draft and a sealed one; what Saule's akimat has not announced."""
    things = world.things
    closed = [things["draft_bid"].pk, things["sealed_bid"].pk]
    yield Bid.objects.filter(pk__in=closed)
    yield BidFile.objects.filter(bid__in=closed)
    yield TopicProposal.objects.filter(pk=things["proposal"].pk)
    yield type(things["drafted_topic"]).objects.filter(pk=things["drafted_topic"].pk)
    yield Tender.objects.filter(pk=things["draft_tender"].pk)
    yield Canvas.objects.all()
    yield Card.objects.all()
    BidFile.objects.filter(bid=things["draft_bid"]).delete()


def of_a_project(world: ProjectRoom) -> Iterator[QuerySet[Any]]:
    """People, papers and money of Aliya's project."""
    yield Consumer.objects.all()
    yield Consultation.objects.all()
    yield Expense.objects.all()
    yield SmallGrant.objects.all()
    yield TeamMember.objects.all()
    Consumer.objects.create(
        project=world.project, full_name="Жаңа қатысушы", created_at=house_clock.now()
    )


def of_a_prize(world: Prizes) -> Iterator[QuerySet[Any]]:
    """What both applicants have written."""
    yield PrizeApplication.objects.all()
    PrizeApplication.objects.filter(pk=world.things["written"].pk).delete()


def of_an_oversight(world: Oversight) -> Iterator[QuerySet[Any]]:
    """What Saule's akimat plans, sees, evaluates and reports; what candidates say of themselves."""
    yield from of_findings(world)
    yield MonitoringPlan.objects.all()
    yield Visit.objects.all()
    yield DocumentRequest.objects.all()
    yield Nomination.objects.exclude(pk=world.things["candidate"].pk)
    # Put forward by somebody else, beside the reader's own.
    Nomination.objects.create(
        council=world.things["open_council"],
        person=factories.a_person(),
        experience=SIGN,
        put_forward_at=house_clock.now(),
    )
    DocumentRequest.objects.all().delete()


def of_a_visited_ngo(world: Oversight) -> Iterator[QuerySet[Any]]:
    """All that the akimat does about Aliya's NGO without telling it, and what a candidate says who is nothing to it."""
    yield from of_findings(world)
    yield Nomination.objects.filter(pk=world.things["candidate"].pk)


def of_findings(world: Oversight) -> Iterator[QuerySet[Any]]:
    """Visits ahead, what was seen and not yet reported, sheets, points, reports to the ministry: of nobody but the akimat."""
    things = world.things
    MonitoringPlan.objects.update(reason=f"{SIGN} себеп")
    Engagement.objects.update(document=f"{SIGN} № 1")
    yield Visit.objects.filter(pk=things["planned"].pk)
    yield Engagement.objects.all()
    yield Notice.objects.all()
    yield Observation.objects.all()
    yield CorrectiveAction.objects.all()
    yield Instrument.objects.all()
    yield Answer.objects.all()
    yield Mention.objects.all()
    yield ExpertCouncil.objects.filter(pk=things["drafted"].pk)
    Evaluation.objects.update(recommendations_kk=f"{SIGN} ұсыныс")
    yield Evaluation.objects.all()
    yield Dossier.objects.all()
    yield ScoreSheet.objects.all()
    ScoreSheet.objects.update(total=3)
    Dossier.objects.update(points=3, score=3)
    yield StatutoryReport.objects.all()
    yield StatutorySubmission.objects.all()
    yield Account.objects.all()
    GovernmentInformation.objects.update(summary_kk=f"{SIGN} қорытынды")
    yield GovernmentInformation.objects.all()
    yield Lesson.objects.all()
    # The planned visit is called off, the lesson forgotten, the council that was being prepared given up.
    for rows in (Instrument, Visit):
        rows.objects.filter(
            **{"visit" if rows is Instrument else "pk": things["planned"].pk}
        ).delete()
    CorrectiveAction.objects.all().delete()
    Observation.objects.all().delete()
    Lesson.objects.all().delete()
    ExpertCouncil.objects.filter(pk=things["drafted"].pk).delete()


def of_an_award(world: Awarding) -> Iterator[QuerySet[Any]]:
    """What others wrote, what they were given for it and what is decided; where last year's prize was paid to."""
    rival = world.people["rival"]
    others = PrizeApplication.objects.filter(round__year=world.things["year"]).exclude(
        organisation__memberships__user=rival
    )
    yield others
    yield from of_a_decision(world)
    Award.objects.filter(pk=world.things["award"].pk).update(
        bank=f"{SIGN} банк", bic=SIGN, account=SIGN, account_remark=SIGN
    )


def of_a_decision(world: Awarding) -> Iterator[QuerySet[Any]]:
    """What members gave and what is decided, of which no applicant knows before it is published."""
    year = world.things["year"]
    yield ScoreSheet.objects.all()
    ScoreSheet.objects.update(total=3)
    Dossier.objects.update(points=3, score=3)
    Declaration.objects.update(conflict=True, explanation="Туыс")
    yield Declaration.objects.all()
    decided = Decision.objects.filter(direction__round__year=year)
    yield decided
    given = Award.objects.filter(direction__round__year=year)
    yield given
    PrizeApplication.objects.filter(award__in=given).update(
        state=PrizeApplication.State.NOT_AWARDED
    )
    given.delete()
    decided.delete()


# --- Who must not notice -------------------------------------------------------------------------

Change = Callable[[Any], Iterator[QuerySet[Any]]]
# By world: what is rewritten, and who must not notice. The first reader asks for what everybody sees as well.
WALKS: dict[type[AnyWorld], dict[Change, tuple[str, ...]]] = {
    World: {of_a_grant: ("rival", "recused")},
    SocialOrder: {of_a_social_order: ("rival",)},
    ProjectRoom: {of_a_project: ("rival",)},
    Prizes: {of_a_prize: ("former",)},
    Oversight: {
        of_an_oversight: ("rival", "neighbour", "former"),
        of_a_visited_ngo: ("head", "helper"),
    },
    Awarding: {of_an_award: ("rival", "former", "akimat"), of_a_decision: ("head",)},
}
# Where one searches; the sign stands in all that is hidden, and in nothing else.
SEARCHES = (
    "portal:search",
    "people:organisations",
    "registry:ngos",
    "registry:experts",
    "grants:competitions",
    "grants:applications",
    "tenders:tenders",
    "api:v1:publications",
)


# Whoever has the link is the one of whom the page is.
LINKS = {"projects:phone_own", "projects:phone_forget"}
# A new challenge each time.
CHALLENGES = {"people:certificate", "people:own_certificate"}
# Rooms whose pages of everybody put together what all others hold: asked in each world.
COUNTING = ("portal:", "opendata:", "api:v1:", "exchange:", "subscriptions:")


def addresses(world: AnyWorld, role: str, *, first: bool) -> list[str]:
    """All that is shown to this role, and the searches; what everybody sees alike, only to the first."""
    shown = {
        line.path(world): None
        for line in lines(world)
        if (line.expected["GET"] or {}).get(role, 0) in {200, 302, 403, 422}
        and (first or set((line.expected["GET"] or {}).values()) != {200})
        and line.name not in OWN | LINKS | CHALLENGES
        and not line.name.startswith(("account_", "mfa_", "operations:", "documents:", "faces:"))
    }
    if not first:
        return [*shown]
    query = urlencode({"q": SIGN})
    for text in filter(None, house.ADDRESSES.splitlines()):
        address, get, _post = text.split("|")
        name, *words = address.split()
        if not words and get.strip() == "all 200" and name.startswith(COUNTING):
            shown[reverse(name)] = None
    return [*shown, *(f"{reverse(name)}?{query}" for name in SEARCHES)]


def seen(browser: Any, path: str) -> tuple[int, dict[str, str], str]:
    answer = browser.get(path)
    headers = {name: value for name, value in answer.items() if name not in OWN_HEADERS}
    headers.pop("Content-Length", None)  # that of a token that is another each time
    text = re.sub(r'name="once" value="[^"]*', "", body(answer))
    if "<entry>" not in text:  # a feed with nothing in it says when it was asked
        text = re.sub(r"<updated>[^<]*", "", text)
    return answer.status_code, headers, text


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("made", WALKS, ids=lambda made: made.__name__)
@pytest.mark.req("GR-C-11", "GR-S-17")
def test_nobody_notices_what_changes_behind_their_back(clock, walking, made):
    world = begun(made, clock)
    for change, roles in WALKS[made].items():
        point = transaction.savepoint()
        told = noticed(world, change, roles)
        assert not told, "\n".join(told)
        transaction.savepoint_rollback(point)


def noticed(world: AnyWorld, change: Change, roles: tuple[str, ...]) -> list[str]:
    """What these readers are shown that differs once the change is done."""
    browsers = clients(world)
    walked = [
        (role, path) for role in roles for path in addresses(world, role, first=role == roles[0])
    ]
    assert len(walked) > 35
    before = [seen(browsers[role], path) for role, path in walked]
    for rows in change(world):
        assert rewrite(rows), f"nothing is hidden in {rows.model.__name__}"
    return [
        f"{role} {path}: {differing(old, new)}"
        for (role, path), old in zip(walked, before, strict=True)
        if (new := seen(browsers[role], path)) != old
    ]


def differing(old: tuple[int, dict[str, str], str], new: tuple[int, dict[str, str], str]) -> str:
    """Where two answers part."""
    if old[:2] != new[:2]:
        return f"{old[:2]} became {new[:2]}"
    at = next(
        (i for i, (a, b) in enumerate(zip(old[2], new[2], strict=False)) if a != b), len(old[2])
    )
    return f"…{old[2][max(at - 60, 0) : at + 40]}… became …{new[2][max(at - 60, 0) : at + 40]}…"


def test_the_walk_would_notice(rf):
    """A page that counts what is hidden, or keeps a mark of it in a header, differs."""
    old = (200, {"ETag": "1"}, "3 applications")
    assert differing(old, (200, {"ETag": "2"}, "3 applications"))
    assert "4 app" in differing(old, (200, {"ETag": "1"}, "4 applications"))
    assert Organisation._meta.get_field("bin").unique  # never rewritten: rows are found by it
