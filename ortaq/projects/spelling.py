"""What annex 3 says in one text, as rows to reckon with: places, partners, months. The text itself stays as it was printed."""

from __future__ import annotations

import re

from . import months
from .models import Activity, Contract, Partner, Place

NAME = 300
# "1.", "2)", "3 -", "•": how people number what they write one below the other.
_MARK = re.compile(r"^(?:\d{1,3}\s*[.)]|[-–—•*·])\s*")
# "3", "3 серіктес:", "Партнёры - 2": how many there are, not who.
_COUNT = re.compile(
    r"^\D{0,20}\d{1,3}\s*(?:серіктес\w*|партн[её]р\w*|ұйым\w*|организаци\w*)?\s*[:.–—-]?$|^[^:\w]*\w{1,20}:$",
    re.IGNORECASE,
)


def items(text: str) -> list[str]:
    """The entries of a text that lists them by ";" or line by line, without their numbers, each once."""
    found = (
        _MARK.sub("", " ".join(one.split())).strip(" ,") for one in re.split(r"[;\n\r]", text)
    )
    return list(dict.fromkeys(one for one in found if one))


def partners(text: str) -> list[str]:
    """The names in block I, "Number and names of partners", without the number."""
    return [one for one in items(text) if not _COUNT.match(one)]


def spell_out(contract: Contract) -> None:
    """Make the rows of a contract that is being signed; what the signed texts do not say, they do not say either."""
    Partner.objects.bulk_create(
        Partner(contract=contract, position=position, name=name[:500], contribution=name[500:])
        for position, name in enumerate(partners(str(contract.general.get("partners") or "")), 1)
    )
    activities = list(contract.activities.all())
    Place.objects.bulk_create(
        Place(activity=activity, position=position, name=name[:NAME])
        for activity in activities
        for position, name in enumerate(items(activity.place), 1)
    )
    timed = []
    for activity in activities:
        if not activity.months:
            activity.months = months.read(activity.term, contract.starts_on, contract.ends_on)
            timed += [activity] if activity.months else []
    Activity.objects.bulk_update(timed, ["months"])
