import io
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.template import engines

from ortaq.core import letters
from ortaq.core.models import Letter
from ortaq.people.tests.cast import a_person, an_organisation

pytestmark = pytest.mark.django_db
NOTHING = letters.Sent()
TEMPLATE = "core/test_letter.txt"
SOURCE = """{{ subject.name }}:
  шешім туралы

Құрметті {{ person.short_name|default:person.email }}!
{{ text }} {{ site_url }}
"""


@pytest.fixture(autouse=True)
def template(monkeypatch):
    made = engines["django"].from_string(SOURCE)
    monkeypatch.setattr(letters, "get_template", {TEMPLATE: made}.__getitem__)


@pytest.fixture
def organisation():
    return an_organisation("Әл'ем & К")


def prepare(organisation, *people, **options):
    return letters.prepare(organisation, "decision", people, TEMPLATE, {"text": "A < B"}, **options)


def test_a_letter_is_plain_text_in_one_line_of_title(organisation):
    person = a_person("Әлия", "Сәрсенова")
    (letter,) = prepare(organisation, person)
    assert letter.title == "«Әл'ем & К»:"
    assert "Құрметті Сәрсенова Ә.!" in letter.body
    assert "A < B" in letter.body


def test_names_are_in_the_language_of_the_reader(organisation):
    aliya, dana = a_person("Әлия", "С"), a_person("Дана", "Ж", language="ru")
    titles = [letter.title for letter in prepare(organisation, aliya, dana)]
    assert titles == ["«Әл'ем & К»:", "«Әл'ем & К» (рус.):"]


def test_nothing_leaves_before_it_is_released_and_then_everything_once(organisation):
    people = [a_person("Әлия", "С"), a_person("Дана", "Ж")]
    prepare(organisation, *people)
    assert letters.send_released() == NOTHING
    assert letters.release(organisation, "other kind") == 0
    assert letters.release(organisation, "decision") == 2
    assert letters.send_released() == letters.Sent(sent=2)
    assert letters.send_released() == NOTHING
    assert sorted(m.to[0] for m in mail.outbox) == sorted(p.email for p in people)


def test_a_letter_of_one_kind_about_one_thing_reaches_a_person_once(organisation):
    person, guest = a_person("Әлия", "С"), letters.Guest("new@example.kz")
    for _ in range(2):
        prepare(organisation, person, guest, release=True)
    assert Letter.objects.count() == 2
    letters.send_released()
    prepare(organisation, person, guest, release=True)
    assert letters.send_released() == NOTHING


class Server:
    """A mail server of our own making: what it answers to each letter, and whether it can be reached."""

    def __init__(self, *answers):
        self.answers, self.away, self.taken = list(answers), False, []

    def open(self):
        if self.away:
            raise ConnectionRefusedError(111, "Connection refused")

    def close(self):
        pass

    def send_messages(self, messages):
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken += messages
        return len(messages)


@pytest.fixture
def server(monkeypatch):
    server = Server()
    monkeypatch.setattr(letters, "get_connection", lambda: server)
    return server


def refused(code, said=b"mailbox"):
    return smtplib.SMTPRecipientsRefused({"x@example.kz": (code, said)})


