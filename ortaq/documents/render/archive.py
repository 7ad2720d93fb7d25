"""Office files are archives; with fixed times inside, the same paper gives the same bytes."""

from __future__ import annotations

import io
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that an archive can tell


def timeless(content: bytes) -> bytes:
    """The same archive with the time of every entry set to `EPOCH`."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            fresh = zipfile.ZipInfo(entry.filename, EPOCH)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fresh, old.read(entry))
    return result.getvalue()
