"""Nothing of what one expert gave may be seen by anybody else before the meeting.

Each test changes the hidden thing and looks whether anything that others can read changes with
it: byte for byte, on every page, in the journal, in letters and duties.
"""

import re
from datetime import date
from typing import Any

import pytest

from ortaq.core import clock as core_clock
from ortaq.core.models import Duty, JournalEntry, Letter
from ortaq.people.actor import actor_for
from ortaq.review import queries
from ortaq.review.models import Conflict, Dossier, ScoreSheet
from ortaq.review.policy import may_open
from ortaq.testing.walking import Walker

from .scenes import FULL, meeting, scoring, sign

pytestmark = pytest.mark.django_db
NOON = core_clock.at(date(2020, 6, 15), 12)
GENEROUS = FULL | {"S1_capacity": 5, "S3_content": 7, "S4_results": 5}
MEAN = dict.fromkeys(FULL, 1)
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
    "candidates/",
)
# What differs from one request to the next whatever is hidden: tokens against forgery, the
# random name of a window, and hashes of the journal, which are sealed by a random word.
RANDOM = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|name="window" value="\w+"'
)


def addresses(scene):
    pk = scene.panel.pk
    yield "/review/"
    yield "/experts/"
    yield from (f"/review/panels/{pk}/{tab}" for tab in TABS)
    for dossier in scene.dossiers:
        yield from (f"/review/dossiers/{dossier.pk}/{tab}" for tab in ("", "sign/", "points/"))
    yield f"/review/panels/{pk}/dossiers/?show=signed"
    yield f"/review/panels/{pk}/points/?sort=-score"


def seen(scene, users):
    """Everything that these people can read, by person and address."""
    found = {}
    for name, user in users.items():
        walker = Walker(user)
        for address in addresses(scene):
            answer = walker.get(address)
            body = RANDOM.sub("", answer.content.decode())
            found[name, address] = (answer.status_code, body)
    return found


def others(scene):
    return {
        "a colleague": scene.members[1],
        "the operator": scene.cast.gulnara,
        "the secretary": scene.cast.saule,
        "the applicant": scene.cast.aliya,
        "the rival": scene.cast.dana,
    }


@pytest.mark.once
@pytest.mark.req("GR-S-13", "GR-S-17")
def test_a_draft_changes_nothing_that_others_can_read(client, clock, walking):
    clock.set(NOON)
    scene = scoring()
    before = seen(scene, others(scene))
    client.force_login(scene.cast.erlan)
    form: dict[str, Any] = {f"{key}-points": value for key, value in GENEROUS.items()}
    form |= {"version": 0, "window": "w", "S1_capacity-comment": "Құпия пікір"}
    # Followed to its end: the word of thanks is shown to the author and to nobody after them.
    client.post(f"/review/dossiers/{scene.dossiers[0].pk}/", form, follow=True)
    assert ScoreSheet.objects.get().marks["S1_capacity"]["points"] == 5
    assert seen(scene, others(scene)) == before


@pytest.mark.once
@pytest.mark.req("GR-S-13", "GR-S-17")
def test_signed_points_change_nothing_that_others_can_read(client, clock, walking):
    """The same sheet, signed with the highest points and then with the lowest: no page differs."""
    clock.set(NOON)
    scene = scoring()
    dossier = scene.dossiers[0]
    sheet = sign(scene, scene.cast.erlan, dossier, GENEROUS)
    generous = seen(scene, others(scene))
    _give(sheet, MEAN)
    assert seen(scene, others(scene)) == generous
    # The author alone sees their own points: this test is able to see a difference.
    mine = {"the author": scene.cast.erlan}
    own = seen(scene, mine)
    _give(sheet, GENEROUS)
    assert seen(scene, mine) != own


def _give(sheet, points):
    """Other points on a signed sheet, as if they had been given from the beginning."""
    from ortaq.review.procedure.sheet import recount

    from .scenes import marks

    sheet.marks, sheet.total = marks(points), sum(points.values())
    sheet.save()
    recount([sheet.dossier_id])


@pytest.mark.req("GR-S-17")
def test_journal_letters_and_duties_say_nothing_of_points(clock):
    clock.set(NOON)
    scene = scoring()
    sign(scene, scene.cast.erlan, scene.dossiers[0], GENEROUS)
    sign(scene, scene.members[1], scene.dossiers[0], MEAN)
    facts = [entry.facts for entry in JournalEntry.objects.filter(step="sign")]
    assert [sorted(one) for one in facts] == [["from", "sha256", "to"]] * 2
    texts = [*Letter.objects.values_list("title", "body"), *Duty.objects.values_list("title_kk")]
    assert not any(re.search(r"\bбалл", " ".join(row), re.IGNORECASE) for row in texts)


