"""What a contract needs before it goes into the approval chain, block by block (GR-I, GR-K).

Each function takes the contract and the attempt, as requirements of steps do, and answers with
all findings. What the blocks say of one another (GR-I-11) is our proposal and only warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.kazakh import fold
from ortaq.core.procedure import Attempt
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity

from . import estimate, months
from .models import Activity, Approval, Contract, Indicator, TeamMember
from .names import is_name

GENERAL = {
    "grantee": _("Grantee"),
    "priority_direction": _("Priority direction of the grant"),
    "grant_topic": _("Grant topic"),
    "project_goal": _("Goal of the project"),
    "territory": _("Territory"),
    "target_group": _("Target groups"),
    "period": _("Period"),
    "expected_results": _("Expected results"),
    "partners": _("Number and names of partners"),
}
SOCIAL_EFFECT = {
    "direct_beneficiaries": _("Direct beneficiaries, persons"),
    "indirect_beneficiaries": _("Indirect beneficiaries through the mass media, persons"),
    "employees": _("Workers under labour contracts, persons"),
    "specialists": _("Engaged specialists, persons"),
    "ngos_covered": _("NGOs covered"),
    "partners": _("Partners, organisations and persons"),
}
NAMES = ("grantee", "priority_direction", "grant_topic")
# Executor first; the order is our proposal (GR-K-04).
CHAIN = (
    Approval.Role.EXECUTOR,
    Approval.Role.DIRECTOR,
    Approval.Role.DEPUTY,
    Approval.Role.CHAIR,
    Approval.Role.GRANTEE,
)
PARTICIPANTS = ("қатысушы", "участник", "participant")


def cite(contract: Contract, place: str, *, inferred: bool = False) -> law.Citation:
    return law.edition(contract.act, contract.edition).cite(place, inferred=inferred)


# --- Block I -------------------------------------------------------------------------------------


def general_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """All nine rows are obligatory (GR-I-01)."""
    for row, label in GENERAL.items():
        if not str(contract.general.get(row) or "").strip():
            yield Finding(
                "general_row_missing",
                Severity.ERROR,
                format_lazy(_("“{row}” is empty; all rows of block I are obligatory."), row=label),
                cite(contract, "contract 2024 annex 3, block I"),
                about=f"general.{row}",
            )


def names_as_written(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Grantee, direction and topic: capital letter, no quotation marks, no full stop (GR-I-02)."""
    for row in NAMES:
        if not is_name(str(contract.general.get(row) or "")):
            yield Finding(
                "name_not_as_written",
                Severity.WARNING,
                format_lazy(
                    _(
                        "Write “{row}” with a capital letter, without quotation marks and without "
                        "a full stop at the end."
                    ),
                    row=GENERAL[row],
                ),
                cite(contract, "contract 2024 annex 3, note to block I"),
                about=f"general.{row}",
            )


