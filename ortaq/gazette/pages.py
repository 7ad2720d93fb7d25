"""What belongs to one public page: the publication that it shows, and those that follow from it.

A competition has its awards, a tender the results of its lots, both the contracts, projects and evaluations that come of them. Rooms
below know that, not the gazette's rows: a few keys are gathered from them, and whoever asks narrows by these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from ortaq.grants.models import Competition, Outcome
from ortaq.oversight.models import Evaluation
from ortaq.planning.models import Information, Topic
from ortaq.prizes.models import Award
from ortaq.projects.models import Contract, Project
from ortaq.tenders.models import Lot

from .models import Publication
from .queries import published
from .sources import every
from .sources.oversight import same_year
from .telling import Keys, through

# From nouns to those that follow from them, in the order in which they are looked for; one query each.
Step = tuple[str, str, Callable[[Keys], Iterable[int]]]
# Cards have filters of their own: whoever follows an NGO or a body hears of all that it does.
CARDS = ("registry.ngo", "people.organisation")


def _contracts(noun: str) -> Step:
    """The contracts that name these results as their source."""

    def concluded(keys: Keys) -> Iterable[int]:
        rows = Contract.objects.filter(source__in=[f"{noun}:{key}" for key in keys])
        return rows.values_list("pk", flat=True)

    return noun, "projects.contract", concluded


def _issued_anew(keys: Keys) -> Iterable[int]:
    """The Informations of the formations of these."""
    formations = Information.objects.filter(pk__in=keys).values("formation")
    return Information.objects.filter(formation__in=formations).values_list("pk", flat=True)


PROJECTS: Step = ("projects.contract", "projects.project", through(Project.objects.all(), "contract"))  # fmt: skip
EVALUATIONS: Step = (
    "projects.project", "oversight.evaluation", through(Evaluation.objects.all(), "project"),
)  # fmt: skip
OF_AN_AWARD = (_contracts("grants.outcome"), PROJECTS, EVALUATIONS)
OF_A_LOT = (_contracts("tenders.lot"), PROJECTS, EVALUATIONS)
AWARDED = (
    ("grants.competition", "grants.outcome", through(Outcome.objects.all(), "lot__competition")),
    *OF_AN_AWARD,
)
FOLLOWS: Mapping[str, tuple[Step, ...]] = {
    "planning.assessment": (
        ("planning.assessment", "planning.topic", through(Topic.objects.all(), "assessments")),
    ),
    # Reports are issued anew, before and after the budget or for the same year: each has a page of its own.
    "planning.information": (
        ("planning.information", "planning.information", _issued_anew),
    ),
    "oversight.publicinformation": (
        ("oversight.publicinformation", "oversight.publicinformation", same_year),
    ),
    "planning.formation": (
        ("planning.formation", "planning.topic", through(Topic.objects.all(), "formation")),
        ("planning.formation", "planning.information", through(Information.objects.all(), "formation")),
    ),
    "planning.topic": (
        ("planning.topic", "tenders.lot", through(Lot.objects.all(), "topic")),
        ("tenders.lot", "tenders.tender", through(Lot.objects.all(), "pk", "tender")),
        *OF_A_LOT,
    ),
    "tenders.tender": (("tenders.tender", "tenders.lot", through(Lot.objects.all(), "tender")), *OF_A_LOT),
    "tenders.lot": OF_A_LOT,
    "grants.plan": (
        ("grants.plan", "grants.competition", through(Competition.objects.all(), "version__plan")),
        *AWARDED,
    ),
    "grants.competition": AWARDED,
    "grants.outcome": OF_AN_AWARD,
    "projects.contract": (PROJECTS, EVALUATIONS),
    "projects.project": (
        ("projects.project", "projects.contract", through(Project.objects.all(), "pk", "contract")),
        EVALUATIONS,
    ),
    "prizes.round": (("prizes.round", "prizes.award", through(Award.objects.all(), "direction__round")),),
}  # fmt: skip


def is_page(key: str) -> bool:
    """Whether a publication may have this key, and its page can be followed; no query."""
    noun, _colon, pk = key.partition(":")
    known = {source.noun for source in every()} - {*CARDS}
    return noun in known and pk.isascii() and pk.isdigit() and len(pk) < 19


def page_of(key: str) -> Publication | None:
    """The publication of a page that is public; one query."""
    return published().filter(key=key).first() if is_page(key) else None


def belonging(key: str) -> list[str]:
    """The keys of the page and of whatever follows from it, public or not yet: at most five queries, whatever there is."""
    noun, _colon, pk = key.partition(":")
    if not is_page(key):
        return []
    found: dict[str, set[int]] = defaultdict(set, {noun: {int(pk)}})
    for before, after, nouns in FOLLOWS.get(noun, ()):
        if found[before]:
            found[after].update(nouns(found[before]))
    return sorted(f"{name}:{one}" for name, keys in found.items() for one in keys)
