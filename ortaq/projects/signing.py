"""What of this room is signed electronically, by whom: the contract, a report, the act of services.

contract   annex 3 with the estimate, the terms, number and date, as `baseline` keeps them; both parties
report     everything that its paper shows; the head of the NGO (IM-061)
act        number, day, sum, services; the supplier, then the customer

Whose steps conclude the contracts of an instrument says what else of them is signed (`kinds[instrument] = …`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.law.editions import Edition
from ortaq.people.models import Organisation
from ortaq.signing import occasions, requirement
from ortaq.signing.occasions import Occasion, Party, What

from . import baseline
from .models import Act, Contract, Report
from .policy import contract as of_contract
from .policy import project as of_project
from .policy import report as of_report
from .queries.contract import contracts_visible_to
from .queries.project import projects_visible_to
from .queries.report import content_of, report_head
from .reporting.content import assemble

PDFS = {"kk": "Қазақша (PDF)", "ru": "Русский (PDF)"}
GRANTOR, GRANTEE, SUPPLIER, CUSTOMER = "grantor", "grantee", "supplier", "customer"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is said of the contracts of an instrument: what else is signed, and how their duties follow."""

    content: Callable[[Contract], dict[str, Any]]
    settle: Callable[[Contract], None]


kinds: dict[str, Kind] = {}


def edition_of(contract: Contract) -> Edition:
    """The edition that a contract is under, and with it its reports and its act."""
    return law.edition(contract.act, contract.edition)


def _organisation(key: str, label: Any, row: Organisation) -> Party:
    return Party(key, label, bin=row.bin, organisation=f"organisation:{row.pk}", name=row.name)


# --- The contract ----------------------------------------------------------------------------------


def parties_of(contract: Contract) -> list[Party]:
    """Who receives and who gives; for a social order they are called supplier and customer."""
    grant = contract.instrument == Contract.Instrument.GRANT
    return [
        _organisation(
            GRANTEE,
            pgettext_lazy("party of a contract", "grantee")
            if grant
            else pgettext_lazy("party of a contract", "supplier"),
            contract.grantee,
        ),
        _organisation(
            GRANTOR,
            pgettext_lazy("party of a contract", "grantor")
            if grant
            else pgettext_lazy("party of a contract", "customer"),
            contract.grantor,
        ),
    ]


def signs_contract(actor: Any, contract: Contract, party: Party) -> bool:
    """Head or deputy of the NGO; for the body whoever is responsible in it: the certificate says whether
    they have the right to sign.
    """
    signs = of_contract.heads_grantee if party.key == GRANTEE else of_contract.is_grantor
    return bool(signs(actor, contract))


def contract_of(actor: Any, pk: int) -> Contract | None:
    """The contract for its parties; one that was only entered here is signed elsewhere."""
    rows = contracts_visible_to(actor).select_related("grantor", "grantee")
    return rows.exclude(source__startswith=Contract.ELSEWHERE).filter(pk=pk).first()


def what_of_contract(contract: Contract) -> What:
    """The content that is concluded. Once the contract is signed, what was kept apart then."""
    signed = contract.state == Contract.State.SIGNED
    content = contract.project.baseline if signed else baseline.of(contract)
    # Months are read from the printed terms when the project opens: the terms are what is signed.
    plan = [{k: v for k, v in row.items() if k != "months"} for row in content["plan"]]
    return What(
        version=sum(contract.versions.values()),
        title={"kk": contract.title_kk, "ru": contract.title_ru},
        content={
            **content,
            "plan": plan,
            "format": "ortaq.contract/1",
            "instrument": contract.instrument,
            "edition": f"{contract.act}/{contract.edition}",
            "title_kk": contract.title_kk,
            "title_ru": contract.title_ru,
            **kinds[contract.instrument].content(contract),
        },
    )


def _contract_signed(contract: Contract, _signature: Any) -> None:
    kinds[contract.instrument].settle(contract)


def is_numbered(contract: Contract) -> bool:
    """Agreed by all, with number and date: from here on it is signed."""
    agreed = contract.state == Contract.State.AGREED
    return agreed and bool(contract.number and contract.concluded_on)


def answers_for(actor: Any, contract: Contract) -> bool:
    """Those of both parties who see all that the contract says."""
    return bool(of_contract.may_edit(actor, contract))


def papers_of_contract(contract: Contract) -> list[tuple[Any, str]]:
    """Annex 3, estimate and calendar plan of a grant; the contract of a social order is read on its page."""
    if contract.instrument != Contract.Instrument.GRANT:
        return [(_("The contract"), reverse(contract.page, args=[contract.pk]))]
    from .papers.contract import NAMES

    language = "ru" if (get_language() or "").startswith("ru") else "kk"
    return [
        (label, reverse("projects:paper", args=[contract.pk, name, language, "pdf"]))
        for name, label in NAMES.items()
    ]


