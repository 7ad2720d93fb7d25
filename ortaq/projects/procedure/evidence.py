"""Evidence: attached → accepted or not accepted, or withdrawn; nothing is deleted (GR-I-07).

add        by the NGO: files, a link or a text, with exactly what each proves
attach     what it proves said anew; what was not accepted is put before the body again
accept     by the body; an indicator is met when what is accepted reaches its planned value
refuse     by the body, with a remark
withdraw   by the NGO, with the reason, as long as it is not accepted
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, files
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects import once, tally
from ortaq.projects.models import Event, Evidence, Indicator, Project, Proof
from ortaq.projects.policy.evidence import accepts, records

Kind, Media, State = Evidence.Kind, Evidence.Media, Evidence.State
GUIDE = "guide, SO annex 4"
LIVE = (State.ATTACHED, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Proves:
    """So much of one indicator; `second` of one with two numbers."""

    indicator: Indicator
    amount: int
    second: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is attached: `upload` a file as the browser sent it, `fields` of `Evidence`.

    `about` names the field of a page on which findings of this piece stand.
    """

    fields: Mapping[str, Any]
    upload: Any = None
    proves: Sequence[Proves] = field(default_factory=tuple)
    about: str = ""


# --- What stands in the way ----------------------------------------------------------------------


def _error(code: str, message: Any, about: str = "", cite: str = GUIDE, **numbers: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, citing.read(cite), numbers, about)


def _is_something(piece: Piece) -> Iterable[Finding]:
    """A file, a link or a text; of a publication and of a story what the guide asks (IM-040)."""
    given = piece.fields
    if not (piece.upload or given.get("link") or given.get("text")):
        yield _error(
            "nothing_attached",
            _("Attach a file, or give a link, or write the text."),
            piece.about or "uploads",
        )
    if given["kind"] == Kind.STORY and not given.get("text"):
        yield _error("no_story", _("Write the story: what changed for whom."), "text", "¶47")
    if given["kind"] != Kind.PUBLICATION:
        return
    if not (piece.upload or given.get("link")):
        yield _error(
            "no_publication",
            _("Give the link to the publication, or attach its copy."),
            "link",
            "guide, SO annex 3",
        )
    for name, about, message in (
        ("media", "channel", _("Choose the kind of media.")),
        ("medium", "medium", _("Name the medium or the social network.")),
    ):
        if not given.get(name):
            yield _error("publication_unnamed", message, about, "guide, SO annex 3")
    if given.get("media") == Media.BROADCAST and not given.get("aired_at"):
        yield _error(
            "not_on_air",
            _("State the date and time on air: radio and television are proved by them."),
            "aired_at",
        )


def _in_time(piece: Piece) -> Iterable[Finding]:
    day = piece.fields["day"]
    if day > clock.today():
        yield _error(
            "in_future", _("The date lies in the future: attach what has been done."), "day"
        )


def _of_the_project(project: Project, piece: Piece) -> Iterable[Finding]:
    """Event, activity and indicators of this project, each indicator once with a number above zero."""
    event, activity = piece.fields.get("event"), piece.fields.get("activity")
    foreign = (event is not None and event.project_id != project.pk) or (
        activity is not None and activity.contract_id != project.contract_id
    )
    yield from _proves(project, piece.proves)
    if foreign:
        yield _error(
            "not_of_the_project", _("Choose an event or activity of this project."), "event"
        )


def _proves(project: Project, proves: Sequence[Proves]) -> Iterable[Finding]:
    seen = {one.indicator.pk for one in proves}
    foreign = any(one.indicator.activity.contract_id != project.contract_id for one in proves)
    empty = any(one.amount < 0 or (one.second or 0) < 0 or not (one.amount or one.second)
                for one in proves)  # fmt: skip
    if foreign or empty or len(seen) != len(proves):
        yield _error(
            "proves_nothing",
            _("Say for each indicator once how much is proved: a whole number above zero."),
            "proofs",
            "GR-I-07",
        )


def _attached_already(project: Project, piece: Piece, digest: str) -> Iterable[Finding]:
    """The same file or publication proves once; what else it proves is said where it stands."""
    live = Evidence.objects.filter(project=project).exclude(state=State.WITHDRAWN)
    link = piece.fields.get("link")
    if digest:
        found = live.filter(file__sha256=digest).first()
    elif link:
        event = piece.fields.get("event")
        found = live.filter(link=link, event=event, kind=piece.fields["kind"]).first()
    else:
        found = None
    if found is not None:
        yield _error(
            "attached_already",
            _(
                "It is attached already, under No. %(number)s: nothing is counted twice. "
                "What else it proves is said there."
            )
            % {"number": found.number},
            piece.about or ("uploads" if digest else "link"),
            number=found.number,
        )


# --- Adding --------------------------------------------------------------------------------------


ADD = Step(
    "add", _("Attach evidence"), source=(), target=State.ATTACHED, by=records, cite="GR-I-07"
)


