"""The operator's check: item by item with evidence, then admitted or refused (GR-A-23..26).

    admit     every item passes or does not apply
    refuse    at least one item fails; the notice names each ground with its reason (GR-A-25)

The list of items comes from the edition: the nine parts (R1), plan, term and sum (R2), NGO
database (R3), charter (R4). What the records already show is proposed with its evidence; the
officer confirms it or decides otherwise, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal, letters, money
from ortaq.core.models import StoredFile
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, not_yours
from ortaq.grants.content import checks
from ortaq.grants.content.whole import Whole
from ortaq.grants.models import AdmissibilityCheck, Application, Competition
from ortaq.grants.policy import application as policy
from ortaq.grants.queries.application import whole_of
from ortaq.law.findings import Finding, Severity, stops
from ortaq.people.actor import Actor
from ortaq.people.queries import standing_on
from ortaq.registry import returns

from .application import owed
from .application_submission import ENTERED
from .outcome_letters import people_of

State = Application.State
Result = AdmissibilityCheck.Result
MOST_LETTERS = 5000


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist: what is looked at, under which ground it would refuse."""

    key: str
    ground: str
    text: Any
    cite: law.Citation


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the records show on an item; an officer decides."""

    result: str = ""
    evidence: Any = ""
    findings: tuple[Finding, ...] = ()


def items(edition: law.Edition) -> list[Item]:
    """The checklist of an edition, in the order of the rules; the last is GR-A-10."""
    parts = [
        Item(key, "R1", law.Text.of(row["text"]), edition.cite(row["cite"]))
        for key, row in edition.data["parts"].items()
    ]
    r2 = edition.ground("refusal_grounds", "R2").cite
    return [
        *parts,
        Item(
            "standing",
            "R1",
            _("No liquidation, bankruptcy, attached property or suspended activity"),
            edition.cite("GR-A-09"),
        ),
        Item("topic", "R2", _("The project matches the topic of the approved plan"), r2),
        Item(
            "term",
            "R2",
            _("The term agrees with the plan and the competition"),
            edition.parameter("project.latest_end").cite,
        ),
        Item("amount", "R2", _("The grant asked for is within the amount of the topic"), r2),
        Item(
            "database",
            "R3",
            _("Data in the NGO database, in time"),
            edition.ground("refusal_grounds", "R3").cite,
        ),
        Item(
            "charter_match",
            "R4",
            _("The topic matches subject, goals and activities of the charter"),
            edition.ground("refusal_grounds", "R4").cite,
        ),
    ]


def proposals(whole: Whole) -> dict[str, Proposal]:
    """What the records show, by item; a fixed number of queries."""
    application = whole.application
    day = clock.day_of(application.submitted_at or clock.now())
    found: dict[str, Proposal] = {}
    findings = checks.everything(whole)
    for key in application.competition.rules.data["parts"]:
        places = _FILE_PARTS.get(key, (f"{key}/",))
        mine = tuple(f for f in stops(findings) if f.about.startswith(places))
        evidence = (
            _("The forms of the application show gaps, see below.")
            if mine
            else _("Complete according to the forms of the application.")
        )
        found[key] = Proposal(Result.FAILED if mine else Result.PASSED, evidence, mine)
    if application.method != Application.Method.PORTAL:
        # What was delivered was not typed here: the officer looks at it.
        delivered = Proposal(evidence=_("Not handed in here: look at what was delivered."))
        found = dict.fromkeys(found, delivered)
    standings = list(standing_on(application.organisation, day))
    found["standing"] = Proposal(
        Result.FAILED if standings else Result.PASSED,
        "; ".join(f"{s.get_kind_display()}: {s.evidence}" for s in standings)
        or _("The register knows of none on the day of submission."),
    )
    term = tuple(f for f in stops(findings) if f.about.startswith("details/"))
    found["term"] = Proposal(
        Result.FAILED if term else Result.PASSED,
        format_lazy("{} – {}", application.starts_on or "—", application.ends_on or "—"),
        term,
    )
    allotted = application.lot.amount_tiyn
    found["amount"] = Proposal(
        Result.FAILED if application.grant_tiyn > allotted else Result.PASSED,
        format_lazy("{} / {}", money.show(application.grant_tiyn), money.show(allotted)),
    )
    database = returns.in_time(application.organisation, day)
    found["database"] = Proposal(
        Result.FAILED if database.severity is Severity.ERROR else Result.PASSED,
        database.message,
        (database,),
    )
    return found


# Parts 6-9 are files: how the checks name them.
_FILE_PARTS = {
    "charter": ("files/charter",),
    "balance_sheet": ("files/balance",),
    "consents": ("files/consent/",),
    "co_financing": ("files/own_money", "files/other_money"),
}


@transaction.atomic
def record(
    application: Application,
    item: str,
    result: str,
    *,
    actor: Actor,
    reason: str = "",
    evidence: str = "",
    file: StoredFile | None = None,
) -> AdmissibilityCheck:
    """Write down one item of the check; a later decision on the same item replaces it, and both
    stay in the journal.

    `LookupError` for an unknown item or result. Raises `Refused` for whoever does not check this
    application, once it is decided, and for a failed item without its reason (GR-A-25).
    """
    listed = {one.key: one for one in items(application.competition.rules)}
    known = listed[item]
    result = Result(result) if result in Result.values else _unknown(result)
    _hold(application, actor)
    reason, evidence = reason.strip()[:MOST_LETTERS], evidence.strip()[:300]
    if result == Result.FAILED and not reason:
        raise Refused(
            REFUSE,
            [
                Finding(
                    "no_reason",
                    Severity.ERROR,
                    _(
                        "Write why the requirement is not met: the applicant gets this reason in the notice."
                    ),
                    known.cite,
                    about=item,
                )
            ],
        )
    assert actor.user is not None
    row_of_check, _made = AdmissibilityCheck.objects.update_or_create(
        application=application,
        item=item,
        defaults={
            "ground": known.ground,
            "result": result,
            "reason": reason,
            "evidence": evidence,
            "file": file,
            "officer": actor.user,
            "checked_at": clock.now(),
        },
    )
    _tell(
        application,
        actor,
        {"item": item, "result": str(result), "file": file.sha256 if file else None},
    )
    return row_of_check


@transaction.atomic
def confirm_proposed(application: Application, *, actor: Actor) -> int:
    """Write down every open item whose records show that it passes; how many. Raises as `record`."""
    _hold(application, actor)
    assert actor.user is not None
    done = set(application.checks.values_list("item", flat=True))
    proposed = proposals(whole_of(application))
    open_items = [
        item
        for item in items(application.competition.rules)
        if item.key not in done
        and item.key in proposed
        and proposed[item.key].result == Result.PASSED
    ]
    AdmissibilityCheck.objects.bulk_create(
        AdmissibilityCheck(
            application=application,
            item=item.key,
            ground=item.ground,
            result=Result.PASSED,
            evidence=str(proposed[item.key].evidence)[:300],
            officer=actor.user,
            checked_at=clock.now(),
        )
        for item in open_items
    )
    if open_items:
        _tell(application, actor, {"items": [item.key for item in open_items], "result": "passed"})
    return len(open_items)


def _hold(application: Application, actor: Actor) -> None:
    """Lock the application; `Refused` unless this actor checks it now."""
    if not checks_it(actor, CHECK.lock(application.pk)):
        raise Refused(ADMIT, [not_yours(ADMIT)])


def _tell(application: Application, actor: Actor, facts: Mapping[str, Any]) -> None:
    journal.append(application, "check", actor=actor.key, behalf=actor.behalf, facts=facts)


def _unknown(result: str) -> str:
    raise LookupError(result)


def checks_it(actor: Actor, application: Application) -> bool:
    """An officer of the operator, while the application is undecided."""
    return application.state == State.SUBMITTED and in_check(actor, application)


# --- The decision ----------------------------------------------------------------------------------


def all_items_checked(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Every item of the checklist has a result (GR-A-26)."""
    done = set(application.checks.values_list("item", flat=True))
    for item in items(application.competition.rules):
        if item.key not in done:
            yield Finding(
                "item_open",
                Severity.ERROR,
                format_lazy(_("Not checked yet: {item}"), item=_said(item.text)),
                item.cite,
                about=item.key,
            )


