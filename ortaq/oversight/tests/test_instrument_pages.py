"""Pages of the tools: sheets that save themselves, the questionnaire on a telephone, who sees what."""

from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house
from ortaq.core import journal
from ortaq.oversight.models import Answer, Mention, Visit
from ortaq.oversight.procedure import instrument as tools
from ortaq.oversight.procedure import plan as planning
from ortaq.oversight.procedure import visit as visiting
from ortaq.oversight.procedure.plan import PLAN
from ortaq.oversight.sheets import texts_of
from ortaq.oversight.tools import TOOLS
from ortaq.projects.models import Activity, Evidence
from ortaq.projects.reporting.content import mark_of
from ortaq.projects.tests import scenes as projects

from .scenes import NOW, YEAR, Cast, begun_with_all_tools, engaged, ordered

pytestmark = pytest.mark.django_db
MAY = house.at(date(YEAR, 5, 15), 11)


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


@pytest.fixture
def visit(cast, clock) -> Visit:
    return begun_with_all_tools(cast, clock, MAY)


@pytest.fixture
def page(client):
    def get(actor, name, *args, headers=None, **data):
        client.force_login(actor.user)
        address = reverse(f"oversight:{name}", args=args)
        return client.post(address, data, headers=headers) if data else client.get(address)

    return get


@pytest.mark.req("SO-M-08")
def test_the_ngo_sees_the_visit_and_none_of_its_tools(cast, page, visit):
    shown = page(cast.aliya, "visit", visit.pk)
    assert shown.status_code == 200
    assert "tools/" not in shown.content.decode()
    assert page(cast.saule, "visit", visit.pk).content.decode().count("tools/") == len(TOOLS)
    for stranger in (cast.aliya, cast.dana, cast.kanat, cast.nurbol, cast.erlan):
        for tool in TOOLS:
            assert page(stranger, "tool", visit.pk, tool).status_code == 404
    # Before it begins the body alone knows of it.
    later = visit.plan.visits.get(number=2)
    assert page(cast.aliya, "visit", later.pk).status_code == 404
    assert page(cast.saule, "visit", later.pk).status_code == 200
    assert page(cast.saule, "visit_start", later.pk, x="1").status_code == 302


@pytest.mark.parametrize("tool", TOOLS)
def test_every_sheet_opens_to_write_and_to_read(cast, page, visit, tool):
    assert "data-autosave" in page(cast.saule, "tool", visit.pk, tool).content.decode()
    for language in ("kk", "ru"):
        assert page(cast.saule, "tool_paper", visit.pk, tool, language, "docx").status_code == 200
    assert page(cast.aliya, "tool_paper", visit.pk, tool, "kk", "docx").status_code == 404
    visit.instruments.filter(tool=tool).update(done_at=MAY)
    read = page(cast.saule, "tool", visit.pk, tool)
    assert read.status_code == 200
    assert "data-autosave" not in read.content.decode()


def test_a_sheet_saves_itself_and_a_colleague_loses_nothing(cast, page, visit):
    def save(actor, seen, text, **extra):
        data = {"period": text, "v:period": str(mark_of(seen))}
        return page(
            actor, "tool", visit.pk, "networks", headers={"HX-Request": "true"}, **data | extra
        )

    saved = save(cast.saule, "", "Сәуір")
    assert saved.status_code == 200
    assert str(mark_of("Сәуір")) in saved.content.decode()
    assert (
        'href="#id-' in save(cast.saule, "Сәуір", "").content.decode()
    )  # leads to what is missing
    save(cast.saule, "", "Сәуір")
    clash = save(cast.marat, "", "Мамыр")
    assert clash.status_code == 409
    assert {"Сәуір", "Мамыр"} <= set(re.findall(r"Сәуір|Мамыр", clash.content.decode()))
    row = visit.instruments.get(tool="networks")
    assert texts_of(row.content)["period"] == "Сәуір"

    page(
        cast.marat,
        "tool",
        visit.pk,
        "networks",
        period="Мамыр",
        do="save",
        **{"keep-period": "mine"},
    )
    row.refresh_from_db()
    assert texts_of(row.content)["period"] == "Мамыр"
    short = page(cast.saule, "tool", visit.pk, "networks", period="Мамыр", do="finish")
    assert short["Location"].endswith("#missing")


def test_a_screenshot_is_a_picture_by_its_content(cast, page, visit):
    sent = {
        "once": str(uuid.uuid4()),
        "network": "Facebook",
        "link": "https://example.kz/1",
        "seen_on": "2023-05-14",
        "tone": "good",
    }
    wrong = page(
        cast.saule, "mention", visit.pk, **sent, picture=SimpleUploadedFile("a.png", b"MZ1")
    )
    assert wrong.status_code == 422
    assert "https://example.kz/1" in wrong.content.decode()
    tomorrow = page(cast.saule, "mention", visit.pk, **sent | {"seen_on": "2023-05-16"})
    assert tomorrow.status_code == 422
    assert not Mention.objects.exists()
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    page(cast.saule, "mention", visit.pk, **sent, picture=SimpleUploadedFile("a.png", png))
    found = Mention.objects.get()
    for actor, status in ((cast.saule, 200), (cast.aliya, 404)):
        answer = page(actor, "mention_screenshot", visit.pk, found.pk)
        assert answer.status_code == status
        assert b"".join(answer) == png or status == 404


