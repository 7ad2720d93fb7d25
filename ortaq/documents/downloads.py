"""Papers, tables and files as answers to a request: the last line of a view."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

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


_MAKING = Lock()


def kept_download(
    make: Callable[[], Paper], kind: str, name: str, *, key: str, mark: str
) -> FileResponse:
    """As `paper_download`, for a long paper that many ask for: made when first asked for, then kept.

    `mark` must change with whatever the paper says: one of another mark replaces that kept under
    `key`. Both are letters, digits and "-". What is kept may be deleted at any time.
    """
    if kind not in FORMATS:
        raise Http404
    made, media_type = FORMATS[kind]
    path = Path(settings.MEDIA_ROOT) / "papers" / key / f"{mark}.{kind}"
    try:
        content: IO[bytes] = path.open("rb")
    except FileNotFoundError:
        with _MAKING:  # whoever asks for it meanwhile waits for it instead of making it too
            content = _kept(path, lambda: made(make()))
    return FileResponse(
        content, as_attachment=True, filename=f"{name}.{kind}", content_type=media_type
    )


def _kept(path: Path, make: Callable[[], bytes]) -> IO[bytes]:
    """What lies at `path`; made, and put in the place of earlier ones, if there is nothing."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        content = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    for earlier in path.parent.glob(f"*{path.suffix}"):
        earlier.unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
    return io.BytesIO(content)


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


def long_table(request: HttpRequest, title: Any) -> HttpResponse:
    """Instead of a table that takes longer than a reader should wait: a page that offers to have it written. Its button
    sends POST to the same address.
    """
    context = {"title": title, "rows": settings.ORTAQ_ROWS_AT_ONCE, "here": request.get_full_path()}
    return TemplateResponse(request, "documents/long_table.html", context)
