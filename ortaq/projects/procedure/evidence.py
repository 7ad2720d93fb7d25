"""Evidence: attached → accepted or not accepted, or withdrawn; nothing is deleted (GR-I-07).

add        by the NGO: files, a link or a text, with exactly what each proves
attach     what it proves said anew; what was not accepted is put before the body again
accept     by the body; an indicator is met when what is accepted reaches its planned value
refuse     by the body, with a remark
withdraw   by the NGO, with the reason, as long as it is not accepted

Each is taken for many pieces at once under the lock of the project, in whose journal it is written.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, files
from ortaq.core.procedure import Refused, Step
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects import tally
from ortaq.projects.models import Event, Evidence, Indicator, Project, Proof
from ortaq.projects.policy.project import accepts, records

from .shared import begun, note

Kind, Media, State = Evidence.Kind, Evidence.Media, Evidence.State
GUIDE = "guide, SO annex 4"


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


ADD = Step("add", _("Attach evidence"), (), State.ATTACHED, by=records, cite="GR-I-07")
ATTACH = Step(
    "attach",
    _("Say what it proves"),
    source=(State.ATTACHED, State.REFUSED),
    target=State.ATTACHED,
    by=records,
    cite="GR-I-07",
)
ACCEPT = Step(
    "accept",
    _("Accept"),
    source=(State.ATTACHED, State.REFUSED),
    target=State.ACCEPTED,
    by=accepts,
    cite="GR-I-07",
)
REFUSE = Step(
    "refuse",
    _("Do not accept"),
    source=(State.ATTACHED, State.ACCEPTED),
    target=State.REFUSED,
    by=accepts,
    cite="GR-I-07",
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw"),
    source=(State.ATTACHED, State.REFUSED),
    target=State.WITHDRAWN,
    by=records,
    cite="GR-I-07",
    final=True,
)
STEPS = {step.name: step for step in (ATTACH, ACCEPT, REFUSE, WITHDRAW)}


def offers(project: Project, row: Evidence, actor: Any) -> set[str]:
    """The names of the steps that `actor` may take with this piece now."""
    return {
        name
        for name, step in STEPS.items()
        if row.state in step.sources and step.by(actor, project)
    }


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


# --- Adding --------------------------------------------------------------------------------------


@transaction.atomic
def add(
    project: Project, form: uuid.UUID, pieces: Sequence[Piece], *, actor: Any
) -> list[Evidence]:
    """Attach all pieces or none; the rows by number. The form `form` sent again gives the rows that it
    made before, whichever of its files came through the first time.

    Raises `Refused` with all findings, each about a field of the page (`Piece.about` for files).
    """
    fresh = begun(ADD, project, actor)
    sent = [_Sent.of(number, form, piece) for number, piece in enumerate(pieces)]
    made = {
        row.once: row
        for row in Evidence.objects.filter(project=fresh, once__in=[one.once for one in sent])
    }
    new = {one.once: one for one in sent if one.once not in made}
    findings = _findings(fresh, list(new.values()))
    if findings:
        raise Refused(ADD, findings)
    last = fresh.evidence.aggregate(last=Max("number"))["last"] or 0
    for number, one in enumerate(new.values(), last + 1):
        row = one.row(fresh, number, actor)
        row.save()
        made[row.once] = row
        Proof.objects.bulk_create(_proofs(row, one.piece.proves))
    if new:
        added = [made[key] for key in new]
        files_ = [row.file.sha256 for row in added if row.file]
        _write(fresh, ADD, actor, {"numbers": [row.number for row in added], "sha256": files_})
    return sorted(made.values(), key=lambda row: row.number)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A piece as it came: `once` is the same for the same content of the same form."""

    once: uuid.UUID
    piece: Piece
    content: bytes
    digest: str
    wrong: Sequence[Finding]

    @classmethod
    def of(cls, number: int, form: uuid.UUID, piece: Piece) -> _Sent:
        content, wrong = _read(piece)
        digest = hashlib.sha256(content).hexdigest() if content else ""
        key = uuid.uuid5(form, digest or f"{number}:{piece.fields.get('link', '')}")
        return cls(key, piece, content, digest, wrong)

    def row(self, project: Project, number: int, actor: Any) -> Evidence:
        """The row to save, its file stored."""
        given = dict(self.piece.fields)
        if self.content:
            given["file"] = files.store(
                ContentFile(self.content),
                name=self.piece.upload.name or "",
                person=actor.user,
                allowed=files.EVIDENCE,
            )
        event: Event | None = given.get("event")
        if event is not None and given.get("activity") is None:
            given["activity_id"] = event.activity_id
            del given["activity"]
        row = Evidence(
            project=project,
            once=self.once,
            number=number,
            added_by=actor.user,
            added_at=clock.now(),
            **given,
        )
        row.title = row.title or _title(row)
        return row


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


