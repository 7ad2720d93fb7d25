"""A member's own sheet and declaration as files to print, to file or to sign by hand."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from ortaq.documents.downloads import paper_download
from ortaq.people.actor import ActorRequest
from ortaq.review import papers, queries

from .shared import find
from .sheets import find_dossier


@require_safe
def sheet_paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """One's own score sheet of a dossier that is open to one, as it stands."""
    found, seat = find_dossier(request, pk)
    sheet = queries.own_sheet(found, seat)
    if sheet is None or language not in papers.LANGUAGES or found.panel.act not in papers.SHEETS:
        raise Http404
    return paper_download(papers.score_sheet(sheet, language), kind, f"sheet-{pk}-{language}")


@require_safe
def declaration_paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """One's own declaration to a commission, as far as it is made."""
    view = find(request, pk)
    if not view.is_member or view.seat is None or view.panel.state == "forming":
        raise Http404
    if language not in papers.LANGUAGES or view.panel.act not in papers.DECLARATIONS:
        raise Http404
    paper = papers.declaration(view.seat, language)
    return paper_download(paper, kind, f"declaration-{pk}-{language}")
