"""The outbox: letters are prepared quietly, released in one step, sent by `ortaq post`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import models
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from . import clock
from .keys import key_of
from .models import Letter


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account: an address and a language."""

    email: str
    language: str = "kk"


def prepare(
    subject: models.Model,
    kind: str,
    recipients: Iterable[Any],
    template: str,
    context: dict[str, Any] | None = None,
    *,
    release: bool = False,
    unsubscribe: str = "",
) -> list[Letter]:
    """Write one letter of `kind` about `subject` to each person (or `Guest`) in their language.

    `template` is a text template whose first line is the title; besides `context` it gets
    `subject`, `person` and `site_url`. A person who already has such
    a letter gets no second one. With `release` it leaves with the next `ortaq post`. `unsubscribe` is the
    address to which a mail program posts when the reader wants no more of these letters.
    """
    state = Letter.State.RELEASED if release else Letter.State.PREPARED
    letters = []
    for person in recipients:
        with translation.override(person.language):
            text = _plain_text(template, {"subject": subject, "person": person, **(context or {})})
        title, _, body = text.strip().partition("\n")
        letters.append(
            Letter(
                subject=key_of(subject),
                kind=kind,
                recipient=None if isinstance(person, Guest) else person,
                address=person.email,
                language=person.language,
                title=" ".join(title.split())[:300],
                body=body.strip(),
                state=state,
                created_at=clock.now(),
                unsubscribe=unsubscribe,
            )
        )
    return Letter.objects.bulk_create(letters, ignore_conflicts=True)


def _plain_text(template: str, context: dict[str, Any]) -> str:
    """A letter is plain text: an apostrophe stays an apostrophe and no `&#x27;`."""
    source: Any = get_template(template)
    return str(
        source.template.render(
            Context({"site_url": settings.SITE_URL, **context}, autoescape=False)
        )
    )


def _headers(letter: Letter) -> dict[str, str]:
    """One click in the mail program ends letters that can be ended (RFC 8058)."""
    if not letter.unsubscribe:
        return {}
    return {
        "List-Unsubscribe": f"<{letter.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def release(subject: models.Model, *kinds: str) -> int:
    """Release the prepared letters about `subject` (of `kinds`, or all); how many."""
    waiting = Letter.objects.filter(subject=key_of(subject), state=Letter.State.PREPARED)
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.update(state=Letter.State.RELEASED)


def retry() -> int:
    """Release again what could not be sent; how many."""
    failed = Letter.objects.filter(state=Letter.State.FAILED)
    return failed.update(state=Letter.State.RELEASED, sent_at=None, error="")


def send_released(limit: int = 500) -> tuple[int, int]:
    """Send up to `limit` released letters; how many were sent and how many failed.

    A letter is claimed before it is sent, so two senders never send it twice. What failed
    waits for `retry`.
    """
    sent = failed = 0
    connection = get_connection()
    for letter in Letter.objects.filter(state=Letter.State.RELEASED).order_by("id")[:limit]:
        claimed = Letter.objects.filter(pk=letter.pk, state=Letter.State.RELEASED).update(
            state=Letter.State.SENT, sent_at=clock.now()
        )
        if not claimed:
            continue
        try:
            EmailMessage(
                letter.title,
                letter.body,
                to=[letter.address],
                connection=connection,
                headers=_headers(letter),
            ).send()
            sent += 1
        except OSError as error:  # what mail servers and sockets raise
            Letter.objects.filter(pk=letter.pk).update(
                state=Letter.State.FAILED, sent_at=None, error=str(error)[:300]
            )
            failed += 1
    return sent, failed