def _said(text: Any) -> Any:
    from django.utils.functional import lazy

    from ortaq.faces import say

    return lazy(say.text, str)(text)


def nothing_failed(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """No item failed (GR-A-24)."""
    edition = application.competition.rules
    for ground in sorted({c.ground for c in application.checks.filter(result=Result.FAILED)}):
        known = edition.ground("refusal_grounds", ground)
        yield Finding(
            f"ground_{ground}", Severity.ERROR, known.text, known.cite, {"ground": ground}
        )


def something_failed(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """At least one item failed: a refusal has its ground (GR-A-25)."""
    if not application.checks.filter(result=Result.FAILED).exists():
        yield Finding(
            "no_ground",
            Severity.ERROR,
            _("No item of the check failed, so there is no ground to refuse."),
            application.competition.rules.cite("413-rules via announcement 2020 §2"),
        )


def topic_not_failed(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """The only application for its topic is neither admitted nor refused: the topic has failed
    (F2), and the applicant hears that and no refusal (GR-S-15).
    """
    entered = Application.objects.filter(lot=application.lot_id, state__in=ENTERED)
    if entered.count() == 1:
        ground = application.competition.rules.ground("failure_grounds", "F2")
        yield Finding(
            "only_application",
            Severity.ERROR,
            _(
                "This is the only application for its topic, so the topic has failed and nothing is "
                "to be decided here: the applicant hears of it with the results."
            ),
            ground.cite,
        )


def _decided(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    failed = application.checks.filter(result=Result.FAILED)
    return {"grounds": sorted({check.ground for check in failed})}


def _refused(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """The notice leaves with the decision: several grounds, each with its reason (GR-A-25)."""
    letters.prepare(
        application,
        "refused",
        people_of(application),
        "grants/letters/refused.txt",
        {"grounds": grounds_of(application)},
        release=True,
    )
    return _decided(application, attempt)


def _admitted(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    letters.prepare(
        application,
        "admitted",
        people_of(application),
        "grants/letters/admitted.txt",
        release=True,
    )
    return _decided(application, attempt)


def grounds_of(application: Application) -> list[tuple[law.Ground, list[str]]]:
    """The grounds of refusal with the reasons of the items that failed, in order."""
    edition = application.competition.rules
    reasons: dict[str, list[str]] = {}
    for check in application.checks.filter(result=Result.FAILED).order_by("ground", "id"):
        reasons.setdefault(check.ground, []).append(check.reason)
    return [(edition.ground("refusal_grounds", code), said) for code, said in reasons.items()]


def in_check(actor: Actor, application: Application) -> bool:
    """For the steps' table: an officer of the operator while the competition is in its check."""
    return (
        policy.is_its_operator(actor, application)
        and application.competition.state == Competition.State.CHECKING
    )


ADMIT = Step(
    "admit",
    _("Admit to the competition"),
    source=State.SUBMITTED,
    target=State.ADMITTED,
    by=in_check,
    requires=(topic_not_failed, all_items_checked, nothing_failed),
    effect=_admitted,
    cite="guide, grants, step 4",
)
REFUSE = Step(
    "refuse",
    _("Refuse"),
    source=State.SUBMITTED,
    target=State.REFUSED,
    by=in_check,
    requires=(topic_not_failed, all_items_checked, something_failed),
    effect=_refused,
    cite="413-rules via announcement 2020 §2",
    final=True,
)

CHECK: Procedure[Application] = Procedure(Application, (ADMIT, REFUSE), duties=owed)


def check_page(application: Application) -> dict[str, Any]:
    """What the page of the check shows: items with proposal and result, findings, notice."""
    whole = whole_of(application)
    proposed = proposals(whole)
    done = {check.item: check for check in application.checks.select_related("officer", "file")}
    return {
        "lines": [
            (item, proposed.get(item.key, Proposal()), done.get(item.key))
            for item in items(whole.edition)
        ],
        "grounds": grounds_of(application),
        "whole": whole,
        "checked": len(done),
    }
