"""The protocol: frozen as content, printed in two languages, read by the operator only."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from ortaq.core import canonical, journal
from ortaq.core.procedure import Refused
from ortaq.documents import render
from ortaq.grants.models import Protocol
from ortaq.grants.papers.protocol import protocol_paper
from ortaq.review.models import Conflict
from ortaq.testing import factories

from . import outcome_scenes as scenes
from .application_scenes import PDF
from .scenes import open_competition

pytestmark = pytest.mark.django_db
PLAN = {1: {"aliya": 20, "dana": 18}, 2: {"aliya": 15}, 3: {"aliya": 16, "dana": 16}}


def words_of(protocol: Protocol, language: str) -> str:
    """Everything printed in the docx."""
    document = Document(io.BytesIO(render.docx(protocol_paper(protocol, language))))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.req("GR-S-13", "GR-C-13", "GR-C-14")
def test_the_protocol_records_members_applicants_points_outcomes_ties_and_minutes(clock):
    scene = scenes.prepared(clock, PLAN)

    content = Protocol.objects.get().content

    assert [(m["name"], m["office"] or m["role"], m["present"]) for m in content["members"]] == [
        ("Ерланов Ерлан", "chair", True),
        ("Қайратов Ерлан", "deputy", True),
        ("Өтегенов Ерлан", "member", True),
        ("Сәулеева Сәуле", "secretary", True),
    ]
    assert {a["name_kk"] for a in content["applicants"]} == {
        scene.cast.ngo.name_kk,
        scene.cast.rival.name_kk,
    }
    first, second, third = content["lots"]
    standings = [(a["place"], a["points"], a["sheets"], a["mean"]) for a in first["applications"]]
    assert standings == [(1, 60, 3, 20), (2, 54, 3, 18)]
    assert first["applications"][0]["by_member"] == [[1, 20], [2, 20], [3, 20]]
    assert (second["kind"], second["submitted"], second["admitted"]) == ("F2", 1, 0)
    assert third["winner"] == scene.application(3, "aliya").number
    assert third["tie"] == {
        "reason": "Жоба ауылдарды көбірек қамтиды.",
        "votes_for": 2,
        "votes_against": 1,
    }
    assert content["meeting"]["minutes_kk"] == "Балдар талқыланды."
    assert content["edition"] == "2020"
    assert Protocol.objects.get().sha256 == canonical.sha256(content)


@pytest.mark.req("GR-C-11", "GR-C-12")
def test_recusals_say_who_did_not_judge_whom_and_not_why(clock):
    scene = scenes.closed(clock, {1: {"aliya": 20, "dana": 18}})
    Conflict.objects.create(
        panel=scene.panel,
        person=scene.experts[2],
        organisation=scene.cast.rival,
        origin=Conflict.Origin.DECLARED,
        explanation="Әпкем сонда жұмыс істейді.",
        since=clock.instant,
    )
    scene.take("prepare")
    scene.take("draw_up", number="1")

    protocol = Protocol.objects.get()

    assert [(r["person"], r["name_kk"], r["origin"]) for r in protocol.content["recusals"]] == [
        ("Өтегенов Ерлан", scene.cast.rival.name_kk, "declared")
    ]
    assert "Әпкем" not in str(protocol.content)
    assert "сарапшы мәлімдеді" in words_of(protocol, "kk")


def test_the_paper_says_in_both_languages_what_was_decided(clock):
    scene = scenes.prepared(clock, PLAN)
    protocol = Protocol.objects.get()

    kazakh, russian = words_of(protocol, "kk"), words_of(protocol, "ru")

    assert "КОНКУРСТЫҚ КОМИССИЯ ОТЫРЫСЫНЫҢ ХАТТАМАСЫ № 1" in kazakh
    assert "ПРОТОКОЛ ЗАСЕДАНИЯ КОНКУРСНОЙ КОМИССИИ № 1" in russian
    assert scene.cast.ngo.name_kk in kazakh
    assert scene.cast.ngo.name_ru in russian
    assert "2 × 60 > 3 × 25" in kazakh
    assert "Негізі (F2): Бір өтінімнің ұсынылуы" in kazakh
    assert "Основание (F2): Представление одной заявки" in russian
    assert "Жоба ауылдарды көбірек қамтиды." in russian  # minuted in the words of the meeting
    assert protocol.sha256 in kazakh
    for kind in ("pdf", "docx"):
        made = getattr(render, kind)
        assert made(protocol_paper(protocol, "kk")) == made(protocol_paper(protocol, "kk"))


def test_a_protocol_is_frozen_until_it_is_drawn_up_anew(clock):
    scene = scenes.prepared(clock, {1: {"aliya": 20, "dana": 18}})
    scene.cast.ngo.name_kk = "«Жаңа атау» қоры"
    scene.cast.ngo.save()

    assert "Жаңа атау" not in str(Protocol.objects.get().content)
    with pytest.raises(Refused) as refused:
        scene.take("publish")
    assert [f.code for f in refused.value.findings] == ["protocol_outdated"]
    scene.take("draw_up", number="1")
    assert "Жаңа атау" in str(Protocol.objects.get().content)
    scene.take("publish")


def test_a_number_is_needed_and_given_to_one_protocol_only(clock):
    scene = scenes.prepared(clock, {1: {"aliya": 20, "dana": 18}})
    again = Protocol.objects.get()
    other = open_competition(factories.an_organisation("operator"), amounts=[{2020: 1}])
    Protocol.objects.create(
        competition=other, number="77", content={}, sha256="", made_at=clock.instant
    )

    with pytest.raises(Refused) as refused:
        scene.take("draw_up", number=" ")
    assert [f.code for f in refused.value.findings] == ["no_number"]
    scene.take("draw_up", number="77")  # another operator's number is no obstacle

    again.refresh_from_db()
    assert again.number == "77"


@pytest.mark.req("GR-S-17")
def test_only_the_operator_reads_the_protocol(clock):
    scene = scenes.published(clock, {1: {"aliya": 20, "dana": 18}})
    address = reverse("grants:protocol", args=[scene.competition.pk, "kk", "pdf"])

    answer = scene.client("gulnara").get(address)
    assert answer.status_code == 200
    assert b"".join(answer).startswith(b"%PDF")
    for actor in (scene.cast.aliya, scene.cast.dana):
        assert scene.client(actor).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    wrong = reverse("grants:protocol", args=[scene.competition.pk, "fr", "pdf"])
    assert scene.client("gulnara").get(wrong).status_code == 404


def test_the_signed_paper_is_filed_and_a_foreign_file_is_refused_with_a_sentence(clock):
    scene = scenes.published(clock, {1: {"aliya": 20, "dana": 18}})
    client = scene.client("gulnara")
    address = reverse("grants:protocol_file", args=[scene.competition.pk])

    refused = client.post(address, {"scan": SimpleUploadedFile("a.pdf", b"MZ not a pdf")})
    assert refused.status_code == 422
    assert "PDF, PNG, JPG" in refused.content.decode()

    client.post(address, {"scan": SimpleUploadedFile("хаттама.pdf", PDF)})

    scan = Protocol.objects.get().scan
    assert scan is not None
    stored = client.get(reverse("grants:protocol_scan", args=[scene.competition.pk]))
    assert b"".join(stored) == PDF
    assert [entry.facts for entry in journal.history(scene.competition)][-1] == {
        "scan": scan.sha256
    }
