"""Pages of contracts: for their parties only, nothing typed is lost, a fixed number of queries."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.people.models import Role
from ortaq.projects.models import Activity, BudgetLine, Contract, TeamMember
from ortaq.projects.procedure.contract import CONTRACT
from ortaq.testing import factories

from . import scenes

pytestmark = pytest.mark.django_db
TABS = ("contract", "team", "plan", "budget", "effect", "approvals", "journal")
BLOCKS = ("general", "team", "budget", "effect", "terms", "approvals")


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


def sign_in(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def every_address(contract: Contract) -> list[str]:
    pk = contract.pk
    first = contract.activities.first()
    assert first is not None
    return [
        *(reverse(f"projects:{tab}", args=[pk]) for tab in TABS),
        *(reverse("projects:edit", args=[pk, block]) for block in BLOCKS),
        reverse("projects:activity_new", args=[pk]),
        reverse("projects:activity", args=[pk, first.pk]),
        reverse("projects:scan", args=[pk]),
        reverse("projects:paper", args=[pk, "annex-3", "kk", "pdf"]),
    ]


def typed(page) -> dict[str, str]:
    """What the forms of a page would send, as a browser does."""
    found = {}
    for form in [page.context["form"], *(page.context["rows"] or ())]:
        forms = form.forms if hasattr(form, "forms") else [form]
        for one in forms:
            for field in one:
                value = field.value()
                if value is not None and value is not False and value != "":
                    found[field.html_name] = value
    rows = page.context["rows"]
    if rows is not None:
        for field in rows.management_form:
            found[field.html_name] = field.value()
    return found | {"version": page.context["version"]}


# --- Who sees what -------------------------------------------------------------------------------


def test_a_contract_exists_for_its_parties_only(people):
    contract = scenes.contract(people)
    other = factories.a_member(factories.an_organisation("operator"), Role.HEAD)

    for actor in (people.dana, other):
        client = sign_in(actor)
        for address in every_address(contract):
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in (404, 405)
        for step in CONTRACT.steps:
            posted = client.post(reverse("projects:step", args=[contract.pk, step]))
            assert posted.status_code == 404
        assert "Ерікті жастар" not in client.get(reverse("projects:contracts")).content.decode()
    for address in every_address(contract):
        assert Client().get(address).status_code == 302


def test_hidden_and_absent_look_the_same(people):
    contract = scenes.contract(people)
    client = sign_in(people.dana)

    def page(pk: int) -> str:
        answer = client.get(reverse("projects:contract", args=[pk]))
        assert answer.status_code == 404
        text = answer.content.decode().replace(f"/contracts/{pk}/", "/contracts/N/")
        return re.sub(r'(csrfmiddlewaretoken" value="|"X-CSRFToken": ")[^"]+', "", text)

    assert page(contract.pk) == page(contract.pk + 1000)


@pytest.mark.parametrize("who", ["gulnara", "aliya", "bolat", "clerk"])
def test_parties_read_every_tab(people, who):
    contract = scenes.contract(people)
    client = sign_in(getattr(people, who))

    for tab in TABS:
        assert client.get(reverse(f"projects:{tab}", args=[contract.pk])).status_code == 200


@pytest.mark.req("GR-I-03")
def test_contacts_are_shown_only_to_those_who_answer_for_the_contract(people):
    contract = scenes.contract(people)
    address = reverse("projects:team", args=[contract.pk])
    paper = reverse("projects:paper", args=[contract.pk, "annex-3", "kk", "docx"])

    for actor, sees in ((people.gulnara, True), (people.bolat, True), (people.clerk, False)):
        client = sign_in(actor)
        assert ("+7 700 000 00 11" in client.get(address).content.decode()) is sees
        from io import BytesIO

        from docx import Document

        document = Document(BytesIO(b"".join(client.get(paper))))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        assert any("+7 700 000 00 11" in cell for cell in cells) is sees


def test_a_clerk_of_the_operator_and_a_signed_contract_are_not_edited(people):
    draft, signed = scenes.contract(people), scenes.signed(people, source="award:2")

    clerk = sign_in(people.clerk)
    for block in BLOCKS:
        assert clerk.get(reverse("projects:edit", args=[draft.pk, block])).status_code == 403
    aliya = sign_in(people.aliya)
    for block in ("terms", "approvals"):
        assert aliya.get(reverse("projects:edit", args=[draft.pk, block])).status_code == 403
    posted = aliya.post(
        reverse("projects:edit", args=[signed.pk, "effect"]), {"version": 0, "employees": 99}
    )
    assert posted.status_code == 409
    signed.refresh_from_db()
    assert signed.social_effect["employees"] == 3


def test_the_list_is_searched_and_filtered(people):
    scenes.contract(people)
    scenes.signed(people, "77/2020", source="award:2", title_kk="Ауыл кітапханасы")
    client, address = sign_in(people.gulnara), reverse("projects:contracts")

    def titles(**asked: str) -> set[str]:
        page = client.get(address, asked).content.decode()
        return {title for title in ("Ерікті жастар", "Ауыл кітапханасы") if title in page}

    assert titles() == {"Ерікті жастар", "Ауыл кітапханасы"}
    assert titles(q="77/2020") == {"Ауыл кітапханасы"}
    assert titles(q="КІТАПХАНА") == {"Ауыл кітапханасы"}
    assert titles(q="әлем") == {"Ерікті жастар", "Ауыл кітапханасы"}  # by the grantee
    assert titles(state="draft") == {"Ерікті жастар"}
    assert titles(q="жоқ") == set()
    assert client.get(address, {"page": "rubbish", "state": "x"}).status_code == 200


def test_a_contract_that_was_concluded_elsewhere_stands_in_the_list_without_a_page(people):
    ours = scenes.contract(people)
    theirs = scenes.signed(people, "9", source=f"{Contract.ELSEWHERE}9", title_kk="Басқа жерде")
    assert (ours.page, theirs.page) == ("projects:contract", "")

    page = sign_in(people.gulnara).get(reverse("projects:contracts")).content.decode()
    assert reverse("projects:contract", args=[ours.pk]) in page
    assert "Басқа жерде" in page
    assert reverse("projects:contract", args=[theirs.pk]) not in page
    about = reverse("projects:project_about", args=[theirs.project.pk])
    assert sign_in(people.gulnara).get(about).status_code == 200


# --- Editing -------------------------------------------------------------------------------------


@pytest.mark.req("GR-I-01")
@pytest.mark.parametrize("block", BLOCKS)
def test_a_form_sent_back_as_it_was_changes_nothing(people, block):
    contract = scenes.contract(people)
    client, address = sign_in(people.gulnara), reverse("projects:edit", args=[contract.pk, block])

    def state() -> list[object]:
        fresh = Contract.objects.get(pk=contract.pk)
        return [
            fresh.general, fresh.social_effect, fresh.advance_tiyn, fresh.starts_on, fresh.ends_on,
            list(fresh.team.values()), list(fresh.budget.values()), list(fresh.approvals.values()),
        ]  # fmt: skip

    before = state()
    answer = client.post(address, typed(client.get(address)))

    assert answer.status_code == 302
    assert state() == before


def test_rows_of_the_team_are_added_changed_and_deleted(people):
    contract = scenes.contract(people)
    client, address = sign_in(people.aliya), reverse("projects:edit", args=[contract.pk, "team"])
    form = typed(client.get(address))
    form |= {
        "row-0-full_name": "Сәрсенова Әлия Қанатқызы",
        "row-1-DELETE": "on",
        "row-4-table": "civil_law",
        "row-4-full_name": "Жаңа Маман",
        "row-4-post": "аудармашы",
        "more": "1",
    }

    answer = client.post(address, form)

    assert answer.headers["Location"] == address  # more rows were asked for
    rows = [(m.table, m.full_name, m.position) for m in contract.team.all()]
    assert rows == [
        ("staff", "Сәрсенова Әлия Қанатқызы", 1),
        ("staff", "Қалиева Сара", 2),
        ("civil_law", "Нұрланова Гүлмира", 3),
        ("civil_law", "Жаңа Маман", 4),
    ]


@pytest.mark.req("GR-K-07")
def test_a_new_line_of_the_estimate_leaves_the_rest_to_the_grant(people):
    contract = scenes.contract(people)
    address = reverse("projects:edit", args=[contract.pk, "budget"])
    client = sign_in(people.bolat)
    form = typed(client.get(address))
    activity = contract.activities.get(key="~a1")
    form |= {
        "row-3-year": "2020",
        "row-3-category": "coffee_break",
        "row-3-activity": str(activity.pk),
        "row-3-item": "Кофе-брейк",
        "row-3-unit": "адам",
        "row-3-quantity": "2,5",
        "row-3-unit_cost_tiyn": "1 000",
        "row-3-own_tiyn": "500",
    }

    assert client.post(address, form).status_code == 302

    line = BudgetLine.objects.get(item="Кофе-брейк")
    assert (line.total_tiyn, line.own_tiyn, line.grant_tiyn) == (2500_00, 500_00, 2000_00)
    assert (line.activity, line.adds_up) == (activity, True)
    assert line.key.startswith("~")
    page = client.get(reverse("projects:budget", args=[contract.pk])).content.decode()
    assert "Смета шарт сомасынан өзгеше" in page


def test_what_was_typed_stands_there_when_somebody_else_was_faster(people):
    contract = scenes.contract(people)
    address = reverse("projects:edit", args=[contract.pk, "team"])
    aliya, gulnara = sign_in(people.aliya), sign_in(people.gulnara)
    hers, mine = typed(aliya.get(address)), typed(gulnara.get(address))
    assert aliya.post(address, hers | {"row-3-DELETE": "on"}).status_code == 302

    answer = gulnara.post(address, mine | {"row-3-duties": "Ұзақ жазылған міндет"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Ұзақ жазылған міндет" in page
    assert "басқа біреу сақтады" in page
    assert not TeamMember.objects.filter(duties="Ұзақ жазылған міндет").exists()
    # Looking at it, she saves again: the row that was deleted meanwhile comes back as she typed it.
    again = gulnara.post(address, typed(answer))
    assert again.status_code == 302
    assert TeamMember.objects.get(duties="Ұзақ жазылған міндет").full_name == "Нұрланова Гүлмира"


def test_bad_input_is_said_beside_its_field_and_kept(people):
    contract = scenes.contract(people)
    client = sign_in(people.gulnara)
    budget = reverse("projects:edit", args=[contract.pk, "budget"])
    form = typed(client.get(budget)) | {"row-0-unit_cost_tiyn": "көп", "row-1-quantity": "-1"}

    answer = client.post(budget, form)

    assert answer.status_code == 422
    assert 'value="көп"' in answer.content.decode()
    assert answer.content.decode().count("has-errors") == 2
    terms = reverse("projects:edit", args=[contract.pk, "terms"])
    wrong = {"version": 0, "starts_on": "2020-12-01", "ends_on": "2020-07-01", "advance_tiyn": "1"}
    assert client.post(terms, wrong).status_code == 422
    assert client.post(terms, {**wrong, "starts_on": "0001-01-01"}).status_code == 422
    effect = reverse("projects:edit", args=[contract.pk, "effect"])
    assert client.post(effect, {"version": 0, "employees": "9" * 30}).status_code == 422
    general = reverse("projects:edit", args=[contract.pk, "general"])
    assert client.post(general, {"version": 0, "grantee": "Ұ" * 1_000_000}).status_code == 422
    for block in ("team", "budget"):
        address = reverse("projects:edit", args=[contract.pk, block])
        for rubbish in ({}, {"row-TOTAL_FORMS": "x"}, {"row-TOTAL_FORMS": "99999"}):
            assert client.post(address, rubbish).status_code == 422
    assert client.post(effect, {"version": "rubbish"}).status_code == 409


@pytest.mark.req("GR-I-04", "GR-I-05", "GR-I-06")
def test_an_activity_with_its_indicators_is_written_and_deleted(people):
    contract = scenes.contract(people)
    client = sign_in(people.aliya)
    new = reverse("projects:activity_new", args=[contract.pk])
    form = typed(client.get(new)) | {
        "section": "task",
        "task": "Еріктілерді дайындау",
        "text": "Форум",
        "place": "Астана",
        "months": ["2020-09", "2020-10"],
        "row-0-text": "Қатысушылар",
        "row-0-planned": "әр шарадан 20-дан кем емес",
        "row-1-text": "Шешімдер",
        "row-1-planned": "бірнеше",
        "row-1-minimum": "3",
    }

    assert client.post(new, form).status_code == 302

    activity = Activity.objects.get(text="Форум")
    assert (activity.term, activity.position) == ("2020 ж. қыркүйек–қазан", 4)
    assert [(i.reading, i.minimum) for i in activity.indicators.all()] == [
        ("per_event", 20),
        ("by_hand", 3),
    ]
    address = reverse("projects:activity", args=[contract.pk, activity.pk])
    version = client.get(address).context["version"]
    client.post(address, {"delete": "1", "version": version})
    assert not Activity.objects.filter(text="Форум").exists()


def test_an_activity_that_costs_refer_to_is_not_deleted(people):
    contract = scenes.contract(people)
    activity = contract.activities.get(key="~a1")
    client = sign_in(people.aliya)
    address = reverse("projects:activity", args=[contract.pk, activity.pk])

    answer = client.post(address, {"delete": "1", "version": 0}, follow=True)

    assert "Сметаның жолдары осы іс-шараға төленеді" in answer.content.decode()
    assert Activity.objects.filter(pk=activity.pk).exists()
    contract.refresh_from_db()
    assert contract.versions == {}


# --- Steps on the page -----------------------------------------------------------------------------


@pytest.mark.req("GR-K-01", "GR-K-02", "GR-K-04")
def test_a_contract_goes_from_draft_to_signature_on_its_pages(people):
    contract = scenes.contract(people)
    tab = reverse("projects:approvals", args=[contract.pk])

    def step(actor, name: str, **data) -> int:
        address = reverse("projects:step", args=[contract.pk, name])
        return sign_in(actor).post(address, data).status_code

    assert step(people.aliya, "send") == 409
    assert step(people.gulnara, "send") == 302
    assert "Сіздің кезегіңіз" in sign_in(people.gulnara).get(tab).content.decode()
    assert "Сіздің кезегіңіз" not in sign_in(people.talgat).get(tab).content.decode()
    assert step(people.gulnara, "agree") == 302
    assert step(people.talgat, "return", remark="") == 409
    assert step(people.talgat, "return", remark="Мерзімін тексеріңіз") == 302
    assert "Мерзімін тексеріңіз" in sign_in(people.aliya).get(tab).content.decode()
    assert step(people.gulnara, "send") == 302
    for actor in people.chain[:4]:
        assert step(actor, "agree") == 302
    assert step(people.bolat, "accept") == 409
    assert step(people.aliya, "accept") == 302
    scan = SimpleUploadedFile("шарт.pdf", scenes.PDF)
    paper = {"number": "15", "concluded_on": "2020-06-20"}
    assert step(people.gulnara, "sign", **paper) == 422
    assert step(people.gulnara, "sign", **paper, scan=SimpleUploadedFile("a.pdf", b"GIF89a")) == 422
    assert step(people.gulnara, "sign", **paper, scan=scan) == 302

    contract.refresh_from_db()
    assert (contract.state, contract.number, contract.concluded_on) == (
        "signed",
        "15",
        date(2020, 6, 20),
    )
    stored = sign_in(people.aliya).get(reverse("projects:scan", args=[contract.pk]))
    assert b"".join(stored) == scenes.PDF
    journal = sign_in(people.aliya).get(reverse("projects:journal", args=[contract.pk]))
    assert "Омарова Г." in journal.content.decode()


def test_a_taken_number_is_said_beside_its_field(people):
    scenes.signed(people, "15")
    second = scenes.agreed(people, source="award:2")
    data = {
        "number": "15",
        "concluded_on": "2020-06-20",
        "scan": SimpleUploadedFile("a.pdf", scenes.PDF),
    }

    answer = sign_in(people.gulnara).post(reverse("projects:step", args=[second.pk, "sign"]), data)

    assert answer.status_code == 422
    assert "Бұл нөмір басқа шартта бар" in answer.content.decode()


def test_unknown_steps_blocks_and_papers_do_not_exist(people):
    contract = scenes.contract(people)
    client, pk = sign_in(people.gulnara), contract.pk

    assert client.post(reverse("projects:step", args=[pk, "complete"])).status_code == 404
    assert client.post(reverse("projects:step", args=[pk, "edit"])).status_code == 404
    assert client.get(reverse("projects:edit", args=[pk, "plan"])).status_code == 404
    assert client.get(reverse("projects:edit", args=[pk, "nothing"])).status_code == 404
    for name, language, kind in (
        ("nothing", "kk", "pdf"),
        ("annex-3", "fr", "pdf"),
        ("annex-3", "kk", "exe"),
    ):
        address = reverse("projects:paper", args=[pk, name, language, kind])
        assert client.get(address).status_code == 404


# --- Queries -------------------------------------------------------------------------------------


def test_pages_read_a_fixed_number_of_rows(people):
    client = sign_in(people.gulnara)

    def counted(contract: Contract) -> list[int]:
        found = []
        for tab in ("contracts", *TABS):
            address = reverse(f"projects:{tab}", args=[] if tab == "contracts" else [contract.pk])
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    contract = scenes.contract(people)
    few = counted(contract)
    for number in (2, 3):
        scenes.contract(people, source=f"award:{number}")
    for position in range(4, 12):
        activity = Activity.objects.create(
            contract=contract,
            key=f"~x{position}",
            position=position,
            text="Тағы",
            months=["2020-08"],
        )
        activity.indicators.create(position=1, text="Саны", planned="5", minimum=5)
        contract.team.create(table="staff", position=position, full_name="Тағы", post="маман")
        contract.budget.create(
            key=f"~y{position}", year=2020, position=position, category="handouts_lines",
            activity=activity, item="Тағы", quantity=1, unit_cost_tiyn=100, grant_tiyn=100,
        )  # fmt: skip
    assert counted(contract) == few
    # session, person, memberships, contract, approvals with their signatures, and what the tab shows
    assert few[:6] + few[7:] == [4, 6, 6, 7, 6, 5, 7]
    assert few[6] <= 25  # the page that says what is missing looks at everything
