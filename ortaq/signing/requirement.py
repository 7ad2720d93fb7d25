"""Signatures as a requirement of a step: `requires=(…, signing.required("projects.contract"))`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.duties import Owed
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text

from . import modes, occasions
from .occasions import Occasion
from .queries import standing

SIGN_IT = Text("Электрондық қолтаңба қою", "Поставить электронную подпись", "Sign electronically")


def mode(occasion: Occasion, obj: Any) -> str:
    """`required`, `optional` or `off` for this object."""
    return modes.mode(occasion.word, occasion.edition(obj))


def page(occasion: Occasion, obj: Any, back: str = "") -> str:
    """The address of the page on which the object is signed; `back`: where to go afterwards."""
    address = reverse("signing:sign", args=[occasion.key, obj.pk])
    return f"{address}?{urlencode({'next': back})}" if back else address


def missing(occasion: Occasion | str, obj: Any, *, parties: Collection[str] = ()) -> list[Finding]:
    """What still stands in the way where signatures are required, a finding for each party (of those named,
    or all) without a valid signature on the present content. Empty where they are not required.

    Each finding's `numbers["address"]` is the page of signing; `code` is `signature_missing` or, where the
    content was changed after the party had signed, `sign_again`. An object that names nobody who should sign (a
    protocol without a commission) is not signed: `nobody_to_sign`, unless its occasion says that nobody need.
    """
    if isinstance(occasion, str):
        occasion = _known(occasion)
    if mode(occasion, obj) != modes.REQUIRED:
        return []
    address = page(occasion, obj, occasion.address(obj))
    everybody = occasion.parties(obj)
    wanted = [p for p in everybody if not parties or p.key in parties]
    if not wanted:
        return [] if occasion.nobody(obj) else [_nobody(address)]
    data = occasion.manifest(obj, everybody)
    return [
        Finding(
            "sign_again" if one.outdated else "signature_missing",
            Severity.ERROR,
            (
                _("Changed after it was signed: sign again (%(party)s).")
                if one.outdated
                else _("An electronic signature is missing: %(party)s.")
            )
            % {"party": one.party.label},
            numbers={"party": one.party.key, "address": address},
            about="signature",
        )
        for one in standing(occasion, obj, data=data, parties=wanted)
        if one.signed is None
    ]


def _nobody(address: str) -> Finding:
    return Finding(
        "nobody_to_sign",
        Severity.ERROR,
        _("Electronic signatures are required, but nobody is named who should sign."),
        numbers={"address": address},
        about="signature",
    )


def required(occasion: str, *parties: str) -> Callable[[Any, Attempt], list[Finding]]:
    """A requirement of a step (`core.procedure`): valid signatures of these parties, or of all."""

    def signatures(subject: Any, attempt: Attempt) -> list[Finding]:
        return missing(occasion, subject, parties=parties)

    return signatures


def _known(key: str) -> Occasion:
    occasion = occasions.get(key)
    if occasion is None:
        raise LookupError(f"No room registered the occasion {key}.")
    return occasion


def all_signed(occasion: Occasion, obj: Any) -> bool:
    """Whether it may be signed electronically and every party has validly signed it as it is now."""
    if mode(occasion, obj) == modes.OFF or not occasion.open(obj):
        return False
    standings = standing(occasion, obj)
    return bool(standings) and all(one.signed for one in standings)


def owed(occasion: Occasion, obj: Any, cite: str = "") -> list[Owed]:
    """A duty for each party whose signature is required and missing, with the page of signing as its address."""
    if mode(occasion, obj) != modes.REQUIRED or not occasion.open(obj):
        return []
    address = page(occasion, obj, occasion.address(obj))
    return [
        Owed(f"sign-{p.key}", p.organisation or p.person, SIGN_IT, None, address, cite)
        for p in (one.party for one in standing(occasion, obj) if one.signed is None)
        if p.organisation or p.person
    ]
