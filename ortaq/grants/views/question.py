"""Questions on an announcement: they stand on its public page."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ortaq.grants.forms.competition import QuestionAnswerForm, QuestionForm
from ortaq.grants.procedure import question as procedure
from ortaq.grants.queries import competition as queries
from ortaq.people.actor import ActorRequest

from .competition import announcement_page


@require_POST
def ask(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.announcements(request.actor), pk=pk)
    form = QuestionForm(request.POST, lots=found.lots.select_related("topic"))
    if form.is_valid():
        try:
            asked = procedure.ask(
                found, form.cleaned_data["text"], actor=request.actor, lot=form.cleaned_data["lot"]
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The question is asked; the answer comes by letter too."))
            return redirect(f"{reverse('grants:competition', args=[pk])}#question-{asked.pk}")
    return announcement_page(request, found, form, status=422)


def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """The operator's answer to one question."""
    found = get_object_or_404(queries.questions_managed_by(request.actor), pk=pk)
    form = QuestionAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            procedure.answer(found, form.cleaned_data["text"], actor=request.actor)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The answer is published."))
            address = reverse("grants:competition", args=[found.competition_id])
            return redirect(f"{address}#question-{found.pk}")
    return render(
        request,
        "grants/question_answer.html",
        {"form": form, "question": found, "competition": found.competition},
        status=422 if form.errors else 200,
    )