def term_stated(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The contract says from when to when."""
    if contract.starts_on is None or contract.ends_on is None:
        yield Finding(
            "no_term",
            Severity.ERROR,
            _("State the first and the last day of the project."),
            cite(contract, "contract 2024 annex 3, block I"),
            about="terms.ends_on",
        )


# --- Block II ------------------------------------------------------------------------------------


def team_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The regular staff is listed, among the team the three that every team has (GR-I-03, GR-K-10)."""
    team = list(contract.team.values_list("table", "role"))
    if not any(table == TeamMember.Table.STAFF for table, _role in team):
        yield Finding(
            "no_staff",
            Severity.ERROR,
            _("List the regular staff that take part in the project."),
            cite(contract, "contract 2024 annex 3, block II"),
            about="team",
        )
    present = {role for _table, role in team}
    wanted = {
        TeamMember.Role.HEAD: _("The first head is missing in the team."),
        TeamMember.Role.ACCOUNTANT: _("The accountant is missing in the team."),
        TeamMember.Role.PR: _("The public relations specialist is missing in the team."),
    }
    for role, message in wanted.items():
        if role not in present:
            yield Finding(
                "role_missing",
                Severity.WARNING,
                message,
                cite(contract, "announcement 2020 §5, notes to item 5"),
                {"role": str(role)},
                "team",
            )


# --- Block III -----------------------------------------------------------------------------------


def plan_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Tasks, the final presentation and information work, a number for each indicator
    (GR-I-04, GR-K-11).
    """
    place = cite(contract, "contract 2024 annex 3, block III")
    present = set(contract.activities.values_list("section", flat=True))
    wanted = {
        Activity.Section.TASK: _("The plan has no activities yet."),
        Activity.Section.PRESENTATION: _("The final public presentation of results is missing."),
        Activity.Section.INFORMATION: _("The information work on progress is missing."),
    }
    for section, message in wanted.items():
        if section not in present:
            yield Finding(
                "section_missing", Severity.ERROR, message, place, {"section": str(section)}, "plan"
            )
    footnotes = cite(contract, "contract 2024 annex 3, block III, footnotes 1-5")
    if bare := contract.activities.filter(indicators=None).count():
        message = _("Every activity needs at least one indicator; {number} have none.")
        yield Finding(
            "no_indicators",
            Severity.ERROR,
            format_lazy(message, number=bare),
            footnotes,
            {"activities": bare},
            "plan",
        )
    if unread := Indicator.objects.filter(activity__contract=contract, minimum=None).count():
        message = _(
            "Every indicator needs a planned number; {number} have none that could be read. Give it by hand."
        )
        yield Finding(
            "indicators_without_number",
            Severity.ERROR,
            format_lazy(message, number=unread),
            footnotes,
            {"indicators": unread},
            "plan",
        )


# --- Block IV ------------------------------------------------------------------------------------


def effect_complete(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Six planned levels (GR-I-10)."""
    missing = [row for row in SOCIAL_EFFECT if contract.social_effect.get(row) is None]
    if missing:
        yield Finding(
            "effect_missing",
            Severity.ERROR,
            _(
                "Give a planned level for each of the six indicators of social effect; 0 is a number too."
            ),
            cite(contract, "contract 2024 annex 3, block IV"),
            {"rows": missing},
            about="effect",
        )


# --- Money ---------------------------------------------------------------------------------------


def money_adds_up(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """The grant column of the estimate is the contract's sum, each line adds up; advance and
    material support stay within their shares (GR-K-05..09).
    """
    edition = law.edition(contract.act, contract.edition)
    lines = list(contract.budget.all())
    granted = sum(line.grant_tiyn for line in lines)
    annex = edition.cite("413-rules via announcement 2020 annex 5", inferred=True)
    if granted != contract.sum_tiyn:
        yield Finding(
            "estimate_differs",
            Severity.ERROR,
            _("The grant funds of the estimate do not add up to the sum of the contract."),
            annex,
            {"estimate_tiyn": granted, "sum_tiyn": contract.sum_tiyn},
            "budget",
        )
    if wrong := [line.item for line in lines if not line.adds_up]:
        yield Finding(
            "line_differs",
            Severity.ERROR,
            _("In some lines the three sources do not make the total, quantity times unit cost."),
            annex,
            {"lines": wrong},
            "budget",
        )
    yield rules.advance(edition, grant_tiyn=contract.sum_tiyn, advance_tiyn=contract.advance_tiyn)
    material = sum(
        line.grant_tiyn for line in lines if line.category.startswith("material_support")
    )
    yield rules.material_support(
        edition,
        grant_tiyn=contract.sum_tiyn,
        project_tiyn=sum(line.total_tiyn for line in lines),
        material_tiyn=material,
    )


# --- Who agrees ----------------------------------------------------------------------------------


def chain_named(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Every place of the grantor's chain has a person (GR-K-04)."""
    places = list(contract.approvals.all())
    nameless = [
        str(p.get_role_display())
        for p in places
        if p.role != Approval.Role.GRANTEE and p.person_id is None
    ]
    if nameless or len(places) != len(CHAIN):
        yield Finding(
            "chain_incomplete",
            Severity.ERROR,
            _("Name a person for every place of the approval chain."),
            cite(contract, "contract 2024 annex 3, signatures"),
            {"places": nameless},
            about="approvals",
        )


# --- What the blocks say of one another ------------------------------------------------------------


def blocks_agree(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Cross-checks of the blocks (GR-I-11): warnings, since the parties may have their reasons."""
    inferred = cite(contract, "GR-I-11", inferred=True)
    effect = contract.social_effect
    tables = contract.team.aggregate(
        staff=Count("pk", filter=Q(table=TeamMember.Table.STAFF)),
        civil_law=Count("pk", filter=Q(table=TeamMember.Table.CIVIL_LAW)),
    )
    named = re.match(r"\D*(\d+)", str(contract.general.get("partners") or ""))
    compared = (
        (
            "employees",
            tables["staff"],
            _("Block IV plans {planned} workers, block II lists {found} of the staff."),
        ),
        (
            "specialists",
            tables["civil_law"],
            _("Block IV plans {planned} specialists, block II lists {found}."),
        ),
        (
            "partners",
            int(named[1][:9]) if named else None,
            _("Block IV plans {planned} partners, block I names {found}."),
        ),
    )
    for row, found, message in compared:
        planned = effect.get(row)
        if planned is not None and found is not None and planned != found:
            yield Finding(
                f"{row}_differ",
                Severity.WARNING,
                format_lazy(message, planned=planned, found=found),
                inferred,
                {"planned": planned, "found": found},
                "effect",
            )
    yield from _beneficiaries(contract, inferred)
    yield from _period(contract, inferred)


def _beneficiaries(contract: Contract, inferred: law.Citation) -> Iterable[Finding]:
    """Direct beneficiaries are not more than all participants that block III plans."""
    planned = contract.social_effect.get("direct_beneficiaries")
    rows = Indicator.objects.filter(activity__contract=contract, minimum__isnull=False)
    counts = [
        minimum
        for text, minimum in rows.values_list("text", "minimum")
        if any(word in fold(text) for word in map(fold, PARTICIPANTS))
    ]
    if counts and planned is not None and planned > sum(filter(None, counts)):
        found = sum(filter(None, counts))
        yield Finding(
            "beneficiaries_differ",
            Severity.WARNING,
            format_lazy(
                _("Block IV plans {planned} direct beneficiaries, block III {found} participants."),
                planned=planned,
                found=found,
            ),
            inferred,
            {"planned": planned, "found": found},
            "effect",
        )


def _period(contract: Contract, inferred: law.Citation) -> Iterable[Finding]:
    """Activities run within the term of the contract."""
    running = set(months.between(contract.starts_on, contract.ends_on))
    outside = [
        activity.text
        for activity in contract.activities.all()
        if running and set(activity.months) - running
    ]
    if outside:
        yield Finding(
            "outside_the_term",
            Severity.WARNING,
            _("Some activities have months outside the term of the contract."),
            inferred,
            {"activities": outside},
            "plan",
        )


def activities_paid(contract: Contract, attempt: Attempt) -> Iterable[Finding]:
    """Direct costs name an activity of the plan (GR-K-09)."""
    known = estimate.items(contract.edition)
    lost = [
        line.item or str(known[line.category].label)
        for line in contract.budget.filter(activity=None)
        if line.category in known and known[line.category].direct
    ]
    if lost:
        yield Finding(
            "cost_without_activity",
            Severity.WARNING,
            _("Some direct costs name no activity of the plan."),
            cite(contract, "413-rules via announcement 2020 annex 5, note", inferred=True),
            {"lines": lost},
            "budget",
        )


TO_SEND = (
    general_complete,
    names_as_written,
    term_stated,
    team_complete,
    plan_complete,
    effect_complete,
    money_adds_up,
    activities_paid,
    blocks_agree,
    chain_named,
)
