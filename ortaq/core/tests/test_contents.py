"""What lies within files: programs are told, pictures that everybody reads tell nothing of who took them."""

import io
import struct
import zipfile
import zlib

import pytest

from ortaq.core import contents, files
from ortaq.core.contents import Remark


def pdf(objects):
    return b"%PDF-1.7\n1 0 obj\n<<" + objects + b">>\nendobj\n%%EOF"


def packed(objects):
    """The objects where newer PDFs keep them: compressed, out of a simple reader's sight."""
    return b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/Filter/FlateDecode>>\nstream\r\n" + zlib.compress(
        objects
    )


def office(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *names):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind", "remark"),
    [
        (pdf(b"/Type/Catalog"), files.PDF, Remark.NONE),
        (pdf(b"/OpenAction<</S/JavaScript/JS(app.alert)>>"), files.PDF, Remark.SCRIPTS),
        (pdf(b"/OpenAction<</S/J#61vaScript>>"), files.PDF, Remark.SCRIPTS),
        (pdf(b"/AA<</O<</S/Launch>>>>"), files.PDF, Remark.SCRIPTS),
        (packed(b"<</S/JavaScript>>"), files.PDF, Remark.SCRIPTS),
        (packed(b"<</Type/Catalog>>"), files.PDF, Remark.NONE),
        (pdf(b"/Names<</EmbeddedFiles 2 0 R>>"), files.PDF, Remark.ENCLOSED),
        (pdf(b"/JSON (no program)"), files.PDF, Remark.NONE),
        (packed(b"")[:-4] + b"\xff\xff", files.PDF, Remark.NONE),
        (office(), files.DOCX, Remark.NONE),
        (office("word/vbaProject.bin"), files.DOCX, Remark.MACROS),
        (office("word/embeddings/a.xlsx"), files.DOCX, Remark.ENCLOSED),
        (b"PK\x03\x04 broken", files.DOCX, Remark.NONE),
        (b"/JavaScript", files.PNG, Remark.NONE),
    ],
)
def test_what_a_document_holds_is_told(content, kind, remark):
    assert contents.remark_of(content, kind) is remark


def test_a_document_that_unpacks_to_very_much_costs_little():
    bomb = packed(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    assert sum(map(len, contents._packed_objects(bomb))) <= contents.MOST_UNPACKED


def test_a_page_before_a_document_is_not_taken_for_the_document():
    assert files.kind_of(b"<html><script>alert(1)</script>" + pdf(b"")) is None
    assert files.kind_of(b"PK\x03\x04" + pdf(b"")) is None
    assert files.kind_of(b"\r\n@PJL SET JOBNAME\r\n" + pdf(b"")) == files.PDF


# --- Pictures ------------------------------------------------------------------------------------

PLACE = b"51.1694N 71.4491E, Aliya's telephone"


def segment(mark, content):
    return bytes([0xFF, mark]) + struct.pack(">H", len(content) + 2) + content


def jpeg(orientation=6, order="<"):
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HIH", 42, 8, 1) + entry + PLACE
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0"),
            segment(0xE1, b"Exif\0\0" + tiff),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE),
            segment(0xFE, PLACE),
            segment(0xDB, b"\0" * 65),
            segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"picture \xff\x00 of a stamp",
            b"\xff\xd9",
            b"PK\x03\x04" + PLACE,  # and an archive behind it
        )
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_public_picture_says_only_which_way_up_it_is(order):
    made = contents.bare(jpeg(order=order), files.JPEG)
    assert PLACE not in made
    assert b"picture \xff\x00 of a stamp" in made
    assert made.endswith(b"\xff\xd9")
    assert files.kind_of(made) == files.JPEG
    _before, exif = made.split(b"\xff\xe1")
    assert contents._orientation(b"\xff\xe1" + exif) == 6
    assert contents.bare(made, files.JPEG) == made  # nothing is left to take off


def test_a_png_loses_its_texts_and_keeps_its_colours():
    def chunk(name, content):
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", zlib.crc32(name + content))
        )

    made = b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", b"\0" * 13),
            chunk(b"tEXt", b"Author\0" + PLACE),
            chunk(b"eXIf", PLACE),
            chunk(b"gAMA", b"\0\0\0\1"),
            chunk(b"IDAT", b"x"),
            chunk(b"IEND", b""),
            PLACE,
        )
    )
    bare = contents.bare(made, files.PNG)
    assert PLACE not in bare
    assert b"gAMA" in bare
    assert bare.endswith(chunk(b"IEND", b""))


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xff", jpeg()[:40], b"\x89PNG\r\n\x1a\n\0\0"]
)
@pytest.mark.parametrize("kind", [files.JPEG, files.PNG, files.PDF])
def test_a_damaged_picture_stays_as_it_is_or_ends_early_and_never_fails(content, kind):
    assert content.startswith(contents.bare(content, kind)[:3])


@pytest.mark.django_db
def test_a_public_file_is_kept_bare_and_its_remark_stands_in_its_row(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    public = files.store(io.BytesIO(jpeg()), name="мөр.jpg", public=True)
    own = files.store(io.BytesIO(jpeg()), name="мөр.jpg")
    with files.open_file(public) as one, files.open_file(own) as other:
        assert PLACE not in one.read()
        assert other.read() == jpeg()  # of a receipt: what was handed in, to the byte
    assert public.remark == ""
    scripted = files.store(io.BytesIO(pdf(b"/S/JavaScript")), name="а.pdf")
    scripted.refresh_from_db()
    assert (scripted.remark, bool(scripted.get_remark_display())) == ("scripts", True)
