"""Letters to whoever applied for a small grant and gave an e-mail, and to the people of the parties whose turn it is.

They leave with the next `ortaq post`. A telephone gets nothing: the link of the receipt says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.urls import reverse

from ortaq.core import letters
from ortaq.core.keys import key_of
from ortaq.core.models import Letter
from ortaq.people import policy
from ortaq.people.queries import people_of
from ortaq.projects.models import SmallCompetition, SmallGrant


def emails_in(contact: str) -> list[str]:
    """The e-mail addresses among what somebody wrote as their contact, in small letters, each once."""
    found: dict[str, None] = {}
    for word in re.split(r"[\s,;]+", contact.lower()):
        try:
            validate_email(word.strip(".<>()"))
        except ValidationError:
            continue
        found[word.strip(".<>()")] = None
    return list(found)


def tell(grant: SmallGrant, name: str, *more: str) -> None:
    """The letter `name` to the applicant, once for each version; `more` are contacts that stood there before."""
    emails = {email for contact in (grant.contact, *more) for email in emails_in(contact)}
    path = "" if grant.on_paper else reverse("projects:small_grants_receipt", args=[grant.competition.code, grant.once])  # fmt: skip
    letters.prepare(
        grant,
        f"{name}-{grant.version}",
        [letters.Guest(email, grant.language) for email in sorted(emails)],
        f"projects/letters/small_{name}.txt",
        {"path": path, "competition": grant.competition},
        release=True,
    )


def tell_all(competition: SmallCompetition, name: str) -> None:
    """The letter `name` to everybody who applied and has not withdrawn; one query each who gave an e-mail."""
    for grant in competition.grants.exclude(state=SmallGrant.State.WITHDRAWN):
        grant.competition = competition
        tell(grant, name)


def tell_people(competition: SmallCompetition, name: str, organisation: int, when: Any) -> None:
    """The letter `name` to the responsible people of a party; `when` tells one asking from the next."""
    letters.prepare(
        competition,
        f"{name}-{when:%Y%m%d%H%M%S}",
        people_of(organisation, *policy.RESPONSIBLE),
        f"projects/letters/small_{name}.txt",
        {"path": reverse("projects:small", args=[competition.project_id, competition.number])},
        release=True,
    )


def sent_about(grant: SmallGrant) -> models.QuerySet[Letter]:
    """The letters to an applicant. Their text holds the secret link: pages of the parties show only that they went out."""
    return Letter.objects.filter(subject=key_of(grant)).order_by("id")


def forget(grants: Iterable[SmallGrant]) -> None:
    """Letters name their receivers: they go when the applicants are forgotten."""
    keys = list(_keys(grants))
    for start in range(0, len(keys), 400):
        Letter.objects.filter(subject__in=keys[start : start + 400]).delete()


def _keys(grants: Iterable[SmallGrant]) -> Iterator[str]:
    return (key_of(grant) for grant in grants)
