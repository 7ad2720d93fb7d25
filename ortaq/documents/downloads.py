"""Papers, tables and files as answers to a request: the last line of a view."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable

from django.http import FileResponse, Http404

from ortaq.core.files import DOCX, PDF, XLSX, open_file
from ortaq.core.models import StoredFile

from . import render
from .paper import Paper
from .spreadsheet import Sheet, write_rows

FORMATS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "pdf": (render.pdf, PDF),
    "docx": (render.docx, DOCX),
    "xlsx": (render.xlsx, XLSX),
}


def paper_download(paper: Paper, kind: str, name: str) -> FileResponse:
    """The paper as a file `<name>.<kind>`; `Http404` for a kind that is not in `FORMATS`."""
    if kind not in FORMATS:
        raise Http404
    made, media_type = FORMATS[kind]
    return FileResponse(
        io.BytesIO(made(paper)),
        as_attachment=True,
        filename=f"{name}.{kind}",
        content_type=media_type,
    )


def stored_download(file: StoredFile) -> FileResponse:
    """A file that somebody handed in, as a download that no browser runs and no cache keeps;
    `Http404` when its content is gone.
    """
    try:
        content = open_file(file)
    except FileNotFoundError as gone:
        raise Http404 from gone
    answer = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.kind)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def table_download(sheets: Iterable[Sheet], name: str) -> FileResponse:
    """The tables as a file `<name>.xlsx`, by way of the disk: memory stays flat."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    write_rows(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
