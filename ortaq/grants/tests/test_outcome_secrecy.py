"""What is prepared leaks through no side door before it is published: byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import NoReverseMatch, get_resolver, resolve, reverse

from ortaq.core.models import Letter
from ortaq.grants.models import Outcome, Protocol
from ortaq.people.models import Role
from ortaq.review.models import Dossier, ScoreSheet
from ortaq.testing import factories
from ortaq.testing.walking import Walker

from . import outcome_scenes as scenes

pytestmark = pytest.mark.django_db

# Rows are looked for by the numbers 1 and 2, which only SQLite gives anew to each test.
by_numbers = pytest.mark.once

ROOMS = ("grants", "projects", "review", "people", "portal", "registry")
FIRST = (1, 2)
PLAN = {1: {"aliya": 20, "dana": 18}, 2: {"aliya": 14, "dana": 13}}
NOTHING = 404
# Names of addresses that only take forms, whatever number stands in them: found by asking once.
only_forms: set[str] = set()
# A token against forged requests and the name of a window are random; nothing else may differ.
TOKEN = re.compile(
    rb'(csrfmiddlewaretoken" value="|"X-CSRFToken": "|name="window" value="|data-content="|name="nonce" value=")[^"]+'
)


def empty_rooms() -> set[str]:
    """Rooms that hold no row at all: whatever number one asks there for, nothing is there."""
    return {
        room
        for room in ROOMS
        if not any(model._base_manager.exists() for model in apps.get_app_config(room).get_models())
    }


def addresses() -> list[str]:
    """Every address of the house that takes nothing or whole numbers, for the first few rows."""
    found = []
    empty = empty_rooms()
    for room in ROOMS:
        if room not in get_resolver().namespace_dict:
            continue
        _prefix, resolver = get_resolver().namespace_dict[room]
        for name in filter(lambda key: isinstance(key, str), resolver.reverse_dict):
            for number in (None, *FIRST[: 1 if room in empty else None]):
                count = max(len(p) for _t, p in resolver.reverse_dict.getlist(name)[0][0])
                args = [] if number is None else [number] * count
                if (number is None) == (count == 0):
                    try:
                        found.append(reverse(f"{room}:{name}", args=args))
                    except NoReverseMatch:  # takes more than numbers
                        continue
    return sorted(set(found))


def seen_by(users, places=None) -> dict[tuple[str, str], tuple[int, bytes]]:
    """What each person gets at every address, or at these places."""
    places = addresses() if places is None else places
    seen = {}
    for who, user in users.items():
        client = Walker(user)
        for address in places:
            name = resolve(address).view_name
            if name in only_forms:
                continue
            answer = client.get(address)
            if answer.status_code == 405:
                only_forms.add(name)
                continue
            content = b"".join(answer) if answer.streaming else answer.content
            seen[who, address] = (answer.status_code, TOKEN.sub(b"", unpacked(content)))
    return seen


def existing(seen: dict[tuple[str, str], tuple[int, bytes]]) -> list[str]:
    """The addresses where somebody found something; where nobody did, nothing can differ."""
    return sorted({place for (_name, place), (status, _) in seen.items() if status != NOTHING})


def unpacked(content: bytes) -> bytes:
    """A workbook without the time at which it was packed."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(
            book.read(part) for part in book.namelist() if not part.startswith("docProps/")
        )


def give(scene, lot: int, who: str, total: int) -> None:
    """Other points, as if the members had given them from the beginning."""
    application = scene.application(lot, who)
    sheets = ScoreSheet.objects.filter(dossier=application.dossier_id)
    sheets.update(total=total)
    Dossier.objects.filter(pk=application.dossier_id).update(points=total * sheets.count())


@by_numbers
@pytest.mark.req("GR-S-17", "GR-S-13")
def test_applicants_and_strangers_see_the_same_whatever_the_hidden_outcome(clock, walking):
    scene = scenes.closed(clock, PLAN)
    parties = {"aliya": scene.cast.aliya.user, "dana": scene.cast.dana.user}
    others = {
        "passer-by": None,
        "clerk": factories.a_member(scene.cast.operator, Role.STAFF).user,
        "other operator": factories.a_member(
            factories.an_organisation("operator"), Role.OFFICER
        ).user,
    }

    def prepared_world() -> tuple[list[Any], bytes]:
        scene.take("prepare")
        scene.take("draw_up", number="1")
        page = (
            scene.client("gulnara")
            .get(reverse("grants:outcomes", args=[scene.competition.pk]))
            .content
        )
        outcomes = list(Outcome.objects.order_by("lot").values_list("kind", "winner"))
        return outcomes, page

    instant = clock.instant
    point = transaction.savepoint()
    first_outcomes, first_page = prepared_world()
    first = seen_by(parties)  # one of them wins, the other does not
    places = existing(first)
    first |= seen_by(others, places)
    transaction.savepoint_rollback(point)
    clock.set(instant)
    scene.competition.refresh_from_db()
    give(scene, 1, "dana", 25)  # the other one wins
    give(scene, 2, "aliya", 12)
    give(scene, 2, "dana", 12)  # and the second topic fails
    second_outcomes, second_page = prepared_world()
    second = seen_by(parties | others, places)

    assert first_outcomes != second_outcomes
    assert first_page != second_page  # the operator sees the difference: there is something to leak
    assert len(second) > 100
    differing = [key for key in second if first[key] != second[key]]
    assert differing == []


@by_numbers
@pytest.mark.req("GR-S-17")
def test_members_see_the_points_of_the_meeting_but_not_what_the_operator_prepared(clock, walking):
    scene = scenes.prepared(clock, PLAN)
    users = {"erlan": scene.experts[0], "saule": scene.secretary}
    before = seen_by(users)

    Outcome.objects.update(kind="F5", winner=None, points=None, sheets=None)
    Protocol.objects.update(number="999", sha256="f" * 64)
    Letter.objects.filter(kind="outcome").update(title="Өтінім жеңді", body="Құпия")

    after = seen_by(users, existing(before))
    assert len(after) > 50
    assert [key for key in after if before[key] != after[key]] == []


def test_prepared_letters_are_in_nobodys_box(clock):
    scene = scenes.prepared(clock, PLAN)
    client = scene.client("aliya")
    letters = Letter.objects.filter(kind="outcome", recipient=scene.cast.aliya.user)
    titles = set(letters.values_list("title", flat=True))

    def shown() -> set[str]:
        page = client.get(reverse("people:letters")).content.decode()
        return {title for title in titles if title in page}

    assert titles
    assert shown() == set()
    scene.take("publish")
    assert shown() == titles


def test_the_journal_of_a_prepared_competition_says_nothing_that_could_be_tried_out(clock):
    from ortaq.core import journal

    scene = scenes.prepared(clock, PLAN)

    steps = {entry.step: entry.facts for entry in journal.history(scene.competition)}

    assert steps["prepare"] == {"lots": 2}
    assert set(steps["draw_up"]) == {"number", "sha256"}
    # The hash covers a random word, so that guessing the content does not open it.
    assert len(Protocol.objects.get().content["seal"]) == 32
