"""The way through the grant competition, from the announcement to the signed contracts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.demo import cast, story
from ortaq.demo.story import found
from ortaq.grants.models import Application
from ortaq.projects import signing
from ortaq.projects.models import Contract
from ortaq.signing import requirement

from . import returns
from .leg import Leg, Part, page


def of_competition(name: str, after: str = "") -> Callable[[], str]:
    return lambda: reverse(f"grants:{name}", args=[found.competition().pk]) + after


def of_panel(name: str) -> Callable[[], str]:
    return lambda: reverse(f"review:{name}", args=[found.competition().panel_id])


def aliyas_application() -> str:
    mine = Application.objects.filter(organisation=cast.body("aqqu")).order_by("id").first()
    return reverse("grants:application", args=[mine.pk]) if mine else reverse("grants:applications")


def aliyas_contract() -> Contract:
    return Contract.objects.get(grantee=cast.body("aqqu"), grantor=cast.body("operator"))


PARTS = (
    Part(
        story.STAGES["announced"],
        (
            Leg(
                "aliya",
                _(
                    "Finish the draft: beside it stands what is missing, each with its clause. "
                    "Submit it and look at the receipt."
                ),
                aliyas_application,
                "grants_rules/2020 announcement 2020 §5",
            ),
            Leg(
                "gulnara",
                _("Answer the question on the announcement: everybody reads the answer."),
                of_competition("competition", "#questions"),
                "grants_rules/2020 announcement 2020 §8",
            ),
            *returns.BEFORE_THE_COMPETITION,
        ),
        "submitted",
    ),
    Part(
        clock.at(date(2020, 6, 3), 18),
        (
            Leg(
                "gulnara",
                _("Check an application item by item; admit or refuse it."),
                of_competition("competition_applications", "?state=submitted"),
                "grants_rules/2020 413-rules via announcement 2020 §6",
            ),
            Leg(
                "gulnara",
                _(
                    "Choose the members of the commission and a secretary, then send them the list "
                    "of applicants."
                ),
                of_panel("panel"),
                "grants_rules/2020 guide, grants, step 3",
            ),
            Leg(
                "erlan",
                _("Once on the commission: declare on every applicant; no file opens before that."),
                page("review:panels"),
                "grants_rules/2020 413-rules annex 7 via announcement 2020 §6",
            ),
        ),
        "scoring",
    ),
    Part(
        clock.at(date(2020, 6, 18), 10),
        (
            Leg(
                "erlan",
                _("Score an application tick by tick and sign the sheet: then it is locked."),
                of_panel("dossiers"),
                "grants_rules/2020 413-rules annex 7 via announcement 2020 §6",
            ),
            Leg(
                "gulnara",
                _("See how far scoring is; nobody sees points yet, not even the operator."),
                of_panel("progress"),
                "grants_rules/2020 guide, grants, step 3",
            ),
        ),
        "meeting",
    ),
    Part(
        clock.at(date(2020, 7, 13), 10),
        (
            Leg(
                "erlan",
                _("Compare the points with those of the others; change yours, with a reason."),
                of_panel("ranking"),
                "grants_rules/2020 guide, grants, step 3",
            ),
            Leg(
                "saule",
                _(
                    "Keep the minutes, note who is present, record how the tie was decided, close "
                    "the meeting."
                ),
                of_panel("meeting"),
                "grants_rules/2020 guide, grants, step 3",
            ),
            Leg(
                "gulnara",
                _("After the meeting: prepare the outcomes, draw up the protocol, publish."),
                of_competition("outcomes"),
                "grants_rules/2020 announcement 2020 §7",
            ),
        ),
        "published",
    ),
    Part(
        clock.at(date(2020, 7, 17), 10),
        (
            Leg(
                "aliya",
                _("Read how every topic ended, and your own result."),
                of_competition("results"),
                "grants_rules/2020 announcement 2020 §7",
            ),
            Leg(
                "gulnara",
                _("Prepare the contracts, complete them and send them along the chain."),
                of_competition("outcomes"),
                "grants_rules/2020 guide, grants, step 5",
            ),
            Leg(
                "aliya",
                _("Complete your contract and, after the operator's chain, agree to it."),
                page("projects:contracts"),
                "grants_rules/2020 guide, grants, step 5",
            ),
        ),
        "signing",
    ),
    Part(
        clock.at(date(2020, 7, 31), 10),
        (
            Leg(
                "aliya",
                _("Sign your contract with NCALayer: here a stand-in answers with a test key."),
                lambda: requirement.page(signing.CONTRACT, aliyas_contract()),
                "grants_rules/2020 guide, grants, step 5",
            ),
            Leg(
                "gulnara",
                _("Sign for the operator; once both have signed, conclude the contract."),
                lambda: signing.CONTRACT.address(aliyas_contract()),
                "grants_rules/2020 guide, grants, step 5",
            ),
        ),
        "contracted",
    ),
    Part(
        clock.at(date(2020, 7, 31), 15),
        (
            Leg(
                "aliya",
                _("Read the signed contract with its annex 3."),
                page("projects:contracts"),
                "grants_rules/2020 contract 2024 annex 3",
            ),
            Leg(
                "gulnara",
                _("Follow the whole competition in its journal."),
                of_competition("competition_manage", "#journal"),
            ),
        ),
        "running",
    ),
)
