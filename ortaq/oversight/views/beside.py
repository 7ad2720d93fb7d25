"""The NGO's answer, taken with the files of its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ortaq.core.procedure import Procedure, Refused
from ortaq.faces.beside import put_beside
from ortaq.oversight.forms.followup import AnswerForm, DoneForm
from ortaq.people.actor import ActorRequest
from ortaq.projects.views.act import version_of


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
