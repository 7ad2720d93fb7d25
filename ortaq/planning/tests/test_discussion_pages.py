"""Pages of the discussion: what the public reads and writes, what the officer does with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core.models import Letter
from ortaq.planning.models import Comment, Formation, Topic
from ortaq.planning.procedure import comment, drafting
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.tests import scenes

pytestmark = pytest.mark.django_db
TOPIC = {
    "title_kk": "Жалғызбасты қарттарға көмек",
    "title_ru": "Помощь одиноким",
    "field": "vulnerable_groups",
    "planned_tiyn": "4 500 000",
    "justification_kk": "Негіздеме",
    "justification_ru": "Обоснование",
    "sources": ["proposals"],
    "target_group_kk": "Қарттар",
    "target_group_ru": "Пожилые",
    "result_kk": "Нәтиже",
    "result_ru": "Результат",
    "financial_years": "1",
}
GUEST = {"name": "Мадина", "email": "madina@example.kz", "text": "Ауылды да қосыңыз", "topic": ""}


def browser(actor=None) -> Client:
    client = Client()
    if actor is not None and actor.user is not None:
        client.force_login(actor.user)
    return client


def url(name: str, *args) -> str:
    return reverse(f"planning:{name}", args=[getattr(arg, "pk", arg) for arg in args])


def text(answer) -> str:
    return str(answer.content.decode())


# --- The public ----------------------------------------------------------------------------------


@pytest.mark.req("SO-F-05")
def test_open_discussions_come_first_and_drafts_are_nobody_else_s(clock):
    cast = scenes.cast()
    past = scenes.published(clock, cast.nurlan, cast.ministry)
    scenes.closed(clock, past)
    now_open = scenes.a_draft(cast.saule, cast.akimat)
    FORMATION.take("publish", now_open, actor=cast.saule)
    draft = scenes.a_draft(cast.saule, cast.akimat)
    page = text(browser().get(url("discussions")))
    places = [page.find(url("discussion", one)) for one in (now_open, past)]
    assert 0 < places[0] < places[1]
    assert url("discussion", draft) not in page
    for actor, status in [(None, 404), (cast.aliya, 404), (cast.nurlan, 404), (cast.saule, 200)]:
        assert browser(actor).get(url("discussion", draft)).status_code == status
        assert browser(actor).get(url("topic", draft.topics.first())).status_code == status
    found = text(browser().get(url("discussions"), {"q": "түркістан"}))
    assert url("discussion", now_open) in found
    assert url("discussion", past) not in found


@pytest.mark.req("SO-F-05")
def test_a_guest_writes_confirms_by_letter_and_is_shown_without_the_address(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    client = browser()
    answer = client.post(url("comment_write", formation), GUEST, follow=True)
    assert answer.redirect_chain
    assert GUEST["text"] not in text(client.get(url("discussion", formation)))
    link = url("comment_confirm", Comment.objects.get().token)
    assert link in Letter.objects.get().body
    for _ in range(2):  # mail programs open links before people do
        assert client.get(link).status_code == 200
    assert Comment.objects.get().state == Comment.State.UNCONFIRMED
    client.post(link)
    assert Comment.objects.get().number == 1
    page = text(browser().get(url("discussion", formation)))
    assert GUEST["text"] in page
    scenes.reported(clock, formation, cast.saule)
    addresses = [
        url("discussion", formation),
        url("report", formation),
        url("paper", formation, "annex-2", "kk", "html"),
    ]
    for address in addresses:
        assert "madina@example.kz" not in text(browser().get(address))
        assert GUEST["text"] in text(browser().get(address))
    assert browser().get(url("comment_confirm", "unknown")).status_code == 404


def test_what_is_wrong_with_a_comment_is_said_and_nothing_is_lost(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    draft = scenes.a_draft(cast.saule, cast.akimat)
    for wrong in (
        {"text": ""},
        {"email": "nobody"},
        {"name": ""},
        {"topic": "none"},
        {"topic": str(draft.topics.get(position=1).pk)},
        {"text": "а" * 5001},
    ):
        answer = browser().post(url("comment_write", formation), {**GUEST, **wrong})
        assert answer.status_code == 422
        assert "Мадина" in text(answer) or "name" in wrong
    assert not Comment.objects.exists()
    assert browser().post(url("comment_write", draft), GUEST).status_code == 404
    scenes.a_comment(formation, cast.aliya, "Бір")
    answer = browser(cast.aliya).post(url("comment_write", formation), {"text": "Бір"})
    assert answer.status_code == 422
    assert ">\nБір</textarea>" in text(answer)


def test_a_program_that_fills_in_what_nobody_sees_is_not_heard(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    answer = browser().post(url("comment_write", formation), {**GUEST, "website": "spam"})
    assert answer.status_code == 302
    assert (Comment.objects.count(), Letter.objects.count()) == (0, 0)


def test_guests_of_one_network_are_stopped_and_nobody_else(clock, monkeypatch):
    monkeypatch.setattr("ortaq.planning.views.discussion.MOST_AN_HOUR", 3)
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)

    def send(number, client, **reader):
        guest = {"text": "Жақсы", "name": "Мадина", "email": f"guest-{number}@example.kz"}
        return client.post(url("comment_write", formation), guest, **reader).status_code

    caches["limits"].clear()
    flood = [send(n, browser(), REMOTE_ADDR="5.188.0.7") for n in range(4)]
    assert flood == [302, 302, 302, 429]
    assert Letter.objects.count() == 3
    assert send(1000, browser(), REMOTE_ADDR="5.188.0.8") == 302
    assert send(0, browser(cast.aliya), REMOTE_ADDR="5.188.0.7") == 302
    # A proxy that nobody told of: whoever comes by it is not taken for one reader.
    assert {send(n, browser()) for n in range(2000, 2005)} == {302}


def test_an_ngo_s_comment_bears_its_name(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    topic = formation.topics.get(position=2)
    given = {"text": "Қолдаймыз", "organisation": cast.ngo.pk, "topic": topic.pk}
    assert browser(cast.dana).post(url("comment_write", formation), given).status_code == 422
    answer = browser(cast.aliya).post(url("comment_write", formation), given)
    assert answer["Location"] == f"{url('topic', topic)}#comments"
    page = text(browser().get(url("topic", topic)))
    assert cast.ngo.name_kk in page
    assert str(cast.aliya.user) not in page
    assert "Қолдаймыз" not in text(browser().get(url("topic", formation.topics.get(position=1))))


@pytest.mark.req("SO-F-08")
def test_a_late_comment_is_seen_by_its_author_and_the_officer_and_by_nobody_else(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    clock.set(scenes.CLOSES + timedelta(seconds=1))
    browser(cast.aliya).post(url("comment_write", formation), {"text": "Кешіккен сөз"})
    late = Comment.objects.get()
    assert late.state == Comment.State.LATE
    page = url("discussion", formation)
    seen = {
        name: "Кешіккен сөз" in text(browser(actor).get(page))
        for name, actor in [("nobody", None), ("aliya", cast.aliya), ("dana", cast.dana)]
    }
    assert seen == {"nobody": False, "aliya": True, "dana": False}
    scenes.reported(clock, formation, cast.saule)
    for address in (url("report", formation), url("paper", formation, "annex-2", "ru", "html")):
        assert "Кешіккен сөз" not in text(browser().get(address))
    desk = browser(cast.saule)
    assert "Кешіккен сөз" in text(desk.get(url("comments", formation), {"which": "late"}))
    assert "Кешіккен сөз" not in text(desk.get(url("comments", formation)))
    given = {"decision": "accepted", "reasons_kk": "Иә", "reasons_ru": "Да"}
    assert desk.post(url("comment", late), given).status_code == 422


@pytest.mark.req("SO-18-02", "SO-T-055")
def test_whoever_drafts_the_next_year_under_2018_meets_the_late_comments(clock):
    cast = scenes.cast()
    desk = browser(cast.saule)
    for edition, meets in (("2018", True), ("2022", False)):
        before = scenes.published(clock, cast.saule, cast.akimat, edition=edition)
        scenes.closed(clock, before)
        draft = scenes.a_draft(cast.saule, cast.akimat, 0, year=before.plan_year + 1)
        late = f"{url('comments', before)}?which=late"
        assert late not in text(desk.get(url("formation", draft)))
        scenes.a_comment(before, cast.aliya, "Кешіктім, бірақ маңызды")
        assert (late in text(desk.get(url("formation", draft)))) is meets
        assert "Кешіктім, бірақ маңызды" in text(desk.get(late))


def test_a_hidden_comment_shows_its_reason_and_not_its_words(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    written = scenes.a_comment(formation, cast.dana, "Ақымақтар")
    desk = browser(cast.saule)
    assert desk.post(url("comment_hide", written), {"reason": " "}).status_code == 422
    desk.post(url("comment_hide", written), {"reason": "Балағат сөз"})
    page = text(browser().get(url("discussion", formation)))
    assert "Балағат сөз" in page
    assert "Ақымақтар" not in page
    assert str(cast.dana.user) not in page
    assert "Ақымақтар" in text(desk.get(url("comment", written)))
    desk.post(url("comment_hide", written), {"show": ""})
    assert "Ақымақтар" in text(browser().get(url("discussion", formation)))


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_thirty_comments_cost_no_more_queries_than_one(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat, 3)
    topic = formation.topics.first()
    scenes.a_comment(formation, cast.aliya, "0", organisation=cast.ngo, topic=topic)
    addresses = [
        (None, url("discussions")),
        (None, url("discussion", formation)),
        (None, url("topic", topic)),
        (cast.aliya, url("discussion", formation)),
        (cast.saule, url("comments", formation)),
        (cast.saule, url("formation", formation)),
        (cast.saule, url("formations")),
    ]
    clients = [(browser(actor), address) for actor, address in addresses]
    before = [count(client, address) for client, address in clients]
    for number in range(1, 30):
        clock.travel(minutes=1)
        author, ngo = [(cast.aliya, cast.ngo), (cast.dana, cast.rival)][number % 2]
        scenes.a_comment(formation, author, f"{number}", organisation=ngo, topic=topic)
    assert [count(client, address) for client, address in clients] == before
    assert before[1] <= 6
    scenes.reported(clock, formation, cast.saule)
    assert count(browser(), url("report", formation)) <= 4


def test_many_comments_have_pages_and_none_stands_twice(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    Comment.objects.bulk_create(
        Comment(
            formation=formation, author_name="Мадина", text=f"«{number}»", number=number,
            state="received", written_at=scenes.DURING, received_at=scenes.DURING,
        )
        for number in range(1, 66)
    )  # fmt: skip
    Formation.objects.filter(pk=formation.pk).update(comments=65)
    client, address, seen = browser(), url("discussion", formation), []
    while address:
        answer = client.get(address)
        seen += [row.number for row in answer.context["comments"].rows]
        after = answer.context["comments"].next
        address = f"{url('discussion', formation)}?page={after}" if after else ""
    assert seen == list(range(65, 0, -1))
    for nonsense in ("x", "%00", "W10"):
        assert client.get(url("discussion", formation), {"page": nonsense}).status_code == 200


@pytest.mark.req("SO-F-06", "SO-F-11")
@pytest.mark.parametrize("edition", ["2018", "2022"])
def test_annexes_are_there_in_both_languages_and_every_format(clock, edition):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat, edition=edition)
    scenes.a_comment(formation, cast.aliya, "<b>Қалың</b>")
    assert browser().get(url("paper", formation, "annex-2", "kk", "html")).status_code == 404
    scenes.reported(clock, formation, cast.saule)
    for name in ("annex-1", "annex-2"):
        for language in ("kk", "ru"):
            for kind in ("html", "docx", "xlsx", *(["pdf"] if language == "kk" else [])):
                answer = browser().get(url("paper", formation, name, language, kind))
                assert answer.status_code == 200
                assert len(b"".join(answer) if answer.streaming else answer.content) > 1000
    page = text(browser().get(url("paper", formation, "annex-2", "kk", "html")))
    assert "&lt;b&gt;Қалың&lt;/b&gt;" in page
    address = url("paper", formation, "annex-2", "kk", "docx")
    before, again = (b"".join(browser().get(address)) for _time in range(2))
    assert before == again
    comment.hide(formation.all_comments.get(), "Балағат сөз", actor=cast.saule)
    assert b"".join(browser().get(address)) != before  # moderation reaches the kept paper too
    for wrong in [("annex-3", "kk", "pdf"), ("annex-1", "de", "pdf"), ("annex-1", "kk", "exe")]:
        assert browser().get(url("paper", formation, *wrong)).status_code == 404


# --- The officer ---------------------------------------------------------------------------------


@pytest.mark.req("SO-F-04", "SO-F-05", "SO-F-09", "SO-F-10")
def test_an_officer_comes_from_an_empty_list_to_a_published_report_by_pages_alone(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    desk = browser(cast.saule)
    assert url("formation_new") in text(desk.get(reverse("portal:desk")))
    assert url("formation_new") in text(desk.get(url("formations")))
    begun = {"body": cast.akimat.pk, "plan_year": 2024, "level": "local", "edition": "2022"}
    answer = desk.post(url("formation_new"), begun)
    formation = Formation.objects.get()
    assert answer["Location"] == url("formation", formation)
    head = {"plan_year": 2024, "level": "local", "introduction_kk": "Кіріспе"}
    assert desk.post(url("formation_edit", formation), head).status_code == 302
    assert desk.get(url("formation_publish", formation)).status_code == 200
    assert desk.post(url("topic_new", formation), {**TOPIC, "result_ru": ""}).status_code == 302
    topic = Topic.objects.get()
    assert topic.planned_tiyn == 4_500_000_00
    answer = desk.post(url("formation_publish", formation), {})
    assert answer.status_code == 409
    assert url("topic_edit", topic) in text(answer)
    assert "#id_result_ru" in text(desk.get(url("topic_edit", topic)))
    desk.post(url("topic_edit", topic), {**TOPIC, "version": topic.version})
    early = {"closes_on": "2023-10-20"}
    assert desk.post(url("formation_publish", formation), early).status_code == 422
    answer = desk.post(url("formation_publish", formation), {"closes_on": "2023-10-24"})
    assert answer.status_code == 302
    formation.refresh_from_db()
    assert formation.closes_at == scenes.CLOSES + timedelta(days=1)
    for number in range(3):
        scenes.a_comment(formation, cast.dana, str(number))
    assert desk.get(url("formation", formation)).status_code == 200
    alike = {"comments": ["1", "3"], "decision": "declined", "reasons_kk": "Жоқ", "reasons_ru": "-"}
    missing = desk.post(url("comments", formation), {**alike, "reasons_kk": ""})
    assert missing.status_code == 422
    assert text(missing).count(" checked") == 3  # two comments and the decision
    desk.post(url("comments", formation), alike)
    one = Comment.objects.get(number=2)
    desk.post(
        url("comment", one),
        {"decision": "accepted", "reasons_kk": "Иә", "reasons_ru": "Да", "seen": "", "next": ""},
    )
    assert list(Comment.objects.order_by("number").values_list("decision", flat=True)) == [
        "declined",
        "accepted",
        "declined",
    ]
    assert desk.post(url("formation_step", formation, "report")).status_code == 409
    scenes.closed(clock, formation)
    assert desk.get(url("report", formation)).status_code == 200
    assert browser().get(url("report", formation)).status_code == 404
    assert desk.post(url("formation_step", formation, "report")).status_code == 302
    assert browser().get(url("report", formation)).status_code == 200


def test_a_second_officer_s_text_is_kept_beside_the_first_one_s(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    topic = scenes.a_draft(cast.saule, cast.akimat, 1).topics.get()
    desk = browser(cast.saule)
    desk.post(url("topic_edit", topic), {**TOPIC, "title_kk": "Бірінші", "version": 0})
    answer = desk.post(url("topic_edit", topic), {**TOPIC, "title_kk": "Екінші", "version": 0})
    assert answer.status_code == 409
    assert "Бірінші" in text(answer)
    assert ">\nЕкінші</textarea>" in text(answer)
    desk.post(url("topic_edit", topic), {**TOPIC, "title_kk": "Екінші", "version": 1})
    topic.refresh_from_db()
    assert topic.title_kk == "Екінші"


def test_a_colleague_s_decision_is_shown_before_it_is_replaced(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    written = scenes.a_comment(formation, cast.dana)
    desk = browser(cast.saule)
    comment.decide(
        written, "accepted", reasons_kk="Біріншісі", reasons_ru="Первое", actor=cast.saule
    )
    mine = {"decision": "declined", "reasons_kk": "Екіншісі", "reasons_ru": "Второе", "seen": ""}
    answer = desk.post(url("comment", written), mine)
    assert answer.status_code == 422
    assert "Біріншісі" in text(answer)
    assert "Екіншісі" in text(answer)
    seen = answer.context["seen"]
    assert f'value="{seen}"' in text(answer)
    assert desk.post(url("comment", written), {**mine, "seen": seen}).status_code == 302
    written.refresh_from_db()
    assert written.decision == "declined"


@pytest.mark.req("SO-F-06")
def test_a_wrong_sum_a_wrong_field_and_an_endless_text_are_refused_kindly(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    formation = scenes.a_draft(cast.saule, cast.akimat, 0)
    desk = browser(cast.saule)
    for wrong in (
        {"planned_tiyn": "0"},
        {"planned_tiyn": "-5"},
        {"planned_tiyn": "9" * 30},
        {"planned_tiyn": "4,5 млн"},
        {"field": "astrology"},
        {"sources": ["rumours"]},
        {"financial_years": "4"},
        {"region_code": "x"},
        {"title_kk": "а" * 5001},
        {"programme": "а" * 61},
        {"version": "x"},
        {"assessments": ["7"]},
        {"assessments": ["9" * 40]},
    ):
        answer = desk.post(url("topic_new", formation), {**TOPIC, **wrong})
        assert answer.status_code == 422, wrong
    begun = {"body": cast.akimat.pk, "plan_year": 2024, "level": "local", "edition": "2022"}
    for name, value in [
        ("plan_year", 1990), ("plan_year", 2099), ("level", "world"), ("edition", "1999"),
    ]:  # fmt: skip
        answer = desk.post(url("formation_new"), {**begun, name: value})
        assert answer.status_code == 422, name
    pinned = {"body": cast.akimat.pk, "plan_year": 2024, "level": "local", "edition": "2018"}
    assert desk.post(url("formation_new"), pinned).status_code == 422
    foreign = {**pinned, "edition": "2022", "body": cast.ministry.pk}
    assert desk.post(url("formation_new"), foreign).status_code == 422
    assert (Formation.objects.count(), Topic.objects.count()) == (1, 0)


def test_topics_are_copied_moved_removed_and_a_draft_is_discarded(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    earlier = scenes.a_draft(cast.saule, cast.akimat, 2, year=2023)
    formation = scenes.a_draft(cast.saule, cast.akimat, 0)
    foreign = scenes.a_draft(cast.nurlan, cast.ministry, 1)
    desk = browser(cast.saule)
    assert "2-тақырып" in text(desk.get(url("formation_copy", formation)))
    for wrong in (foreign.topics.get().pk, "9" * 40, "x"):
        answer = desk.post(url("formation_copy", formation), {"topics": [wrong]})
        assert answer.status_code == 422
    desk.post(
        url("formation_copy", formation), {"topics": [topic.pk for topic in earlier.topics.all()]}
    )
    first, second = formation.topics.all()
    desk.post(url("topic_move", second), {"to": "up"})
    assert desk.post(url("topic_move", second), {"to": "moon"}).status_code == 404
    assert [topic.pk for topic in formation.topics.all()] == [second.pk, first.pk]
    desk.post(url("topic_remove", first))
    assert [topic.pk for topic in formation.topics.all()] == [second.pk]
    desk.post(url("formation_discard", formation))
    assert not Formation.objects.filter(pk=formation.pk).exists()
    assert earlier.topics.count() == 2


def test_a_draft_asks_for_its_fields_in_the_edition_s_words(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    formation = scenes.a_draft(
        cast.saule, cast.akimat, 0, edition="2018", edition_reason="Ертерек басталған"
    )
    page = text(browser(cast.saule).get(url("topic_new", formation)))
    shown = [one.key for one in drafting.fields(formation) if f'value="{one.key}"' in page]
    assert len(shown) == 17
    assert "volunteer_initiatives" not in page
