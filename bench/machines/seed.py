"""What the trial puts into the database and reads out of it, as the steps of the site do it. Prints one line of JSON."""

from __future__ import annotations

import hashlib
import json
import sys
import time
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from bench.machines.house import PASSWORD  # noqa: E402
from ortaq.api import procedure as tokens  # noqa: E402
from ortaq.api.models import Token  # noqa: E402
from ortaq.core import canonical, clock, journal  # noqa: E402
from ortaq.core.keys import key_of  # noqa: E402
from ortaq.core.models import Job, JobRun, JournalEntry, Letter  # noqa: E402
from ortaq.gazette import keeping  # noqa: E402
from ortaq.people.models import Role, User  # noqa: E402
from ortaq.planning.tests.scenes import cast  # noqa: E402
from ortaq.tenders.models import Bid, Tender  # noqa: E402
from ortaq.tenders.procedure import bid_vault as vault  # noqa: E402
from ortaq.tenders.tests import scenes  # noqa: E402
from ortaq.testing import factories  # noqa: E402


def begin(number: str) -> dict[str, Any]:
    """A tender with a finished draft of each NGO, without files; the first of them signs in by herself."""
    people = cast()
    tender = scenes.an_announced_tender(people, closes_at=clock.now() + timedelta(days=1))
    lot = tender.lots.select_related("tender", "topic").get()
    ngos = []
    for index in range(int(number)):
        head = factories.a_member(factories.an_organisation(), Role.HEAD)
        assert head.user is not None
        bid = scenes.a_draft(lot, head)
        content = {**scenes.CONTENT, "price/offer": 900_000_000 - index}
        scenes.write(bid, content, head)
        ngos.append({"bid": bid.pk, "cookie": session_of(head.user), "email": head.user.email})
        if index == 0:
            head.user.set_password(PASSWORD)
            head.user.save()
            EmailAddress.objects.create(
                user=head.user, email=head.user.email, verified=True, primary=True
            )
            assert head.acting_for is not None
            _token, secret = tokens.make(
                head.acting_for,
                name="trial",
                scopes=tuple(Token.Scope.values),
                days=30,
                once=uuid.uuid4(),
                actor=head,
            )
            ngos[0]["token"] = secret
    return {"tender": tender.pk, "ngos": ngos, "csrf": settings.CSRF_COOKIE_NAME}


def session_of(user: User) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def publish(word: str, place: str = "") -> dict[str, Any]:
    """What is public is published anew, with this word in a title: as after a step that changed it.

    With `place` it says there that it is ready, and waits for the word to go.
    """
    if place:
        Path(place, "ready").touch()
        while not Path(place, "go").exists():
            time.sleep(0.02)
    Tender.objects.update(title_kk=f"Тапсырыс {word}", title_ru=f"Заказ {word}")
    keeping.note([key_of(one) for one in Tender.objects.all()])  # as the journal of a step does
    return {}


def close(pk: str, seconds: str) -> dict[str, Any]:
    """The tender ends in so many seconds."""
    closes_at = clock.now() + timedelta(seconds=float(seconds))
    Tender.objects.filter(pk=pk).update(closes_at=closes_at)
    return {"at": closes_at.timestamp()}


def opened(pk: str) -> dict[str, Any]:
    return {"opened": Tender.objects.filter(pk=pk, opened_at__isnull=False).exists()}


def found(pk: str) -> dict[str, Any]:
    """What stands of the tender's bids: each with its receipts and with what its files hash to."""
    bids = {}
    for bid in Bid.objects.filter(lot__tender=int(pk)).prefetch_related("receipts", "files"):
        bids[str(bid.pk)] = {
            "state": bid.state,
            "receipts": [one.number for one in bid.receipts.all()],
            "promised": [digest for one in bid.receipts.all() for digest in one.files],
            "files": [one.sha256 for one in bid.files.all()],
            "stored": [
                hashlib.sha256(vault.content_of(one, bytes(one.key))).hexdigest()
                for one in bid.files.all()
                if bytes(one.key)
            ],
            "whole": bid.content is None
            or canonical.sha256(bid.content) == bid.receipts.all()[0].commitment,
        }
    tender = Tender.objects.get(pk=pk)
    steps = JournalEntry.objects.filter(subject=key_of(tender)).values_list("step", flat=True)
    letters = Letter.objects.values_list("state", flat=True)
    return {
        "bids": bids,
        "steps": Counter(steps),
        "letters": Counter(letters),
        "sent": sorted(Letter.objects.filter(state="sent").values_list("address", "kind")),
        "breaks": len(journal.verify()),
        "hosts": sorted(set(JobRun.objects.values_list("host", flat=True))),
        "failures": sum(Job.objects.values_list("failures", flat=True)),
    }


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
