"""Tables of the state, read in as steps.

import   read → taken | dropped; read → read (looked at again); a table with places that cannot be read is never taken
"""

from __future__ import annotations

import gc
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import bulk, clock, files, journal
from ortaq.core.keys import key_of, organisation
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Standing
from ortaq.people.procedure import record_standings
from ortaq.registry.importing import register, standings, tables
from ortaq.registry.importing.kinds import Kind, Plan, kinds
from ortaq.registry.importing.progress import Part, Progress, counted, parts, portions, silent
from ortaq.registry.models import AnnualReturn, RegisterEntry, TableImport
from ortaq.registry.policy.table_import import reads_tables

from . import ngo, standing_flag

State = TableImport.State
CITE = "guide, NGO database"
# So many findings and remarks, and changes of each kind, are kept to be shown; a table of all changes is made anew when asked for.
MOST_TOLD = 300
MOST_SHOWN = {"conflict": 200, "changed": 100, "new": 20}
WRITTEN_AT_ONCE = 1000
CHANGED_MEANWHILE = "changed_meanwhile"


# A table is read and compared; writing what it changes takes three times as long as either.
READ, COMPARED, WRITTEN = 1, 2, 5


def plan_of(
    imported: TableImport, *, lock: bool = False, progress: Progress = silent, of: int = COMPARED
) -> Plan:
    """What the table would change now: the first two of so many parts of the work."""
    with files.open_file(imported.file) as file:
        return _compared(imported.kind, file.read(), progress, of, lock=lock)


def _compared(
    kind: str, content: bytes, progress: Progress, of: int, *, lock: bool = False
) -> Plan:
    rows = tables.read(kinds[kind].layout, io.BytesIO(content))
    comparing = Part(progress, len(rows.rows), READ, COMPARED, of)
    return kinds[kind].plan_of(rows, lock=lock, progress=comparing)


def _show(imported: TableImport, plan: Plan) -> None:
    """Keep what the plan says with the import."""
    rows = plan.rows
    imported.rows = len(rows.rows)
    imported.findings = list(tables.told(rows.wrong, MOST_TOLD))
    imported.remarks = list(tables.told(rows.remarks, MOST_TOLD))
    imported.counts = {
        **plan.counts,
        "findings": len(rows.wrong),
        "remarks": len(rows.remarks),
    }
    shown: dict[str, list[dict[str, Any]]] = {"conflict": [], "changed": [], "new": []}
    for one in () if rows.wrong else plan.changes:
        some = shown[one.kind]
        if len(some) < MOST_SHOWN[one.kind]:
            some.append(one.shown())
    imported.changes = [one for some in shown.values() for one in some]
    imported.digest = plan.digest
    imported.state = State.UNREADABLE if rows.wrong else State.READ


def read_in(
    kind: str,
    content: bytes,
    *,
    name: str,
    once: UUID,
    actor: Actor,
    progress: Progress = silent,
) -> TableImport:
    """Keep an uploaded table and what it would change; nothing is changed yet.

    The same form sent twice, or the same file while it waits, is one import. `SpreadsheetRefused` when it is no table.
    """
    if not reads_tables(actor) or actor.acting_for is None:
        raise Refused(TAKE, [not_yours(TAKE)])
    digest = hashlib.sha256(content).hexdigest()
    mine = TableImport.objects.filter(body=actor.acting_for)
    sent = TableImport.objects.filter(once=once).first()
    if sent and sent.body_id != actor.acting_for.pk:  # sent again under another hat
        sent, once = None, uuid4()
    waits = mine.filter(kind=kind, file__sha256=digest, state=State.READ)
    if known := sent or waits.order_by("-id").first():
        return known
    with all_at_hand():
        plan = _compared(kind, content, progress, COMPARED)
    with transaction.atomic():
        file = files.keep(
            content, files.kind_of(content) or files.CSV, name=name, person=actor.user
        )
        imported = TableImport(
            kind=kind,
            once=once,
            body=actor.acting_for,
            file=file,
            read_by=actor.user,
            read_at=clock.now(),
        )
        _show(imported, plan)
        return IMPORT.begin(imported, actor=actor, kind=kind, sha256=digest, **imported.counts)


