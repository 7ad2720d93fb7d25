"""Questions on the documentation: they stand on the public page of the tender."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ortaq.people.actor import ActorRequest
from ortaq.tenders.forms.tender import AnswerForm, QuestionForm
from ortaq.tenders.procedure import question as procedure
from ortaq.tenders.queries import tender as queries

from .tender import announcement_page


@require_POST
def ask(request: ActorRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.announcements(request.actor), pk=pk)
    form = QuestionForm(request.POST)
    if form.is_valid():
        try:
            asked = procedure.ask(found, form.cleaned_data["text"], actor=request.actor)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(
                request, _("The question is asked; the clarification comes by letter too.")
            )
            return redirect(f"{reverse('tenders:tender', args=[pk])}#question-{asked.pk}")
    return announcement_page(request, found, form, status=422)


def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """The clarification of one question."""
    found = get_object_or_404(queries.questions_of(request.actor), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            procedure.answer(found, given["answer_kk"], given["answer_ru"], actor=request.actor)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The clarification is published."))
            address = reverse("tenders:tender", args=[found.tender_id])
            return redirect(f"{address}#question-{found.pk}")
    return render(
        request,
        "tenders/question_answer.html",
        {"form": form, "question": found, "tender": found.tender},
        status=422 if form.errors else 200,
    )
