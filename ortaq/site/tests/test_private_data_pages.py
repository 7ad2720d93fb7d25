"""Nothing personal leaves the house by any export, feed, list or answer for machines.

Worlds are walked by the real steps; then every column that holds something of a person, and every text that is not
public yet, gets a sign that stands nowhere else. Whatever address of the house answers a passer-by with data is asked,
by the table of addresses itself: an export that is added later is asked too, or this test fails for want of values.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Cast, Concat, Left
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ortaq.core import clock as house_clock
from ortaq.gazette import keeping
from ortaq.gazette.models import Publication
from ortaq.law import fields
from ortaq.opendata import archive
from ortaq.opendata.codelists import CODELISTS
from ortaq.opendata.models import Process
from ortaq.opendata.ocds import keeping as ocds
from ortaq.opendata.tables import TABLES
from ortaq.oversight.models import Evaluation
from ortaq.oversight.procedure.annex8 import content_of
from ortaq.people.models import Organisation, User
from ortaq.planning.models import Comment
from ortaq.projects.models import Presentation, Project, SmallCompetition, SmallGrant
from ortaq.subscriptions.models import OrganisationCalendar
from ortaq.testing.walking import Walker

from .award_world import Awarding
from .oversight_world import Oversight
from .project_world import ProjectRoom
from .scenes import World
from .social_order import SocialOrder
from .test_addresses import begun

SIGN = "Ѯ"  # a letter of no language of the house
WORLDS = (World, SocialOrder, ProjectRoom, Oversight, Awarding)

# --- What is nobody's business --------------------------------------------------------------------

# Columns of persons, and texts that their room never shows to everybody.
PRIVATE: Mapping[str, tuple[str, ...]] = {
    "people.User": ("surname", "given_name", "patronymic", "iin", "phone", "email"),
    "people.Organisation": ("address_kk", "address_ru", "email", "phone", "charter_goals"),
    "people.Invitation": ("email",),
    "people.Standing": ("evidence",),
    "planning.Comment": ("author_name", "email"),
    "planning.CouncilMember": ("full_name", "position"),
    "planning.TopicProposal": ("title", "problem", "answer"),
    "planning.Session": ("minutes_kk", "minutes_ru"),
    "grants.Application": ("search",),
    "grants.Attachment": ("about",),
    "grants.AdmissibilityCheck": ("reason", "evidence"),
    "grants.Competition": ("contacts_kk", "contacts_ru"),
    "grants.PaperDelivery": ("carrier",),
    "grants.Proposal": ("name", "rationale", "summary", "answer"),
    "tenders.Tender": ("contact",),
    "tenders.BidFile": ("name",),
    "tenders.Order": ("remark",),
    "prizes.Round": ("contacts_kk", "contacts_ru"),
    "prizes.Award": ("bank", "bic", "account", "account_remark"),
    "prizes.PaperDelivery": ("carrier",),
    "prizes.Application": ("reason",),
    "projects.TeamMember": ("full_name", "post", "contact", "duties"),
    "projects.Approval": ("remark",),
    "projects.Tranche": ("condition", "document", "remark"),
    "projects.Trainer": ("full_name", "about"),
    "projects.Consumer": ("full_name", "workplace", "contact", "search"),
    "projects.Consultation": ("question", "consultant_name", "search"),
    "projects.Event": ("place", "deviation", "cancel_reason"),
    "projects.Expense": ("document_number", "payee", "what_for", "reason", "remark", "void_reason"),
    "projects.SmallGrant": ("contact", "identifier", "text", "reason", "proof", "return_reason"),
    "projects.Reach": ("name",),
    "projects.Centre": ("contacts", "feedback"),
    "oversight.Nomination": ("education", "experience", "organisation", "reason"),
    "oversight.EvaluationComment": ("author",),
    "oversight.StatutoryReport": ("signer", "signer_position"),
    "oversight.Visit": ("place", "conclusion_kk", "conclusion_ru"),
    "oversight.Observation": ("text", "place"),
    "oversight.CorrectiveAction": ("what", "person", "answer"),
    "oversight.Mention": ("text", "link"),
    "registry.Expert": ("name", "employer_name", "remarks"),
    "registry.Affiliation": ("source",),
    "registry.AnnualReturn": ("evidence",),
    "registry.ReturnVersion": ("reason", "remark"),
    "registry.StandingFlag": ("name",),
    "review.Panel": ("order_by",),
    "review.Seat": ("end_reason",),
    "review.Declaration": ("explanation",),
    "review.Conflict": ("explanation",),
    "review.Meeting": ("minutes_kk", "minutes_ru"),
    "review.MarkChange": ("reason",),
    "review.Vote": ("remark",),
    "signing.Signature": ("signer_name", "signer_iin"),
    "core.Letter": ("address", "title", "body"),
    "core.StoredFile": ("name",),
    "core.Work": ("about", "error"),
    "api.Token": ("name",),
    "subscriptions.Reader": ("address",),
}
# Contents of which not a word is public.
CLOSED: Mapping[str, tuple[str, ...]] = {
    "grants.ApplicationPart": ("data",),
    "prizes.Application": ("content",),
    "projects.Contract": ("general", "social_effect"),
    "projects.Project": ("baseline",),
    "projects.Submission": ("content",),
    "projects.SmallGrantVersion": ("content",),
    "registry.ReturnDraft": ("content",),
    "registry.ReturnVersion": ("content",),
    "review.ScoreSheet": ("marks",),
    "review.Statement": ("content",),
    "tenders.Order": ("requisites",),
    "oversight.Notice": ("answers",),
    "oversight.Answer": ("content",),
}
# Contents that are public but for the persons in them: these keys name them.
MIXED: Mapping[str, tuple[str, ...]] = {
    "grants.Protocol": ("content",),
    "tenders.Protocol": ("content",),
    "tenders.Bid": ("content",),
    "oversight.Evaluation": ("content",),
    "oversight.PublicInformation": ("content",),
    "review.Motion": ("proposal",),
    "core.JournalEntry": ("facts",),
}
PERSONS = {
    "name",
    "short_name",
    "full_name",
    "left",
    "came",
    "person",
    "remark",
    "contact",
    "phone",
}
# How columns that may hold something of a person are called; each of them is above or public by its nature.
SUSPECT = re.compile(
    r"(^|_)(name|surname|patronymic|phone|email|iin|contacts?|author|payee|signer|account|identifier|person)(_|$)"
)
OPEN = re.compile(r"name_(kk|ru)$")  # of organisations, councils, services, centres
PUBLIC = {
    "exchange.PastAward.body_name", "exchange.PastAward.ngo_name",  # tables of the state
    "grants.Application.applicant_name", "prizes.Application.applicant_name",  # of the organisation
    "core.Job.name", "opendata.Watermark.name", "prizes.Award.account",  # the second is private, above
    "projects.Partner.name", "projects.Place.name",  # shown nowhere in public; an organisation, a settlement
    "projects.SmallGrant.name",  # public where the applicant is an NGO; see `given`
    "signing.Signature.signer_organisation", "signing.Signature.signer_bin",
    "projects.Expense.payee_number",
}  # fmt: skip
LISTED = {f"{label}.{name}" for label, names in PRIVATE.items() for name in names} | PUBLIC


def test_every_column_that_may_hold_something_of_a_person_is_marked_or_said_to_be_public():
    found = {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        if model.__module__.startswith("ortaq.")
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField) and SUSPECT.search(column.name)
    }
    assert not {one for one in found if not OPEN.search(one)} - LISTED


def mark() -> None:
    """Write the sign into all that is private of this world."""
    for label, names in PRIVATE.items():
        model = apps.get_model(label)
        for name in names:
            column = model._meta.get_field(name)
            sign: Any = Concat(Value(SIGN), Cast("pk", CharField()))
            if limit := getattr(column, "max_length", None):
                sign = Left(sign, limit)
            model._base_manager.update(**{name: sign})
    citizens = SmallGrant.objects.exclude(applicant=SmallGrant.Applicant.NGO)
    citizens.update(name=Concat(Value(SIGN), Cast("pk", CharField())))
    Comment.objects.filter(hidden_at__isnull=False).update(text=SIGN, summary=SIGN)
    for contents, only in ((CLOSED, None), (MIXED, PERSONS)):
        for label, names in contents.items():
            rows: Iterable[Model] = apps.get_model(label)._base_manager.all()
            for row in rows:
                signed = {name: signed_within(getattr(row, name), only) for name in names}
                type(row)._base_manager.filter(pk=row.pk).update(**signed)


def signed_within(content: Any, only: set[str] | None, key: str = "") -> Any:
    """The content with the sign in place of its words; with `only`, of those under these keys."""
    if isinstance(content, dict):
        return {name: signed_within(value, only, name) for name, value in content.items()}
    if isinstance(content, list):
        return [signed_within(value, only, key) for value in content]
    if isinstance(content, str) and (only is None or key in only):
        return SIGN
    return content


def publish() -> None:
    """As much as can be is public: results of projects, evaluations, small grants."""
    now = house_clock.now()
    for project in Project.objects.all():
        Presentation.objects.update_or_create(project=project, defaults={"published_at": now})
    SmallCompetition.objects.update(opens_at=now, state="decided", decided_at=now)
    SmallGrant.objects.filter(given_tiyn=None).update(given_tiyn=F("asked_tiyn"))
    SmallGrant.objects.update(state=SmallGrant.State.SELECTED)
    for one in Evaluation.objects.exclude(dossier=None):
        content = one.content or content_of(one)
        Evaluation.objects.filter(pk=one.pk).update(content=content, state="posted", posted_at=now)


# --- Asking every address -------------------------------------------------------------------------

MACHINES = ("open-data/", "feeds/", "api/v1/")
DATA = re.compile(r"\.(csv|json|jsonl|ics|atom|xml|zip)\Z")
# What a passer-by never gets: an organisation's own, by its token.
OWN = ("api/v1/own/",)
# For parties only; asked all the same, and nothing may come.
SILENT = {
    "account/data/archive.zip",  # one's own, for whoever is signed in
    "api/v1/",  # nothing stands there
    "applications/<int:pk>/receipt.json",
    "bids/<int:pk>/content.json",
    "imports/<int:pk>/changes.csv",
    "projects/<int:pk>/reports/<int:report>/archive.zip",
    "signing/<str:occasion>/<int:pk>/manifest.json",
    "signing/<str:occasion>/<int:pk>/package.zip",
}
# What an address wants to be asked.
QUERIES = {
    "api/v1/law/due/": "?act=grants_rules&edition=2020&term=scoring&from=2020-06-15",
    "api/v1/law/terms/": "?act=grants_rules&edition=2020",
}
# Where something stands only once an order was tendered; at all other addresses it does in the world of grants.
OF_ORDERS = ("open-data/ocds/", "open-data/recalculate/tender/")
# The same in every world, or in the archive of each: asked in the first.
ALIKE = {
    "api/v1/openapi.json",
    "open-data/codelists/<slug:slug>.<slug:kind>",
    "open-data/tables/<slug:slug>.<slug:kind>",
    "open-data/tables/<slug:slug>/",
}
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The addresses of machines, as the house declares them."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            clean = route.replace("^", "").replace("$", "").replace("\\.", ".")
            if (clean.startswith(MACHINES) or DATA.search(clean)) and not clean.startswith(OWN):
                yield clean
        else:
            yield from routes(one, route)


def values() -> dict[str, list[Any]]:
    """What may stand in an address, by the name of its place."""
    now = house_clock.now()
    return {
        "slug": [*TABLES, *CODELISTS],
        "kind": ["json"],
        "pk": [*range(1, 9)],
        "year": [*range(now.year - 5, now.year + 2)],
        "bin": [*Organisation.objects.values_list("bin", flat=True)],
        "key": [*Publication.objects.values_list("key", flat=True)[:60]],
        "ocid": [*Process.objects.values_list("ocid", flat=True)],
        "day": [now.date()],
        "code": ["710000000", *SmallCompetition.objects.values_list("code", flat=True)],
        "token": [
            *User.objects.values_list("calendar_token", flat=True)[:3],
            *OrganisationCalendar.objects.values_list("token", flat=True)[:3],
        ],
        "event": [1],
        "number": [1],
        "report": [1, 2],
        "occasion": ["grants.protocol", "tenders.protocol", "projects.contract"],
        "act": ["grants_rules"],
        "edition": ["2020"],
        "field": [next(iter(fields.fields_by_name().values()))],
    }


def addresses(route: str, known: Mapping[str, list[Any]]) -> Iterator[str]:
    places = [found[1] or found[2] for found in PARAMETER.findall(route)]
    for chosen in product(*(known[place] for place in places)):
        path, rest = route, list(chosen)
        while PARAMETER.search(path):
            path = PARAMETER.sub(str(rest.pop(0)), path, count=1)
        yield f"/{path}{QUERIES.get(route, '')}"


def texts(content: bytes) -> Iterator[str]:
    """What an answer says; what lies packed in it too."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield packed.read(name).decode("utf-8", "replace")
        return
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    yield content.decode("utf-8", "replace")


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("made", WORLDS, ids=lambda made: made.__name__)
@pytest.mark.req("GR-S-17", "GR-I-03", "SO-T-079")
def test_no_mark_of_a_person_comes_out_of_any_address_for_machines(
    clock, walking, settings, tmp_path, made
):
    begun(made, clock)
    settings.MEDIA_ROOT = tmp_path
    publish()
    mark()
    assert User.objects.filter(surname__startswith=SIGN, email__startswith=SIGN).exists()
    keeping.write_all()
    ocds.catch_up(everything=True)
    archive.make()
    asked, known = set(routes(get_resolver())), values()
    assert len(asked) > 30
    if made is not World:
        asked -= ALIKE
    answered: set[str] = set()
    told: list[str] = []
    browser: Client = Walker()
    for route in sorted(asked):
        for address in addresses(route, known):
            answer = browser.get(address)
            assert answer.status_code < 500, address
            if answer.get("Location", "").startswith(reverse("account_login")):
                break  # whatever stands there, they are asked first who they are
            if answer.status_code != 200:
                continue
            answered.add(route)
            content = b"".join(answer) if answer.streaming else answer.content
            for text in texts(content):
                if SIGN in text or "\\u046e" in text.lower():
                    at = text.find(SIGN)
                    told.append(f"{address}: {text[max(at - 150, 0) : at + 40]}")
    assert not told, "\n".join(told[:20])
    missing = {
        route
        for route in asked - answered - SILENT
        if made is (SocialOrder if route.startswith(OF_ORDERS) else World)
    }
    assert not missing, f"Nobody has asked these with anything that is there: {missing}"
