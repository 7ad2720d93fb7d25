"""The table of a great competition's applications, written by the worker while the operator goes on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortaq.core import work
from ortaq.core.models import Work
from ortaq.documents.spreadsheet import Sheet, tenge, write_rows
from ortaq.people.actor import Actor, actor_of_work

from .models import Application, Competition
from .policy.competition import is_its_operator
from .queries import application as queries


def sheet(rows: Iterable[tuple[Any, ...]]) -> Sheet:
    """Rows of `queries.exported` as a worksheet in the reader's language."""
    header = [
        _("Number"), _("State"), _("Topic"), _("BIN"), _("Applicant"), _("Project"), _("Method"),
        _("Received"), _("Grant asked for, tenge"), _("Total, tenge"), _("Points"),
    ]  # fmt: skip
    states = {value: str(text) for value, text in Application.State.choices}
    methods = {value: str(text) for value, text in Application.Method.choices}
    shown = (
        (
            number, states[state], topic, organisation, applicant, project, methods[method],
            received_at, tenge(grant), tenge(total), queries.mean_of(score),
        )
        for (
            number, state, topic, organisation, applicant, project, method,
            received_at, grant, total, score,
        ) in rows
    )  # fmt: skip
    return Sheet(_("Applications"), header, shown)


def ask_for_table(competition: Competition, asked: queries.Asked, actor: Actor) -> Work:
    """Have the table of what the list shows written."""
    return work.ask(
        "applications_table",
        person=actor.user,
        behalf=actor.behalf,
        subject=competition,
        about=str(competition),
        arguments=asdict(asked),
    )


@work.kind("applications_table", gettext_lazy("Table of the applications of a competition"))
def write_table(task: work.Task) -> None:
    """It changes nothing, and shows what its asker may see when it is written."""
    competition = Competition.objects.select_related("panel").get(pk=task.subject_number)
    if not is_its_operator(actor_of_work(task.row), competition):
        raise Competition.DoesNotExist
    asked = queries.Asked(**task.arguments)
    total = queries.handed_in(competition, asked).count()

    def counted() -> Iterator[tuple[Any, ...]]:
        for number, row in enumerate(queries.exported(competition, asked)):
            task.progress(number, total)
            yield row

    with tempfile.TemporaryFile() as file:
        write_rows(file, [sheet(counted())])
        task.hand_over(file, f"applications-{competition.pk}.xlsx")