@pytest.mark.req("SO-M-04", "SO-M-08")
def test_a_beneficiary_answers_by_telephone_without_signing_in(cast, visit, clock):
    row, phone = visit.instruments.get(tool="survey"), Client()
    address = reverse("oversight:questionnaire", args=[row.code])
    assert phone.get(address).status_code == 404  # not opened yet

    tools.open_until(row, date(YEAR, 5, 20), actor=cast.saule)
    asked = phone.get(f"{address}?language=ru")
    body = asked.content.decode()
    assert len(asked.content) < 20_000
    assert "Насколько Вы удовлетворены" in body
    assert "<script" not in body
    assert "sessionid" not in phone.cookies
    (once,) = re.findall(r'name="once" value="([^"]+)"', body)
    sent = {"once": once, "satisfied": "4", "changed": "Жұмыс таптым"}
    assert phone.post(address, sent | {"satisfied": ""}).status_code == 422
    for _twice in range(2):
        assert phone.post(address, sent).status_code == 302
    assert Answer.objects.get().content == {"satisfied": 4, "changed": "Жұмыс таптым"}
    assert phone.post(address, sent | {"once": "", "website": "spam"}).status_code == 302
    assert Answer.objects.count() == 1

    clock.set(house.at(date(YEAR, 5, 21), 9))
    assert phone.post(address, sent | {"once": str(uuid.uuid4())}).status_code == 409
    assert 'name="satisfied"' not in phone.get(address).content.decode()
    swapped = reverse("oversight:questionnaire", args=[row.code.swapcase()])
    assert phone.get(swapped).status_code == 404


def test_pages_ask_the_database_as_often_for_many_rows_as_for_one(cast, page, visit):
    def asked(tool: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert page(cast.saule, "tool", visit.pk, tool).status_code == 200
        return len(seen)

    survey, networks = (visit.instruments.get(tool=one) for one in ("survey", "networks"))

    def more(count: int) -> None:
        for number in range(count):
            once = uuid.uuid4()
            tools.answer(
                survey, once, {"satisfied": 4, "changed": "…"}, way="phone", actor=cast.saule
            )
            values = {
                "network": "X",
                "link": f"https://example.kz/{once}",
                "seen_on": date(YEAR, 5, 1 + number),
                "tone": "bad",
                "text": "",
            }
            tools.mention(networks, once, values, None, actor=cast.saule)

    more(1)
    asked("survey")
    few = [asked("survey"), asked("networks")]
    more(4)
    assert [asked("survey"), asked("networks")] == few


@pytest.mark.req("SO-M-08", "SO-M-12", "IM-039")
def test_the_expert_opens_the_files_of_the_checklist_but_no_list_of_people(cast, page, clock):
    photo, people, other = (
        Evidence.objects.create(
            project=cast.project,
            once=uuid.uuid4(),
            number=number,
            kind=kind,
            title="…",
            day=date(YEAR, 4, 1),
            added_at=NOW,
            activity=Activity.objects.filter(contract=cast.project.contract)[0],
            file=projects.a_scan(f"{number}.pdf"),
        )
        for number, kind in enumerate(("photo", "list", "photo"), 1)
    )
    engagement = engaged(cast)
    plan = planning.open_plan(cast.project, YEAR, actor=cast.saule)
    asked = visiting.Planned(MAY.date(), "", ("documents", "networks"), engagement=engagement.pk)
    visit = visiting.put(plan, uuid.uuid4(), asked, actor=cast.saule)
    PLAN.take("approve", plan, actor=cast.saule, reason="Жоба қысқа")
    Evidence.objects.filter(pk=other.pk).update(state=Evidence.State.WITHDRAWN)
    clock.set(MAY)
    assert page(cast.erlan, "visit_start", visit.pk, x="1").status_code == 302

    shown = page(cast.erlan, "tool", visit.pk, "documents").content.decode()
    assert "files/evidence-1/" in shown
    assert "files/evidence-2/" not in shown
    for actor, piece, status in (
        (cast.erlan, photo, 200),
        (cast.erlan, people, 404),
        (cast.erlan, other, 404),
        (cast.saule, people, 200),
        (cast.aliya, photo, 404),
    ):
        answer = page(actor, "visit_document", visit.pk, f"evidence-{piece.number}")
        assert answer.status_code == status
        b"".join(answer)
    assert page(cast.erlan, "visit_document", visit.pk, "expense-99").status_code == 404
    assert journal.history(cast.project).filter(step="people_read").count() == 1
