"""What one only looks at: steps of the tours that nobody's part in the story asks for."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.demo import cast
from ortaq.demo.path.competition import aliyas_contract, of_competition
from ortaq.demo.path.leg import Leg, page
from ortaq.demo.path.order import of_tender


def aliyas_tenge() -> str:
    return reverse("portal:tenge_contract", args=[aliyas_contract().pk])


def aliyas_ngo() -> str:
    return reverse("portal:ngo", args=[cast.bodies()["aqqu"].bin])


LEGS: tuple[tuple[str, Leg], ...] = (
    (
        "announced",
        Leg(
            "madina",
            _(
                "Look at the plan: its printed total differs from the computed one, and both are shown."
            ),
            page("grants:plans"),
            "grants_rules/2020 plan 2020, head row",
        ),
    ),
    (
        "announced",
        Leg(
            "serik",
            _("See at one glance whether everything that must run does run."),
            page("operations:console"),
        ),
    ),
    (
        "announced",
        Leg(
            "serik",
            _("See what runs by itself, how it went and when it is due."),
            page("operations:schedule"),
        ),
    ),
    (
        "announced",
        Leg("serik", _("See which letters could not leave, and why."), page("operations:letters")),
    ),
    (
        "announced",
        Leg(
            "serik",
            _("See who is locked out after wrong passwords, and let them in again."),
            page("operations:accounts"),
        ),
    ),
    (
        "announced",
        Leg(
            "serik",
            _("See what broke, each place once, without what people had typed."),
            page("operations:errors"),
        ),
    ),
    (
        "announced",
        Leg(
            "serik",
            _(
                "Read what the law says to this installation: acts, editions, terms, each with its clause."
            ),
            page("faces:law"),
        ),
    ),
    (
        "announced",
        Leg(
            "serik",
            _("Try to read an application: administering opens none of them."),
            page("grants:applications"),
        ),
    ),
    (
        "published",
        Leg(
            "madina",
            _("Read the results of the competition: points, means and grounds of each topic."),
            of_competition("results"),
            "grants_rules/2020 guide, grants, step 5",
        ),
    ),
    (
        "contracted",
        Leg(
            "madina",
            _("Follow a tenge from the plan to the contract and what was paid."),
            aliyas_tenge,
        ),
    ),
    (
        "reported",
        Leg(
            "madina",
            _("Read the page of an NGO: its contracts, reports and returns on one page."),
            aliyas_ngo,
        ),
    ),
    (
        "ordered",
        Leg(
            "madina",
            _(
                "Recalculate the results of the tender with your own computer, without trusting these pages."
            ),
            of_tender("results"),
            "tender_scoring/2019 guide, stage 6",
        ),
    ),
    (
        "evaluated",
        Leg("madina", _("Search for an NGO, a topic or a town."), page("portal:search")),
    ),
    (
        "evaluated",
        Leg("madina", _("See who was late, and with what."), page("portal:late")),
    ),
    (
        "evaluated",
        Leg(
            "madina",
            _("See where the money went: every sum leads to the records behind it."),
            page("portal:money"),
        ),
    ),
    (
        "evaluated",
        Leg(
            "madina",
            _("Take the data away: tables, contracting processes and grants under open standards."),
            page("opendata:index"),
        ),
    ),
    (
        "evaluated",
        Leg(
            "gulnara",
            _("See the terms that run and those that were missed, with their clauses."),
            page("portal:desk"),
        ),
    ),
)
