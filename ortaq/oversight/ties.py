"""What the registers know of a person and the NGO of a project, whatever the person declares."""

from __future__ import annotations

from ortaq.projects.models import Project
from ortaq.registry.models import Expert
from ortaq.review.conflicts import ties_between
from ortaq.review.models import Conflict

Reason = Conflict.Reason
# The question of annexes 4 and 6 under which a tie is declared.
QUESTION = {
    Reason.FOUNDER: "ngo_member_or_founder",
    Reason.MEMBER: "ngo_member_or_founder",
    Reason.HEAD: "governing_body_or_head",
    Reason.PAYMENT: "payments_last_three_years",
    Reason.KIN: "close_kinship",
}
OTHER = "other_possible_conflict"


def ties(person: int, project: Project) -> set[str]:
    """The reasons (`review.Conflict.Reason`) for which a person is tied to the NGO that carries the project out; three queries."""
    ngo = project.contract.grantee_id
    found = {reason for _person, _ngo, reason in ties_between([person], [ngo])}
    expert = Expert.objects.filter(person=person).values("proposed_by", "employer").first()
    if expert is not None:
        if expert["proposed_by"] == ngo:
            found.add(Reason.PROPOSED)
        if expert["employer"] == ngo:
            found.add(Reason.EMPLOYER)
    return found


def question_of(reason: str) -> str:
    """The key of the question of the notice under which a tie of this kind is declared."""
    return QUESTION.get(Reason(reason), OTHER)
