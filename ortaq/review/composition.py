"""What the law says of a panel's composition, from data and not from promises (GR-C-05..08, GR-X-15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.keys import person
from ortaq.law import grants
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Membership
from ortaq.registry.models import Affiliation, Expert

from .models import Conflict, Panel, Seat

# The rules of composition and the rubric of each act under which panels work.
RULES = {"grants_rules": grants.commission}
WORKS_THERE = (Affiliation.Kind.HEAD, Affiliation.Kind.STAFF)


def edition_of(panel: Panel) -> law.Edition:
    """The edition under which the panel works."""
    return law.edition(panel.act, panel.edition)


def members_of(panel: Panel) -> list[Seat]:
    """The present scoring members, in the order in which they came; one query."""
    return [seat for seat in seats_of(panel) if seat.role == Seat.Role.MEMBER]


def seats_of(panel: Panel) -> list[Seat]:
    """Everybody who sits on the panel at present, with person and expert; one query."""
    seats = Seat.objects.filter(panel=panel, until=None)
    rows = seats.select_related("person", "expert__proposed_by", "expert__employer")
    return list(rows.order_by("id"))


def staff_of_organiser(panel: Panel, people: Iterable[int]) -> set[int]:
    """Which of these people work for the organiser, by every source the house knows (GR-C-07)."""
    asked = list(people)
    day = clock.today()
    at_organiser = {"organisation": panel.organisation_id}
    members = Membership.objects.current(day).filter(user__in=asked, **at_organiser)
    ties = Affiliation.objects.current(day).filter(
        person__in=asked, kind__in=WORKS_THERE, **at_organiser
    )
    employed = Expert.objects.filter(person__in=asked, employer=panel.organisation_id)
    return {
        *members.values_list("user", flat=True),
        *ties.values_list("person", flat=True),
        *employed.values_list("person", flat=True),
    }


def bars(panel: Panel, experts: Iterable[Expert]) -> dict[int, list[Finding]]:
    """Why each of these experts may not sit on the panel at all, by the expert's number.

    The organiser's staff (GR-C-07), and experts whose NGO applied: barred from the whole
    competition and not only from its topic (GR-C-08). Four queries whatever the number.
    """
    asked = list(experts)
    staff = staff_of_organiser(panel, [expert.person_id for expert in asked])
    applied = set(panel.applicants.values_list("organisation", flat=True))
    cite = edition_of(panel).parameter("commission.operator_share").cite
    found: dict[int, list[Finding]] = {expert.pk: [] for expert in asked}
    for expert in asked:
        if expert.person_id in staff:
            message = _("Works for the organiser of the commission, so cannot be its member.")
            found[expert.pk].append(
                Finding(
                    "operator_staff", Severity.ERROR, message, cite, about=f"expert:{expert.pk}"
                )
            )
        if expert.proposed_by_id in applied:
            message = _(
                "The NGO that proposed this expert applied in this competition, so the expert is "
                "barred from all of it."
            )
            found[expert.pk].append(
                Finding("ngo_applied", Severity.ERROR, message, cite, about=f"expert:{expert.pk}")
            )
    return found


def findings(panel: Panel, seats: list[Seat] | None = None) -> list[Finding]:
    """One finding for each rule that the present composition does not meet; five queries.

    `seats` stands for the present ones, for example to see what a substitution would do.
    """
    seats = seats_of(panel) if seats is None else seats
    staff = staff_of_organiser(panel, [seat.person_id for seat in seats])
    applied = set(panel.applicants.values_list("organisation", flat=True))
    return RULES[panel.act](
        edition_of(panel),
        [
            grants.Seat(
                key=person(seat.person_id),
                side=seat.side,
                secretary=seat.role == Seat.Role.SECRETARY,
                office=seat.office,
                works_for_operator=seat.person_id in staff,
                ngo_applied=seat.expert is not None and seat.expert.proposed_by_id in applied,
            )
            for seat in seats
        ],
    )


@dataclass(frozen=True, slots=True)
class Shares:
    """How many members of each side judge, and their real percentages (GR-X-15)."""

    members: int
    operator: int

    @property
    def ngo(self) -> int:
        return self.members - self.operator

    @property
    def percent_operator(self) -> int:
        """Rounded to whole per cent, for the eye only: the law compares numbers of people."""
        return (200 * self.operator + self.members) // (2 * self.members) if self.members else 0

    @property
    def percent_ngo(self) -> int:
        return 100 - self.percent_operator if self.members else 0


def shares(seats: Iterable[Seat]) -> Shares:
    """The shares among scoring members."""
    sides = Counter(seat.side for seat in seats if seat.role == Seat.Role.MEMBER)
    return Shares(sum(sides.values()), sides[Expert.Side.OPERATOR])


def after_recusals(panel: Panel) -> list[Finding]:
    """The shares recomputed for each applicant from whom somebody is recused (GR-C-12).

    `nobody_left` is an error: nobody could score that applicant. `shares_after_recusal` is a
    warning, since the law sets shares for the commission and not for one applicant (inferred).
    """
    seats = members_of(panel)
    by_person = {seat.person_id: seat for seat in seats}
    recused: dict[int, set[int]] = {}
    names: dict[int, str] = {}
    rows = Conflict.objects.filter(panel=panel, person__in=by_person).select_related("organisation")
    for row in rows:
        recused.setdefault(row.organisation_id, set()).add(row.person_id)
        names[row.organisation_id] = row.organisation.name
    edition = edition_of(panel)
    cite = edition.cite("guide, grants, step 3; GR-C-12", inferred=True)
    found = []
    for organisation, people in sorted(recused.items()):
        left = shares(seat for seat in seats if seat.person_id not in people)
        numbers = {"members": left.members, "operator": left.operator, "ngo": left.ngo}
        about = f"organisation:{organisation}"
        if left.members == 0:
            message = format_lazy(
                _(
                    "Nobody is left to score {applicant}: every member is recused. "
                    "Substitute a member from the register."
                ),
                applicant=names[organisation],
            )
            found.append(Finding("nobody_left", Severity.ERROR, message, cite, numbers, about))
        elif left.operator != grants.operator_part(edition, left.members):
            message = format_lazy(
                _(
                    "After the recusals {applicant} is scored by {members} members, {operator} of "
                    "them proposed by the operator: the shares differ from those of the rules."
                ),
                applicant=names[organisation],
                **numbers,
            )
            found.append(
                Finding("shares_after_recusal", Severity.WARNING, message, cite, numbers, about)
            )
    return found


def undeclared(panel: Panel) -> dict[int, int]:
    """How many applicants each present member has not declared on yet, by seat; two queries."""
    applicants = panel.applicants.count()
    seats = panel.seats.filter(until=None, role=Seat.Role.MEMBER).annotate(
        declared=Count(
            "declarations",
            filter=Q(declarations__organisation__in=panel.applicants.values("organisation")),
        )
    )
    return {seat.pk: applicants - seat.declared for seat in seats if seat.declared < applicants}
