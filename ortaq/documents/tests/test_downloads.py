from urllib.parse import quote

import pytest
from django.http import Http404

from ortaq.core.files import kind_of
from ortaq.documents.downloads import FORMATS, paper_download, table_download
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


def test_a_table_is_sent_as_a_workbook():
    answer = table_download([Sheet("Өтінімдер", ["№"], ([n] for n in range(3)))], "тізім")
    assert kind_of(answer.getvalue()) == answer["Content-Type"]
    assert answer.file_to_stream is not None
    answer.file_to_stream.close()  # a server closes the whole answer, and with it its connections
