"""How the keys of the installation lie, and what would be lost without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ortaq.core import keyfolder
from ortaq.tenders import sealing
from ortaq.tenders.models import Bid, Tender

SEALED = (Tender.State.ANNOUNCED,)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about the keys. `fault`: something cannot be opened or will be lost; what is to be done stands in the text."""

    code: str
    text: str
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the folder, and what stands or falls with them."""

    folder: str
    state: keyfolder.State
    tenders: int  # whose bids are still sealed
    bids: int
    drafts: int
    remarks: tuple[Remark, ...]

    @property
    def sound(self) -> bool:
        return not any(one.fault for one in self.remarks)


def status() -> Keys:
    """Read every key once, and what is closed with them; four queries."""
    state = keyfolder.state()
    tenders = dict(
        Tender.objects.filter(state__in=SEALED).exclude(seal_key="").values_list("pk", "seal_key")
    )
    bids = Bid.objects.filter(state=Bid.State.SUBMITTED, lot__tender__in=tenders).count()
    drafts = Bid.objects.filter(state=Bid.State.DRAFT).exclude(draft=b"").count()
    remarks = tuple(_remarks(state, tenders, bids, drafts))
    return Keys(str(keyfolder.folder()), state, len(tenders), bids, drafts, remarks)


def _remarks(
    state: keyfolder.State, tenders: dict[int, str], bids: int, drafts: int
) -> Iterator[Remark]:
    known = {*state.present, *state.earlier, *state.unreadable}
    gone = [pk for pk, public in tenders.items() if not {public, sealing.divided(public)} & known]
    if gone:
        yield Remark(
            "key_gone",
            str(
                _(
                    "The keys of tenders %(tenders)s are not in the folder: their bids cannot be opened. Restore the folder of keys "
                    "from its backup before the deadline."
                )
            )
            % {"tenders": ", ".join(map(str, gone))},
            fault=True,
        )
    if drafts and not any(name.startswith(sealing.DRAFTS) for name in known):
        yield Remark(
            "drafts_gone",
            str(
                _(
                    "The key of drafts is not in the folder: %(drafts)s drafts of bids cannot be read. Restore the folder of keys from "
                    "its backup."
                )
            )
            % {"drafts": drafts},
            fault=True,
        )
    if state.unreadable:
        yield Remark(
            "key_unreadable",
            str(
                _(
                    "These keys lie under a secret key that the installation does not know: %(keys)s. Put the earlier secret key into "
                    "ORTAQ_SECRET_KEY_OLD and restart."
                )
            )
            % {"keys": ", ".join(name[:12] for name in state.unreadable)},
            fault=True,
        )
    if state.earlier:
        yield Remark(
            "key_earlier",
            ngettext(
                "%(count)s key lies under an earlier secret key. Run `ortaq keys rotate`, then the earlier one can be taken away.",
                "%(count)s keys lie under an earlier secret key. Run `ortaq keys rotate`, then the earlier one can be taken away.",
                len(state.earlier),
            )
            % {"count": len(state.earlier)},
        )
    elif settings.SECRET_KEY_FALLBACKS and not state.unreadable:
        yield Remark(
            "earlier_idle",
            str(
                _(
                    "No key lies under an earlier secret key any more. Take it away when the letters and sessions of two weeks ago may end."
                )
            ),
        )
    if bids or drafts:
        yield Remark(
            "at_stake",
            str(
                _(
                    "Without the folder of keys and the secret key %(bids)s sealed bids and %(drafts)s drafts would be lost for good: "
                    "keep both in backups, apart from those of the database."
                )
            )
            % {"bids": bids, "drafts": drafts},
        )
