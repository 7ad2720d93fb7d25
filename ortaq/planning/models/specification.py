"""The customer's technical specification of a topic, and its budget request (SO-F-19..21, SO-T-043..058)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import Bilingual
from ortaq.core.money import TiynField

from .formation import Topic


class Specification(models.Model):
    """A version of the technical specification; an approved one never changes.

    When less money is approved than was requested, a new version must follow (SO-T-058).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being drafted")
        APPROVED = "approved", _("approved")
        SUPERSEDED = "superseded", _("replaced by a later version")

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="specifications")
    number = models.PositiveSmallIntegerField(default=1)
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20, help_text="of the Standard")
    # Services by the law on special social services are not checked by the Standard (SO-T-051).
    special_social_services = models.BooleanField(default=False)
    grounds = models.JSONField(default=list, blank=True, help_text="keys of SO-T-052")
    # Sections of the form by key: {key: {"kk": text, "ru": text}}.
    content = models.JSONField(default=dict, blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    approved_at = models.DateTimeField(null=True)
    # The sum it is made for: the planned one, then the approved one.
    sum_tiyn = TiynField()
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="specification_numbered_once"),
            models.UniqueConstraint(
                fields=["topic"], condition=Q(state="approved"), name="one_approved_specification"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} v{self.number}"


class Service(models.Model):
    """A service that is bought: an event, a material, research or consultation (Standard, table 1).

    `facts` is what `law.standard.check` reads, in mode `spec`.
    """

    specification = models.ForeignKey(
        Specification, on_delete=models.CASCADE, related_name="services"
    )
    key = models.CharField(max_length=40, help_text="identity it keeps in bid, contract and report")
    position = models.PositiveSmallIntegerField()
    name_kk = models.CharField(_("name in Kazakh"), max_length=500)
    name_ru = models.CharField(_("name in Russian"), max_length=500, blank=True)
    name = Bilingual("name")
    requirements_kk = models.TextField(_("requirements in Kazakh"), blank=True)
    requirements_ru = models.TextField(_("requirements in Russian"), blank=True)
    requirements = Bilingual("requirements")
    quantity = models.PositiveIntegerField(_("how many"), default=1)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["specification", "key"], name="a_service_stands_once")
        ]

    def __str__(self) -> str:
        return self.name_kk


class ExpectedIndicator(models.Model):
    """An indicator that the customer expects, with its level (criterion C6)."""

    class Level(models.TextChoices):
        INPUT = "input", _("input")
        PROCESS = "process", _("process")
        SHORT_TERM = "short_term", _("short-term result")
        LONG_TERM = "long_term", _("long-term result")

    class Nature(models.TextChoices):
        QUANTITATIVE = "quantitative", _("quantitative")
        QUALITATIVE = "qualitative", _("qualitative")

    specification = models.ForeignKey(
        Specification, on_delete=models.CASCADE, related_name="indicators"
    )
    position = models.PositiveSmallIntegerField()
    level = models.CharField(_("level"), max_length=12, choices=Level)
    nature = models.CharField(_("kind"), max_length=12, choices=Nature)
    text_kk = models.CharField(_("indicator in Kazakh"), max_length=500)
    text_ru = models.CharField(_("indicator in Russian"), max_length=500, blank=True)
    text = Bilingual("text")
    expected = models.CharField(_("expected value"), max_length=200)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text_kk


class BudgetRequest(models.Model):
    """The budget request of one topic: estimate per activity, and what was approved (SO-F-20, SO-T-057)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being drafted")
        SUBMITTED = "submitted", _("submitted")
        DECIDED = "decided", _("decided")

    topic = models.OneToOneField(Topic, on_delete=models.PROTECT, related_name="budget_request")
    # Sections of the form by key: {key: {"kk": text, "ru": text}}.
    content = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    approved_tiyn = TiynField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decision = models.CharField(_("act of the budget"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    def __str__(self) -> str:
        return f"{self.topic_id}"


class EstimateLine(models.Model):
    """A line of the estimate of a budget request, by main activity."""

    request = models.ForeignKey(BudgetRequest, on_delete=models.CASCADE, related_name="lines")
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    position = models.PositiveSmallIntegerField()
    item_kk = models.CharField(_("expense in Kazakh"), max_length=500)
    item_ru = models.CharField(_("expense in Russian"), max_length=500, blank=True)
    item = Bilingual("item")
    unit = models.CharField(_("unit"), max_length=100, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=4, validators=[MinValueValidator(0)]
    )
    unit_cost_tiyn = TiynField(_("unit cost"))

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.item_kk

    @property
    def amount(self) -> int | Decimal:
        """The quantity without idle zeros: 2.5, 1000."""
        whole = self.quantity == self.quantity.to_integral_value()
        return int(self.quantity) if whole else self.quantity.normalize()

    @property
    def total_tiyn(self) -> int:
        """Quantity × unit cost in tiyn; a part of a tiyn is cut off."""
        cost: int = self.unit_cost_tiyn
        return int(Fraction(self.quantity) * cost)
