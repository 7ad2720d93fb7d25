"""Letters go to whoever confirmed them and to nobody else, tell each publication once, and end with one click."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from ortaq.core import clock as core_clock
from ortaq.core import letters
from ortaq.core.models import Letter
from ortaq.people.actor import actor_for
from ortaq.subscriptions.filters import Filters
from ortaq.subscriptions.models import Asked, Reader, Subscription
from ortaq.subscriptions.procedure import digest
from ortaq.subscriptions.procedure import subscription as procedure
from ortaq.testing import factories

from .scenes import publish

STRANGER = "stranger@example.kz"
DAY = date(2026, 4, 6)  # a Monday


@pytest.fixture(autouse=True)
def today(db, clock):
    clock.set(core_clock.at(DAY, 10))
    return clock


def form(address=STRANGER, **other):
    return {"address": address, "frequency": "at_once", **other}


def ask(address=STRANGER, **other):
    return Client(headers={"accept-language": "ru"}).post(
        reverse("subscriptions:subscribe"), form(address, **other), follow=True
    )


def confirmed(address=STRANGER, frequency="at_once", **filters):
    procedure.subscribe(address, Filters(**filters), frequency, "ru")
    reader = Reader.objects.get(address=address)
    procedure.confirm(reader, list(reader.subscriptions.values_list("pk", flat=True)))
    return reader.subscriptions.order_by("-pk")[0]


def told():
    return [one for one in Letter.objects.order_by("pk") if one.kind.startswith("digest")]


# --- Consent ---------------------------------------------------------------------------------------


def test_nothing_is_sent_before_the_link_of_the_letter_was_used():
    ask(kind="competition")
    (letter,) = Letter.objects.all()
    assert (letter.address, letter.language, letter.recipient) == (STRANGER, "ru", None)
    publish()
    digest.send()
    assert not told()
    (path,) = re.findall(r"(/subscriptions/[\w-]{43}/)$", letter.body, re.MULTILINE)
    client = Client()
    page = client.get(path)
    assert page.status_code == 200
    digest.send()
    assert not told()  # a mail program that opens every link confirms nothing
    client.post(f"{path}confirm/", {"row": Subscription.objects.get().pk})
    digest.send()
    assert not told()  # what was published before is no news
    publish("Жаңа байқау")
    digest.send()
    (news,) = told()
    assert "Жаңа байқау" in news.body
    assert "Жас ерікті" not in news.body


def test_an_address_gets_one_letter_a_day_and_three_in_all_and_the_answer_never_changes(today):
    confirmed("known@example.kz", kinds=("tender",))
    Letter.objects.all().delete()
    answers = [ask("known@example.kz", kind="tender").content]
    for day in range(6):
        today.set(core_clock.at(DAY + timedelta(days=day), 10))
        answers += [ask(kind=kind).content for kind in ("tender", "grant")]
    assert len({re.sub(rb'(nonce|csrf\w*)="?[^">]*', b"", one) for one in answers}) == 1
    sent = Letter.objects.filter(address=STRANGER)
    assert sent.count() == 3
    assert not Letter.objects.filter(address="known@example.kz")  # nothing was left to confirm
    # What nobody confirmed is deleted, and it is remembered all the same that three were sent.
    today.set(core_clock.at(DAY + timedelta(days=20), 10))
    call_command("digest", verbosity=0)
    assert not Reader.objects.filter(address=STRANGER).exists()
    assert not Letter.objects.filter(address=STRANGER).exists()
    ask()
    assert not Letter.objects.filter(address=STRANGER).exists()
    assert not Reader.objects.filter(address=STRANGER).exists()
    assert STRANGER not in str(list(Asked.objects.values()))


def test_a_stranger_changes_nothing_of_a_confirmed_subscription_and_buries_nobody():
    row = confirmed(frequency="weekly")
    procedure.subscribe(STRANGER, Filters(), "at_once", "en")
    row.refresh_from_db()
    assert (row.frequency, row.reader.language) == ("weekly", "ru")
    for kind in Filters.parse("").kinds or ("topic", "plan", "grant", "tender", "order", "prize"):
        procedure.subscribe(STRANGER, Filters((kind,)), "daily", "ru")
    assert Subscription.objects.filter(confirmed_at=None).count() == procedure.MOST_WAIT


def test_ones_own_proven_address_needs_no_letter():
    aliya = factories.a_person(email="aliya@example.kz")
    EmailAddress.objects.create(user=aliya, email="aliya@example.kz", verified=True)
    other = factories.a_person(email="bolat@example.kz")
    EmailAddress.objects.create(user=other, email="bolat@example.kz", verified=False)
    client = Client()
    client.force_login(aliya)
    answer = client.post(reverse("subscriptions:subscribe"), form(" Aliya@example.kz "))
    reader = Reader.objects.get()
    assert answer["Location"] == reverse("subscriptions:manage", args=[reader.token])
    assert reader.subscriptions.get().confirmed_at
    # Somebody else's, and one's own that is not proven, are asked as a stranger's.
    assert (
        procedure.subscribe(
            "aliya@example.kz", Filters(("tender",)), "daily", "kk", actor=actor_for(other)
        )
        is None
    )
    assert (
        procedure.subscribe("bolat@example.kz", Filters(), "daily", "kk", actor=actor_for(other))
        is None
    )
    assert Subscription.objects.filter(confirmed_at=None).count() == 2


def test_the_owner_of_an_address_can_want_no_letters_at_all():
    row = confirmed()
    address = procedure.never_address(STRANGER)
    client = Client()
    assert client.get(address).status_code == 200
    assert Reader.objects.exists()
    client.post(address)
    assert not Reader.objects.exists()
    assert not Letter.objects.filter(address=STRANGER).exists()
    ask()
    assert not Letter.objects.filter(address=STRANGER).exists()
    assert client.post(address[:-3] + "xx/").status_code == 404
    assert row.pk


# --- Letters ---------------------------------------------------------------------------------------


def test_each_publication_is_told_once_in_order_and_only_where_it_is_followed():
    region = confirmed("a@example.kz", region="75")
    competitions = confirmed("b@example.kz", kinds=("competition",))
    publish("Бір")
    publish("Екі", kind="tender")
    publish("Қала", kind="ngo")
    publish("Жоқ", withdrawn=True)
    assert digest.send()[0] == 1
    assert digest.send() == (0, 0)
    publish("Үш")
    publish("Төрт")
    digest.send()
    bodies = [one.body for one in told() if one.address == "b@example.kz"]
    assert [re.findall("Бір|Екі|Үш|Төрт|Жоқ|Қала", body) for body in bodies] == [
        ["Бір"],
        ["Үш", "Төрт"],
    ]
    for row in (region, competitions):
        row.refresh_from_db()
    assert region.cursor == competitions.cursor == 6


def test_a_run_that_breaks_in_the_middle_neither_loses_nor_repeats_a_letter(monkeypatch):
    for number in range(3):
        confirmed(f"reader{number}@example.kz")
    publish()
    real, left = procedure.next_time, [1]

    def breaks(frequency, now):
        if not left:
            raise OSError("the power went off")
        left.pop()
        return real(frequency, now)

    with monkeypatch.context() as patched:
        patched.setattr(digest, "next_time", breaks)
        with pytest.raises(OSError, match="power"):
            digest.send()
    assert len(told()) == 1
    assert digest.send()[0] == 2
    assert sorted(one.address for one in told()) == [f"reader{n}@example.kz" for n in range(3)]


def test_what_is_no_longer_known_of_a_filter_stops_nobody_elses_letters():
    old = confirmed("old@example.kz")
    Subscription.objects.filter(pk=old.pk).update(filters="field=gone&kind=gone&region=00")
    confirmed("new@example.kz")
    publish()
    assert digest.send()[0] == 1
    page = Client().get(reverse("subscriptions:manage", args=[old.reader.token]))
    assert page.status_code == 200


def test_letters_of_a_day_and_a_week_wait_for_their_morning(today):
    daily, weekly = confirmed("a@example.kz", "daily"), confirmed("b@example.kz", "weekly")
    publish()
    assert digest.send() == (0, 0)
    today.set(core_clock.at(DAY + timedelta(days=1), 8))
    assert digest.send()[0] == 1
    today.set(core_clock.at(DAY + timedelta(days=2), 9))
    digest.send()
    publish("Түсте")
    today.set(core_clock.at(DAY + timedelta(days=2), 13))
    assert digest.send()[0] == 0  # no news in the morning does not mean: at noon
    today.set(core_clock.at(DAY + timedelta(days=7), 8))
    assert digest.send()[0] == 2
    assert [one.address for one in told()].count("b@example.kz") == 1
    assert daily.pk != weekly.pk


def test_a_long_letter_names_the_first_and_says_how_many_there_are():
    confirmed()
    for number in range(digest.NAMED + 2):
        publish(f"№{number};")
    digest.send()
    (letter,) = told()
    assert "№49;" in letter.body
    assert "№50;" not in letter.body
    assert f"{digest.NAMED + 2}" in letter.title
    assert "2" in letter.body


def test_a_name_breaks_neither_the_title_nor_the_headers_of_a_letter(django_assert_max_num_queries):
    ngo = factories.an_organisation(name_ru="Фонд\r\nBcc: all@example.kz")
    publish("Байқау\r\nSubject: x", recipient=ngo)
    confirmed(ngo=ngo.bin)
    publish("Байқау\r\nSubject: x", recipient=ngo)
    digest.send()
    (letter,) = told()
    assert "\n" not in letter.title
    letters.send_released()
    sent = next(one for one in mail.outbox if one.subject == letter.title)
    assert (sent.to, sent.bcc) == ([STRANGER], [])


def test_one_click_of_a_mail_program_ends_the_letters_and_the_address_is_gone():
    row = confirmed()
    publish()
    digest.send()
    letters.send_released()
    headers = mail.outbox[-1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (url,) = re.findall(r"^<http://[^/]+(/.+)>$", headers["List-Unsubscribe"])
    program = Client(enforce_csrf_checks=True)
    assert program.get(url).status_code == 200
    assert Subscription.objects.filter(pk=row.pk).exists()  # whoever only looks ends nothing
    for _again in range(2):  # what has ended, and what never was, get the same answer
        assert program.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    assert not Reader.objects.exists()
    assert not Letter.objects.filter(address=STRANGER).exists()


def test_many_who_follow_the_same_cost_one_look(django_assert_max_num_queries):
    for number in range(12):
        confirmed(f"reader{number}@example.kz", kinds=("competition",))
    publish()
    looks = 0

    def count(execute, sql, params, many, context):
        nonlocal looks
        looks += "gazette_publication" in sql and "SELECT" in sql
        return execute(sql, params, many, context)

    from django.db import connection

    with connection.execute_wrapper(count):
        assert digest.send() == (12, 12)
    assert looks < 12
