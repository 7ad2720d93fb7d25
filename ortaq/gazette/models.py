"""Everything that is public, one row each.

A row repeats nothing but what the page of its noun shows to everybody: the rooms below remain the only source,
and a row can be written anew from them at any time (`ortaq gazette`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.people.models import Organisation


class Publication(models.Model):
    """A public thing as lists, search, feeds and open data tell of it.

    `sequence` is given in the order of commits: whoever has read up to a number misses nothing that came before it.
    A thing that is no longer public stays as `withdrawn`, without its content, so that those who copied it learn of it.
    """

    class Kind(models.TextChoices):
        ASSESSMENT = "assessment", _("needs assessment")
        TOPIC = "topic", _("topic of the social order")
        DISCUSSION = "discussion", _("public discussion")
        PLAN = "plan", _("plan of grants")
        COMPETITION = "competition", _("competition of grants")
        GRANT = "grant", _("awarded grant")
        TENDER = "tender", _("tender")
        ORDER = "order", _("result of a tender")
        CONTRACT = "contract", _("contract")
        PROJECT = "project", _("results of a project")
        SMALL = "small", _("competition of small grants")
        EVALUATION = "evaluation", _("evaluation")
        REPORT = "report", _("statutory report")
        COUNCIL = "council", _("council")
        PRIZE = "prize", _("round of the prize")
        LAUREATE = "laureate", _("prize awarded")
        PAST = "past", _("award of a past year")
        NGO = "ngo", pgettext_lazy("publication", "NGO")
        BODY = "body", _("state body")

    class Instrument(models.TextChoices):
        GRANT = "grant", _("state grant")
        SOCIAL_ORDER = "social_order", _("state social order")
        PRIZE = "prize", _("prize")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    key = models.CharField(max_length=80, unique=True)
    address = models.CharField(max_length=200, help_text="its page, without the site's name")
    title_kk = models.TextField()
    title_ru = models.TextField(blank=True)
    title = Bilingual("title")
    summary_kk = models.TextField(blank=True)
    summary_ru = models.TextField(blank=True)
    summary = Bilingual("summary")
    instrument = models.CharField(_("instrument"), max_length=12, choices=Instrument, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    field = models.CharField(
        _("field"), max_length=60, blank=True, help_text="code of the law's field"
    )
    # The one region it is about; "" for the whole country, and for several (see `PublicationRegion`).
    region = models.CharField(_("region"), max_length=9, blank=True)
    body = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="publications_as_body"
    )
    recipient = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="publications_as_recipient"
    )
    # What the whole thing is worth; which sum that is says its kind (a contract: the sum of the contract).
    sum_tiyn = models.BigIntegerField(_("sum"), null=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(_("published"))
    state = models.CharField(max_length=20, blank=True)
    # What else the page shows, as canonical values (no floats, no personal data).
    facts = models.JSONField(default=dict)
    # What a search reads, as words in one spelling (`stems`): of the title, of the title and the rest, and what it is narrowed by.
    heading = models.TextField(blank=True)
    words = models.TextField(blank=True)
    marks = models.TextField(blank=True)
    # Its place among all publications, the newest the highest: what lists and searches are ordered and paged by.
    place = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    sequence = models.BigIntegerField(unique=True)
    changed_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-published_at"], name="publications_of_kind"),
            models.Index(
                fields=["closes_at"], name="publications_open", condition=Q(closes_at__isnull=False)
            ),
            models.Index(fields=["body", "kind", "-published_at"], name="publications_of_body"),
            models.Index(
                fields=["recipient", "kind", "-published_at"], name="publications_of_recipient"
            ),
            # What things are counted and summed by: no row is read for it. What is withdrawn stands in them as a column,
            # since SQLite looks into the row for the condition of a partial index.
            models.Index(
                fields=[
                    *("kind", "year", "withdrawn", "field", "region", "instrument"),
                    *("body", "recipient", "sum_tiyn"),
                ],
                name="publications_sums",
            ),
            models.Index(
                fields=["field", "kind", "year", "withdrawn", "sum_tiyn"],
                name="publications_of_field",
            ),
            models.Index(
                fields=["recipient", "kind", "year", "withdrawn", "sum_tiyn"],
                name="publications_by_recipient",
            ),
            # The last changes but those of cards, of which a register that is read in brings 25 000 at once.
            models.Index(
                fields=["-sequence", "kind", "withdrawn", "id"], name="publications_by_change"
            ),
            models.Index(
                fields=["field", "-place"], name="newest_of_field", condition=Q(withdrawn=False)
            ),
            models.Index(
                fields=["year", "-place"], name="newest_of_year", condition=Q(withdrawn=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.key}"


class PublicationRegion(models.Model):
    """A region that a publication is about, one row for each."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="regions")
    region = models.CharField(max_length=9)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "publication"], name="one_row_per_region_of_publication"
            )
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.region}"


class Word(models.Model):
    """A word of some publication, as it is written, in the one spelling: where a search finds nothing, the nearest is tried."""

    word = models.CharField(max_length=40, primary_key=True)
    stems = models.CharField(max_length=130, help_text="by which it is found, parted by spaces")

    def __str__(self) -> str:
        return self.word


class Pending(models.Model):
    """A subject of the journal whose publications are to be written anew: made in its step's own transaction."""

    subject = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.subject
