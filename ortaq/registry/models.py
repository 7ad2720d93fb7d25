"""Who is known to the state: annual returns, experts, and who belongs to whom."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq import law
from ortaq.core import clock
from ortaq.core.kazakh import SearchField, SortKeyField
from ortaq.law.text import Text
from ortaq.people.models import Organisation


class AnnualReturn(models.Model):
    """An NGO's return on its activity of a past year in the NGO database (NG-001, GR-A-08)."""

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("annual return", "sent")
        RETURNED = "returned", pgettext_lazy("annual return", "returned for correction")
        APPROVED = "approved", pgettext_lazy("annual return", "approved")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="returns",
    )
    year = models.PositiveSmallIntegerField(_("reporting year"))
    # A return sent again after correction keeps this day: it decides whether it is in time (NG-024).
    sent_on = models.DateField(_("day of the first sending"))
    approved_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    evidence = models.CharField(_("number or address of the extract"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="one_return_a_year")
        ]
        # The list of one year's returns, the latest first.
        indexes = [models.Index(fields=["year", "-sent_on", "-id"], name="returns_of_year")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"


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


class Expert(models.Model):
    """A person in the experts' register of the operator (GR-C-01..03)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        REGISTERED = "registered", _("in the register")
        DECLINED = "declined", _("not taken into the register")
        REMOVED = "removed", _("left the register")

    class Side(models.TextChoices):
        OPERATOR = "operator", _("proposed by the operator")
        NGO = "ngo", _("proposed by an NGO")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert"
    )
    # Those who nominate themselves count on the side of the NGOs (GR-C-03, inferred).
    side = models.CharField(_("side"), max_length=10, choices=Side)
    # The NGO (or the operator) that proposed the expert; empty for those who nominated themselves.
    proposed_by = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposed_experts",
    )
    employer = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employer_name = models.CharField(_("place of work"), max_length=300, blank=True)
    region_code = models.CharField(_("region"), max_length=9, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    remarks = models.TextField(_("remarks"), blank=True)
    # The person's name, copied so that the register can be sorted and searched by index.
    name = models.CharField(max_length=250)
    sort = SortKeyField("name")
    search = SearchField("name", "employer_name")

    class Meta:
        indexes = [models.Index(fields=["state", "sort", "id"], name="experts_by_name")]

    def __str__(self) -> str:
        return self.name


class ExpertDirection(models.Model):
    """A direction in which an expert is competent: education, years, evidence (GR-C-01)."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="directions")
    direction = models.CharField(_("direction"), max_length=60)
    education = models.CharField(_("education"), max_length=300)
    years = models.PositiveSmallIntegerField(_("full years of work in the direction"))
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expert", "direction"], name="one_entry_per_direction")
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.direction}"

    @property
    def text(self) -> Text:
        """The direction's name, as the law has it."""
        return law.field(self.direction).text
