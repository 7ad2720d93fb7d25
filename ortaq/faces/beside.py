"""What stood in the way of a step, beside the fields of its form."""

from __future__ import annotations

from django.forms import BaseForm

from ortaq.core.procedure import Refused

from . import say


def put_beside(form: BaseForm, refused: Refused) -> None:
    """Say what stood in the way beside the fields that it is about, the rest above the form. Somebody else's step, or one of a state
    that is gone, is a page of its own: raised again.
    """
    if refused.has("not_yours", "moved_on"):
        raise refused
    for finding in refused.findings:
        about = finding.about if finding.about in form.fields else None
        form.add_error(about, say.text(finding.message))
