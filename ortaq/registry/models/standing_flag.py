"""The standing watch: what an NGO has running while a fact that excludes it holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.law.text import Text
from ortaq.people.models import Organisation, Standing
from ortaq.registry import watched


class StandingFlag(models.Model):
    """One running thing of an NGO (an application, a contract, a seat …) under one fact that excludes the NGO.

    Only the body in charge of the thing sees its flag: whoever else knew of it might learn that the thing exists.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("standing flag", "waits for a decision")
        DECIDED = "decided", pgettext_lazy("standing flag", "decided")
        LIFTED = "lifted", pgettext_lazy("standing flag", "lifted: the fact no longer holds")
        OVER = "over", pgettext_lazy("standing flag", "over: nothing is running any more")

    class Decision(models.TextChoices):
        NONE = "", "—"
        CONTINUED = "continued", _("goes on")
        REFUSED = "refused", _("refused")
        TERMINATED = "terminated", _("ended before its time")

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="flags")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Which thing: its key, what kind of thing by the room's name of it, its own name, and its page.
    subject = models.CharField(max_length=80)
    what = models.CharField(max_length=30)
    name = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField()
    # By when the body decides; stored, so that a later change of the calendar does not move it.
    due_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.NONE, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="lifted or over")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standing", "subject"], name="one_flag_of_a_fact_on_a_thing"
            )
        ]
        indexes = [
            # The list of a body, what waits first; and the page of the thing itself.
            models.Index(fields=["body", "state", "-id"], name="flags_of_body"),
            models.Index(fields=["address"], name="flags_of_page"),
        ]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.subject}"

    @property
    def word(self) -> Text:
        """How this kind of thing is called."""
        return watched.word(self.what)
