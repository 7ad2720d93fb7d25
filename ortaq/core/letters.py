"""The outbox: letters are prepared quietly, released in one step, sent by `ortaq post`.

A letter is sent at least once. Whoever sends it claims it for some minutes; a sender that is killed between the mail server's "yes" and
the row that says so leaves it to the next one, who sends it again: that a reader gets a letter about a deadline twice does less
harm than that they never get it. Both have one Message-ID, by which mail programs and many servers know the second.

What the mail server refuses for good (5xx) is tried no more; what it refuses for now is tried again with growing pauses, up
to ORTAQ_LETTER_TRIES. While the server itself is away no letter is touched: all of them wait, however long.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from logging import getLogger
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from . import clock
from .keys import key_of
from .models import Letter

log = getLogger(__name__)
Letters = models.QuerySet[Letter]

# So long a sender has for one letter; then it is taken to be dead. Mail servers answer within a minute or two.
IN_HAND = timedelta(minutes=5)
LONGEST_PAUSE = 360  # minutes
# How letters about accounts are called in the outbox, how many seconds their reader's page waits for the mail server, and how
# long they are of use.
ACCOUNT, AT_ONCE, ACCOUNT_LETTERS_KEPT = "account-", 5, timedelta(days=3)
# "Log in first", "wrong password" and the like: the installation's trouble and not the letter's.
UNWELCOME = frozenset({421, 454, 530, 534, 535, 538})
TOO_LARGE = 552


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
    """One name for every attempt; one click in the mail program ends letters that can be ended (RFC 8058)."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    made = f"{letter.created_at.timestamp():.0f}"
    headers = {"Message-ID": f"<letter.{letter.pk}.{made}@{host}>"}
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def release(subject: models.Model, *kinds: str) -> int:
    """Release the prepared letters about `subject` (of `kinds`, or all); how many."""
    waiting = Letter.objects.filter(subject=key_of(subject), state=Letter.State.PREPARED)
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.update(state=Letter.State.RELEASED)


def retry(rows: models.QuerySet[Letter] | None = None) -> int:
    """Release anew what could not be sent (of `rows`, or all), or is to be tried at once; how many."""
    some = Letter.objects.all() if rows is None else rows
    anew = {"state": Letter.State.RELEASED, "tries": 0, "next_try_at": None}
    failed = some.filter(state__in=(Letter.State.FAILED, Letter.State.GIVEN_UP))
    waiting = some.filter(state=Letter.State.RELEASED, tries__gt=0)
    return failed.update(**anew) + waiting.update(**anew)


def give_up(rows: models.QuerySet[Letter]) -> int:
    """Send these letters no more; how many of them were not sent yet and not in a sender's hand."""
    open_ones = rows.filter(_free(), state__in=(Letter.State.RELEASED, Letter.State.FAILED))
    return open_ones.update(state=Letter.State.GIVEN_UP)


# --- Letters about an account --------------------------------------------------------------------------


def send_or_keep(message: EmailMessage) -> None:
    """Send a letter about somebody's account at once, since they wait for its code or link. Where the mail server does not take it
    within seconds it goes into the outbox; what it says goes from there when it is sent, or after a few days (`tidy`).
    """
    message.connection = get_connection(timeout=AT_ONCE)
    try:
        message.send()
    except OSError as error:
        Letter.objects.create(
            subject="account",
            kind=f"{ACCOUNT}{uuid4()}",
            address=message.to[0],
            language=(translation.get_language() or "kk")[:2],
            title=str(message.subject)[:300],
            body=str(message.body),
            state=Letter.State.RELEASED,
            created_at=clock.now(),
            tries=1,
            error=_words(error),
        )


def tidy() -> int:
    """Forget letters about accounts whose codes and links open nothing any more; how many."""
    old = Letter.objects.filter(
        kind__startswith=ACCOUNT, created_at__lt=clock.now() - ACCOUNT_LETTERS_KEPT
    )
    return old.delete()[0]


# --- Sending ------------------------------------------------------------------------------------------


class Sent(NamedTuple):
    """How many letters were sent, how many could not be, how many are tried again later, and why the server is away, if it is."""

    sent: int = 0
    failed: int = 0
    later: int = 0
    away: str = ""


