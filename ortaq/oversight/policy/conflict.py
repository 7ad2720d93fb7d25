"""THE gate of those who monitor and evaluate: nothing of a project opens before a notice without conflict (SO-M-12, SO-E-11)."""

from __future__ import annotations

from ortaq.oversight.models import Engagement, Notice
from ortaq.oversight.ties import question_of, ties
from ortaq.people.actor import Actor
from ortaq.people.policy import predicate
from ortaq.projects.models import Project


def notice_of(person: int, project: Project) -> Notice | None:
    """The notice that counts: the person's latest one about the project, with the body's admission if there is one; one query."""
    rows = Notice.objects.filter(person=person, project=project).select_related("admission")
    return rows.order_by("-id").first()


def hindrances(person: int, project: Project, notice: Notice | None) -> set[str]:
    """Known ties that no notice and admission cover: the reasons (`review.Conflict.Reason`). A tie that was declared and admitted
    with reasons hinders no more; one that was kept silent does.
    """
    declared = set()
    if notice is not None and hasattr(notice, "admission"):
        declared = {key for key, answer in notice.answers.items() if answer.get("yes")}
    return {reason for reason in ties(person, project) if question_of(reason) not in declared}


def is_cleared(person: int, project: Project) -> bool:
    """Whether the person gave a notice about the project, has no conflict or was admitted with reasons, and no tie is known."""
    notice = notice_of(person, project)
    if notice is None or (notice.conflict and not hasattr(notice, "admission")):
        return False
    return not hindrances(person, project, notice)


@predicate
def monitors(actor: Actor, project: Project) -> bool:
    """The project's independent expert, past the gate (SO-M-12, SO-M-13)."""
    user = actor.user
    if user is None:
        return False
    engaged = Engagement.objects.filter(
        project=project, expert__person=user, state=Engagement.State.ACTIVE
    )
    return engaged.exists() and is_cleared(user.pk, project)
