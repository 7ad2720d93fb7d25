"""Needs of the people: assessments, the sources they rest on, what they conclude (SO-F-01..03, SO-T-024..038)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import Bilingual
from ortaq.core.kazakh import SearchField
from ortaq.core.models import StoredFile
from ortaq.people.models import Organisation


class Assessment(models.Model):
    """A state body's needs assessment: the state of things before anybody acts (SO-T-027)."""

    class Kind(models.TextChoices):
        PRELIMINARY = "preliminary", _("preliminary")
        INTERIM = "interim", _("interim")
        FINAL = "final", _("final")

    class State(models.TextChoices):
        DRAFT = "draft", _("being carried out")
        APPROVED = "approved", _("approved")

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessments")
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PRELIMINARY)
    title_kk = models.CharField(_("title in Kazakh"), max_length=500)
    title_ru = models.CharField(_("title in Russian"), max_length=500, blank=True)
    title = Bilingual("title")
    region_code = models.CharField(_("region"), max_length=9, blank=True)
    field = models.CharField(
        _("field"), max_length=60, blank=True, help_text="key of the field in law"
    )
    begun_on = models.DateField(_("begun on"))
    # The day from which the two years until the next assessment run (SO-F-02).
    approved_on = models.DateField(null=True)
    # The questions of SO-T-028 by key: {key: {"kk": text, "ru": text, "version": saves so far}}.
    answers = models.JSONField(default=dict, blank=True)
    # What a final or interim assessment looks back at: its values are compared with this one's.
    baseline_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="compared_by"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    search = SearchField("title_kk", "title_ru")

    class Meta:
        indexes = [models.Index(fields=["body", "-id"], name="assessments_of_body")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_on__gte=F("begun_on")),
                name="assessment_approved_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return self.title_kk


class Source(models.Model):
    """Something a conclusion rests on; its kind is one of the edition's (SO-F-03, SO-T-025)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind of source"), max_length=40)
    title = models.CharField(_("what it is"), max_length=500)
    publisher = models.CharField(_("whose it is"), max_length=300, blank=True)
    dated_on = models.DateField(_("of the day"), null=True, blank=True)
    link = models.URLField(_("address"), max_length=500, blank=True)
    # For the body alone: a study may hold persons or somebody's rights.
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finding = models.TextField(_("what it shows"), blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Conclusion(models.Model):
    """A conclusion on a need; it rests on at least three distinct sources (SO-T-026)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="conclusions")
    position = models.PositiveSmallIntegerField()
    text_kk = models.TextField(_("conclusion in Kazakh"))
    text_ru = models.TextField(_("conclusion in Russian"), blank=True)
    text = Bilingual("text")
    sources = models.ManyToManyField(Source, related_name="conclusions", blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text_kk[:80]


class Baseline(models.Model):
    """A measured value, kept so that later results can be compared with it (SO-T-027)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="baselines")
    position = models.PositiveSmallIntegerField()
    indicator_kk = models.CharField(_("indicator in Kazakh"), max_length=500)
    indicator_ru = models.CharField(_("indicator in Russian"), max_length=500, blank=True)
    indicator = Bilingual("indicator")
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    measured_on = models.DateField(_("measured on"))
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="baselines"
    )
    # The same indicator measured before.
    earlier = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="later"
    )
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.indicator_kk


class Canvas(models.Model):
    """A worksheet of the analysis: problem tree, SWOT, PEST and its variants (SO-T-032..038).

    Its cells are those of `law.needs.worksheets()`; it is the body's working paper and not public.
    """

    class Kind(models.TextChoices):
        PROBLEM_TREE = "problem_tree", _("problem tree")
        SWOT = "swot", "SWOT"
        PEST = "pest", "PEST"
        PESTEL = "pestel", "PESTEL"
        PESTELI = "pesteli", "PESTELI"
        STEEP = "steep", "STEEP"
        LONGPEST = "longpest", "LONGPEST"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="canvases")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("what is analysed"), max_length=300)
    # Level, living conditions, surroundings, way of life, customs and culture (SO-T-038).
    context = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0, help_text="of title and context")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"


class Card(models.Model):
    """One thought on a canvas. Two officers fill it together: each card has its own version."""

    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="cards")
    cell = models.CharField(max_length=20, help_text="for example strengths, causes, political")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text[:60]
