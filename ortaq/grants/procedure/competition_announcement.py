"""The announcement of a competition: what it requires, what it starts, who is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal, letters
from ortaq.core.procedure import Attempt
from ortaq.grants.models import Competition, Lot, Outcome, PlanVersion
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Membership, Organisation, User
from ortaq.people.policy import RESPONSIBLE

# Outcomes after which a topic may be announced anew (GR-S-16).
FAILED = ("F1", "F2", "F3", "F4", "F5")


def has_lots(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """At least one topic, all from the version the competition names (GR-A-11, GR-X-08)."""
    lots = list(competition.lots.select_related("topic"))
    cite = competition.rules.cite("announcement 2020 §4")
    if not lots:
        yield Finding(
            "no_lots",
            Severity.ERROR,
            _("Choose at least one topic of the plan."),
            cite,
            about="lots",
        )
    strangers = [lot.topic.number for lot in lots if lot.topic.version_id != competition.version_id]
    if strangers:
        yield Finding(
            "foreign_topics",
            Severity.ERROR,
            _(
                "Some topics belong to another version of the plan than the one announced. "
                "Choose them anew."
            ),
            cite,
            {"topics": strangers},
            about="lots",
        )


def version_in_force(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The version of the plan is approved (GR-P-04)."""
    if competition.version.state != PlanVersion.State.APPROVED:
        yield Finding(
            "version_not_in_force",
            Severity.ERROR,
            _("This version of the plan is not in force. Approve it, or choose the one that is."),
            competition.rules.cite("announcement 2020 §8"),
            about="lots",
        )


