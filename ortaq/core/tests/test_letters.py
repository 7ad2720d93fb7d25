import smtplib

import pytest
from django.core import mail
from django.core.management import call_command
from django.template import engines

from ortaq.core import letters
from ortaq.core.models import Letter
from ortaq.people.tests.cast import a_person, an_organisation

pytestmark = pytest.mark.django_db
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
    assert letters.send_released() == (0, 0)
    assert letters.release(organisation, "other kind") == 0
    assert letters.release(organisation, "decision") == 2
    assert letters.send_released() == (2, 0)
    assert letters.send_released() == (0, 0)
    assert sorted(m.to[0] for m in mail.outbox) == sorted(p.email for p in people)


def test_a_letter_of_one_kind_about_one_thing_reaches_a_person_once(organisation):
    person, guest = a_person("Әлия", "С"), letters.Guest("new@example.kz")
    for _ in range(2):
        prepare(organisation, person, guest, release=True)
    assert Letter.objects.count() == 2
    letters.send_released()
    prepare(organisation, person, guest, release=True)
    assert letters.send_released() == (0, 0)


def test_what_the_server_refuses_is_kept_with_its_reason_and_sent_later(
    organisation, monkeypatch, capsys
):
    prepare(organisation, a_person("Әлия", "С"), release=True)

    def refuse(self, fail_silently=False):
        raise smtplib.SMTPException("mailbox full")

    with monkeypatch.context() as patched:
        patched.setattr(mail.EmailMessage, "send", refuse)
        call_command("post")
    (letter,) = Letter.objects.all()
    assert (letter.state, letter.error, letter.sent_at) == ("failed", "mailbox full", None)
    call_command("post")
    call_command("post", "--again")
    assert capsys.readouterr().out.splitlines() == [
        "Sent 0 letters, 1 failed.",
        "Sent 0 letters, 0 failed.",
        "Sent 1 letters, 0 failed.",
    ]


def test_a_letter_that_another_sender_took_is_not_sent_again(organisation, monkeypatch):
    first, second = a_person("Әлия", "С"), a_person("Дана", "Ж")
    prepare(organisation, first, second, release=True)
    send = mail.EmailMessage.send

    def send_while_another_works(self, fail_silently=False):
        Letter.objects.filter(recipient=second).update(state=Letter.State.SENT)
        return send(self, fail_silently)

    monkeypatch.setattr(mail.EmailMessage, "send", send_while_another_works)
    assert letters.send_released() == (1, 0)
    assert [message.to for message in mail.outbox] == [[first.email]]