def _findings(project: Project, sent: Sequence[_Sent]) -> list[Finding]:
    """What stands in the way of these new pieces, each said once; two queries."""
    live = Evidence.objects.filter(project=project).exclude(state=State.WITHDRAWN)
    digests = dict(
        live.filter(file__sha256__in=[one.digest for one in sent if one.digest]).values_list(
            "file__sha256", "number"
        )
    )
    links = [one.piece.fields.get("link") for one in sent if not one.digest]
    linked: dict[tuple[Any, Any, Any], int] = {
        (kind, event, link): number
        for kind, event, link, number in live.exclude(link="")
        .filter(link__in=[link for link in links if link])
        .values_list("kind", "event", "link", "number")
    }
    found: list[Finding] = []
    for one in sent:
        given = one.piece.fields
        event = given.get("event")
        place = (given["kind"], event.pk if event else None, given.get("link"))
        before = digests.get(one.digest) if one.digest else linked.get(place)
        found += [
            *one.wrong,
            *(_is_something(one.piece) if not one.wrong else ()),
            *_in_time(one.piece),
            *_of_the_project(project, one.piece),
            *(_attached_already(one, before) if before else ()),
        ]
    return [one for number, one in enumerate(found) if one not in found[:number]]


def _attached_already(one: _Sent, number: int) -> Iterable[Finding]:
    """The same file or publication proves once; what else it proves is said where it stands."""
    yield _error(
        "attached_already",
        _(
            "It is attached already, under No. %(number)s: nothing is counted twice. "
            "What else it proves is said there."
        )
        % {"number": number},
        one.piece.about or ("uploads" if one.digest else "link"),
        number=number,
    )


def _title(row: Evidence) -> str:
    """What it is called when nobody named it: by its event, else its file or link."""
    if row.event is not None:
        return row.event.title_kk
    return (row.file.name if row.file else row.link or str(row.get_kind_display()))[:500]


def _proofs(row: Evidence, proves: Sequence[Proves]) -> list[Proof]:
    return [
        Proof(evidence=row, indicator=one.indicator, amount=one.amount, second=one.second)
        for one in proves
    ]


# --- What follows --------------------------------------------------------------------------------


@transaction.atomic
def attach(project: Project, number: int, proves: Sequence[Proves], *, actor: Any) -> None:
    """Say anew what a piece proves. Raises `Refused`."""
    fresh = begun(ATTACH, project, actor)
    (row,) = _rows(ATTACH, fresh, [number])
    if findings := list(_proves(fresh, proves)):
        raise Refused(ATTACH, findings)
    row.proofs.all().delete()
    Proof.objects.bulk_create(_proofs(row, proves))
    Evidence.objects.filter(pk=row.pk).update(state=ATTACH.target)
    said = [[one.indicator.pk, one.amount, one.second or 0] for one in proves]
    _write(fresh, ATTACH, actor, {"numbers": [number], "proves": said})


@transaction.atomic
def take(
    step: Step, project: Project, numbers: Sequence[int], *, actor: Any, remark: str = ""
) -> int:
    """`ACCEPT`, `REFUSE` or `WITHDRAW` for all pieces of these numbers or for none; how many there were.

    Raises `Refused`; a finding names the numbers that stand in the way.
    """
    fresh = begun(step, project, actor)
    rows = _rows(step, fresh, numbers)
    if step is not ACCEPT and not remark.strip():
        raise Refused(step, [_error("no_remark", _("Say why."), "remark", "GR-I-07")])
    Evidence.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=step.target, remark=remark.strip(), decided_by=actor.user, decided_at=clock.now()
    )
    _write(fresh, step, actor, {"numbers": sorted(row.number for row in rows)})
    return len(rows)


def _rows(step: Step, project: Project, numbers: Sequence[int]) -> list[Evidence]:
    rows = list(Evidence.objects.filter(project=project, number__in=numbers))
    late = sorted(row.number for row in rows if row.state not in step.sources)
    if late or len(rows) != len(set(numbers)):
        message = _(
            "Somebody else was faster with No. %(numbers)s: look at the present state and go on from there."
        ) % {"numbers": ", ".join(map(str, late or numbers))}
        raise Refused(step, [_error("moved_on", message, cite="GR-I-07")])
    return rows


def _write(project: Project, step: Step, actor: Any, facts: Mapping[str, Any]) -> None:
    """Into the journal of the project; its figures follow."""
    note(project, f"evidence_{step.name}", actor, facts)
    tally.settle(project)