CONTRACT = occasions.register(
    Occasion(
        "projects.contract",
        _("Contract"),
        find=contract_of,
        edition=edition_of,
        what=what_of_contract,
        parties=parties_of,
        may_sign=signs_contract,
        address=lambda contract: reverse(
            "projects:approvals" if contract.page == "projects:contract" else contract.page,
            args=[contract.pk],
        ),
        signed=_contract_signed,
        open=is_numbered,
        packs=answers_for,
        papers=papers_of_contract,
    )
)


def mode_of(contract: Contract) -> str:
    """Whether a contract is signed electronically: must be, may be, is not."""
    return requirement.mode(CONTRACT, contract)


# --- Reports ---------------------------------------------------------------------------------------


def what_of_report(report: Report) -> What:
    """All that the paper shows (`stated`): as it stands while it is written, as submitted afterwards."""
    written = report.state in (Report.State.DRAFT, Report.State.RETURNED)
    number = report.round + written
    if written:
        made = report.assembled or assemble(
            report, [one for one in report.remarks.all() if one.round == report.round]
        )
        content = made.content
    else:
        content = content_of(report, report.round) or {}
    contract = report.project.contract
    return What(
        version=number,
        title={
            language: f"{report_name(report, language)}: {title}"
            for language, title in (("kk", contract.title_kk), ("ru", contract.title_ru))
        },
        content=stated(content),
    )


def stated(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a report without what comes with its submission: its day, and the hashes of the lists of people."""
    fields = content.get("fields", {})
    return {
        **content,
        "format": "ortaq.report/1",
        "fields": {name: value for name, value in fields.items() if name != "date"},
        "annexes": [
            {name: value for name, value in one.items() if name != "list"}
            for one in content.get("annexes", ())
        ],
    }


def report_name(report: Report, language: str) -> str:
    """The kind of a report in a language, for what is read outside a page."""
    with translation.override(language):
        return str(report.get_kind_display())


REPORT = occasions.register(
    Occasion(
        "projects.report",
        _("Report"),
        find=lambda actor, pk: next(
            (one for one in report_head(actor).filter(pk=pk) if of_report.reads(actor, one)), None
        ),
        edition=lambda report: edition_of(report.project.contract),
        what=what_of_report,
        parties=lambda report: [
            _organisation(
                GRANTEE,
                pgettext_lazy("party of a contract", "who carries the project out"),
                report.project.contract.grantee,
            )
        ],
        may_sign=lambda actor, report, _party: bool(of_report.submits(actor, report)),
        address=lambda report: reverse("projects:report", args=[report.project_id, report.pk]),
        packs=lambda actor, report: bool(
            of_project.sees_people(actor, report.project)
            or of_project.is_body(actor, report.project)
        ),
        papers=lambda report: [
            (
                label,
                reverse(
                    "projects:report_paper", args=[report.project_id, report.pk, language, "pdf"]
                ),
            )
            for language, label in PDFS.items()
        ],
        open=lambda report: report.state in (Report.State.DRAFT, Report.State.RETURNED),
    )
)


# --- The act of services ---------------------------------------------------------------------------


def what_of_act(act: Act) -> What:
    """Number, day, sum and services. Scan and state are not signed: they come afterwards."""
    contract = act.project.contract
    return What(
        version=act.version,
        title={"kk": contract.title_kk, "ru": contract.title_ru},
        content={
            "format": "ortaq.act/1",
            "contract": {
                "number": contract.number,
                "concluded_on": contract.concluded_on,
                "supplier": contract.grantee.bin,
                "customer": contract.grantor.bin,
            },
            "number": act.number,
            "day": act.day,
            "sum_tiyn": act.sum_tiyn,
            "services": act.services,
        },
    )


def signs_act(actor: Any, act: Act, party: Party) -> bool:
    """The supplier first, the customer when the supplier has."""
    if party.key == SUPPLIER:
        return act.state == Act.State.DRAFT and bool(of_report.signs_for_supplier(actor, act))
    return act.state == Act.State.SUPPLIER and bool(of_report.signs_for_customer(actor, act))


def act_of(actor: Any, pk: int) -> Act | None:
    rows = Act.objects.filter(project__in=projects_visible_to(actor))
    rows = rows.select_related("project__contract__grantor", "project__contract__grantee")
    return rows.defer("project__baseline").filter(pk=pk).first()


ACT = occasions.register(
    Occasion(
        "projects.act",
        _("Act of services"),
        find=act_of,
        edition=lambda act: edition_of(act.project.contract),
        what=what_of_act,
        parties=lambda act: [
            _organisation(
                SUPPLIER,
                pgettext_lazy("party of a contract", "supplier"),
                act.project.contract.grantee,
            ),
            _organisation(
                CUSTOMER,
                pgettext_lazy("party of a contract", "customer"),
                act.project.contract.grantor,
            ),
        ],
        may_sign=signs_act,
        address=lambda act: reverse("projects:act", args=[act.project_id]),
        packs=lambda actor, act: answers_for(actor, act.project.contract),
        papers=lambda act: [
            (label, reverse("projects:act_paper", args=[act.project_id, language, "pdf"]))
            for language, label in PDFS.items()
        ],
        open=lambda act: (
            act.state != Act.State.SIGNED and bool(act.number and act.day and act.services)
        ),
    )
)
