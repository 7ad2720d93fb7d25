"""Pages of the oversight over overseers: there for the authorised body alone, and as cheap for many sheets as for one."""

from __future__ import annotations

import io

import pytest
import python_calamine as calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import work
from ortaq.oversight import overseen
from ortaq.review.models import Conflict

from .overseer_scenes import SIGNED, a_panel, scored
from .scenes import NOW, an_expert, ordered
from .test_overseers import a_duty

pytestmark = pytest.mark.django_db
PAGES = ("overseers", "overseers_terms", "overseers_conflicts", "overseers_workbook")


@pytest.fixture
def cast(clock):
    clock.set(NOW)
    return ordered()


@pytest.fixture
def seen(client):
    def get(actor, name, *args, **asked):
        client.force_login(actor.user)
        return client.get(reverse(f"oversight:{name}", args=args), asked)

    return get


@pytest.fixture
def panel(cast):
    made = a_panel(cast.akimat, *(an_expert("Сарапшы", name) for name in ("Асқар", "Бота")))
    scored(made, cast.ngo, [(20, 4)] * 6)
    Conflict.objects.create(
        panel=made, person=made.seats.order_by("id")[0].person, organisation=cast.ngo, origin="detected",
        reason="kin", explanation="Жиені сонда істейді", since=NOW,
    )  # fmt: skip
    a_duty(cast.other, "report", SIGNED)
    return made


def test_for_everybody_but_the_authorised_body_these_pages_are_not_there(cast, panel, seen):
    scorer = panel.seats.first().person
    for stranger in (cast.saule, cast.aliya, cast.erlan):
        for name in PAGES:
            assert seen(stranger, name).status_code == 404
        assert seen(stranger, "overseers_scorer", scorer.pk).status_code == 404
    assert reverse("oversight:overseers") not in seen(cast.saule, "oversight").content.decode()
    assert seen(cast.nurbol, "overseers_scorer", cast.erlan.user.pk).status_code == 404


def test_nurbol_reads_who_is_far_who_is_late_and_whose_conflict_came_out(cast, panel, seen):
    scorer = panel.seats.first().person
    listed = seen(cast.nurbol, "overseers").content.decode()
    one = seen(cast.nurbol, "overseers_scorer", scorer.pk).content.decode()
    late = seen(cast.nurbol, "overseers_terms").content.decode()
    found = seen(cast.nurbol, "overseers_conflicts").content.decode()

    assert "+100,00\N{NO-BREAK SPACE}%" in listed
    assert "6-жоба" in one
    assert cast.other.name_kk in late
    assert cast.ngo.name_kk in found
    # What was explained in somebody's own words is personal.
    assert "Жиені" not in found
    for name, asked in (
        ("overseers", {"q": "ешкім"}),
        ("overseers_terms", {"q": "ешкім", "year": "x"}),
        ("overseers_conflicts", {"part": "x", "page": "x"}),
        ("overseers_conflicts", {"part": "admitted"}),
    ):
        assert seen(cast.nurbol, name, **asked).status_code == 200


def test_the_workbook_holds_all_of_it_as_numbers(cast, panel, seen):
    answer = seen(cast.nurbol, "overseers_workbook")
    book = calamine.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    scorers, kept, known, *_others = (
        book.get_sheet_by_name(name).to_python() for name in book.sheet_names
    )

    assert [row[1:4] for row in scorers[1:]] == [[2022, 6, 100], [2022, 6, -100]]
    assert kept[1][2:5] == [1, 0, 1]
    assert len(known) == 2


def test_a_long_workbook_is_written_by_the_worker_as_it_would_have_been_at_once(
    cast, panel, seen, client, settings
):
    at_once = b"".join(seen(cast.nurbol, "overseers_workbook").streaming_content)
    settings.ORTAQ_ROWS_AT_ONCE = 1
    address = reverse("oversight:overseers_workbook")
    assert f'<form method="post" action="{address}"' in seen(cast.nurbol, "overseers_workbook").text
    asked = client.post(address).url
    done = work.do_next()
    assert done is not None
    done.refresh_from_db()
    assert (done.state, done.total) == ("done", overseen.rows())
    assert b"".join(client.get(f"{asked}result/").streaming_content) == at_once
    client.force_login(cast.saule.user)
    assert client.post(address).status_code == 404


def test_the_pages_ask_the_database_as_often_for_many_sheets_as_for_one(cast, panel, seen):
    scorer = panel.seats.first().person

    def asked() -> list[int]:
        counts = []
        for name, *args in (*((name,) for name in PAGES), ("overseers_scorer", scorer.pk)):
            with CaptureQueriesContext(connection) as captured:
                answer = seen(cast.nurbol, name, *args)
            assert answer.status_code == 200
            if answer.streaming:  # read to its end, so that its file is closed
                b"".join(answer.streaming_content)
            counts.append(len(captured))
        return counts

    asked()
    few = asked()
    people = [an_expert("Көп", str(number)) for number in range(9)]
    many = a_panel(cast.other, *people)
    scored(many, cast.ngo, [tuple(range(4, 13))] * 40)
    for number, person in enumerate(people):
        assert person.user is not None
        Conflict.objects.create(
            panel=many, person=person.user, organisation=cast.ngo, origin="detected", reason="kin", since=NOW
        )  # fmt: skip
        a_duty(cast.akimat, f"kind-{number}", SIGNED)

    assert asked() == few