@transaction.atomic
def add(
    project: Project, form: uuid.UUID, pieces: Sequence[Piece], *, actor: Any
) -> list[Evidence]:
    """Attach all pieces or none; the rows in their order. The form `form` sent again gives the rows
    that it made before, whichever of its files came through the first time.

    Raises `Refused` with all findings, each about a field of the page (`Piece.about` for files).
    """
    fresh = locked(Project, project.pk)
    if not records(actor, Evidence(project=fresh)):
        raise Refused(ADD, [not_yours(ADD)])
    findings: list[Finding] = []
    made: list[Evidence] = []
    for number, piece in enumerate(pieces):
        content, said = _read(piece)
        digest = hashlib.sha256(content).hexdigest() if content else ""
        key = uuid.uuid5(form, digest or f"{number}:{piece.fields.get('link', '')}")
        earlier = Evidence.objects.filter(project=fresh, once=key).first()
        if earlier is not None:
            made.append(earlier)
            continue
        wrong = [
            *said,
            *_is_something(piece),
            *_in_time(piece),
            *_of_the_project(fresh, piece),
            *_attached_already(fresh, piece, digest),
        ]
        findings += [one for one in wrong if one not in findings]
        if not findings:
            made.append(_made(fresh, key, piece, content, actor))
    if findings:
        raise Refused(ADD, findings)
    tally.settle(fresh)
    return made


def _read(piece: Piece) -> tuple[bytes, list[Finding]]:
    """The content of the file that came, and what is wrong with it."""
    if piece.upload is None:
        return b"", []
    try:
        content, _kind = files.read(piece.upload, allowed=files.EVIDENCE)
    except ValidationError as error:
        name = files.safe_name(piece.upload.name or "")
        message = f"«{name}»: {' '.join(error.messages)}"
        return b"", [_error("file_refused", message, piece.about or "uploads")]
    return content, []


def _made(project: Project, key: uuid.UUID, piece: Piece, content: bytes, actor: Any) -> Evidence:
    def build(fresh: Project, number: int) -> Evidence:
        given = dict(piece.fields)
        if content:
            given["file"] = files.store(
                ContentFile(content),
                name=piece.upload.name or "",
                person=actor.user,
                allowed=files.EVIDENCE,
            )
        event: Event | None = given.get("event")
        if event is not None and given.get("activity") is None:
            given["activity"] = event.activity
        row = Evidence(
            project=fresh,
            once=key,
            number=number,
            added_by=actor.user,
            added_at=clock.now(),
            **given,
        )
        row.title = row.title or _title(row)
        EVIDENCE.begin(
            row,
            actor=actor,
            number=number,
            kind=row.kind,
            sha256=row.file.sha256 if row.file else "",
        )
        _prove(row, piece.proves)
        return row

    row, _new = once.make(Evidence, project, key, build)
    return row


def _title(row: Evidence) -> str:
    """What it is called when nobody named it: by its event, else its file or link."""
    if row.event is not None:
        return row.event.title_kk
    return (row.file.name if row.file else row.link or str(row.get_kind_display()))[:500]


def _prove(row: Evidence, proves: Sequence[Proves]) -> None:
    Proof.objects.bulk_create(
        Proof(evidence=row, indicator=one.indicator, amount=one.amount, second=one.second)
        for one in proves
    )


# --- Steps ---------------------------------------------------------------------------------------


def remark_given(_row: Evidence, attempt: Attempt) -> Iterable[Finding]:
    """Whoever refuses or withdraws says why."""
    if not str(attempt.facts.get("remark") or "").strip():
        yield _error("no_remark", _("Say why."), "remark")


def proves_something(row: Evidence, attempt: Attempt) -> Iterable[Finding]:
    yield from _proves(row.project, attempt.facts.get("proves", ()))


def _attached(row: Evidence, attempt: Attempt) -> Mapping[str, Any]:
    row.proofs.all().delete()
    _prove(row, attempt.facts["proves"])
    return {"proves": [[one.indicator.pk, one.amount] for one in attempt.facts["proves"]]}


def _remarked(row: Evidence, attempt: Attempt) -> Mapping[str, Any]:
    row.remark = str(attempt.facts.get("remark") or "").strip()
    row.save(update_fields=["remark"])
    return {}


ATTACH = Step(
    "attach",
    _("Say what it proves"),
    source=(State.ATTACHED, State.REFUSED),
    target=State.ATTACHED,
    by=records,
    requires=(proves_something,),
    effect=_attached,
    cite="GR-I-07",
)
ACCEPT = Step(
    "accept",
    _("Accept"),
    source=(State.ATTACHED, State.REFUSED),
    target=State.ACCEPTED,
    by=accepts,
    effect=_remarked,
    cite="GR-I-07",
)
REFUSE = Step(
    "refuse",
    _("Do not accept"),
    source=(State.ATTACHED, State.ACCEPTED),
    target=State.REFUSED,
    by=accepts,
    requires=(remark_given,),
    effect=_remarked,
    cite="GR-I-07",
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw"),
    source=(State.ATTACHED, State.REFUSED),
    target=State.WITHDRAWN,
    by=records,
    requires=(remark_given,),
    effect=_remarked,
    cite="GR-I-07",
    final=True,
)
EVIDENCE: Procedure[Evidence] = Procedure(Evidence, (ATTACH, ACCEPT, REFUSE, WITHDRAW))


@transaction.atomic
def take(step: str, project: Project, rows: Iterable[Evidence], *, actor: Any, **facts: Any) -> int:
    """One step for all `rows` or for none; how many there were. The project's figures follow.

    Raises `Refused`; a finding names the number of the piece where there are several.
    """
    fresh = locked(Project, project.pk)  # the project first: whoever adds or decides waits here
    several = list(rows)
    for row in several:
        try:
            EVIDENCE.take(step, row, actor=actor, **facts)
        except Refused as refused:
            if len(several) == 1:
                raise
            named = [
                replace(one, message=f"№ {row.number}: {one.message}") for one in refused.findings
            ]
            raise Refused(refused.step, named) from None
    tally.settle(fresh)
    return len(several)
