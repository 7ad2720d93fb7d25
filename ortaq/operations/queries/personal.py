"""All that is kept of one person, to be taken away by that person: rows of every room, letters, steps in the journal.

What is about them and decided by others before it is published (points, conflicts found) is not given out: it would
tell what the procedure keeps secret. Secrets (passwords, codes, tokens) are not given out either, only that there are some.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from ortaq.core import clock, keys
from ortaq.core.models import JournalEntry, Letter
from ortaq.operations import personal
from ortaq.people.models import User
from ortaq.people.queries import proven_addresses

PERSON, ADDRESS = "person", "address"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a model that belong to a person: by which column (a person, or an address of theirs), and what is given of them."""

    group: str
    model: str
    by: str
    fields: str
    how: str = PERSON
    only: dict[str, Any] = field(default_factory=dict)

    def rows(self, person: User, addresses: Iterable[str]) -> models.QuerySet[Any]:
        model: Any = apps.get_model(self.model)
        if self.how == PERSON:
            mine = Q(**{self.by: person.pk})
        else:
            mine = Q(**{f"{self.by}__in": list(addresses)})
        related = [
            name for name in self.fields.split() if model._meta.get_field(name).related_model
        ]
        rows: models.QuerySet[Any] = (
            model._default_manager.filter(mine, **self.only).select_related(*related).order_by("pk")
        )
        return rows


PARTS = (
    Part(
        "account",
        "people.User",
        "pk",
        "email surname given_name patronymic iin iin_confirmed_at phone language joined_at last_login",
    ),
    Part("account", "account.EmailAddress", "user", "email verified primary"),
    Part("account", "people.Membership", "user", "organisation role starts_on ends_on"),
    Part(
        "account",
        "people.Invitation",
        "email",
        "organisation role invited_at answered_at",
        ADDRESS,
    ),
    Part(
        "account",
        "api.Token",
        "made_by",
        "organisation name scopes made_at expires_on last_used_at state",
    ),
    Part("entry", "mfa.Authenticator", "user", "type created_at last_used_at"),
    Part("entry", "axes.AccessAttempt", "username", "attempt_time ip_address user_agent", ADDRESS),
    Part("entry", "axes.AccessFailureLog", "username", "attempt_time ip_address", ADDRESS),
    Part("entry", "axes.AccessLog", "username", "attempt_time ip_address user_agent", ADDRESS),
    Part("entry", "tenders.OpeningKey", "person", "made_at confirmed_at"),
    Part("entry", "tenders.Opener", "person", "tender named_at given_at"),
    Part(
        "letters",
        "core.Letter",
        "recipient",
        "address title body sent_at",
        only={"state": Letter.State.SENT},
    ),
    Part(
        "subscriptions", "subscriptions.Reader", "address", "address language created_at", ADDRESS
    ),
    Part(
        "subscriptions",
        "subscriptions.Subscription",
        "reader__address",
        "filters frequency created_at confirmed_at",
        ADDRESS,
    ),
    Part("heads", "registry.Affiliation", "person", "organisation kind since until source"),
    Part("heads", "registry.ReturnVersion", "sent_by", "receipt sent_at"),
    Part(
        "experts", "registry.Expert", "person", "name employer_name region_code state proposed_at"
    ),
    Part(
        "experts",
        "registry.ExpertDirection",
        "expert__person",
        "direction education years evidence",
    ),
    Part("experts", "oversight.Notice", "person", "project role conflict answers signed_at"),
    Part(
        "experts",
        "oversight.Nomination",
        "person",
        "education experience organisation put_forward_at",
    ),
    Part("judging", "review.Seat", "person", "panel role since until end_reason"),
    Part("judging", "review.Statement", "person", "title_ru content made_at"),
    Part("judging", "planning.CouncilMember", "person", "council full_name position since until"),
    Part("applications", "grants.Application", "created_by", "number title created_at"),
    Part("applications", "grants.Receipt", "submitted_by", "number received_at sha256"),
    Part("applications", "prizes.Application", "created_by", "number applicant_name created_at"),
    Part("applications", "tenders.Bid", "created_by", "number created_at"),
    Part("voices", "planning.Comment", "author", "author_name email text written_at state"),
    Part("voices", "planning.Comment", "email", "author_name email text written_at state", ADDRESS),
    Part(
        "voices",
        "planning.TopicProposal",
        "author",
        "title problem target_group result sent_at answer",
    ),
    Part(
        "voices",
        "grants.Proposal",
        "author",
        "name rationale goal tasks summary geography expected_results sent_at answer",
    ),
    Part("voices", "grants.Question", "asked_by", "text asked_at answer"),
    Part("voices", "oversight.EvaluationComment", "author", "text given_at"),
    Part("voices", "tenders.TenderQuestion", "person", "text asked_at"),
    Part(
        "signatures",
        "signing.Signature",
        "actor",
        "signer_name signer_iin signer_organisation signed_at verdict cms_sha256",
    ),
    Part("files", "core.StoredFile", "uploaded_by", "name kind size sha256 uploaded_at"),
    Part("files", "core.Work", "asked_by", "kind state asked_at finished_at"),
)
# Of these groups nothing is found by an account, and why; `told` on the page.
BESIDE = frozenset({"contracts", "participants", "money", "records", "published"})


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one model, with the names of their columns in the reader's language where there are some."""

    title: str
    columns: list[str]
    names: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is kept of a person for one reason."""

    group: personal.Group
    tables: list[Table]


def kept(person: User) -> Iterator[Kept]:
    """What is kept of a person, group by group; as many queries as there are `PARTS`, and two."""
    addresses = proven_addresses(person) | {person.email}
    for group in personal.groups():
        tables = [_table(one, person, addresses) for one in PARTS if one.group == group.key]
        if group.key == "acts":
            tables.append(_steps(person))
        if found := [one for one in tables if one.rows]:
            yield Kept(group, found)


def _table(part: Part, person: User, addresses: Iterable[str]) -> Table:
    model = apps.get_model(part.model)
    columns = part.fields.split()
    return Table(
        str(model._meta.verbose_name),
        columns,
        [str(model._meta.get_field(name).verbose_name) for name in columns],
        [[_plain(getattr(row, name)) for name in columns] for row in part.rows(person, addresses)],
    )


def _steps(person: User) -> Table:
    """What the journal says the person did; of what, and when."""
    columns = ["at", "subject", "step"]
    rows = JournalEntry.objects.filter(actor=keys.person(person.pk)).order_by("id")
    return Table(
        "journal", columns, columns, [list(map(_plain, one)) for one in rows.values_list(*columns)]
    )


def _plain(value: Any) -> Any:
    """A value as JSON holds it; another row by its name."""
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def archive(person: User, language: str) -> BinaryIO:
    """A zip of `data.json` and a page to read, in the language of the reader; at its beginning."""
    with translation.override(language):
        found = list(kept(person))
        content = {
            "format": "ortaq.person/1",
            "at": clock.now().isoformat(),
            "person": person.pk,
            "groups": {
                one.group.key: {
                    table.title: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
                    for table in one.tables
                }
                for one in found
            },
        }
        page = render_to_string(
            "operations/personal_archive.html",
            {"found": found, "person": person, "at": clock.now(), "language": language},
        )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=1))
        target.writestr("index.html", page)
    file.seek(0)
    return file
