"""Who belongs to whom, as far as it can make a judgement unfair."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.people.models import Organisation


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Ties; a span holds on its first day and no longer on the day it ends."""

    def current(self, day: date | None = None) -> AffiliationQuerySet:
        """Those that hold on `day` (default: today); an unknown beginning counts as begun."""
        day = day or clock.today()
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gt=day))

    def binding(self, day: date | None = None) -> AffiliationQuerySet:
        """Those that make a judgement unfair on `day`: current ones, and payments even when past."""
        day = day or clock.today()
        begun = Q(since=None) | Q(since__lte=day)
        return self.filter(
            begun, Q(until=None) | Q(until__gt=day) | Q(kind=Affiliation.Kind.PAYMENT)
        )


class Affiliation(models.Model):
    """A person's tie to an organisation, as far as it can make a judgement unfair (GR-C-08, GR-C-11)."""

    class Kind(models.TextChoices):
        FOUNDER = "founder", _("founder")
        HEAD = "head", _("head")
        STAFF = "staff", _("employee")
        MEMBER = "member", _("member")
        PAYMENT = "payment", _("received payments")
        KIN = "kin", _("relative works there")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="affiliations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="affiliations"
    )
    kind = models.CharField(_("tie"), max_length=10, choices=Kind)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("no longer since"), null=True, blank=True)
    source = models.CharField(_("where it is known from"), max_length=300)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="affiliation_ends_after_it_begins",
            )
        ]
        # Conflicts are looked for by applicant and commission member.
        indexes = [
            models.Index(fields=["organisation", "person"], name="affiliations_of_applicant")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.organisation_id}"
