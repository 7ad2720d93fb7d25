"""What annex 3 says in one text, as rows to reckon with: places, partners, months. The text itself stays as it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ortaq.core import regions

from . import months
from .models import Activity, Contract, Partner, Place

NAME, LONGEST = 300, 500
# "1.", "2)", "3 -", "•": how people number what they write one below the other.
_MARK = re.compile(r"^(?:\d{1,3}\s*[.)]|[-–—•*·])\s*")
# "3", "3 серіктес:", "Партнёры - 2": how many there are, not who.
_COUNT = re.compile(
    r"^\D{0,20}\d{1,3}\s*(?:серіктес\w*|партн[её]р\w*|ұйым\w*|организаци\w*)?\s*[:.–—-]?$|^[^:\w]*\w{1,20}:$",
    re.IGNORECASE,
)


def items(text: str) -> list[str]:
    """The entries of a text that lists them by ";" or line by line, without their numbers, each once."""
    found = (_MARK.sub("", " ".join(one.split())).strip(" ,") for one in re.split(r"[;\n\r]", text))
    return list(dict.fromkeys(one for one in found if one))


def partners(text: str) -> list[str]:
    """The names in block I, "Number and names of partners", without the number."""
    return [one for one in items(text) if not _COUNT.match(one)]


# "Көкшетау – 3 іс-шара", "Степногорск (2 семинара)": a number counts only with what it counts, "мкр-3" and "№ 5" are names.
_EVENTS = re.compile(
    r"(?:\s*[:,–—-]\s*|\s*\(\s*|\s+)(\d{1,3})\s*(?:рет|іс[-\s]?шара\w*|шара\w*|семинар\w*|тренинг\w*|дәріс\w*|кездесу\w*|"
    r"сабақ\w*|раза?|мероприяти\w*|встреч\w*|лекци\w*|заняти\w*|events?|meetings?)\s*\)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Where:
    """A place as a text says it: its name, the code of its region ("": it names none), the number of events (None: it says none)."""

    name: str
    region: str = ""
    events: int | None = None


def places(text: str) -> list[Where]:
    """The places of an activity's text in their order, each once; of a place written twice the events are added up."""
    found: dict[str, Where] = {}
    for one in items(text):
        events = _EVENTS.search(one)
        name = (one[: events.start()] if events else one).strip(" ,")[:NAME]
        number = int(events[1]) if events else None
        there = found.get(name)
        if there and there.events is not None and number is not None:
            number += there.events
        found[name] = Where(name, region_in(name), number)
    return list(found.values())


def region_in(name: str) -> str:
    """The code of the region that a place's name says in one of its parts: "Ақмола облысы, Көкшетау"; "" where it says none."""
    parts = (part.strip() for part in re.split(r"[,()]", name))
    return next((found.code for part in parts if (found := regions.named(part))), "")


def spell_out(contract: Contract) -> None:
    """Make the rows of a contract that is being signed; what the signed texts do not say, they do not say either."""
    keep_in_step(contract)
    timed = []
    for activity in contract.activities.all():
        if not activity.months:
            activity.months = months.read(activity.term, contract.starts_on, contract.ends_on)
            timed += [activity] if activity.months else []
    Activity.objects.bulk_update(timed, ["months"])


def keep_in_step(contract: Contract) -> None:
    """Bring places and partners up to their texts, after a change too; rows whose names stay keep what else is known of them."""
    there = {one.name: one for one in contract.partners.all()}
    for position, text in enumerate(partners(str(contract.general.get("partners") or "")), 1):
        partner = there.pop(text[:LONGEST], None) or Partner(
            contract=contract, name=text[:LONGEST], contribution=text[LONGEST:]
        )
        partner.position = position
        partner.save()
    Partner.objects.filter(pk__in=[one.pk for one in there.values()]).delete()
    for activity in contract.activities.prefetch_related("places"):
        _places(activity, activity.places.all())


def _places(activity: Activity, rows: Iterable[Place]) -> None:
    """The rows of one activity as its text says them. A number given by a person stays while the text says none."""
    known = {one.name: one for one in rows}
    for position, said in enumerate(places(activity.place), 1):
        place = known.pop(said.name, Place(activity=activity, name=said.name))
        was = place.position, place.region, place.events, place.by_hand
        place.position, place.region = position, said.region or place.region
        if said.events is not None or not place.by_hand:
            place.events, place.by_hand = said.events, False
        now = place.position, place.region, place.events, place.by_hand
        if place._state.adding or was != now:
            place.save()
    Place.objects.filter(pk__in=[one.pk for one in known.values()]).delete()