@contextmanager
def all_at_hand() -> Iterator[None]:
    """While a table of 25 000 rows lies in memory, nothing of it is garbage: looking for some costs a third of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


# --- Taking ---------------------------------------------------------------------------------------


def something(imported: TableImport, attempt: Attempt) -> Iterable[Finding]:
    """A table that changes nothing is not taken."""
    if not (imported.counts["new"] or imported.counts["changed"]):
        message = _(
            "All that stands in this table is known here already: there is nothing to take."
        )
        yield Finding("nothing_to_take", Severity.ERROR, message)


def _taken(imported: TableImport, attempt: Attempt) -> Mapping[str, Any]:
    with all_at_hand():
        return _take(imported, attempt)


def changed_meanwhile() -> Finding:
    message = _("What is known here has changed since this table was shown: look at it again.")
    return Finding(CHANGED_MEANWHILE, Severity.ERROR, message)


def _take(imported: TableImport, attempt: Attempt) -> Mapping[str, Any]:
    progress = attempt.facts.get("progress", silent)
    plan = plan_of(imported, lock=True, progress=progress, of=WRITTEN)
    if plan.rows.wrong or plan.digest != imported.digest:
        raise Refused(TAKE, [changed_meanwhile()])
    writing = Part(progress, len(plan.rows.rows), COMPARED, WRITTEN, WRITTEN)
    kinds[imported.kind].take(imported, plan.changes, attempt, writing)
    imported.taken_at = attempt.now
    imported.save(update_fields=["taken_at"])
    return {"kind": imported.kind, "sha256": imported.file.sha256, **plan.counts}


def _take_register(
    imported: TableImport,
    changes: Sequence[register.Change],
    attempt: Attempt,
    progress: Progress,
) -> None:
    enrolling, changing, stating, noting, entering = parts(progress, len(changes), 5)
    pairs = [(_card(one), one) for one in changes]
    new = [row for row, one in pairs if one.organisation is None]
    known = [row for row, one in pairs if one.organisation is not None]
    _enrol(new, enrolling)
    for some in portions(known, WRITTEN_AT_ONCE, changing):
        Organisation.objects.bulk_create(
            some,
            update_conflicts=True,
            unique_fields=["bin"],
            update_fields=[*register.CARD, "sort", "search"],
        )
    RegisterEntry.objects.filter(organisation__in=[row.pk for row in known]).delete()
    bulk.insert(
        RegisterEntry,
        ("organisation", "stated", "source"),
        ((row.pk, one.said | one.line.values, imported.pk) for row, one in counted(pairs, stating)),
    )
    _file_returns(imported, pairs)
    source = key_of(imported)
    for noted in portions(pairs, register.CHUNK, noting):
        journal.append_many(
            ((organisation_key(row), _facts(source, one)) for row, one in noted),
            "imported",
            actor=attempt.actor.key,
            behalf=attempt.actor.behalf,
            at=attempt.now,
        )
    year = clock.day_of(attempt.now).year - 1
    figures = {
        row.pk: _figures(one, year) for row, one in pairs if set(one.fields) & set(register.FIGURES)
    }
    mine = {row.pk: figures[row.pk] for row in new if row.pk in figures}
    ngo.enter(new, mine, progress=entering)
    ngo.enter(known)
    ngo.learn({row.pk: figures[row.pk] for row in known if row.pk in figures})


def _enrol(new: Sequence[Organisation], progress: Progress) -> None:
    """Write new organisations in the order of the table, and let them know their numbers; nobody is told by signals."""
    for rows in portions(new, register.CHUNK, progress):
        bulk.create(rows)
        some = {row.bin: row for row in rows}
        written = Organisation.objects.filter(bin__in=some).values_list("bin", "pk")
        for digits, pk in written:
            some[digits].pk = pk


def _facts(source: str, change: register.Change) -> dict[str, Any]:
    """What the journal of an NGO keeps of a table: which columns it changed, and the days of returns."""
    facts: dict[str, Any] = {"source": source}
    if change.organisation is None:
        facts["new"] = True
    else:
        facts["fields"] = sorted(change.fields)
    if change.returns:
        facts["returns"] = {str(year): told[1:] for year, told in change.returns.items()}
    return facts


def organisation_key(row: Organisation) -> str:
    return organisation(row.pk)


def _card(change: register.Change) -> Organisation:
    """The organisation as the table tells of it; an NGO that has told nothing of its own keeps nothing of it."""
    values = {name: value for name, value in change.line.values.items() if name in register.CARD}
    row = change.organisation
    if row is None:
        row = Organisation(kind=Organisation.Kind.NGO, bin=change.line.bin)
        # Until the NGO tells the name in the other language, the one that is known stands for it.
        values.setdefault("name_kk", values.get("name_ru", ""))
        values.setdefault("name_ru", values.get("name_kk", ""))
        values.setdefault("legal_form", Organisation.LegalForm.OTHER)
    if day := values.pop("registered_on", None):
        row.registered_on = date.fromisoformat(day)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _figures(change: register.Change, year: int) -> ngo.Figures:
    told = change.said | change.line.values
    directions = told.get("directions")
    return ngo.Figures(
        year=year,
        staff=told.get("staff"),
        volunteers=told.get("volunteers"),
        directions=None if directions is None else tuple(directions),
    )


def _file_returns(
    imported: TableImport, changes: Sequence[tuple[Organisation, register.Change]]
) -> None:
    """Returns as the register knows them: a day and a state without content. The NGO's own chain of the journal tells of
    them, so that a register of 25 000 does not write it twice.
    """
    evidence = f"{imported.file.name}, SHA-256 {imported.file.sha256}"[:300]
    new, approved = [], []
    for row, change in changes:
        for year, (stands, day, state) in change.returns.items():
            if stands:
                approved.append((row.pk, year))
                continue
            sent_on = date.fromisoformat(day)
            new.append((row.pk, year, sent_on, state, AnnualReturn.Way.RECORDED, evidence))
    columns = ("organisation", "year", "sent_on", "state", "way", "evidence")
    bulk.insert(AnnualReturn, columns, new)
    wanted = set(approved)
    known = AnnualReturn.objects.filter(
        organisation__in=[pk for pk, _year in approved], year__in={year for _pk, year in approved}
    )
    rows = [one for one in known if (one.organisation_id, one.year) in wanted]
    for one in rows:
        one.state = AnnualReturn.State.APPROVED
    AnnualReturn.objects.bulk_update(rows, ["state"], batch_size=WRITTEN_AT_ONCE)


def _take_standings(
    imported: TableImport,
    changes: Sequence[standings.Change],
    attempt: Attempt,
    progress: Progress,
) -> None:
    new, changed = [], []
    recording, settling = parts(progress, len(changes), 2)
    for one in counted(changes, recording):
        line = one.line
        if one.standing is None:
            new.append(
                Standing(
                    organisation=one.organisation,
                    kind=line.kind,
                    since=line.since,
                    until=line.until,
                    source=line.source,
                    evidence=line.evidence,
                )
            )
            continue
        one.standing.since = line.since
        if line.until is not None:
            one.standing.until = line.until
        changed.append(one.standing)
    record_standings(new, changed, actor=attempt.actor, source=key_of(imported))
    settling(0, 1)
    standing_flag.settle()


def _looked_again(imported: TableImport, attempt: Attempt) -> Mapping[str, Any]:
    progress = attempt.facts.get("progress", silent)
    _show(imported, plan_of(imported, progress=progress))
    imported.save()
    return dict(imported.counts)


TAKE = Step(
    "take",
    _("Take the table"),
    source=State.READ,
    target=State.TAKEN,
    by=reads_tables,
    requires=(something,),
    effect=_taken,
    cite=CITE,
    final=True,
)
LOOK_AGAIN = Step(
    "look_again",
    _("Look at it again"),
    source=(State.READ, State.UNREADABLE),
    target=None,
    by=reads_tables,
    effect=_looked_again,
    cite=CITE,
)
DROP = Step(
    "drop",
    _("Drop the table"),
    source=(State.READ, State.UNREADABLE),
    target=State.DROPPED,
    by=reads_tables,
    cite=CITE,
)
IMPORT: Procedure[TableImport] = Procedure(TableImport, (TAKE, LOOK_AGAIN, DROP))


# --- The registers' own tables --------------------------------------------------------------------

NAMES: Mapping[str, Any] = {
    "name_kk": _("name in Kazakh"),
    "name_ru": _("name in Russian"),
    "legal_form": _("legal form"),
    "region_code": _("region"),
    "address_kk": _("address in Kazakh"),
    "address_ru": _("address in Russian"),
    "registered_on": _("day of state registration"),
    "directions": _("directions"),
    "staff": _("members of staff"),
    "volunteers": _("volunteers"),
}


def _said(name: str, value: Any) -> str:
    """A value of the register as the reader reads it; days and regions are told alike for every table."""
    if name == "legal_form":
        return str(dict(Organisation.LegalForm.choices).get(value, value))
    if name == "directions":
        language = get_language() or "kk"
        return "; ".join(law.field(key).text.say(language) for key in value)
    return ""


kinds["register"] = Kind(
    _("register of NGOs"),
    tables.REGISTER,
    register.plan_of,
    _take_register,
    NAMES,
    _said,
    more_heads=lambda: tables.return_headings(clock.today().year - 1),
)
kinds["standings"] = Kind(
    _("facts that exclude"),
    tables.STANDINGS,
    standings.plan_of,
    _take_standings,
    {"since": _("since"), "until": _("no longer since")},
)
