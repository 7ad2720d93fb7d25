"""Letting people in and out: what an administrator may do, and that nobody is left out of it."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ortaq.core.keys import key_of
from ortaq.core.models import JournalEntry, Letter
from ortaq.operations.procedure import account
from ortaq.operations.procedure.account import Act, Reason
from ortaq.operations.urls import urlpatterns
from ortaq.people.actor import actor_for
from ortaq.testing import factories
from ortaq.testing.proving import prove, proved
from ortaq.testing.walking import Walker

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return factories.a_person(is_staff=True)


@pytest.fixture
def dana():
    return factories.a_person(email="dana@example.kz", surname="Дана")


def journalled(person) -> list[str]:
    rows = JournalEntry.objects.filter(subject=key_of(person), step__startswith="account_")
    return list(rows.order_by("number").values_list("step", flat=True))


def act(staff, person, word, reason="asked"):
    address = reverse("operations:account", args=[person.pk])
    return Walker(staff).post(address, {"act": word, "reason": reason})


def test_a_locked_account_is_out_at_once_and_its_owner_is_told_why_in_their_language(staff, dana):
    browser = Client()
    browser.force_login(dana)
    assert act(staff, dana, "lock", "suspected").status_code == 302
    assert browser.get(reverse("people:profile")).status_code == 302
    letter = Letter.objects.get(recipient=dana)
    assert letter.state == Letter.State.RELEASED
    assert "басқа біреу" in letter.body
    assert journalled(dana) == ["account_lock"]
    assert JournalEntry.objects.get(step="account_lock").facts == {"reason": "suspected"}
    assert act(staff, dana, "lock").status_code == 422
    assert act(staff, dana, "unlock", "mistake").status_code == 302
    assert browser.get(reverse("people:profile")).status_code == 302, "its old sessions stay ended"
    assert journalled(dana) == ["account_lock", "account_unlock"]


def addresses_of_the_console():
    """All that stand there today, with numbers of nothing."""
    samples = {"int": "1", "uuid": str(UUID(int=1))}
    for one in urlpatterns:
        if str(one.pattern).startswith("console/"):
            yield "/" + re.sub(r"<(\w+):\w+>", lambda kind: samples[kind[1]], str(one.pattern))


def test_at_an_unlocked_computer_nothing_is_changed_in_the_console(staff, settings):
    settings.ORTAQ_PROOF_MINUTES = 15
    left = proved(staff, 16)
    answers = {one: left.post(one) for one in addresses_of_the_console()}
    taken = {one: answer for one, answer in answers.items() if answer.status_code != 405}
    assert len(taken) >= 8
    for one, answer in taken.items():
        assert answer.url.startswith(reverse("account_reauthenticate")), one


def test_what_was_chosen_in_the_console_is_done_after_the_proof(staff, dana, settings):
    settings.ORTAQ_PROOF_MINUTES = 15
    left, address = proved(staff, 16), reverse("operations:account", args=[dana.pk])
    assert left.get(address).status_code == 200
    asked = left.post(address, {"act": "lock", "reason": "lost"})
    dana.refresh_from_db()
    assert dana.is_active
    done = prove(left, asked.url)
    assert done.url == address
    dana.refresh_from_db()
    assert not dana.is_active
    with translation.override("kk"):
        assert translation.gettext("Done. A letter to the person is on its way.") in (
            left.get(address).content.decode()
        )


def test_a_lost_second_factor_is_removed_with_all_sessions_and_told_each_time(staff, dana):
    browser = Client()
    browser.force_login(dana)
    for _time in range(2):
        Authenticator.objects.create(user=dana, type="totp", data={"secret": "x"})
        assert act(staff, dana, "reset", "lost").status_code == 302
    assert not Authenticator.objects.filter(user=dana).exists()
    assert browser.get(reverse("people:profile")).status_code == 302
    assert Letter.objects.filter(recipient=dana).count() == 2
    assert act(staff, dana, "reset", "lost").status_code == 422


def test_ending_all_sessions_leaves_the_password_as_it_is(staff, dana):
    dana.set_password("Qazaqstan-2020")
    dana.save()
    browser = Client()
    browser.force_login(dana)
    assert act(staff, dana, "end").status_code == 302
    assert browser.get(reverse("people:profile")).status_code == 302
    dana.refresh_from_db()
    assert dana.check_password("Qazaqstan-2020")
    browser.force_login(dana)
    assert browser.get(reverse("people:profile")).status_code == 200


def test_an_administrator_does_nothing_with_their_own_account_and_nobody_else_with_any(staff, dana):
    assert act(staff, staff, "end").status_code == 422
    assert act(dana, staff, "lock").status_code == 404
    with pytest.raises(ValidationError):
        account.take(Act.LOCK, staff, Reason.ASKED, actor=actor_for(staff))
    with pytest.raises(PermissionDenied):
        account.take(Act.LOCK, staff, Reason.ASKED, actor=actor_for(dana))
    assert journalled(staff) == []


def test_an_act_wants_one_of_the_reasons(staff, dana):
    assert act(staff, dana, "lock", "because").status_code == 422
    dana.refresh_from_db()
    assert dana.is_active


def test_accounts_are_found_one_by_one_and_not_by_leafing_through_people(staff, dana):
    administrator, address = Walker(staff), reverse("operations:accounts")
    found = administrator.get(address, {"q": " DANA@example.kz"})
    assert found.headers["Location"] == reverse("operations:account", args=[dana.pk])
    assert administrator.get(address, {"q": str(dana.pk)}).status_code == 302
    for asked in ("dana", "Дана", "@example.kz", "9" * 40):
        page = administrator.get(address, {"q": asked})
        assert page.status_code == 200
        assert "dana@example.kz" not in page.content.decode()
    assert administrator.get(address, {"q": "dana@example.kz\x00"}).status_code == 200


def test_a_way_in_that_guesses_have_closed_is_opened_and_the_journal_keeps_nothing_of_whom(
    staff, dana, clock
):
    way = AccessAttempt.objects.create(
        username=dana.email, ip_address="192.0.2.7", failures_since_start=10
    )
    few = AccessAttempt.objects.create(
        username="aliya@example.kz", ip_address="192.0.2.8", failures_since_start=2
    )
    administrator = Walker(staff)
    page = administrator.get(reverse("operations:accounts")).content.decode()
    assert "192.0.2.7" in page
    assert "192.0.2.8" not in page
    administrator.post(reverse("operations:open_way_in", args=[way.pk]))
    assert list(AccessAttempt.objects.all()) == [few]
    assert JournalEntry.objects.get(step="way_in_opened").facts == {"attempt": way.pk}


def test_the_page_of_an_account_costs_the_same_however_much_was_done(
    staff, dana, django_assert_max_num_queries
):
    for word in ("lock", "unlock", "end", "lock", "unlock"):
        act(staff, dana, word)
    administrator = Walker(staff)
    with django_assert_max_num_queries(9):
        page = administrator.get(reverse("operations:account", args=[dana.pk]))
    assert page.status_code == 200


def test_a_form_with_nothing_in_it_does_nothing_and_says_so(staff, dana):
    answer = Walker(staff).post(reverse("operations:account", args=[dana.pk]), {})
    assert answer.status_code == 422
    assert journalled(dana) == []