def not_announced_before(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """A lot repeats only what has failed; a topic that is announced elsewhere is pointed out."""
    lots = list(competition.lots.select_related("topic", "repeats__outcome", "repeats__topic"))
    cite = competition.rules.cite("guide, grants, step 5")
    unfinished = [lot.topic.number for lot in lots if lot.repeats and not has_failed(lot.repeats)]
    if unfinished:
        yield Finding(
            "not_failed",
            Severity.ERROR,
            _("Only a topic whose competition was declared failed can be announced again."),
            cite,
            {"topics": unfinished},
            about="lots",
        )
    elsewhere = (
        Lot.objects.filter(topic__in=[lot.topic_id for lot in lots])
        .exclude(competition=competition)
        .exclude(competition__state=Competition.State.DRAFT)
        .exclude(pk__in=[lot.repeats_id for lot in lots if lot.repeats_id])
        .values_list("topic__number", flat=True)
    )
    if numbers := sorted(set(elsewhere)):
        yield Finding(
            "announced_elsewhere",
            Severity.WARNING,
            _("Some of these topics stand in another competition already."),
            cite,
            {"topics": numbers},
            about="lots",
        )


def has_failed(lot: Lot) -> bool:
    """The lot's failure is published."""
    found: Outcome | None = getattr(lot, "outcome", None)
    return found is not None and found.published_at is not None and found.kind in FAILED


def both_languages(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """Title and text stand in Kazakh and in Russian."""
    languages = competition.rules.parameter("acceptance.languages")
    wanted = {
        "title_kk": _("The title is missing in Kazakh."),
        "title_ru": _("The title is missing in Russian."),
        "text_kk": _("The text of the announcement is missing in Kazakh."),
        "text_ru": _("The text of the announcement is missing in Russian."),
    }
    for field, message in wanted.items():
        if field[-2:] in languages.value and not getattr(competition, field).strip():
            yield Finding("language_missing", Severity.ERROR, message, languages.cite, about=field)


def window_in_order(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """Acceptance is open 20-30 calendar days, the day of announcement not counted (GR-A-03)."""
    window = competition.rules.window("acceptance")
    if competition.closes_at is None:
        yield Finding(
            "no_deadline",
            Severity.ERROR,
            _("Set the day and time at which acceptance ends."),
            window.cite,
            about="closes_at",
        )
        return
    yield window.check(clock.day_of(attempt.now), clock.day_of(competition.closes_at))


def terms_stated(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The latest project end and the balance sheet's date are stated (GR-A-13, GR-A-20)."""
    edition = competition.rules
    end, closes = competition.latest_project_end, competition.closes_at
    cite = edition.parameter("project.latest_end").cite
    if end is None:
        yield Finding(
            "no_project_end",
            Severity.ERROR,
            _("State the day by which projects must end."),
            cite,
            about="latest_project_end",
        )
    elif closes and end <= clock.day_of(closes):
        yield Finding(
            "project_end_too_early",
            Severity.ERROR,
            _("Projects cannot end before acceptance does. State a later day."),
            cite,
            {"latest_project_end": end},
            about="latest_project_end",
        )
    if competition.balance_date is None:
        yield Finding(
            "no_balance_date",
            Severity.ERROR,
            _("State the reporting date of the balance sheet."),
            edition.parameter("application.balance_sheet_date").cite,
            about="balance_date",
        )


def delivery_stated(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """There is a lawful way to hand an application in, a place to bring it to, and somebody to ask
    (GR-X-06, GR-A-02, GR-A-07).
    """
    edition, methods = competition.rules, competition.methods
    lawful = edition.parameter("acceptance.methods")
    if not methods:
        yield Finding(
            "no_delivery",
            Severity.ERROR,
            _("Say how applications are accepted: choose at least one way."),
            lawful.cite,
            about="by_portal",
        )
    for method in methods:
        if method not in lawful.value:
            yield Finding(
                "unlawful_delivery",
                Severity.ERROR,
                _("The rules of this competition do not know this way of delivery. Untick it."),
                lawful.cite,
                about=f"by_{method}",
            )
    operator = competition.operator
    if {"post", "hand"} & set(methods) and not (operator.address_kk and operator.address_ru):
        yield Finding(
            "no_address",
            Severity.WARNING,
            _(
                "The address to which applications are brought or posted is missing in Kazakh or "
                "in Russian. Write it on the operator's page."
            ),
            edition.cite("announcement 2020 §3"),
            about="by_post",
        )
    if "email" in methods and not operator.email:
        yield Finding(
            "no_address",
            Severity.WARNING,
            _("The operator's e-mail address is missing. Write it on the operator's page."),
            edition.cite("announcement 2020 §3"),
            about="by_email",
        )
    if not (competition.contacts_kk.strip() and competition.contacts_ru.strip()):
        yield Finding(
            "no_contacts",
            Severity.WARNING,
            _("Contacts for advice are missing in Kazakh or in Russian."),
            edition.cite("announcement 2020 §7"),
            about="contacts_kk",
        )


def announced(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """Acceptance begins at the instant of the announcement; who may want to know gets a letter."""
    competition.announced_at = attempt.now
    competition.save(update_fields=["announced_at"])
    assert competition.closes_at is not None  # window_in_order stopped it otherwise
    lots = competition.lots.count()
    letters.prepare(
        competition,
        "announced",
        to_be_told(),
        "grants/letters/announced.txt",
        {"topics": lots},
        release=True,
    )
    return {
        "closes_at": journal.instant(competition.closes_at),
        "lots": lots,
        "version": competition.version_id,
        "edition": competition.edition,
    }


def to_be_told() -> QuerySet[User]:
    """Who answers for an NGO of the NGO database or for a state body, each once (GR-A-01).

    The guide says "system NGOs and departments of social development"; read as those (inferred).
    """
    returned = Q(organisation__returns__isnull=False, organisation__kind=Organisation.Kind.NGO)
    bodies = (Organisation.Kind.STATE_BODY, Organisation.Kind.AUTHORISED_BODY)
    answering = Membership.objects.current().filter(
        returned | Q(organisation__kind__in=bodies), role__in=RESPONSIBLE
    )
    return User.objects.filter(pk__in=answering.values("user"), is_active=True).order_by("pk")
