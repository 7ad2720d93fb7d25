"""The prize of one year: its announcement and its directions (PR-001, PR-004, PR-009, PR-010)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq import law
from ortaq.core.bilingual import Bilingual
from ortaq.core.money import TiynField
from ortaq.law import fields
from ortaq.law.text import Text
from ortaq.people.models import Organisation
from ortaq.review.models import Panel

ACT = "prizes_rules"


class Round(models.Model):
    """The prize of one year. Pins the edition of the rules it began under; its terms are stored when
    it is announced, so that a later change of the calendar does not move them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("prize", "being prepared")
        ANNOUNCED = "announced", _("applications are accepted")
        CHECKING = "checking", _("applications are checked")
        LISTED = "listed", _("list of applicants is published")
        SCORING = "scoring", pgettext_lazy("prize", "applicants are scored")
        DECIDING = "deciding", pgettext_lazy("prize", "recipients are decided")
        PUBLISHED = "published", _("results are published")
        ENDED = "ended", pgettext_lazy("prize", "prizes are handed over")

    organiser = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="prize_rounds"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    edition = models.CharField(max_length=20, help_text="edition of the rules of prizes")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # To whom annex 1 is addressed; the ministry of the printed form has changed its name (GAP-P-10).
    addressee_kk = models.CharField(_("addressee in Kazakh"), max_length=300, blank=True)
    addressee_ru = models.CharField(_("addressee in Russian"), max_length=300, blank=True)
    addressee = Bilingual("addressee")
    text_kk = models.TextField(_("text of the announcement in Kazakh"), blank=True)
    text_ru = models.TextField(_("text of the announcement in Russian"), blank=True)
    text = Bilingual("text")
    # Where papers are taken and who answers questions.
    contacts_kk = models.TextField(_("where and when papers are taken, in Kazakh"), blank=True)
    contacts_ru = models.TextField(_("where and when papers are taken, in Russian"), blank=True)
    contacts = Bilingual("contacts")
    # [{key, num, kk, ru, en}] as announced: a later edition of the list does not change it (PR-010).
    papers = models.JSONField(default=list, blank=True)
    announce_due = models.DateTimeField(help_text="1 July")
    announced_at = models.DateTimeField(null=True)
    # The last instant of acceptance; from it on nothing is taken (PR-012, GAP-P-13).
    apply_until = models.DateTimeField(null=True)
    list_due = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)
    results_due = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    payment_due = models.DateTimeField(null=True)
    panel = models.OneToOneField(
        Panel, null=True, blank=True, on_delete=models.PROTECT, related_name="prize_round"
    )
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["year"], name="one_prize_a_year"),
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(apply_until__gt=F("announced_at")),
                name="prize_acceptance_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def rules(self) -> law.Edition:
        """The edition of the rules under which the round began."""
        return law.edition(ACT, self.edition)


class Direction(models.Model):
    """One of the edition's directions with the prize of the year for it (PR-004, PR-034)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="directions")
    position = models.PositiveSmallIntegerField(help_text="1, 2, 3 ... as in the rules")
    field = models.CharField(max_length=60, help_text="key of the direction in law")
    amount_tiyn = TiynField(_("prize"), default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "field"], name="prize_direction_once"),
            models.CheckConstraint(
                condition=Q(amount_tiyn__gte=0), name="prize_is_not_below_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.field}"

    @property
    def label(self) -> Text:
        """The name of the direction in all languages."""
        return fields.field(self.field).text
