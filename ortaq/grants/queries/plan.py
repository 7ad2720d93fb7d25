"""What the pages of plans read: each function brings its page in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.kazakh import fold
from ortaq.core.money import show
from ortaq.documents.spreadsheet import Value
from ortaq.grants.importing import HEADERS, THOUSAND_TENGE
from ortaq.grants.models import (
    PlanField,
    PlanVersion,
    PrintedTotal,
    Proposal,
    Topic,
    TopicAmount,
)
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor
from ortaq.people.policy import is_operator, responsible_for

# A plan of more topics is shown field by field: that of 2020 has 75.
WHOLE = 200


def versions_visible_to(actor: Actor) -> QuerySet[PlanVersion]:
    """Approved and superseded versions are public; drafts are for those who prepare them."""
    visible = ~Q(state=PlanVersion.State.DRAFT)
    if is_operator(actor):
        return PlanVersion.objects.all()
    bodies = responsible_for(actor)
    if bodies:
        visible |= Q(plan__body__in=bodies)
    return PlanVersion.objects.filter(visible)


def topics_visible_to(actor: Actor) -> QuerySet[Topic]:
    """The topics of the versions that the actor may see."""
    return Topic.objects.filter(version__in=versions_visible_to(actor))


def proposals_visible_to(actor: Actor) -> QuerySet[Proposal]:
    """An NGO's own; the operator sees all that were sent."""
    visible = Q(organisation__in=actor.organisation_ids)
    if is_operator(actor):
        visible |= ~Q(state=Proposal.State.DRAFT)
    return Proposal.objects.filter(visible)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version as lists show it."""

    version: PlanVersion
    topics: int
    sum_tiyn: int


def plan_list(actor: Actor) -> list[VersionLine]:
    """Every visible version with its number of topics and its sum, newest year first; 2 queries."""
    versions = list(
        versions_visible_to(actor)
        .select_related("plan__body")
        .order_by("-plan__year", "plan_id", "-number")
    )
    counted = {
        pk: (topics, sum_tiyn or 0)
        for pk, topics, sum_tiyn in PlanVersion.objects.filter(pk__in=[v.pk for v in versions])
        .annotate(
            n=Count("topics", distinct=True),
            # Amounts hang on topics one to many: the sum is not multiplied by the distinct count.
            s=Sum("topics__amounts__amount_tiyn"),
        )
        .values_list("pk", "n", "s")
    }
    return [VersionLine(version, *counted[version.pk]) for version in versions]


@dataclass(slots=True)
class FieldPart:
    """A field of a plan with its topics, and its totals: computed beside printed. In a long plan the topics of one field are
    shown at a time; `number` is how many the field has.
    """

    plan_field: PlanField
    number: int = 0
    topics: list[Topic] = field(default_factory=list)
    totals: list[TotalLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TotalLine:
    """One control total (GR-P-09). Sums in tiyn; `printed` is empty where nothing is printed."""

    label: str
    year: int
    computed_tiyn: int
    printed: str = ""
    printed_tiyn: int | None = None

    @property
    def difference_tiyn(self) -> int:
        """Printed minus computed."""
        return 0 if self.printed_tiyn is None else self.printed_tiyn - self.computed_tiyn

    @property
    def differs(self) -> bool:
        return self.difference_tiyn != 0


@dataclass(slots=True)
class PlanPage:
    """A version as its page shows it."""

    version: PlanVersion
    parts: list[FieldPart]
    totals: list[TotalLine]
    years: list[int]
    findings: list[Finding]
    found: int

    @property
    def sum_tiyn(self) -> int:
        return sum(total.computed_tiyn for total in self.totals)


def plan_page(version: PlanVersion, query: str = "", opened: str = "") -> PlanPage:
    """Fields, topics, amounts and totals of a version in 6 queries; `query` narrows the topics.

    Of a plan with more than `WHOLE` topics only those of the field with the number `opened` come, or of the first that has some.
    """
    topics = version.topics.filter(search__contains=fold(query)) if query else version.topics.all()
    numbers = dict(topics.order_by().values_list("field").annotate(Count("id")))
    parts = {part.pk: FieldPart(part, numbers.get(part.pk, 0)) for part in version.fields.all()}
    if sum(numbers.values()) > WHOLE:
        having = [pk for pk, part in parts.items() if part.number]
        named = [pk for pk in having if str(parts[pk].plan_field.number) == opened]
        topics = topics.filter(field=(named or having)[0])
    for topic in topics.prefetch_related("amounts").defer(
        "goal_kk", "goal_ru", "tasks_kk", "tasks_ru", "result_kk", "result_ru"
    ):
        topic.field = parts[topic.field_id].plan_field
        parts[topic.field_id].topics.append(topic)
    computed: dict[tuple[int | None, int], int] = defaultdict(int)
    amounts = TopicAmount.objects.filter(topic__version=version).order_by()
    for field_id, year, tiyn in amounts.values_list("topic__field", "year").annotate(
        Sum("amount_tiyn")
    ):
        computed[field_id, year] = tiyn
        computed[None, year] += tiyn
    printed = {(t.field_id, t.year): t for t in version.printed_totals.all()}
    totals: list[TotalLine] = []
    for key in sorted(computed.keys() | printed.keys(), key=lambda k: (k[1], k[0] or 0)):
        field_id, year = key
        line = total_line(printed.get(key), year, computed.get(key, 0))
        (parts[field_id].totals if field_id else totals).append(line)
    years = sorted({year for _field, year in computed})
    return PlanPage(
        version=version,
        parts=[part for part in parts.values() if part.number or not query],
        totals=totals,
        years=years,
        findings=list(total_findings(list(parts.values()), totals)),
        found=sum(numbers.values()),
    )


def total_line(printed: PrintedTotal | None, year: int, computed: int) -> TotalLine:
    """A total beside what is printed for it, if anything is."""
    if printed is None:
        return TotalLine("", year, computed)
    return TotalLine(printed.label, year, computed, printed.printed, printed.amount_tiyn)


def total_findings(parts: Sequence[FieldPart], totals: Sequence[TotalLine]) -> Iterable[Finding]:
    """A printed total that differs from its topics is told and changes nothing (GR-P-09, GR-X-09)."""
    cite = law.edition("grants_rules", "2020").cite("plan 2020")
    for number, line in [
        *((part.plan_field.number, line) for part in parts for line in part.totals),
        *(("", line) for line in totals),
    ]:
        if line.differs:
            yield Finding(
                "total_differs",
                Severity.WARNING,
                _(
                    "The printed total differs from the sum of its topics. Both are kept; nothing is changed."
                ),
                cite,
                {
                    "field": number,
                    "year": line.year,
                    "printed_tiyn": line.printed_tiyn,
                    "computed_tiyn": line.computed_tiyn,
                    "difference_tiyn": line.difference_tiyn,
                },
                about=f"field.{number}",
            )
    for grand in totals:
        subtotals = [
            line.printed_tiyn
            for part in parts
            for line in part.totals
            if line.year == grand.year and line.printed_tiyn is not None
        ]
        if subtotals and grand.printed_tiyn is not None and sum(subtotals) != grand.printed_tiyn:
            yield Finding(
                "subtotals_differ",
                Severity.WARNING,
                _(
                    "The printed subtotals do not add up to the printed total. "
                    "Both are kept; nothing is changed."
                ),
                law.edition("grants_rules", "2020").cite("plan 2020"),
                {
                    "year": grand.year,
                    "printed_tiyn": grand.printed_tiyn,
                    "computed_tiyn": sum(subtotals),
                    "difference_tiyn": grand.printed_tiyn - sum(subtotals),
                },
                about="totals",
            )


def topic_page(actor: Actor) -> QuerySet[Topic]:
    """Topics with all that a topic's page shows."""
    return (
        topics_visible_to(actor)
        .select_related("version__plan__body", "field", "small_grants")
        .prefetch_related(
            "amounts",
            Prefetch("lots", to_attr="announced_lots"),
        )
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changed in a topic of the version it is based on."""

    kind: str  # "added", "removed", "changed"
    number: str
    title: str
    what: tuple[tuple[Any, str, str], ...] = ()  # (label of the field, before, after)


COMPARED = {
    "title_kk": _("topic in Kazakh"),
    "title_ru": _("topic in Russian"),
    "goal_kk": _("goal in Kazakh"),
    "goal_ru": _("goal in Russian"),
    "tasks_kk": _("tasks in Kazakh"),
    "tasks_ru": _("tasks in Russian"),
    "result_kk": _("expected result in Kazakh"),
    "result_ru": _("expected result in Russian"),
    "term_printed": _("term"),
    "territory_printed": _("territory"),
}


def changes(version: PlanVersion) -> list[Change]:
    """What `version` changed against the one it is based on; 4 queries."""
    if version.based_on_id is None:
        return []
    before, after = _numbered(version.based_on_id), _numbered(version.pk)
    found = [Change("removed", t.number, t.title) for key, t in before.items() if key not in after]
    for key, topic in after.items():
        if key not in before:
            found.append(Change("added", topic.number, topic.title))
            continue
        old = before[key]
        what = [
            (label, str(getattr(old, name)), str(getattr(topic, name)))
            for name, label in COMPARED.items()
            if getattr(old, name) != getattr(topic, name)
        ]
        if (a := _amounts(old)) != (b := _amounts(topic)):
            what.append((_("amount"), a, b))
        if what:
            found.append(Change("changed", topic.number, topic.title, tuple(what)))
    return found


def _numbered(version: int) -> dict[tuple[str, int], Topic]:
    """Topics by printed number and its occurrence: a number may stand twice (GR-P-06)."""
    times: dict[str, int] = defaultdict(int)
    topics: dict[tuple[str, int], Topic] = {}
    for topic in Topic.objects.filter(version=version).prefetch_related("amounts"):
        times[topic.number] += 1
        topics[topic.number, times[topic.number]] = topic
    return topics


def _amounts(topic: Topic) -> str:
    return "; ".join(f"{a.year}: {show(a.amount_tiyn)}" for a in topic.amounts.all())


# --- Export --------------------------------------------------------------------------------------


def export_table(version: PlanVersion) -> tuple[list[str], Iterator[list[Value]]]:
    """The heads and rows of a version, one row per topic and year, as the import reads them.

    Sums stand in the unit of the source act (GR-P-07).
    """
    thousand = version.unit_tiyn == THOUSAND_TENGE
    left_out = "amount_tenge" if thousand else "amount_thousand"
    heads = [titles[0] for name, titles in HEADERS.items() if name != left_out]
    return heads, _rows(version)


def _rows(version: PlanVersion) -> Iterator[list[Value]]:
    amounts = TopicAmount.objects.filter(topic__version=version).select_related("topic__field")
    for amount in amounts.order_by("topic__position", "year").iterator():
        topic = amount.topic
        yield [
            topic.field.number,
            topic.field.name_kk,
            topic.field.name_ru,
            topic.number,
            topic.number_in_field,
            topic.title_kk,
            topic.title_ru,
            topic.goal_kk,
            topic.goal_ru,
            topic.tasks_kk,
            topic.tasks_ru,
            topic.term_printed,
            topic.territory_printed,
            Decimal(amount.amount_tiyn) / version.unit_tiyn,
            amount.year,
            topic.result_kk,
            topic.result_ru,
        ]
