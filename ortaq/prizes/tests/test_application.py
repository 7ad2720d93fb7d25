"""The application: what it lacks, one direction, the bar, the last second, the receipt, paper, secrecy."""

import hashlib
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.core.frozen import Frozen
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.documents.writing.merge import Edit
from ortaq.people.actor import PASSER_BY
from ortaq.people.models import Role, Standing
from ortaq.prizes.content import checks
from ortaq.prizes.models import Application, Attachment, Award
from ortaq.prizes.procedure import application as procedure
from ortaq.prizes.procedure import application_draft as draft
from ortaq.prizes.procedure.application import APPLICATION
from ortaq.prizes.procedure.application_delivery import register
from ortaq.prizes.procedure.application_submission import nominee
from ortaq.prizes.queries import application as queries
from ortaq.testing import factories

from . import scenes
from .scenes import AFTER, DURING, HEALTH, LAST, YOUTH

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(clock):
    clock.set(DURING)
    return scenes.announced()


def codes(findings, severity="error"):
    return [one.code for one in findings if one.severity.value == severity]


# --- What it lacks -------------------------------------------------------------------------------


@pytest.mark.req("PR-020")
def test_a_draft_begins_with_what_the_site_knows_of_the_ngo(scene):
    said = scenes.begun(scene).content["questionnaire"]
    assert said["bin"] == scene.cast.ngo.bin
    assert said["registered_on"] == "2010-03-01"
    assert said["head"]["surname"] == "Әлиева"
    assert "iban" not in said


@pytest.mark.req("PR-014", "PR-015", "PR-016", "PR-022")
def test_everything_that_is_missing_is_named_with_its_clause(scene):
    whole = queries.whole_of(scenes.begun(scene))
    found = checks.everything(whole)
    assert all(one.cite for one in found)
    assert {"no_material", "no_charter", "no_registration", "no_bank", "no_rows"} <= set(
        codes(found)
    )
    complete = scenes.written(scene, scene.cast.dana)
    assert not codes(checks.everything(queries.whole_of(complete)))


@pytest.mark.req("PR-015", "PR-017")
def test_a_recommendation_without_contacts_and_a_copied_certificate_are_two_findings(scene):
    # Example 7.
    application = scenes.written(scene)
    scenes.write(application, scene.cast.aliya, {"recommendations/~r2/contacts": "—"})
    Attachment.objects.filter(kind="bank").update(original=False)
    with pytest.raises(Refused) as refused:
        procedure.submit(application, actor=scene.cast.aliya, declared=True)
    assert codes(refused.value.findings) == ["no_contacts", "bank_not_original"]
    application.refresh_from_db()
    assert application.state == "draft"
    scenes.write(application, scene.cast.aliya, {"recommendations/~r2/contacts": ""})
    assert "row_incomplete" in codes(checks.everything(queries.whole_of(application)))
    scenes.write(application, scene.cast.aliya, {"recommendations/~r2/contacts": "a@example.kz"})
    assert codes(checks.everything(queries.whole_of(application))) == ["bank_not_original"]


@pytest.mark.req("PR-015")
def test_one_recommendation_is_not_enough_and_any_two_are(scene):
    application = scenes.begun(scene)
    scenes.write(application, scene.cast.aliya, scenes.content(recommendations=1))
    lacks = [
        one for one in checks.everything(queries.whole_of(application)) if one.code == "no_rows"
    ]
    assert [one.about for one in lacks] == ["recommendations/recommendations"]
    two_ngos = {**scenes.content(), "recommendations/~r2/kind": "ngo"}
    scenes.write(application, scene.cast.aliya, two_ngos)
    assert "no_rows" not in codes(checks.everything(queries.whole_of(application)))