@pytest.mark.req("GR-S-17")
def test_one_who_knows_the_journal_cannot_try_out_all_points():
    scene = scoring()
    first = sign(scene, scene.cast.erlan, scene.dossiers[0], MEAN)
    second = sign(scene, scene.cast.erlan, scene.dossiers[1], MEAN)
    assert first.seal != second.seal
    assert len(first.seal) == 32


@pytest.mark.req("GR-S-13")
def test_before_the_meeting_no_query_gives_points_to_anybody():
    scene = scoring()
    sign(scene, scene.cast.erlan, scene.dossiers[0])
    for user in (*others(scene).values(), scene.cast.erlan):
        actor = actor_for(user)
        assert not queries.points_visible_to(actor).exists()
        assert queries.ranking(["grants.lot:1"], actor) == {}


@pytest.mark.req("GR-S-13")
def test_at_the_meeting_points_are_seen_by_those_who_take_part_and_by_nobody_else(client):
    scene = meeting()
    address = f"/review/dossiers/{scene.dossiers[0].pk}/points/"
    status = {}
    for name, user in (others(scene) | {"the author": scene.cast.erlan}).items():
        client.force_login(user)
        status[name] = client.get(address).status_code
    assert status == {
        "a colleague": 200,
        "the operator": 200,
        "the secretary": 200,
        "the author": 200,
        "the applicant": 404,
        "the rival": 404,
    }


@pytest.mark.req("GR-C-11", "GR-S-13")
def test_a_recused_member_sees_neither_file_nor_points_of_that_applicant_at_the_meeting(client):
    scene = meeting()
    erlan = scene.cast.actor("erlan")
    own, rivals = scene.dossiers
    scene.take("recuse", erlan, organisation=own.organisation, explanation="Таныс екенбіз.")
    client.force_login(scene.cast.erlan)
    for tab in ("", "points/"):
        assert client.get(f"/review/dossiers/{own.pk}/{tab}").status_code == 404
        assert client.get(f"/review/dossiers/{rivals.pk}/{tab}").status_code == 200
    ranking = client.get(f"/review/panels/{scene.panel.pk}/points/").content.decode()
    assert own.number not in ranking
    assert rivals.number in ranking


@pytest.mark.req("GR-S-13")
@pytest.mark.parametrize("stage", [scoring, meeting])
def test_the_points_of_one_panel_are_those_that_are_visible_at_all(stage):
    scene = stage()
    erlan = scene.cast.actor("erlan")
    scene.take("recuse", erlan, organisation=scene.cast.ngo, explanation="Таныс екенбіз.")
    for user in (*others(scene).values(), scene.cast.erlan):
        actor = actor_for(user)
        visible = queries.points_visible_to(actor).filter(panel=scene.panel)
        assert set(queries.points_of(scene.panel, actor)) == set(visible)


def test_a_deleted_conflict_row_is_the_only_thing_that_would_open_the_gate():
    """The gate rests on rows: each of its four conditions closes it alone."""
    scene = scoring()
    erlan, dossier = scene.cast.actor("erlan"), scene.dossiers[0]
    assert may_open(erlan, dossier)
    Conflict.objects.bulk_create(
        [
            Conflict(
                panel=scene.panel,
                person=scene.cast.erlan,
                organisation=dossier.organisation,
                origin="detected",
                reason="kin",
                since=core_clock.now(),
            )
        ]
    )
    assert not may_open(erlan, dossier)
    Conflict.objects.all().delete()
    assert may_open(erlan, dossier)
    scene.seat(scene.cast.erlan).declarations.all().delete()
    assert not may_open(erlan, dossier)


def test_progress_does_not_tell_who_signed_what(client):
    """With one signature in all, the page shows one sheet, and of no member that they signed it."""
    scene = scoring(dossiers=2)
    client.force_login(scene.cast.gulnara)
    address = f"/review/panels/{scene.panel.pk}/progress/"
    pages = []
    for user in scene.members[:2]:
        ScoreSheet.objects.all().delete()
        Dossier.objects.update(points=0, sheets=0, score=0)
        scene.panel.seats.update(signed=0)
        sign(scene, user, scene.dossiers[0])
        pages.append(RANDOM.sub("", client.get(address).content.decode()))
    assert pages[0] == pages[1]
