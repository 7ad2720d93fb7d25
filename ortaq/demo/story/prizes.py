"""The prize for NGOs of 2024: announced in June, applications by 1 September, scored in autumn, diplomas in December.

Two NGOs are equal and share a prize that leaves a tiyn over, a scorer declares a conflict, one application comes on paper, and one
direction gets no prize although somebody applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from django.core.files.base import ContentFile

from ortaq.core import clock, identifiers, money
from ortaq.demo import cast, pdf
from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.people.actor import Actor
from ortaq.prizes.models import Application, Attachment, Award, Decision, Direction, Round
from ortaq.prizes.procedure import application_draft, awards, round_draft
from ortaq.prizes.procedure.application import APPLICATION, submit
from ortaq.prizes.procedure.application_delivery import register
from ortaq.prizes.procedure.closing import close_due
from ortaq.prizes.procedure.judging import panel_of
from ortaq.prizes.procedure.round import ROUND
from ortaq.review import queries
from ortaq.review.evaluating import EVALUATING
from ortaq.review.models import Seat
from ortaq.review.procedure import SHEET
from ortaq.review.procedure.declaring import open_questions
from ortaq.review.procedure.sheet import save_draft

from .beat import Beat, beat

State = Round.State
KEYS = ("contribution", "experience", "innovation")
OFFICER = "askar"
BANK = {"bank": "«Үлгі Банк» АҚ, Астана қаласы", "bic": "ULGBKZKX"}


@cache
def told() -> dict[str, Any]:
    """`data/prizes.toml`."""
    return cast.table("prizes.toml")


def beats() -> Iterator[Beat]:
    data = told()
    yield beat(data["prepared_at"], prepare)
    yield beat(data["announced_at"], announce)
    for row in data["applicant"]:
        yield beat(row["at"], apply, row)
    yield beat(data["paper"]["registered_at"], register_paper)
    yield beat(data["looked_at"], look)
    yield beat(data["listed_at"], publish_list)
    yield beat(data["appointed_at"], appoint)
    yield beat(data["declared_at"], declare)
    yield beat(data["completed_at"], score)
    yield beat(data["decided_at"], decide)
    yield beat(data["published_at"], publish)
    yield beat(data["numbered_at"], number_diplomas)
    yield beat(data["paid_at"], hand_over)


def found() -> Round:
    """The prize of the story, fresh; `Round.DoesNotExist` before it is begun."""
    return Round.objects.select_related("organiser", "panel").get(year=told()["year"])


def applicants() -> Iterator[Mapping[str, Any]]:
    """Everybody who applies, on this site or on paper."""
    yield from told()["applicant"]
    yield told()["paper"]


def application(ngo: str, *states: str) -> Application | None:
    """The newest application of an NGO in one of `states`; None where there is none."""
    rows = Application.objects.filter(round=found(), organisation=cast.body(ngo), state__in=states)
    return rows.select_related("organisation", "direction").order_by("-id").first()


# --- Until the list of applicants ------------------------------------------------------------------


def prepare() -> None:
    """The draft with its texts, and the sums that are above the least one."""
    officer = cast.actor(OFFICER)
    one = round_draft.begin(cast.body("ministry"), told()["year"], actor=officer)
    if one.state != State.DRAFT:
        return
    texts = {name: text.strip() for name, text in told()["texts"].items()}
    round_draft.edit(one, texts, actor=officer)
    sums = {row.field: row.amount_tiyn for row in one.directions.all()}
    sums |= {key: money.parse(tenge) for key, tenge in told()["sums"].items()}
    round_draft.choose_directions(one, sums, actor=officer)


def announce() -> None:
    one = found()
    if one.state == State.DRAFT:
        ROUND.take("announce", one, actor=cast.actor(OFFICER))


def apply(row: Mapping[str, Any]) -> None:
    """The NGO's head writes the application, attaches the papers and hands it in, if nobody has done so."""
    ngo, actor = row["ngo"], cast.actor(cast.head_of(row["ngo"]).key)
    if application(ngo, *Application.NOMINATED):
        return
    draft = application(ngo, Application.State.DRAFT)
    if draft is None:
        direction = found().directions.get(field=row["direction"])
        draft = application_draft.begin(direction, cast.body(ngo), actor=actor)
    write(draft, actor, said(row))
    attach(draft, actor)
    submit(draft, actor=actor, declared=True)


