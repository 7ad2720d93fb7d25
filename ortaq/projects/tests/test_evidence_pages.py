"""Pages of evidence: nothing typed is lost, nothing counts twice, hidden is hidden."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from ortaq.projects.forms.links import link_of
from ortaq.projects.models import Evidence, Indicator, Project

from . import scenes

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


def sign_in(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def status(actor, address: str) -> int:
    """What a person gets there; a file that comes is read to its end."""
    answer = sign_in(actor).get(address)
    if answer.streaming:
        assert b"".join(answer)
    return answer.status_code


def photos(count: int = 2, first: int = 0) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile(f"сурет{n}.jpg", JPEG + bytes([n]), "image/jpeg")
        for n in range(first, first + count)
    ]


def goal(project: Project) -> Indicator:
    found = Indicator.objects.filter(activity__contract=project.contract).first()
    assert found is not None
    return found


def typed(project: Project, **fields):
    indicator = goal(project)
    return {
        "once": "2f9d3c1e-0000-4000-8000-000000000001",
        "kind": "photo",
        "day": "2020-06-20",
        f"proof-{indicator.pk}": "1",
    } | fields


def post(client: Client, project: Project, **fields):
    return client.post(
        reverse("projects:evidence_new", args=[project.pk]), typed(project, **fields)
    )


@pytest.mark.req("IM-063", "GR-I-07")
def test_photographs_sent_twice_count_once_and_prove_exactly_their_indicator(people):
    project = scenes.running(people)
    client = sign_in(people.aliya)

    assert post(client, project, uploads=photos()).status_code == 302
    assert post(client, project, uploads=photos()).status_code == 302

    rows = Evidence.objects.filter(project=project)
    assert [(row.number, row.kind, row.file and row.file.kind) for row in rows] == [
        (1, "photo", "image/jpeg"),
        (2, "photo", "image/jpeg"),
    ]
    assert [(p.indicator, p.amount) for row in rows for p in row.proofs.all()] == [
        (goal(project), 1)
    ] * 2


def test_a_file_of_another_form_is_not_counted_a_second_time(people):
    project = scenes.running(people)
    client = sign_in(people.aliya)
    post(client, project, uploads=photos(1))

    again = post(client, project, uploads=photos(1), once="")

    assert again.status_code == 422
    assert Evidence.objects.count() == 1
    assert list(again.context["form"].errors) == ["uploads"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("сурет.jpg", b"MZ\x90\x00 not a picture"), ("бос.jpg", b""), ("кадр.png", b"GIF89a")],
)
def test_one_bad_file_keeps_all_others_out_and_what_was_typed_stands_there(people, name, content):
    project = scenes.running(people)
    bad = SimpleUploadedFile(name, content, "image/jpeg")

    answer = post(
        sign_in(people.aliya), project, uploads=[*photos(), bad], text="Ұзақ терілген мәтін"
    )

    assert answer.status_code == 422
    assert name in str(answer.context["form"].errors["uploads"])
    assert "Ұзақ терілген мәтін" in answer.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("value", ["-1", "0.5", "9" * 30, "бір"])
def test_an_absurd_amount_is_refused_beside_its_field(people, value):
    project = scenes.running(people)
    name = f"proof-{goal(project).pk}"

    answer = post(sign_in(people.aliya), project, uploads=photos(1), **{name: value})

    assert answer.status_code == 422
    assert name in answer.context["form"].errors
    assert not Evidence.objects.exists()


@pytest.mark.req("GR-I-07")
def test_the_body_accepts_many_at_once_and_the_project_counts_what_is_proved(people):
    project = scenes.running(people)
    first = goal(project)
    Indicator.objects.filter(pk=first.pk).update(minimum=2)
    post(sign_in(people.aliya), project, uploads=photos())
    project.refresh_from_db()
    assert (project.indicators_done, project.indicators_proved) == (1, 0)
    body = sign_in(people.gulnara)
    address = reverse("projects:evidence_decide", args=[project.pk])

    without = body.post(address, {"piece": [1, 2], "refuse": "", "remark": " "})
    assert without.status_code == 422
    assert body.post(address, {"piece": [1, 2], "accept": ""}).status_code == 302
    project.refresh_from_db()
    assert project.indicators_proved == 1

    body.post(address, {"piece": [2], "refuse": "", "remark": "Бұлыңғыр"})
    project.refresh_from_db()
    assert (project.indicators_done, project.indicators_proved) == (0, 0)


def test_what_is_withdrawn_stays_with_its_reason_and_proves_nothing(people):
    project = scenes.running(people)
    client = sign_in(people.aliya)
    post(client, project, uploads=photos(1))
    step = reverse("projects:piece_step", args=[project.pk, 1, "withdraw"])

    assert client.post(step, {"remark": ""}).status_code == 422
    assert client.post(step, {"remark": "Басқа сурет"}).status_code == 302

    row = Evidence.objects.get()
    assert (row.state, row.remark) == ("withdrawn", "Басқа сурет")
    project.refresh_from_db()
    assert project.indicators_done == 0


def test_evidence_is_for_the_parties_and_each_does_their_own_part(people):
    project = scenes.running(people)
    post(sign_in(people.aliya), project, uploads=photos(1))
    pages = [
        reverse(f"projects:{name}", args=args)
        for name, args in (
            ("evidence", [project.pk]),
            ("piece", [project.pk, 1]),
            ("piece_file", [project.pk, 1]),
            ("publications", [project.pk]),
            ("media_list", [project.pk, "kk", "docx"]),
        )
    ]
    for page in pages:
        assert status(people.dana, page) == 404
        assert status(people.clerk, page) == 200
    new = reverse("projects:evidence_new", args=[project.pk])
    assert sign_in(people.gulnara).get(new).status_code == 403
    decide = reverse("projects:evidence_decide", args=[project.pk])
    assert sign_in(people.aliya).post(decide, {"piece": [1], "accept": ""}).status_code == 403
    assert sign_in(people.dana).post(decide, {"piece": [1], "accept": ""}).status_code == 404
    accept = reverse("projects:piece_step", args=[project.pk, 1, "accept"])
    assert sign_in(people.aliya).post(accept).status_code == 409
    assert Evidence.objects.get().state == "attached"


@pytest.mark.req("IM-039")
def test_lists_of_participants_open_only_for_those_who_see_people(people):
    project = scenes.running(people)
    post(sign_in(people.aliya), project, kind="list", uploads=photos(1))
    file = reverse("projects:piece_file", args=[project.pk, 1])

    assert status(people.gulnara, file) == 200
    assert status(people.clerk, file) == 404


@pytest.mark.req("IM-040", "ST-S-24")
def test_pasted_links_become_publications_and_are_told_apart(people):
    project = scenes.running(people)
    client = sign_in(people.aliya)
    address = reverse("projects:publications_paste", args=[project.pk])
    lines = (
        "https://www.instagram.com/p/abc/ Еріктілер күні\n\n"
        "18.06.2020 Газет мақаласы https://zhas.example.kz/eriktiler?x=1\n"
        "https://www.instagram.com/p/abc/ қайталап қойылды\n"
    )
    sent = {"once": "", "day": "2020-06-20", "lines": lines}

    assert "channel" in client.post(address, sent).context["form"].errors
    assert client.post(address, sent | {"channel": "regional"}).status_code == 302

    rows = Evidence.objects.order_by("number").values_list("media", "medium", "title", "day")
    assert [(*row[:3], row[3].isoformat()) for row in rows] == [
        ("social_network", "Instagram", "Еріктілер күні", "2020-06-20"),
        ("regional", "zhas.example.kz", "Газет мақаласы", "2020-06-18"),
    ]
    broken = client.post(address, sent | {"lines": "сілтеме жоқ", "channel": "regional"})
    assert "1" in str(broken.context["form"].errors["lines"])


def test_radio_is_proved_by_its_time_on_air(people):
    project = scenes.running(people)
    client = sign_in(people.aliya)
    address = f"{reverse('projects:evidence_new', args=[project.pk])}?kind=publication"
    sent = typed(project) | {
        "channel": "broadcast",
        "medium": "Көкше радиосы",
        "title": "Сұхбат",
        "uploads": photos(1),
    }

    assert "aired_at" in client.post(address, sent).context["form"].errors
    sent |= {"aired_at": "2020-06-20T08:30", "uploads": photos(1)}
    assert client.post(address, sent).status_code == 302


def test_lists_take_the_same_number_of_queries_however_long(people):
    project = scenes.running(people)
    client = sign_in(people.gulnara)
    page = reverse("projects:evidence", args=[project.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    post(sign_in(people.aliya), project, uploads=photos(2))
    few = queries()
    post(sign_in(people.aliya), project, uploads=photos(20, 2), once="")
    assert queries() == few


@given(st.text() | st.builds("https://{} {}".format, st.text(), st.text()))
@settings(max_examples=60, deadline=None)
def test_whatever_is_pasted_is_read_or_named_as_no_link(text):
    found = link_of(1, text)

    assert found is None or (found.address and len(found.title) <= 500)
