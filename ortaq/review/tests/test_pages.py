"""The pages of a commission: everybody finds what is theirs, and the same 404 for the rest."""

import re

import pytest

from ortaq.documents import render
from ortaq.documents.paper import Table
from ortaq.people.actor import actor_for
from ortaq.review import papers
from ortaq.review.models import Conflict, Panel, Seat

from .scenes import FULL, an_expert, declaring, final, forming, meeting, person, scoring, sign

pytestmark = pytest.mark.django_db

TABS = (
    "",
    "seats/",
    "declaration/",
    "conflicts/",
    "election/",
    "dossiers/",
    "progress/",
    "meeting/",
    "points/",
)
STAGES = {
    "forming": forming,
    "declaring": declaring,
    "final": final,
    "scoring": scoring,
    "meeting": meeting,
}
OPEN: dict[str, dict[str, list[str]]] = {
    # who: stage → the tabs that answer; all others are the same 404 as what is not there
    "gulnara": {
        "forming": ["", "seats/", "conflicts/"],
        "declaring": ["", "seats/", "conflicts/"],
        "final": ["", "seats/", "conflicts/", "election/"],
        "scoring": ["", "seats/", "conflicts/", "election/", "progress/"],
        "meeting": ["", "seats/", "conflicts/", "election/", "progress/", "meeting/", "points/"],
    },
    "saule": {
        "forming": ["", "seats/", "conflicts/"],
        "declaring": ["", "seats/", "conflicts/"],
        "final": ["", "seats/", "conflicts/", "election/"],
        "scoring": ["", "seats/", "conflicts/", "election/", "progress/"],
        "meeting": ["", "seats/", "conflicts/", "election/", "progress/", "meeting/", "points/"],
    },
    "erlan": {
        "forming": ["", "seats/"],
        "declaring": ["", "seats/", "declaration/"],
        "final": ["", "seats/", "declaration/", "election/"],
        "scoring": ["", "seats/", "declaration/", "election/", "dossiers/"],
        "meeting": ["", "seats/", "declaration/", "election/", "dossiers/", "meeting/", "points/"],
    },
    "aliya": {stage: [] for stage in STAGES},
    "dana": {stage: [] for stage in STAGES},
}


@pytest.mark.parametrize("stage", STAGES)
def test_each_page_opens_for_whom_it_is_meant_and_is_absent_for_all_others(client, stage):
    scene = STAGES[stage]()
    for who, expected in OPEN.items():
        client.force_login(getattr(scene.cast, who))
        found = []
        for tab in TABS:
            status = client.get(f"/review/panels/{scene.panel.pk}/{tab}").status_code
            assert status in (200, 404)
            if status == 200:
                found.append(tab)
        assert (who, found) == (who, expected[stage])


def test_a_passer_by_is_sent_to_sign_in(client):
    scene = meeting()
    addresses = [f"/review/panels/{scene.panel.pk}/{tab}" for tab in TABS]
    pk = scene.dossiers[0].pk
    addresses += [f"/review/dossiers/{pk}/", f"/review/dossiers/{pk}/sign/"]
    addresses += [f"/review/dossiers/{pk}/points/", "/review/"]
    assert {client.get(address).status_code for address in addresses} == {302}


def test_the_organiser_seats_an_expert_from_the_page_of_candidates(client):
    scene = forming()
    free = an_expert(scene.cast, person("Жаңабаев"))
    barred = an_expert(scene.cast, person("Бөгелбаев"), scene.cast.operator)
    barred.employer = scene.cast.operator
    barred.save()
    address = f"/review/panels/{scene.panel.pk}/candidates/"
    client.force_login(scene.cast.gulnara)
    page = client.get(address)
    assert [(e, [f.code for f in found]) for e, found in page.context["candidates"]] == [
        (barred, ["operator_staff"]),
        (free, []),
    ]
    assert client.post(address, {"expert": barred.pk, "confirmed": "on"}).status_code == 409
    assert client.post(address, {"expert": free.pk}).status_code == 409  # not confirmed
    assert client.post(address, {"expert": free.pk, "confirmed": "on"}).status_code == 302
    assert scene.seat(free.person).role == Seat.Role.MEMBER
    client.force_login(scene.cast.erlan)
    assert client.get(address).status_code == 404
    assert client.post(address, {"expert": free.pk, "confirmed": "on"}).status_code == 404


