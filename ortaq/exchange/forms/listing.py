"""What is typed about an unfair supplier."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ortaq.exchange.procedure.listing import LISTING
from ortaq.registry.forms.decision import DecisionForm


class ListingForm(DecisionForm):
    """What follows from a listing."""

    procedure = LISTING
    asked = _("What follows")
    missing = _("Choose what follows.")
    looked_at = _("What was looked at: the entry there, its ground and day, the organisation's own word.")  # fmt: skip
