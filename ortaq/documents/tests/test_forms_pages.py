import io

import docx
import pytest
from django.urls import reverse

from ortaq.documents.forms import forms


@pytest.mark.req("IM-112", "GR-A-02")
@pytest.mark.django_db
def test_everybody_finds_every_form_under_its_name_in_three_languages(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        page = client.get(reverse("documents:forms"), headers={"accept-language": "ru"})
    words = page.content.decode()
    for one in forms():
        assert reverse("documents:form", args=[one.edition, one.id]) in words
    assert 'lang="kk">Сараптамалық кеңес мүшесінің бағалау парағы' in words
    assert ">Оценочный лист члена экспертного совета</a>" in words


@pytest.mark.django_db
def test_a_form_is_shown_empty_and_as_a_sample_in_the_language_asked_for(client):
    address = reverse("documents:form", args=["2022", "SO-A4"])
    empty = client.get(address, {"paper": "ru"}).content.decode()
    sample = client.get(address, {"paper": "kk", "sample": "1"}).content.decode()
    assert "Кому:" in empty
    assert "paper-underlined" not in empty
    assert "Кімге:" in sample
    assert "paper-underlined" in sample
    assert client.get(address, {"paper": "../"}).status_code == 200


@pytest.mark.django_db
def test_an_empty_form_is_taken_away_as_a_workbook_only_where_it_is_a_table(client):
    address = reverse("documents:blank", args=["2022", "SO-A9", "ru", "docx"])
    taken = b"".join(client.get(address).streaming_content)
    assert any("по мониторингу" in p.text for p in docx.Document(io.BytesIO(taken)).paragraphs)
    letter = ["2020", "GRANT-A1", "kk"]
    assert client.get(reverse("documents:blank", args=[*letter, "pdf"])).status_code == 200
    assert client.get(reverse("documents:blank", args=[*letter, "xlsx"])).status_code == 404
