"""What stood in the way of a step, beside the fields of its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm

from ortaq.core.procedure import Procedure, Refused
from ortaq.oversight.forms.followup import AnswerForm, DoneForm
from ortaq.people.actor import ActorRequest
from ortaq.projects.views.act import version_of


def put_beside(form: BaseForm, refused: Refused) -> None:
    """Say what stood in the way beside the fields that it is about, the rest above the form. Somebody else's step, or one of a state
    that is gone, is a page of its own: raised again.
    """
    if refused.has("not_yours", "moved_on"):
        raise refused
    for finding in refused.findings:
        form.add_error(
            finding.about if finding.about in form.fields else None, str(finding.message)
        )


def answered(
    request: ActorRequest,
    procedure: Procedure[Any],
    step: str,
    row: Any,
    form: AnswerForm | DoneForm,
    *,
    files: Callable[[], dict[str, Any]],
) -> bool:
    """Take the step by which the NGO answers, with the words and `files` of its form; what came through is kept even when the step is
    not taken. False: what stands in the way is beside the fields. Raises Refused as `put_beside` does.
    """
    valid = form.is_valid()
    form.keep(request.actor.user)
    if not (valid and form.is_valid()):
        return False
    try:
        procedure.take(
            step,
            row,
            actor=request.actor,
            answer=form.cleaned_data["answer"],
            version=version_of(request),
            **files(),
        )
    except Refused as refused:
        put_beside(form, refused)
        return False
    return True
