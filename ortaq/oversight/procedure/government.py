"""The authorised body's information to the Government on a year: being prepared → sent (SO-M-16).

open    by the clock once the year is over, or by the body; its day is stored (31 March; the edition of 2018 names none)
write   the conclusions, in Kazakh and Russian
send    what stands then is frozen with its hash; the letter has a number

Its figures are those of the annual reports on annex 9 that the authorised body accepted (SO-R-09); nothing is counted anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, terms
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import key_of, organisation
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.oversight import annex9, consolidated
from ortaq.oversight.models import GovernmentInformation, StatutoryReport
from ortaq.oversight.policy.project import works_for
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.projects.procedure.shared import nobody_was_faster, said

State = GovernmentInformation.State
YEAR = StatutoryReport.Period.YEAR
TERM = "government_summary"
TEXTS = ("summary_kk", "summary_ru")
LONGEST = 50_000


def edition_of(information: GovernmentInformation) -> law.Edition:
    return law.edition(information.act, information.edition)


def cite_of(information: GovernmentInformation) -> law.Citation:
    """Where it stands that the Government is informed."""
    return edition_of(information).parameter("authorised_body.summary").cite


def informs(actor: Any, information: GovernmentInformation) -> bool:
    """Answers for the authorised body whose information it is."""
    return actor is not SYSTEM and works_for(actor, information.body_id)


# --- What it says ------------------------------------------------------------------------------------


def content_of(information: GovernmentInformation) -> dict[str, Any]:
    """What would be sent now. Two queries.

    {"lines": [{"from": key of the submission, "report": number, "body": number, "name": {"kk", "ru"}, "region": code,
                "figures": of one field (`annex9.figures`)}, …],
     "silent": [{"body": number, "name", "state": of its annual report}, …], "summary": {"kk", "ru"}}
    """
    accepted = consolidated.latest(information.year, YEAR, accepted=True).defer("content")
    lines = [
        {
            "from": key_of(one),
            "report": one.report_id,
            "body": one.report.body_id,
            "name": _name(one.report.body),
            "region": one.report.body.region_code,
            "figures": figures,
        }
        for one in accepted
        for figures in one.figures
    ]
    waited_for = (
        StatutoryReport.objects.filter(year=information.year, period=YEAR)
        .exclude(state=StatutoryReport.State.ACCEPTED)
        .select_related("body")
        .order_by("body__sort", "pk")
    )
    return {
        "year": information.year,
        "edition": information.edition,
        "lines": lines,
        "silent": [
            {"body": one.body_id, "name": _name(one.body), "state": one.state} for one in waited_for
        ],
        "summary": {"kk": information.summary_kk, "ru": information.summary_ru},
    }


def _name(body: Organisation) -> dict[str, str]:
    return {"kk": body.name_kk, "ru": body.name_ru}


def says_enough(information: GovernmentInformation, attempt: Attempt) -> Iterable[Finding]:
    """It rests on accepted reports, draws its conclusions in both languages, and tells who is missing (a warning, no bar)."""
    cite = cite_of(information)
    content = attempt.facts.setdefault("content", content_of(information))
    if not content["lines"]:
        yield Finding(
            "no_accepted_report",
            Severity.ERROR,
            _("No annual report is accepted yet, so there is nothing to inform of."),
            cite,
        )
    for name, message in LACKING.items():
        if not getattr(information, name).strip():
            yield Finding(f"no_{name}", Severity.ERROR, message, cite, about=name)
    if content["silent"]:
        count = len(content["silent"])
        yield Finding(
            "bodies_missing",
            Severity.WARNING,
            format_lazy(
                _(
                    "Annual reports that are not accepted: {count}. The information names these bodies."
                ),
                count=count,
            ),
            cite,
            {"count": count},
        )


LACKING = {
    "summary_kk": _("The conclusions are not written in Kazakh."),
    "summary_ru": _("The conclusions are not written in Russian."),
}


def is_numbered(information: GovernmentInformation, attempt: Attempt) -> Iterable[Finding]:
    """The letter has a number."""
    if not said(attempt, "number"):
        yield Finding(
            "no_number",
            Severity.ERROR,
            _("Write the number of the letter."),
            cite_of(information),
            about="number",
        )


def year_is_over(information: GovernmentInformation, attempt: Attempt) -> Iterable[Finding]:
    """Nobody informs of a year that still runs."""
    last = date(information.year, 12, 31)
    if clock.day_of(attempt.now) <= last:
        yield Finding(
            "year_runs",
            Severity.ERROR,
            _("The year is not over yet: the information shows all of it."),
            cite_of(information),
            {"until": last},
        )


def _sent(information: GovernmentInformation, attempt: Attempt) -> Mapping[str, Any]:
    content = {**attempt.facts["content"], "number": said(attempt, "number")}
    information.number = content["number"]
    information.content, information.content_sha256 = content, sha256(content)
    information.sent_at = attempt.now
    information.version += 1
    information.save()
    return {"number": information.number, "sha256": information.content_sha256}


SEND = Step(
    "send",
    _("Send to the Government"),
    source=State.DRAFT,
    target=State.SENT,
    by=informs,
    requires=(nobody_was_faster, year_is_over, is_numbered, says_enough),
    effect=_sent,
    cite="rules_social_order/2022 №18-2022 ¶11",
    final=True,
)


def owed(information: GovernmentInformation) -> Iterable[Owed]:
    """The authorised body owes it by its day, if the edition names one."""
    if information.state == State.DRAFT:
        year = information.year
        yield Owed(
            "inform_government",
            organisation(information.body_id),
            Text(
                f"{year} жылғы мемлекеттік әлеуметтік тапсырыстың іске асырылу нәтижелері туралы ақпаратты Үкіметке жолдау",
                f"Направить в Правительство информацию о результатах реализации государственного социального заказа за {year} год",
                f"Send the Government the information on the results of the social order of {year}",
            ),
            information.due_at,
            reverse("oversight:government", args=[information.pk]),
            str(cite_of(information)),
        )


GOVERNMENT: Procedure[GovernmentInformation] = Procedure(
    GovernmentInformation, (SEND,), duties=owed
)
OPEN = Step(
    "open", _("Prepare the information to the Government"), source=(), target=None, by=informs
)
WRITE = Step("write", _("Write the conclusions"), source=State.DRAFT, target=None, by=informs)


@transaction.atomic
def open_information(
    body: Organisation, year: int, *, actor: Any = SYSTEM
) -> GovernmentInformation:
    """The information on a year, made once, with the day on which it is due. Raises `Refused` for strangers."""
    made = GovernmentInformation(body=body, year=year)
    if actor is not SYSTEM and not (
        body.kind == Organisation.Kind.AUTHORISED_BODY and informs(actor, made)
    ):
        raise Refused(OPEN, [not_yours(OPEN)])
    fresh = locked(Organisation, body.pk)
    if found := GovernmentInformation.objects.filter(body=fresh, year=year).first():
        return found
    edition = annex9.edition_at(year, YEAR)
    made.act, made.edition = edition.act, edition.key
    if TERM in edition.terms:
        made.due_at = terms.due_at(edition, TERM, clock.at(date(year, 12, 31)))
    due = made.due_at.isoformat() if made.due_at else None
    return GOVERNMENT.begin(made, actor=actor, due_at=due)


@transaction.atomic
def write(
    information: GovernmentInformation, texts: Mapping[str, str], *, version: int, actor: Actor
) -> GovernmentInformation:
    """Save the conclusions: `texts` by "summary_kk", "summary_ru"; no step, since nothing legal happens while somebody types. Raises `Refused` for strangers, when somebody was faster, and
    after it was sent.
    """
    fresh = locked(GovernmentInformation, information.pk)
    if not informs(actor, fresh) or fresh.state not in WRITE.sources:
        raise Refused(WRITE, [not_yours(WRITE)])
    attempt = Attempt(actor, clock.now(), {"version": version})
    if faster := list(nobody_was_faster(fresh, attempt)):
        raise Refused(WRITE, faster)
    for name in TEXTS:
        if name in texts:
            plain = texts[name].replace("\0", "").replace("\r\n", "\n")
            setattr(fresh, name, plain[:LONGEST].strip())
    fresh.version += 1
    fresh.save(update_fields=[*TEXTS, "version"])
    return fresh


@dataclass(frozen=True, slots=True)
class Opened:
    """What `ortaq tick` opened, and nothing that could not be."""

    closed: Sequence[GovernmentInformation]
    refused: Sequence[Exception] = ()


def open_due() -> Opened:
    """Open the information on the year that ended last, if projects ran in it. Safe to call at any time; one query once it is open."""
    year = clock.today().year - 1
    bodies = Organisation.objects.filter(kind=Organisation.Kind.AUTHORISED_BODY).exclude(
        government_informations__in=GovernmentInformation.objects.filter(year=year)
    )
    missing = list(bodies)
    if not missing or not annex9.projects_in(None, year, YEAR).exists():
        return Opened([])
    return Opened([open_information(body, year) for body in missing])
