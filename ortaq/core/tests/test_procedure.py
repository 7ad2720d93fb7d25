"""Steps on a plain subject: a letter, since core has no legal procedure of its own."""

from datetime import date, timedelta
from functools import partial

import pytest

from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.duties import Owed
from ortaq.core.models import Duty, JournalEntry, Letter
from ortaq.core.procedure import SYSTEM, Procedure, Refused, Step, anyone
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.testing.together import at_once

DRAFT, RELEASED, SENT = "prepared", "released", "sent"


class Someone:
    key, behalf = "person:1", "organisation:2"


def nobody(actor, subject):
    return False


def the_system(actor, subject):
    return actor is SYSTEM


def finding(code, severity=Severity.ERROR):
    return Finding(code, severity, code)


def needs_title(letter, attempt):
    if not letter.title:
        yield finding("no_title")
    if len(letter.title) > 10:
        yield finding("long_title", Severity.WARNING)


def needs_body(letter, attempt):
    if not letter.body:
        yield finding("no_body")


def write_sum(letter, attempt):
    letter.error = "touched"
    letter.save(update_fields=["error"])
    return {"sum": attempt.facts.get("sum", 0)}


def fail(letter, attempt):
    letter.error = "touched"
    letter.save(update_fields=["error"])
    raise RuntimeError("the effect broke")


def owed(letter):
    if letter.state == DRAFT:
        yield Owed("release", "person:1", Text("Жіберу", "Отправить", "Release"))


RELEASE = Step(
    "release", "Release", source=DRAFT, target=RELEASED, by=anyone,
    requires=(needs_title, needs_body), effect=write_sum,
)  # fmt: skip
LETTERS = Procedure(
    Letter,
    (
        RELEASE,
        Step("send", "Send", source=RELEASED, target=SENT, by=the_system),
        Step("note", "Note", source=(DRAFT, RELEASED), target=None, by=anyone),
        Step("forbidden", "Forbidden", source=DRAFT, target=SENT, by=nobody),
        Step("broken", "Broken", source=DRAFT, target=SENT, by=anyone, effect=fail),
    ),
    duties=owed,
)


def a_letter(**fields):
    usual = {"kind": "k", "title": "Хат", "body": "Мәтін"}
    return LETTERS.begin(
        Letter(
            subject="x:1",
            address="a@example.kz",
            language="kk",
            created_at=core_clock.now(),
            **{**usual, **fields},
        ),
        actor=Someone(),
    )


@pytest.fixture
def letter(db):
    return a_letter()


def codes(refusal):
    return [found.code for found in refusal.value.findings]


def test_a_step_changes_the_state_writes_the_journal_and_settles_the_duties(letter):
    assert Duty.objects.filter(done_at=None).count() == 1
    entry = LETTERS.take("release", letter, actor=Someone(), sum=7)
    assert letter.state == RELEASED
    assert (entry.actor, entry.behalf) == ("person:1", "organisation:2")
    assert entry.facts == {"sum": 7, "from": DRAFT, "to": RELEASED}
    assert Duty.objects.filter(done_at=None).count() == 0
    assert journal.verify() == []


def test_a_refusal_gives_all_findings_that_stop_and_changes_nothing(db):
    letter = a_letter(title="", body="")
    before = JournalEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        LETTERS.take("release", letter, actor=Someone())
    assert codes(refusal) == ["no_title", "no_body"]
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (DRAFT, "")
    assert JournalEntry.objects.count() == before


def test_a_warning_does_not_stop_but_is_offered(db):
    letter = a_letter(title="Ұзақ тақырыпты хат")
    (offer,) = [o for o in LETTERS.offers(letter, Someone()) if o.step is RELEASE]
    assert [found.code for found in offer.findings] == ["long_title"]
    assert offer.open
    LETTERS.take("release", letter, actor=Someone())


def test_offers_are_the_steps_of_this_state_and_person(letter):
    def names(actor):
        return [offer.step.name for offer in LETTERS.offers(letter, actor)]

    assert names(Someone()) == ["release", "note", "broken"]
    assert names(SYSTEM) == []
    LETTERS.take("release", letter, actor=Someone())
    assert names(Someone()) == ["note"]
    assert names(SYSTEM) == ["send"]


def test_a_step_of_another_state_says_that_it_moved_on(letter):
    LETTERS.take("release", letter, actor=Someone())
    with pytest.raises(Refused) as refusal:
        LETTERS.take("release", letter, actor=Someone())
    assert codes(refusal) == ["moved_on"]


def test_a_stale_copy_of_the_subject_does_not_bring_the_old_state_back(letter):
    stale = Letter.objects.get(pk=letter.pk)
    LETTERS.take("release", letter, actor=Someone())
    with pytest.raises(Refused) as refusal:
        LETTERS.take("release", stale, actor=Someone())
    assert codes(refusal) == ["moved_on"]


def test_a_step_that_is_not_mine_is_refused(letter):
    for step, actor in (("forbidden", Someone()), ("release", SYSTEM)):
        with pytest.raises(Refused) as refusal:
            LETTERS.take(step, letter, actor=actor)
        assert codes(refusal) == ["not_yours"]


