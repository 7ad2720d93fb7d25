"""Pages of lessons: what the records propose is kept with one press and entered with another."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.oversight.models import Lesson
from ortaq.oversight.queries import lesson as queries
from ortaq.planning.models import Assessment, Source
from ortaq.planning.tests import scenes as planning
from ortaq.projects.models import Project
from ortaq.projects.tests import scenes as projects

from .scenes import NOW, order
from .test_lesson import formed

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(clock):
    clock.set(NOW)
    return formed()[0]


@pytest.fixture
def page(client):
    def get(actor, name, *args, **data):
        client.force_login(actor.user)
        address = reverse(f"oversight:{name}", args=args)
        return client.post(address, data) if data else client.get(address)

    return get


@pytest.mark.req("SO-E-01", "SO-F-03")
def test_saule_keeps_what_is_proposed_and_enters_it_in_the_assessment(cast, page, client):
    pk = cast.project.pk
    draft = planning.an_assessment(cast.saule, cast.akimat)
    shown = page(cast.saule, "project_lessons", pk).content.decode()
    proposals = queries.proposals_of(Project.objects.get(pk=pk))
    ticked = {f"take-{one.once}": "on" for one in proposals}
    ticked |= {f"kk-{one.once}": one.kk for one in proposals}
    ticked |= {f"ru-{one.once}": one.ru for one in proposals}
    lacking = page(cast.saule, "project_lessons", pk, **ticked | {f"ru-{proposals[0].once}": ""})
    kept_nothing = Lesson.objects.count()
    kept = page(cast.saule, "project_lessons", pk, **ticked)
    again = page(cast.saule, "project_lessons", pk, **ticked)
    entered = page(cast.saule, "project_lessons_enter", pk, assessment=str(draft.pk))
    source = Source.objects.get()
    on_the_draft = client.get(entered.url).content.decode()

    assert "Жалғастыру" in shown
    assert lacking.status_code == 422
    assert kept_nothing == 0
    assert kept.status_code == 302
    assert again.status_code == 302
    assert Lesson.objects.count() == len(proposals)
    assert entered.url.endswith(f"#source-{source.pk}")
    assert reverse("oversight:project_lessons", args=[pk]) in on_the_draft
    # Once the assessment is public, everybody reads the source; the way to the body's own page is not for them.
    Assessment.objects.filter(pk=draft.pk).update(state="approved", approved_on=draft.begun_on)
    client.force_login(cast.dana.user)
    public = client.get(entered.url).content.decode()
    assert "Жалғастыру" in public
    assert reverse("oversight:project_lessons", args=[pk]) not in public


def test_nobody_but_the_body_sees_or_enters_lessons(cast, page):
    pk = cast.project.pk
    foreign = planning.an_assessment(cast.kanat, cast.other)
    for stranger in (cast.aliya, cast.dana, cast.kanat, cast.erlan, cast.nurbol):
        assert page(stranger, "project_lessons", pk).status_code == 404
        entered = page(stranger, "project_lessons_enter", pk, assessment=str(foreign.pk))
        assert entered.status_code == 404
    assert page(cast.aliya, "lessons").status_code == 404
    into_a_foreign_one = page(cast.saule, "project_lessons_enter", pk, assessment=str(foreign.pk))
    assert into_a_foreign_one.status_code == 404


def test_own_words_are_kept_once_and_changed_until_they_are_entered(cast, page):
    pk = cast.project.pk
    own = {"once": "0b5e4a4e-6d2f-4a53-8c7a-0b1c2d3e4f50", "kind": "unmet", "text_kk": "Ауыл", "text_ru": "Село"}  # fmt: skip
    for _twice in range(2):
        assert page(cast.saule, "lesson_new", pk, **own).status_code == 302
    row = Lesson.objects.get()
    changed = own | {"text_kk": "Ауылдар", "version": str(row.version)}
    assert page(cast.saule, "lesson_edit", row.pk, **changed).status_code == 302
    late = page(cast.marat, "lesson_edit", row.pk, **own | {"version": str(row.version)})
    assert late.status_code == 409
    assert "Ауылдар" in late.content.decode()
    planning.an_assessment(cast.saule, cast.akimat)
    draft = Assessment.objects.get()
    page(cast.saule, "lessons_enter", assessment=str(draft.pk))
    assert page(cast.saule, "lesson_edit", row.pk).status_code == 404
    assert page(cast.saule, "lesson_remove", row.pk, go="1").status_code == 409
    assert Lesson.objects.get().used_in == Source.objects.get()


def test_the_pages_ask_the_database_as_often_for_many_lessons_as_for_one(cast, page):
    def asked() -> list[int]:
        counts = []
        for name, *args in (("lessons",), ("project_lessons", cast.project.pk)):
            with CaptureQueriesContext(connection) as seen:
                assert page(cast.saule, name, *args).status_code == 200
            counts.append(len(seen))
        return counts

    def taught(project: Project, number: int) -> None:
        Lesson.objects.create(
            project=project, once=uuid.uuid4(), kind="result", year=2024, text_kk=str(number)
        )

    taught(cast.project, 1)
    asked()
    one = asked()
    other = order(projects.cast(), cast.akimat, "16", source="award:16")
    for number in range(5):
        taught(cast.project, number)
        taught(other, number)

    assert asked() == one
