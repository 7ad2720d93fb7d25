"""Two NGOs give small grants from the money of their topics: announced, asked for by anybody, selected, paid, proved."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

from ortaq.core import clock
from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.demo.story.outcome import a_scan
from ortaq.projects import small_checks
from ortaq.projects.models import Evidence, Expense, Project, SmallCompetition, SmallGrant
from ortaq.projects.procedure import evidence, money
from ortaq.projects.procedure.small import SMALL, differing, prepare
from ortaq.projects.procedure.small_grant import GRANT as ONE
from ortaq.projects.procedure.small_grant import apply

from . import data, found
from .data import GRANT, TENGE

State, Of = SmallCompetition.State, SmallGrant.State
LINE = "b21"  # of the estimate: see `ortaq.demo.writing`
CHOSEN = "Ауылға пайдасы анық, шығыны негізделген."
TURNED_DOWN = "Ақша жетпеді: басқа өтінімдер жоғары бағаланды."


@cache
def competitions() -> dict[str, dict[str, Any]]:
    """What the story tells, by the NGO that gives the grants."""
    return {row["ngo"]: row for row in cast.table("small_grants.toml")["competition"]}


def beats() -> Iterator[Beat]:
    for ngo, told in competitions().items():
        yield beat(told["prepared_at"], announce, ngo)
        for number, row in enumerate(told["application"]):
            yield beat(row["at"], ask, ngo, number)
        yield beat(told["selected_at"], select, ngo)
        if "consented_at" in told:
            yield beat(told["consented_at"], consent, ngo)
        yield beat(told["decided_at"], decide, ngo)
        yield beat(told["paid_at"], pay, ngo)
        yield beat(told["proved_at"], prove, ngo)


def competition(ngo: str) -> SmallCompetition:
    """The competition of an NGO, with its project; `SmallCompetition.DoesNotExist` before it is prepared."""
    project = found.project(ngo, GRANT)
    form = uuid.uuid5(data.FORMS, f"small grants of {ngo}")
    found_one: SmallCompetition = SmallCompetition.objects.get(project=project, once=form)
    found_one.project = project
    return found_one


def grants(of: SmallCompetition, *states: str) -> Iterator[SmallGrant]:
    for grant in of.grants.filter(state__in=states):
        grant.competition = of
        yield grant


def told_of(ngo: str) -> dict[uuid.UUID, dict[str, Any]]:
    """What the story tells of each application, by the form that made it."""
    return {
        form_of(ngo, number): row for number, row in enumerate(competitions()[ngo]["application"])
    }


def form_of(ngo: str, number: int) -> uuid.UUID:
    return uuid.uuid5(data.FORMS, f"small grant {ngo} {number}")


# --- What happens -----------------------------------------------------------------------------------


def announce(ngo: str) -> None:
    """The competition with its announcement and rules, published by the head."""
    told, head = competitions()[ngo], found.head(ngo)
    values = {
        "closes_at": told["closes_at"].replace(tzinfo=clock.ALMATY),
        **{f"title_{tongue}": told[tongue] for tongue in ("kk", "ru")},
        **{
            name: told[name]
            for name in ("announcement_kk", "announcement_ru", "rules_kk", "rules_ru")
        },
    }
    form = uuid.uuid5(data.FORMS, f"small grants of {ngo}")
    made = prepare(found.project(ngo, GRANT), form, values, actor=head)
    if made.state == State.DRAFT:
        SMALL.take("publish", made, actor=head)


def ask(ngo: str, number: int) -> None:
    """Somebody applies, without signing in."""
    told = competitions()[ngo]
    row = told["application"][number]
    who = data.Somebody(8000 + 100 * cast.bodies()[ngo].number + number)
    values = {
        "applicant": row["who"],
        "name": row.get("name", who.name),
        "contact": who.contact,
        "identifier": "",
        "region": told["regions"][number % len(told["regions"])],
        "title": row["title"],
        "text": f"{row['title']}: жергілікті тұрғындармен бірге, нәтижесі суретпен және есеппен көрсетіледі.",
        "asked_tiyn": row["tenge"] * TENGE,
        "consented": True,
    }
    apply(competition(ngo), form_of(ngo, number), values)


def select(ngo: str) -> None:
    """A decision on every application that has none; what visitors asked for is given within the limit of the topic."""
    of, head, known = competition(ngo), found.head(ngo), told_of(ngo)
    if of.state == State.OPEN:
        SMALL.take("select", of, actor=head)
    if of.state != State.SELECTING:
        return
    limit = small_checks.Limits.of(of.limits).amount_tiyn or 0
    for grant in grants(of, Of.SUBMITTED):
        row = known.get(grant.once, {"give": min(grant.asked_tiyn, limit) // TENGE})
        if "give" in row:
            ONE.take(
                "choose",
                grant,
                actor=head,
                given_tiyn=row["give"] * TENGE,
                purpose_checked=True,
                reason=CHOSEN,
            )
        else:
            ONE.take("turn_down", grant, actor=head, reason=row.get("reason", TURNED_DOWN))
    if of.consent_asked_at is None and differing(of):
        SMALL.take("ask_consent", of, actor=head, reason=competitions()[ngo]["consent"])


def consent(ngo: str) -> None:
    """Gulnara agrees to sums that the topic does not state (GR-X-12)."""
    of = competition(ngo)
    if of.consent_asked_at is not None:
        SMALL.take("consent", of, actor=found.officer(GRANT))


def decide(ngo: str) -> None:
    of = competition(ngo)
    if of.state == State.SELECTING:
        SMALL.take("decide", of, actor=found.head(ngo))


def pay(ngo: str) -> None:
    """Each small grant is an expense of the contract's money."""
    of = competition(ngo)
    project, accountant = of.project, found.accountant(ngo)
    line = found.line(project, LINE)
    for grant in grants(of, Of.SELECTED):
        expense = Expense(
            line=line,
            activity=line.activity,
            document=Expense.Document.PAYMENT_ORDER,
            document_number=f"{ngo[:2].upper()}-{grant.number:03}",
            spent_on=clock.today(),
            payee=grant.name,
            what_for=grant.title,
            sum_tiyn=grant.given_tiyn or 0,
            scan=a_scan(f"small-{grant.number}-{ngo}.pdf", f"Small grant {grant.number} of {ngo}"),
        )
        form = uuid.uuid5(data.FORMS, f"pays {grant.once}")
        paid, _new = money.record(project, expense, form, actor=accountant)
        ONE.take("pay", grant, actor=accountant, expense=paid)