def test_an_effect_that_breaks_leaves_nothing_behind(letter):
    before = JournalEntry.objects.count()
    with pytest.raises(RuntimeError):
        LETTERS.take("broken", letter, actor=Someone())
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (DRAFT, "")
    assert JournalEntry.objects.count() == before


def test_a_step_without_target_is_journalled_and_keeps_the_state(letter):
    entry = LETTERS.take("note", letter, actor=Someone())
    assert (letter.state, entry.step, entry.facts) == (DRAFT, "note", {})


@pytest.mark.req("GR-A-19")
def test_a_clock_set_back_stops_every_step_and_says_so(letter, clock):
    clock.set(core_clock.now())
    LETTERS.take("note", letter, actor=Someone())
    clock.travel(minutes=-10)
    with pytest.raises(Refused) as refusal:
        LETTERS.take("note", letter, actor=Someone())
    assert codes(refusal) == ["clock_behind"]
    assert list(journal.history(letter))[-1].facts["why"] == [{"code": "clock_behind", "cite": ""}]
    clock.travel(minutes=10)
    LETTERS.take("note", letter, actor=Someone())


def test_two_servers_whose_clocks_differ_by_seconds_go_on(letter, clock):
    clock.set(core_clock.now())
    LETTERS.take("note", letter, actor=Someone())
    clock.travel(seconds=-3)
    LETTERS.take("note", letter, actor=Someone())


def test_two_steps_of_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="same name"):
        Procedure(Letter, (RELEASE, RELEASE))


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_press_at_once_one_succeeds_and_seven_are_told():
    letter = a_letter()
    pages = [Letter.objects.get(pk=letter.pk) for _ in range(8)]
    results = at_once(*(partial(LETTERS.take, "release", one, actor=Someone()) for one in pages))
    refused = [result for result in results if isinstance(result, Refused)]
    assert [refusal.findings[0].code for refusal in refused] == ["moved_on"] * 7
    assert [result.step for result in results if result not in refused] == ["release"]
    assert list(journal.history(letter).values_list("step", flat=True)) == ["begin", "release"]
    assert journal.verify() == []


@pytest.mark.django_db(transaction=True)
def test_many_subjects_at_once_leave_a_journal_that_holds_together():
    letters = [a_letter(kind=f"k{number}") for number in range(4)]

    def work(letter):
        return [LETTERS.take("note", letter, actor=Someone()).step for _ in range(5)]

    assert at_once(*(partial(work, letter) for letter in letters)) == [["note"] * 5] * 4
    assert JournalEntry.objects.filter(step="note").count() == 20
    journal.seal()
    assert journal.verify() == []


# --- Duties --------------------------------------------------------------------------------------


TITLE = Text("Ұсыну", "Подать", "Submit")


def kept(letter, *owed, now=None):
    from ortaq.core import duties

    duties.keep(letter, owed, now=now)
    return {(d.code, d.due_at, d.done_at is None) for d in Duty.objects.exclude(code="release")}


def test_a_duty_appears_moves_while_it_runs_and_is_done_never_deleted(letter, clock):
    start = clock.set(core_clock.at(date(2026, 5, 20), 9))
    soon, later = start + timedelta(days=3), start + timedelta(days=5)
    assert kept(letter, Owed("a", "person:1", TITLE, soon)) == {("a", soon, True)}
    assert kept(letter, Owed("a", "person:1", TITLE, later)) == {("a", later, True)}
    assert kept(letter) == {("a", later, False)}


def test_a_term_that_has_ended_does_not_move(letter, clock):
    start = clock.set(core_clock.at(date(2026, 5, 20), 9))
    due = start + timedelta(days=3)
    kept(letter, Owed("a", "person:1", TITLE, due))
    clock.travel(days=4)
    assert kept(letter, Owed("a", "person:1", TITLE, due + timedelta(days=30))) == {
        ("a", due, True)
    }


def test_a_duty_that_was_done_and_is_owed_again_has_the_new_term(letter, clock):
    start = clock.set(core_clock.at(date(2026, 5, 20), 9))
    kept(letter, Owed("a", "person:1", TITLE, start + timedelta(days=1)))
    kept(letter)
    clock.travel(days=10)
    again = core_clock.now() + timedelta(days=2)
    assert kept(letter, Owed("a", "person:1", TITLE, again)) == {("a", again, True)}


def test_open_duties_come_by_urgency_and_only_of_the_asked_bearers(letter, clock):
    from ortaq.core import duties

    start = clock.set(core_clock.at(date(2026, 5, 20), 9))
    kept(
        letter,
        Owed("none", "person:7", TITLE),
        Owed("late", "person:7", TITLE, start + timedelta(days=9)),
        Owed("soon", "organisation:7", TITLE, start + timedelta(days=1)),
        Owed("theirs", "person:8", TITLE, start),
    )
    mine = duties.open_for(["person:7", "organisation:7"])
    assert [duty.code for duty in mine] == ["soon", "late", "none"]
