"""What approving and announcing the documentation require, and what they do (SO-T-043..061)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal, letters, terms
from ortaq.core.canonical import sha256
from ortaq.core.procedure import Attempt, Requirement
from ortaq.faces import say
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.people.models import Membership, Organisation, User
from ortaq.people.policy import RESPONSIBLE
from ortaq.planning.models import Specification
from ortaq.planning.procedure.specification import tender_findings
from ortaq.tenders.choices import chosen, edition_of
from ortaq.tenders.models import Lot, Tender, TenderFile

from . import openers
from .tender_money import held_elsewhere

day_of = lazy(say.day, str)

# --- What approving requires ---------------------------------------------------------------------


def cite_of(tender: Tender, key: str) -> Citation:
    """Where the rule stands that a parameter of the edition sets."""
    return edition_of(tender).parameter(key).cite


def lots_of(tender: Tender) -> list[Lot]:
    """The lots with all that the requirements read; 2 queries.

    Of each topic only the specification in force stands in `specifications`.
    """
    approved = Specification.objects.filter(state=Specification.State.APPROVED)
    return list(
        tender.lots.select_related("topic__formation", "specification")
        .prefetch_related(Prefetch("topic__specifications", approved))
        .defer("topic__search")
    )


def has_lots(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """A tender buys at least one service (SO-T-043)."""
    if not tender.lots.exists():
        yield Finding(
            "no_lots",
            Severity.ERROR,
            _("Choose at least one topic that the budget gives money for."),
            edition_of(tender).cite("guide, stage 4"),
            about="lots",
        )


def names_lots(requirement: Requirement) -> Requirement:
    """What a requirement says of a lot begins with its number: a tender may have several."""

    @wraps(requirement)
    def named(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
        for found in requirement(tender, attempt):
            lot = found.numbers["lot"]
            said = format_lazy(_("Lot {lot}: {said}"), lot=lot, said=found.message)
            yield replace(found, message=said)

    return named


@names_lots
def lots_ready(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """Each topic has its money and the specification made for it, and the lot names that one (SO-T-058)."""
    for lot in lots_of(tender):
        about, numbers = f"lot-{lot.pk}", {"lot": lot.position}
        in_force = next(iter(lot.topic.specifications.all()), None)
        yield from (
            replace(found, numbers={**found.numbers, **numbers}, about=about)
            for found in tender_findings(lot.topic, in_force)
        )
        if lot.specification.state != lot.specification.State.APPROVED:
            yield Finding(
                "specification_replaced",
                Severity.ERROR,
                _(
                    "A later version of the technical specification is in force. "
                    "Take it into the lot."
                ),
                edition_of(tender).cite("guide, stage 5"),
                numbers,
                about,
            )


def both_languages(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The documentation stands in Kazakh and in Russian (SO-T-050, SO-T-059)."""
    cite = cite_of(tender, "announce.languages")
    wanted = {
        "title_kk": _("The name of the tender is missing in Kazakh."),
        "title_ru": _("The name of the tender is missing in Russian."),
        "conditions_kk": _("The conditions are missing in Kazakh."),
        "conditions_ru": _("The conditions are missing in Russian."),
    }
    for field, message in wanted.items():
        if not getattr(tender, field).strip():
            yield Finding("language_missing", Severity.ERROR, message, cite, about=field)
    for lot in lots_of(tender):
        if not (lot.topic.title_kk.strip() and lot.topic.title_ru.strip()):
            yield Finding(
                "language_missing",
                Severity.ERROR,
                _("The name of a lot is missing in Kazakh or in Russian."),
                cite,
                {"lot": lot.position},
                about=f"lot-{lot.pk}",
            )
    for file in tender.files.all():
        if not (file.title_kk.strip() and file.title_ru.strip()):
            yield Finding(
                "language_missing",
                Severity.ERROR,
                _("The name of a file of the documentation is missing in one of the languages."),
                cite,
                {"file": file.title_kk or file.title_ru},
                about="files",
            )


