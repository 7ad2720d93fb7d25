"""Independent experts: one to a project, nothing opens before the notice, a conflict bars."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from ortaq.core.models import Duty, JournalEntry, Letter
from ortaq.core.procedure import Refused
from ortaq.oversight.models import Engagement, Notice
from ortaq.oversight.policy.conflict import monitors
from ortaq.oversight.procedure import engagement as engaging
from ortaq.oversight.procedure.engagement import ENGAGEMENT
from ortaq.people.models import Membership, Role
from ortaq.registry.models import Affiliation, Expert

from .scenes import NOW, Cast, an_expert, answers, engaged, ordered

pytestmark = pytest.mark.django_db
State = Engagement.State


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    return ordered()


@pytest.mark.req("SO-M-12")
def test_nothing_opens_before_the_expert_signs_the_notice(cast):
    made = engaged(cast, cleared=False)

    assert not monitors(cast.erlan, cast.project)
    assert Duty.objects.get(code="sign_notice", done_at=None).bearer == cast.erlan.key
    assert "/oversight/" in Letter.objects.get(kind="engaged").body

    engaging.sign(made, conflict=False, answers=answers(), actor=cast.erlan)

    assert monitors(cast.erlan, cast.project)
    assert not Duty.objects.filter(code="sign_notice", done_at=None).exists()


@pytest.mark.req("SO-M-12", "SO-X-12")
@pytest.mark.parametrize(
    ("conflict", "given", "code"),
    [
        (None, answers(), "no_statement"),
        (False, {}, "not_answered"),
        (False, answers(close_kinship="Сәрсенов Асан, інісі"), "contradiction"),
        (True, answers(), "conflict_not_described"),
        (True, answers() | {"close_kinship": {"yes": True, "details": " "}}, "no_details"),
    ],
)
def test_a_notice_that_says_too_little_or_contradicts_itself_is_not_signed(
    cast, conflict, given, code
):
    made = engaged(cast, cleared=False)

    with pytest.raises(Refused) as refused:
        engaging.sign(made, conflict=conflict, answers=given, actor=cast.erlan)

    assert refused.value.has(code)
    assert not Notice.objects.exists()


@pytest.mark.req("SO-M-14", "SO-X-11")
def test_a_project_has_one_expert_at_a_time_and_the_next_one_after_him(cast):
    first = engaged(cast)
    expert = Expert.objects.get(person=an_expert("Асанова", "Айжан").user)

    with pytest.raises(Refused) as refused:
        engaging.invite(cast.project, expert, document="", actor=cast.saule)
    assert refused.value.has("one_expert")
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.create(project=cast.project, expert=expert, since=NOW)

    ENGAGEMENT.take("end", first, actor=cast.saule, remark="Уақыты жоқ")
    second = engaging.invite(cast.project, expert, document="", actor=cast.saule)

    assert [one.pk for one in cast.project.engagements.all()] == [second.pk, first.pk]
    assert not monitors(cast.erlan, cast.project)


@pytest.mark.req("SO-X-12")
def test_a_declared_conflict_bars_until_the_body_decides_with_reasons(cast):
    made = engaged(cast, cleared=False)
    kin = answers(close_kinship="Ыбыраев Болат, немере аға")
    engaging.sign(made, conflict=True, answers=kin, actor=cast.erlan)

    assert made.state == State.BARRED
    assert not monitors(cast.erlan, cast.project)
    assert Duty.objects.filter(code="decide_conflict", done_at=None).exists()
    with pytest.raises(Refused) as refused:
        ENGAGEMENT.take("admit", made, actor=cast.saule, remark=" ")
    assert refused.value.has("no_remark")

    ENGAGEMENT.take("admit", made, actor=cast.saule, remark="Алыс туыс, жобада жұмыс істемейді")

    assert monitors(cast.erlan, cast.project)


@pytest.mark.req("SO-X-12")
def test_a_tie_that_the_notice_kept_silent_bars_at_once_and_cannot_be_waved_through(cast):
    made = engaged(cast)
    Affiliation.objects.create(
        person=cast.erlan.user, organisation=cast.ngo, kind=Affiliation.Kind.PAYMENT, source="есеп"
    )

    made.refresh_from_db()
    assert made.state == State.BARRED
    assert not monitors(cast.erlan, cast.project)
    with pytest.raises(Refused) as refused:
        ENGAGEMENT.take("admit", made, actor=cast.saule, remark="Ештеңе етпейді")
    assert refused.value.has("nothing_to_admit")


@pytest.mark.req("SO-X-12")
def test_a_conflict_discovered_later_bars_and_the_first_notice_stays(cast):
    made = engaged(cast)
    engaging.sign(
        made,
        conflict=True,
        answers=answers(payments_last_three_years="Дәріс оқыды"),
        actor=cast.erlan,
    )

    assert made.state == State.BARRED
    assert [one.conflict for one in Notice.objects.order_by("id")] == [False, True]


@pytest.mark.req("SO-M-10")
def test_an_expert_with_a_known_tie_is_not_engaged_and_cannot_sign_that_there_is_none(cast):
    made = engaged(cast, cleared=False)
    # Recorded while the invitation waits: the expert is barred without having signed anything.
    Membership.objects.create(user=cast.erlan.user, organisation=cast.ngo, role=Role.STAFF)
    made.refresh_from_db()
    assert made.state == State.BARRED
    ENGAGEMENT.take("end", made, actor=cast.saule, remark="Байланыс табылды")

    with pytest.raises(Refused) as refused:
        engaging.invite(cast.project, cast.expert, document="", actor=cast.saule)
    assert refused.value.has("known_tie")


@pytest.mark.req("SO-M-10", "SO-X-27")
@pytest.mark.parametrize("stranger", ["kanat", "aliya", "nurbol", "erlan"])
def test_only_the_body_that_ordered_engages_experts(cast, stranger):
    with pytest.raises(Refused) as refused:
        engaging.invite(cast.project, cast.expert, document="", actor=getattr(cast, stranger))
    assert refused.value.has("not_yours")


def test_the_journal_says_nothing_of_what_the_notice_holds(cast):
    made = engaged(cast, cleared=False)
    engaging.sign(
        made, conflict=True, answers=answers(close_kinship="Ыбыраев Болат"), actor=cast.erlan
    )

    told = str([entry.facts for entry in JournalEntry.objects.all()])
    assert "Ыбыраев" not in told
