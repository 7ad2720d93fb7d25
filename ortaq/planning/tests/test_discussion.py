"""The public discussion: who comments when, what counts, how it is decided (SO-F-04..11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.people.actor import PASSER_BY
from ortaq.planning.models import Assessment, Comment, Formation, Topic
from ortaq.planning.papers.discussion import annex_1, annex_2
from ortaq.planning.procedure import comment, drafting
from ortaq.planning.procedure.changed import Changed
from ortaq.planning.procedure.formation import FORMATION, close_due
from ortaq.planning.queries import formation as queries
from ortaq.planning.tests import scenes
from ortaq.testing.together import at_once

State = Comment.State


def codes(refused) -> set[str]:
    return {finding.code for finding in refused.value.findings}


# --- Drafting and publishing ---------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-05", "SO-F-07", "SO-X-25", "SO-T-039", "SO-T-041")
def test_published_topics_are_discussed_for_ten_full_working_days(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    assert formation.state == Formation.State.DISCUSSION
    assert (formation.published_at, formation.closes_at) == (scenes.PUBLISHED, scenes.CLOSES)


@pytest.mark.django_db
@pytest.mark.req("SO-F-07")
def test_a_longer_discussion_may_be_chosen_and_a_shorter_one_is_lengthened(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    longer, shorter = (scenes.a_draft(cast.saule, cast.akimat) for _ in range(2))
    day = scenes.CLOSES.date()
    FORMATION.take("publish", longer, actor=cast.saule, closes_on=day + timedelta(days=4))
    FORMATION.take("publish", shorter, actor=cast.saule, closes_on=day - timedelta(days=4))
    assert longer.closes_at == scenes.CLOSES + timedelta(days=4)
    assert shorter.closes_at == scenes.CLOSES
    assert (longer.number, shorter.number) == (1, 2)


@pytest.mark.django_db
@pytest.mark.req("SO-F-02", "SO-F-04", "SO-F-06", "SO-G-09")
def test_all_that_annex_1_lacks_is_told_at_once(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    formation = scenes.a_draft(cast.saule, cast.akimat, 0)
    scenes.a_topic(formation, cast.saule, justification_kk="", result_kk="", sources=[])
    scenes.a_topic(formation, cast.saule, title_ru="", field="", planned_tiyn=5000 * 100)
    with pytest.raises(Refused) as refused:
        FORMATION.take("publish", formation, actor=cast.saule)
    found = [(f.code, f.numbers.get("topic")) for f in refused.value.findings]
    assert found == [
        ("column_empty", 1),
        ("no_source", 1),
        ("russian_missing", 2),
        ("field_unknown", 2),
    ]
    shown = FORMATION.findings("publish", formation, cast.saule)
    warnings = {finding.code for finding in shown} - {code for code, _topic in found}
    assert warnings == {"needs_not_assessed", "sum_in_thousands"}  # no bars
    formation.refresh_from_db()
    assert formation.state == Formation.State.DRAFT


@pytest.mark.django_db
@pytest.mark.req("SO-F-05")
def test_an_empty_list_and_a_stranger_publish_nothing(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    formation = scenes.a_draft(cast.saule, cast.akimat, 0)
    with pytest.raises(Refused) as refused:
        FORMATION.take("publish", formation, actor=cast.saule)
    assert codes(refused) == {"no_topics"}
    for stranger in (cast.nurlan, cast.aliya, PASSER_BY):
        with pytest.raises(Refused) as refused:
            FORMATION.take("publish", formation, actor=stranger)
        assert codes(refused) == {"not_yours"}
        with pytest.raises(PermissionDenied):
            scenes.a_topic(formation, stranger)


@pytest.mark.django_db
def test_published_topics_do_not_change(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    topic = formation.topics.get(position=1)
    acts = [
        lambda: scenes.a_topic(formation, cast.saule),
        lambda: drafting.remove_topic(topic, actor=cast.saule),
        lambda: drafting.move_topic(topic, 1, actor=cast.saule),
        lambda: drafting.edit(formation, ["plan_year"], actor=cast.saule),
        lambda: FORMATION.take("discard", formation, actor=cast.saule),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == {"moved_on"}
    assert formation.topics.count() == 2


@pytest.mark.django_db
def test_topics_are_moved_removed_and_copied_from_an_earlier_year(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    earlier = scenes.a_draft(cast.saule, cast.akimat, 3, year=2023)
    first, second, third = earlier.topics.all()
    drafting.move_topic(third, -1, actor=cast.saule)
    drafting.move_topic(first, -1, actor=cast.saule)  # is the first already
    assert [t.pk for t in earlier.topics.all()] == [first.pk, third.pk, second.pk]
    drafting.remove_topic(third, actor=cast.saule)
    assert [(t.pk, t.position) for t in earlier.topics.all()] == [(first.pk, 1), (second.pk, 2)]
    later = scenes.a_draft(cast.saule, cast.akimat, 1)
    copies = drafting.copy_topics(later, earlier.topics.all(), actor=cast.saule)
    assert [(t.position, t.title_kk) for t in copies] == [(2, "1-тақырып"), (3, "2-тақырып")]
    foreign = scenes.a_draft(cast.nurlan, cast.ministry, 1)
    with pytest.raises(PermissionDenied):
        drafting.copy_topics(later, foreign.topics.all(), actor=cast.saule)
    assert later.topics.count() == 3


@pytest.mark.django_db
def test_of_two_officers_who_write_one_topic_the_second_sees_what_the_first_saved(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    topic = scenes.a_draft(cast.saule, cast.akimat, 1).topics.get()
    mine, theirs = Topic.objects.get(pk=topic.pk), Topic.objects.get(pk=topic.pk)
    theirs.title_kk, mine.title_kk = "Бірінші", "Екінші"
    drafting.write_topic(theirs, [], actor=cast.saule, version=0)
    with pytest.raises(Changed) as changed:
        drafting.write_topic(mine, [], actor=cast.saule, version=0)
    assert changed.value.theirs.title_kk == "Бірінші"
    drafting.write_topic(mine, [], actor=cast.saule, version=1)
    topic.refresh_from_db()
    assert (topic.title_kk, topic.version) == ("Екінші", 2)


@pytest.mark.django_db
@pytest.mark.req("SO-G-09")
def test_an_assessment_of_another_body_justifies_nothing(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    topic = scenes.a_draft(cast.saule, cast.akimat, 1).topics.get()
    own, foreign = (
        Assessment.objects.create(
            body=body, act="rules_social_order", edition="2022", title_kk="Бағалау",
            begun_on=house_clock.today(), approved_on=house_clock.today(), state="approved",
        )
        for body in (cast.akimat, cast.ministry)
    )  # fmt: skip
    drafting.write_topic(topic, [own, foreign], actor=cast.saule, version=0)
    assert list(topic.assessments.all()) == [own]


# --- Comments ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-05")
def test_whoever_is_signed_in_is_heard_at_once_and_may_speak_for_an_ngo(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    topic = formation.topics.get(position=2)
    own = scenes.a_comment(formation, cast.erlan)
    ngo = scenes.a_comment(formation, cast.aliya, organisation=cast.ngo, topic=topic)
    assert [(c.number, c.state, c.who) for c in (own, ngo)] == [
        (1, State.RECEIVED, str(cast.erlan.user)),
        (2, State.RECEIVED, cast.ngo.name),
    ]
    for stranger in (cast.dana, cast.bolat):  # an accountant does not speak for the NGO
        with pytest.raises(PermissionDenied):
            scenes.a_comment(formation, stranger, organisation=cast.ngo)
    formation.refresh_from_db()
    topic.refresh_from_db()
    assert (formation.comments, topic.comments) == (2, 1)


@pytest.mark.django_db
@pytest.mark.req("SO-F-05")
def test_a_guest_counts_once_the_letter_is_answered(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    written = scenes.a_guest_comment(formation, language="ru")
    assert (written.state, written.number) == (State.UNCONFIRMED, None)
    letter = Letter.objects.get(kind="confirm")
    assert letter.address == "madina@example.kz"
    assert written.token in letter.body
    for _ in range(2):  # a link is opened twice
        written = comment.confirm(written.token)
    assert (written.state, written.number) == (State.RECEIVED, 1)
    formation.refresh_from_db()
    assert formation.comments == 1
    with pytest.raises(Comment.DoesNotExist):
        comment.confirm("nothing")


@pytest.mark.django_db
@pytest.mark.req("SO-F-08")
def test_a_guest_who_confirms_after_the_end_is_late(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    written = scenes.a_guest_comment(formation)
    clock.set(scenes.CLOSES + timedelta(seconds=1))
    assert comment.confirm(written.token).state == State.LATE


@pytest.mark.django_db
@pytest.mark.req("SO-F-08")
def test_a_late_comment_is_kept_and_never_considered(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    clock.set(scenes.CLOSES)
    last = scenes.a_comment(formation, cast.aliya, "Соңғы сәтте")
    clock.set(scenes.CLOSES + timedelta(seconds=1))
    late = scenes.a_comment(formation, cast.aliya, "Кешікті")
    assert (last.state, last.number, late.state, late.number) == (State.RECEIVED, 1, "late", None)
    scenes.closed(clock, formation)
    with pytest.raises(ValidationError) as refused:
        comment.decide(late, "accepted", reasons_kk="а", reasons_ru="б", actor=cast.saule)
    assert refused.value.code == "late"
    scenes.decided(formation, cast.saule)
    assert list(queries.report_rows(formation)) == [last]
    assert list(queries.comments_shown(formation)) == [last]
    assert queries.own_comments(formation, cast.aliya) == [late, last]


@pytest.mark.django_db
def test_floods_and_repetitions_are_stopped_person_by_person(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    scenes.a_comment(formation, cast.aliya, "Бір")
    with pytest.raises(ValidationError) as refused:
        scenes.a_comment(formation, cast.aliya, "Бір")
    assert refused.value.code == "repeated"
    for number in range(comment.MOST_A_DAY - 1):
        scenes.a_comment(formation, cast.aliya, str(number))
    with pytest.raises(ValidationError) as refused:
        scenes.a_comment(formation, cast.aliya, "Тағы бір")
    assert refused.value.code == "too_many"
    scenes.a_comment(formation, cast.dana, "Бір")  # others go on
    clock.travel(days=1)
    scenes.a_comment(formation, cast.aliya, "Тағы бір")


@pytest.mark.django_db
def test_an_address_gets_few_letters_a_day_whichever_discussion_they_are_about(clock):
    cast = scenes.cast()
    formations = [scenes.published(clock, cast.saule, cast.akimat) for _ in range(2)]
    for number in range(comment.MOST_LETTERS_A_DAY):
        scenes.a_guest_comment(formations[number % 2], str(number))
    with pytest.raises(ValidationError) as refused:
        scenes.a_guest_comment(formations[0], "Тағы")
    assert refused.value.code == "too_many"
    assert Letter.objects.count() == comment.MOST_LETTERS_A_DAY
    scenes.a_guest_comment(formations[0], "Басқа", email="other@example.kz")


@pytest.mark.django_db
def test_nobody_comments_on_a_draft_or_on_a_topic_of_another_list(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    draft = scenes.a_draft(cast.saule, cast.akimat)
    with pytest.raises(PermissionDenied):
        scenes.a_comment(draft, cast.aliya)
    with pytest.raises(PermissionDenied):
        scenes.a_comment(formation, cast.aliya, topic=draft.topics.first())


@pytest.mark.django_db
def test_a_clock_that_was_set_back_takes_no_comment_and_no_decision(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    clock.set(scenes.CLOSES + timedelta(hours=1))
    late = scenes.a_comment(formation, cast.aliya)
    clock.set(scenes.DURING)
    acts: list[Callable[[], object]] = [
        lambda: scenes.a_comment(formation, cast.dana),
        lambda: scenes.decided(formation, cast.saule),
        lambda: comment.hide(late, "Балағат сөз", actor=cast.saule),
    ]
    for act in acts:
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.code == "clock_behind"
    with pytest.raises(Refused) as stopped:
        FORMATION.take("close_discussion", formation, actor=cast.saule)
    assert codes(stopped) == {"clock_behind"}


# --- The end, the decisions, the report ----------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-07", "SO-F-09", "SO-X-25", "SO-T-053")
def test_the_clock_ends_a_discussion_and_three_working_days_begin(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    clock.set(scenes.CLOSES)
    assert close_due().closed == []
    with pytest.raises(Refused) as refused:
        FORMATION.take("close_discussion", formation, actor=cast.saule)
    assert codes(refused) == {"discussion_open"}
    clock.travel(minutes=10)
    call_command("tick")
    formation.refresh_from_db()
    assert formation.state == Formation.State.DECIDING
    # 24, 26 and 27 October 2023: the 25th is the Day of the Republic.
    assert formation.decide_by == house_clock.at(date(2023, 10, 27), 23, 59, 59)
    duty = Duty.objects.get(code="report", done_at=None)
    assert (duty.due_at, duty.cite) == (None, "№18-2022 annex 2")  # the act sets no term
    assert not Duty.objects.filter(code="decide").exists()  # nobody commented


@pytest.mark.django_db
@pytest.mark.req("SO-F-09", "SO-F-10", "SO-X-16")
def test_the_report_is_published_when_every_comment_is_decided_however_late(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    scenes.a_comment(formation, cast.aliya)
    guest = comment.confirm(scenes.a_guest_comment(formation, language="ru").token)
    scenes.closed(clock, formation)
    with pytest.raises(Refused) as refused:
        FORMATION.take("report", formation, actor=cast.saule)
    assert codes(refused) == {"comments_undecided"}
    assert refused.value.findings[0].numbers["comments"] == [1, 2]
    clock.travel(days=30)
    late = Duty.objects.get(code="decide", done_at=None)
    assert (late.due_at, late.cite) == (formation.decide_by, "№18-2022 ¶7(2)")
    assert formation.decide_by
    assert formation.decide_by < house_clock.now()
    scenes.decided(formation, cast.saule)
    late.refresh_from_db()
    assert late.done_at == house_clock.now()
    entry = FORMATION.take("report", formation, actor=cast.saule)
    assert entry.facts["in_time"] is False
    assert formation.reported_at == house_clock.now()
    assert Duty.objects.get(code="report").done_at is not None
    letters = {letter.address: letter for letter in Letter.objects.filter(kind="decided")}
    assert cast.aliya.user
    assert set(letters) == {cast.aliya.user.email, guest.email}
    assert "Предложение обосновано." in letters[guest.email].body
    with pytest.raises(ValidationError) as too_late:
        scenes.decided(formation, cast.saule)
    assert too_late.value.code == "reported"


@pytest.mark.django_db
@pytest.mark.req("SO-F-09", "SO-F-10", "SO-X-16", "SO-18-02")
@pytest.mark.parametrize(("edition", "in_time"), [("2018", False), ("2022", True)])
def test_a_report_weeks_after_timely_decisions_is_late_only_where_the_edition_sets_its_term(
    clock, edition, in_time
):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat, edition=edition)
    scenes.a_comment(formation, cast.aliya)
    scenes.closed(clock, formation)
    duty = Duty.objects.get(code="report")
    assert duty.due_at == (None if in_time else formation.decide_by)
    scenes.decided(formation, cast.saule)
    assert Duty.objects.get(code="decide").done_at is not None
    clock.travel(days=21)
    entry = FORMATION.take("report", formation, actor=cast.saule)
    assert entry.facts["in_time"] is in_time


@pytest.mark.django_db
@pytest.mark.req("SO-F-09")
def test_a_decision_has_reasons_in_both_languages_and_is_the_body_s(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    written = scenes.a_comment(formation, cast.aliya)
    for kk, ru in [("Иә", " "), ("", "Да")]:
        with pytest.raises(ValidationError) as refused:
            comment.decide(written, "declined", reasons_kk=kk, reasons_ru=ru, actor=cast.saule)
        assert refused.value.code == "no_reasons"
    for wrong in ("", "perhaps"):
        with pytest.raises(ValidationError) as refused:
            comment.decide(written, wrong, reasons_kk="Иә", reasons_ru="Да", actor=cast.saule)
        assert refused.value.code == "no_decision"
    for stranger in (cast.nurlan, cast.aliya, PASSER_BY):
        with pytest.raises(PermissionDenied):
            comment.decide(written, "accepted", reasons_kk="Иә", reasons_ru="Да", actor=stranger)
        with pytest.raises(PermissionDenied):
            comment.hide(written, "Ұнамайды", actor=stranger)


@pytest.mark.django_db
def test_of_two_officers_who_decide_one_comment_the_second_is_told(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    written = scenes.a_comment(formation, cast.aliya)
    other = scenes.a_comment(formation, cast.dana)
    mine, theirs = (Comment.objects.get(pk=written.pk) for _ in range(2))
    comment.decide(theirs, "accepted", reasons_kk="Иә", reasons_ru="Да", actor=cast.saule)
    with pytest.raises(ValidationError) as refused:
        comment.decide(mine, "declined", reasons_kk="Жоқ", reasons_ru="Нет", actor=cast.saule)
    assert refused.value.code == "moved_on"
    done = comment.decide_many(
        formation, [1, 2], "declined", reasons_kk="Жоқ", reasons_ru="Нет", actor=cast.saule
    )
    assert done == 1  # the first keeps the decision that it has
    written.refresh_from_db()
    other.refresh_from_db()
    assert (written.decision, other.decision) == ("accepted", "declined")
    seen = written.decided_at
    comment.decide(
        mine, "declined", reasons_kk="Жоқ", reasons_ru="Нет", actor=cast.saule, seen=seen
    )
    assert Comment.objects.get(pk=written.pk).decision == "declined"


@pytest.mark.django_db
def test_a_hidden_comment_keeps_its_number_its_record_and_its_decision(clock):
    cast = scenes.cast()
    formation = scenes.published(clock, cast.saule, cast.akimat)
    written = scenes.a_comment(formation, cast.aliya, "Ақымақтар!")
    comment.hide(written, "Балағат сөз", actor=cast.saule)
    formation.refresh_from_db()
    assert formation.comments == 1
    scenes.reported(clock, formation, cast.saule)
    printed = str(annex_2(formation, "kk"))
    assert "Ақымақтар" not in printed
    assert "Мазмұнын модератор жасырған: Балағат сөз" in printed
    written.refresh_from_db()
    assert (written.text, written.number, written.decision) == ("Ақымақтар!", 1, "accepted")
    assert [entry.step for entry in journal.history(written)] == ["receive", "hide", "decide"]
    comment.hide(written, "", actor=cast.saule)
    assert written.hidden_at is None


# --- Two editions side by side -------------------------------------------------------------------


def heads(paper):
    table = next(block for block in paper.blocks if hasattr(block, "columns"))
    return [column.header for column in table.columns], [
        [cell.text for cell in row.cells] for row in table.rows
    ]


@pytest.mark.django_db
@pytest.mark.req(
    "SO-F-11",
    "SO-18-01",
    "SO-18-02",
    "SO-18-03",
    "SO-G-02",
    "SO-X-19",
    "SO-X-28",
    "SO-G-09",
    "SO-T-054",
    "SO-T-055",
)
def test_a_year_of_2018_and_a_year_of_2022_stand_side_by_side(clock):
    cast = scenes.cast()
    old = scenes.published(clock, cast.saule, cast.akimat, edition="2018")
    assert (old.edition, old.closes_at) == ("2018", scenes.CLOSES_2018)
    scenes.a_comment(old, cast.aliya, organisation=cast.ngo, topic=old.topics.first())
    scenes.reported(clock, old, cast.saule)
    new = scenes.published(clock, cast.saule, cast.akimat)
    scenes.a_comment(new, cast.aliya, organisation=cast.ngo)
    scenes.reported(clock, new, cast.saule)

    assert [len(drafting.fields(one)) for one in (old, new)] == [17, 19]
    missing = set(drafting.field_keys(new)) - set(drafting.field_keys(old))
    assert missing == {"volunteer_initiatives", "responsible_treatment_of_animals"}
    assert [queries.late_serves_next_year(one) for one in (old, new)] == [True, False]

    columns, rows = heads(annex_2(old, "kk"))
    assert (len(columns), cast.ngo.name_kk in str(rows)) == (6, False)
    assert rows[0][3:] == ["Қабылданды", "", "Қабылданды: 1; қабылданбады: 0"]
    columns, rows = heads(annex_2(new, "kk"))
    assert len(columns) == 4
    assert rows[0][2:] == [
        f"{cast.ngo.name_kk}: Қолдаймыз",
        "Қабылданды. Ұсыныс негізделген.",
    ]
    assert "іске асыру мониторингі және осы тапсырыстың" in str(annex_1(old, "kk"))
    assert "оның іске асырылу мониторингі" in str(annex_1(new, "kk"))


@pytest.mark.django_db
@pytest.mark.req("SO-X-19")
def test_another_edition_than_the_one_in_force_is_pinned_with_a_reason(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    assert scenes.a_draft(cast.saule, cast.akimat, 0).edition == "2022"
    with pytest.raises(ValueError, match="reason"):
        scenes.a_draft(cast.saule, cast.akimat, 0, edition="2018")
    pinned = scenes.a_draft(
        cast.saule, cast.akimat, 1, edition="2018", edition_reason="2022 жылы басталған"
    )
    FORMATION.take("publish", pinned, actor=cast.saule)
    assert (pinned.edition, pinned.state) == ("2018", Formation.State.DISCUSSION)


@pytest.mark.django_db
@pytest.mark.req("SO-F-06", "SO-T-040")
def test_annex_1_prints_thousand_tenge_the_source_and_the_day(clock):
    cast = scenes.cast()
    clock.set(scenes.PUBLISHED)
    formation = scenes.a_draft(cast.saule, cast.akimat, 0)
    scenes.a_topic(formation, cast.saule, planned_tiyn=4_500_500_00)
    FORMATION.take("publish", formation, actor=cast.saule)
    columns, rows = heads(annex_1(formation, "ru"))
    assert len(columns) == 6
    assert rows[0][2] == "4\xa0500,5"
    source = queries.source_kinds(formation)["sociological_research"].ru
    assert rows[0][3].endswith(f"\nИсточник информации: {source}")
    assert "по состоянию на 9 октября 2023" in str(annex_1(formation, "ru"))
    assert "2023 жылғы 9 қазан жағдайы бойынша" in str(annex_1(formation, "kk"))


# --- Whatever happens ----------------------------------------------------------------------------


class AroundTheDeadline(TestCase):
    @given(st.lists(st.integers(-90, 90), min_size=1, max_size=8))
    @settings(max_examples=10)
    @pytest.mark.req("SO-F-08", "SO-F-11")
    def test_exactly_what_came_in_time_counts_and_is_numbered_without_gaps(self, seconds):
        cast = scenes.cast()
        with house_clock.frozen(scenes.PUBLISHED):
            formation = scenes.a_draft(cast.saule, cast.akimat)
            FORMATION.take("publish", formation, actor=cast.saule)
        in_time: list[str] = []
        for offset in sorted(seconds):
            with house_clock.frozen(scenes.CLOSES + timedelta(seconds=offset)):
                close_due()
                text = f"{offset} {len(in_time)}"
                email = f"g{len(in_time)}.{abs(offset)}.{Comment.objects.count()}@example.kz"
                written = scenes.a_guest_comment(formation, text, email=email)
                comment.confirm(written.token)
                if offset <= 0:
                    in_time.append(text)
        with house_clock.frozen(scenes.CLOSES + timedelta(minutes=5)):
            close_due()
            formation.refresh_from_db()
            scenes.decided(formation, cast.saule)
        rows = list(queries.report_rows(formation))
        assert [row.text for row in rows] == in_time
        assert [row.number for row in rows] == list(range(1, len(in_time) + 1))
        assert formation.comments == len(in_time)
        assert formation.all_comments.count() == len(seconds)


def together(*acts: Callable[[], object]) -> list[str]:
    """What became of each of the acts, taken at one moment: "done" or the refusal's code."""
    results = at_once(*acts)
    for found in results:
        if isinstance(found, Exception) and not isinstance(found, ValidationError):
            raise found
    return [str(found.code) if isinstance(found, ValidationError) else "done" for found in results]


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("SO-F-05")
def test_many_who_comment_at_once_get_numbers_of_their_own():
    cast = scenes.cast()
    formation = scenes.a_draft(cast.saule, cast.akimat, year=house_clock.today().year + 1)
    FORMATION.take("publish", formation, actor=cast.saule)
    topic = formation.topics.get(position=1)
    outcomes = together(
        *(lambda n=n: scenes.a_comment(formation, cast.dana, str(n), topic=topic) for n in range(8))
    )
    assert outcomes == ["done"] * 8
    numbers = Comment.objects.values_list("number", flat=True)
    assert set(numbers) == set(range(1, 9))
    formation.refresh_from_db()
    topic.refresh_from_db()
    assert (formation.comments, topic.comments) == (8, 8)


@pytest.mark.django_db(transaction=True)
def test_of_officers_who_decide_at_once_one_is_taken():
    cast = scenes.cast()
    formation = scenes.a_draft(cast.saule, cast.akimat, year=house_clock.today().year + 1)
    FORMATION.take("publish", formation, actor=cast.saule)
    written = scenes.a_comment(formation, cast.dana)

    def decide(decision: str) -> None:
        row = Comment.objects.get(pk=written.pk)
        comment.decide(
            row, decision, reasons_kk="Себебі", reasons_ru="Потому", actor=cast.saule, seen=None
        )

    outcomes = together(*(lambda d=d: decide(d) for d in ("accepted", "declined", "partly")))
    assert sorted(outcomes) == ["done", "moved_on", "moved_on"]


@pytest.mark.django_db(transaction=True)
def test_officers_who_begin_a_year_at_once_get_two_lists():
    cast = scenes.cast()
    outcomes = together(*(lambda: scenes.a_draft(cast.saule, cast.akimat, 0) for _ in range(3)))
    assert outcomes == ["done"] * 3
    assert sorted(one.number for one in Formation.objects.all()) == [1, 2, 3]
