"""The pages from the announcement to the list of applicants; who sees which stands in the table of addresses."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.documents.writing.paths import unit_of
from ortaq.prizes.models import Application, Attachment, Round
from ortaq.projects.models import Contract, Project
from ortaq.review.models import Dossier, Panel
from ortaq.signing.requirement import missing

from . import scenes
from .scenes import AFTER, ANNOUNCED, DURING, HEALTH, LAST, PREPARED, YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(client):
    """The client, signed in as an actor (None: nobody)."""

    def sign_in(actor):
        client.logout()
        if actor is not None:
            client.force_login(actor.user)
        return client

    return sign_in


def sent(values, version):
    """`values` by path as a form sends them."""
    return {**values, **{f"v:{unit_of(path)}": str(version) for path in values}}


# --- The officer's way ---------------------------------------------------------------------------


@pytest.mark.req("PR-009", "PR-010")
def test_an_officer_prepares_and_announces_by_the_pages_alone(clock, as_):
    clock.set(PREPARED)
    cast = scenes.cast()
    client = as_(cast.saule)
    desk = reverse("prizes:desk", args=[YEAR])
    assert client.post(reverse("prizes:round_new"), {"year": YEAR}).url == desk
    page = client.get(desk).content.decode()
    assert "қазақ тіліндегі мәтіні жоқ" in page
    assert "2019 ж. 1 шілде" in page
    texts = client.get(reverse("prizes:round_texts", args=[YEAR]))
    shown = {f"initial-{name}": texts.context["form"][name].value() or "" for name in scenes.TEXTS}
    answer = client.post(reverse("prizes:round_texts", args=[YEAR]), {**scenes.TEXTS, **shown})
    assert answer.url == desk
    wrong = {f"on-{HEALTH}": "on", f"sum-{HEALTH}": "көп"}
    answer = client.post(reverse("prizes:round_directions", args=[YEAR]), wrong)
    assert answer.status_code == 422
    assert "көп" in answer.content.decode()
    right = {f"on-{HEALTH}": "on", f"sum-{HEALTH}": "6 000 000"}
    assert client.post(reverse("prizes:round_directions", args=[YEAR]), right).url == desk
    assert as_(None).get(reverse("prizes:round", args=[YEAR])).status_code == 404
    assert "2019" not in as_(None).get(reverse("prizes:rounds")).content.decode()
    client = as_(cast.saule)
    client.post(reverse("prizes:round_step", args=[YEAR, "announce"]))
    place = reverse("prizes:round", args=[YEAR])
    assert place in as_(None).get(reverse("prizes:rounds")).content.decode()
    public = as_(None).get(place).content.decode()
    assert "6\u00a0000\u00a0000" in public
    assert scenes.TEXTS["text_kk"] in public
    assert public.count("DOCX") == 6  # three annexes in two languages
    assert "Банктік шоттың бар екендігі туралы анықтама (түпнұсқа)" in public


def test_what_two_officers_write_in_one_text_is_asked_about(clock, as_):
    clock.set(PREPARED)
    scene = scenes.drafted()
    client = as_(scene.cast.saule)
    address = reverse("prizes:round_texts", args=[YEAR])
    shown = {f"initial-{name}": text for name, text in scenes.TEXTS.items()}
    mine = {**scenes.TEXTS, "text_kk": "Менің мәтінім", **shown}
    Round.objects.update(text_kk="Әріптестің мәтіні")
    answer = client.post(address, mine)
    assert answer.status_code == 409
    assert "Менің мәтінім" in answer.content.decode()
    assert "Әріптестің мәтіні" in answer.content.decode()
    assert client.post(address, {**mine, "keep-text_kk": "mine"}).status_code == 302
    assert Round.objects.get().text_kk == "Менің мәтінім"


@pytest.mark.req("PR-013")
def test_paper_is_registered_and_what_is_wrong_stands_beside_its_field(clock, as_):
    clock.set(LAST)
    scene = scenes.announced()
    clock.set(AFTER)
    client = as_(scene.cast.saule)
    address = reverse("prizes:deliver", args=[YEAR])
    once = client.get(address).context["form"]["once"].value()
    form = {
        "bin": scene.cast.rival.bin,
        "direction": scene.direction().pk,
        "language": "kk",
        "way": "post",
        "received_at": "2019-09-02T00:00",
        "sheets-application": "1",
        "iban": "KZ00",
        "once": str(once),
    }
    answer = client.post(address, form)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"iban"})
    form |= {"iban": scenes.ACCOUNT["iban"]}
    answer = client.post(address, form)
    assert set(answer.context["form"].errors) == {"received_at"}
    form |= {"received_at": "2019-09-01T23:59"}
    for _twice in range(2):
        assert client.post(address, form).url == reverse("prizes:desk", args=[YEAR])
    assert Application.objects.get().number == "2019-0001"


@pytest.mark.req("PR-021", "PR-026")
def test_an_officer_looks_refuses_and_publishes_the_list(clock, as_):
    clock.set(AFTER)
    scene, mine, theirs = scenes.two_applicants()
    client = as_(scene.cast.saule)
    look = reverse("prizes:look", args=[mine.pk])
    assert scenes.ACCOUNT["iban"] in client.get(look).content.decode()
    answer = client.post(reverse("prizes:look_step", args=[mine.pk, "refuse"]), {"ground": "other"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"reason"})
    refusal = {"ground": "other", "reason": "Бағыты сәйкес емес"}
    client.post(reverse("prizes:look_step", args=[mine.pk, "refuse"]), refusal)
    client.post(reverse("prizes:look_step", args=[theirs.pk, "admit"]))
    own = as_(scene.cast.aliya).get(reverse("prizes:application", args=[mine.pk]))
    assert "Бағыты сәйкес емес" not in own.content.decode()
    client = as_(scene.cast.saule)
    client.post(reverse("prizes:round_step", args=[YEAR, "list"]))
    listed = as_(None).get(reverse("prizes:applicants", args=[YEAR])).content.decode()
    assert "Қамқор" in listed
    assert "Әлем" not in listed
    own = as_(scene.cast.aliya).get(reverse("prizes:application", args=[mine.pk]))
    assert "Бағыты сәйкес емес" in own.content.decode()


# --- The NGO's way -------------------------------------------------------------------------------


@pytest.mark.req("PR-012", "PR-014", "PR-018", "PR-019", "PR-022")
def test_an_ngo_goes_from_the_announcement_to_the_receipt_by_the_pages_alone(clock, as_):
    clock.set(DURING)
    scene = scenes.announced()
    client = as_(scene.cast.aliya)
    start = reverse("prizes:apply", args=[YEAR])
    assert start in client.get(reverse("prizes:round", args=[YEAR])).content.decode()
    once = client.get(start).context["form"]["once"].value()
    form = {"direction": scene.direction().pk, "language": "kk", "once": str(once)}
    place = client.post(start, form).url
    assert client.post(start, form).url == place
    application = Application.objects.get()
    pk = application.pk
    groups: dict[str, dict[str, str]] = {
        "questionnaire": {},
        "description": {},
        "recommendations": {},
    }
    for path, value in scenes.content().items():
        first = path.partition("/")[0]
        key = first if first in groups else "description"
        groups[key][path] = value.replace("2018-02", "02.2018")
    for key, values in groups.items():
        answer = client.post(reverse("prizes:part", args=[pk, key]), sent(values, 0))
        assert answer.status_code == 302
    files = reverse("prizes:files", args=[pk])
    for kind, row in (
        ("material", ""), ("charter", ""), ("registration", ""), ("bank", ""),
        ("recommendation", "~r1"), ("recommendation", "~r2"),
    ):  # fmt: skip
        client.post(files, {"kind": kind, "row": row, "file": scenes.upload(f"{kind}.pdf")})
    submit = reverse("prizes:submit", args=[pk])
    assert "түпнұсқасы қажет" in client.get(submit).content.decode()
    client.post(files, {"kind": "bank", "file": scenes.upload("original.pdf"), "original": "on"})
    assert client.post(submit).status_code == 409  # nothing was declared
    assert client.post(submit, {"declared": "on"}).url == reverse("prizes:receipt", args=[pk])
    receipt = scenes.receipt_of(application)
    assert receipt.sha256 in client.get(reverse("prizes:receipt", args=[pk])).content.decode()
    whole = client.get(reverse("prizes:content", args=[pk]) + "?language=ru").content.decode()
    assert "выражает желание принять участие в конкурсе" in whole
    assert scene.direction().label.ru in whole
    assert scenes.ACCOUNT["iban"] in whole
    assert "02.2018 – 11.2018" in whole


def test_a_saved_word_is_answered_with_what_is_missing_and_a_long_one_is_told(clock, as_):
    clock.set(DURING)
    scene = scenes.announced()
    application = scenes.begun(scene)
    client = as_(scene.cast.aliya)
    address = reverse("prizes:part", args=[application.pk, "description"])
    saved = client.post(address, sent({"innovation": "жаңа"}, 0), headers={"HX-Request": "true"})
    assert saved.status_code == 200
    assert 'name="v:innovation" value="1"' in saved.content.decode()
    long = client.post(
        address, sent({"innovation": "а" * 20_001}, 1), headers={"HX-Request": "true"}
    )
    assert long.status_code == 422
    application.refresh_from_db()
    assert application.content["innovation"] == "жаңа"


@pytest.mark.req("PR-025")
def test_a_project_that_the_site_knows_is_put_into_the_table_once(clock, as_):
    clock.set(DURING)
    scene = scenes.announced()
    for number, (starts, ends) in enumerate(
        (("2018-02-01", "2018-11-30"), ("2013-01-01", "2013-12-31"))
    ):
        contract = Contract.objects.create(
            instrument="grant", act="grants_rules", edition="2020", source=f"elsewhere:{number}",
            grantor=scene.cast.ministry, grantee=scene.cast.ngo, title_kk=f"Белгілі жоба {number}",
            sum_tiyn=1, starts_on=starts, ends_on=ends,
        )  # fmt: skip
        Project.objects.create(
            contract=contract, standard="2018", opened_at=ANNOUNCED, state="accepted", covered=300
        )
    application = scenes.begun(scene)
    client = as_(scene.cast.aliya)
    address = reverse("prizes:part", args=[application.pk, "description"])
    page = client.get(address).content.decode()
    assert "Белгілі жоба 0" in page
    assert "Белгілі жоба 1" not in page
    put = re.search(r'action="([^"]*/projects/\d+/)"', page)
    assert put
    for _twice in range(2):
        assert client.post(put[1]).status_code == 302
    application.refresh_from_db()
    [row] = application.content["experience"]["projects"]
    assert (row["first"], row["last"], row["carried_out"]) == ("2018-02", "2018-11", "own")
    assert "300" in row["results"]


# --- Who reads -----------------------------------------------------------------------------------


def test_a_scorer_reads_evidence_and_no_contacts_nor_certificates(clock, as_):
    clock.set(AFTER)
    scene, mine, _theirs = scenes.listed()
    panel = Panel.objects.create(
        organisation=scene.cast.ministry,
        title_kk="Бағалау",
        act="prizes_rules",
        edition="2018",
        address="/prizes/",
        state="scoring",
    )
    mine.dossier = Dossier.objects.create(
        panel=panel, organisation=mine.organisation, contest="x", number=mine.number, title="x",
        address="/",
    )  # fmt: skip
    mine.save()
    assert scene.cast.erlan.user
    panel.seats.create(person=scene.cast.erlan.user, since=AFTER)
    content = reverse("prizes:content", args=[mine.pk])
    client = as_(scene.cast.erlan)
    assert client.get(content).status_code == 404
    seat = panel.seats.get()
    seat.declarations.create(organisation=mine.organisation, conflict=False, declared_at=AFTER)
    page = client.get(content).content.decode()
    assert scenes.SECRET in page
    assert "+7 700" not in page
    files = {
        one.kind: reverse("prizes:file", args=[mine.pk, one.pk]) for one in mine.attachments.all()
    }
    material = client.get(files["material"])
    assert b"".join(material.streaming_content) == scenes.PDF
    assert client.get(files["bank"]).status_code == 404
    assert files["bank"] not in page


@pytest.mark.req("PR-017")
def test_where_signatures_are_required_an_unsigned_application_stays_a_draft(clock, as_, settings):
    clock.set(DURING)
    scene = scenes.announced()
    application = scenes.written(scene)
    assert not missing("prizes.application", application)
    settings.ORTAQ_SIGNATURES = ["prize_application=required"]
    client = as_(scene.cast.aliya)
    answer = client.post(reverse("prizes:submit", args=[application.pk]), {"declared": "on"})
    assert answer.status_code == 409
    assert "signature_missing" in [one.code for one in missing("prizes.application", application)]


@pytest.mark.parametrize("path", ["desk", "files", "round"])
def test_pages_ask_the_database_as_often_however_much_there_is(clock, as_, path):
    clock.set(DURING)
    scene = scenes.announced()
    mine = scenes.written(scene)
    who, address = {
        "desk": (scene.cast.saule, reverse("prizes:desk", args=[YEAR])),
        "files": (scene.cast.aliya, reverse("prizes:files", args=[mine.pk])),
        "round": (None, reverse("prizes:round", args=[YEAR])),
    }[path]
    client = as_(who)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    scenes.submitted(scene, scene.cast.dana)
    for one in mine.attachments.all():
        Attachment.objects.create(application=mine, kind=one.kind, file=one.file)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
