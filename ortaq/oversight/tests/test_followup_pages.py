"""Pages of what a visit asks for, finds and has mended, and of its report."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house
from ortaq.core import work as core_work
from ortaq.core.models import StoredFile
from ortaq.oversight.models import CorrectiveAction, Visit
from ortaq.projects.models import Contract

from .scenes import NOW, YEAR, Cast, begun
from .test_followup import JUNE, MAY, ask, note, order, reported

pytestmark = pytest.mark.django_db
PICTURE = b"\xff\xd8\xff\xe0 a photograph"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    found = begun()
    clock.set(MAY)
    return found


@pytest.fixture
def visit(cast) -> Visit:
    return Visit.objects.get(state=Visit.State.STARTED)


@pytest.fixture
def page(client):
    def get(actor, name, *args, headers=None, **data):
        client.force_login(actor.user)
        address = reverse(f"oversight:{name}", args=args)
        answer = client.post(address, data, headers=headers) if data else client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        return answer

    return get


def upload(content: bytes = PICTURE, name: str = "x.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.req("SO-M-15")
def test_a_breach_is_noted_on_the_spot_and_its_photograph_is_not_asked_for_twice(cast, visit, page):
    typed = {
        "once": str(uuid.uuid4()),
        "weight": "serious",
        "indicator": "process",
        "text": "",
        "place": "Зал",
        "seen_at": "2023-05-15T10:30",
    }
    short = page(cast.saule, "observations", visit.pk, **typed, scan=upload())
    assert short.status_code == 422
    kept = short.context["form"].token
    assert kept in short.content.decode()
    assert not visit.observations.exists()
    for _twice in range(2):
        done = page(
            cast.saule, "observations", visit.pk, **typed | {"text": "Тізім жоқ"}, kept=kept
        )
        assert done.status_code == 302
    seen = visit.observations.get()
    assert seen.photo == StoredFile.objects.get(name="x.jpg")
    assert done["Location"] == reverse("oversight:observation", args=[visit.pk, 1])
    assert page(cast.saule, "observation_photo", visit.pk, 1).status_code == 200
    for stranger in (cast.aliya, cast.kanat, cast.dana, cast.erlan, cast.nurbol):
        assert page(stranger, "observation_photo", visit.pk, 1).status_code == 404
        assert page(stranger, "observations", visit.pk).status_code == 404
    wrong = page(cast.saule, "observations", visit.pk, **typed, scan=upload(b"MZ", "x.jpg"))
    assert "scan" in wrong.context["form"].errors


@pytest.mark.req("SO-M-13")
def test_the_ngo_answers_with_files_that_stay_when_something_else_is_to_be_mended(
    cast, visit, page
):
    row = ask(visit, cast)
    assert (
        "Қатысушылар тізімі"
        in page(cast.bolat, "asked_of_ngo", visit.plan.project_id).content.decode()
    )
    good, bad = upload(b"%PDF-1 a", "a.pdf"), upload(b"MZ", "b.pdf")
    sent = page(cast.bolat, "request", row.pk, version="0", answer="Міне", uploads=[good, bad])
    assert sent.status_code == 422
    form = sent.context["form"]
    assert [one.name for one in form.files_here] == ["a.pdf"]
    late = page(cast.bolat, "request", row.pk, version="9", answer="Міне", kept=form.token)
    assert late.status_code == 422  # somebody else was faster
    done = page(cast.bolat, "request", row.pk, version="0", answer="Міне", kept=form.token)
    assert done.status_code == 302
    file = row.files.get()
    for reader, status in (
        (cast.bolat, 200),
        (cast.saule, 200),
        (cast.dana, 404),
        (cast.kanat, 404),
    ):
        assert page(reader, "request_file", row.pk, file.pk).status_code == status
    assert page(cast.saule, "request_step", row.pk, "again", remark="").status_code == 422
    assert page(cast.saule, "request_step", row.pk, "accept", go="1").status_code == 302
    row.refresh_from_db()
    assert row.state == "accepted"


@pytest.mark.req("SO-M-15")
def test_verdicts_are_saved_while_typing_and_two_who_write_lose_nothing(cast, visit, page):
    typed = {"process_verdict": "met", "process_kk": "Орындалды", "conclusion_kk": "Жақсы"}
    saved = page(cast.saule, "visit_report", visit.pk, headers=HTMX, version="0", **typed)
    assert saved.status_code == 200
    visit.refresh_from_db()
    assert visit.verdicts["process"] == {"verdict": "met", "kk": "Орындалды", "ru": ""}
    mine = typed | {"process_kk": "Орындалмады", "coverage_verdict": "nonsense"}
    faster = page(cast.marat, "visit_report", visit.pk, headers=HTMX, version="0", **mine)
    assert faster.status_code == 409
    assert {"Орындалды", "Орындалмады"} <= {
        text for one in faster.context["conflict"].differences for text in (one.mine, one.theirs)
    }
    whole = page(cast.marat, "visit_report", visit.pk, version="0", **mine)
    assert whole.status_code == 409
    assert "Орындалмады" in whole.content.decode()
    again = page(cast.marat, "visit_report", visit.pk, version="1", **mine)
    assert again.status_code == 302
    visit.refresh_from_db()
    assert visit.verdicts["process"]["kk"] == "Орындалмады"
    assert visit.verdicts["coverage"]["verdict"] == ""


@pytest.mark.req("SO-X-03")
def test_a_proposal_is_taken_over_into_the_empty_places_only(cast, visit, page):
    typed = {"satisfaction_ru": "Своё", "version": "0", "take-over": "satisfaction"}
    page(cast.saule, "visit_report", visit.pk, **typed)
    visit.refresh_from_db()
    written = visit.verdicts["satisfaction"]
    assert (written["verdict"], written["ru"]) == ("not_applicable", "Своё")
    assert written["kk"]


@pytest.mark.req("SO-M-07", "SO-M-15")
def test_the_ngo_reads_the_report_when_it_is_formed_and_mends(cast, visit, page):
    action = order(note(visit, cast), cast)
    refused = page(cast.saule, "visit_report_form", visit.pk, version="0")
    assert refused.status_code == 409
    for name in ("visit_report", "requests"):
        assert page(cast.aliya, name, visit.pk).status_code == 404
    assert page(cast.aliya, "action", action.pk).status_code == 404
    assert page(cast.aliya, "visit_report_paper", visit.pk, "kk", "pdf").status_code == 404

    reported(visit, cast)

    shown = page(cast.aliya, "visit_report", visit.pk).content.decode()
    assert "Тізім жоқ" in shown
    assert reverse("oversight:action", args=[action.pk]) in shown
    assert page(cast.aliya, "visit_report_paper", visit.pk, "ru", "docx").status_code == 200
    assert page(cast.dana, "visit_report", visit.pk).status_code == 404
    empty = page(cast.aliya, "action", action.pk, version="0", answer="")
    assert empty.status_code == 422
    page(cast.aliya, "action", action.pk, version="0", answer="Жасалды", scan=upload())
    action.refresh_from_db()
    assert action.proof is not None
    assert (action.state, action.proof.name) == ("done", "x.jpg")
    assert page(cast.saule, "action_proof", action.pk).status_code == 200
    assert page(cast.aliya, "action_step", action.pk, "confirm", go="1").status_code == 409
    assert CorrectiveAction.objects.get().state == "done"
    page(cast.saule, "action_step", action.pk, "confirm", go="1")
    action.refresh_from_db()
    assert action.state == "confirmed"


def test_pages_ask_as_often_however_much_there_is(cast, visit, page, clock):
    for _one in range(2):
        order(note(visit, cast), cast)
        ask(visit, cast)
    project = visit.plan.project_id
    places = [
        (cast.saule, "observations", visit.pk),
        (cast.saule, "observation", visit.pk, 1),
        (cast.saule, "requests", visit.pk),
        (cast.saule, "visit_report", visit.pk),
        (cast.aliya, "asked_of_ngo", project),
    ]

    def asked() -> list[int]:
        found = []
        for actor, name, *args in places:
            with CaptureQueriesContext(connection) as queries:
                assert page(actor, name, *args).status_code == 200
            found.append(len(queries))
        return found

    asked()  # what is kept after the first reading does not count
    few = asked()
    for number in range(3):
        order(note(visit, cast, text=f"Байқау {number}"), cast)
        ask(visit, cast)
    assert asked() == few

    reported(visit, cast)
    places[:] = [
        (cast.saule, "actions"),
        (cast.aliya, "asked_of_ngo", project),
        (cast.aliya, "visit_report", visit.pk),
    ]
    many = asked()
    keep = CorrectiveAction.objects.earliest("pk")
    CorrectiveAction.objects.exclude(pk=keep.pk).delete()
    assert asked() == many


def test_the_body_sees_and_takes_along_what_is_past_its_day(cast, visit, page, client, clock):
    order(note(visit, cast), cast, what="Шара бір")
    order(note(visit, cast), cast, what="Шара екі", due_on=JUNE + timedelta(days=60))
    reported(visit, cast)
    clock.set(house.at(date(YEAR, 7, 1), 9))

    def get(actor, **asked):
        client.force_login(actor.user)
        return client.get(reverse("oversight:actions", query=asked)).content.decode()

    both, late = get(cast.saule), get(cast.saule, show="late")
    assert "Шара екі" in both
    assert "Шара бір" in late
    assert "Шара екі" not in late
    # The authorised body orders too; what others follow up is not in its list.
    for other in (cast.kanat, cast.nurbol):
        assert "Шара бір" not in get(other)
    assert page(cast.aliya, "actions").status_code == 404
    table = page(cast.saule, "actions_table")
    assert table.status_code == 200
    assert table["Content-Disposition"].endswith('"corrective-actions.xlsx"')


def test_a_long_table_of_actions_is_written_by_the_worker(cast, visit, client, clock, settings):
    for what in ("Шара бір", "Шара екі"):
        order(note(visit, cast), cast, what=what)
    reported(visit, cast)
    clock.set(house.at(date(YEAR, 7, 1), 9))
    settings.ORTAQ_ROWS_AT_ONCE = 1
    client.force_login(cast.saule.user)
    address = reverse("oversight:actions_table", query={"show": "late"})
    assert f'<form method="post" action="{address}"' in client.get(address).text
    asked = client.post(address).url
    done = core_work.do_next()
    assert done is not None
    done.refresh_from_db()
    assert (done.state, done.total) == ("done", 2)
    assert b"".join(client.get(f"{asked}result/").streaming_content).startswith(b"PK")


@pytest.mark.req("SO-M-13")
def test_a_project_of_a_grant_has_nothing_of_oversight(cast, page):
    Contract.objects.update(instrument=Contract.Instrument.GRANT)
    assert page(cast.aliya, "asked_of_ngo", cast.project.pk).status_code == 404


def test_the_visit_is_over_and_nothing_is_added_any_more(cast, visit, page):
    reported(visit, cast)
    assert page(cast.saule, "requests", visit.pk).context["writes"] is False
    late = page(
        cast.saule,
        "requests",
        visit.pk,
        once=str(uuid.uuid4()),
        what="Есеп",
        ground="1",
        due_on="2023-06-01",
    )
    assert late.status_code == 409
    assert not visit.requests.exists()
