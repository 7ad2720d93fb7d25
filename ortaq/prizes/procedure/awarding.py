"""Who gets the prize, and the list of recipients (PR-033..037, PR-040).

decide     one direction: one recipient, several in equal parts, or none, with the reason in both languages
publish    by 1 December: the list of recipients, letters to all applicants
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import letters
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Step
from ortaq.faces import say
from ortaq.law import prizes as rules
from ortaq.law.findings import Finding, Severity
from ortaq.people.policy import MANAGERS
from ortaq.people.queries import people_of
from ortaq.prizes import standings
from ortaq.prizes.models import Application, Award, Decision, Direction, Round
from ortaq.prizes.policy.round import organises
from ortaq.projects.procedure.shared import nobody_was_faster, said

State = Round.State
PLACE = "guide, prizes"
label = lazy(say.text, str)


def _error(found: Round, code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, found.rules.cite(PLACE), numbers, about)


# --- The decision on one direction ---------------------------------------------------------------


def not_changed_meanwhile(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The decision is still as the page showed it; `version` 0: there was none."""
    decision = Decision.objects.filter(direction=attempt.facts["direction"]).first()
    yield from nobody_was_faster(decision or Decision(version=0), attempt)


def recipients_applied(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """Whoever gets the prize of a direction is on its list of applicants."""
    direction: Direction = attempt.facts["direction"]
    for one in _recipients(attempt):
        if one.direction_id != direction.pk or one.state != Application.State.ADMITTED:
            message = _("Only applicants of this direction can get its prize.")
            yield _error(found, "not_an_applicant", message, "recipients")


def reasons_given(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The reason is published with the results, so it is written in both languages."""
    for name, message in (
        ("reason_kk", _("Write the reason of the decision in Kazakh.")),
        ("reason_ru", _("Write the reason of the decision in Russian.")),
    ):
        if not said(attempt, name):
            yield _error(found, "no_reason", message, name)


def remainder_decided(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """Where equal parts leave something over, it is decided what becomes of it (PR-036)."""
    division = _division(found, attempt)
    if division is None or not division.remainder_tiyn:
        return
    if attempt.facts.get("remainder") not in (Decision.Remainder.BUDGET, Decision.Remainder.FIRST):
        yield Finding(
            "remainder_open",
            Severity.ERROR,
            _("The prize does not divide without a rest: decide what becomes of it."),
            found.rules.cite("GAP-P-08", inferred=True),
            {"remainder_tiyn": division.remainder_tiyn},
            "remainder",
        )


def _recipients(attempt: Attempt) -> list[Application]:
    chosen: Sequence[Application] = attempt.facts.get("recipients", ())
    return sorted(chosen, key=lambda one: (one.organisation.sort, one.pk))


def _division(found: Round, attempt: Attempt) -> rules.Division | None:
    chosen = _recipients(attempt)
    amount = attempt.facts["direction"].amount_tiyn
    return rules.divide(found.rules, amount, len(chosen)) if chosen else None


def _decided(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    direction: Direction = attempt.facts["direction"]
    chosen, division = _recipients(attempt), _division(found, attempt)
    rest = division.remainder_tiyn if division else 0
    (standing,) = standings.of_round(found, direction=direction.pk)
    decision = Decision.objects.filter(direction=direction).first() or Decision(direction=direction)
    decision.reason_kk, decision.reason_ru = said(attempt, "reason_kk"), said(attempt, "reason_ru")
    decision.remainder_tiyn = rest
    decision.remainder = attempt.facts["remainder"] if rest else Decision.Remainder.NONE
    decision.means = standing.means
    decision.decided_by, decision.decided_at = attempt.actor.user, attempt.now
    decision.version += 1
    decision.save()
    # Not known to anybody yet: what was decided before is replaced as a whole.
    Award.objects.filter(direction=direction).delete()
    extra = rest if decision.remainder == Decision.Remainder.FIRST else 0
    if division is not None:
        Award.objects.bulk_create(
            Award(
                direction=direction,
                application=one,
                share_tiyn=division.share_tiyn + (0 if number else extra),
            )
            for number, one in enumerate(chosen)
        )
    return {
        "direction": direction.field,
        "recipients": [organisation(one.organisation_id) for one in chosen],
        "proposed": list(standing.result.proposed),
        "as_proposed": {one.number for one in chosen} == set(standing.result.proposed),
        "share_tiyn": division.share_tiyn if division else 0,
        "remainder_tiyn": rest,
        "remainder": str(decision.remainder),
    }


def on_one_direction(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """A direction is named, and the decision on it is in order."""
    if "direction" not in attempt.facts:
        yield _error(found, "no_direction", _("Choose the direction that is decided on."))
        return
    for requirement in (
        not_changed_meanwhile,
        recipients_applied,
        reasons_given,
        remainder_decided,
    ):
        yield from requirement(found, attempt)


# --- The list of recipients ----------------------------------------------------------------------


def all_decided(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """Every direction with applicants is decided on, by the points as they are now."""
    for one in standings.of_round(found):
        about = f"direction-{one.direction.pk}"
        name = label(one.direction.label)
        if one.nominees and one.decision is None:
            message = format_lazy(_("Not decided yet: {direction}."), direction=name)
            yield _error(found, "not_decided", message, about)
        elif one.lapsed:
            message = format_lazy(
                _("The points changed since it was decided, so decide anew: {direction}."),
                direction=name,
            )
            yield _error(found, "decision_lapsed", message, about)


def by_the_first_of_december(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """No later than 1 December; later it is a breach, which the journal keeps, and still better than not at all (PR-037)."""
    if found.results_due is not None and attempt.now > found.results_due:
        yield Finding(
            "published_late",
            Severity.WARNING,
            format_lazy(
                _(
                    "The list of recipients was to be published no later than {due}. The breach stays in the journal and on this page."
                ),
                due=lazy(say.instant, str)(found.results_due),
            ),
            found.rules.term("prize.results").cite,
            {"due_at": found.results_due.isoformat()},
        )


def _published(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    awards = Award.objects.filter(direction__round=found)
    rows = found.applications.filter(state=Application.State.ADMITTED)
    rows.filter(pk__in=awards.values("application")).update(state=Application.State.AWARDED)
    rows.filter(state=Application.State.ADMITTED).update(state=Application.State.NOT_AWARDED)
    found.published_at = attempt.now
    found.save(update_fields=["published_at"])
    outcome = found.applications.filter(
        state__in=(Application.State.AWARDED, Application.State.NOT_AWARDED)
    ).select_related("direction", "award", "round")
    address = reverse("prizes:results", args=[found.year])
    for one in outcome:
        letters.prepare(
            one,
            "prize_outcome",
            people_of(one.organisation_id, *MANAGERS),
            "prizes/letters/outcome.txt",
            {"won": one.state == Application.State.AWARDED, "address": address},
            release=True,
        )
    late = found.results_due is not None and attempt.now > found.results_due
    return {"recipients": awards.count(), "late": late}


DECIDE = Step(
    "decide",
    _("Decide on the direction"),
    source=State.DECIDING,
    target=None,
    by=organises,
    requires=(on_one_direction,),
    effect=_decided,
    cite=PLACE,
)
PUBLISH = Step(
    "publish",
    _("Publish the list of recipients"),
    source=State.DECIDING,
    target=State.PUBLISHED,
    by=organises,
    requires=(all_decided, by_the_first_of_december),
    effect=_published,
    cite=PLACE,
    final=True,
)
STEPS = (DECIDE, PUBLISH)
