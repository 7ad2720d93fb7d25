"""Who is known to the state: annual returns, experts, and who belongs to whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.kazakh import SearchField, SortKeyField
from ortaq.people.models import Organisation


class AnnualReturn(models.Model):
    """An NGO's return on its activity of a past year in the NGO database (NG-001, GR-A-08)."""

    class State(models.TextChoices):
        SENT = "sent", _("sent")
        RETURNED = "returned", _("returned for correction")
        APPROVED = "approved", _("approved")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="returns")
    year = models.PositiveSmallIntegerField(help_text="the year reported on")
    sent_on = models.DateField(help_text="day of the first sending: it decides whether it is in time")
    approved_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    evidence = models.CharField(max_length=300, help_text="number or address of the extract")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_return_a_year")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"


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
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, help_text="where it is known from")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="affiliation_ends_after_it_begins",
            )
        ]
        # Conflicts are looked for by applicant and commission member.
        indexes = [models.Index(fields=["organisation", "person"], name="affiliations_of_applicant")]

    def __str__(self) -> str:
        return f"{self.person} {self.kind} {self.organisation}"


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
    side = models.CharField(max_length=10, choices=Side)
    # The NGO (or the operator) that proposed the expert; empty for those who nominated themselves.
    proposed_by = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="proposed_experts"
    )
    employer = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employer_name = models.CharField(max_length=300, blank=True)
    region_code = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    remarks = models.TextField(blank=True)
    # The person's name, copied so that the register can be sorted and searched by index.
    name = models.CharField(max_length=200)
    sort = SortKeyField("name")
    search = SearchField("name", "employer_name")

    class Meta:
        indexes = [models.Index(fields=["state", "sort"], name="experts_by_name")]

    def __str__(self) -> str:
        return self.name


class ExpertDirection(models.Model):
    """A direction in which an expert is competent: education, years, evidence (GR-C-01)."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="directions")
    direction = models.CharField(max_length=60, help_text="key of the direction in law")
    education = models.CharField(max_length=300)
    years = models.PositiveSmallIntegerField(help_text="full years of work in the direction")
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expert", "direction"], name="one_entry_per_direction")
        ]

    def __str__(self) -> str:
        return f"{self.expert} {self.direction}"

