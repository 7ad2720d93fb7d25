"""What is kept of persons is known, can be taken away and is erased, and nothing that must hold breaks by it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.models import JournalEntry, Letter
from ortaq.core.procedure import SYSTEM
from ortaq.operations import checks, personal
from ortaq.operations.papers.personal import document
from ortaq.operations.procedure import forgetting
from ortaq.operations.queries.personal import BESIDE, PARTS, kept
from ortaq.people.models import Invitation, Membership, Organisation, Role, User
from ortaq.people.procedure import add_person
from ortaq.planning.models import Comment
from ortaq.signing.models import Signature
from ortaq.subscriptions.filters import Filters
from ortaq.subscriptions.models import Asked, Reader
from ortaq.subscriptions.procedure import subscription
from ortaq.tenders.models import Bid
from ortaq.tenders.tests import scenes as tendering
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parents[3] / "docs" / "personal-data.md"
SECRETS = {
    "password",
    "calendar_token",
    "token",
    "digest",
    "data",
    "draft",
    "salt",
    "share",
    "iin_hash",
}


def a_reader(person):
    subscription.subscribe(person.email, Filters(), "daily", "kk")
    return Reader.objects.get(address=person.email)


def a_letter(address, person=None, title="Құрметті Динара"):
    """A letter that was sent."""
    return Letter.objects.create(
        subject="organisation:1",
        kind="greeting",
        recipient=person,
        address=address,
        language="kk",
        title=title,
        body="Динара Оспанова",
        state=Letter.State.SENT,
        created_at=house_clock.now(),
    )


@pytest.fixture
def dinara(clock):
    """Somebody with an account, in whose name nothing binding was done: a role, a letter, a subscription, an invitation."""
    clock.set(house_clock.at(tendering.BEGUN_ON, 9))
    person = add_person(
        email="dinara@example.kz",
        password="Long-enough-1",
        surname="Оспанова",
        given_name="Динара",
        phone="+7 700 000 00 31",
    )
    ngo = factories.an_organisation()
    factories.a_member(ngo, Role.HEAD)
    Membership.objects.create(user=person, organisation=ngo, role=Role.OFFICER)
    a_reader(person)
    a_letter(person.email, person)
    Invitation.objects.create(
        organisation=factories.an_organisation(), email=person.email, role=Role.STAFF
    )
    return person


def whole_database():
    """Every text of every row, but for the journal, which has none of persons."""
    from django.apps import apps
    from django.core import serializers

    rows = (row for model in apps.get_models() for row in model._default_manager.all())
    return serializers.serialize("json", rows, ensure_ascii=False)


def faults():
    """What `ortaq check` finds, but for what the gazette writes a minute later."""
    return {str(one) for one in checks.every() if "gazette" not in one.do}


# --- The map ---------------------------------------------------------------------------------------


def test_every_field_that_can_hold_something_of_a_person_is_declared_once():
    declared = [field for group in personal.groups() for field in group.fields]
    assert len(declared) == len(set(declared))
    both = set(declared) & personal.plain()
    wanted = set(personal.fields_to_declare())
    assert not both
    missing = sorted(wanted - set(declared) - personal.plain())
    assert not missing, "Say in operations/personal.toml whether these hold something of persons"
    gone = sorted((set(declared) | personal.plain()) - wanted)
    assert not gone, "These fields are gone: take them out of operations/personal.toml"


def test_the_page_in_the_documentation_says_what_the_map_says():
    assert DOCUMENT.read_text() == document(), (
        "Run `ortaq personal document > docs/personal-data.md`"
    )


def test_what_is_given_out_is_declared_and_holds_no_secret():
    groups = {group.key for group in personal.groups()}
    given = {part.group for part in PARTS}
    assert given | BESIDE | {"acts"} == groups
    for part in PARTS:
        assert not SECRETS & set(part.fields.split())


# --- Taking it away --------------------------------------------------------------------------------


def test_a_person_takes_away_all_that_is_kept_of_them_and_nothing_of_others(dinara, walking):
    browser = Client()
    browser.force_login(dinara)
    other = add_person(email="marat@example.kz", surname="Сейітов", given_name="Марат")
    a_letter(other.email, other, title="Құрметті Марат")
    answer = browser.get(reverse("operations:personal_archive"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as found:
        content, page = json.loads(found.read("data.json")), found.read("index.html").decode()
    text = json.dumps(content, ensure_ascii=False)
    assert {"account", "letters", "subscriptions"} <= set(content["groups"])
    for said in ("Оспанова", "+7 700 000 00 31", "Құрметті Динара"):
        assert said in text
        assert said in page
    for hidden in (dinara.password, dinara.calendar_token, "Марат", "marat"):
        assert hidden not in text
        assert hidden not in page


def test_a_letter_that_is_not_released_is_not_given_out(dinara):
    Letter.objects.filter(recipient=dinara).update(state=Letter.State.PREPARED)
    assert "letters" not in {one.group.key for one in kept(dinara)}


# --- Erasing ---------------------------------------------------------------------------------------


def test_an_account_that_bound_nobody_leaves_nothing_but_a_number(dinara, client):
    client.force_login(dinara)
    refused = client.post(reverse("operations:personal_erase"), {"proof": "wrong"})
    assert refused.status_code == 422
    assert User.objects.get(pk=dinara.pk).is_active
    client.post(reverse("operations:personal_erase"), {"proof": "Long-enough-1"})
    assert client.get(reverse("operations:personal")).status_code == 302  # signed out
    text = whole_database()
    for said in ("Оспанова", "Динара", "dinara@", "700 000 00 31"):
        assert said not in text
    row = User.objects.get(pk=dinara.pk)
    assert not row.is_active
    assert not row.has_usable_password()
    assert not Membership.objects.current().filter(user=row).exists()
    facts = JournalEntry.objects.get(step="forgotten").facts
    assert facts["name_kept"] is False
    assert "dinara" not in str(facts)
    assert not Asked.objects.filter(refused=False).exists()
    assert not journal.verify()


def test_whoever_signed_what_must_be_kept_keeps_the_name_there_and_loses_all_else(clock):
    clock.set(tendering.DURING)
    scene = tendering.a_scene()
    receipt = tendering.a_submitted_bid(scene.lot, scene.cast.aliya)
    aliya = scene.cast.aliya.user
    assert aliya is not None
    factories.a_member(scene.cast.ngo, Role.HEAD)  # another head is there
    sound = faults()  # the scene was not begun by its steps
    before = (receipt.commitment, Bid.objects.get(pk=receipt.bid_id).sealed)
    found = forgetting.forget(aliya, actor=SYSTEM)
    assert "tenders.Bid" in found.keeps_name
    row = User.objects.get(pk=aliya.pk)
    assert row.full_name == aliya.full_name
    assert (row.phone, row.iin, row.is_active) == ("", None, False)
    assert row.email.endswith("@example.invalid")
    receipt.refresh_from_db()
    assert (receipt.commitment, Bid.objects.get(pk=receipt.bid_id).sealed) == before
    assert not journal.verify()
    assert faults() == sound


def test_the_last_head_and_a_sitting_member_are_told_why_not_yet(dinara):
    alone = factories.a_member(factories.an_organisation(name_ru="Фонд «Одна»"), Role.HEAD)
    head = alone.user
    assert head is not None
    with pytest.raises(ValidationError):
        forgetting.forget(head, actor=SYSTEM)
    assert User.objects.get(pk=head.pk).is_active
    assert Membership.objects.current().filter(user=head).exists()


def test_a_guest_is_forgotten_by_address(clock, settings):
    clock.set(house_clock.at(tendering.BEGUN_ON, 9))
    a_letter("madina@example.kz", title="madina@")
    subscription.subscribe("madina@example.kz", Filters(), "daily", "ru")
    call_command("personal", "erase", "Madina@example.kz", stdout=io.StringIO())
    assert "madina" not in whole_database()


def test_what_has_served_its_time_goes_and_what_has_not_stays(dinara, clock, settings):
    Signature.objects.count()
    call_command("personal", "due", stdout=io.StringIO())
    assert Letter.objects.get(recipient=dinara).body
    Membership.objects.all()
    stray = add_person(
        email="stray@example.kz", confirmed=False, surname="Біреу", given_name="Біреу"
    )
    clock.set(house_clock.now() + timedelta(days=settings.ORTAQ_LETTER_DAYS + 1))
    said = io.StringIO()
    call_command("personal", "due", "--list", stdout=said)
    assert "letters: 1" in said.getvalue()
    assert Letter.objects.get(recipient=dinara).body
    call_command("personal", "due", stdout=io.StringIO())
    letter = Letter.objects.get(recipient=dinara)
    assert (letter.body, letter.title) == ("", "Құрметті Динара")
    assert not Invitation.objects.exists()
    assert not User.objects.filter(pk=stray.pk).exists()
    assert User.objects.filter(pk=dinara.pk).exists()
    assert JournalEntry.objects.get(step="erased_by_term").facts["letters"] == 1
    assert Organisation.objects.exists()
    assert not Comment.objects.exists()


def test_everybody_reads_what_is_kept_of_persons(client):
    for language in ("kk", "ru", "en"):
        client.cookies["ortaq_language"] = language
        text = client.get(reverse("operations:privacy")).content.decode()
        assert all(
            getattr(group.why, language)[:30] in text
            for group in personal.groups()
            if "«" not in group.why.ru
        )
