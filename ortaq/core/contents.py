"""What lies within a file besides what it shows: programs in documents, and what pictures tell of who took them."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _

SCRIPTS = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|XFA)\b")
ENCLOSED = re.compile(rb"/(EmbeddedFiles?|Filespec)\b")
STREAM = re.compile(rb"/ObjStm\b[^>]{0,400}>>\s*stream\r?\n")
# Names in a PDF may be written with the numbers of their letters: /J#61vaScript.
WRITTEN_OUT = re.compile(rb"#([0-9A-Fa-f]{2})")
# As much of packed objects is looked through as an honest document has; the rest is left.
MOST_OBJECTS = 400
MOST_UNPACKED = 8 * 1024 * 1024


class Remark(models.TextChoices):
    """What readers are told before they open a file."""

    NONE = "", ""
    SCRIPTS = "scripts", _("holds a program: open it only in a reader that runs none")
    MACROS = "macros", _("holds macros: do not allow them to run")
    ENCLOSED = "enclosed", _("holds other files within: open them only if you expect them")


def remark_of(content: bytes, kind: str) -> Remark:
    """What readers of a PDF or office document should know; for all else nothing. Never fails: what cannot be read holds
    nothing that anybody could run.
    """
    if kind == "application/pdf":
        return _of_pdf(content)
    if kind.startswith("application/vnd.openxmlformats"):
        return _of_office(content)
    return Remark.NONE


def _of_pdf(content: bytes) -> Remark:
    found = Remark.NONE
    for part in (content, *_packed_objects(content)):
        plain = WRITTEN_OUT.sub(lambda match: bytes([int(match[1], 16)]), part)
        if SCRIPTS.search(plain):
            return Remark.SCRIPTS
        if ENCLOSED.search(plain):
            found = Remark.ENCLOSED
    return found


def _packed_objects(content: bytes) -> Iterator[bytes]:
    left = MOST_UNPACKED
    for number, match in enumerate(STREAM.finditer(content)):
        if number >= MOST_OBJECTS or left <= 0:
            return
        try:
            part = zlib.decompressobj().decompress(content[match.end() :], left)
        except zlib.error:  # packed in another way
            continue
        left -= len(part)
        yield part


def _of_office(content: bytes) -> Remark:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError):
        return Remark.NONE
    if any(
        name.endswith(("vbaproject.bin", "vbadata.xml")) or "activex/" in name for name in names
    ):
        return Remark.MACROS
    return Remark.ENCLOSED if any("/embeddings/" in name for name in names) else Remark.NONE


# --- Pictures ------------------------------------------------------------------------------------

# Of a JPEG: Exif and XMP, what editors write, comments. Colours (APP2) and the shape of the file stay.
TELLING = {0xE1, 0xED, 0xEC, 0xFE}
PNG_KEPT = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"sBIT",
    b"bKGD",
    b"pHYs",
}


def bare(content: bytes, kind: str) -> bytes:
    """A picture without what it tells of place, time, camera and owner; which way up it is stays. All else as it is."""
    try:
        if kind == "image/jpeg":
            return b"".join(_bare_jpeg(content))
        if kind == "image/png":
            return b"".join(_bare_png(content))
    except (struct.error, IndexError, ValueError):  # damaged: nothing in it can be told apart
        pass
    return content


def _bare_jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    while content[at] == 0xFF and content[at + 1] != 0xDA:
        mark, (length,) = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])
        segment = content[at : at + 2 + length]
        if mark not in TELLING:
            yield segment
        elif (way := _orientation(segment)) > 1:
            yield _exif_of(way)
        at += 2 + length
    if content[at] != 0xFF:
        raise ValueError
    # What stands behind the end of the picture is no picture.
    end = content.rfind(b"\xff\xd9")
    yield content[at : end + 2] if end > at else content[at:]


def _orientation(segment: bytes) -> int:
    """Which way up the picture is, by the Exif in this segment: 1 to 8; 0 where it does not say."""
    if segment[4:10] != b"Exif\0\0":
        return 0
    tiff = segment[10:]
    order = "<" if tiff[:2] == b"II" else ">"
    (first,) = struct.unpack(f"{order}I", tiff[4:8])
    (count,) = struct.unpack(f"{order}H", tiff[first : first + 2])
    for number in range(count):
        at = first + 2 + 12 * number
        (tag,) = struct.unpack(f"{order}H", tiff[at : at + 2])
        if tag == 0x0112:
            (way,) = struct.unpack(f"{order}H", tiff[at + 8 : at + 10])
            return int(way) if way <= 8 else 0
    return 0


def _exif_of(orientation: int) -> bytes:
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\0\x2a" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff


def _bare_png(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    at, name = 8, b""
    while name != b"IEND":
        (length,) = struct.unpack(">I", content[at : at + 4])
        name = content[at + 4 : at + 8]
        if name in PNG_KEPT:
            yield content[at : at + 12 + length]
        at += 12 + length
