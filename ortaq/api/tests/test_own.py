"""What a token opens and what it does not, and that an organisation's program takes the same steps as its people."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ortaq.api import procedure
from ortaq.api.models import Token
from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.procedure import Refused
from ortaq.grants.tests import application_scenes
from ortaq.people.models import Membership, Role, User
from ortaq.projects.models import Event, Expense, Report
from ortaq.projects.procedure import event as events
from ortaq.tenders.tests import scenes as tenders
from ortaq.testing import factories

from .scenes import (
    Program,
    Room,
    a_token,
    about,
    an_event,
    an_expense,
    another_event,
    codes,
    remembering,
    room,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(clock) -> Room:
    return room(clock)


# --- Tokens ----------------------------------------------------------------------------------------


def test_only_the_hash_of_a_secret_is_kept_and_the_form_sent_twice_shows_it_once(here):
    aliya, ngo = here.people.aliya, here.people.ngo
    token = Token.objects.get()
    assert here.token not in str(Token.objects.values().get())
    again, secret = procedure.make(ngo, name="?", scopes=(), days=1, once=token.once, actor=aliya)
    assert (again, secret) == (token, "")
    with pytest.raises(Refused):
        procedure.make(ngo, name="?", scopes=(), days=1, once=token.once, actor=here.people.bolat)  # fmt: skip
    assert "Бухгалтерия" not in str(list(journal.history(token).values("facts")))


def test_what_opens_nothing_says_why(here, clock):
    aliya = here.people.aliya
    revoked, token = a_token(aliya), Program(here.token)
    row = Token.objects.latest("id")
    procedure.TOKEN.take("revoke", row, actor=aliya)
    browser = Client()
    browser.force_login(aliya.user)
    said = {
        "unauthorised": browser.get("/api/v1/own/"),
        "token_unknown": Program("ortaq_\xff" + "x" * 40).get("own/"),
        "token_revoked": Program(revoked).get("own/"),
    }
    assert token.get("own/").status_code == 200
    Membership.objects.filter(user=aliya.user).update(ends_on=house_clock.today())
    said["token_of_nobody"] = token.get("own/")
    Membership.objects.update(ends_on=None)
    User.objects.filter(pk=aliya.user.pk).update(is_active=False)
    assert codes(token.get("own/")) == {"token_of_nobody"}
    User.objects.update(is_active=True)
    clock.travel(days=90)
    said["token_expired"] = token.get("own/")
    for code, answer in said.items():
        assert (answer.status_code, codes(answer)) == (401, {code})
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_opens_its_organisation_alone_and_what_is_anothers_is_absent(here):
    rival = Program(a_token(here.people.dana))
    project = f"own/projects/{here.project.pk}/"
    event = f"{project}events/{here.event.pk}/"
    for address in (project, f"{project}events/", event, f"{project}expenses/", f"own/contracts/{here.project.contract_id}/"):  # fmt: skip
        hidden, absent = rival.get(address), rival.get("own/projects/999999999999/")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert Program(here.token).get(address).status_code == 200
    assert rival.post(f"{project}events/", an_event()).status_code == 404
    assert rival.post(f"{project}expenses/", an_expense(here)).status_code == 404
    assert rival.post(event, {"version": 0, "place": "?"}).status_code == 404
    for listed in ("own/projects/", "own/contracts/", "own/applications/", "own/bids/"):
        assert rival.get(listed).json() == {"items": [], "next": None}


def test_a_head_of_two_organisations_opens_with_a_token_only_the_one_it_is_of(here):
    dana = here.people.dana
    factories.a_member(here.people.ngo, Role.HEAD)
    Membership.objects.create(
        user=dana.user, organisation=here.people.ngo, role=Role.HEAD, starts_on=house_clock.today()
    )
    token = a_token(dana)
    assert Program(token).get(f"own/projects/{here.project.pk}/").status_code == 404
    assert Program(token).get("own/").json()["organisation"]["bin"] == dana.acting_for.bin


def test_a_token_does_what_it_was_made_for_with_the_rights_that_its_maker_has_now(here):
    reads = Program(a_token(here.people.aliya, scopes=()))
    address = f"own/projects/{here.project.pk}/"
    refused = reads.post(f"{address}expenses/", an_expense(here))
    assert (refused.status_code, codes(refused)) == (403, {"scope"})
    assert codes(reads.post(f"{address}events/", an_event())) == {"scope"}
    Membership.objects.filter(user=here.people.aliya.user).update(role=Role.STAFF)
    refused = Program(here.token).post(f"{address}expenses/", an_expense(here))
    assert (refused.status_code, codes(refused)) == (403, {"not_yours"})
    assert Program(here.token).get(f"{address}expenses/").status_code == 403


def test_beyond_its_limit_a_token_waits_and_others_do_not(here, settings, monkeypatch):
    monkeypatch.setattr("ortaq.api.limits.seconds", lambda: 1_000_000_015)
    settings.CACHES = remembering("limits")
    settings.ORTAQ_API_TOKEN_LIMIT = 2
    program = Program(here.token)
    assert [program.get("own/").status_code for _ in range(3)] == [200, 200, 429]
    late = program.get("own/")
    assert (late["Retry-After"], codes(late)) == ("5", {"too_many"})
    assert Program(a_token(here.people.dana)).get("own/").status_code == 200


def test_use_is_noted_every_ten_minutes_and_not_with_each_reading(
    here, clock, django_assert_num_queries
):
    program = Program(here.token)
    program.get("own/")
    first = Token.objects.get().last_used_at
    with django_assert_num_queries(2):
        program.get("own/")
    clock.travel(minutes=11)
    program.get("own/")
    assert first is not None
    assert Token.objects.get().last_used_at == first + timedelta(minutes=11)


# --- Events ----------------------------------------------------------------------------------------


@pytest.mark.req("IM-023", "IM-036")
def test_an_event_is_planned_once_changed_and_recorded_as_held(here):
    program, address = Program(here.token), f"own/projects/{here.project.pk}/events/"
    given = an_event(
        activity=here.project.contract.activities.first().pk,
        sheet={"methods": "Топтық жұмыс"},
        trainers=[{"full_name": "Мұсаев Ерлан", "experience_months": 30}],
    )
    made = program.post(address, given, key="summer-1")
    assert made.status_code == 201, made.json()
    again = program.post(address, given, key="summer-1")
    assert (again.status_code, again.json()) == (200, made.json())
    other = program.post(address, given | {"title_kk": "Басқа"}, key="summer-1")
    assert (other.status_code, codes(other)) == (409, {"key_used"})
    event = Event.objects.get(pk=made.json()["id"])
    assert (event.service, event.form, event.trainers.get().experience_months) == ("training", "training", 30)  # fmt: skip
    assert event.facts["sheet"] == {"methods": "Топтық жұмыс"}
    # What is left out stays; who saves second is told.
    changed = program.post(f"{address}{event.pk}/", {"version": 0, "place": "Щучинск"})
    assert (changed.status_code, changed.json()["version"]) == (200, 1), changed.json()
    event.refresh_from_db()
    assert (event.place, event.title_kk, event.activity_id) == ("Щучинск", "Жаттығу", given["activity"])  # fmt: skip
    assert (event.facts["sheet"], event.trainers.count()) == ({"methods": "Топтық жұмыс"}, 1)
    behind = program.post(f"{address}{event.pk}/", {"version": 0, "place": "Астана"})
    assert (behind.status_code, codes(behind)) == (409, {"changed_meanwhile"})
    early = program.post(f"{address}{event.pk}/held/", {"version": 1, "result": "Өтті"})
    assert (early.status_code, "not_begun" in codes(early)) == (422, True)
    held = program.post(f"{address}{here.event.pk}/held/", {"version": 0, "result": "Өтті", "men": 8, "women": 12})  # fmt: skip
    assert (held.status_code, held.json()["state"]) == (200, "held"), held.json()
    late = program.post(f"{address}{here.event.pk}/", {"version": 1, "place": "Астана"})
    assert (late.status_code, codes(late)) == (409, {"moved_on"})
    entry = journal.history(event).get(number=1)
    assert (entry.actor, entry.behalf) == (here.people.aliya.key, here.people.aliya.behalf)
    steps = [entry.facts.get("step") for entry in journal.history(Token.objects.get())]
    assert steps == [None, "begin", "edit", "hold"]


def test_an_event_is_refused_with_the_same_words_as_on_its_page(here):
    program, address = Program(here.token, "ru"), f"own/projects/{here.project.pk}/events/"
    refused = program.post(
        address,
        an_event(ends_at="2020-08-01T09:00:00+05:00", region="ZZ", informing=["pigeon"], activity=10**9),
    )  # fmt: skip
    assert refused.status_code == 422
    assert about(refused) == {"ends_at", "region", "informing", "activity"}
    browser = Client()
    browser.force_login(here.people.aliya.user)
    form = {
        "kind": "training", "title_kk": "Жаттығу", "place": "Көкшетау", "starts_at": "2020-08-01T10:00",
        "ends_at": "2020-08-01T09:00", "expected_participants": "25", "format": "offline",
        "trainer-TOTAL_FORMS": "0", "trainer-INITIAL_FORMS": "0",
    }  # fmt: skip
    browser.cookies["ortaq_language"] = "ru"
    page = browser.post(f"/projects/{here.project.pk}/events/new/", form)
    words = [one["message"] for one in refused.json()["findings"] if one["about"] == "ends_at"]
    assert words[0] in page.content.decode()
    assert Event.objects.count() == 1


@pytest.mark.req("IM-036")
def test_an_announced_event_is_cancelled_with_a_reason_and_taken_back(here):
    one, address = another_event(here), f"own/projects/{here.project.pk}/events/"
    program, step = Program(here.token), f"{address}{one.pk}/"
    silent = program.post(f"{step}cancel/", {"reason": "   "})
    assert (silent.status_code, codes(silent), about(silent)) == (422, {"no_reason"}, {"reason"})
    assert silent.json()["findings"][0]["cite"]["place"]
    assert about(program.post(f"{step}cancel/", {})) == {"reason"}
    cancelled = program.post(f"{step}cancel/", {"reason": "Су басты"})
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert program.get(step).json()["cancel_reason"] == "Су басты"
    here.project.refresh_from_db()
    assert here.project.events == 1
    again = program.post(f"{step}cancel/", {"reason": "Су басты"})
    assert (again.status_code, codes(again)) == (409, {"moved_on"})
    back = program.post(f"{step}restore/", {})
    assert (back.status_code, back.json()["state"], back.json()["cancel_reason"]) == (200, "planned", "")  # fmt: skip
    assert program.post(f"{step}restore/", {}).status_code == 409
    Event.objects.filter(pk=one.pk).update(registered=2, attended=2)
    there = program.post(f"{step}cancel/", {"reason": "Су басты"})
    assert (there.status_code, codes(there)) == (422, {"people_were_there"})
    assert there.json()["findings"][0]["cite"]["place"]
    assert journal.history(one).filter(step__in=("cancel", "restore")).count() == 2
    steps = [entry.facts.get("step") for entry in journal.history(Token.objects.get())]
    assert steps == [None, "cancel", "restore"]


@pytest.mark.req("IM-036")
def test_a_held_event_is_corrected_with_a_reason_until_it_stands_in_a_submitted_report(here):
    program = Program(here.token)
    step = f"own/projects/{here.project.pk}/events/{here.event.pk}/"
    said = {"version": 1, "reason": "Қайта саналды", "women": 13}
    early = program.post(f"{step}correct/", said)
    assert (early.status_code, codes(early)) == (409, {"moved_on"})
    held = program.post(f"{step}held/", {"version": 0, "result": "Өтті", "men": 8, "women": 12})
    assert held.status_code == 200
    done = program.post(f"{step}correct/", said | {"title_ru": "Семинар", "sheet": {"methods": "Топтық"}})  # fmt: skip
    assert (done.status_code, done.json()["women"]) == (200, 13), done.json()
    assert (done.json()["men"], done.json()["result"], done.json()["title_ru"]) == (8, "Өтті", "Семинар")  # fmt: skip
    assert [one["reason"] for one in done.json()["corrections"]] == ["Қайта саналды"]
    row = Event.objects.get(pk=here.event.pk)
    assert (row.facts["sheet"], row.facts["planned"]["place"]) == ({"methods": "Топтық"}, row.place)
    assert set(journal.history(row).get(step="correct").facts["changed"]) == {"title_ru", "women"}
    behind = program.post(f"{step}correct/", said)
    assert (behind.status_code, codes(behind)) == (409, {"changed_meanwhile"})
    # What it was planned by stays; what differs from it wants its reason.
    for name, value in (("expected_participants", 5), ("format", "online")):
        refused = program.post(f"{step}correct/", said | {"version": 2, name: value})
        assert (refused.status_code, codes(refused), about(refused)) == (422, {"extra_forbidden"}, {name})  # fmt: skip
    moved = program.post(f"{step}correct/", said | {"version": 2, "place": "Щучинск"})
    assert (moved.status_code, codes(moved)) == (422, {"deviation_unexplained"})
    assert moved.json()["findings"][0]["cite"]["place"]
    silent = program.post(f"{step}correct/", said | {"version": 2, "reason": " "})
    assert (silent.status_code, about(silent)) == (422, {"reason"})
    Report.objects.create(
        project=here.project,
        number=1,
        kind=Report.Kind.INTERIM_CREATIVE,
        state=Report.State.SUBMITTED,
        period_from=date(2020, 7, 1),
        period_to=date(2020, 7, 31),
    )
    late = program.post(f"{step}correct/", said | {"version": 2})
    assert (late.status_code, codes(late)) == (422, {"reported"})
    assert late.json()["findings"][0]["cite"]["place"]


def test_a_token_that_only_reads_or_records_expenses_cancels_and_corrects_no_event(here):
    step = f"own/projects/{here.project.pk}/events/{another_event(here).pk}/"
    for scopes in ((), ("expenses",)):
        reads = Program(a_token(here.people.aliya, scopes=scopes))
        for name, given in (("cancel", {"reason": "?"}), ("restore", {}), ("correct", {"version": 0, "reason": "?"})):  # fmt: skip
            refused = reads.post(f"{step}{name}/", given)
            assert (refused.status_code, codes(refused)) == (403, {"scope"})
    assert not Event.objects.exclude(state="planned").exists()


# --- Expenses --------------------------------------------------------------------------------------


@pytest.mark.req("IM-070")
def test_an_expense_is_recorded_once_with_its_receipt_and_voided(here):
    program, address = Program(here.token), f"own/projects/{here.project.pk}/expenses/"
    scan = SimpleUploadedFile("чек.pdf", b"%PDF-1.4\n% receipt")
    kept = Client().post("/api/v1/own/files/", {"file": scan}, headers=program.headers)
    assert kept.status_code == 200, kept.content
    given = an_expense(here, scan=kept.json()["file"], event=here.event.pk)
    made = program.post(address, given, key="receipt-77")
    assert (made.status_code, made.json()["sum_tiyn"]) == (201, 150_050), made.json()
    assert made.json()["has_scan"]
    again = program.post(address, given, key="receipt-77")
    assert (again.status_code, again.json()) == (200, made.json())
    other = program.post(address, given | {"sum_tiyn": 1}, key="receipt-77")
    assert (other.status_code, codes(other)) == (409, {"key_used"})
    here.project.refresh_from_db()
    assert (here.project.spent_tiyn, Expense.objects.count()) == (150_050, 1)
    # The same document once more: a warning wants a reason, as on the page.
    twin = program.post(address, given)
    assert (twin.status_code, codes(twin)) == (422, {"same_document"})
    assert twin.json()["findings"][0]["cite"]["act"]
    said = program.post(address, given | {"reason": "Екі рет төленді"})
    assert (said.status_code, said.json()["warned"]) == (201, ["same_document"])
    voided = program.post(f"{address}2/void/", {"remark": "Қате"})
    assert (voided.status_code, voided.json()["state"]) == (200, "voided")
    assert program.post(f"{address}2/void/", {"remark": "Қате"}).status_code == 409
    anew = program.post(address, given | {"document_number": "78", "replaces": 2})
    assert anew.status_code == 201
    assert codes(program.post(address, given | {"replaces": 1})) == {"not_voided"}
    lines = program.get(f"own/projects/{here.project.pk}/").json()["lines"]
    assert [row["grant"]["spent_tiyn"] for row in lines] == [300_100, 0, 0]


@pytest.mark.req("IM-070")
def test_an_expense_is_corrected_whole_or_not_at_all_and_once(here):
    program, address = Program(here.token), f"own/projects/{here.project.pk}/expenses/"
    scan = SimpleUploadedFile("чек.pdf", b"%PDF-1.4\n% receipt")
    kept = Client().post("/api/v1/own/files/", {"file": scan}, headers=program.headers).json()
    assert program.post(address, an_expense(here, scan=kept["file"])).status_code == 201
    mended = an_expense(here, sum_tiyn=150_500, remark="Қате сома")
    beyond = program.post(f"{address}1/correct/", mended | {"sum_tiyn": 10**11})
    assert (beyond.status_code, codes(beyond) >= {"beyond_line"}) == (422, True)
    silent = program.post(f"{address}1/correct/", mended | {"remark": " "})
    assert (silent.status_code, about(silent)) == (422, {"remark"})
    assert silent.json()["findings"][0]["cite"]["place"]
    assert program.get(f"{address}1/").json()["state"] == "recorded"
    # Of the line is left what is left without the one that is voided.
    done = program.post(f"{address}1/correct/", mended, key="mended-77")
    assert (done.status_code, done.json()["number"], done.json()["replaces"]) == (201, 2, 1), done.json()  # fmt: skip
    assert (done.json()["has_scan"], done.json()["warned"]) == (True, [])
    voided = program.get(f"{address}1/").json()
    assert (voided["state"], voided["void_reason"]) == ("voided", "Қате сома")
    again = program.post(f"{address}1/correct/", mended, key="mended-77")
    assert (again.status_code, again.json()) == (200, done.json())
    other = program.post(f"{address}2/correct/", mended, key="mended-77")
    assert (other.status_code, codes(other)) == (409, {"key_used"})
    behind = program.post(f"{address}1/correct/", mended)
    assert (behind.status_code, codes(behind)) == (409, {"moved_on"})
    here.project.refresh_from_db()
    assert (here.project.spent_tiyn, Expense.objects.count()) == (150_500, 2)
    Expense.objects.filter(number=2).update(state=Expense.State.ADMITTED)
    admitted = program.post(f"{address}2/correct/", mended)
    assert (admitted.status_code, codes(admitted)) == (409, {"moved_on"})
    steps = [entry.facts.get("step") for entry in journal.history(Token.objects.get())]
    assert steps == [None, "begin", "void", "begin"]
    reads = Program(a_token(here.people.aliya, scopes=("events",)))
    assert codes(reads.post(f"{address}2/correct/", mended)) == {"scope"}


def test_a_file_of_another_person_is_no_receipt(here):
    rival = Program(a_token(here.people.dana))
    scan = SimpleUploadedFile("чек.pdf", b"%PDF-1.4\n% receipt")
    kept = Client().post("/api/v1/own/files/", {"file": scan}, headers=rival.headers).json()
    program, address = Program(here.token), f"own/projects/{here.project.pk}/expenses/"
    refused = program.post(address, an_expense(here, scan=kept["file"]))
    assert (refused.status_code, about(refused)) == (422, {"scan"})
    text = SimpleUploadedFile("чек.pdf", b"no pdf at all")
    refused = Client().post("/api/v1/own/files/", {"file": text}, headers=program.headers)
    assert (refused.status_code, codes(refused)) == (422, {"kind"})


def test_what_cannot_be_is_refused_with_its_name(here):
    program, address = Program(here.token), f"own/projects/{here.project.pk}/expenses/"
    for fields, status, named in (
        ({"sum_tiyn": 1500.5}, 422, {"sum_tiyn"}),
        ({"sum_tiyn": 1500.0}, 422, {"sum_tiyn"}),
        ({"sum_tiyn": "1500"}, 422, {"sum_tiyn"}),
        ({"sum_tiyn": True}, 422, {"sum_tiyn"}),
        ({"sum_tiyn": 10**30}, 422, {"sum_tiyn"}),
        ({"colour": "red", "sum": 1}, 422, {"colour", "sum"}),
        ({"spent_on": "2020-13-45"}, 422, {"spent_on"}),
        ({"spent_on": "0001-01-01"}, 422, {"spent_on"}),
        ({"line": 10**9}, 422, {"line"}),
        ({"payee_number": "123"}, 422, {"payee_number"}),
        ({"payee": None}, 422, {"payee"}),
        ({"scan": "no-such-file"}, 422, {"scan"}),
        ({"payee": "a\x00b"}, 400, {""}),
        ({"payee": "\ud800"}, 400, {""}),
    ):
        answer = program.post(address, an_expense(here, **fields))
        assert (answer.status_code, about(answer)) == (status, named), fields
    assert program.get(f"{address}?colour=red").status_code == 422
    assert program.get(f"{address}?after=%00").status_code == 400
    assert program.get(f"own/projects/{10**30}/").status_code == 404
    assert not Expense.objects.exists()


def test_bodies_that_nobody_can_read_are_refused(here):
    address = f"own/projects/{here.project.pk}/expenses/"
    for body, status in (
        ("[" * 100_000, 400),
        ('{"line": 1, "line": 2}', 400),
        ('{"line": NaN}', 400),
        (b"\xff\xfe", 400),
        ("null", 422),
        ("[]", 422),
        ("", 422),
        (b"x" * (1024 * 1024 + 1), 413),
    ):
        assert Program(here.token).post(address, body).status_code == status, body[:40]


def test_fifty_megabytes_are_refused_before_they_are_read(here):
    class Endless(io.RawIOBase):
        def readinto(self, _buffer: Any) -> int:
            raise AssertionError("the body was read")

    extra: dict[str, Any] = {"CONTENT_LENGTH": str(50 * 1024 * 1024), "wsgi.input": Endless()}
    for address in (f"own/projects/{here.project.pk}/expenses/", "own/files/"):
        client = Client(**extra)
        answer = client.generic("POST", f"/api/v1/{address}", headers=Program(here.token).headers)
        assert (answer.status_code, codes(answer)) == (413, {"too_large"})


def test_a_list_costs_the_same_whatever_it_holds(here, django_assert_num_queries):
    program, address = Program(here.token), f"own/projects/{here.project.pk}/"
    for number in range(3):
        events.plan(
            here.project, {**_row(here.event), "title_kk": str(number)}, once=uuid.UUID(int=number + 5), actor=here.people.aliya
        )  # fmt: skip
        assert program.post(f"{address}expenses/", an_expense(here, document_number=str(number))).status_code == 201  # fmt: skip
    for tail, least in (("events/", 4), ("expenses/", 4), ("", 6)):
        with django_assert_num_queries(least):
            assert program.get(address + tail).status_code == 200
    first = program.get(f"{address}events/?limit=3").json()
    rest = program.get(f"{address}events/?limit=3&after={first['next']}").json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [3, 1, None]
    assert program.get("own/projects/").json()["items"][0]["id"] == here.project.pk
    assert program.get("own/contracts/").json()["items"][0]["project"] == here.project.pk


def _row(event: Event) -> dict[str, Any]:
    names = ("kind", "service", "form", "place", "starts_at", "ends_at", "expected_participants")
    return {name: getattr(event, name) for name in names}


# --- Applications and bids -------------------------------------------------------------------------


def test_own_applications_are_read_and_nobody_elses(clock, django_assert_num_queries):
    people, competition = application_scenes.open_competition(clock)
    lot = competition.lots.get()
    receipt = application_scenes.a_submitted(lot, people.aliya)
    application_scenes.a_draft(lot, people.aliya)
    program = Program(a_token(people.aliya))
    with django_assert_num_queries(4):
        newest, sent = program.get("own/applications/").json()["items"]
    assert (newest["state"], sent["number"], sent["state"]) == ("draft", receipt.number, "submitted")  # fmt: skip
    assert sent["topic"]["kk"] == lot.topic.title_kk
    assert Program(a_token(people.dana)).get("own/applications/").json()["items"] == []


def test_a_bid_stays_sealed_for_its_own_program_too(clock):
    clock.set(tenders.DURING)
    scene = tenders.a_scene()
    number = tenders.a_submitted_bid(scene.lot, scene.cast.aliya).number
    (bid,) = Program(a_token(scene.cast.aliya)).get("own/bids/").json()["items"]
    assert (bid["number"], bid["state"], bid["price_tiyn"]) == (number, "submitted", None)
    assert Program(a_token(scene.cast.dana)).get("own/bids/").json()["items"] == []


def own_addresses() -> Iterator[str]:
    """Every address under own/ that names something, as the house declares them."""

    def walk(resolver: URLResolver, before: str = "") -> Iterator[str]:
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            yield from [route] if isinstance(one, URLPattern) else walk(one, route)

    for route in walk(get_resolver()):
        if route.startswith("api/v1/own/") and "<" in route:
            yield route.removeprefix("api/v1/")


def test_at_no_address_does_a_token_of_another_organisation_see_more_than_nothing(here):
    """An address that is added later is asked too; what is there looks like what is not."""
    rival = Program(a_token(here.people.dana))
    asked = list(own_addresses())
    assert len(asked) >= 8
    for route in asked:
        for number in (here.project.pk, here.project.contract_id, here.event.pk):
            there, absent = (
                re.sub(r"<[^>]*>", "1", re.sub(r"<[^>]*>", str(one), route, count=1))
                for one in (number, 10**9)
            )
            for ask in (rival.get, lambda address: rival.post(address, {})):
                hidden, nothing = ask(there), ask(absent)
                assert hidden.status_code == nothing.status_code != 200, route
                assert hidden.content == nothing.content, route
