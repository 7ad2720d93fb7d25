from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from ortaq.core import work as core_work
from ortaq.core.kazakh import fold
from ortaq.core.models import Work
from ortaq.documents.writing.page import element_id
from ortaq.documents.writing.slots import LONG
from ortaq.grants.models import Application, Attachment, Competition, Receipt
from ortaq.grants.procedure import application_draft as draft
from ortaq.grants.procedure.application import submit
from ortaq.grants.queries import application as queries
from ortaq.people.models import Membership, Role
from ortaq.review.models import Declaration, Dossier, Panel, Seat
from ortaq.testing import factories

from . import application_scenes as scene
from .scenes import CLOSES, DURING

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture
def begun(clock):
    return scene.open_competition(clock)


@pytest.fixture
def played(begun):
    return begun[0]


@pytest.fixture
def competition(begun):
    return begun[1]


@pytest.fixture
def lot(competition):
    return competition.lots.get()


def browser(actor, language="kk"):
    client = Client()
    if actor is not None:
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["ortaq_language"] = language
    return client


def place(name, *args):
    return reverse(f"grants:{name}", args=args)


def part(application, key, year=0):
    return place("application_part", application.pk, key, year)


def shown(answer):
    """A page without what differs each time it is served."""
    return re.sub(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', b"", answer.content)


def queries_of(client, address):
    list(client.get(address))  # what is looked up once for a process is not the page's
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
        assert list(answer)
        assert answer.status_code == 200
    return len(found)


# --- The applicant's pages -----------------------------------------------------------------------


def test_an_application_is_begun_filled_and_handed_in_through_the_pages(played, lot):
    aliya = browser(played.aliya)
    begun = aliya.post(
        place("application_new", lot.pk), {"title": "Ерікті жастар", "language": "kk"}
    )
    application = Application.objects.get()
    assert begun["Location"] == place("application", application.pk)
    way_on = f'btn-primary" href="{place("application_details", application.pk)}#id_starts_on"'
    assert way_on in aliya.get(begun["Location"]).content.decode()
    missing = aliya.get(place("application_submit", application.pk))
    assert missing.status_code == 200
    assert 'name="declared"' not in missing.content.decode()

    scene.write(application, "GRANT-A2", scene.QUESTIONNAIRE, played.aliya)
    scene.write(application, "GRANT-A3", scene.CAPACITY, played.aliya)
    scene.write(application, "GRANT-A4", scene.CONTENT, played.aliya)
    scene.write(application, "GRANT-A5", scene.budget(), played.aliya)
    term = {"title": "Ерікті", "language": "kk", "starts_on": "2020-07-01", "ends_on": "2020-11-20"}
    aliya.post(place("application_details", application.pk), term)
    assert "«Ерікті» өтінімін тапсыру" in aliya.get("/desk/").content.decode()
    for kind in ("charter", "balance"):
        upload = SimpleUploadedFile("құжат.pdf", scene.PDF)
        answer = aliya.post(
            place("application_files", application.pk), {"kind": kind, "file": upload}
        )
        assert answer.status_code == 302
    ready = aliya.get(place("application_submit", application.pk)).content.decode()
    assert 'name="declared"' in ready
    assert way_on not in aliya.get(begun["Location"]).content.decode()
    handed_in = aliya.post(place("application_submit", application.pk), {"declared": "on"})
    assert handed_in["Location"] == place("application_receipt", application.pk)
    receipt = Receipt.objects.get()
    text = aliya.get(handed_in["Location"]).content.decode()
    assert receipt.number in text
    assert receipt.sha256 in text
    content = aliya.get(place("application_receipt_content", application.pk)).content
    assert json.loads(content)["title"] == "Ерікті"
    again = aliya.post(place("application_submit", application.pk), {"declared": "on"})
    assert again["Location"] == handed_in["Location"]
    withdrawn = aliya.post(place("application_withdraw", application.pk), {"reason": "қате"})
    assert withdrawn.status_code == 302
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN


def test_the_submission_a_second_late_says_what_why_and_what_to_do(played, lot, clock):
    application = scene.a_complete_draft(lot, played.aliya)
    clock.set(CLOSES + timedelta(seconds=1))
    answer = browser(played.aliya, "ru").post(
        place("application_submit", application.pk), {"declared": "on"}
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "18:00:00" in text
    assert "18:00:01" in text
    application.refresh_from_db()
    assert application.state == State.DRAFT


@pytest.mark.req("GR-A-14")
def test_an_application_is_written_in_kazakh_or_russian(played, lot):
    client = browser(played.aliya)
    for language, status in (("kk", 302), ("ru", 302), ("en", 200)):
        data = {"title": "Жоба", "language": language}
        assert client.post(place("application_new", lot.pk), data).status_code == status
    written = Application.objects.order_by("pk").values_list("language", flat=True)
    assert list(written) == ["kk", "ru"]


def test_a_field_saved_while_typing_answers_with_what_changed_only(played, lot):
    application = scene.a_draft(lot, played.aliya)
    client = browser(played.aliya)
    answer = client.post(
        part(application, "content"),
        {"v:basics/goal": "0", "basics/goal": "Мақсат", "v:basics/tasks": "0", "basics/tasks": ""},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    goal = element_id("basics/goal")
    assert answer.status_code == 200
    assert f'id="{goal}-v"' in text
    assert element_id("basics/tasks") + '-v"' not in text
    assert "<html" not in text
    assert application.parts.get(form="GRANT-A4").data == {"basics": {"goal": "Мақсат"}}


def test_sums_of_the_estimate_come_back_while_typing(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    row = application.parts.get(form="GRANT-A5")
    unit = "budget/lines/~b1"
    line = {
        "row": "salaries_lines", "activity": "", "item": "Директор", "unit": "ай",
        "quantity": "6", "unit_cost": "100 000,50", "own_contribution": "1", "grant": "",
        "other_cofinancing": "",
    }  # fmt: skip
    answer = browser(played.aliya, "en").post(
        part(application, "budget"),
        {f"v:{unit}": row.version, **{f"{unit}/{key}": value for key, value in line.items()}},
        headers={"HX-Request": "true"},
    )
    text = answer.content.decode()
    assert "600,003\N{NO-BREAK SPACE}₸" in text  # quantity × unit cost
    assert "600,002\N{NO-BREAK SPACE}₸" in text  # what own contribution leaves for the grant


def test_a_megabyte_is_refused_with_the_limit_and_comes_back_in_its_field(played, lot):
    application = scene.a_draft(lot, played.aliya)
    client = browser(played.aliya)
    data = {
        "v:basics/goal": "0",
        "basics/goal": "ғ" * 500_000,
        "v:basics/tasks": "0",
        "basics/tasks": "Міндет",
    }
    answer = client.post(part(application, "content"), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert str(LONG) in text
    assert "ғ" * 500_000 in text
    while_typing = client.post(part(application, "content"), data, headers={"HX-Request": "true"})
    assert while_typing.status_code == 422
    assert str(LONG) in while_typing.content.decode()
    assert application.parts.get(form="GRANT-A4").data == {"basics": {"tasks": "Міндет"}}


def test_without_scripts_rows_are_added_moved_and_removed_by_buttons(played, lot):
    application = scene.a_draft(lot, played.aliya)
    client = browser(played.aliya)
    address = part(application, "content")

    def press(do, **risks):
        version = application.parts.get(form="GRANT-A4").version
        data = {"do": do}
        for row, text in risks.items():
            data |= {f"v:risks/~{row}": version, f"risks/~{row}/risk": text}
        assert client.post(address, data).status_code == 302
        return [row["risk"] for row in application.parts.get(form="GRANT-A4").data.get("risks", [])]

    assert press("add:risks", a="бірінші") == ["бірінші"]
    assert press("save", a="бірінші", b="екінші") == ["бірінші", "екінші"]
    assert press("down:risks/~a", a="бірінші", b="екінші") == ["екінші", "бірінші"]
    assert press("up:risks/~a") == ["бірінші", "екінші"]
    assert press("remove:risks/~b", a="бірінші", b="екінші") == ["бірінші"]


def test_two_people_collide_on_the_page_and_both_texts_are_shown(played, lot):
    application = scene.a_draft(lot, played.aliya)
    address = part(application, "content")
    aliya, bolat = browser(played.aliya), browser(played.bolat)
    base = {"v:basics/goal": "0"}
    bolat.post(address, {**base, "basics/goal": "Болат жазғаны"})
    answer = aliya.post(
        address, {**base, "basics/goal": "Әлия жазғаны"}, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert "Болат жазғаны" in text
    assert "Әлия жазғаны" in text
    assert "Болатов" in text
    conflict = application.parts.get(form="GRANT-A4").conflicts.get()
    settled = aliya.post(
        place("application_conflict", application.pk, conflict.pk), {"keep-basics/goal": "mine"}
    )
    assert settled.status_code == 302
    assert application.parts.get(form="GRANT-A4").data["basics"]["goal"] == "Әлия жазғаны"


def test_a_file_of_another_kind_is_refused_in_words(played, lot):
    application = scene.a_draft(lot, played.aliya)
    client = browser(played.aliya)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 250_000_000)
    for name, content in (
        ("script.pdf", b"<script>alert(1)</script>"),
        ("empty.pdf", b""),
        ("bomb.docx", bomb.getvalue()),
    ):
        upload = SimpleUploadedFile(name, content)
        answer = client.post(
            place("application_files", application.pk), {"kind": "charter", "file": upload}
        )
        assert answer.status_code == 422, name
        page = answer.content.decode()
        assert 'href="#id_file"' in page
        assert page.index('id="charter"') < page.index('id="id_file"') < page.index('id="balance"')
    assert application.attachments.count() == 0


def test_a_file_is_downloaded_and_never_run(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    attachment = application.attachments.earliest("pk")
    answer = browser(played.bolat).get(place("application_file", application.pk, attachment.pk))
    assert b"".join(answer.streaming_content) == scene.PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].endswith("sandbox")


@pytest.mark.req("GR-A-14")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_application_leaves_as_pdf_and_docx(played, lot, language):
    application = scene.a_complete_draft(lot, played.aliya)
    client = browser(played.aliya)
    pdf = client.get(place("application_paper", application.pk, language, "pdf"))
    docx = client.get(place("application_paper", application.pk, language, "docx"))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert b"".join(docx.streaming_content).startswith(b"PK")
    assert client.get(place("application_paper", application.pk, "en", "pdf")).status_code == 404
    assert client.get(place("application_paper", application.pk, "kk", "exe")).status_code == 404


# --- Who sees what -----------------------------------------------------------------------------------


PAGES = (
    "application", "application_details", "application_letter", "application_submit",
    "application_receipt", "application_receipt_content", "application_withdraw",
    "application_content", "application_files",
)  # fmt: skip


def answers(actor, application):
    """Every page of the application as this person gets it."""
    client = browser(actor)
    found = {name: client.get(place(name, application.pk)).status_code for name in PAGES}
    attachment = application.attachments.earliest("pk")
    file = client.get(place("application_file", application.pk, attachment.pk))
    found["file"] = file.status_code
    if file.streaming:
        assert b"".join(file.streaming_content) == scene.PDF
    found["paper"] = client.get(place("application_paper", application.pk, "kk", "pdf")).status_code
    found["part"] = client.get(part(application, "content")).status_code
    found["save"] = client.post(
        part(application, "content"), {"v:basics/goal": "9", "basics/goal": "x"}
    ).status_code
    found["remove"] = client.post(
        place("application_file_remove", application.pk, attachment.pk)
    ).status_code
    return found


def test_a_draft_is_nobodys_but_the_ngos(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    saule = factories.a_member(factories.an_organisation("state_body"), Role.HEAD)
    for actor in (played.dana, played.gulnara, saule):
        assert set(answers(actor, application).values()) == {404}
    signed_out = answers(None, application)
    # A form is not sent away to sign in: what was typed would be gone.
    assert signed_out.pop("save") == signed_out.pop("remove") == 403
    assert set(signed_out.values()) == {302}
    client = browser(played.dana)
    pages = []
    for pk in (application.pk, 10**6):
        address = place("application", pk)
        pages.append(shown(client.get(address)).replace(address.encode(), b""))
    assert pages[0] == pages[1]


def test_the_operator_sees_who_applied_and_reads_only_after_acceptance(
    played, competition, lot, clock
):
    application = scene.a_submitted(lot, played.aliya, title="Құпия жоба").application
    gulnara = browser(played.gulnara)
    readable = {"application_content", "file", "paper"}
    during = answers(played.gulnara, application)
    assert {name for name, status in during.items() if status == 200} == {"application"}
    for address in (
        place("application", application.pk),
        place("competition_applications", competition.pk),
    ):
        text = gulnara.get(address).content.decode()
        assert application.number in text
        assert "Құпия жоба" not in text
        assert "2 200 000" not in text.replace("\N{NO-BREAK SPACE}", " ")
    clock.set(CLOSES + timedelta(seconds=1))
    after = answers(played.gulnara, application)
    assert {name for name, status in after.items() if status == 200} == {"application", *readable}
    assert (
        "Құпия жоба"
        in gulnara.get(place("competition_applications", competition.pk)).content.decode()
    )


def test_while_acceptance_runs_neither_search_nor_order_nor_export_tell_of_content(
    played, competition, lot
):
    cheap = scene.a_submitted(lot, played.aliya, title="Құпия жоба").application
    scene.a_submitted(lot, played.dana, title="Басқа")
    gulnara = browser(played.gulnara)
    address = place("competition_applications", competition.pk)

    def pages():
        asked = ("?q=құпия", "?sort=sum", "?sort=-sum", "?sort=score", "?q=әлем")
        return [shown(gulnara.get(address + one)) for one in asked]

    before = pages()
    table = export(gulnara, competition)
    Application.objects.filter(pk=cheap.pk).update(
        title="Мүлде басқа", search=fold("мүлде басқа"), grant_tiyn=1, total_tiyn=1
    )
    assert pages() == before
    assert export(gulnara, competition) == table
    assert cheap.number.encode() in before[4]
    assert cheap.number.encode() not in before[0]


def export(client, competition, query=""):
    address = place("competition_applications_xlsx", competition.pk) + query
    content = b"".join(client.get(address).streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def a_dossier(application, expert):
    panel = Panel.objects.create(
        organisation=application.competition.operator,
        title_kk="Комиссия",
        act="grants_rules",
        edition="2020",
        state=Panel.State.SCORING,
    )
    seat = Seat.objects.create(panel=panel, person=expert.user, since=DURING)
    dossier = Dossier.objects.create(
        panel=panel,
        organisation=application.organisation,
        contest=f"grants.lot:{application.lot_id}",
        number=application.number,
        title=application.title,
        address=place("application", application.pk),
    )
    Application.objects.filter(pk=application.pk).update(dossier=dossier, state=State.ADMITTED)
    return seat


@pytest.mark.req("GR-C-11")
def test_an_expert_reads_only_through_the_gate_and_without_contacts(played, lot, clock):
    application = scene.a_complete_draft(lot, played.aliya)
    consent = draft.attach(
        application, scene.upload(), actor=played.aliya, kind=Attachment.Kind.CONSENT
    )
    submit(application, actor=played.aliya, declared=True)
    charter = application.attachments.get(kind=Attachment.Kind.CHARTER)
    erlan = factories.a_member(factories.an_organisation("other"), Role.STAFF, surname="Ерланов")
    clock.set(CLOSES + timedelta(days=10))
    assert set(answers(erlan, application).values()) == {404}
    seat = a_dossier(application, erlan)
    assert set(answers(erlan, application).values()) == {404}
    Declaration.objects.create(
        seat=seat, organisation=played.ngo, conflict=False, declared_at=DURING
    )
    found = answers(erlan, application)
    assert {name: status for name, status in found.items() if status != 404} == {
        "application": 302, "application_content": 200, "file": 200, "paper": 200,
    }  # fmt: skip
    client = browser(erlan)
    # A consent is a person's paper and no evidence for points: the operator alone opens it.
    hidden = place("application_file", application.pk, consent.pk)
    assert client.get(hidden).status_code == 404
    text = client.get(
        place("application_content", application.pk), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in text
    assert "Бес жоба" in text
    assert place("application_file", application.pk, charter.pk) in text
    for secret in ("+7 700 000 00 11", "aliya@example.kz", hidden):
        assert secret not in text
    own = browser(played.aliya).get(place("application_content", application.pk)).content.decode()
    assert "+7 700 000 00 11" in own


def test_the_operators_list_shows_nothing_that_the_visibility_query_hides(played, competition, lot):
    scene.a_draft(lot, played.aliya, title="Жоба")
    scene.a_submitted(lot, played.dana)
    listed = set(queries.handed_in(competition, queries.Asked()).values_list("pk", flat=True))
    visible = set(queries.applications_visible_to(played.gulnara).values_list("pk", flat=True))
    assert listed == visible
    stranger = factories.a_member(factories.an_organisation("operator"), Role.HEAD)
    for name in ("competition_applications", "competition_applications_xlsx", "delivery_new"):
        assert browser(stranger).get(place(name, competition.pk)).status_code == 404
        assert browser(played.aliya).get(place(name, competition.pk)).status_code == 404


# --- The operator's list -----------------------------------------------------------------------------


def many(played, lot, number):
    """Submitted applications by the row, for lists: names and sums in no order."""
    made = [
        Application(
            competition=lot.competition,
            lot=lot,
            organisation=played.ngo,
            number=f"2020-{lot.competition_id}-{n:05d}",
            title=f"=1+{n}",
            state=State.SUBMITTED,
            created_by=played.aliya.user,
            created_at=DURING,
            submitted_at=DURING,
            grant_tiyn=(n * 7919 % 1000) * 100,
            applicant_name=f"{'ӘҚҒүБ'[n % 5]}ор {n}",
        )
        for n in range(1, number + 1)
    ]
    return Application.objects.bulk_create(made)


def test_pages_and_orders_give_every_application_once(played, competition, lot, clock):
    made = many(played, lot, 60)
    clock.set(CLOSES + timedelta(seconds=1))
    for sort in ("number", "-number", "name", "-name", "sum", "-sum"):
        seen: list[int] = []
        query: dict[str, str] = {}
        while True:
            asked = queries.Asked(sort=sort)
            found = queries.handed_in_page(competition, asked, query)
            assert len(found.rows) <= queries.PAGE
            seen += [row.pk for row in found.rows]
            if not found.next:
                break
            query = {"page": found.next}
        assert sorted(seen) == sorted(row.pk for row in made), sort
    rows = queries.handed_in(competition, queries.Asked(sort="name"))
    names = [row.applicant_name[0] for row in rows]
    assert names == sorted(names, key="ӘБҒҚү".index)


def test_the_operator_finds_the_applications_of_a_topic_by_its_number_or_words(clock):
    played, competition = scene.open_competition(clock, [{2020: 5_000_000}] * 2)
    first, second = competition.lots.order_by("position")
    many(played, first, 1)
    Application.objects.update(number="2020-x")
    many(played, second, 1)
    for topic, expected in (
        ("1", [first]),  # the number itself and not the "1" inside another topic's texts
        ("2-ТАҚЫРЫП", [second]),
        ("еріктілер", [first, second]),
        ("3", []),
        ("балалар", []),
    ):
        rows = queries.handed_in(competition, queries.Asked(topic=topic))
        assert sorted(row.lot_id for row in rows) == [lot.pk for lot in expected], topic


def test_the_list_runs_the_same_queries_at_any_size(played, competition, lot, clock):
    clock.set(CLOSES + timedelta(seconds=1))
    client = browser(played.gulnara)
    address = place("competition_applications", competition.pk)
    workbook = place("competition_applications_xlsx", competition.pk)
    many(played, lot, 1)
    few = queries_of(client, address)
    assert queries_of(client, workbook) == few
    Application.objects.all().delete()
    many(played, lot, 200)
    assert queries_of(client, address) == few
    assert queries_of(client, workbook) == few
    assert queries_of(client, f"{address}?sort=-sum&q=қор&state=submitted&topic=2") == few


def test_a_long_table_is_written_by_the_worker_for_whoever_may_still_see_it(
    played, competition, lot, clock, settings
):
    settings.ORTAQ_ROWS_AT_ONCE = 1
    clock.set(CLOSES + timedelta(seconds=1))
    many(played, lot, 3)
    client = browser(played.gulnara)
    address = place("competition_applications_xlsx", competition.pk) + "?sort=-sum"
    assert f'<form method="post" action="{address}"' in client.get(address).text
    asked = [client.post(address).url for _ in range(2)]
    assert asked[0] == asked[1]
    assert core_work.do_next() is not None
    assert client.get(asked[0]).status_code == 200
    content = b"".join(client.get(f"{asked[0]}result/").streaming_content)
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    sums = [row[8] for row in table[1:]]
    assert sums == sorted(sums, reverse=True)
    assert len(sums) == 3
    assert browser(played.aliya).get(asked[0]).status_code == 404
    again = client.post(address)
    Membership.objects.filter(user=played.gulnara.user).delete()
    core_work.do_next()
    assert Work.objects.get(pk=again.url.split("/")[-2]).state == "failed"


def test_pages_of_an_application_run_a_fixed_number_of_queries(played, competition, lot):
    small = scene.a_draft(lot, played.aliya, title="Жоба")
    large = scene.a_complete_draft(lot, played.aliya)
    for n in range(4, 40):
        scene.write(
            large,
            "GRANT-A4",
            {f"calendar_plan/~x{n}/activity": "Тренинг", f"calendar_plan/~x{n}/months": [1]},
            played.aliya,
        )
    client = browser(played.aliya)
    for name in ("application", "application_submit", "application_content", "application_files"):
        assert queries_of(client, place(name, small.pk)) == queries_of(
            client, place(name, large.pk)
        )
    for key in ("content", "budget"):
        assert queries_of(client, part(small, key)) == queries_of(client, part(large, key))


def test_in_the_hour_of_a_deadline_a_pause_and_the_button_send_few_statements(played, lot):
    application = scene.a_complete_draft(lot, played.aliya)
    client = browser(played.aliya)

    def sent(address, data, status, **more):
        with CaptureQueriesContext(connection) as found:
            assert client.post(address, data, **more).status_code == status
        return len([one for one in found if "SAVEPOINT" not in one["sql"]])

    def pause(text):
        typed = {"v:basics/goal": "1000", "basics/goal": text}
        return sent(part(application, "content"), typed, 200, headers={"HX-Request": "true"})

    pause("what is looked up once for a process")
    # docs/performance.md counts those that begin and end a transaction too.
    assert pause("a pause of somebody who writes") == 14
    assert sent(place("application_submit", application.pk), {"declared": "on"}, 302) == 31


def test_the_export_holds_every_row_and_no_formula(played, competition, lot, clock):
    many(played, lot, 120)
    clock.set(CLOSES + timedelta(seconds=1))
    table = export(browser(played.gulnara, "ru"), competition)
    assert len(table) == 121
    assert {row[5] for row in table[1:]} == {f"=1+{n}" for n in range(1, 121)}
    assert table[1][3] == played.ngo.bin
    assert {type(row[8]) for row in table[1:]} == {float}
    assert {row[10] for row in table[1:]} == {""}
    some = export(browser(played.gulnara), competition, f"?q=2020-{competition.pk}-00007")
    assert len(some) == 2


def test_points_are_sorted_and_exported_only_once_they_are_open(played, competition, lot, clock):
    made = many(played, lot, 3)
    clock.set(CLOSES + timedelta(days=30))
    panel = Panel.objects.create(
        organisation=played.operator, title_kk="К", act="grants_rules", edition="2020",
        state=Panel.State.SCORING,
    )  # fmt: skip
    Competition.objects.filter(pk=competition.pk).update(panel=panel, state="scoring")
    for row, score in zip(made, (2, 3, 1), strict=True):
        row.dossier = Dossier.objects.create(
            panel=panel, organisation=played.ngo, contest="x", number=row.number, title="t",
            address="/", score=score * 360360,
        )  # fmt: skip
    Application.objects.bulk_update(made, ["dossier"])
    client = browser(played.gulnara)
    address = place("competition_applications", competition.pk)

    def order():
        fresh = Competition.objects.select_related("panel").get(pk=competition.pk)
        found = queries.handed_in_page(fresh, queries.Asked(sort="-score"), {})
        return [[one.pk for one in made].index(row.pk) for row in found.rows]

    hidden = shown(client.get(f"{address}?sort=-score"))
    Dossier.objects.filter(panel=panel).update(score=7 * 360360)
    assert shown(client.get(f"{address}?sort=-score")) == hidden
    for row, score in zip(made, (2, 3, 1), strict=True):
        Dossier.objects.filter(pk=row.dossier_id).update(score=score * 360360)
    assert order() == [0, 1, 2]
    Panel.objects.filter(pk=panel.pk).update(points_open_at=CLOSES)
    assert order() == [1, 0, 2]
    assert [row[10] for row in export(client, competition, "?sort=-score")[1:]] == [3, 2, 1]


def test_the_desk_registers_a_delivery_and_says_what_is_wrong_with_a_wrong_bin(
    played, competition, lot
):
    client = browser(played.gulnara)
    form = {
        "bin": "123456789012", "lot": lot.pk, "title": "Қағаз", "language": "kk", "method": "post",
        "received_at": "2020-05-20T09:30", "carrier": "CD",
    }  # fmt: skip
    address = place("delivery_new", competition.pk)
    assert client.post(address, form).status_code == 422
    assert client.post(address, form | {"bin": factories.a_bin()}).status_code == 422
    scan = SimpleUploadedFile("скан.pdf", scene.PDF)
    done = client.post(address, form | {"bin": played.ngo.bin, "scans": [scan]})
    application = Application.objects.get()
    assert done["Location"] == place("application", application.pk)
    assert (application.state, application.method) == (State.SUBMITTED, "post")
    assert application.paper_delivery.received_at.date() == date(2020, 5, 20)


def test_nonsense_in_addresses_and_forms_is_never_a_500(played, competition, lot):
    application = scene.a_draft(lot, played.aliya, title="Жоба")
    client = browser(played.aliya)
    for address in (
        part(application, "nothing"),
        part(application, "content", 1999),
        part(application, "letter"),
        place("application_paper", application.pk, "kk", "xx"),
        place("application_conflict", application.pk, 5),
        place("application_receipt", application.pk),
        place("application_withdraw", application.pk),
    ):
        assert client.get(address).status_code in (404, 405), address
    for do in ("remove:", "remove:risks/../x", "up:risks/~none", "add:", "x", "remove:basics/goal"):
        assert client.post(part(application, "content"), {"do": do}).status_code == 302, do
    gulnara = browser(played.gulnara)
    address = place("competition_applications", competition.pk)
    for query in (
        "?page=xx",
        "?sort=nope",
        "?state=nope",
        "?topic=999999",
        "?topic=%00",
        "?q=%00",
        "?page=WyIrIiwxXQ",
    ):
        assert gulnara.get(address + query).status_code == 200, query
