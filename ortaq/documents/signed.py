"""On paper: who has signed a thing electronically. Names, organisations with their BIN, times, certificates; never an IIN."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.signing import modes, occasions, requirement
from ortaq.signing.queries import standing

from .paper import Align, Block, Paragraph

TITLE = Text(
    "Электрондық цифрлық қолтаңбамен қол қойылған:",
    "Подписано электронной цифровой подписью:",
    "Signed electronically:",
)
LINE = Text(
    "{party}: {who}; {at}; сертификат № {serial}",
    "{party}: {who}; {at}; сертификат № {serial}",
    "{party}: {who}; {at}; certificate No. {serial}",
)
PUBLIC = Text("{party}; {at}", "{party}; {at}", "{party}; {at}")
BIN = Text("БСН {bin}", "БИН {bin}", "BIN {bin}")


def signed(occasion: str, obj: Any, language: str, *, public: bool = False) -> tuple[Block, ...]:
    """The valid signatures on what the object says now, in the paper's language; nothing where there are none or
    signing is off. What `occasion` (its key) asks of its room, and one query. `public`: a paper for everybody says who
    and when, and nothing of a person's certificate.
    """
    kind = occasions.get(occasion)
    if kind is None or requirement.mode(kind, obj) == modes.OFF:
        return ()
    with translation.override(language):
        lines = [
            (PUBLIC if public else LINE)
            .fill(
                party=one.party.label,
                who=_who(one.signed, language),
                at=say.instant(one.signed.received_at, seconds=True),
                serial=one.signed.serial,
            )
            .say(language)
            for one in standing(kind, obj)
            if one.signed
        ]
    if not lines:
        return ()
    texts = (TITLE.say(language), *lines)
    return tuple(Paragraph(text, Align.LEFT, small=True) for text in texts)


def _who(row: Any, language: str) -> str:
    number = BIN.fill(bin=row.signer_bin).say(language) if row.signer_bin else ""
    return ", ".join(filter(None, (row.signer_name, row.signer_organisation, number)))