def said(row: Mapping[str, Any]) -> dict[str, Any]:
    """What an application says beyond what is filled in by itself."""
    project = "experience/projects/~p1"
    values = {
        "questionnaire/head/position": "директор",
        **{f"questionnaire/{key}": value for key, value in account(row["ngo"]).items()},
        "contribution": row["contribution"],
        "innovation": row["innovation"],
        f"{project}/project": row["project"],
        f"{project}/carried_out": "own",
        f"{project}/first": row["first"],
        f"{project}/results": row["results"],
    }
    if row["last"]:
        values[f"{project}/last"] = row["last"]
    for number, (kind, name) in enumerate((("ngo", "zerde"), ("state_body", "akimat")), 1):
        one = f"recommendations/~r{number}"
        values |= {
            f"{one}/kind": kind,
            f"{one}/organisation": cast.bodies()[name].name_kk,
            f"{one}/person": "Ә. Ұсынушы, басшының орынбасары",
            f"{one}/contacts": f"+7 700 000 00 {20 + number}",
            f"{one}/about": "Жобаны бірге жүзеге асырдық.",
        }
    return values


def account(ngo: str) -> dict[str, str]:
    """Rows 9-11 of annex 2: an invented account with the right control digits."""
    signs = f"900KZT{cast.bodies()[ngo].number:010}"
    for control in range(2, 99):
        iban = f"KZ{control:02}{signs}"
        if _possible(iban):
            return BANK | {"iban": iban}
    raise LookupError(ngo)  # pragma: no cover - one of the pairs of digits always fits


def _possible(iban: str) -> bool:
    try:
        identifiers.validate_account(iban)
    except Exception:  # noqa: BLE001 - whatever it is, it is no account
        return False
    return True


def write(draft: Application, actor: Actor, values: Mapping[str, Any]) -> None:
    """Save values by path, as a page does; rows are saved together."""
    units: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        units.setdefault(paths.unit_of(path), {})[path] = value
    edits = [Edit(unit, draft.version, cells) for unit, cells in units.items()]
    application_draft.save(draft, edits, actor=actor)


def attach(draft: Application, actor: Actor) -> None:
    """All papers that are not there yet."""
    kind = Attachment.Kind
    present = set(draft.attachments.filter(removed_at=None).values_list("kind", "row"))
    wanted = [(one, "") for one in (kind.MATERIAL, kind.CHARTER, kind.REGISTRATION, kind.BANK)]
    wanted += [(kind.RECOMMENDATION, f"~r{number}") for number in (1, 2)]
    for one, row in wanted:
        if (one, row) not in present:
            page = pdf.page(f"Demonstration file: {one}", "Prize of 2024")
            file = ContentFile(page, f"{one.label}.pdf")
            application_draft.attach(
                draft, file, actor=actor, kind=one, row=row, original=one == kind.BANK
            )


def register_paper() -> None:
    """What came by post before the end is registered on the day after it."""
    close_due()
    row = told()["paper"]
    if application(row["ngo"], *Application.NOMINATED):
        return
    scan = ContentFile(pdf.page("Application on paper", "Prize of 2024"), "otinim.pdf")
    register(
        found().directions.get(field=row["direction"]),
        cast.body(row["ngo"]),
        actor=cast.actor(OFFICER),
        received_at=row["received_at"].replace(tzinfo=clock.ALMATY),
        way=Application.Way.POST,
        once=uuid5(NAMESPACE_DNS, f"prize.{row['ngo']}.{cast.DOMAIN}"),
        carrier="CD",
        papers={one["key"]: 2 for one in found().papers},
        account=account(row["ngo"]),
        scans=[scan],
    )


def look() -> None:
    """The officer admits whoever is not decided on yet."""
    officer = cast.actor(OFFICER)
    for one in found().applications.filter(state=Application.State.SUBMITTED).order_by("id"):
        APPLICATION.take("admit", one, actor=officer)


def publish_list() -> None:
    one = found()
    if one.state == State.CHECKING:
        ROUND.take("list", one, actor=cast.actor(OFFICER))


# --- Scoring -------------------------------------------------------------------------------------


def appoint() -> None:
    one = found()
    if one.state == State.LISTED:
        people = [cast.user(key) for key in told()["scorers"]]
        ROUND.take("appoint", one, actor=cast.actor(OFFICER), people=people)


def declare() -> None:
    """Each of the scorers declares; the last one has a conflict with the NGO of the story."""
    for number, key in enumerate(told()["scorers"]):
        seat = seat_of(key)
        if seat is None or not (asked := open_questions(seat.panel, seat)):
            continue
        why = {
            cast.body(row["ngo"]).pk: row["conflict"]
            for row in told()["applicant"]
            if "conflict" in row and not row["points"][number]
        }
        answers = {
            one.organisation_id: (one.organisation_id in why, why.get(one.organisation_id, ""))
            for one in asked
        }
        EVALUATING.take("declare", seat.panel, actor=cast.actor(key), answers=answers)


