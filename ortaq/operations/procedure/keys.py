"""Other keys for the installation: what `ortaq keys` does. Nothing here prints or writes down a secret.

    new      another secret key, where the installation made its own (`var/secret_key`); the earlier one still opens
    rotate   everything that lies under an earlier secret key is wrapped under the present one
    drafts   drafts of bids are written under another key

A tender's own pair is made when it is announced and serves no other; it needs no renewal. Keyed hashes in the database keep
their secret (`keyfolder.marks`), tokens of the API are kept as hashes of random secrets and need none.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db import transaction

from ortaq.core import journal, keyfolder
from ortaq.core.keys import key_of
from ortaq.core.procedure import locked
from ortaq.tenders import sealing
from ortaq.tenders.models import Bid

SUBJECT = "installation:keys"


class NotOurs(Exception):
    """The secret key comes from the environment: whoever set it there changes it there."""


def new_secret() -> Path:
    """Write a new secret key beside the earlier ones; the file of the new one. Every process is to be restarted then."""
    if "ORTAQ_SECRET_KEY" in os.environ:
        raise NotOurs
    path = Path(settings.VAR) / "secret_key"
    earlier = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    # First what must not be lost: killed in between, the installation still runs under its present key.
    _write(path.with_suffix(".old"), "\n".join(dict.fromkeys(earlier)))
    _write(path, secrets.token_urlsafe(50))
    with transaction.atomic():
        journal.append(SUBJECT, "secret_key_made", facts={"earlier": len(set(earlier))})
    return path


def _write(path: Path, text: str) -> None:
    """The file is replaced whole, readable to this user only."""
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def rotate() -> int:
    """Wrap all keys of the folder under the present secret key; how many there were. Safe at any time and again."""
    keyfolder.marks()  # settled under the earliest secret key before that one is taken away
    done = len(list(keyfolder.rewrap()))
    with transaction.atomic():
        journal.append(SUBJECT, "keys_rewrapped", facts={"keys": done})
    return done


def renew_drafts() -> int:
    """Write all drafts of bids under another key; how many. Killed in between, it goes on where it was."""
    earlier = sealing.renew_drafts()
    done = 0
    for _again in range(2):  # whoever began to write before the new key was there has ended by then
        rows = list(Bid.objects.exclude(draft=b"").order_by("pk").values_list("pk", flat=True))
        for done, pk in enumerate(rows, 1):  # noqa: B007 - counted
            _renew_draft(pk)
    with transaction.atomic():
        journal.append(SUBJECT, "drafts_renewed", facts={"drafts": done, "keys": len(earlier)})
    for name in earlier:
        keyfolder.drop(name)
    return done


@transaction.atomic
def _renew_draft(pk: int) -> None:
    bid = locked(Bid, pk)
    about, closed = key_of(bid), bytes(bid.draft)
    if closed and not sealing.is_newest(about, closed, "draft"):
        plain = sealing.open_draft(about, closed, "draft")
        bid.draft = sealing.encrypt(sealing.draft_key(about), plain, "draft")
        bid.save(update_fields=["draft"])
