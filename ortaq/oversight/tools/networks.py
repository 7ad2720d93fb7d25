"""Monitoring of social networks: mentions, publications, feedback, each with its link (SO-M-08)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ortaq.oversight.models import Instrument, Mention, Visit
from ortaq.oversight.sheets import CLOSING, CONCLUSIONS, Field, Part, texts_of

WHERE = Field("period", _("Period looked at, and words searched for"), area=True)


def prefill(visit: Visit, day: date) -> dict[str, Any]:
    return {"day": day.isoformat()}


def parts(row: Instrument) -> list[Part]:
    return [Part(_("Where and how it was looked for"), fields=(WHERE,)), CLOSING]


def figures(row: Instrument) -> dict[str, Any]:
    """Mentions by tone and by network; one query."""
    found = list(row.mentions.order_by().values_list("tone", "network"))
    tones = [tone for tone, _network in found]
    networks = sorted({network for _tone, network in found})
    return {
        "mentions": len(found),
        **{tone: tones.count(tone) for tone in Mention.Tone.values},
        "networks": {name: sum(one == name for _tone, one in found) for name in networks},
    }


def said(figures: Mapping[str, Any]) -> str:
    return gettext(
        "Mentions: %(mentions)s, of them approving %(good)s, neutral %(even)s, critical %(bad)s."
    ) % {name: figures[name] for name in ("mentions", "good", "even", "bad")}


def lacks(row: Instrument, figures: Mapping[str, Any]) -> Iterable[tuple[Any, str]]:
    """It is said where and how was looked; that nothing was found is a result too, in words."""
    texts = texts_of(row.content)
    if not texts.get(WHERE.name):
        yield _("Say which period was looked at and which words were searched for."), WHERE.name
    if not figures["mentions"]:
        for name in CONCLUSIONS:
            if not texts.get(name):
                yield (
                    _("Enter a mention, or conclude in both languages that nothing was found."),
                    name,
                )
                break