def seat_of(key: str) -> Seat | None:
    """The present seat of somebody who scores while the scoring runs."""
    one = found()
    if one.state != State.SCORING:
        return None
    seats = panel_of(one).seats.filter(person=cast.user(key), until=None)
    return seats.select_related("panel", "person").first()


def score() -> None:
    """Every sheet that is not signed yet is signed, then the officer completes the scoring."""
    for number, key in enumerate(told()["scorers"]):
        seat = seat_of(key)
        if seat is None:
            continue
        for row in applicants():
            if points := row["points"][number]:
                sign(seat, row["ngo"], points)
    one = found()
    if one.state == State.SCORING:
        remark = "Бағалау мерзімі аяқталды."
        ROUND.take("complete", one, actor=cast.actor(OFFICER), remark=remark)


def sign(seat: Seat, ngo: str, points: list[int]) -> None:
    """A sheet as it is told; one that somebody signed stays."""
    opened = queries.dossiers_open_to(cast.actor(_key(seat)))
    dossier = opened.filter(panel=seat.panel, organisation=cast.body(ngo)).first()
    if dossier is None:
        return
    sheet = queries.own_sheet(dossier, seat)
    if sheet is not None and sheet.state != sheet.State.DRAFT:
        return
    marks = {
        key: {"points": given, "ticks": [], "fully": False, "comment": ""}
        for key, given in zip(KEYS, points, strict=True)
    }
    version = sheet.version if sheet else 0
    saved = save_draft(dossier, seat, sheet, marks, version=version, window="story")
    SHEET.take("sign", saved.sheet, actor=cast.actor(_key(seat)), version=saved.sheet.version)


def _key(seat: Seat) -> str:
    """Who of the cast sits there."""
    keys: list[str] = told()["scorers"]
    return next(key for key in keys if cast.people()[key].email == seat.person.email)


# --- Awards --------------------------------------------------------------------------------------


def decide() -> None:
    """Every direction with applicants that nobody has decided on yet."""
    one = found()
    if one.state != State.DECIDING:
        return
    for field, row in told()["decisions"].items():
        direction = one.directions.get(field=field)
        chosen = [application(ngo, Application.State.ADMITTED) for ngo in row["recipients"]]
        if Decision.objects.filter(direction=direction).exists() or not _applied(direction):
            continue
        ROUND.take(
            "decide",
            one,
            actor=cast.actor(OFFICER),
            direction=direction,
            recipients=[each for each in chosen if each],
            reason_kk=row["kk"],
            reason_ru=row["ru"],
            remainder=Decision.Remainder.BUDGET,
            version=0,
        )


def _applied(direction: Direction) -> bool:
    return direction.applications.filter(state=Application.State.ADMITTED).exists()


def publish() -> None:
    one = found()
    if one.state == State.DECIDING:
        awards.publish(one, actor=cast.actor(OFFICER))


def recipients() -> list[Award]:
    rows = Award.objects.filter(
        direction__round=found(), direction__round__published_at__isnull=False
    )
    return list(rows.select_related("application__organisation", "application__round", "direction"))


def number_diplomas() -> None:
    """The diplomas get their numbers, so that they can be printed."""
    for turn, one in enumerate(recipients(), 1):
        if not one.diploma_number:
            number = f"{told()['year']}-{turn:02}"
            _record(one, "diploma", diploma_number=number, diploma_on=None)


def hand_over() -> None:
    """The prizes are transferred by the certificate of the bank, and the diplomas handed over on the same day; the last one waits
    for its diploma, so that the duty can be seen.
    """
    rows = recipients()
    for one in rows:
        if not one.paid:
            answers = one.application.content["questionnaire"]
            _record(
                one,
                "pay",
                paid_on=clock.today(),
                paid_tiyn=one.share_tiyn,
                bank=answers["bank"],
                bic=answers["bic"],
                account=answers["iban"],
                account_remark="",
            )
    for one in rows[:-1]:
        if not one.handed:
            _record(one, "diploma", diploma_number=one.diploma_number, diploma_on=clock.today())


def _record(award: Award, step: str, **facts: Any) -> None:
    awards.record(award, step, actor=cast.actor(OFFICER), version=award.version, **facts)
