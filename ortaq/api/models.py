"""Tokens: the keys with which programs of an organisation read and write what is its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.people.models import Organisation


class Token(models.Model):
    """A token of an organisation. Only the hash of its secret is kept: the secret is shown once.

    Whoever holds it acts as the person who made it, on behalf of the organisation, with the rights that this person has there today.
    """

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("token", "in force")
        REVOKED = "revoked", pgettext_lazy("token", "revoked")

    class Scope(models.TextChoices):
        """What a token may do. Every token reads."""

        READ = "read", _("read what is the organisation's own")
        EVENTS = "events", _("plan events and record them as held")
        EXPENSES = "expenses", _("record expenses and void them")
        DRAFTS = "drafts", _("fill in drafts of applications and bids")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="api_tokens"
    )
    once = models.UUIDField(help_text="of the form that made it")
    name = models.CharField(_("what it is for"), max_length=100)
    scopes = models.JSONField(_("what it may do"), default=list)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret")
    hint = models.CharField(max_length=4, help_text="the last characters of the secret")
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens"
    )
    made_at = models.DateTimeField()
    # Half-open as all spans of the house: on this day it opens nothing any more.
    expires_on = models.DateField(_("until"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "once"], name="token_made_once")
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="tokens_of_organisation")]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"

    @property
    def may(self) -> list[Any]:
        """What it may do, in words."""
        return [self.Scope(scope).label for scope in self.Scope if scope.value in self.scopes]