def prove(ngo: str) -> None:
    """The use of each is proved; what was not needed comes back; one note proves the indicator."""
    of, head, known = competition(ngo), found.head(ngo), told_of(ngo)
    told = competitions()[ngo]
    proved = 0
    for grant in grants(of, Of.PAID):
        ONE.take("prove", grant, actor=head, proof=told["proof"])
        proved += 1
        row = known.get(grant.once, {})
        if "back" in row:
            back = row["back"] * TENGE
            ONE.take("give_back", grant, actor=head, returned_tiyn=back, reason=row["why"])
    if proved and "proves" in told:
        note(of.project, told, proved)


def note(project: Project, told: dict[str, Any], proved: int) -> None:
    """The list of the grants that were carried out, as evidence."""
    activity = found.activity(project, told["proves"])
    fields = {
        "kind": Evidence.Kind.NOTE,
        "title": told["summary"],
        "text": told["summary"],
        "day": clock.today(),
        "activity": activity,
    }
    proves = [evidence.Proves(one, proved) for one in activity.indicators.all()[:1]]
    form = uuid.uuid5(data.FORMS, f"small grants proved {project.contract_id}")
    piece = evidence.Piece(fields, proves=proves)
    evidence.add(project, form, [piece], actor=found.head(told["ngo"]))
