"""The contract and annex 3, its full description of the project (GR-K-01..11, GRANT-K3).

The budget line is the spine of money: its `key` is the one it had in the application.
"""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import regions
from ortaq.core.bilingual import Bilingual
from ortaq.core.kazakh import SearchField
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField
from ortaq.people.models import Organisation


class Contract(models.Model):
    """A contract between a body that gives money and an NGO that carries out a project."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being drafted")
        APPROVING = "approving", _("being approved")
        AGREED = "agreed", _("agreed, to be signed")
        SIGNED = "signed", _("signed")
        DECLINED = "declined", _("not concluded")

    class Instrument(models.TextChoices):
        GRANT = "grant", _("state grant")
        SOCIAL_ORDER = "social_order", _("state social order")

    # How the source of a contract begins that no award and no tender of this site led to.
    ELSEWHERE = "elsewhere:"

    instrument = models.CharField(max_length=15, choices=Instrument)
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    source = models.CharField(
        max_length=80, unique=True, help_text="key of the award it comes from"
    )
    source_number = models.CharField(max_length=40, blank=True)
    grantor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="given_contracts"
    )
    grantee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=40, blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    title_kk = models.TextField()
    title_ru = models.TextField(blank=True)
    title = Bilingual("title")
    direction_kk = models.TextField(blank=True)
    direction_ru = models.TextField(blank=True)
    direction = Bilingual("direction")
    sum_tiyn = TiynField()
    advance_tiyn = TiynField(default=0)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # Annex 3, block I, and the six numbers of block IV.
    general = models.JSONField(default=dict)
    social_effect = models.JSONField(default=dict)
    # What the topic says of small grants that the grantee gives on (GR-P-13); empty: it asks for none.
    small_grants = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # How often each block was saved: two people who edit the same one must not overwrite each other.
    versions = models.JSONField(default=dict, help_text="{block: number of saves}")
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    decline_reason = models.TextField(blank=True)
    search = SearchField("number", "source_number", "title_kk", "title_ru")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grantor", "number"], condition=~Q(number=""), name="contract_number_once"
            ),
            models.CheckConstraint(condition=Q(sum_tiyn__gt=0), name="contract_has_a_sum"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_it_begins",
            ),
        ]
        indexes = [
            # "Contracts of my organisation", the newest first: for the body and for the NGO.
            models.Index(fields=["grantor", "-id"], name="contracts_of_grantor"),
            models.Index(fields=["grantee", "-id"], name="contracts_of_grantee"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def page(self) -> str:
        """The name of its page: of a grant in this room, of a social order in that of tenders; "" where it was concluded elsewhere and
        only entered here, so that no tender tells of it.
        """
        if self.source.startswith(self.ELSEWHERE):
            return ""
        return "projects:contract" if self.instrument == self.Instrument.GRANT else "tenders:order"


class Approval(models.Model):
    """One place in the approval chain of a contract (GR-K-04): executor, director, deputy, chair, grantee."""

    class Role(models.TextChoices):
        EXECUTOR = "responsible_executor", _("responsible executor")
        DIRECTOR = "department_director", _("director of the project management department")
        DEPUTY = "deputy_chair", _("deputy chair of the board")
        CHAIR = "board_chair", _("chair of the board")
        GRANTEE = "grantee", _("head of the grantee")

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="approvals")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=25, choices=Role)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed = models.BooleanField(null=True)
    remark = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="one_place_in_the_chain")
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.role}"


class TeamMember(models.Model):
    """Annex 3, block II. Contacts are personal data: shown to the parties only (GR-I-03)."""

    class Table(models.TextChoices):
        STAFF = "staff", _("regular staff")
        CIVIL_LAW = "civil_law", _("specialists under civil-law contracts")

    class Role(models.TextChoices):
        HEAD = "head", _("first head")
        ACCOUNTANT = "accountant", _("accountant")
        PR = "pr", _("public relations specialist")
        OTHER = "other", pgettext_lazy("role in a team", "other")

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="team")
    table = models.CharField(_("table"), max_length=10, choices=Table)
    position = models.PositiveSmallIntegerField()
    full_name = models.CharField(_("full name"), max_length=500)
    post = models.CharField(_("position"), max_length=500)
    # Three people have to be in every team (GR-K-10); the printed form does not ask who they are.
    role = models.CharField(
        _("role in the project team"), max_length=10, choices=Role, default=Role.OTHER
    )
    contact = models.CharField(_("contact information"), max_length=300, blank=True)
    duties = models.TextField(_("duties"), blank=True)
    share = models.CharField(_("work in the project, %"), max_length=60, blank=True)
    # Who joins or leaves while the project runs keeps a row: pay and reports speak of earlier months.
    since = models.DateField(_("in the team from"), null=True, blank=True)
    until = models.DateField(_("in the team until"), null=True, blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.full_name


class Activity(models.Model):
    """Annex 3, block III: one activity of a task, of the final presentation or of information work."""

    class Section(models.TextChoices):
        TASK = "task", _("task")
        PRESENTATION = "final_presentation", _("final public presentation")
        INFORMATION = "information_work", _("information work")

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="activities")
    key = models.CharField(max_length=40, help_text="identity it had in the application")
    section = models.CharField(_("section"), max_length=20, choices=Section, default=Section.TASK)
    task = models.TextField(_("task"), blank=True)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("activity: name, goal, participants, content"))
    place = models.TextField(_("place"), blank=True)
    channel = models.TextField(_("channel"), blank=True)
    term = models.CharField(_("term, as printed"), max_length=500, blank=True)
    # The same term to reckon with: ["2020-07", "2020-08"].
    months = models.JSONField(_("months"), default=list, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "key"], name="an_activity_stands_once")
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Indicator(models.Model):
    """One indicator of an activity with its planned value, as printed and as numbers (GR-I-05, 06).

    `minimum` is the number planned or the least that is; `second` the other one of a pair, or the
    least quantity in brackets. What cannot be read keeps its text; a person gives its number.
    """

    class Reading(models.TextChoices):
        UNREAD = "", _("not read as a number")
        EXACT = "exact", _("exactly")
        AT_LEAST = "at_least", _("at least")
        PER_EVENT = "per_event", _("at least, from each event")
        PAIR = "pair", _("two numbers")
        WITHIN = "within", _("so many, with at least so much in each")
        BY_HAND = "by_hand", _("number given by hand")

    class Level(models.TextChoices):
        """What an indicator shows, from resources to effect (IM-080)."""

        INPUT = "input", pgettext_lazy("level of an indicator", "input")
        PROCESS = "process", pgettext_lazy("level of an indicator", "process")
        SHORT = "short_term", _("short-term result")
        INTERMEDIATE = "intermediate", _("intermediate result")
        IMPACT = "impact", pgettext_lazy("level of an indicator", "impact")

    class SetBy(models.TextChoices):
        CUSTOMER = "customer", _("who gives the money")
        SUPPLIER = "supplier", _("who carries the project out")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("indicator"))
    planned = models.TextField(_("planned value"), blank=True)
    reading = models.CharField(max_length=10, choices=Reading, blank=True, default="")
    minimum = models.PositiveBigIntegerField(_("number"), null=True, blank=True)
    second = models.PositiveBigIntegerField(null=True, blank=True)
    # What annex 3 has no place for: notes of the parties that promise nothing.
    level = models.CharField(_("level"), max_length=15, choices=Level, blank=True)
    set_by = models.CharField(_("set by"), max_length=10, choices=SetBy, blank=True)
    source = models.TextField(_("source of information"), blank=True)
    # A qualitative indicator is a scale: the names of its levels 0, 1, 2 ...; a proof says which is reached.
    scale = models.JSONField(_("levels of the scale"), default=list, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class BudgetLine(models.Model):
    """A line of the cost estimate (annex 5 of the application, annex of the contract)."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="budget")
    key = models.CharField(max_length=40, help_text="identity it had in the application")
    year = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    # Row of GRANT-A5, for example "salaries_lines"; only direct costs belong to an activity.
    category = models.CharField(_("cost item"), max_length=40)
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="budget_lines",
    )
    item = models.TextField(_("what it is for"), blank=True)
    unit = models.CharField(_("unit"), max_length=500, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=4, validators=[MinValueValidator(0)]
    )
    unit_cost_tiyn = TiynField(_("unit cost"))
    own_tiyn = TiynField(_("own contribution"), default=0)
    other_tiyn = TiynField(_("other sources"), default=0)
    grant_tiyn = TiynField(_("grant funds"), default=0)

    class Meta:
        ordering = ["year", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "key"], name="a_line_stands_once")
        ]

    def __str__(self) -> str:
        return self.item[:60]

    @property
    def total_tiyn(self) -> int:
        """Quantity × unit cost; a part of a tiyn is cut off (`adds_up` then says no)."""
        return int(self._exact)

    @property
    def adds_up(self) -> bool:
        """The three sources make the total exactly (GR-K-07)."""
        sources: int = self.own_tiyn + self.other_tiyn + self.grant_tiyn
        return self._exact == sources

    @property
    def _exact(self) -> Fraction:
        cost: int = self.unit_cost_tiyn
        return Fraction(self.quantity) * cost


class Place(models.Model):
    """Where an activity is to be done, and how often: the places of its text one by one (IM-010)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()
    region = models.CharField(_("region"), max_length=10, blank=True)
    name = models.CharField(_("settlement"), max_length=300)
    events = models.PositiveIntegerField(_("events planned"), null=True, blank=True)
    # The number stands in no text: a person gave it, and only the body or a change gives another.
    by_hand = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def lies_in(self) -> str:
        """The region in the reader's language; "" where it is not known or the name of the place says it."""
        found = regions.find(self.region) if self.region else None
        if found is None or any(name in self.name for name in found.name):
            return ""
        return found.name.say(get_language() or "kk")


class Partner(models.Model):
    """A partner of the project, from block I of annex 3 (GR-I-01); a letter may prove it (IM-115)."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="partners")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=500)
    contribution = models.TextField(_("contribution"), blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name
