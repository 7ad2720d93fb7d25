"""Long work as it is asked for: kinds, asking, cancelling, who sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.core.kinds_of_work import kinds
from ortaq.core.models import Work

UNFINISHED = (Work.State.WAITING, Work.State.RUNNING)


class TooMuch(ValidationError):
    """Somebody has as much work waiting as one person may have."""


def ask(
    name: str,
    *,
    person: Any,
    behalf: str = "",
    subject: models.Model | None = None,
    about: str = "",
    arguments: Mapping[str, Any] | None = None,
    upload: bytes | None = None,
    once: UUID | None = None,
) -> Work:
    """Write down what is to be done for `person`; the worker does it in their language.

    `about` is what they call its subject (a file's name, a title). `arguments` is JSON without personal data; `upload` the content of a file that they sent. Asked for again while it waits or is
    being done, it is the same work; likewise a form sent twice, by its field `once`. `TooMuch` when the person has ORTAQ_WORK_MOST unfinished ones.
    """
    told = dict(arguments or {})
    key = key_of(subject) if subject is not None else ""
    if once and (sent := Work.objects.filter(pk=once).first()):
        if sent.asked_by_id == person.pk:
            return sent
        once = None
    unfinished = Work.objects.filter(asked_by=person, state__in=UNFINISHED)
    mine = list(unfinished.order_by("-asked_at")[: settings.ORTAQ_WORK_MOST])
    if upload is None:
        for one in mine:
            if (one.kind, one.subject, one.behalf, one.arguments) == (name, key, behalf, told):
                return one
    if len(mine) >= settings.ORTAQ_WORK_MOST:
        raise TooMuch(
            _(
                "%(number)s works that you asked for are not done yet. Wait for them, or cancel some."
            )
            % {"number": len(mine)},
            code="too_much",
        )
    work = Work(
        id=once or uuid4(),
        kind=kinds[name].name,
        subject=key,
        about=about[:200],
        asked_by=person,
        behalf=behalf,
        language=(get_language() or "kk")[:2],
        arguments=told,
        asked_at=clock.now(),
    )
    if upload is not None:
        work.upload.save("upload", ContentFile(upload), save=False)
    work.save(force_insert=True)
    return work


def ask_to_cancel(work: Work) -> bool:
    """Work that waits is cancelled at once; work that is being done at its next step. False where it is over already."""
    rows = Work.objects.filter(pk=work.pk)
    now = clock.now()
    if rows.filter(state=Work.State.WAITING).update(
        state=Work.State.CANCELLED, cancel_asked=True, finished_at=now, kept_until=kept_until()
    ):
        return True
    return bool(rows.filter(state=Work.State.RUNNING).update(cancel_asked=True))


def kept_until() -> datetime:
    """Until when what is finished now can be taken away."""
    return clock.now() + timedelta(days=settings.ORTAQ_WORK_DAYS)


def visible_to(person: Any) -> models.QuerySet[Work]:
    """THE visibility of work: everybody sees their own, whichever hat they wear."""
    if person is None or not person.is_authenticated:
        return Work.objects.none()
    return Work.objects.filter(asked_by=person)
