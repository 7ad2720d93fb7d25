"""14 May to 3 June: the announcement, questions and answers, applications until the last second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from ortaq.core import clock
from ortaq.demo import cast, pdf, writing
from ortaq.grants.content.parts import BUDGET, CAPACITY, CONTENT, QUESTIONNAIRE, written_parts
from ortaq.grants.models import (
    Application,
    ApplicationPart,
    Attachment,
    Competition,
    PlanVersion,
    Question,
)
from ortaq.grants.procedure import application_draft, question
from ortaq.grants.procedure.application import APPLICATION, submit
from ortaq.grants.procedure.competition import COMPETITION, close_due
from ortaq.grants.procedure.competition_draft import begin
from ortaq.people.actor import Actor

from . import data, found
from .beat import Beat, beat
from .data import Entry

State = Application.State
Kind = Attachment.Kind


def beats() -> Iterator[Beat]:
    told = data.competition()
    yield beat(told["announced_at"] - timedelta(days=2), prepare_announcement)
    yield beat(told["announced_at"], announce)
    for number, row in enumerate(told["question"]):
        yield beat(row["asked_at"], ask, number)
        yield beat(row["answered_at"], answer, number)
    for entry in data.entries():
        yield beat(entry.begun, begin_draft, entry)
        if entry.submitted:
            yield beat(entry.submitted, hand_in, entry)
        if entry.withdrawn and entry.again:
            yield beat(entry.withdrawn, withdraw, entry)
            yield beat(entry.withdrawn + timedelta(hours=1), begin_again, entry)
            yield beat(entry.again, hand_in, entry)
    stars = next(entry for entry in data.entries() if entry.ngo == "aqqu")
    yield beat(datetime(2020, 5, 19, 18, 20, tzinfo=clock.ALMATY), write_half, stars)
    yield beat(told["closes_at"] + timedelta(seconds=1), close_due)


# --- The announcement --------------------------------------------------------------------------------


def prepare_announcement() -> None:
    told = data.competition()
    version = PlanVersion.objects.get(plan__year=2020, state=PlanVersion.State.APPROVED)
    begin(
        Competition(
            version=version,
            title_kk=told["title_kk"],
            title_ru=told["title_ru"],
            text_kk=told["text_kk"].strip(),
            text_ru=told["text_ru"].strip(),
            contacts_kk=told["contacts_kk"],
            contacts_ru=told["contacts_ru"],
            closes_at=told["closes_at"].replace(tzinfo=clock.ALMATY),
            latest_project_end=told["latest_project_end"],
            balance_date=told["balance_date"],
            check_days=told["check_days"],
        ),
        version.topics.filter(number__in=told["topics"]).prefetch_related("amounts"),
        actor=cast.actor("gulnara"),
    )


def announce() -> None:
    COMPETITION.take("announce", found.competition(), actor=cast.actor("gulnara"))


def ask(number: int) -> None:
    row = data.competition()["question"][number]
    lot = found.lot(row["topic"]) if "topic" in row else None
    question.ask(found.competition(), row["text"], actor=cast.actor(row["by"]), lot=lot)


def answer(number: int) -> None:
    """Answer, unless a visitor has done so."""
    row = data.competition()["question"][number]
    asked = Question.objects.filter(text=row["text"], answered_at=None).first()
    if asked is not None:
        question.answer(asked, row["answer"], actor=cast.actor("gulnara"))


# --- Applications ----------------------------------------------------------------------------------


def begin_draft(entry: Entry) -> None:
    """A draft with what the NGO says of itself in every application."""
    actor = head(entry)
    application = application_draft.begin(
        found.lot(entry.topic),
        cast.body(entry.ngo),
        actor=actor,
        language=entry.language,
        title=entry.title,
    )
    for part in written_parts(application):
        if part.key == QUESTIONNAIRE:
            write(application, part.form_id, 0, writing.questionnaire(entry), actor)
        elif part.key == CAPACITY:
            write(application, part.form_id, 0, writing.capacity(entry), actor)


def write_half(entry: Entry) -> None:
    """What the stars' NGO has written when the newcomer comes: nearly everything, but not all."""
    application = found.application(entry, State.DRAFT)
    if application is None:
        return
    accountant = cast.actor(cast.accountant_of(entry.ngo).key)
    for part in written_parts(application):
        if part.key == CONTENT:
            text = text_of(application, entry, part.year)
            left = ("sustainability/", "risks/", "feedback/")
            known = {path: value for path, value in text.items() if not path.startswith(left)}
            write(application, part.form_id, part.year, known, head(entry))
        elif part.key == BUDGET:
            lines = writing.budget(entry, amount(application, part.year), only="administrative")
            write(application, part.form_id, part.year, lines, accountant)


def hand_in(entry: Entry) -> None:
    """Write what is still missing, attach the files and submit, if nobody has done so already."""
    application = found.application(entry, State.DRAFT)
    if application is None:
        return
    actor = head(entry)
    if application.starts_on is None or application.ends_on is None:
        application_draft.describe(
            application,
            actor=actor,
            title=application.title or entry.title,
            language=application.language,
            starts_on=writing.STARTS_ON,
            ends_on=writing.ends_on(application),
        )
    for part in written_parts(application):
        if part.key == CONTENT:
            text = text_of(application, entry, part.year)
            write(application, part.form_id, part.year, text, actor)
        elif part.key == BUDGET:
            lines = writing.budget(entry, amount(application, part.year))
            write(application, part.form_id, part.year, lines, actor)
    attach_files(application, entry, actor)
    submit(application, actor=actor, declared=True)


def text_of(application: Application, entry: Entry, year: int) -> writing.Values:
    """Annex 4 of an application."""
    return writing.content(entry, year, application.lot.topic.territory_printed)


def amount(application: Application, year: int) -> int:
    """What the topic allots, in tiyn, for a year or (0) for all."""
    amounts = application.lot.topic.amounts.all()
    return sum(one.amount_tiyn for one in amounts if year in (0, one.year))


def withdraw(entry: Entry) -> None:
    application = found.application(entry, State.SUBMITTED)
    if application is not None:
        reason = "Сметадағы қатені түзетіп, қайта тапсырамыз."
        APPLICATION.take("withdraw", application, actor=head(entry), reason=reason)


def begin_again(entry: Entry) -> None:
    """A new application that copies the one withdrawn; its files are attached anew."""
    source = found.application(entry, State.WITHDRAWN)
    if source is not None:
        lot, ngo = found.lot(entry.topic), cast.body(entry.ngo)
        application_draft.begin(lot, ngo, actor=head(entry), language=entry.language, source=source)


def head(entry: Entry) -> Actor:
    return cast.actor(cast.head_of(entry.ngo).key)


def write(
    application: Application, form: str, year: int, values: writing.Values, actor: Actor
) -> None:
    """Write into a part what is empty there, as its page does; what visitors wrote stays."""
    part = ApplicationPart.objects.get(application=application, form=form, year=year)
    if edits := writing.edits(part, values):
        application_draft.save(part, edits, actor=actor)


def attach_files(application: Application, entry: Entry, actor: Actor) -> None:
    """The files of parts 6-9 that are not there yet."""
    present = set(application.attachments.filter(removed_at=None).values_list("kind", "row"))
    for kind, about, row in writing.files(entry):
        if (kind, row) not in present:
            name = f"{Kind(kind).label}.pdf"
            page = pdf.page(f"Demonstration file: {kind}", f"{entry.ngo}, topic {entry.topic}")
            file = ContentFile(page, name)
            application_draft.attach(
                application, file, actor=actor, kind=kind, about=about, row=row
            )
