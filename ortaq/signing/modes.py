"""Whether an occasion wants signatures: the edition says, the installation may say otherwise.

[signatures.contract]          # in law/acts/<act>/<edition>.toml
mode = "optional"
cite = "…"
inferred = true

ORTAQ_SIGNATURES=contract=required,report=off
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext_lazy as _

from ortaq.law import signatures
from ortaq.law.editions import Edition
from ortaq.law.signatures import KINDS, MODES

REQUIRED, OPTIONAL, OFF = signatures.REQUIRED, signatures.OPTIONAL, signatures.OFF
LABELS = {
    REQUIRED: _("an electronic signature is required"),
    OPTIONAL: _("an electronic signature is possible"),
    OFF: _("signed on paper only"),
}


def overrides(words: Iterable[str]) -> dict[str, str]:
    """The setting as kind → mode; `ValueError` with a sentence for a word that means nothing."""
    found = {}
    for word in words:
        kind, _equals, mode = (part.strip() for part in word.partition("="))
        if kind not in KINDS:
            raise ValueError(f"“{word}”: there is no occasion “{kind}”. Known: {', '.join(KINDS)}.")
        if mode not in MODES:
            raise ValueError(f"“{word}”: “{mode}” is no mode. Known: {', '.join(MODES)}.")
        found[kind] = mode
    return found


def mode(kind: str, edition: Edition | None) -> str:
    """`required`, `optional` or `off` for a kind of occasion (its `word`) under an edition.

    The installation's word comes first, then the edition's; where both are silent: optional.
    """
    if own := overrides(settings.ORTAQ_SIGNATURES).get(kind):
        return own
    said = edition.signing(kind) if edition else None
    return said.mode if said else OPTIONAL


def check_setting(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A system check: the setting says only what is known."""
    try:
        overrides(settings.ORTAQ_SIGNATURES)
    except ValueError as error:
        return [
            checks.Error(
                f"ORTAQ_SIGNATURES {error}",
                hint="Write for example ORTAQ_SIGNATURES=contract=required,report=off",
                id="signing.E001",
            )
        ]
    return []
