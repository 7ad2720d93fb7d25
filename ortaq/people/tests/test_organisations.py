"""Registering, editing, inviting, leaving, standings: the steps and their pages."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as core_clock
from ortaq.core import journal, letters
from ortaq.core.models import Letter
from ortaq.people import procedure, queries
from ortaq.people.models import Invitation, Membership, Organisation, Role, Standing

from .cast import a_bin, a_person, an_organisation

pytestmark = pytest.mark.django_db

NEW = {
    "name_kk": "«Жаңа дем» қоғамдық қоры",
    "name_ru": "Общественный фонд «Жана дем»",
    "legal_form": "foundation",
    "region_code": "110000000",
}


def steps_of(organisation):
    return list(journal.history(organisation).values_list("step", flat=True))


@pytest.fixture
def browse(client):
    """`browse(person)`: a test client signed in as that person."""

    def sign_in(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


# --- Register and edit ---------------------------------------------------------------------------


def test_whoever_registers_an_ngo_becomes_its_head_and_acts_for_it(cast, browse):
    browser = browse(cast.erlan)
    number = a_bin()
    answer = browser.post(reverse("people:register"), {"bin": number, **NEW})
    organisation = Organisation.objects.get(bin=number)
    assert answer.url == reverse("people:organisation", args=[organisation.pk])
    assert organisation.kind == "ngo"
    assert cast.actor("erlan").roles_in(organisation) == {"head"}
    assert steps_of(organisation) == ["registered"]
    assert "«Жаңа дем» қоғамдық қоры" in browser.get(answer.url).content.decode()


def test_a_second_organisation_with_the_same_bin_is_refused_and_nothing_typed_is_lost(cast, browse):
    typed = {"bin": cast.ngo.bin, **NEW}
    page = browse(cast.erlan).post(reverse("people:register"), typed).content.decode()
    assert "Осы БСН-мен ұйым бұрыннан тіркелген" in page
    assert "Жаңа дем" in page
    assert Organisation.objects.filter(bin=cast.ngo.bin).count() == 1


def test_two_people_registering_one_bin_at_once_get_one_organisation_and_one_sentence(cast):
    number = a_bin()
    first, second = (Organisation(bin=number, name_kk="А", name_ru="А") for _ in range(2))
    # Both forms were valid before either was saved.
    for form in (first, second):
        form.full_clean()
    procedure.register_organisation(first, actor=cast.actor("erlan"))
    with pytest.raises(ValidationError) as refusal:
        procedure.register_organisation(second, actor=cast.actor("dana"))
    assert set(refusal.value.error_dict) == {"bin"}


@pytest.mark.parametrize(
    "wrong", ["12345", "200141000071", "201341000010", "абвгдеёжзийк", "", "2001410000700"]
)
def test_a_wrong_bin_is_answered_with_a_page_and_not_with_an_error(cast, browse, wrong):
    answer = browse(cast.erlan).post(reverse("people:register"), {"bin": wrong, **NEW})
    assert answer.status_code == 200
    assert "error" in answer.content.decode()
    assert not Organisation.objects.filter(name_kk=NEW["name_kk"]).exists()


def test_nobody_registers_an_operator_from_a_page(cast, browse):
    number = a_bin()
    browse(cast.erlan).post(reverse("people:register"), {"bin": number, "kind": "operator", **NEW})
    assert Organisation.objects.get(bin=number).kind == "ngo"
    with pytest.raises(PermissionDenied):
        procedure.register_organisation(
            Organisation(kind="operator", bin=a_bin(), name_kk="О", name_ru="О"),
            actor=cast.actor("erlan"),
        )


def test_a_head_edits_the_data_but_never_the_bin(cast, browse):
    number = cast.ngo.bin
    browse(cast.aliya).post(
        reverse("people:edit", args=[cast.ngo.pk]), {**NEW, "bin": a_bin(), "kind": "operator"}
    )
    cast.ngo.refresh_from_db()
    assert (cast.ngo.bin, cast.ngo.kind) == (number, "ngo")
    assert cast.ngo.name_ru == NEW["name_ru"]
    assert "жана дем" in cast.ngo.search
    entry = journal.history(cast.ngo).order_by("-number")[0]
    assert entry.step == "edited"
    assert entry.behalf == f"organisation:{cast.ngo.pk}"


# --- Who sees and may ----------------------------------------------------------------------------


def test_the_page_of_an_organisation_is_for_its_members_and_the_operator(cast, browse):
    address = reverse("people:organisation", args=[cast.ngo.pk])
    absent = reverse("people:organisation", args=[987654])
    hidden_text = set()
    for name, expected in {
        "aliya": 200,
        "bolat": 200,
        "gulnara": 200,
        "dana": 404,
        "erlan": 404,
        "saule": 404,
    }.items():
        browser = browse(getattr(cast, name))
        answer = browser.get(address)
        assert (name, answer.status_code) == (name, expected)
        if expected == 404:
            hidden_text.add(answer.content.decode().replace(str(cast.ngo.pk), ""))
            assert browser.get(absent).status_code == 404
            assert cast.ngo.name_kk not in answer.content.decode()


def test_a_passer_by_is_sent_to_sign_in(client, cast):
    answer = client.get(reverse("people:organisation", args=[cast.ngo.pk]))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("view", "allowed"),
    [
        ("edit", {"aliya"}),
        ("invite", {"aliya"}),
        ("record_standing", {"gulnara"}),
    ],
)
def test_who_may_open_what_in_an_organisation(cast, browse, view, allowed):
    address = reverse(f"people:{view}", args=[cast.ngo.pk])
    admitted = set()
    for name in ("aliya", "bolat", "dana", "erlan", "gulnara", "saule"):
        browser = browse(getattr(cast, name))
        answer = browser.post(address) if view == "invite" else browser.get(address)
        if answer.status_code != 404:
            admitted.add(name)
    assert admitted == allowed


def test_search_finds_parts_of_names_in_any_case_and_bins(cast):
    operator = cast.actor("gulnara")
    assert list(queries.search_organisations(operator, "әЛЕМ")) == [cast.ngo]
    assert list(queries.search_organisations(operator, cast.rival.bin[3:])) == [cast.rival]
    assert list(queries.search_organisations(operator, kind="state_body")) == [cast.akimat]
    assert list(queries.search_organisations(cast.actor("dana"), "әлем")) == []


def test_the_list_and_the_page_run_the_same_queries_for_one_and_for_many(cast, browse):
    browser = browse(cast.gulnara)
    addresses = [
        reverse("people:organisations"),
        reverse("people:organisation", args=[cast.ngo.pk]),
    ]

    def queries_run():
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    few = queries_run()
    for number, kind in enumerate(Standing.Kind.values):
        person = a_person("Көмекші", f"Н{number}")
        an_organisation(f"Қор {number}", (person, Role.HEAD))
        Membership.objects.create(user=person, organisation=cast.ngo, role=Role.STAFF)
        procedure.record_standing(liquidation(cast, kind=kind), actor=cast.actor("gulnara"))
    assert queries_run() == few


# --- Members -------------------------------------------------------------------------------------


def invite(cast, email, role="staff", by="aliya"):
    return procedure.invite(cast.ngo, email=email, role=role, language="kk", actor=cast.actor(by))


def test_an_invited_colleague_signs_up_and_joins(cast, browse):
    invite(cast, "Zhanar@Example.KZ", "accountant")
    assert letters.send_released() == letters.Sent(sent=1)
    (letter,) = mail.outbox
    assert letter.to == ["zhanar@example.kz"]
    assert "Әлем" in letter.subject
    assert "&#" not in letter.body
    newcomer = procedure.add_person(email="zhanar@example.kz", surname="Бекова", given_name="Жанар")
    browser = browse(newcomer)
    (invitation,) = queries.invitations_to(newcomer)
    answer = browser.post(reverse("people:accept", args=[invitation.pk]))
    assert answer.url == reverse("people:organisation", args=[cast.ngo.pk])
    assert browser.get(answer.url).status_code == 200
    assert steps_of(cast.ngo)[-2:] == ["invited", "joined"]


def test_an_invitation_is_only_for_who_has_proven_to_own_the_address(cast, browse):
    invitation = invite(cast, "zhanar@example.kz")
    thief = procedure.add_person(email="zhanar@example.kz", confirmed=False)
    for person in (thief, cast.dana):
        answer = browse(person).post(reverse("people:accept", args=[invitation.pk]))
        assert answer.status_code == 404
    with pytest.raises(ValidationError):
        procedure.accept(invitation, actor=cast.actor("dana"))
    assert not Membership.objects.filter(organisation=cast.ngo, user=thief).exists()


def test_the_inviter_does_not_learn_who_has_an_account(cast, browse):
    browser = browse(cast.aliya)
    pages = []
    for email in (cast.dana.email, "nobody@example.kz"):
        browser.post(
            reverse("people:invite", args=[cast.ngo.pk]),
            {"email": email, "role": "staff", "language": "kk"},
        )
        page = browser.get(reverse("people:organisation", args=[cast.ngo.pk])).content.decode()
        pages.append(email in page and cast.dana.surname not in page)
    assert pages == [True, True]


def test_an_invitation_is_not_sent_twice_and_lapses(cast, clock):
    invitation = invite(cast, "zhanar@example.kz")
    with pytest.raises(ValidationError):
        invite(cast, "ZHANAR@example.kz")
    newcomer = procedure.add_person(email="zhanar@example.kz")
    clock.travel(days=31)
    assert list(queries.invitations_to(newcomer)) == []
    assert invite(cast, "zhanar@example.kz").pk != invitation.pk
    assert queries.invitations_to(newcomer).count() == 1


def test_a_declined_or_withdrawn_invitation_cannot_be_accepted(cast):
    declined = invite(cast, cast.erlan.email)
    procedure.decline(declined, actor=cast.actor("erlan"))
    withdrawn = invite(cast, cast.erlan.email)
    procedure.withdraw_invitation(withdrawn, actor=cast.actor("aliya"))
    for invitation in (declined, withdrawn):
        with pytest.raises(ValidationError):
            procedure.accept(invitation, actor=cast.actor("erlan"))
    assert cast.actor("erlan").memberships == ()


def test_whoever_is_dismissed_loses_access_at_once(cast, browse):
    membership = Membership.objects.get(user=cast.bolat)
    browse(cast.aliya).post(reverse("people:end_membership", args=[membership.pk]))
    page = reverse("people:organisation", args=[cast.ngo.pk])
    assert browse(cast.bolat).get(page).status_code == 404
    membership.refresh_from_db()
    assert membership.ends_on == core_clock.today()
    assert steps_of(cast.ngo)[-1] == "left"


def test_nobody_ends_the_roles_of_others_but_everybody_their_own(cast, browse):
    membership = Membership.objects.get(user=cast.aliya)
    for person in (cast.bolat, cast.dana, cast.gulnara):
        answer = browse(person).post(reverse("people:end_membership", args=[membership.pk]))
        assert answer.status_code == 404
    own = Membership.objects.get(user=cast.bolat)
    procedure.end_membership(own, actor=cast.actor("bolat"))
    assert cast.actor("bolat").memberships == ()


def test_the_last_head_cannot_leave_before_another_has_come(cast):
    membership = Membership.objects.get(user=cast.aliya)
    with pytest.raises(ValidationError):
        procedure.end_membership(membership, actor=cast.actor("aliya"))
    procedure.accept(invite(cast, cast.erlan.email, "deputy"), actor=cast.actor("erlan"))
    procedure.end_membership(membership, actor=cast.actor("aliya"))
    assert list(queries.people_of(cast.ngo, "head", "deputy")) == [cast.erlan]


# --- The hat -------------------------------------------------------------------------------------


def test_a_person_changes_hats_and_comes_back_to_the_page(cast, browse):
    second = an_organisation("Екінші", (cast.aliya, Role.STAFF))
    browser = browse(cast.aliya)
    back = reverse("people:letters")
    answer = browser.post(reverse("people:act_for"), {"organisation": second.pk, "next": back})
    assert answer.url == back
    assert browser.get(back).wsgi_request.actor.acting_for == second


@pytest.mark.parametrize("wrong", ["", "x", "-1", "999999"])
def test_a_hat_that_is_not_mine_is_not_there(cast, browse, wrong):
    answer = browse(cast.aliya).post(reverse("people:act_for"), {"organisation": wrong})
    assert answer.status_code == 404


def test_the_rivals_hat_is_not_there_either(cast, browse):
    answer = browse(cast.aliya).post(reverse("people:act_for"), {"organisation": cast.rival.pk})
    assert answer.status_code == 404


def test_changing_hats_never_leads_to_a_foreign_site(cast, browse):
    answer = browse(cast.aliya).post(
        reverse("people:act_for"),
        {"organisation": cast.ngo.pk, "next": "https://evil.example/"},
    )
    assert answer.url == reverse("portal:desk")


# --- Standing ------------------------------------------------------------------------------------


def liquidation(cast, **fields):
    usual = {"kind": "liquidation", "evidence": "№ 12 қаулы", "source": "сот"}
    return Standing(organisation=cast.ngo, since=date(2020, 5, 1), **{**usual, **fields})


@pytest.mark.req("GR-A-09")
def test_the_operator_records_a_fact_and_the_organisation_sees_it_with_its_evidence(cast, browse):
    browse(cast.gulnara).post(
        reverse("people:record_standing", args=[cast.ngo.pk]),
        {
            "kind": "bankruptcy",
            "since": "2020-05-01",
            "evidence": "№ 12 қаулы",
            "source": "сот",
        },
    )
    (fact,) = queries.standing_on(cast.ngo, date(2020, 5, 20))
    assert (fact.kind, fact.recorded_by) == ("bankruptcy", cast.gulnara)
    (letter,) = Letter.objects.filter(kind="standing")
    assert (letter.recipient, letter.state) == (cast.aliya, Letter.State.RELEASED)
    page = browse(cast.bolat).get(reverse("people:organisation", args=[cast.ngo.pk]))
    assert "№ 12 қаулы" in page.content.decode()


def test_a_fact_needs_evidence_and_a_source(cast, browse):
    browse(cast.gulnara).post(
        reverse("people:record_standing", args=[cast.ngo.pk]),
        {"kind": "bankruptcy", "since": "2020-05-01", "evidence": "", "source": ""},
    )
    assert not Standing.objects.exists()


def test_an_ngo_cannot_record_or_end_facts(cast):
    with pytest.raises(PermissionDenied):
        procedure.record_standing(liquidation(cast), actor=cast.actor("dana"))
    fact = procedure.record_standing(liquidation(cast), actor=cast.actor("gulnara"))
    with pytest.raises(PermissionDenied):
        procedure.end_standing(fact, date(2020, 6, 1), actor=cast.actor("aliya"), reason="жоқ")


def test_the_same_fact_is_not_recorded_twice_and_ends_with_a_reason(cast, browse):
    fact = procedure.record_standing(liquidation(cast), actor=cast.actor("gulnara"))
    with pytest.raises(ValidationError):
        procedure.record_standing(liquidation(cast), actor=cast.actor("gulnara"))
    address = reverse("people:end_standing", args=[fact.pk])
    browser = browse(cast.gulnara)
    early = browser.post(address, {"until": "2020-04-30", "reason": "қате"})
    assert "бұрын тоқтатыла алмайды" in early.content.decode()
    browser.post(address, {"until": "2020-06-01", "reason": "№ 30 ұйғарым"})
    fact.refresh_from_db()
    assert fact.until == date(2020, 6, 1)
    assert fact.evidence.endswith("№ 30 ұйғарым")
    assert browser.get(address).status_code == 404


# --- Letters -------------------------------------------------------------------------------------


def test_letters_are_read_by_their_recipient_only_and_not_before_release(cast, browse):
    procedure.record_standing(liquidation(cast), actor=cast.actor("gulnara"))
    (letter,) = Letter.objects.all()
    address = reverse("people:letter", args=[letter.pk])
    assert browse(cast.aliya).get(address).status_code == 200
    assert browse(cast.dana).get(address).status_code == 404
    Letter.objects.update(state=Letter.State.PREPARED)
    browser = browse(cast.aliya)
    assert browser.get(address).status_code == 404
    assert letter.title not in browser.get(reverse("people:letters")).content.decode()


def test_old_invitations_are_kept_as_answered(cast):
    invitation = invite(cast, cast.erlan.email)
    procedure.accept(invitation, actor=cast.actor("erlan"))
    invitation.refresh_from_db()
    assert invitation.answered_at is not None
    assert Invitation.objects.count() == 1
    assert invitation.invited_at > core_clock.now() - timedelta(minutes=1)