def test_what_is_refused_for_now_is_tried_again_with_growing_pauses_and_for_a_limited_time(
    organisation, server, clock, settings
):
    settings.ORTAQ_LETTER_TRIES = 4
    clock.set(datetime(2026, 3, 2, 9, tzinfo=UTC))
    prepare(organisation, a_person("Әлия", "С"), release=True)
    pauses = []
    for _ in range(3):
        server.answers = [refused(451, b"greylisted")]
        assert letters.send_released() == letters.Sent(later=1)
        assert letters.send_released() == NOTHING
        letter = Letter.objects.get()
        pauses.append((letter.next_try_at - clock.instant) // timedelta(minutes=1))
        clock.set(letter.next_try_at)
    assert pauses == [1, 2, 4]
    server.answers = [refused(451, b"greylisted")]
    assert letters.send_released() == letters.Sent(failed=1)
    letter = Letter.objects.get()
    assert (letter.state, letter.error, letter.sent_at) == ("failed", "451 greylisted", None)
    call_command("post", "--again", stdout=io.StringIO())
    assert Letter.objects.get().state == "sent"


@pytest.mark.parametrize(
    "answer",
    [
        refused(550),
        smtplib.SMTPDataError(554, b"spam"),
        UnicodeEncodeError("ascii", "ә", 0, 1, "no"),
    ],
)
def test_what_is_refused_for_good_is_not_tried_again_and_the_others_leave(
    organisation, server, answer
):
    prepare(organisation, a_person("Әлия", "С"), a_person("Дана", "Ж"), release=True)
    server.answers = [answer]
    assert letters.send_released() == letters.Sent(sent=1, failed=1)
    assert letters.send_released() == NOTHING


@pytest.mark.parametrize(
    "trouble", [None, smtplib.SMTPSenderRefused(530, b"log in", "ortaq@example.kz")]
)
def test_a_server_that_is_away_costs_no_letter_a_try(organisation, server, trouble):
    prepare(organisation, a_person("Әлия", "С"), a_person("Дана", "Ж"), release=True)
    server.away, server.answers = trouble is None, [trouble]
    with pytest.raises(CommandError, match="does not answer"):
        call_command("post", stdout=io.StringIO())
    assert set(Letter.objects.values_list("state", "tries", "held_until")) == {
        ("released", 0, None)
    }
    server.away, server.answers = False, []
    assert letters.send_released() == letters.Sent(sent=2)


def test_a_letter_in_the_hand_of_a_killed_sender_is_sent_when_its_time_is_over_under_the_same_name(
    organisation, server, monkeypatch
):
    prepare(organisation, a_person("Әлия", "С"), release=True)

    class Killed(BaseException):
        pass

    def die(self, messages):
        self.taken += messages  # the server has it, and the sender never hears so
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Server, "send_messages", die)
        with pytest.raises(Killed):
            letters.send_released()
    assert letters.send_released() == NOTHING  # it may still be at work
    Letter.objects.update(held_until=Now() - timedelta(seconds=1))
    assert letters.send_released() == letters.Sent(sent=1)
    first, second = server.taken
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_letter_about_an_account_leaves_at_once_or_waits_and_says_nothing_once_it_is_sent(
    db, server, monkeypatch
):
    def letter():
        return mail.EmailMessage("Код", "123456", to=["new@example.kz"])

    monkeypatch.setattr(letters, "get_connection", lambda **_options: server)
    letters.send_or_keep(letter())
    assert (len(server.taken), Letter.objects.count()) == (1, 0)
    server.answers = [ConnectionRefusedError(111, "Connection refused")]
    letters.send_or_keep(letter())
    assert Letter.objects.get().body == "123456"
    assert letters.send_released() == letters.Sent(sent=1)
    assert (Letter.objects.get().body, letters.tidy()) == ("", 0)
    Letter.objects.update(created_at=Letter.objects.get().created_at - timedelta(days=4))
    assert letters.tidy() == 1


def test_a_letter_given_up_stays_and_can_be_sent_after_all(organisation):
    prepare(organisation, a_person("Әлия", "С"), release=True)
    assert letters.give_up(Letter.objects.all()) == 1
    assert letters.send_released() == NOTHING
    assert letters.retry(Letter.objects.all()) == 1
    assert letters.send_released() == letters.Sent(sent=1)
    assert letters.give_up(Letter.objects.all()) == 0


def test_a_letter_that_another_sender_took_is_not_sent_again(organisation, monkeypatch):
    first, second = a_person("Әлия", "С"), a_person("Дана", "Ж")
    prepare(organisation, first, second, release=True)
    send = mail.EmailMessage.send

    def send_while_another_works(self, fail_silently=False):
        Letter.objects.filter(recipient=second).update(state=Letter.State.SENT)
        return send(self, fail_silently)

    monkeypatch.setattr(mail.EmailMessage, "send", send_while_another_works)
    assert letters.send_released() == letters.Sent(sent=1)
    assert [message.to for message in mail.outbox] == [[first.email]]
