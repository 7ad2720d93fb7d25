"""What the sources leave open, so that each tender says it for itself, and on which rule it rests.

A tender keeps its choices as `{"single_bid": {"value": "winner", "cite": "…"}, …}`; `cite` is the
place of the procurement rules that the customer names. What is not chosen is as the edition proposes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class Choice:
    """A question on which the sources are silent; `parameter` is the edition's proposal."""

    key: str
    parameter: str
    options: Mapping[str, Any]
    why: Any


CHOICES = (
    # GAP-T-08
    Choice(
        "single_bid",
        "single_bid",
        {
            "winner": _("the tender takes place and the only one admitted wins"),
            "did_not_take_place": _("the tender does not take place"),
        },
        _(
            "The guide scores a single bid too, but does not say whether a tender with only one "
            "admitted takes place."
        ),
    ),
    # GAP-T-09
    Choice(
        "above_allocated",
        "price.above_allocated",
        {
            "admitted": _("the bid is admitted"),
            "not_admitted": _("the bid is not admitted"),
        },
        _("The guide says nothing of a price above the sum allocated to the lot."),
    ),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds in one tender. `place` is what the customer cites; empty: the edition's proposal."""

    choice: Choice
    value: str
    place: str
    parameter: law.Parameter

    @property
    def text(self) -> Any:
        return self.choice.options[self.value]

    @property
    def departs(self) -> bool:
        """Whether it is another value than the edition proposes."""
        return self.value != str(self.parameter.value)


def edition_of(tender: Tender) -> law.Edition:
    """The edition of the tender rules under which the tender began (SO-T-002)."""
    return law.edition(tender.act, tender.edition)


def chosen(tender: Tender) -> list[Chosen]:
    """Every question with what holds in this tender."""
    edition = edition_of(tender)
    found = []
    for choice in CHOICES:
        parameter = edition.parameter(choice.parameter)
        row = tender.choices.get(choice.key) or {}
        value = str(row.get("value"))
        known = value if value in choice.options else str(parameter.value)
        found.append(Chosen(choice, known, row.get("cite", ""), parameter))
    return found


def arguments(tender: Tender) -> dict[str, str]:
    """The choices as arguments of `law.tender.decide`."""
    return {one.choice.key: one.value for one in chosen(tender)}
