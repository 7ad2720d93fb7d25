"""The pages of all forms, open to everybody: what they look like, and empty ones to take away."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ortaq.faces import say

from . import catalogue, samples
from .downloads import paper_download
from .filling import blank
from .render import html

PAPERS = list(catalogue.PAPERS.items())


@login_not_required
@require_safe
def all_forms(request: HttpRequest) -> HttpResponse:
    """The list of all forms by act and edition."""
    context = {"instruments": catalogue.entries(), "papers": PAPERS}
    return render(request, "documents/forms.html", context)


@login_not_required
@require_safe
def one_form(request: HttpRequest, edition: str, form: str) -> HttpResponse:
    """A form as it is printed, empty or with the values of a sample, in the language asked for."""
    entry = _entry(form, edition)
    language = request.GET.get("paper") or say.language()
    if language not in catalogue.PAPERS:
        language = PAPERS[0][0]
    sample = "sample" in request.GET
    paper = samples.filled(entry.form, language) if sample else blank(entry.form, language)
    context = {
        "entry": entry,
        "papers": PAPERS,
        "shown": SHOWN,
        "paper_language": language,
        "sample": sample,
        "html": html(paper),
    }
    return render(request, "documents/form.html", context)


# What the tabs of a form show: the language of the paper, whether it is filled, the tab's text.
SHOWN = (
    ("kk", False, _("Empty, in Kazakh")),
    ("ru", False, _("Empty, in Russian")),
    ("kk", True, _("Sample, in Kazakh")),
    ("ru", True, _("Sample, in Russian")),
)


@login_not_required
@require_safe
def blank_form(
    request: HttpRequest, edition: str, form: str, language: str, kind: str
) -> FileResponse:
    """The empty form as a file."""
    entry = _entry(form, edition)
    if language not in catalogue.PAPERS or kind not in entry.kinds:
        raise Http404
    return paper_download(blank(entry.form, language), kind, f"{form}-{edition}-{language}")


def _entry(form: str, edition: str) -> catalogue.Entry:
    try:
        return catalogue.entry(form, edition)
    except LookupError:
        raise Http404 from None
