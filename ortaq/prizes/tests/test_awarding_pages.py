"""Pages from the scoring to the archive: what is typed stays, what is secret is not there, a page costs a fixed number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house
from ortaq.people.models import User
from ortaq.prizes.models import Application, Award, Decision, Direction, Round
from ortaq.prizes.papers.diploma import words
from ortaq.testing.factories import an_organisation
from ortaq.testing.walking import Walker

from .awarding_scenes import (
    ACCOUNT,
    CULTURE,
    LISTED,
    PAID,
    SCORED,
    VULNERABLE,
    YEAR,
    Scene,
    content_of,
    listed,
    published,
    scored,
    user_of,
)


def browser(user: User | None) -> Client:
    return Walker(user)


def text(answer) -> str:
    return str(answer.content.decode())


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def one_more(scene: Scene, field: str, state: str) -> Application:
    """Another applicant in a direction."""
    ngo = an_organisation()
    return Application.objects.create(
        round=scene.round,
        direction=scene.direction(field),
        organisation=ngo,
        number=f"С-{YEAR}-{ngo.pk}",
        state=state,
        content=content_of("Тағы бір"),
        created_by=user_of(scene.aliya),
        created_at=LISTED,
        applicant_name=ngo.name_kk,
    )


@pytest.mark.req("PR-024", "PR-030", "PR-032")
def test_the_officer_names_who_scores_and_they_declare_on_their_page(db, clock, walking):
    scene = listed()
    clock.set(LISTED)
    officer = browser(scene.gulnara.user)
    name = reverse("prizes:name_scorers", args=[YEAR, "appoint"])
    answer = officer.post(name, {"people": f"{scene.erlan.email}\nnobody@example.kz"})
    assert answer.status_code == 422
    assert scene.erlan.email in text(answer)  # what was typed stands there still
    assert officer.post(name, {"people": scene.erlan.email}).status_code == 302

    erlan, page = browser(scene.erlan), reverse("prizes:scoring", args=[YEAR])
    ngo = scene.application("Әлем").organisation
    answer = erlan.post(page, {f"organisation-{ngo.pk}": "exists"})
    assert answer.status_code == 422  # no explanation, and the others not answered
    content = reverse("prizes:scored_content", args=[scene.application("Әлем").pk])
    assert erlan.get(content).status_code == 404
    asked = {f"organisation-{one.organisation_id}": "none" for one in scene.applications.values()}
    assert erlan.post(page, asked).status_code == 302
    shown = text(erlan.get(content))
    assert shown.index("1. ") < shown.index("Әлем: әлеуметтік үлес.") < shown.index("Әлем жобасы")
    assert ACCOUNT not in shown


@pytest.mark.req("PR-031", "PR-033", "PR-037")
def test_a_decision_keeps_what_was_typed_and_shows_to_nobody_before_it_is_published(
    db, clock, walking
):
    scene = scored()
    clock.set(SCORED)
    officer = browser(scene.gulnara.user)
    address = reverse("prizes:decision", args=[YEAR, scene.direction(VULNERABLE).pk])
    chosen = [scene.application(name).pk for name in ("Әлем", "Қамқор")]
    given = {"recipients": chosen, "reason_kk": "Балы тең.", "version": "0"}
    answer = officer.post(address, given)
    assert answer.status_code == 422
    assert "Балы тең." in text(answer)
    more = {"reason_ru": "Баллы равны.", "remainder": "budget"}
    assert officer.post(address, given | more).status_code == 302
    assert Decision.objects.get().means == dict.fromkeys(
        (scene.application(name).number for name in ("Әлем", "Қамқор")), "27/2"
    )
    for client in (browser(None), browser(scene.aliya.user), browser(scene.erlan)):
        assert client.get(reverse("prizes:results", args=[YEAR])).status_code == 404
        assert "Балы тең." not in text(client.get(reverse("prizes:laureates")))


@pytest.mark.req("PR-021", "PR-037", "PR-038")
def test_results_the_archive_and_the_diploma_are_there_once_published(db, clock, walking):
    scene = published()
    clock.set(PAID)
    public = browser(None)
    shown = text(public.get(reverse("prizes:results", args=[YEAR])))
    assert "Әлем" in shown
    assert "13,50" in shown
    assert ACCOUNT not in shown
    found = text(public.get(reverse("prizes:laureates"), {"q": "үміт", "year": str(YEAR)}))
    assert "Үміт" in found
    assert "Қамқор" not in found
    for asked in ({"year": "x"}, {"year": "99999"}, {"region": "<b>"}, {"page": "zzz"}):
        assert public.get(reverse("prizes:laureates"), asked).status_code == 200

    award = scene.award("Үміт")
    officer, address = browser(scene.gulnara.user), reverse("prizes:award", args=[award.pk])
    diploma = reverse("prizes:diploma", args=[award.pk, "kk"])
    assert officer.get(diploma).status_code == 404  # it has no number yet
    record = reverse("prizes:record_award", args=[award.pk, "diploma"])
    assert officer.post(record, {"diploma_number": "7", "version": "0"}).status_code == 302
    answer = officer.get(diploma)
    assert b"".join(answer).startswith(b"%PDF")
    said = words(scene.award("Үміт"), "ru")
    assert "«Охрана здоровья граждан" in said["sentence"]
    assert said["number"] == "№ 7"

    stale = reverse("prizes:record_award", args=[award.pk, "pay"])
    answer = officer.post(stale, {"account": "KZ1", "version": "0"})
    assert answer.status_code == 422
    assert "KZ1" in text(answer)
    assert officer.get(address).status_code == 200


@pytest.mark.req("PR-037")
def test_pages_cost_the_same_however_many_there_are(db, clock, walking):
    scene = published()
    clock.set(PAID)
    officer, public = browser(scene.gulnara.user), browser(None)
    addresses = [
        (public, reverse("prizes:results", args=[YEAR])),
        (public, reverse("prizes:laureates")),
        (officer, reverse("prizes:decisions", args=[YEAR])),
        (officer, reverse("prizes:awards", args=[YEAR])),
    ]
    before = [queries(client, address) for client, address in addresses]
    for _ in range(3):
        application = one_more(scene, CULTURE, Application.State.AWARDED)
        Award.objects.create(
            direction=application.direction, application=application, share_tiyn=100
        )
    last = Round.objects.create(
        organiser=scene.round.organiser,
        year=YEAR - 1,
        edition="2018",
        state=Round.State.ENDED,
        announce_due=house.now(),
    )
    Direction.objects.create(round=last, position=1, field=CULTURE)
    assert [queries(client, address) for client, address in addresses] == before
    assert max(before) <= 12, before
