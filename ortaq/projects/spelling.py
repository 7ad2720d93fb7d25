"""What annex 3 says in one text, as rows to reckon with: places, partners, months. The text itself stays as it was printed."""

from __future__ import annotations

import re

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
        known = {one.name: one for one in activity.places.all()}
        named = list(dict.fromkeys(name[:NAME] for name in items(activity.place)))
        if named == list(known):
            continue
        for position, name in enumerate(named, 1):
            place = known.pop(name, None) or Place(activity=activity, name=name)
            place.position = position
            place.save()
        Place.objects.filter(pk__in=[one.pk for one in known.values()]).delete()
