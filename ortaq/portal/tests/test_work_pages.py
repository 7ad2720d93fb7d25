"""Long work as its asker sees it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse

from ortaq.core import work
from ortaq.core.models import Work
from ortaq.testing import factories
from ortaq.testing.walking import Walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch):
    def write(task):
        task.progress(1, 2)
        task.hand_over(io.BytesIO("кесте".encode()), "table.txt")

    monkeypatch.setitem(work.kinds, "test", work.Kind("test", "Сынақ", write))
    return "test"


def test_it_is_followed_to_its_result_by_its_asker_alone(kind, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    aliya, dana = factories.a_person(), factories.a_person()
    asked = work.ask(kind, person=aliya, about="Бір нәрсе")
    own = reverse("portal:work", args=[asked.pk])
    reader, other = Walker(aliya), Walker(dana)
    page = reader.get(own).content.decode()
    assert f'hx-get="{own}"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert reader.get(f"{own}result/").status_code == 404
    for path in (own, f"{own}result/"):
        assert other.get(path).status_code == 404
    assert other.post(f"{own}cancel/").status_code == 404
    assert "Сынақ" not in other.get("/work/").content.decode()
    work.do_next()
    page = reader.get(own, headers={"hx-request": "true"}).content.decode()
    assert "table.txt" in page
    assert "hx-get" not in page
    answer: Any = reader.get(f"{own}result/")
    assert b"".join(answer.streaming_content).decode() == "кесте"
    assert 'filename="table.txt"' in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "Бір нәрсе" in reader.get("/work/").content.decode()


def test_what_leads_to_a_page_leads_there_by_itself(kind):
    aliya = factories.a_person()
    asked = work.ask(kind, person=aliya)
    Work.objects.filter(pk=asked.pk).update(state="done", address="/somewhere/")
    own = reverse("portal:work", args=[asked.pk])
    answer = Walker(aliya).get(own, headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == "/somewhere/"
    assert 'href="/somewhere/"' in Walker(aliya).get(own).content.decode()


def test_it_can_be_cancelled_and_only_what_is_offered_is_asked_for_here(kind):
    aliya = factories.a_person()
    asked = work.ask(kind, person=aliya)
    reader = Walker(aliya)
    reader.post(reverse("portal:cancel_work", args=[asked.pk]))
    assert Work.objects.get(pk=asked.pk).state == "cancelled"
    assert reader.post(reverse("portal:ask_for_work", args=["test"])).status_code == 404
    answer: Any = reader.post(reverse("portal:ask_for_work", args=["open-data"]))
    assert Work.objects.get(kind="open-data").asked_by == aliya
    assert reader.get(answer.url).status_code == 200
