"""What a declaration or a notice says, kept before it counts, so that its author can sign it electronically.

    statement = prepare("review.panel:3", user, edition, content=…, …)  before the step, in a transaction of its own
    requires=(…, signed(edition_of))                                   in the step, which is given `statement`
    taken(attempt)                                                     in its effect

What was typed is not lost when the step is refused for want of a signature: the statement holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.procedure import Attempt, Refused, Requirement
from ortaq.law.editions import Edition
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import User
from ortaq.review.models import Statement
from ortaq.signing import modes, requirement

OCCASION = "review.statement"
WORD = "declaration"


def mode(edition: Edition) -> str:
    """Whether declarations and notices under an edition are signed electronically."""
    return modes.mode(WORD, edition)


def open_of(person: User | None, about: str) -> Statement | None:
    """What a person has prepared about something and not made count yet."""
    return Statement.objects.filter(person=person, about=about, taken_at=None).first()


def shown(person: User | None, about: str) -> Statement | None:
    """The statement that a page shows its author: the open one, else the last that counts."""
    rows = Statement.objects.filter(person=person, about=about).select_related("person")
    return rows.order_by("-pk").first()


def prepare(
    about: str,
    person: User,
    edition: Edition,
    *,
    title: Text,
    address: str,
    content: Mapping[str, Any],
) -> Statement | None:
    """Keep what is about to be declared; None where nothing is signed electronically. The same content again
    is the same version, so that its signature goes on to count.
    """
    if mode(edition) == modes.OFF:
        return None
    row, made = Statement.objects.get_or_create(
        person=person,
        about=about,
        taken_at=None,
        defaults={
            "act": edition.act,
            "edition": edition.key,
            "title_kk": title.kk[:600],
            "title_ru": title.ru[:600],
            "address": address,
            "content": content,
            "made_at": clock.now(),
        },
    )
    if not made and row.content != content:
        row.content, row.version = content, row.version + 1
        row.save(update_fields=["content", "version"])
    return row


def signed(edition_of: Callable[[Any], Edition]) -> Requirement:
    """A requirement of a step: where the edition of its subject wants it, the statement that the step is given
    (`statement`) is signed electronically by its author.
    """

    def statement_signed(subject: Any, attempt: Attempt) -> Iterable[Finding]:
        statement = attempt.facts.get("statement")
        if statement is not None:
            return requirement.missing(OCCASION, statement)
        if mode(edition_of(subject)) == modes.REQUIRED:
            message = _("This has to be signed electronically by its author.")
            return [Finding("signature_missing", Severity.ERROR, message, about="signature")]
        return []

    return statement_signed


def taken(attempt: Attempt) -> None:
    """It counts from now on, and stays as it is."""
    statement = attempt.facts.get("statement")
    if statement is not None:
        statement.taken_at = attempt.now
        statement.save(update_fields=["taken_at"])


def signing_page(refused: Refused) -> str:
    """Where a refused statement is signed, when only its signature is missing; "" otherwise."""
    if {finding.code for finding in refused.findings} <= {"signature_missing", "sign_again"}:
        return str(refused.findings[0].numbers.get("address") or "")
    return ""
