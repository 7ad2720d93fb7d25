"""What of this room is signed electronically: the application, by the NGO (PR-017)."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, BinaryIO, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import files
from ortaq.core.keys import organisation
from ortaq.core.models import StoredFile
from ortaq.signing import occasions
from ortaq.signing.occasions import Occasion, Party, SignedFile, What

from .content import manifest
from .models import Application, Receipt
from .policy import application as policy
from .queries.application import page_of, whole_of

State = Application.State


def find(actor: Any, pk: int) -> Application | None:
    """An application for its NGO, and for the organiser once it may read it."""
    row = page_of(actor).filter(pk=pk).first()
    return row if row is not None and policy.may_read(actor, row) else None


def what(application: Application) -> What:
    """What the receipt hashes: as it is written, and once handed in as it arrived."""
    whole = whole_of(application)
    if application.state == State.DRAFT:
        content = manifest.manifest(whole)
    else:
        receipt = Receipt.objects.filter(application=application).first()
        content = json.loads(bytes(receipt.content)) if receipt else {}
    direction = application.direction.label
    return What(
        version=application.version,
        title={
            "kk": f"{application.round.year} жылғы сыйлықақыға өтінім: {direction.kk}",
            "ru": f"Заявка на премию {application.round.year} года: {direction.ru}",
        },
        content=content,
        files=[_file(number, one.file) for number, one in enumerate(whole.files, 1)],
    )


def _file(number: int, file: StoredFile) -> SignedFile:
    """A file under a name that no other has."""
    name = f"{number:02d} {file.name}"
    return SignedFile(name, file.sha256, file.size, partial(_open, file))


def _open(file: StoredFile) -> BinaryIO:
    return cast(BinaryIO, files.open_file(file))


def parties(application: Application) -> list[Party]:
    """The NGO itself: the key of the legal person."""
    ngo = application.organisation
    label = pgettext_lazy("who signs", "applicant")
    key = organisation(ngo.pk)
    return [Party("applicant", label, bin=ngo.bin, organisation=key, name=ngo.name)]


def packs(actor: Any, application: Application) -> bool:
    """Those who write for the NGO, and the organiser once it may read the application."""
    if policy.is_applicant(actor, application):
        return bool(policy.is_writer(actor, application))
    return bool(policy.may_read(actor, application))


APPLICATION = occasions.register(
    Occasion(
        "prizes.application",
        _("Application for the prize"),
        kind="prize_application",
        find=find,
        edition=lambda application: application.round.rules,
        what=what,
        parties=parties,
        may_sign=lambda actor, application, _party: bool(policy.is_signer(actor, application)),
        address=lambda application: reverse(
            "prizes:submit" if application.state == State.DRAFT else "prizes:application",
            args=[application.pk],
        ),
        open=lambda application: application.state == State.DRAFT,
        packs=packs,
        papers=lambda application: [
            (label, reverse("prizes:paper", args=[application.pk, language, "pdf"]))
            for language, label in (("kk", "Қазақша (PDF)"), ("ru", "Русский (PDF)"))
        ],
    )
)
