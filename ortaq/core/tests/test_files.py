import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ortaq.core import files
from ortaq.core.models import StoredFile

PDF = b"%PDF-1.7\n...\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def office(part="xl/workbook.xml", content=b"<workbook/>", method=zipfile.ZIP_DEFLATED):
    """A small office document: an archive with the parts by which it is known."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, content)
    return buffer.getvalue()


def lying(content):
    """The same archive, whose headers claim that every part is 100 bytes long."""
    patched = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        position = patched.find(signature)
        while position >= 0:
            patched[position + offset : position + offset + 4] = struct.pack("<I", 100)
            position = patched.find(signature, position + 4)
    return bytes(patched)


def store(content, name="құжат.pdf", **options):
    return files.store(io.BytesIO(content), name=name, **options)


def code_of(content, **options):
    with pytest.raises(ValidationError) as refusal:
        store(content, **options)
    assert str(refusal.value.messages[0])
    return refusal.value.code


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, files.PDF),
        (PNG, files.PNG),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, files.JPEG),
        (office(), files.XLSX),
        (office("word/document.xml"), files.DOCX),
        (office("ppt/presentation.xml"), files.PPTX),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 20, files.MP4),
        (b"\0\0\0\x18ftypheic" + b"\0" * 20, None),
        (office("other.xml"), None),
        (b"PK\x03\x04 not an archive", None),
        (b"<html><script>alert(1)</script>", None),
        (b"MZ\x90\x00", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_shows(content, kind):
    assert files.kind_of(content) == kind


@pytest.mark.django_db
def test_a_foreign_file_under_a_good_name_is_refused(clean_storage):
    assert code_of(b"MZ\x90\x00 a program", name="жарғы.pdf") == "kind"
    assert code_of(office(), name="жарғы.pdf", allowed=files.SCANS) == "kind"
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_good_file_under_a_foreign_name_gets_its_own_ending(clean_storage):
    assert store(PDF, "жарғы.exe").name == "жарғы.exe.pdf"
    assert store(PNG, "скан.PNG").name == "скан.PNG"


@pytest.mark.django_db
def test_empty_and_huge_files_are_refused_with_a_reason(clean_storage):
    assert code_of(b"") == "empty"
    assert code_of(PDF + b" " * 100, limit=100) == "large"
    assert store(PDF + b" " * (100 - len(PDF)), limit=100).size == 100


def test_an_archive_that_unpacks_to_far_more_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_UNPACKED", 2_000_000)
    for bomb in (office(content=b"\0" * 5_000_000), lying(office(content=b"\0" * 5_000_000))):
        with pytest.raises(ValidationError) as refusal:
            files.kind_of(bomb)
        assert refusal.value.code == "bomb"


def test_an_archive_of_countless_entries_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_ENTRIES", 1)
    with pytest.raises(ValidationError):
        files.kind_of(office())


def test_an_archive_that_no_office_program_writes_is_not_ours():
    assert files.kind_of(office(method=zipfile.ZIP_BZIP2)) is None
    damaged = bytearray(office())
    damaged[len(damaged) // 2] ^= 0xFF
    assert files.kind_of(bytes(damaged)) in {None, files.XLSX}
    encrypted = bytearray(office())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.find(signature) + offset] |= 1
    assert files.kind_of(bytes(encrypted)) is None


@pytest.mark.django_db
def test_one_content_is_kept_once_and_every_upload_has_its_own_row(clean_storage):
    first, second = store(PDF, "бір.pdf"), store(PDF, "екі.pdf")
    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    folder = files.path_of(first.sha256).rpartition("/")[0]
    assert default_storage.listdir(folder)[1] == [first.sha256]
    with files.open_file(second) as content:
        assert content.read() == PDF


@pytest.mark.django_db
def test_a_copy_cut_short_by_a_crash_is_written_again(clean_storage):
    kept = store(PDF)
    path = files.path_of(kept.sha256)
    default_storage.delete(path)
    default_storage.save(path, ContentFile(PDF[:5]))
    again = store(PDF)
    with files.open_file(again) as content:
        assert content.read() == PDF


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Құжаттар\\жарғы.pdf", "жарғы.pdf"),
        ("a\x00b\u202egnp.pdf", "abgnp.pdf"),
        ('"><script>.pdf', "___script_.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
    ],
)
def test_names_are_made_harmless(name, safe):
    assert files.safe_name(name, files.PDF) == safe


def test_a_name_of_any_length_fits_the_column():
    assert len(files.safe_name("қ" * 500 + ".pdf", files.PDF)) <= 200
    assert files.safe_name("қ" * 500 + ".pdf", files.PDF).endswith(".pdf")


@pytest.fixture
def clean_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
