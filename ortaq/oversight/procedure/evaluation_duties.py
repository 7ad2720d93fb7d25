"""Who owes what for the evaluation of projects, by when: the body alone; what its council owes stands in `review`."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from ortaq import law
from ortaq.core import duties
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.law.text import Text
from ortaq.oversight.models import Evaluation
from ortaq.projects.models import Contract, Project

from .annex8 import discusses, edition_now, edition_of

State = Evaluation.State
# A completed project: its final reports are accepted.
DONE = (Project.State.ACCEPTED, Project.State.CLOSED)
FORM_IT = Text(
    "Бағалау есебін (8-қосымша) қалыптастыру",
    "Сформировать отчёт об оценке (приложение 8)",
    "Form the evaluation report (annex 8)",
)
DISCUSS_IT = Text(
    "Алдын ала бағалау есебін жария талқылауға орналастыру",
    "Разместить предварительный отчёт об оценке для публичного обсуждения",
    "Lay the preliminary evaluation report open for public discussion",
)
CONCLUDE_IT = Text(
    "Бағалау есебі бойынша ұсыныстарды қарап, шешім қабылдау",
    "Рассмотреть предложения к отчёту об оценке и принять решения",
    "Consider the comments on the evaluation report and decide on them",
)
POST_IT = Text(
    "Бағалау есебін мемлекеттік сатып алу порталына орналастыру",
    "Разместить отчёт об оценке на портале государственных закупок",
    "Post the evaluation report on the portal of state procurement",
)
EVALUATE_IT = Text(
    "Аяқталған жобаны бағалауды бастау",
    "Начать оценку завершённого проекта",
    "Open the evaluation of the completed project",
)


def owed(evaluation: Evaluation) -> Iterable[Owed]:
    """The body forms the report within three working days after completion, then posts it (SO-E-19, SO-E-20); under an edition with a
    discussion it first posts the preliminary report, then decides on the comments, then publishes how the discussion ended (SO-18-09).
    """
    discussed = discusses(evaluation)
    if evaluation.state == State.COMPLETED:
        asked = ("discuss_evaluation", DISCUSS_IT) if discussed else ("form_evaluation", FORM_IT)
        due = evaluation.report_due_at
    elif evaluation.state == State.DISCUSSED:
        asked, due = ("form_evaluation", CONCLUDE_IT), evaluation.decide_until
    elif evaluation.state == State.FORMED:
        asked = ("post_evaluation", POST_IT)
        # The edition of 2022 sets no day for the posting (SO-X-04).
        due = evaluation.report_due_at if discussed else None
    else:
        return
    yield Owed(
        asked[0],
        organisation(evaluation.project.contract.grantor_id),
        asked[1],
        due,
        reverse("oversight:evaluation", args=[evaluation.pk]),
        _cite(edition_of(evaluation)),
    )


def _cite(edition: law.Edition) -> str:
    return f"{edition.act}/{edition.key} {edition.rubric('evaluation').cite.place}"


def settle_duty(project: Project) -> None:
    """Keep the duty of the body to evaluate a completed project of a social order (SO-E-02, SO-E-03) in step with what is there."""
    contract = project.contract
    if contract.instrument != Contract.Instrument.SOCIAL_ORDER:
        return
    begun = Evaluation.objects.filter(project=project).exists()
    owes = project.state in DONE and not begun
    duties.keep(
        project,
        [
            Owed(
                "evaluate",
                organisation(contract.grantor_id),
                EVALUATE_IT,
                None,
                reverse("oversight:project_evaluation", args=[project.pk]),
                _cite(edition_now()),
            )
        ]
        if owes
        else (),
    )
