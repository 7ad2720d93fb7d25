"""Personal data of participants are erased: one person's at their own wish, everybody's when the period of keeping is over.

Figures stay: names, contacts, reviews and questions are emptied, and a random identity stands in the place of the known one. Lists
that went with a report are emptied with them (`people_list`): the report keeps their numbers and hashes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.procedure import Refused, Step, locked, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects import identity, tally
from ortaq.projects.models import (
    Apart,
    Consultation,
    Consumer,
    Event,
    Evidence,
    Participation,
    Project,
)
from ortaq.projects.policy.project import is_body, writes
from ortaq.projects.reporting.facts import event_key

from . import people_list, small_grant
from .recognition import CHUNK
from .shared import begun, note

GUIDE = "guide, SO annex 4"
PERSONAL = ("full_name", "workplace", "contact")
FORGET = Step("forget", _("Erase personal data"), source=(), target=None, by=writes | is_body)
# Kinds of evidence whose files name participants: they are deleted by hand when data are erased.
NAMING = (Evidence.Kind.LIST, Evidence.Kind.FEEDBACK, Evidence.Kind.STORY)


@transaction.atomic
def forget(person: Consumer, *, actor: Any = None, now: datetime | None = None) -> None:
    """Erase one person's data at their own wish: name, place of work, contact and reviews. Attendance and ratings stay counted."""
    project = locked(Project, person.project_id)
    whole = Consumer.objects.filter(Q(pk=person.pk) | Q(merged_into=person.pk), erased_at=None)
    Participation.objects.filter(consumer=person).update(review="", key="", holder="")
    Apart.objects.filter(Q(first__in=whole) | Q(second__in=whole)).delete()
    at = now or clock.now()
    people_list.erase(project, set(whole.values_list("pk", flat=True)), at)
    if _blank(whole, at):
        note(project, "person_forgotten", actor)


@transaction.atomic
def forget_asked(person: Consumer, *, actor: Any) -> None:
    """Erase one person's data because they asked for it on paper or by word: whoever stands in lists only has no link. Erased twice it is
    erased once. Raises `Refused` for whoever neither records for the NGO nor answers for the body.
    """
    begun(FORGET, person.project, actor)
    forget(person, actor=actor)


def is_all(mine: Participation) -> bool:
    """Whether everything that the project knows of this person was registered by the telephone that holds this link."""
    person = mine.consumer
    others = person.participations.exclude(holder=mine.holder).exists()
    return not others and not Consultation.objects.filter(consumer=person).exists()


@transaction.atomic
def forget_own(mine: Participation, *, now: datetime | None = None) -> None:
    """Erase by a personal link what was registered with it, and by the same telephone before and after it: the whole person, when there is
    nothing else. Otherwise these registrations are nobody's from now on and stay counted; what others recorded of the person stays,
    since whoever knows a name and a contact could have registered in it.
    """
    at = now or clock.now()
    project = locked(Project, mine.consumer.project_id)
    if not mine.holder:
        return
    if is_all(mine):
        forget(mine.consumer, now=at)
        return
    rows = Participation.objects.filter(consumer=mine.consumer, holder=mine.holder)
    came = rows.filter(attended=True).count()
    events = {event_key(Event(pk=pk)) for pk in rows.values_list("event", flat=True)}
    same = {mine.consumer_id, *mine.consumer.aliases.values_list("pk", flat=True)}
    people_list.erase(project, same, at, keys=events)
    nobody = Consumer.objects.create(
        project=project,
        identity=identity.nobody(),
        attended=came,
        created_at=at,
        erased_at=at,
    )
    rows.update(consumer=nobody, review="", key="", holder="")
    Consumer.objects.filter(pk=mine.consumer_id).update(attended=F("attended") - came)
    tally.settle(project)
    note(project, "registrations_forgotten", None)


@transaction.atomic
def forget_all(project: Project, *, actor: Any = None, now: datetime | None = None) -> int:
    """Erase the personal data of everybody in a project, when the period of keeping is over; how many people were erased, beside
    those who applied for small grants.

    Raises `Refused` before that day. Figures stay; questions and reviews that may name people are emptied. Files that name people
    are told by `naming`: they are deleted by hand.
    """
    at = now or clock.now()
    fresh = locked(Project, project.pk)
    if actor is not None and not FORGET.by(actor, fresh):
        raise Refused(FORGET, [not_yours(FORGET)])
    if fresh.keep_personal_until is None or clock.day_of(at) <= fresh.keep_personal_until:
        raise Refused(FORGET, [kept_until(fresh)])
    people = Consumer.objects.filter(project=fresh, erased_at=None)
    Participation.objects.filter(event__project=fresh).exclude(review="").update(review="")
    Consultation.objects.filter(project=fresh).update(question="", applied_how="", review="")
    people_list.erase(fresh, None, at)
    Participation.objects.filter(event__project=fresh).exclude(key="").update(key="", holder="")
    Apart.objects.filter(first__project=fresh).delete()
    erased = _blank(people, at)
    applicants = small_grant.forget(fresh)
    fresh.erased_at = at
    fresh.save(update_fields=["erased_at"])
    files = naming(fresh).count()
    note(
        fresh,
        "people_forgotten",
        actor,
        {"people": erased, "applicants": applicants, "files_to_delete": files},
    )
    return erased


def kept_until(project: Project) -> Finding:
    """Why nothing is erased yet."""
    if project.keep_personal_until is None:
        return _kept(
            "not_closed",
            _("Personal data are kept while the project is not closed: its reports need them."),
        )
    return _kept(
        "kept",
        _(
            "Personal data are kept until %(day)s: as long as the documents to which the lists belong. "
            "Anybody can have their own erased before: by their personal link, or by asking the organiser."
        )
        % {"day": project.keep_personal_until.strftime("%d.%m.%Y")},
    )


def naming(project: Project) -> QuerySet[Evidence]:
    """Evidence whose files name participants."""
    return Evidence.objects.filter(
        project=project, kind__in=NAMING, file__isnull=False
    ).select_related("file")


def _blank(people: QuerySet[Consumer], now: datetime) -> int:
    """One random identity each; all else of a person is emptied."""
    rows = list(people.only("pk"))
    for one in rows:
        for name in PERSONAL:
            setattr(one, name, "")
        one.identity, one.likeness, one.search, one.erased_at = identity.nobody(), "", "", now
    Consumer.objects.bulk_update(
        rows, [*PERSONAL, "identity", "likeness", "search", "erased_at"], batch_size=CHUNK
    )
    return len(rows)


def _kept(code: str, message: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, citing.read(GUIDE))
