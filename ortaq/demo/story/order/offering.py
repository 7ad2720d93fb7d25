"""What the NGOs write into their bids: values by path, as the pages of a bid save them."""

from __future__ import annotations

from typing import Any

from ortaq.demo import cast
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.people.actor import Actor
from ortaq.tenders.content.parts import slug
from ortaq.tenders.models import Bid, Lot
from ortaq.tenders.procedure import bid_draft, bid_vault

from .data import TENGE, Offer

Values = dict[str, Any]
# C5 as data: the kind and the years of earlier projects.
EXPERIENCE = {
    0: ("social", 0), 1: ("social", 1), 2: ("social", 3), 3: ("social", 6),
    4: ("market", 1), 5: ("market", 3), 6: ("market", 6),
}  # fmt: skip
YEAR = 2023
LEVELS = (
    ("input", "quantitative", "Тартылған мамандар мен еріктілер", "10"),
    ("process", "quantitative", "Өткізілген сабақтар мен кеңестер", "120"),
    ("short_term", "qualitative", "Қатысушылардың қанағаттануы", "75 %"),
    ("long_term", "qualitative", "Алған дағдысын қолданғандардың үлесі", "50 %"),
)
GOALS = (
    "Тұрғындардың қоғамдық бастамаларын қолдау",
    "Халықтың осал топтарына көмектесу",
    "Білім мен тәжірибе таратуды ұйымдастыру",
)


def about_the_ngo(offer: Offer) -> Values:
    """Goals of the charter, experience, people: the same for any lot."""
    kind, years = EXPERIENCE[offer.scores.get("C5", 2)]
    row = "experience/projects/~e1"
    head = " ".join(cast.head_of(offer.ngo).name)
    found: Values = {
        "experience/market": f"{cast.bodies()[offer.ngo].since.year} жылдан бері",
        f"{row}/name": "Көршіңе қол ұшын бер",
        f"{row}/counts_as": kind,
        f"{row}/first": f"{YEAR - max(years, 1)}-01",
        f"{row}/last": f"{YEAR - 1}-12",
        f"{row}/customer_geography": "Облыстық басқарма, үш аудан",
        f"{row}/cost": 5_000_000 * TENGE,
        f"{row}/results": "200 қатысушы, 40 ерікті",
        "qualification/~t1/member_name": head,
        "qualification/~t1/position": "жоба жетекшісі",
        "qualification/~t1/qualification": "Жоғары білім, 10 жыл тәжірибе",
    }
    for number, goal in enumerate(GOALS, 1):
        found[f"goals_match/~g{number}/goal"] = goal
        found[f"goals_match/~g{number}/match"] = "Техникалық ерекшеліктің мақсатына сай келеді"
    return found


def everything(offer: Offer, lot: Lot) -> Values:
    """A whole bid for a lot, with its price."""
    head = " ".join(cast.head_of(offer.ngo).name[:2])
    topic = lot.topic
    found: Values = {
        **about_the_ngo(offer),
        "description/tasks": topic.justification_kk,
        "description/mechanism": "Аудан үйлестірушілері мен еріктілер тобы кесте бойынша жұмыс істейді.",
        "description/coverage_direct": 120,
        "description/coverage_indirect": 3000,
        "description/coverage_by_group/~c1/group": topic.target_group_kk,
        "description/coverage_by_group/~c1/persons": 120,
        "media_plan/~m1/topic": topic.title_kk,
        "media_plan/~m1/responsible": head,
        "media_plan/~m1/medium": "Облыстық газет және әлеуметтік желі",
        "media_plan/~m1/expected_date": "2023 жылғы мамыр",
        "risks/~r1/risk": "Боран кезінде жол жабылады",
        "risks/~r1/strategy": "Сабақ басқа күнге ауысады немесе онлайн өтеді",
        "price/offer": offer.tenge * TENGE,
    }
    for number, service in enumerate(lot.specification.services.all(), 1):
        key = slug(service)
        found |= {
            f"plan/~a{number}/service": key,
            f"plan/~a{number}/kind": service.name_kk,
            f"plan/~a{number}/name": f"{service.name_kk}: {topic.title_kk}",
            f"plan/~a{number}/term": "2023 жылғы сәуір – қараша",
            f"plan/~a{number}/place": "Ақмола облысының аудандары",
            f"plan/~a{number}/responsible": head,
            f"plan/~a{number}/about": "Техникалық ерекшеліктің талаптары бойынша",
            f"services/{key}/offer": f"{service.name_kk}, талапқа сай",
            f"services/{key}/quantity": service.quantity,
        }
    for number, (level, nature, text, expected) in enumerate(LEVELS, 1):
        row = f"indicators/~i{number}"
        found |= {
            f"{row}/level": level,
            f"{row}/nature": nature,
            f"{row}/text": text,
            f"{row}/expected": expected,
        }
    return found


def write(bid: Bid, values: Values, actor: Actor) -> None:
    """Write `values` where nothing stands; what visitors wrote stays."""
    row = Bid.objects.get(pk=bid.pk)
    known = paths.flatten(bid_vault.draft_of(row).data)
    units: dict[str, Values] = {}
    for path, value in values.items():
        if path not in known:
            units.setdefault(paths.unit_of(path), {})[path] = value
    edits = [Edit(unit, row.version, given) for unit, given in units.items()]
    if edits:
        bid_draft.save(row, edits, actor=actor)
