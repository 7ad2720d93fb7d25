"""Pages of small grants: applied for without signing in, received once, secret until the results are published."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from ortaq.core import money
from ortaq.core.canonical import sha256
from ortaq.core.models import Letter
from ortaq.projects import once
from ortaq.projects.models import SmallGrant
from ortaq.projects.procedure.small import SMALL
from ortaq.projects.procedure.small_grant import GRANT, forget
from ortaq.projects.views import small_public

from . import scenes
from .test_change import spend
from .test_change_pages import address, sign_in
from .test_small import CLOSES, announced, asked, choose, received, selecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


def typed(**fields) -> dict[str, object]:
    values = asked(**fields)
    return {**values, "asked_tiyn": money.plain(values["asked_tiyn"]), "once": once.new()}


@pytest.mark.req("GR-I-13")
def test_a_citizen_applies_once_and_reads_the_result_on_the_receipt(people, clock):
    competition = announced(people)
    visitor: Any = Client()
    form = typed()
    here = address("small_grants_one", competition.code)
    assert competition.title in visitor.get(address("small_grants")).content.decode()
    assert visitor.get(here).status_code == 200
    receipts = {visitor.post(here, form).url for _twice in range(2)}
    assert len(receipts) == 1
    assert SmallGrant.objects.count() == 1
    receipt = receipts.pop()
    assert "Саябақ тазалау" in visitor.get(receipt).content.decode()

    selecting(competition, people, clock)
    (grant,) = competition.grants.all()
    secret = visitor.get(receipt).content
    choose(grant, people)
    assert b"200\xc2\xa0000" in secret  # the sum asked for
    after = visitor.get(receipt)
    assert "Пайдалы" not in after.content.decode()
    assert "Нұрлан" not in visitor.get(here).content.decode()
    SMALL.take("decide", competition, actor=people.aliya)
    assert "Пайдалы" in visitor.get(receipt).content.decode()
    public = visitor.get(here).content.decode()
    assert "Саябақ тазалау" in public
    assert "Нұрлан" not in public
    assert "+7 700" not in public
    other = reverse("projects:small_grants_receipt", args=[competition.code, once.new()])
    assert visitor.get(other).status_code == 404


@pytest.mark.req("GR-I-13")
def test_an_applicant_amends_and_withdraws_by_the_link_and_by_nothing_else(people, clock):
    competition = announced(people)
    visitor: Any = Client()
    contact = "+7 700 000 00 21, Nurlan@example.kz"
    receipt = visitor.post(address("small_grants_one", competition.code), typed(contact=contact)).url  # fmt: skip
    grant = SmallGrant.objects.get()
    amend, withdraw = receipt + "amend/", receipt + "withdraw/"
    for page in (amend, withdraw):
        other = page.replace(str(grant.once), str(once.new()))
        assert visitor.post(other, {}).status_code == 404
    form = typed(contact=contact, title="Кітапхана ашу", version=1)
    assert "Саябақ тазалау" in visitor.get(amend).content.decode()
    for _twice in range(2):
        assert visitor.post(amend, form).url == receipt
    stale = visitor.post(amend, typed(title="Басқа терезеден", version=1))
    assert (stale.status_code, "Басқа терезеден" in stale.content.decode()) == (409, True)
    first, second = grant.versions.all()
    assert first.content["title"] == "Саябақ тазалау"
    assert second.sha256 == sha256(second.content) != first.sha256
    page = visitor.get(receipt).content.decode()
    assert first.sha256 in page
    # Whoever selects judges the last version, sees of letters only that they went out, and not the secret.
    room = sign_in(people.bolat).get(address("small_grant", competition.project_id, 1, 1))
    text = room.content.decode()
    assert "Кітапхана ашу" in text
    assert "Саябақ" not in text
    assert str(grant.once) not in text

    clock.set(CLOSES + timedelta(seconds=1))
    late = visitor.post(amend, form | {"title": "Кеш", "version": 2})
    assert (late.status_code, "Кеш" in late.content.decode()) == (409, True)
    assert visitor.get(amend).url == receipt
    selecting(competition, people, clock)
    grant.refresh_from_db()
    choose(grant, people)
    shown = visitor.get(receipt).content.decode()
    assert "Пайдалы" not in shown
    assert "іріктелді" not in shown
    for _twice in range(2):
        assert visitor.post(withdraw).status_code == 302
    grant.refresh_from_db()
    assert (grant.state, grant.given_tiyn) == ("withdrawn", None)
    SMALL.take("decide", competition, actor=people.aliya)
    letters = Letter.objects.filter(address="nurlan@example.kz", state="released")
    assert [one.kind for one in letters.order_by("id")] == ["received-1", "amended-2", "withdrawn-2"]  # fmt: skip
    assert [str(grant.once) in one.body for one in letters.order_by("id")] == [True, False, False]


@pytest.mark.req("GR-I-13")
def test_everybody_who_gave_an_e_mail_is_told_the_outcome_with_its_reason(people, clock):
    competition = announced(people)
    with translation.override("ru"):
        won, lost, _silent = received(competition, "a@example.kz", "b@example.kz", "+7 700 000 00 22")  # fmt: skip
    selecting(competition, people, clock)
    choose(won, people)
    for grant in (lost, _silent):
        GRANT.take("turn_down", grant, actor=people.bolat, reason="Мақсаты басқа")
    assert not Letter.objects.filter(kind__startswith="outcome").exists()
    SMALL.take("decide", competition, actor=people.aliya)
    first, second = Letter.objects.filter(kind="outcome-1").order_by("address")
    assert (first.language, first.address, second.address) == ("ru", "a@example.kz", "b@example.kz")
    assert "200\u00a0000" in first.body
    assert "Мақсаты басқа" in second.body
    assert first.title.startswith("Результат")
    late = address("small_grants_receipt", competition.code, lost.once) + "withdraw/"
    assert Client().post(late).status_code == 409
    forget(competition.project)
    assert not Letter.objects.filter(kind="outcome-1").exists()


def test_bad_applications_keep_what_was_typed(people, clock, monkeypatch):
    competition = announced(people)
    visitor: Any = Client()
    here = address("small_grants_one", competition.code)
    for wrong in (
        {"identifier": "1"},
        {"asked_tiyn": "-5"},
        {"asked_tiyn": "0"},
        {"asked_tiyn": "9" * 30},
        {"applicant": "ngo"},
        {"applicant": "state"},
        {"region": "nowhere"},
        {"consented": ""},
        {"text": "ә" * 5001},
        {"name": ""},
    ):
        sent = visitor.post(here, typed() | wrong)
        assert sent.status_code == 422, wrong
        assert "Саябақ тазалау" in sent.content.decode()
    assert visitor.post(here, typed() | {"website": "spam"}).status_code == 302
    assert not SmallGrant.objects.exists()
    monkeypatch.setattr(small_public, "MOST_AN_HOUR", 1)
    codes = [visitor.post(here, typed(), REMOTE_ADDR="5.188.0.9").status_code for _n in range(2)]
    assert codes == [302, 429]
    clock.travel(days=60)
    late = visitor.post(here, typed())
    assert late.status_code == 409
    assert "Саябақ тазалау" in late.content.decode()


def test_a_draft_is_secret_and_the_rooms_are_for_the_parties(people):
    client, project = sign_in(people.bolat), scenes.running(people, small_grants={"kind": "unstated"})  # fmt: skip
    form = {"title_kk": "Бастама", "title_ru": "", "closes_at": "2020-07-10T18:00", "once": once.new()}  # fmt: skip
    assert client.get(address("small_new", project.pk)).status_code == 200
    made = [client.post(address("small_new", project.pk), form).url for _twice in range(2)]
    assert made == [address("small", project.pk, 1)] * 2
    code = project.small_competitions.get().code
    assert Client().get(address("small_grants_one", code)).status_code == 404
    assert sign_in(people.dana).get(made[0]).status_code == 404
    assert (
        client.post(address("small_step", project.pk, 1, "publish")).status_code == 409
    )  # Bolat is no head
    edited = {**form, "version": 0, "title_kk": "Жаңа бастама"}
    edit = address("small_edit", project.pk, 1)
    assert client.post(edit, edited).status_code == 302
    stale = client.post(edit, {**edited, "title_kk": "Тағы"})
    assert (stale.status_code, "Тағы" in stale.content.decode()) == (409, True)


def test_selection_payment_and_proof_by_pages(people, clock):
    competition = announced(people)
    received(competition, "a@example.kz")
    bolat, aliya, clerk = map(sign_in, (people.bolat, people.aliya, people.clerk))
    pk = competition.project_id
    paper = address("small_grant_new", pk, 1)
    assert bolat.post(paper, typed(name="Қағаздан")).status_code == 302
    selecting(competition, people, clock)
    one = address("small_grant", pk, 1, 1)
    assert bolat.get(one).status_code == 200
    assert clerk.get(one).status_code == 404
    table = clerk.get(address("small", pk, 1)).content.decode()
    assert "Нұрлан" not in table
    chosen = {"given_tiyn": "200 000", "purpose_checked": "on", "reason": "Пайдалы"}
    for number, step in ((1, "choose"), (2, "turn_down")):
        sent = bolat.post(address("small_grant_step", pk, 1, number, step), chosen)
        assert sent.url == address("small", pk, 1)
    scan = SimpleUploadedFile("хаттама.pdf", scenes.PDF)
    decided = aliya.post(address("small_step", pk, 1, "decide"), {"protocol": scan})
    assert decided.status_code == 302
    assert b"".join(aliya.get(address("small_scan", pk, 1)).streaming_content) == scenes.PDF
    assert clerk.get(address("small_scan", pk, 1)).status_code == 404
    expense = spend(competition.project, "~b1", 200_000)
    paid = address("small_grant_step", pk, 1, 1, "pay")
    assert bolat.post(paid, {}).status_code == 409
    assert bolat.post(paid, {"expense": expense.pk}).status_code == 302
    proof = {"proof": "Есеп", "file": SimpleUploadedFile("есеп.pdf", b"no pdf")}
    proving = address("small_grant_step", pk, 1, 1, "prove")
    assert bolat.post(proving, proof).status_code == 422
    proof["file"] = SimpleUploadedFile("есеп.pdf", scenes.PDF)
    assert bolat.post(proving, proof).status_code == 302
    for file in (
        address("small_grant_proof", pk, 1, 1),
        address("small_protocol", pk, 1, "kk", "docx"),
    ):
        assert b"".join(aliya.get(file).streaming_content)


def test_reading_costs_the_same_however_many_apply(people, clock):
    competition = announced(people)
    gulnara, visitor = sign_in(people.gulnara), Client()
    pages = (
        (gulnara, address("smalls", competition.project_id)),
        (gulnara, address("small", competition.project_id, 1)),
        (visitor, address("small_grants_one", competition.code)),
        (visitor, address("small_grants")),
    )

    def cost() -> list[int]:
        found = []
        for client, page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        return found

    received(competition, "a@example.kz")
    one = cost()
    received(competition, "b@example.kz", "c@example.kz", "d@example.kz")
    assert cost() == one
    selecting(competition, people, clock)
    for grant in competition.grants.all():
        choose(grant, people)
    chosen = cost()
    choose(competition.grants.first(), people)
    assert cost() == chosen
