"""Everything that is missing in a bid or will cost it points, each with its clause.

`about` of a finding is the place where it can be mended: "project/plan/~a1/term", "files/charter".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import money
from ortaq.documents.writing import checks, values
from ortaq.documents.writing.slots import Group, Layout
from ortaq.faces import say
from ortaq.law import tender as rules
from ortaq.law.findings import Finding, Severity
from ortaq.planning.models import ExpectedIndicator

from .parts import ANNEX, Part, slug
from .whole import Whole

sum_of = lazy(money.show, str)
PLAN, RESULTS, SERVICES = "project/plan", "results/indicators", "services/services"


def everything(whole: Whole) -> list[Finding]:
    """All findings on a bid, in the order of its parts; warnings too."""
    return [
        *(finding for part, layout in whole.layouts for finding in of_part(whole, part, layout)),
        *services(whole),
        *experience(whole),
        *plan(whole),
        *indicators(whole),
        *price(whole),
        *files(whole),
        *conflicts(whole),
    ]


def of_part(whole: Whole, part: Part, layout: Layout) -> Iterator[Finding]:
    """What one page still lacks."""
    cite = whole.edition.cite(ANNEX)
    for group in layout.groups:
        for slot in group.slots:
            about = f"{part.key}/{slot.path}"
            for found in checks.of_value(slot, whole.flat.get(slot.path), cite, about):
                yield _of_service(group, found) if part.key == "services" else found
        if rows := group.rows:
            place = f"{part.key}/{rows.path}"
            yield from checks.of_table(rows, group.section.title, whole.flat, cite, place)


def _of_service(group: Group, found: Finding) -> Finding:
    """Each service has the same fields: which one is meant is said."""
    title = lazy(say.text, str)(group.section.title)
    return replace(found, message=format_lazy("{title}: {said}", title=title, said=found.message))


def services(whole: Whole) -> Iterator[Finding]:
    """No less is offered than the customer asks for: else C1 is 0 and the bid is not admitted."""
    for service in whole.services:
        offered = whole.service(service).get("quantity")
        if isinstance(offered, int) and offered < service.quantity:
            message = format_lazy(
                _("“{service}”: you offer {offered}, the customer asks for {asked}."),
                service=service.name,
                offered=offered,
                asked=service.quantity,
            )
            numbers = {"offered": offered, "asked": service.quantity}
            about = f"services/services/{slug(service)}/quantity"
            cite = whole.edition.cite("guide, stage 6, scoring table, C1")
            yield _warning("less_than_asked", message, cite, about, numbers)


def experience(whole: Whole) -> Iterator[Finding]:
    """Experience is scored by C5; without any the bid gets no points there (SO-T-089)."""
    rows = whole.rows("experience/projects")
    cite = whole.edition.cite("guide, stage 6, scoring table, C5")
    place = "experience/experience/projects"
    if not rows:
        message = _(
            "No earlier project of the organisation is named: criterion C5 then gives 0 points. "
            "What its staff did privately or through others does not count."
        )
        yield _warning("no_experience", message, cite, place)
    for number, row in enumerate(rows, 1):
        first, last = values.month(row.get("first")), values.month(row.get("last"))
        if first and last and last < first:
            message = format_lazy(_("Project {number} ends before it begins."), number=number)
            about = f"{place}/{row['id']}/last"
            yield Finding("project_reversed", Severity.ERROR, message, cite, about=about)


def plan(whole: Whole) -> Iterator[Finding]:
    """Every service has an activity: a plan that leaves one out gets 0 points for C3."""
    provided = {row.get("service") for row in whole.rows("plan")}
    cite = whole.edition.cite("guide, stage 6, scoring table, C3")
    for service in whole.services:
        if whole.rows("plan") and slug(service) not in provided:
            message = format_lazy(
                _("No activity of the plan provides the service “{service}”."), service=service.name
            )
            yield _warning("service_not_planned", message, cite, PLAN)


def indicators(whole: Whole) -> Iterator[Finding]:
    """Indicators of both kinds and all levels get the most points of C6."""
    rows = whole.rows("indicators")
    if not rows:
        return
    cite = whole.edition.cite("guide, stage 6, scoring table, C6")
    given = {(row.get("level"), row.get("nature")) for row in rows}
    levels, natures = {level for level, _nature in given}, {nature for _level, nature in given}
    missing = [
        label
        for kind, found in ((ExpectedIndicator.Level, levels), (ExpectedIndicator.Nature, natures))
        for value, label in kind.choices
        if value not in found
    ]
    if missing:
        message = format_lazy(
            _("Indicators are still missing: {missing}. All kinds and levels give 6 points."),
            missing=checks.listed(missing),
        )
        yield _warning("indicators_missing", message, cite, RESULTS)


def price(whole: Whole) -> Iterator[Finding]:
    """Dumping bars admission (SO-T-096); a price above the allocated sum is told (GAP-T-09)."""
    offered, lot = whole.price, whole.bid.lot
    if not values.is_sum(offered):
        return
    about, allocated = "price/price/offer", lot.allocated_tiyn
    cite = whole.edition.parameter("dumping.threshold").cite
    numbers = {"price_tiyn": offered, "allocated_tiyn": allocated}
    if offered <= 0:
        message = _("The price must be more than nought.")
        yield Finding("no_price", Severity.ERROR, message, cite, about=about)
    elif rules.is_dumping(whole.edition, allocated_tiyn=allocated, price_tiyn=offered):
        message = format_lazy(
            _(
                "{price} is more than {percent} per cent below the {allocated} allocated to the "
                "lot: that is dumping, and the commission will not admit the bid."
            ),
            price=sum_of(offered),
            percent=whole.edition.number("dumping.threshold"),
            allocated=sum_of(allocated),
        )
        yield _warning("dumping", message, cite, about, numbers)
    elif offered > allocated:
        message = format_lazy(
            _(
                "{price} is more than the {allocated} allocated to the lot; the source is silent on it."
            ),
            price=sum_of(offered),
            allocated=sum_of(allocated),
        )
        cite = whole.edition.parameter("price.above_allocated").cite
        yield _warning("above_allocated", message, cite, about, numbers)


def files(whole: Whole) -> Iterator[Finding]:
    """The charter shows the goals that C2 looks at."""
    if not whole.draft.of_slots(["charter"]):
        message = _("Without the charter the commission cannot see your goals (criterion C2).")
        cite = whole.edition.cite("guide, stage 6, scoring table, C2", inferred=True)
        yield _warning("no_charter", message, cite, "files/charter")


def conflicts(whole: Whole) -> Iterator[Finding]:
    """Edits of two people that nobody has settled: what was saved first stands in the bid."""
    if whole.draft.conflicts:
        message = _("Two people changed the same fields and nobody has chosen between them yet.")
        yield Finding("open_conflict", Severity.WARNING, message)


def _warning(
    code: str,
    message: Any,
    cite: law.Citation,
    about: str,
    numbers: Mapping[str, Any] | None = None,
) -> Finding:
    return Finding(code, Severity.WARNING, message, cite, numbers or {}, about)


def asked(whole: Whole) -> int:
    """How many things a bid needs at least: what its progress is measured by."""
    return sum(
        sum(slot.required for slot in group.slots) + (group.rows.least if group.rows else 0)
        for _part, layout in whole.layouts
        for group in layout.groups
    )
