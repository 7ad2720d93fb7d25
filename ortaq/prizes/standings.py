"""What the sheets say of the applicants of each direction: exact means, places, whom they propose (PR-030, PR-031).

Only for steps, and for pages once the points are open: nothing here asks who is looking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ortaq.law import prizes as rules
from ortaq.prizes.models import Application, Award, Decision, Direction, Round
from ortaq.prizes.queries.round import LISTED
from ortaq.review import evaluating, scoring
from ortaq.review.models import ScoreSheet


@dataclass(slots=True)
class Nominee:
    """An applicant with what the signed sheets say of it."""

    application: Application
    sheets: list[ScoreSheet] = field(default_factory=list)
    means: Mapping[str, Fraction] = field(default_factory=dict)
    place: int | None = None
    proposed: bool = False
    award: Award | None = None

    @property
    def key(self) -> str:
        """How the application is called in findings and journals."""
        return self.application.number

    @property
    def mean(self) -> Fraction | None:
        """The exact mean of the totals; None where nobody scored."""
        return sum(self.means.values(), Fraction(0)) if self.means else None


@dataclass(slots=True)
class Standing:
    """A direction: its applicants by place, what the points propose and what is decided."""

    direction: Direction
    nominees: list[Nominee]
    result: rules.Result
    decision: Decision | None = None

    @property
    def recipients(self) -> list[Nominee]:
        return [one for one in self.nominees if one.award]

    @property
    def means(self) -> dict[str, str]:
        """The means as a decision keeps them."""
        return {one.key: str(one.mean) for one in self.nominees if one.mean is not None}

    @property
    def lapsed(self) -> bool:
        """The points changed since it was decided: a sheet was set aside."""
        return self.decision is not None and self.decision.means != self.means


def of_round(found: Round, *, direction: int | None = None) -> list[Standing]:
    """The standings of a round, direction by direction; five queries. `direction` (its number) leaves only that one."""
    rows = found.directions.order_by("position")
    chosen = list(rows.filter(pk=direction) if direction else rows)
    applications = (
        found.applications.filter(direction__in=chosen, state__in=LISTED)
        .select_related("organisation", "dossier", "direction")
        .order_by("organisation__sort", "id")
    )
    nominees = {one.pk: Nominee(one) for one in applications}
    _score(found, nominees.values())
    for award in Award.objects.filter(application__in=nominees):
        nominees[award.application_id].award = award
    decisions = {one.direction_id: one for one in Decision.objects.filter(direction__in=chosen)}
    by_direction: dict[int, list[Nominee]] = defaultdict(list)
    for one in nominees.values():
        by_direction[one.application.direction_id].append(one)
    return [_standing(found, one, by_direction[one.pk], decisions.get(one.pk)) for one in chosen]


def _score(found: Round, nominees: Iterable[Nominee]) -> None:
    by_dossier = {one.application.dossier_id: one for one in nominees}
    if found.panel_id is None or not by_dossier:
        return
    sheets = (
        ScoreSheet.objects.filter(
            dossier__in=[pk for pk in by_dossier if pk], state=ScoreSheet.State.SIGNED
        )
        .select_related("seat__person")
        .order_by("seat__person__sort", "id")
    )
    for sheet in sheets:
        by_dossier[sheet.dossier_id].sheets.append(sheet)
    keys = found.rules.rubric(rules.RUBRIC).keys
    for one in by_dossier.values():
        one.means = evaluating.means_of([sheet.marks for sheet in one.sheets], keys)


def _standing(
    found: Round, direction: Direction, nominees: list[Nominee], decision: Decision | None
) -> Standing:
    result = rules.propose(
        found.rules,
        [
            rules.Nominee(one.key, tuple(sheet.total or 0 for sheet in one.sheets))
            for one in nominees
        ],
        prize_tiyn=direction.amount_tiyn,
    )
    placed = {one.key: (number, one) for number, one in enumerate(result.nominees)}
    for one in nominees:
        one.place, one.proposed = placed[one.key][1].place, placed[one.key][1].proposed
    nominees.sort(key=lambda one: placed[one.key][0])
    return Standing(direction, nominees, result, decision)


def comments_of(nominee: Nominee, key: str) -> list[str]:
    """What scorers wrote beside one criterion, without their names."""
    found = (scoring.mark_of(sheet.marks, key)["comment"] for sheet in nominee.sheets)
    return [comment for comment in found if comment.strip()]
