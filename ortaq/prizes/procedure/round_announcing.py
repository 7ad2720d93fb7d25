"""What the announcement of a prize requires and does (PR-009, PR-010, PR-034)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, letters, terms
from ortaq.core.procedure import Attempt
from ortaq.faces import say
from ortaq.law import prizes as rules
from ortaq.law.findings import Finding, Severity, stops
from ortaq.people.models import Membership, Organisation, User
from ortaq.people.policy import RESPONSIBLE
from ortaq.prizes.content.parts import papers_asked
from ortaq.prizes.models import Round

PLACE = "guide, prizes"
TEXTS = (
    ("text_kk", _("The text of the announcement in Kazakh is missing.")),
    ("text_ru", _("The text of the announcement in Russian is missing.")),
    ("contacts_kk", _("Where and when papers are taken is not said in Kazakh.")),
    ("contacts_ru", _("Where and when papers are taken is not said in Russian.")),
    ("addressee_kk", _("To whom applications are addressed is not said in Kazakh.")),
    ("addressee_ru", _("To whom applications are addressed is not said in Russian.")),
)
instant_of = lazy(say.instant, str)
said = lazy(say.text, str)


def both_languages(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The announcement is in both languages."""
    cite = found.rules.cite(PLACE)
    for name, message in TEXTS:
        if not getattr(found, name).strip():
            yield Finding("no_text", Severity.ERROR, message, cite, about=name)


def has_directions(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The announcement names the directions of the prizes (PR-010)."""
    if not found.directions.exists():
        message = _("No direction is chosen: an announcement names the directions of the prizes.")
        yield Finding(
            "no_directions",
            Severity.ERROR,
            message,
            found.rules.parameter("prize.directions").cite,
            about="directions",
        )


def sums_in_order(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """Each prize is at least 2000 MCI of the year (PR-034)."""
    day = clock.day_of(attempt.now)
    table = terms.index_values(day)
    for direction in found.directions.all():
        judged = rules.size(found.rules, direction.amount_tiyn, on=day, table=table)
        for one in stops(judged):
            message = format_lazy(
                "{direction}: {said}", direction=said(direction.label), said=said(one.message)
            )
            about = f"direction-{direction.field}"
            yield Finding(one.code, one.severity, message, one.cite, one.numbers, about)


def papers_listed(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The announcement holds the list of documents (PR-010): that of the edition, all six kinds."""
    if not papers_asked(found.rules):
        message = _("The edition of the rules has no list of documents.")
        yield Finding("no_papers", Severity.ERROR, message, found.rules.cite(PLACE))


def before_the_end(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """Applications can still come by 1 September of the year."""
    ends = ends_of(found)
    if attempt.now > ends:
        message = format_lazy(
            _("Applications of {year} are taken until {ends}: that is over."),
            year=found.year,
            ends=instant_of(ends, seconds=True),
        )
        cite = found.rules.term("prize.apply").cite
        yield Finding("too_late", Severity.ERROR, message, cite)


def by_the_first_of_july(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """No later than 1 July; later it is a breach, which the journal keeps, and still better than not at all (PR-011)."""
    if attempt.now > found.announce_due:
        message = format_lazy(
            _(
                "The prize was to be announced no later than {due}. The breach stays in the journal and on this page."
            ),
            due=instant_of(found.announce_due),
        )
        yield Finding(
            "announced_late",
            Severity.WARNING,
            message,
            found.rules.term("prize.announce").cite,
            {"due_at": found.announce_due.isoformat()},
        )


def ends_of(found: Round) -> datetime:
    """The last instant of acceptance of the year of the prize."""
    return terms.due_at(found.rules, "prize.apply", new_year(found.year))


def new_year(year: int) -> datetime:
    """The instant from which the fixed days of a year are counted."""
    return clock.at(date(year, 1, 1))


# --- What happens --------------------------------------------------------------------------------


def announced(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    """Store the terms, freeze the list of documents, write to everybody who answers for an NGO."""
    start = new_year(found.year)
    found.announced_at = attempt.now
    found.apply_until = ends_of(found)
    # Said ahead; reckoned again when acceptance has ended.
    found.list_due = terms.due_at(found.rules, "prize.applicants_list", found.apply_until)
    found.results_due = terms.due_at(found.rules, "prize.results", start)
    found.payment_due = terms.due_at(found.rules, "prize.payment", start)
    found.papers = papers_asked(found.rules)
    found.save()
    letters.prepare(
        found,
        "announced",
        ngo_people(),
        "prizes/letters/announced.txt",
        {
            "round": found,
            "address": settings.SITE_URL + reverse("prizes:round", args=[found.year]),
        },
        release=True,
    )
    return {
        "year": found.year,
        "directions": found.directions.count(),
        "late": attempt.now > found.announce_due,
        "apply_until": found.apply_until.isoformat(),
    }


def ngo_people() -> list[User]:
    """Everybody who answers for an NGO today; one query."""
    memberships = Membership.objects.current().filter(
        organisation__kind=Organisation.Kind.NGO, role__in=RESPONSIBLE
    )
    return list(
        User.objects.filter(pk__in=memberships.values("user"), is_active=True).order_by("pk")
    )


def discarded(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    """Nothing of a draft is left but its chain in the journal."""
    return {"year": found.year}