@pytest.mark.req("PR-019")
@pytest.mark.parametrize(
    ("path", "wrong", "code"),
    [
        ("iban", "KZ75125KZT1001300336", "not_an_account"),
        ("iban", "12345", "not_an_account"),
        ("bic", "ULGBKZ", "not_a_bic"),
        ("bin", "123", "not_a_bin"),
    ],
)
def test_a_mistyped_account_bank_or_bin_is_kept_and_named(scene, path, wrong, code):
    application = scenes.written(scene)
    scenes.write(application, scene.cast.aliya, {f"questionnaire/{path}": wrong})
    assert application.content["questionnaire"][path] == wrong
    assert codes(checks.everything(queries.whole_of(application))) == [code]


@pytest.mark.req("PR-023")
def test_projects_that_do_not_count_are_named_and_stay(scene):
    # Example 8.
    application = scenes.written(scene)
    row = "experience/projects"
    scenes.write(
        application,
        scene.cast.aliya,
        {
            f"{row}/~b/project": "Ескі жоба",
            f"{row}/~b/carried_out": "own",
            f"{row}/~b/first": "2014-01",
            f"{row}/~b/last": "2014-12",
            f"{row}/~b/results": "-",
            f"{row}/~c/project": "Басқа ұйымдағы жоба",
            f"{row}/~c/carried_out": "others",
            f"{row}/~c/first": "2018-01",
            f"{row}/~c/last": "2018-12",
            f"{row}/~c/results": "-",
            f"{row}/~d/project": "Жүріп жатқан жоба",
            f"{row}/~d/carried_out": "own",
            f"{row}/~d/first": "2015-01",
            f"{row}/~d/results": "-",
        },
    )
    found = checks.everything(queries.whole_of(application))
    assert codes(found, "warning") == ["experience_too_old", "experience_of_others"]
    procedure.submit(application, actor=scene.cast.aliya, declared=True)
    assert len(application.content["experience"]["projects"]) == 4


# --- Who may be nominated ------------------------------------------------------------------------


@pytest.mark.req("PR-003", "PR-008")
def test_parties_are_refused_standings_and_the_database_are_shown(scene):
    cast, found = scene.cast, scene.round
    assert codes(nominee(cast.ngo, found, DURING), "warning") == ["return_absent"]
    Standing.objects.create(
        organisation=cast.ngo, kind="liquidation", since=date(2019, 1, 1), evidence="-", source="-"
    )
    said = list(nominee(cast.ngo, found, DURING))
    assert (codes(said), codes(said, "warning")) == ([], ["liquidation", "return_absent"])
    party = factories.an_organisation(legal_form="political_party")
    head = factories.a_member(party, Role.HEAD)
    with pytest.raises(Refused, match="political_party"):
        draft.begin(scene.direction(), party, actor=head)


@pytest.mark.req("PR-006", "PR-007")
def test_a_prize_bars_for_three_years_from_its_payment(clock, scene):
    # Example 5.
    application = scenes.submitted(scene)
    Application.objects.filter(pk=application.pk).update(state="awarded")
    published = house_clock.at(date(2019, 11, 29), 10)
    scene.round.__class__.objects.update(published_at=published)
    award = Award.objects.create(
        direction=application.direction,
        application=application,
        share_tiyn=1,
        paid_on=date(2019, 12, 18),
    )
    for paid_on in (date(2019, 12, 18), None):
        Award.objects.filter(pk=award.pk).update(paid_on=paid_on)
        barred = [
            year
            for year in range(2020, 2025)
            if "barred"
            in codes(nominee(scene.cast.ngo, scene.round, house_clock.at(date(year, 9, 1), 12)))
        ]
        assert barred == [2020, 2021, 2022]
    assert "barred" not in codes(nominee(scene.cast.rival, scene.round, DURING))


@pytest.mark.req("PR-005")
def test_one_ngo_is_nominated_in_one_direction_and_may_withdraw_and_file_anew(scene):
    # Example 6.
    first = scenes.submitted(scene, field="environment_protection")
    with pytest.raises(Refused, match="second_direction"):
        scenes.begun(scene, field=YOUTH)
    procedure.withdraw(first, actor=scene.cast.aliya)
    second = scenes.submitted(scene, field=YOUTH)
    assert (first.number, second.number) == ("2019-0001", "2019-0002")


