"""Great tables of the state, read and taken by the worker while their sender goes on."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import work
from ortaq.core.models import Work
from ortaq.core.procedure import Refused
from ortaq.people.actor import Actor, actor_of_work

from .models import TableImport
from .policy.table_import import reads_tables
from .procedure.table_import import CHANGED_MEANWHILE, IMPORT, TAKE, changed_meanwhile, read_in

STEPS = ("take", "look_again")


def is_long(step: str, imported: TableImport, actor: Actor) -> bool:
    """Whether the step is open to the actor and takes longer than a reader should wait."""
    if step not in STEPS or imported.file.size <= settings.ORTAQ_TABLE_AT_ONCE:
        return False
    return any(one.step.name == step and one.open for one in IMPORT.offers(imported, actor))


def ask_to_read(kind: str, content: bytes, *, name: str, once: UUID, actor: Actor) -> Work:
    """Have a table read; the reader is led to what it would change."""
    return work.ask(
        "read_table",
        person=actor.user,
        behalf=actor.behalf,
        about=name,
        arguments={"kind": kind, "name": name},
        upload=content,
        once=once,
    )


def ask_for_step(step: str, imported: TableImport, *, actor: Actor) -> Work:
    """Have a table taken, or looked at again."""
    return work.ask(
        f"{step}_table",
        person=actor.user,
        behalf=actor.behalf,
        subject=imported,
        about=imported.file.name,
        arguments={"digest": imported.digest},
    )


@work.kind("read_table", _("Reading a table of the state"))
def read_table(task: work.Task) -> None:
    """Begun anew it finds what it read before by the number of the work."""
    told = task.arguments
    imported = read_in(
        told["kind"],
        task.upload(),
        name=told["name"],
        once=task.row.pk,
        actor=actor_of_work(task.row),
        progress=task.progress,
    )
    task.point_to(_page(imported))


@work.kind("take_table", _("Taking a table of the state"))
def take_table(task: work.Task) -> None:
    """Begun anew it finds the table taken."""
    imported = _subject(task)
    if imported.state == TableImport.State.TAKEN:
        return
    actor = actor_of_work(task.row)
    if task.arguments["digest"] != imported.digest:
        raise Refused(TAKE, [changed_meanwhile()])
    try:
        IMPORT.take("take", imported, actor=actor, progress=task.progress)
    except Refused as refused:
        if refused.has(CHANGED_MEANWHILE):
            IMPORT.take("look_again", imported, actor=actor)
        raise


@work.kind("look_again_table", _("Looking at a table of the state again"))
def look_again(task: work.Task) -> None:
    """As often as you like."""
    IMPORT.take("look_again", _subject(task), actor=actor_of_work(task.row), progress=task.progress)


def _subject(task: work.Task) -> TableImport:
    imported = TableImport.objects.select_related("file").get(pk=task.subject_number)
    if not reads_tables(actor_of_work(task.row)):
        raise TableImport.DoesNotExist
    task.point_to(_page(imported))
    return imported


def _page(imported: TableImport) -> str:
    return reverse("registry:table_import", args=[imported.pk])
