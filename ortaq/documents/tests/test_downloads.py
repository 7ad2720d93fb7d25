from urllib.parse import quote

import pytest
from django.http import Http404

from ortaq.core.files import kind_of
from ortaq.documents.downloads import FORMATS, kept_download, paper_download, table_download
from ortaq.documents.filling import blank
from ortaq.documents.forms import form
from ortaq.documents.spreadsheet import Sheet


@pytest.mark.parametrize("kind", FORMATS)
def test_a_paper_is_sent_as_what_it_is_under_a_kazakh_name(kind):
    answer = paper_download(blank(form("GRANT-A5"), "kk"), kind, "Шығыстар сметасы")
    assert kind_of(answer.getvalue()) == answer["Content-Type"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert quote(f"Шығыстар сметасы.{kind}") in answer["Content-Disposition"]


def test_a_format_that_is_not_offered_is_not_found():
    with pytest.raises(Http404):
        paper_download(blank(form("GRANT-A5"), "kk"), "exe", "а")


def test_a_long_paper_is_made_once_for_all_who_ask_until_it_says_something_else(settings, tmp_path):
    settings.MEDIA_ROOT, made = tmp_path, []

    def make(mark):
        made.append(mark)
        return blank(form("GRANT-A5"), "kk")

    def ask(mark):
        answer = kept_download(lambda: make(mark), "docx", "а", key="a", mark=mark)
        assert kind_of(b"".join(answer)) == answer["Content-Type"]
        assert answer.file_to_stream is not None
        answer.file_to_stream.close()

    for mark in ("1", "1", "2", "2"):
        ask(mark)
    assert made == ["1", "2"]
    assert [path.name for path in tmp_path.glob("papers/a/*")] == ["2.docx"]


def test_a_table_is_sent_as_a_workbook():
    answer = table_download([Sheet("Өтінімдер", ["№"], ([n] for n in range(3)))], "тізім")
    assert kind_of(answer.getvalue()) == answer["Content-Type"]
    assert answer.file_to_stream is not None
    answer.file_to_stream.close()  # a server closes the whole answer, and with it its connections
