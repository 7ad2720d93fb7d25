"""Pages of expert councils: Saule forms one, Erlan puts himself forward, everybody sees who is in office."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house
from ortaq.core.models import Letter
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.oversight.procedure import council as councils
from ortaq.oversight.procedure import nomination
from ortaq.oversight.procedure.council import COUNCIL
from ortaq.people.models import Role
from ortaq.planning.models import Council
from ortaq.testing import factories

from .scenes import NOW, YEAR, Cast, an_expert, ordered
from .test_council import ME, TEXTS, later, of_ngos

pytestmark = pytest.mark.django_db
State = ExpertCouncil.State


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


@pytest.fixture
def announced(cast) -> ExpertCouncil:
    made = councils.begin(cast.akimat, TEXTS, actor=cast.saule)
    COUNCIL.take("announce", made, actor=cast.saule)
    return made


@pytest.fixture
def page(client):
    def get(actor, name, *args, post=False, **data):
        client.logout()
        if actor is not None:
            client.force_login(actor.user)
        address = reverse(f"oversight:{name}", args=args)
        return client.post(address, data) if post or data else client.get(address)

    return get


def words(response) -> str:
    return str(response.content.decode())


@pytest.mark.req("SO-E-07")
def test_the_announcement_is_begun_once_and_two_who_write_it_lose_nothing(cast, page):
    asked = {**TEXTS, "announcement_ru": "", "body": str(cast.akimat.pk), "once": uuid.uuid4()}
    for _twice in range(2):
        assert page(cast.saule, "council_new", **asked).status_code == 302
    row = ExpertCouncil.objects.get()

    refused = page(cast.saule, "council_step", row.pk, "announce", post=True)
    assert refused.status_code == 409
    texts = {**TEXTS, "version": "0"}
    assert page(cast.marat, "council_edit", row.pk, **texts).status_code == 302
    mine = {**texts, "announcement_kk": "Сәуленің мәтіні"}
    faster = page(cast.saule, "council_edit", row.pk, **mine)
    assert faster.status_code == 409
    assert {"Сәуленің мәтіні", TEXTS["announcement_kk"]} <= {
        line.strip() for line in words(faster).replace(">", "\n").replace("<", "\n").splitlines()
    }
    assert page(cast.saule, "council_edit", row.pk, **{**mine, "version": "1"}).status_code == 302
    page(cast.saule, "council_step", row.pk, "announce", post=True)
    row.refresh_from_db()
    assert (row.state, row.announcement_kk) == (State.ANNOUNCED, "Сәуленің мәтіні")


@pytest.mark.req("SO-E-06", "SO-E-07", "SO-E-08", "SO-E-09", "SO-X-13", "SO-X-18")
def test_from_a_nomination_to_the_names_that_everybody_sees(cast, announced, page, clock):
    pk, late = announced.pk, an_expert("Асанов", "Асан")
    assert f"{reverse('account_login')}?next=" in words(page(None, "council", pk))
    kept = page(None, "council_nominate", pk, **ME)
    assert (kept.status_code, ME["experience"] in words(kept)) == (403, True)
    assert page(cast.erlan, "council_nominate", pk, experience=" ").status_code == 422
    assert page(cast.saule, "council_nominate", pk, **ME).status_code == 422
    assert page(cast.erlan, "council_nominate", pk, **ME).status_code == 302
    later(clock, 12)
    assert page(late, "council_nominate", pk, **ME).status_code == 302
    page(cast.saule, "council_step", pk, "choose", post=True)
    mine, other = announced.nominations.order_by("pk")

    short = page(cast.saule, "council_answer", pk, other.pk, chosen="no")
    assert (short.status_code, "Себебін" in words(short)) == (422, True)
    page(cast.saule, "council_answer", pk, other.pk, chosen="no", reason="Тәжірибесі басқа салада")
    page(cast.saule, "council_answer", pk, mine.pk, chosen="yes")
    unnamed = page(cast.saule, "council_step", pk, "lay", post=True)
    assert unnamed.status_code == 422
    page(cast.saule, "council_step", pk, "lay", laid_before=str(of_ngos(cast).pk))
    before = words(page(cast.erlan, "council", pk))
    assert ME["experience"] in before
    assert "құрамда" not in before

    long = {
        "approved_on": f"{YEAR}-03-13",
        "approval_number": "4",
        "office_from": f"{YEAR}-03-13",
        "office_until": f"{YEAR + 3}-03-13",
    }
    warned = page(cast.saule, "council_step", pk, "approve", **long)
    assert (warned.status_code, 'name="seen"' in words(warned)) == (422, True)
    assert page(cast.saule, "council_step", pk, "approve", **long, seen="on").status_code == 302
    shown = words(page(None, "council", pk))
    assert cast.erlan.user.full_name in shown
    assert not [one for one in (cast.erlan.user.email, "Асанов", ME["experience"]) if one in shown]
    letter = Letter.objects.get(kind="not_chosen")
    assert letter.recipient == late.user
    assert "Тәжірибесі басқа салада" in letter.body

    gone = {"reason": "Көшіп кетті", "email": cast.dana.user.email, "experience": "Бес жыл"}
    assert page(cast.saule, "council_replace", pk, mine.pk, **gone).status_code == 422
    gone |= {"approved_on": f"{YEAR}-03-13", "approval_number": "5"}
    assert page(cast.saule, "council_replace", pk, mine.pk, **gone).status_code == 302
    assert cast.dana.user.full_name in words(page(None, "council", pk))
    assert "Көшіп кетті" not in words(page(None, "council", pk))
    assert "Көшіп кетті" in Letter.objects.get(kind="left", recipient=cast.erlan.user).body
    assert page(cast.saule, "council_step", pk, "end", post=True).status_code == 422
    page(cast.saule, "council_step", pk, "end", remark="Қайта құрылады")
    assert ExpertCouncil.objects.get().state == State.ENDED


@pytest.mark.req("SO-E-06", "SO-E-08")
def test_who_is_invited_can_withdraw_and_a_council_that_nobody_fits_is_called_off(
    cast, announced, page, clock
):
    pk = announced.pk
    page(cast.erlan, "council_nominate", pk, **ME)
    later(clock, 12)
    page(cast.saule, "council_step", pk, "choose", post=True)
    asked = {"email": cast.dana.user.email, "experience": "Бес жыл"}
    assert page(cast.saule, "council_invite", pk, **asked).status_code == 422
    page(cast.erlan, "council_withdraw", pk, post=True)
    nobody = {**asked, "email": "nobody@example.kz"}
    assert page(cast.saule, "council_invite", pk, **nobody).status_code == 422
    assert page(cast.saule, "council_invite", pk, **asked).status_code == 302
    assert Letter.objects.get(kind="invited").recipient == cast.dana.user
    page(cast.dana, "council_withdraw", pk, post=True)
    assert not announced.nominations.exclude(state=Nomination.State.WITHDRAWN).exists()

    page(cast.saule, "council_step", pk, "call_off", remark="Кандидаттар жоқ")
    assert ExpertCouncil.objects.get().state == State.CALLED_OFF
    assert "Кандидаттар жоқ" in words(page(None, "council", pk))


@pytest.mark.req("SO-18-11")
def test_under_the_edition_of_2018_the_body_chooses_by_guidelines(page, clock):
    clock.set(house.at(date(2020, 3, 2), 10))
    akimat = factories.an_organisation("state_body")
    saule = factories.a_member(akimat, Role.OFFICER, surname="Серікова", given_name="Сәуле")
    erlan = an_expert("Ерланов", "Ерлан")
    assert erlan.user is not None
    row = councils.begin(akimat, {"title_kk": "Сараптамалық кеңес"}, actor=saule)
    page(saule, "council_step", row.pk, "choose", post=True)
    page(saule, "council_invite", row.pk, email=erlan.user.email, experience="Он жыл")
    assert page(None, "council", row.pk).status_code == 404
    assert page(erlan, "council", row.pk).status_code == 200

    days = {"office_from": "2020-03-02", "office_until": "2025-12-31"}
    assert page(saule, "council_step", row.pk, "seat", **days).status_code == 302
    assert erlan.user.full_name in words(page(None, "council", row.pk))


@pytest.mark.req("SO-E-07", "SO-E-09")
def test_the_desk_is_for_the_body_and_the_ngo_council_sees_the_composition_only(
    cast, announced, page, clock
):
    pk = announced.pk
    taken = nomination.nominate(announced, ME, actor=cast.erlan)
    other = nomination.nominate(announced, ME, actor=an_expert("Асанов", "Асан"))
    later(clock, 12)
    COUNCIL.take("choose", announced, actor=cast.saule)
    nomination.answer(taken, chosen=True, reason="", actor=cast.saule)
    nomination.answer(other, chosen=False, reason="Басқа сала", actor=cast.saule)
    elsewhere = Council.objects.create(
        body=cast.other, kind=Council.Kind.COOPERATION, name_kk="Кеңес"
    )
    assert page(cast.kanat, "council_desk", pk).status_code == 404
    COUNCIL.take("lay", announced, actor=cast.saule, laid_before=elsewhere)

    seen = words(page(cast.kanat, "council_desk", pk))
    assert cast.erlan.user.full_name in seen
    assert "Басқа сала" not in seen
    assert page(cast.kanat, "council_invite", pk, email="a@example.kz").status_code == 404
    assert page(cast.saule, "council_step", pk, "approve", post=True).status_code == 409
    for stranger in (cast.aliya, cast.dana, cast.erlan, cast.nurbol):
        assert page(stranger, "council_desk", pk).status_code == 404
        assert page(stranger, "council_answer", pk, taken.pk, chosen="no").status_code == 404
        assert page(stranger, "council_step", pk, "approve", post=True).status_code == 404
    assert page(cast.aliya, "council_list").status_code == 404
    returned = page(cast.kanat, "council_step", pk, "return", remark="Заңгер жоқ")
    assert returned.url == reverse("oversight:council_list")
    assert ExpertCouncil.objects.get().remark == "Заңгер жоқ"


def test_pages_ask_the_database_as_often_for_many_candidates_as_for_one(
    cast, announced, page, clock
):
    def asked(actor, name, *args) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert page(actor, name, *args).status_code == 200
        return len(seen)

    places = [
        (cast.saule, "council_desk", announced.pk),
        (cast.saule, "council_list"),
        (None, "councils"),
        (None, "council", announced.pk),
    ]
    nomination.nominate(announced, ME, actor=cast.erlan)
    for place in places:
        asked(*place)
    few = [asked(*place) for place in places]
    for number in range(3):
        nomination.nominate(announced, ME, actor=an_expert("Асанов", f"Асан{number}"))
        more = councils.begin(cast.akimat, TEXTS, actor=cast.saule)
        COUNCIL.take("announce", more, actor=cast.saule)
    clock.set(NOW + timedelta(minutes=1))

    assert [asked(*place) for place in places] == few