@names_lots
def lots_in_order(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The sum within the approved one, a term after the deadline, an advance of at most a half."""
    edition = edition_of(tender)
    advance = edition.parameter("advance.max")
    closes = clock.day_of(tender.closes_at) if tender.closes_at else None
    lots = lots_of(tender)
    held = held_elsewhere((lot.topic_id for lot in lots), tender)
    for lot in lots:
        about, numbers = f"lot-{lot.pk}", {"lot": lot.position}
        approved = lot.topic.approved_tiyn or 0
        elsewhere = held.get(lot.topic_id, 0)
        if lot.allocated_tiyn + elsewhere > approved:
            sums = {"allocated": lot.allocated_tiyn, "approved": approved, "elsewhere": elsewhere}
            yield Finding(
                "above_approved",
                Severity.ERROR,
                _("More is allocated to the topic than the budget has approved for it.")
                if not elsewhere
                else _(
                    "Together with other tenders more is allocated to the topic than the budget "
                    "has approved for it."
                ),
                edition.cite("guide, stage 5"),
                {**numbers, **sums},
                about,
            )
        if lot.starts_on is None or lot.ends_on is None:
            yield Finding(
                "no_term",
                Severity.ERROR,
                _("State from which day until which day the services of a lot are rendered."),
                edition.cite("guide, stage 4"),
                numbers,
                about,
            )
        elif lot.ends_on < lot.starts_on:
            yield Finding(
                "term_reversed",
                Severity.ERROR,
                _("The services of a lot end before they begin."),
                edition.cite("guide, stage 4"),
                {**numbers, "from": lot.starts_on, "until": lot.ends_on},
                about,
            )
        elif closes and lot.starts_on <= closes:
            yield Finding(
                "begins_before_deadline",
                Severity.ERROR,
                _("The services of a lot begin before bids are opened. State a later day."),
                edition.cite("guide, stage 4"),
                {**numbers, "from": lot.starts_on, "deadline": closes},
                about,
            )
        if lot.advance_percent > edition.number("advance.max"):
            yield Finding(
                "advance_too_large",
                Severity.ERROR,
                _("The advance is larger than the rules allow."),
                advance.cite,
                {**numbers, "advance": lot.advance_percent, "most": advance.value},
                about,
            )


def deadline_stated(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The last instant for bids is stated and still lawful if announced today (SO-T-061, SO-T-076)."""
    yield from window_in_order(tender, attempt)
    if tender.closes_at is None:
        return
    edition = edition_of(tender)
    last = terms.due_at(edition, "announce.after_approval", attempt.now)
    closes = clock.day_of(tender.closes_at)
    if earliest_closing(tender, attempt) <= closes < _earliest(tender, last):
        yield Finding(
            "little_time_to_announce",
            Severity.WARNING,
            _(
                "The deadline leaves less time to announce than the rules give. If the tender is "
                "announced later than that, the deadline must be moved."
            ),
            edition.term("announce.after_approval").cite,
            {"deadline": closes, "announce_by": clock.day_of(last)},
            about="closes_at",
        )


def choices_grounded(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """Whoever departs from the edition's proposal names the rule; the others are pointed out."""
    silent = [one for one in chosen(tender) if not one.place]
    for one in silent:
        if one.departs:
            yield Finding(
                "choice_without_ground",
                Severity.ERROR,
                _(
                    "You chose otherwise than this site proposes where the guide is silent: name "
                    "the place of the procurement rules."
                ),
                one.parameter.cite,
                {"choice": one.choice.key, "value": one.value},
                about=f"{one.choice.key}_cite",
            )
    if proposed := [one for one in silent if not one.departs]:
        yield Finding(
            "choice_proposed",
            Severity.NOTICE,
            _(
                "Where the guide is silent this tender follows what this site proposes. Name the "
                "place of the procurement rules if they decide it."
            ),
            proposed[0].parameter.cite,
            {one.choice.key: one.value for one in proposed},
            about=f"{proposed[0].choice.key}_cite",
        )


def parts_at_hand(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The parts that the guide names: criteria are the edition's, the others are files (SO-T-044)."""
    cite = edition_of(tender).cite("guide, stage 4")
    have = set(tender.files.values_list("part", flat=True))
    wanted = {
        TenderFile.Part.CONTRACT: _("The documentation holds no draft of the contract."),
        TenderFile.Part.REPORTS: _("The documentation holds no forms of reports."),
    }
    for part, message in wanted.items():
        if part not in have:
            yield Finding("part_missing", Severity.WARNING, message, cite, about="files")
    if not tender.contact.strip():
        yield Finding(
            "no_contact",
            Severity.WARNING,
            _("Nobody is named who answers questions."),
            cite,
            about="contact",
        )


# --- What announcing requires --------------------------------------------------------------------


def earliest_closing(tender: Tender, attempt: Attempt) -> date:
    """The earliest lawful last day for bids, if the tender is announced now (SO-T-061)."""
    return _earliest(tender, attempt.now)


def _earliest(tender: Tender, announced: datetime) -> date:
    return clock.day_of(terms.due_at(edition_of(tender), "bids", announced))


def window_in_order(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """At least 20 calendar days before the last day for bids (SO-T-061)."""
    edition = edition_of(tender)
    term = edition.term("bids")
    if tender.closes_at is None:
        yield Finding(
            "no_deadline",
            Severity.ERROR,
            _("State the day and time until which bids are taken."),
            edition.parameter("opening.when").cite,
            about="closes_at",
        )
        return
    earliest, closes = earliest_closing(tender, attempt), clock.day_of(tender.closes_at)
    if closes < earliest:
        yield Finding(
            "window_too_short",
            Severity.ERROR,
            format_lazy(
                _(
                    "The tender must be announced at least {days} calendar days before the last day "
                    "for bids. Move the deadline to {earliest} or later."
                ),
                days=term.amount,
                earliest=day_of(earliest),
            ),
            term.cite,
            {"deadline": closes, "earliest": earliest, "days": term.amount},
            about="closes_at",
        )


def announced_in_time(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """Within three working days of approval; what is late is announced all the same (SO-T-060)."""
    if tender.announce_by and attempt.now > tender.announce_by:
        yield Finding(
            "announced_late",
            Severity.WARNING,
            _(
                "The three working days in which the tender had to be announced have passed. "
                "It can be announced; the delay stays in the journal."
            ),
            edition_of(tender).term("announce.after_approval").cite,
            {"announce_by": clock.day_of(tender.announce_by)},
        )


# --- Effects -------------------------------------------------------------------------------------


def discarded(tender: Tender, attempt: Attempt) -> Mapping[str, Any]:
    """What the journal keeps of a draft that was thrown away; nobody outside knew of it."""
    return {"topics": list(tender.lots.values_list("topic_id", flat=True))}


def fingerprint(tender: Tender) -> str:
    """The hash of the whole package as it stands: texts, lots, choices, files (SO-T-044)."""
    return sha256(
        {
            "title": [tender.title_kk, tender.title_ru],
            "conditions": [tender.conditions_kk, tender.conditions_ru],
            "closes_at": journal.instant(tender.closes_at) if tender.closes_at else "",
            "choices": {one.choice.key: [one.value, one.place] for one in chosen(tender)},
            "lots": [
                {
                    "topic": lot.topic_id,
                    "specification": lot.specification_id,
                    "allocated": lot.allocated_tiyn,
                    "from": lot.starts_on.isoformat() if lot.starts_on else "",
                    "until": lot.ends_on.isoformat() if lot.ends_on else "",
                    "advance": lot.advance_percent,
                }
                for lot in tender.lots.all()
            ],
            "files": [
                [file.part, file.title_kk, file.title_ru, file.file.sha256]
                for file in tender.files.select_related("file")
            ],
        }
    )


def approved(tender: Tender, attempt: Attempt) -> Mapping[str, Any]:
    """The package is fixed; three working days to announce it begin (SO-T-060)."""
    tender.approved_at = attempt.now
    tender.announce_by = terms.due_at(edition_of(tender), "announce.after_approval", attempt.now)
    tender.save(update_fields=["approved_at", "announce_by"])
    return {
        "version": tender.version,
        "content": fingerprint(tender),
        "announce_by": journal.instant(tender.announce_by),
    }


def revised(tender: Tender, attempt: Attempt) -> Mapping[str, Any]:
    """The documentation is a draft again; its approval stays in the journal."""
    tender.approved_at = tender.announce_by = None
    tender.save(update_fields=["approved_at", "announce_by"])
    return {"version": tender.version}


def announced(tender: Tender, attempt: Attempt) -> Mapping[str, Any]:
    """Bids are taken from this instant; their key is made, and who may want to bid gets a letter."""
    tender.announced_at = attempt.now
    tender.number = _next_number(tender, attempt)
    tender.seal_key = openers.divided(tender)
    tender.save(update_fields=["announced_at", "number", "seal_key", "opening", "search"])
    assert tender.closes_at is not None  # `window_in_order` stopped it otherwise
    letters.prepare(
        tender, "announced", to_be_told(tender), "tenders/letters/announced.txt", release=True
    )
    late = tender.announce_by is not None and attempt.now > tender.announce_by
    return {
        "number": tender.number,
        "closes_at": journal.instant(tender.closes_at),
        "lots": tender.lots.count(),
        "content": fingerprint(tender),
        "seal_key": tender.seal_key,
        "opening": tender.opening,
        "late": late,
    }


def _next_number(tender: Tender, attempt: Attempt) -> str:
    """The next number of the organiser in the year; its row is the lock."""
    Organisation.objects.select_for_update().get(pk=tender.organiser_id)
    year = clock.day_of(attempt.now).year
    taken = Tender.objects.filter(organiser=tender.organiser_id, number__startswith=f"{year}-")
    return f"{year}-{taken.count() + 1:03d}"


def to_be_told(tender: Tender) -> QuerySet[User]:
    """Who answers for an NGO of the NGO database, each once."""
    answering = Membership.objects.current().filter(
        organisation__returns__isnull=False,
        organisation__kind=Organisation.Kind.NGO,
        role__in=RESPONSIBLE,
    )
    return User.objects.filter(pk__in=answering.values("user"), is_active=True).order_by("pk")
