"""What the guide shows of annual returns and of the standing watch, in the parts of the story where they are met."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.demo import cast
from ortaq.demo.story import returns
from ortaq.registry.models import AnnualReturn, StandingFlag

from .leg import Leg


def of_ngo(ngo: str, year: int) -> Callable[[], str]:
    """The page of an NGO's return on a year."""

    def address() -> str:
        row = AnnualReturn.objects.get(organisation=cast.body(ngo), year=year)
        return reverse("registry:annual_return", args=[row.pk])

    return address


def flag() -> str:
    """What an NGO has running with the akimat while it is in liquidation."""
    fact = returns.told()["standing"]
    rows = StandingFlag.objects.filter(
        organisation=cast.body(fact["ngo"]), standing__kind=fact["kind"], body=cast.body("akimat")
    )
    return reverse("registry:standing_flag", args=[rows.earliest("id").pk])


BEFORE_THE_COMPETITION = (
    Leg(
        "aliya",
        _(
            "Without a return in the NGO database sent in time there is no grant: read yours, with its receipt."
        ),
        of_ngo("aqqu", 2019),
        "ngo_database/2018 guide, grants",
    ),
    Leg(
        "askar",
        _("Check a return that came late: remark by field and return it, or approve it."),
        of_ngo("ruh", 2019),
        "ngo_database/2018 guide, NGO database, path",
    ),
)
AFTER_THE_ORDER = (
    Leg(
        "aliya",
        _(
            "Fill in the annual return: what was told before and the contract of the year stand there; "
            "add the money and send it by 31 March."
        ),
        of_ngo("aqqu", 2023),
        "ngo_database/2018 Law No. 142-II art. 41(5); guide, NGO database",
    ),
    Leg(
        "askar",
        _("Check a return beside the one before it: remark by field, or approve it."),
        of_ngo("meirim", 2023),
        "ngo_database/2018 guide, NGO database, path",
    ),
    Leg(
        "saule",
        _("An NGO went into liquidation while its project runs: decide what becomes of it."),
        flag,
    ),
)