@pytest.mark.req("PR-005")
@pytest.mark.every_database
def test_the_database_itself_holds_one_nomination_a_year(scene):
    first = scenes.submitted(scene)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(
            round=scene.round,
            direction=scene.direction(YOUTH),
            organisation=scene.cast.ngo,
            state="submitted",
            number="2019-9999",
            created_by=scene.cast.aliya.user,
            created_at=DURING,
        )
    assert first.state == "submitted"


# --- Handing in ----------------------------------------------------------------------------------


@pytest.mark.req("PR-012")
def test_the_last_second_is_in_time_the_next_is_late_and_the_draft_is_kept(clock, scene):
    mine, theirs = scenes.written(scene), scenes.written(scene, scene.cast.dana, YOUTH)
    clock.set(LAST)
    procedure.submit(mine, actor=scene.cast.aliya, declared=True)
    clock.set(AFTER)
    with pytest.raises(Refused) as refused:
        procedure.submit(theirs, actor=scene.cast.dana, declared=True)
    assert codes(refused.value.findings) == ["acceptance_over"]
    theirs.refresh_from_db()
    assert theirs.state == "draft"
    assert theirs.content["innovation"] == scenes.SECRET
    assert [one.step for one in journal.history(theirs)][-1] == "refused"
    with pytest.raises(Refused, match="acceptance_over"):
        scenes.write(theirs, scene.cast.dana, {"innovation": "x"})
    with pytest.raises(Refused, match="acceptance_over"):
        procedure.withdraw(mine, actor=scene.cast.aliya)
    scenes.closed(scene)
    assert not Duty.objects.filter(code="submit_prize", done_at=None).exists()


def test_the_receipt_is_about_what_was_written_and_a_second_press_finds_it(scene):
    application = scenes.written(scene)
    receipt = procedure.submit(application, actor=scene.cast.aliya, declared=True)
    assert procedure.submit(application, actor=scene.cast.aliya, declared=True) == receipt
    assert receipt.sha256 == hashlib.sha256(bytes(receipt.content)).hexdigest()
    assert scenes.SECRET in bytes(receipt.content).decode()
    assert len(receipt.files) == 6
    receipt.number = "x"
    with pytest.raises(Frozen):
        receipt.save()
    with pytest.raises(Refused, match="moved_on"):
        scenes.write(application, scene.cast.aliya, {"innovation": "x"})


def test_whoever_presses_again_when_the_check_has_begun_since_the_answer_was_lost_finds_the_receipt(
    scene,
):
    application = scenes.written(scene)
    receipt = procedure.submit(application, actor=scene.cast.aliya, declared=True)
    Application.objects.filter(pk=application.pk).update(state=Application.State.ADMITTED)
    assert procedure.submit(application, actor=scene.cast.aliya, declared=True) == receipt
    with pytest.raises(Refused, match="not_yours"):
        procedure.submit(application, actor=scene.cast.dana, declared=True)


def test_the_accountant_writes_and_does_not_hand_in_and_a_rival_does_neither(scene):
    application = scenes.written(scene)
    scenes.write(application, scene.cast.bolat, {"contribution": "Болаттың мәтіні"})
    with pytest.raises(Refused, match="not_yours"):
        procedure.submit(application, actor=scene.cast.bolat, declared=True)
    with pytest.raises(PermissionDenied):
        scenes.write(application, scene.cast.dana, {"contribution": "x"})
    with pytest.raises(Refused, match="not_yours"):
        procedure.submit(application, actor=scene.cast.dana, declared=True)


def test_what_two_people_type_in_one_place_is_kept_for_both(scene):
    application = scenes.begun(scene)
    scenes.write(application, scene.cast.aliya, {"innovation": "бірінші"})
    version = application.version
    scenes.write(application, scene.cast.bolat, {"innovation": "екінші"})
    merged = draft.save(
        application,
        [Edit("innovation", version, {"innovation": "үшінші"})],
        actor=scene.cast.aliya,
    )
    assert merged.conflicts == {"innovation": "үшінші"}
    assert application.content["innovation"] == "екінші"
    conflict = application.conflicts.get()
    draft.settle(conflict, ["innovation"], actor=scene.cast.aliya)
    application.refresh_from_db()
    assert application.content["innovation"] == "үшінші"


