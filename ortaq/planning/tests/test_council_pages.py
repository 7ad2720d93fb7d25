"""Pages of councils, the Information, the list of topics, proposals: who gets in, what is kept."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ortaq.people.actor import ACTING_FOR
from ortaq.people.models import Role
from ortaq.planning.models import Council, CouncilMember, Information, Session, TopicProposal
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.tests import scenes
from ortaq.testing import factories

pytestmark = pytest.mark.django_db


def client_of(actor):
    """A browser of this person, acting for the same organisation."""
    client = Client()
    if actor.user:
        client.force_login(actor.user)
        session = client.session
        session[ACTING_FOR] = actor.acting_for.pk if actor.acting_for else 0
        session.save()
    return client


def got(actor, name, *args, **given):
    return client_of(actor).get(reverse(f"planning:{name}", args=args), given).status_code


def text(response):
    return response.content.decode()


@pytest.mark.req("SO-F-12")
def test_an_officer_enters_a_council_and_its_members_with_nothing_but_the_pages(clock):
    clock.set(scenes.DURING)
    cast = scenes.cast()
    assert cast.erlan.user is not None
    email = cast.erlan.user.email
    browser = client_of(cast.saule)
    answer = browser.post(
        reverse("planning:council_new"),
        {"body": cast.akimat.pk, "kind": "cooperation", "name_kk": "Кеңес", "name_ru": "Совет"},
    )
    council = Council.objects.get()
    assert answer.url == reverse("planning:council", args=[council.pk])
    member = {"full_name": "Ерлан Ерланов", "position": "ҚБ төрағасы", "office": "chair",
              "since": "2023-01-09", "email": email}  # fmt: skip
    seat = reverse("planning:council_seat", args=[council.pk])
    assert browser.post(seat, {**member, "email": "nobody@example.kz"}).status_code == 422
    assert browser.post(seat, member).status_code == 302
    assert council.members.get().person == cast.erlan.user
    twice = browser.post(seat, {**member, "email": "", "full_name": "Басқа"})
    assert twice.status_code == 422
    assert "Ерлан Ерланов" in text(twice)
    end = reverse("planning:council_member_end", args=[council.members.get().pk])
    assert browser.post(end, {"until": "2022-01-01"}).status_code == 422
    assert browser.post(end, {"until": "2023-10-12"}).status_code == 302
    # The composition is public, addresses of members are not.
    assert email not in text(client_of(cast.madina).get(seat.replace("members/", "")))


@pytest.mark.req("SO-F-16", "SO-F-18")
def test_from_the_submission_to_the_public_list_by_pages_alone(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.erlan)
    formation = scenes.published(clock, cast.saule, cast.akimat)
    scenes.reported(clock, formation, cast.saule)
    browser = client_of(cast.saule)
    page = browser.get(reverse("planning:formation_submit", args=[formation.pk]))
    assert "2023" in text(page)  # by 1 August 2023
    assert browser.post(page.request["PATH_INFO"], {"plan_year": "24"}).status_code == 422
    assert browser.post(page.request["PATH_INFO"], {"plan_year": "2024"}).status_code == 302
    information = Information.objects.get()
    call = reverse("planning:session_call", args=[council.pk])
    day = "2023-10-24"
    answer = browser.post(call, {"held_on": day, "place": "Зал", "agenda": [information.pk]})
    session = Session.objects.get()
    assert answer.url == reverse("planning:session", args=[session.pk])

    hold = reverse("planning:session_hold", args=[session.pk])
    first, second = formation.topics.all()
    typed = {
        "version": "0", "held_on": day, "place": "Зал", "number": "3", "minutes_kk": "Хаттама",
        "present": [member.pk for member in CouncilMember.objects.all()],
        f"topic-{first.pk}-verdict": "include",
        f"topic-{second.pk}-verdict": "exclude",
        f"topic-{second.pk}-text_ru": "Не нужно",
    }  # fmt: skip
    refused = browser.post(hold, {**typed, "hold": "1"})
    assert refused.status_code == 422  # reasons in Kazakh are missing, nothing typed is lost
    assert "Не нужно" in text(refused)
    typed[f"topic-{second.pk}-text_kk"] = "Қажет емес"
    assert browser.post(hold, {**typed, "save": "1"}).url == hold
    late = browser.post(hold, {**typed, "minutes_kk": "Менің мәтінім", "hold": "1"})
    assert late.status_code == 422  # saved meanwhile: both are there, nothing is overwritten
    assert "Менің мәтінім" in text(late)
    assert browser.post(hold, {**typed, "version": "1", "hold": "1"}).status_code == 302
    assert browser.get(hold).status_code == 409

    form = reverse("planning:list_form", args=[formation.pk])
    answers = {f"topic-{first.pk}-state": "listed", f"topic-{second.pk}-state": "listed"}
    assert "Қажет емес" in text(browser.get(form))
    refused = browser.post(form, answers)
    assert refused.status_code == 409
    answers |= {
        f"topic-{second.pk}-reason_kk": "Сауалнама көрсетті",
        f"topic-{second.pk}-reason_ru": "Показал опрос",
    }
    public = reverse("planning:topic_list", args=[formation.pk])
    assert client_of(cast.madina).get(public).status_code == 404
    assert browser.post(form, answers).url == public
    shown = text(client_of(cast.madina).get(public))
    assert "Қажет емес" in shown
    assert "Сауалнама көрсетті" in shown


@pytest.mark.req("SO-F-14", "SO-F-16")
def test_papers_of_a_session_are_hidden_from_everybody_else_as_if_they_were_not_there(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.erlan)
    scenes.submitted(clock, cast.saule, cast.akimat)
    session = scenes.a_session(council, cast.saule)
    information = Information.objects.get()
    for reader in (cast.saule, cast.erlan):
        assert got(reader, "session", session.pk) == 200
        assert got(reader, "information", information.pk) == 200
    assert got(cast.erlan, "information_paper", information.pk, "kk", "docx") == 200
    assert got(cast.erlan, "session_hold", session.pk) == 403
    for stranger in (cast.dana, cast.nurlan):  # all others: `ortaq.site.tests.test_addresses`
        assert got(stranger, "session", session.pk) == 404
        assert got(stranger, "information", information.pk) == 404
        assert got(stranger, "information_paper", information.pk, "kk", "pdf") == 404
        assert got(stranger, "session_hold", session.pk) == 404
        assert got(stranger, "session_call", council.pk) == 404
        assert got(stranger, "list_form", information.formation_id) == 404
    assert got(cast.madina, "information", information.pk) == 404
    assert got(cast.madina, "council", council.pk) == 200
    assert got(cast.saule, "information_paper", information.pk, "de", "pdf") == 404
    assert got(cast.saule, "information_paper", information.pk, "kk", "exe") == 404
    assert got(cast.saule, "session_scan", session.pk) == 404


def test_the_receiving_list_opens_for_state_bodies_and_bears_any_year(clock):
    cast = scenes.cast()
    scenes.published(clock, cast.saule, cast.akimat)
    assert got(cast.nurlan, "informations_received") == 200
    assert got(cast.saule, "informations_received", year="2024") == 200
    for year in ("", "0", "20244", "٢٠٢٤", "-1", "x" * 5000):
        assert got(cast.nurlan, "informations_received", year=year) == 200
    assert got(cast.aliya, "informations_received") == 403
    assert got(cast.madina, "informations") == 200


@pytest.mark.req("SO-T-042")
def test_a_proposal_is_written_answered_and_taken_up_by_pages(clock):
    clock.set(scenes.DURING)
    cast = scenes.cast()
    browser, officer = client_of(cast.aliya), client_of(cast.saule)
    new = reverse("planning:proposal_new")
    typed = {
        "organisation": cast.ngo.pk, "body": cast.akimat.pk, "field": "vulnerable_groups",
        "title": "Ауылдағы аналарға кеңес", "problem": "Көп сұралады", "amount_tiyn": "үш миллион",
    }  # fmt: skip
    refused = browser.post(new, typed)
    assert refused.status_code == 422
    assert "үш миллион" in text(refused)
    assert browser.post(new, {**typed, "amount_tiyn": "3 000 000"}).status_code == 302
    proposal = TopicProposal.objects.get()
    assert got(cast.dana, "proposal", proposal.pk) == 404
    assert got(cast.saule, "proposal_new") == 403
    answer = reverse("planning:proposal_answer", args=[proposal.pk])
    assert browser.post(answer, {"answer": "Өзіме"}).status_code == 403
    assert officer.post(answer, {"answer": ""}).status_code == 422
    assert officer.post(answer, {"answer": "Қараймыз"}).status_code == 302
    draft = scenes.a_draft(cast.saule, cast.akimat, 0)
    take = reverse("planning:proposal_take_up", args=[proposal.pk])
    given = {"formation": draft.pk, "language": "kk", "planned_tiyn": "2 500 000"}
    assert officer.post(take, {**given, "formation": 999}).status_code == 422
    answer = officer.post(take, given)
    topic = draft.topics.get()
    assert answer.url == reverse("planning:topic_edit", args=[topic.pk])
    assert topic.planned_tiyn == 2500 * scenes.THOUSAND
    shown = browser.get(reverse("planning:proposal", args=[proposal.pk]))
    assert "Қараймыз" in text(shown)
    assert text(browser.get(reverse("planning:proposals"))).count("Ауылдағы аналарға кеңес") == 1


def test_nonsense_in_the_forms_is_answered_and_nothing_is_saved(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat)
    formation = scenes.submitted(clock, cast.saule, cast.akimat, 1)
    topic = formation.topics.get()
    browser = client_of(cast.saule)
    information = Information.objects.get()
    call = reverse("planning:session_call", args=[council.pk])
    for day in ("0001-01-01", "9999-12-31", "31.02.2024", "x" * 9999, ""):
        answer = browser.post(call, {"held_on": day, "agenda": [information.pk]})
        assert answer.status_code == 422
    assert browser.post(call, {"held_on": "2023-10-24", "agenda": ["x", "-1"]}).status_code == 422
    form = reverse("planning:list_form", args=[formation.pk])
    for state in ("", "planned", "\x00", "x" * 9999):
        answer = browser.post(form, {f"topic-{topic.pk}-state": state})
        assert answer.status_code == 422
    long = browser.post(form, {f"topic-{topic.pk}-state": "listed", "without_council": "а" * 5001})
    assert long.status_code == 422
    session = scenes.a_session(council, cast.saule)
    hold = reverse("planning:session_hold", args=[session.pk])
    for version in ("", "x", "-1", "9" * 400):
        answer = browser.post(hold, {"version": version, "held_on": "2023-10-24", "save": "1"})
        assert answer.status_code == 422
    scan = SimpleUploadedFile("minutes.pdf", b"MZ no paper at all")
    answer = browser.post(hold, {"version": "0", "held_on": "2023-10-24", "scan": scan})
    assert answer.status_code == 422
    session.refresh_from_db()
    assert (session.version, session.scan) == (0, None)


def test_a_scan_of_the_minutes_is_kept_and_read_by_members(clock):
    cast = scenes.cast()
    council = scenes.a_council(cast.saule, cast.akimat, cast.erlan)
    scenes.submitted(clock, cast.saule, cast.akimat)
    session = scenes.a_session(council, cast.saule)
    scan = SimpleUploadedFile("minutes.pdf", b"%PDF-1.4 minutes")
    client_of(cast.saule).post(
        reverse("planning:session_hold", args=[session.pk]),
        {"version": "0", "held_on": "2023-10-24", "scan": scan, "save": "1"},
    )
    assert got(cast.dana, "session_scan", session.pk) == 404
    answer = client_of(cast.erlan).get(reverse("planning:session_scan", args=[session.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 minutes"
    answer.close()


@pytest.mark.req("SO-F-15")
def test_an_authorised_body_without_a_council_is_led_to_entering_it(clock):
    cast = scenes.cast()
    ministry = factories.an_organisation("state_body")
    omar = factories.a_member(ministry, Role.OFFICER)
    formation = scenes.published(clock, omar, ministry, 1, level="central")
    scenes.reported(clock, formation, omar)
    FORMATION.take("submit", formation, actor=omar, plan_year=2024)
    page = reverse("planning:information", args=[Information.objects.get().pk])
    browser = client_of(cast.nurlan)
    enter, call = reverse("planning:council_new"), "/call/"
    assert enter in text(browser.get(page))
    scenes.a_council(cast.nurlan, cast.ministry)
    shown = text(browser.get(page))
    assert enter not in shown
    assert call in shown
    assert enter not in text(client_of(omar).get(page))