class ServerAway(Exception):
    """The mail server takes nothing from us just now, whichever letter it is."""


def send_released(limit: int = 500) -> Sent:
    """Send up to `limit` released letters whose time has come.

    Several senders may do it at once: a letter is claimed just before it is sent.
    """
    due = _due()
    waiting = list(due.order_by("id")[:limit])
    if not waiting:
        return Sent()
    sent = failed = later = 0
    server: Any = None
    try:
        for letter in waiting:
            if server is None:
                server = _open()
            if not _claim(due, letter):
                continue
            error = _hand_over(letter, server)
            if error is None:
                said = {"body": ""} if letter.kind.startswith(ACCOUNT) else {}
                _end(letter, state=Letter.State.SENT, sent_at=clock.now(), error="", **said)
                sent += 1
                continue
            if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPResponseException):
                _close(server)  # nobody knows in which state the line is
                server = None
            if _is_for_good(error) or letter.tries >= settings.ORTAQ_LETTER_TRIES:
                _end(letter, state=Letter.State.FAILED, error=_words(error))
                failed += 1
            else:
                pause = timedelta(minutes=min(2 ** min(letter.tries - 1, 10), LONGEST_PAUSE))
                _end(letter, next_try_at=clock.now() + pause, error=_words(error))
                later += 1
    except ServerAway as away:
        return Sent(sent, failed, later, str(away))
    finally:
        _close(server)
    return Sent(sent, failed, later)


def _free() -> Q:
    return Q(held_until=None) | Q(held_until__lt=Now())


def _due() -> models.QuerySet[Letter]:
    time_has_come = Q(next_try_at=None) | Q(next_try_at__lte=clock.now())
    return Letter.objects.filter(_free(), time_has_come, state=Letter.State.RELEASED)


def _claim(due: models.QuerySet[Letter], letter: Letter) -> bool:
    """Take a letter that is still due and in nobody's hand; by the database's clock, which all hosts share."""
    letter.tries += 1
    # The number of tries is part of the condition: what another one tried meanwhile is not tried again at once.
    rows = due.filter(pk=letter.pk, tries=letter.tries - 1)
    return bool(rows.update(tries=letter.tries, held_until=Now() + IN_HAND))


def _end(letter: Letter, **changes: Any) -> None:
    Letter.objects.filter(pk=letter.pk).update(held_until=None, **changes)


def _open() -> Any:
    try:
        server = get_connection()
        server.open()
    except OSError as error:  # what mail servers and sockets raise
        raise ServerAway(_words(error)) from error
    return server


def _close(server: Any) -> None:
    try:
        if server is not None:
            server.close()
    except OSError:
        log.debug("The mail server had gone before it was left.")


def _hand_over(letter: Letter, server: Any) -> Exception | None:
    """Give the letter to the mail server; why it does not take it. Where it takes nothing from us, the letter is as it was before."""
    message = EmailMessage(
        letter.title,
        letter.body,
        to=[letter.address],
        connection=server,
        headers=_headers(letter),
    )
    try:
        message.send()
    except (
        OSError,
        ValueError,
    ) as error:  # ValueError: an address or a title that no letter can have
        if _is_about_us(error):
            _end(letter, tries=letter.tries - 1)
            raise ServerAway(_words(error)) from error
        return error
    return None


def _is_about_us(error: Exception) -> bool:
    """Whether the mail server takes no letter at all from us: our password, our sender's address, its own trouble."""
    code = getattr(error, "smtp_code", None)
    return code in UNWELCOME or (isinstance(error, smtplib.SMTPSenderRefused) and code != TOO_LARGE)


def _is_for_good(error: Exception) -> bool:
    """Whether the same letter would be refused again: 5xx (RFC 5321), or no letter at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return 500 <= error.smtp_code < 600
    return isinstance(error, (ValueError, smtplib.SMTPNotSupportedError))


def _words(error: Exception) -> str:
    """What the mail server said, as staff reads it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        told: Iterable[Any] = [pair for one in error.recipients.values() for pair in one]
    else:
        told = error.args
    words = [
        part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in told
    ]
    return " ".join(" ".join(words).split())[:300] or type(error).__name__
