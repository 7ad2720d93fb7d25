"""Files: known by their content, limited in size, kept once under their SHA-256."""

from __future__ import annotations

import hashlib
import io
import os
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from . import clock
from .contents import bare, remark_of
from .models import StoredFile

MAX_BYTES: int = settings.ORTAQ_FILE_BYTES
MAX_UNPACKED: int = settings.ORTAQ_FILE_UNPACKED
MAX_ENTRIES = 5000
CHUNK = 1024 * 1024

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
CSV = "text/csv"  # known by being read as a table, not by its content
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MP4 = "video/mp4"

# What an applicant may attach, with the endings under which people know it.
DOCUMENTS = {PDF: "PDF", DOCX: "DOCX", XLSX: "XLSX", PNG: "PNG", JPEG: "JPG"}
SCANS = {PDF: "PDF", PNG: "PNG", JPEG: "JPG"}
# What proves that something was done.
EVIDENCE = {**DOCUMENTS, PPTX: "PPTX", MP4: "MP4"}
_SUFFIX = {
    PDF: ".pdf",
    DOCX: ".docx",
    XLSX: ".xlsx",
    PPTX: ".pptx",
    PNG: ".png",
    JPEG: ".jpg",
    MP4: ".mp4",
    CSV: ".csv",
}
# Brands of the container that phones film in; photographs (HEIC) lie in the same container.
_VIDEO_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"3gp",
    b"qt",
    b"M4V",
)


def kind_of(content: bytes) -> str | None:
    """The media type that the content itself shows, whatever its name says; None: not one of ours."""
    before, header, _rest = content[:1024].partition(b"%PDF-")
    if header:  # printers write a line or two before it; who writes a page before it writes two files in one
        return None if re.search(rb"<[a-z!?]|PK\x03\x04", before, re.IGNORECASE) else PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[4:8] == b"ftyp" and content[8:12].startswith(_VIDEO_BRANDS):
        return MP4
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    return None


def _kind_of_archive(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or _unpacks_to_more_than(MAX_UNPACKED, archive):
                raise ValidationError(
                    _(
                        "This archive unpacks to far more than it weighs. "
                        "Save the document anew and try again."
                    ),
                    code="bomb",
                )
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError):
        return None  # damaged, encrypted or packed in a way that no office program uses
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return DOCX
    if "ppt/presentation.xml" in names:
        return PPTX
    return XLSX if "xl/workbook.xml" in names else None


def _unpacks_to_more_than(limit: int, archive: zipfile.ZipFile) -> bool:
    """Whether the entries hold more than `limit` bytes, whatever their headers claim."""
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > limit:
        return True
    total = 0
    for entry in entries:
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise NotImplementedError(entry.compress_type)
        entry.file_size = limit + 2 * CHUNK  # or the reader would stop where the header says
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > limit:
                    return True
    return False


def safe_name(name: str, kind: str = "") -> str:
    """The file's name as it can be kept: at most 150 characters, with the ending of its real kind.

    Folders, control characters and what some systems forbid in names are left out.
    """
    base = PurePath(name.replace("\\", "/")).name
    base = "".join(
        c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C"
    )
    base = re.sub(r"[\"<>|:*?/\\]", "_", base).strip(". ") or "file"
    suffix = _SUFFIX.get(kind, "")
    if suffix and not base.lower().endswith((suffix, ".jpeg" if kind == JPEG else suffix)):
        base += suffix
    stem, dot, ending = base.rpartition(".")
    return f"{stem[:140]}{dot}{ending[:9]}" if dot else base[:150]


def store(
    upload: File[Any] | IO[bytes],
    *,
    name: str,
    person: Any = None,
    allowed: dict[str, str] = DOCUMENTS,
    limit: int = MAX_BYTES,
    public: bool = False,
) -> StoredFile:
    """Keep an uploaded file and return its row; arguments and `ValidationError` as in `read`.

    `public`: everybody will read it, so that pictures lose what they tell of the place and the person (`contents.bare`).
    """
    content, kind = read(upload, allowed=allowed, limit=limit)
    return keep(bare(content, kind) if public else content, kind, name=name, person=person)


def keep(content: bytes, kind: str, *, name: str, person: Any = None) -> StoredFile:
    """Keep `content` whose media type the caller has made sure of (a table read from csv), and return its row."""
    return StoredFile.objects.create(
        sha256=lay(content),
        size=len(content),
        kind=kind,
        name=safe_name(name, kind),
        uploaded_by=person,
        uploaded_at=clock.now(),
        remark=remark_of(content, kind),
    )


def lay(content: bytes) -> str:
    """See `content` safe in the storage; its SHA-256. Called before the transaction of its row, it keeps nobody else waiting for the disk:
    `keep` then finds it there. What no row follows is told by the check, and harms nothing.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    # One that is shorter was cut short long ago, when it was still written in its own place: write it again.
    if size_of(path) != len(content):
        put(path, [content])
    return digest


def put(path: str, pieces: Iterable[bytes]) -> int:
    """Write `pieces` into the storage in place of what lies at `path`; how many bytes they are.

    Readers, on whatever host, see what was there before or the whole of what is there now, also after a crash.
    """
    storage = default_storage
    try:
        place = Path(storage.path(path))
    except (
        NotImplementedError
    ):  # it is not of this machine; such a store takes a file as a whole or not at all
        with SpooledTemporaryFile(max_size=CHUNK) as whole:
            size = _written(whole, pieces)
            whole.seek(0)
            storage.save(path, File(whole))
        return size
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, suffix=".part", delete=False) as file:
        try:
            size = _written(file, pieces)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(place)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _settle(place.parent)
    return size


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: the row that names a file is written afterwards.

    The folders above are new only with the first files of their kind, so they are settled too.
    """
    for one in (folder, *list(folder.parents)[:2]):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _written(file: IO[bytes], pieces: Iterable[bytes]) -> int:
    return sum(file.write(piece) for piece in pieces)


def size_of(path: str) -> int | None:
    """How many bytes lie at `path` in the storage; None where nothing does."""
    try:
        return default_storage.size(path)
    except FileNotFoundError:
        return None


def read(
    upload: File[Any] | IO[bytes],
    *,
    allowed: dict[str, str] = DOCUMENTS,
    limit: int = MAX_BYTES,
) -> tuple[bytes, str]:
    """The content of an uploaded file and its media type, kept nowhere yet.

    `upload` yields bytes; `allowed` maps media types to what people call them; `limit` is in
    bytes. Raises `ValidationError` with a sentence for the reader when the file is empty, too
    large, of another kind than `allowed`, or a decompression bomb.
    """
    content = upload.read(limit + 1)
    if len(content) > limit:
        raise ValidationError(
            _(
                "The file is larger than %(limit)s. "
                "Make it smaller, for example by scanning in grey, and try again."
            ),
            code="large",
            params={"limit": filesizeformat(limit)},
        )
    if not content:
        raise ValidationError(_("The file is empty. Choose it again."), code="empty")
    kind = kind_of(content)
    if kind is None or kind not in allowed:
        raise ValidationError(
            _(
                "The content of this file is not one of: %(kinds)s. "
                "Save it in one of these formats; renaming is not enough."
            ),
            code="kind",
            params={"kinds": ", ".join(allowed.values())},
        )
    return content, kind


def path_of(digest: str) -> str:
    """Where the content with this SHA-256 lies in the storage."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def open_file(file: StoredFile) -> IO[bytes]:
    """The content of a stored file."""
    return default_storage.open(path_of(file.sha256), "rb")
