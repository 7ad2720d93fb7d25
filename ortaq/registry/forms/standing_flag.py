"""What is typed into the standing watch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ortaq.registry.procedure.standing_flag import FLAG

from .decision import DecisionForm


class FlagDecisionForm(DecisionForm):
    """What was done about a flagged thing."""

    procedure = FLAG
    asked = _("What was done")
    missing = _("Choose what was done.")
    looked_at = _("What was looked at and, where it was refused or ended, the number and day of the document.")  # fmt: skip