def test_a_form_sent_twice_begins_one_draft(scene):
    once = uuid4()
    aliya, ngo = scene.cast.aliya, scene.cast.ngo
    first = draft.begin(scene.direction(), ngo, actor=aliya, once=once)
    assert draft.begin(scene.direction(), ngo, actor=aliya, once=once) == first
    with pytest.raises(Refused, match="moved_on"):
        draft.begin(scene.direction(YOUTH), ngo, actor=aliya, once=uuid4())


# --- Paper ---------------------------------------------------------------------------------------


def deliver(scene, received_at, **more):
    return register(
        scene.direction(HEALTH),
        scene.cast.ngo,
        actor=scene.cast.saule,
        received_at=received_at,
        way="hand",
        once=more.pop("once", uuid4()),
        papers={"application": 1, "questionnaire": 2, "bank_certificate": None},
        account=scenes.ACCOUNT,
        **more,
    )


@pytest.mark.req("PR-013", "PR-021")
def test_paper_that_came_in_time_is_registered_once_beside_the_ngos_own_draft(clock, scene):
    own = scenes.begun(scene)
    clock.set(AFTER)
    scenes.closed(scene)
    once = uuid4()
    found = deliver(scene, LAST, once=once, scans=[scenes.upload("all.pdf")])
    assert deliver(scene, LAST, once=once) == found
    assert (found.state, found.number, found.submitted_at) == ("submitted", "2019-0001", LAST)
    assert found.content["questionnaire"]["iban"] == scenes.ACCOUNT["iban"]
    own.refresh_from_db()
    assert own.state == "draft"
    lacks = [one.code for one in APPLICATION.findings("admit", found, scene.cast.saule)]
    assert lacks.count("paper_missing") == 4


@pytest.mark.req("PR-012", "PR-013")
def test_paper_that_came_late_or_second_is_refused_and_the_journal_keeps_it(clock, scene):
    scenes.submitted(scene)
    with pytest.raises(Refused, match="second_direction"):
        deliver(scene, DURING)
    clock.set(house_clock.at(date(2019, 9, 2), 10))
    scenes.closed(scene)
    with pytest.raises(Refused, match="received_late"):
        deliver(scene, AFTER)
    assert [one.step for one in journal.history(scene.round)][-1] == "refused"
    assert Application.objects.filter(way="hand").count() == 0
    with pytest.raises(PermissionDenied):
        register(
            scene.direction(),
            scene.cast.rival,
            actor=scene.cast.dana,
            received_at=DURING,
            way="post",
            once=uuid4(),
        )


@pytest.mark.req("PR-017")
def test_the_paper_original_is_asked_for_and_seen(clock):
    clock.set(AFTER)
    scene, mine, _theirs = scenes.two_applicants()
    APPLICATION.take("ask_original", mine, actor=scene.cast.saule)
    assert Duty.objects.filter(code="bring_original", done_at=None).exists()
    said = [one.code for one in APPLICATION.findings("admit", mine, scene.cast.saule)]
    assert "original_awaited" in said
    APPLICATION.take("see_original", mine, actor=scene.cast.saule)
    assert not Duty.objects.filter(code="bring_original", done_at=None).exists()


# --- Who sees ------------------------------------------------------------------------------------


def test_nobody_learns_who_applied_before_the_list(clock, scene):
    mine = scenes.written(scene)
    see = queries.applications_visible_to
    cast = scene.cast
    assert see(cast.bolat).filter(pk=mine.pk).exists()
    for actor in (PASSER_BY, cast.saule, cast.dana, cast.gulnara, cast.erlan):
        assert not see(actor).exists()
    procedure.submit(mine, actor=cast.aliya, declared=True)
    assert see(cast.saule).exists()
    for actor in (PASSER_BY, cast.dana, cast.gulnara, cast.erlan):
        assert not see(actor).exists()
