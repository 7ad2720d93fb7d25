"""The pages of competitions: what the public reads, what the operator does, who is kept out."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.core.models import StoredFile
from ortaq.grants.models import Competition, Extension, Lot, Outcome
from ortaq.grants.procedure.competition import COMPETITION, close_due
from ortaq.grants.queries.competition import competition_list
from ortaq.grants.tests import application_scenes, scenes
from ortaq.people.actor import PASSER_BY

State = Competition.State
A_SECOND = timedelta(seconds=1)
EDITED = {
    "title_kk": "Жаңа конкурс",
    "title_ru": "Новый конкурс",
    "text_kk": "Мәтін",
    "text_ru": "Текст",
    "contacts_kk": "+7 700 000 00 05",
    "contacts_ru": "+7 700 000 00 05",
    "closes_at": "2020-06-03T18:00",
    "latest_project_end": "2020-11-27",
    "balance_date": "2020-03-31",
    "check_days": "",
    "by_portal": "on",
}


@pytest.fixture
def played(db, clock):
    clock.set(scenes.APPROVED)
    return scenes.cast()


@pytest.fixture
def browse(client):
    def sign_in(actor):
        if actor.user is None:
            client.logout()
        else:
            client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def plain(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def at(name, *args):
    return reverse(f"grants:{name}", args=args)


# --- The whole way by pages ----------------------------------------------------------------------


@pytest.mark.req("GR-A-01", "GR-A-02", "GR-A-11", "GR-P-04")
def test_the_operator_goes_from_a_plan_to_an_announcement_by_pages(played, browse, clock):
    version = scenes.approved_plan(played.gulnara, 3)
    clock.set(scenes.OPENS)
    page = browse(played.gulnara)
    assert str(version.plan.title) in plain(page.get(at("competition_new")))
    nothing = page.post(at("competition_from", version.pk), {"x": "1"})
    assert nothing.status_code == 422
    assert "кемінде бір тақырыбын таңдаңыз" in plain(nothing)
    one, two, three = version.topics.all()
    page.post(at("competition_from", version.pk), {"topics": [one.pk, three.pk]})
    competition = Competition.objects.get()
    assert [lot.topic for lot in competition.lots.all()] == [one, three]
    # What is missing is said on the page before anybody presses, and the step is not offered.
    manage = page.get(at("competition_manage", competition.pk))
    assert "Хабарландырудың қазақ тіліндегі мәтіні жоқ" in plain(manage)
    assert at("competition_step", competition.pk, "announce") not in plain(manage)
    assert browse(PASSER_BY).get(at("competition", competition.pk)).status_code == 404
    page = browse(played.gulnara)
    assert page.post(at("competition_edit", competition.pk), EDITED).status_code == 302
    assert "әзірге" not in plain(page.get(at("competition_manage", competition.pk)))
    assert page.post(at("competition_step", competition.pk, "announce")).status_code == 302
    public = plain(browse(PASSER_BY).get(at("competition", competition.pk)))
    for said in (
        "Жаңа конкурс",
        "2020 ж. 3 маусым, 18:00",
        one.title_kk,
        three.title_kk,
        "10 000 000 ₸",  # the total of both topics
        "2020 ж. 27 қараша",
        "2020 ж. 31 наурыз",
        "Жарғының көшірмесі",
        "тарату процесінде",  # who cannot take part
        "10-тармағының талаптарына сәйкес келмейді",  # why an application is not admitted
        "Ұсынылған өтінімдердің болмауы",  # when a topic is declared failed
        "№ 72",  # the act of the plan's version
        "+7 700 000 00 05",
    ):
        assert said in public, said
    assert two.title_kk not in public


def test_whole_fields_and_the_whole_plan_are_chosen_by_one_box(played, browse, clock):
    version = scenes.shipped_plan(played.gulnara)
    clock.set(scenes.OPENS)
    page = browse(played.gulnara)
    field = version.fields.get(number="4")
    one = version.topics.get(number="1")
    page.post(at("competition_from", version.pk), {"fields_whole": [field.pk], "topics": [one.pk]})
    competition = Competition.objects.get()
    assert competition.lots.count() == 1 + field.topics.count()
    page.post(at("competition_topics", competition.pk), {"everything": "1"})
    assert competition.lots.count() == 75
    page.post(at("competition_topics", competition.pk), {"topics": [one.pk]})
    assert [lot.topic for lot in competition.lots.all()] == [one]


def test_topics_of_another_plan_cannot_be_slipped_in(played, browse, clock):
    version = scenes.approved_plan(played.gulnara)
    other = scenes.draft_version(
        played.gulnara, scenes.plan_table([{2021: 1}]), year=2021, title_kk="Басқа жоспар"
    )
    clock.set(scenes.OPENS)
    answer = browse(played.gulnara).post(
        at("competition_from", version.pk), {"topics": [other.topics.get().pk]}
    )
    assert answer.status_code == 422
    assert not Competition.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_kk": "ә" * 501}, "500"),
        ({"text_kk": "ә" * 20_001}, "20000"),
        ({"closes_at": "ертең"}, "күн"),
        ({"check_days": "0"}, "1-ден 60-қа дейінгі"),
        ({"check_days": "9" * 30}, "1-ден 60-қа дейінгі"),
    ],
)
def test_a_draft_with_a_wrong_field_is_not_saved_and_keeps_what_was_typed(
    played, browse, clock, wrong, said
):
    competition = scenes.draft_competition(played.gulnara)
    clock.set(scenes.OPENS)
    answer = browse(played.gulnara).post(
        at("competition_edit", competition.pk), EDITED | wrong | {"title_ru": "Осталось"}
    )
    assert answer.status_code == 422
    assert said in plain(answer)
    assert "Осталось" in plain(answer)
    competition.refresh_from_db()
    assert competition.title_ru == scenes.COMPLETE["title_ru"]


# --- Extension -----------------------------------------------------------------------------------

DECISION = {
    "new_closes_at": "2020-06-05T18:00",
    "decided_on": "2020-06-03",
    "number": "7",
    "reason": "Карантин шаралары",
}


@pytest.mark.req("GR-A-06")
def test_an_extension_by_a_page_is_read_by_everybody_with_its_scan(played, browse, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.CLOSES - timedelta(hours=1))
    scan = SimpleUploadedFile("шешім.pdf", b"%PDF-1.4\n%%EOF\n")
    answer = browse(played.gulnara).post(
        at("competition_extend", competition.pk), DECISION | {"scan": scan}
    )
    assert answer.status_code == 302
    public = plain(browse(PASSER_BY).get(at("competition", competition.pk)))
    assert "№ 7" in public
    assert "Карантин шаралары" in public
    assert "2020 ж. 5 маусым, 18:00" in public
    file = browse(PASSER_BY).get(at("competition_decision", Extension.objects.get().pk))
    assert file.getvalue() == b"%PDF-1.4\n%%EOF\n"
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"


@pytest.mark.req("GR-A-06")
def test_a_refused_extension_keeps_what_was_entered_and_no_scan(played, browse, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.CLOSES - timedelta(hours=1))
    page = browse(played.gulnara)
    scan = SimpleUploadedFile("шешім.pdf", b"%PDF-1.4\n%%EOF\n")
    early = page.post(
        at("competition_extend", competition.pk),
        DECISION | {"new_closes_at": "2020-06-03T17:30", "scan": scan},
    )
    assert early.status_code == 422
    assert "Карантин шаралары" in plain(early)
    assert "қазіргісінен кейін болуы тиіс" in plain(early)
    fake = SimpleUploadedFile("шешім.pdf", b"MZ\x00\x00")
    renamed = page.post(at("competition_extend", competition.pk), DECISION | {"scan": fake})
    assert renamed.status_code == 422
    assert not StoredFile.objects.exists()
    clock.set(scenes.CLOSES + A_SECOND)
    late = page.post(at("competition_extend", competition.pk), DECISION)
    assert "ұзартуға болмайды" in plain(late)
    assert not Extension.objects.exists()


# --- What the public sees ------------------------------------------------------------------------


@pytest.mark.req("GR-A-01")
def test_the_list_shows_open_competitions_first_then_the_newest(played, clock):
    version = scenes.approved_plan(played.gulnara)

    def announced(title, day, days):
        opens = house_clock.at(date(2020, 5, day), 9)
        competition = scenes.draft_competition(
            played.gulnara,
            version,
            title_kk=title,
            closes_at=house_clock.at(house_clock.day_of(opens) + timedelta(days=days), 18),
        )
        with house_clock.frozen(opens):
            COMPETITION.take("announce", competition, actor=played.gulnara)
        return competition

    clock.set(scenes.OPENS)
    draft = scenes.draft_competition(played.gulnara, version, title_kk="Қаралама")
    over = announced("Өткен", 14, 20)
    late = announced("Кейін аяқталады", 15, 30)
    soon = announced("Жақында аяқталады", 16, 20)
    clock.set(scenes.CLOSES + A_SECOND)
    shown = competition_list(PASSER_BY)
    assert (shown.open, shown.drafts, list(shown.earlier.rows)) == ([soon, late], [], [over])
    own = competition_list(played.gulnara)
    assert own.drafts == [draft]
    assert competition_list(played.saule).drafts == []


def test_competitions_are_found_by_the_words_of_their_topics_whatever_the_case(played, clock):
    competition = scenes.announced_competition(played.gulnara, topics=2)
    clock.set(scenes.DURING)
    for query in ("ГРАНТТАР конкурсы", "ЕРІКТІЛЕРДІ", "2-ТАҚЫРЫП", "поддержка ВОЛОНТЁРОВ"):
        found = competition_list(PASSER_BY, query).open
        assert found == [competition]
        shown = vars(found[0])
        assert (shown["lot_count"], shown["amount_tiyn"]) == (2, 1_000_000_000)
    assert competition_list(PASSER_BY, "мұндай жоқ").open == []


def test_earlier_competitions_come_page_by_page(played, browse, clock):
    scenes.announced_competition(played.gulnara)
    first = Competition.objects.get()
    for number in range(24):
        Competition.objects.create(
            operator=played.operator,
            version=first.version,
            edition="2020",
            title_kk=f"Ескі {number}",
            announced_at=scenes.OPENS - timedelta(days=number + 1),
            closes_at=scenes.OPENS + timedelta(hours=1),
            state=State.PUBLISHED,
        )
    clock.set(scenes.CLOSES + A_SECOND)
    page = browse(PASSER_BY).get(at("competitions"))
    assert plain(page).count("card-row") == 20
    following = page.context["list"].earlier.next
    rest = browse(PASSER_BY).get(at("competitions"), {"page": following})
    assert plain(rest).count("card-row") == 5
    for hostile in ("x", "W10", "ә" * 500, following[:-3]):
        assert browse(PASSER_BY).get(at("competitions"), {"page": hostile}).status_code == 200


def test_an_end_that_has_passed_shows_at_once_before_anybody_takes_note(played, browse, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.CLOSES)
    assert "Қабылдау аяқталды" not in plain(browse(PASSER_BY).get(at("competitions")))
    clock.set(scenes.CLOSES + A_SECOND)
    for address in (at("competitions"), at("competition", competition.pk)):
        page = plain(browse(PASSER_BY).get(address))
        assert "Қабылдау аяқталды" in page
        assert "өтінімдер қабылдануда" not in page
    lot = plain(browse(played.aliya).get(at("lot", competition.lots.get().pk)))
    assert "өтінім беру" not in lot


@pytest.mark.req("GR-A-02", "GR-A-20")
def test_a_lot_has_a_page_with_everything_the_announcement_must_say(played, browse, clock):
    version = scenes.shipped_plan(played.gulnara)
    topics = version.topics.filter(number__in=["16", "57"])
    clock.set(scenes.OPENS)
    page = browse(played.gulnara)
    page.post(at("competition_from", version.pk), {"topics": [t.pk for t in topics]})
    competition = Competition.objects.get()
    page.post(at("competition_edit", competition.pk), EDITED)
    page.post(at("competition_step", competition.pk, "announce"))
    for lot in Lot.objects.select_related("topic"):
        shown = plain(browse(PASSER_BY).get(at("lot", lot.pk)))
        topic = lot.topic
        for said in (topic.title_kk, topic.territory_printed, topic.term_printed):
            assert said in shown
        assert topic.result_kk.splitlines()[0].strip() in shown
        assert "2020 ж. 27 қараша" in shown
    assert "3 847 000 ₸" in shown  # topic 57: each of its two years
    small = plain(browse(PASSER_BY).get(at("lot", Lot.objects.get(topic__number="16").pk)))
    assert "300 000 ₸" in small


def test_texts_of_people_are_never_markup(played, browse, clock):
    attack = "<script>alert(1)</script>"
    competition = scenes.announced_competition(
        played.gulnara, title_kk=attack, text_kk=attack, contacts_kk=attack
    )
    clock.set(scenes.DURING)
    for address in (at("competitions"), at("competition", competition.pk)):
        assert attack not in plain(browse(PASSER_BY).get(address))


# --- Who is kept out -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "competition_manage", "competition_edit", "competition_topics", "competition_extend",
        "competition_repeat",
    ],
)  # fmt: skip
def test_the_operators_pages_do_not_exist_for_others(played, browse, clock, name):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.DURING)
    address = at(name, competition.pk)
    assert browse(PASSER_BY).get(address).status_code == 302
    rival = scenes.gulnara()  # an officer of another operator
    for actor in (played.aliya, played.bolat, played.erlan, played.saule, rival):
        assert browse(actor).get(address).status_code == 404
        assert browse(actor).get(at(name, 999_999)).status_code == 404
    expected = {"competition_manage": 200, "competition_extend": 200, "competition_repeat": 404}
    assert browse(played.gulnara).get(address).status_code == expected.get(name, 409)


def test_a_stranger_begins_no_competition_and_takes_no_step(played, browse, clock):
    version = scenes.approved_plan(played.gulnara)
    competition = scenes.draft_competition(played.gulnara, version)
    clock.set(scenes.OPENS)
    for actor in (played.aliya, played.erlan, played.saule):
        page = browse(actor)
        assert page.get(at("competition_new")).status_code == 403
        assert page.post(at("competition_from", version.pk), {"everything": "1"}).status_code == 403
        step = at("competition_step", competition.pk, "announce")
        assert page.post(step).status_code == 404
        assert page.get(at("competition", competition.pk)).status_code == 404
        assert page.get(at("lot", competition.lots.get().pk)).status_code == 404
    competition.refresh_from_db()
    assert (competition.state, Competition.objects.count()) == (State.DRAFT, 1)


def test_only_steps_without_facts_are_taken_by_one_button(played, browse, clock):
    competition = scenes.announced_competition(played.gulnara)
    clock.set(scenes.DURING)
    page = browse(played.gulnara)
    for step in ("extend", "prepare", "publish", "no-such-step"):
        assert page.post(at("competition_step", competition.pk, step)).status_code == 404
    assert page.get(at("competition_step", competition.pk, "announce")).status_code == 405
    early = page.post(at("competition_step", competition.pk, "close_acceptance"))
    assert early.status_code == 409
    assert "Қабылдау әлі жүріп жатыр" in plain(early)
    clock.set(scenes.CLOSES + A_SECOND)
    assert page.post(at("competition_step", competition.pk, "close_acceptance")).status_code == 302


def test_a_secretly_edited_draft_changes_nothing_that_the_public_sees(played, browse, clock):
    version = scenes.approved_plan(played.gulnara)
    scenes.announced_competition(played.gulnara, version=version)
    draft = scenes.draft_competition(played.gulnara, version, title_kk="Құпия атау")
    clock.set(scenes.DURING)
    addresses = [at("competitions"), f"{at('competitions')}?q=құпия", at("lot", 999)]
    before = [plain(browse(played.aliya).get(address)) for address in addresses]
    Competition.objects.filter(pk=draft.pk).update(title_kk="Басқа", search="құпия басқа")
    draft.lots.all().delete()
    after = [plain(browse(played.aliya).get(address)) for address in addresses]
    assert [without_token(page) for page in before] == [without_token(page) for page in after]


def without_token(page):
    return re.sub(r"csrf\w*[^<>]*", "", page, flags=re.IGNORECASE)


# --- The desk ------------------------------------------------------------------------------------


@pytest.mark.req("GR-X-01")
def test_the_desk_counts_what_was_handed_in_and_admitted_lot_by_lot(played, browse, clock):
    competition = scenes.announced_competition(played.gulnara, topics=2)
    clock.set(scenes.DURING)
    one, two = competition.lots.all()
    for actor in (played.aliya, played.dana):
        application_scenes.a_submitted(one, actor)
    application_scenes.a_draft(two, played.dana)
    page = browse(played.gulnara).get(at("competition_manage", competition.pk))
    desk = page.context["desk"]
    assert [(x.lot, x.submitted, x.admitted) for x in desk.lots] == [(one, 2, 0), (two, 0, 0)]
    assert at("competition_extend", competition.pk) in plain(page)
    clock.set(scenes.CLOSES + A_SECOND)
    close_due()
    page = plain(browse(played.gulnara).get(at("competition_manage", competition.pk)))
    assert "2020 ж. 17 маусым" in page  # the check is due
    assert "Өтінімдерді сарапшыларға беру" in page
    assert "Комиссияның түпкілікті құрамы әлі бекітілмеген" in page
    assert "Ortaq, мерзімі бойынша" in page  # who ended acceptance


@pytest.mark.req("GR-P-14")
def test_failed_topics_are_announced_again_by_a_page(played, browse, clock):
    before = scenes.announced_competition(played.gulnara, topics=2)
    clock.set(scenes.CLOSES + timedelta(days=40))
    now = house_clock.now()
    Competition.objects.filter(pk=before.pk).update(state=State.PUBLISHED, published_at=now)
    first, second = before.lots.all()
    for lot in (first, second):
        Outcome.objects.create(
            lot=lot, kind="F1", submitted=0, admitted=0, prepared_at=now, published_at=now
        )
    page = browse(played.gulnara)
    assert at("competition_repeat", before.pk) in plain(
        page.get(at("competition_manage", before.pk))
    )
    form = page.get(at("competition_repeat", before.pk))
    # The topic with the same words is proposed.
    assert form.context["form"].fields[f"lot_{first.pk}"].initial == str(first.topic_id)
    nothing = page.post(at("competition_repeat", before.pk), {"kind": "repeat"})
    assert nothing.status_code == 422
    twice = {f"lot_{lot.pk}": first.topic_id for lot in (first, second)}
    assert (
        page.post(at("competition_repeat", before.pk), twice | {"kind": "repeat"}).status_code
        == 422
    )
    page.post(
        at("competition_repeat", before.pk),
        {"kind": "repeat", f"lot_{first.pk}": first.topic_id, f"lot_{second.pk}": ""},
    )
    again = Competition.objects.get(previous=before)
    assert (again.kind, again.lots.get().repeats) == ("repeat", first)
    # A draft shows nowhere in public.
    assert "қайта жарияланды" not in plain(browse(PASSER_BY).get(at("lot", first.pk)))
    page = browse(played.gulnara)
    page.post(
        at("competition_edit", again.pk),
        EDITED | {"closes_at": "2020-08-10T18:00", "title_kk": "Қайта"},
    )
    assert page.post(at("competition_step", again.pk, "announce")).status_code == 302
    assert "қайта жарияланды" in plain(browse(PASSER_BY).get(at("lot", first.pk)))
    assert "Қайта" in plain(browse(PASSER_BY).get(at("competition", before.pk)))
    assert before.title_kk in plain(browse(PASSER_BY).get(at("competition", again.pk)))


# --- Queries -------------------------------------------------------------------------------------


def test_pages_take_the_same_queries_with_one_and_three_of_everything(played, browse, clock):
    counted: dict[str, list[int]] = {}
    version = scenes.approved_plan(played.gulnara, 3)
    for number in (1, 3):
        while Competition.objects.count() < number:
            clock.set(scenes.OPENS)
            competition = scenes.draft_competition(played.gulnara, version)
            if number == 1:
                competition.lots.exclude(position=1).delete()
            COMPETITION.take("announce", competition, actor=played.gulnara)
        newest = Competition.objects.latest("pk")
        assert newest.lots.count() == number
        clock.set(scenes.DURING)
        pages = {
            "list": (PASSER_BY, at("competitions")),
            "announcement": (PASSER_BY, at("competition", newest.pk)),
            "lot": (PASSER_BY, at("lot", newest.lots.get(position=1).pk)),
            "manage": (played.gulnara, at("competition_manage", newest.pk)),
            "topics": (played.gulnara, at("competition_from", version.pk)),
        }
        for name, (actor, address) in pages.items():
            page = browse(actor)
            page.get(at("competitions"))  # the session is read once before
            with CaptureQueriesContext(connection) as taken:
                assert page.get(address).status_code == 200
            counted.setdefault(name, []).append(len(taken))
    assert {name: one for name, (one, three) in counted.items() if one != three} == {}
    assert counted["list"][0] <= 3
    assert counted["announcement"][0] <= 7
    assert counted["lot"][0] <= 6
