"""What of this room is signed electronically: the annual return, by the NGO (NG-015)."""

from __future__ import annotations

from functools import partial
from typing import Any, BinaryIO, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import files
from ortaq.core.models import StoredFile
from ortaq.signing import occasions
from ortaq.signing.occasions import Occasion, Party, SignedFile, What

from . import returns
from .content.whole import load
from .models import AnnualReturn
from .policy import annual_return as policy
from .queries import returns_visible_to


def find(actor: Any, pk: int) -> AnnualReturn | None:
    """The return for those who read it."""
    row = returns_visible_to(actor).filter(pk=pk).first()
    return row if row is not None and policy.may_read(actor, row) else None


def what(row: AnnualReturn) -> What:
    """What would be sent now, or was sent last."""
    title = {
        "kk": f"Үкіметтік емес ұйымның {row.year} жылғы қызметі туралы есебі",
        "ru": f"Отчет о деятельности неправительственной организации за {row.year} год",
    }
    whole = load(
        row
    )  # nothing is written between the sending and the decision, so a signature goes on standing
    version, content = whole.draft.version, whole.content
    if not version and (sent := row.versions.order_by("-number").first()):
        version, content = sent.number, sent.content
    papers = [one.file for one in whole.papers]
    attached = [SignedFile(f.name, f.sha256, f.size, partial(_open, f)) for f in papers]
    return What(version=version, title=title, content=content, files=attached)


def _open(file: StoredFile) -> BinaryIO:
    return cast(BinaryIO, files.open_file(file))


def parties(row: AnnualReturn) -> list[Party]:
    """The NGO itself: the key of the legal person."""
    ngo = row.organisation
    label = pgettext_lazy("party of an annual return", "organisation")
    key = f"organisation:{ngo.pk}"
    return [Party("ngo", label, bin=ngo.bin, organisation=key, name=ngo.name)]


ANNUAL_RETURN = occasions.register(
    Occasion(
        "registry.annual_return",
        _("Annual return"),
        find=find,
        edition=lambda _row: returns.edition(),
        what=what,
        parties=parties,
        may_sign=lambda actor, row, _party: policy.is_sender(actor, row),
        address=lambda row: reverse("registry:return_finish", args=[row.pk]),
        open=lambda row: row.state in policy.WRITTEN,
    )
)