def test_a_member_is_substituted_from_the_page(client):
    scene = final()
    leaving = scene.seat(scene.members[-1])
    free = an_expert(scene.cast, person("Жаңабаев"))
    client.force_login(scene.cast.gulnara)
    page = client.get(f"/review/panels/{scene.panel.pk}/seats/{leaving.pk}/").content.decode()
    (address,) = re.findall(r'href="([^"]*candidates/\?instead=\d+)"', page)
    typed = {"expert": free.pk, "confirmed": "on", "reason": "Ауырып қалды."}
    assert client.post(address, typed).status_code == 302
    assert scene.seat(free.person).substitutes == leaving
    # The seat has ended: a second press finds nothing.
    assert client.post(address, typed).status_code == 404


def test_the_steps_of_the_organiser_are_taken_from_the_overview(client):
    scene = forming()
    from ortaq.review import panels

    panels.list_applicants(scene.panel, [scene.cast.ngo.pk, scene.cast.rival.pk])
    address = f"/review/panels/{scene.panel.pk}/steps/"
    client.force_login(scene.cast.erlan)
    assert client.post(f"{address}send_declarations/").status_code == 403
    client.force_login(scene.cast.gulnara)
    assert client.post(f"{address}begin_meeting/").status_code == 404
    assert client.post(f"{address}send_declarations/", {"due_on": "2001-01-01"}).status_code == 409
    assert client.post(f"{address}send_declarations/", {"due_on": ""}).status_code == 302
    assert client.post(f"{address}approve/").status_code == 409
    for user in scene.members:
        scene.declare(user)
    assert client.post(f"{address}approve/").status_code == 302
    scene.panel.refresh_from_db()
    assert scene.panel.state == Panel.State.FINAL


@pytest.mark.req("GR-C-11")
def test_a_member_declares_on_the_page_and_loses_nothing_to_a_mistake(client):
    scene = declaring()
    ngo, rival = scene.cast.ngo, scene.cast.rival
    address = f"/review/panels/{scene.panel.pk}/declaration/"
    client.force_login(scene.cast.erlan)
    typed = {f"organisation-{ngo.pk}": "exists", f"organisation-{ngo.pk}-explanation": "Інім."}
    page = client.post(address, typed)
    assert page.status_code == 200
    asked = {
        q.organisation: (q.answer, q.explanation, bool(q.problem))
        for q in page.context["questions"]
    }
    assert asked == {ngo: ("exists", "Інім.", False), rival: ("", "", True)}
    assert not Conflict.objects.exists()
    assert client.post(address, typed | {f"organisation-{rival.pk}": "none"}).status_code == 302
    assert Conflict.objects.get().organisation == ngo
    assert "Інім." in client.get(address).content.decode()


def test_a_declaration_is_read_by_its_author_and_the_conflict_by_those_who_run_the_panel(client):
    scene = declaring()
    scene.declare(scene.cast.erlan, {scene.cast.ngo: "Құпия себеп."})
    seen = {}
    for name in ("gulnara", "saule", "aliya"):
        client.force_login(getattr(scene.cast, name))
        page = client.get(f"/review/panels/{scene.panel.pk}/conflicts/")
        seen[name] = "Құпия себеп." in page.content.decode()
    client.force_login(scene.members[1])
    for tab in TABS:
        page = client.get(f"/review/panels/{scene.panel.pk}/{tab}")
        assert "Құпия себеп." not in page.content.decode()
    assert seen == {"gulnara": True, "saule": True, "aliya": False}


@pytest.mark.req("GR-C-09")
def test_members_elect_on_the_page(client):
    scene = final()
    candidate = scene.seat(scene.members[0])
    for user in scene.members[:3]:
        client.force_login(user)
        vote = {"office": "chair", "candidate": candidate.pk}
        assert client.post(f"/review/panels/{scene.panel.pk}/election/", vote).status_code == 302
    candidate.refresh_from_db()
    assert candidate.office == "chair"
    assert (
        candidate.person.full_name
        in client.get(f"/review/panels/{scene.panel.pk}/election/").content.decode()
    )
    client.force_login(scene.members[3])
    wrong = {"office": "emperor", "candidate": "abc"}
    assert client.post(f"/review/panels/{scene.panel.pk}/election/", wrong).status_code == 409


@pytest.mark.parametrize("number", [1, 3])
def test_lists_take_the_same_queries_for_one_and_three(client, number, django_assert_num_queries):
    scene = scoring(dossiers=number)
    for dossier in scene.dossiers:
        sign(scene, scene.cast.erlan, dossier)
    client.force_login(scene.cast.erlan)
    with django_assert_num_queries(7):
        # session, user, memberships; panel, seat; dossiers, own sheets
        client.get(f"/review/panels/{scene.panel.pk}/dossiers/")
    client.force_login(scene.cast.gulnara)
    with django_assert_num_queries(8):
        # session, user, memberships; panel, seat; members; dossiers, recusals
        client.get(f"/review/panels/{scene.panel.pk}/progress/")


def test_an_outsiders_post_changes_nothing(client):
    scene = scoring()
    pk = scene.panel.pk
    client.force_login(scene.cast.aliya)
    posts = [
        f"/review/panels/{pk}/{tab}"
        for tab in (
            "seats/",
            "conflicts/",
            "election/",
            "declaration/",
            "meeting/",
            "steps/approve/",
        )
    ]
    posts += [
        f"/review/dossiers/{scene.dossiers[0].pk}/",
        f"/review/dossiers/{scene.dossiers[0].pk}/sign/",
    ]
    assert {client.post(address, {"action": "close"}).status_code for address in posts} == {404}


def test_who_left_finds_the_door_closed(client):
    scene = scoring()
    scene.take("release", seat=scene.seat(scene.cast.erlan), reason="Өз өтініші.")
    client.force_login(scene.cast.erlan)
    assert client.get(f"/review/panels/{scene.panel.pk}/").status_code == 404
    assert client.get(f"/review/dossiers/{scene.dossiers[0].pk}/").status_code == 404
    assert actor_for(scene.cast.erlan).user == scene.cast.erlan


@pytest.mark.req("GR-S-01", "GR-C-10")
def test_a_member_prints_the_own_sheet_and_declaration_and_nobody_elses(client):
    scene = scoring()
    dossier = scene.dossiers[0]
    first, second = scene.members[:2]
    sheet = sign(scene, first, dossier)
    address = f"/review/dossiers/{dossier.pk}/sheet.kk.docx"
    client.force_login(first)
    assert client.get(address).status_code == 200
    assert client.get(f"/review/panels/{scene.panel.pk}/declaration.ru.pdf").status_code == 200
    assert address in client.get(f"/review/dossiers/{dossier.pk}/").content.decode()
    client.force_login(second)  # has no sheet yet
    assert client.get(address).status_code == 404
    client.force_login(scene.cast.gulnara)  # organises, and must not see points before the meeting
    assert client.get(address).status_code == 404
    sheet.refresh_from_db()
    printed = render.html(papers.score_sheet(sheet, "kk"))
    assert dossier.number in printed
    assert first.short_name in printed
    table = next(b for b in papers.score_sheet(sheet, "kk").blocks if isinstance(b, Table))
    points = [row.cells[4].text for row in table.rows]
    assert points[0] == str(FULL["S1_capacity"])
    assert points[-1] == str(sheet.total)
    declared = render.html(papers.declaration(scene.seat(first), "kk"))
    assert dossier.organisation.bin in declared
    assert "жоқ" in declared
