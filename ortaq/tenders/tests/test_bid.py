from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from ortaq import documents, law
from ortaq.core import canonical, journal
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.documents.writing.merge import Edit
from ortaq.law.findings import Severity
from ortaq.law.tender import RUBRIC
from ortaq.people.actor import actor_for
from ortaq.people.models import Organisation, Role, Standing
from ortaq.tenders.content import checks
from ortaq.tenders.content.parts import edition_of
from ortaq.tenders.models import Bid, Tender
from ortaq.tenders.procedure import bid as procedure
from ortaq.tenders.procedure import bid_draft as draft
from ortaq.tenders.procedure import bid_vault as vault
from ortaq.tenders.procedure.bid import BID
from ortaq.tenders.procedure.bid_submission import bidder
from ortaq.tenders.procedure.opening import open_due, open_tender
from ortaq.testing import factories

from . import scenes
from .scenes import AFTER, CLOSES, DURING, TENGE

State = Bid.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(clock):
    clock.set(DURING)
    return scenes.a_scene()


def codes(findings, severity=Severity.ERROR):
    return {one.code for one in findings if one.severity is severity}


def refusal(caught):
    return {one.code for one in caught.value.findings}


def place(finding):
    """The clause that a finding names."""
    return finding.cite.place


def kept(subject):
    """The refusals in a subject's journal: the step, and each rule with its clause."""
    return [
        (one.facts["step"], why["code"], why["cite"])
        for one in journal.history(subject)
        if one.step == "refused"
        for why in one.facts["why"]
    ]


def last(subject):
    """The last entry of a subject's journal."""
    return list(journal.history(subject))[-1]


# --- Who may bid ------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-007", "SO-T-008", "SO-T-009")
@pytest.mark.parametrize("form", ["political_party", "trade_union", "religious"])
def test_parties_unions_and_religious_associations_are_refused_with_the_clause(scene, form):
    head = factories.a_member(factories.an_organisation(legal_form=form), Role.HEAD)
    with pytest.raises(Refused) as caught:
        scenes.a_draft(scene.lot, head)
    (bar,) = caught.value.findings
    assert (bar.code, place(bar)) == (form, "guide, definitions")
    assert not Bid.objects.exists()


@pytest.mark.req("SO-T-007")
def test_what_is_no_ngo_is_refused(scene):
    other = factories.an_organisation(Organisation.Kind.OTHER)
    with pytest.raises(Refused) as caught:
        scenes.a_draft(scene.lot, factories.a_member(other, Role.HEAD))
    assert refusal(caught) == {"not_ngo"}
    saule = scene.cast.saule  # a state body has no business here at all
    with pytest.raises(PermissionDenied):
        draft.begin(scene.lot, saule.acting_for, actor=saule)


def test_an_organisation_that_becomes_a_party_while_it_writes_cannot_hand_in(scene):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    Organisation.objects.filter(pk=scene.cast.ngo.pk).update(legal_form="political_party")
    with pytest.raises(Refused) as caught:
        procedure.submit(bid, actor=scene.cast.aliya, declared=True)
    assert refusal(caught) == {"political_party"}


@pytest.mark.req("SO-T-012", "SO-T-088", "GAP-T-01")
def test_who_is_not_in_the_ngo_database_may_bid_and_is_told_of_the_points(scene):
    edition = edition_of(scene.lot)
    found = list(bidder(scene.cast.ngo, edition, DURING))
    assert codes(found) == set()
    (told,) = [one for one in found if one.code == "register"]
    assert place(told) == "guide, stage 6, scoring table, C4"
    assert scenes.a_submitted_bid(scene.lot, scene.cast.aliya).number


@pytest.mark.req("SO-T-015")
def test_a_standing_warns_and_stops_nobody_since_no_source_says_so(scene):
    Standing.objects.create(
        organisation=scene.cast.ngo,
        kind=Standing.Kind.ATTACHED_PROPERTY,
        since=DURING.date(),
        evidence="Қаулы",
        source="Сот",
    )
    found = list(bidder(scene.cast.ngo, edition_of(scene.lot), DURING))
    assert "attached_property" in codes(found, Severity.WARNING)
    assert all(one.cite and one.cite.inferred for one in found if one.code == "attached_property")
    assert scenes.a_submitted_bid(scene.lot, scene.cast.aliya).number


@pytest.mark.req("SO-T-016")
def test_no_security_is_asked_for_anywhere_in_a_bid(scene):
    whole = vault.whole_of(scenes.a_draft(scene.lot, scene.cast.aliya))
    asked = {
        slot.path for _part, layout in whole.layouts for g in layout.groups for slot in g.slots
    }
    assert not [path for path in asked if "secur" in path or "guarantee" in path]
    assert set(draft.SLOTS) == {"charter", "consent", "experience", "other"}


def test_one_bid_for_a_lot(scene):
    scenes.a_draft(scene.lot, scene.cast.aliya)
    with pytest.raises(Refused):
        scenes.a_draft(scene.lot, scene.cast.aliya)
    scenes.a_draft(scene.lot, scene.cast.dana)


# --- Writing ------------------------------------------------------------------------------------------


def test_two_people_write_one_bid_and_lose_nothing(scene):
    aliya, bolat = scene.cast.aliya, scene.cast.bolat
    bid = scenes.a_draft(scene.lot, aliya)
    shown = bid.version
    draft.save(bid, [Edit("description/tasks", shown, {"description/tasks": "Әлия"})], actor=aliya)
    mine = [
        Edit("description/tasks", shown, {"description/tasks": "Болат"}),
        Edit("description/mechanism", shown, {"description/mechanism": "Әдіс"}),
    ]
    merged, after = draft.save(bid, mine, actor=bolat)
    assert merged.conflicts == {"description/tasks": "Болат"}
    assert after.data["description"] == {"tasks": "Әлия", "mechanism": "Әдіс"}
    bid.refresh_from_db()
    assert "open_conflict" in codes(checks.everything(vault.whole_of(bid)), Severity.WARNING)
    draft.settle(bid, ["description/tasks"], actor=bolat)
    bid.refresh_from_db()
    settled = vault.draft_of(bid)
    assert settled.data["description"]["tasks"] == "Болат"
    assert not settled.conflicts


@pytest.mark.req("SO-T-046")
def test_an_empty_bid_is_told_all_that_it_lacks_with_its_clause(scene):
    found = checks.everything(vault.whole_of(scenes.a_draft(scene.lot, scene.cast.aliya)))
    places = {one.about for one in found if one.severity is Severity.ERROR}
    assert {
        "experience/goals_match",
        "experience/qualification",
        "project/plan",
        "project/media_plan",
        "project/description/coverage_by_group",
        "results/indicators",
        "results/risks",
        "services/services/ss1/offer",
        "services/services/ss2/quantity",
        "price/price/offer",
    } <= places
    assert all(one.cite for one in found)
    goals = next(one for one in found if one.about == "experience/goals_match")
    assert "3" in str(goals.message)


@pytest.mark.req("GAP-T-21")
def test_responsible_persons_are_asked_for_though_the_level_of_six_points_names_none(scene):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    scenes.write(bid, {"plan/~a1/responsible": None}, scene.cast.aliya)
    bid.refresh_from_db()
    wrong = checks.everything(vault.whole_of(bid))
    assert [one.about for one in wrong if one.severity is Severity.ERROR] == ["project/plan/~a1"]
    plan = edition_of(scene.lot).rubric(RUBRIC).criteria[2]
    assert "жауапты" in plan.label.kk
    assert "жауапты" not in plan.level(6).meaning.kk


@pytest.mark.req("GAP-T-10")
def test_the_slips_of_the_guide_are_in_no_text_of_a_tender():
    """«Жарлық» (a decree) stands for «жарғы» (a charter) there."""
    law_of = Path(law.__file__).parent / "acts" / "tender_scoring"
    forms = Path(documents.__file__).parent / "forms" / "social_order"
    texts = [path.read_text("utf-8") for path in (*law_of.glob("*.toml"), *forms.rglob("*.yaml"))]
    assert len(texts) > 5
    assert not [text[:80] for text in texts if "жарлық" in text.lower()]
    assert any("құрылтай" in text.lower() for text in texts)  # what is meant: founding documents


@pytest.mark.req("SO-T-046", "SO-T-089")
def test_a_complete_bid_lacks_nothing_and_hears_what_costs_points(scene):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    assert codes(checks.everything(vault.whole_of(bid))) == set()
    scenes.write(
        bid,
        {
            "price/offer": 7_999_999 * TENGE,
            "services/ss1/quantity": 2,
            "plan/~a2/service": None,
            "indicators/~i4/level": "input",
            "experience/projects/~e1/last": "2017-01",
        },
        scene.cast.aliya,
    )
    bid.refresh_from_db()
    found = checks.everything(vault.whole_of(bid))
    assert codes(found) == {"project_reversed"}
    assert {"dumping", "less_than_asked", "service_not_planned", "indicators_missing"} <= codes(
        found, Severity.WARNING
    )


@pytest.mark.req("GAP-T-09", "GAP-T-22", "SO-T-096")
def test_the_price_is_warned_about_at_its_edges(scene):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    for tenge, told in (
        (8_000_000, set()),
        (7_999_999, {"dumping"}),
        (10_000_000, set()),
        (10_000_001, {"above_allocated"}),
    ):
        scenes.write(bid, {"price/offer": tenge * TENGE}, scene.cast.aliya)
        bid.refresh_from_db()
        found = list(checks.price(vault.whole_of(bid)))
        assert codes(found, Severity.WARNING) == told
    scenes.write(bid, {"price/offer": "тоғыз миллион"}, scene.cast.aliya)
    bid.refresh_from_db()
    with pytest.raises(Refused) as caught:
        procedure.submit(bid, actor=scene.cast.aliya, declared=True)
    assert refusal(caught) == {"not_a_sum"}


def test_an_order_of_several_years_asks_for_the_material_base(clock):
    clock.set(DURING)
    scene = scenes.a_scene(years=2)
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    found = checks.everything(vault.whole_of(bid))
    assert {one.about for one in found if one.severity is Severity.ERROR} == {"results/base"}


def test_files_are_known_by_their_content_and_taken_out_again(
    scene, django_capture_on_commit_callbacks
):
    bid = scenes.a_draft(scene.lot, scene.cast.aliya)
    with pytest.raises(ValidationError):
        draft.attach(bid, ContentFile(b"MZ", "a.pdf"), actor=scene.cast.aliya, slot="other")
    one = draft.attach(
        bid, ContentFile(scenes.PDF, "жарғы.pdf"), actor=scene.cast.bolat, slot="charter"
    )
    row = bid.files.get()
    assert row.name == ""
    assert vault.content_of(row, bytes.fromhex(one.key)) == scenes.PDF
    path = Path(site.MEDIA_ROOT) / vault.path_of(one.token)
    assert scenes.PDF not in path.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        draft.detach(bid, one.token, actor=scene.cast.aliya)
    assert not path.exists()
    assert draft.detach(bid, one.token, actor=scene.cast.aliya) is None


def test_a_draft_is_discarded_with_all_that_was_written(scene):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    pk = bid.pk
    BID.take(procedure.DISCARD, bid, actor=scene.cast.aliya)
    assert not Bid.objects.filter(pk=pk).exists()


# --- Handing in ---------------------------------------------------------------------------------------


@pytest.mark.req("SO-T-014", "SO-T-078")
def test_a_receipt_names_number_instant_and_commitment(scene):
    receipt = scenes.a_submitted_bid(scene.lot, scene.cast.aliya)
    bid = receipt.bid
    bid.refresh_from_db()
    assert (bid.state, bid.number, bid.submitted_at) == ("submitted", receipt.number, DURING)
    assert receipt.at == DURING
    assert len(receipt.commitment) == 64 == len(receipt.files[0])
    entry = last(bid)
    assert (entry.step, entry.facts["commitment"]) == ("submit", receipt.commitment)
    letter = Letter.objects.get(subject=f"tenders.bid:{bid.pk}")
    assert receipt.number in letter.body
    assert receipt.commitment in letter.body
    assert not Duty.objects.filter(subject=f"tenders.bid:{bid.pk}", done_at=None).exists()


def test_the_number_of_a_receipt_does_not_tell_how_many_have_bid(scene):
    one = scenes.a_submitted_bid(scene.lot, scene.cast.aliya).number
    other = scenes.a_submitted_bid(scene.lot, scene.cast.dana).number
    assert one[:-6] == other[:-6]
    assert (
        not one[-6:].isdigit()
        or not other[-6:].isdigit()
        or abs(int(one[-6:]) - int(other[-6:])) > 1
    )


def test_the_same_bid_has_another_commitment_each_time_so_that_no_price_is_guessed(scene):
    bid = scenes.a_submitted_bid(scene.lot, scene.cast.aliya).bid
    first = bid.commitment
    procedure.withdraw(bid, actor=scene.cast.aliya)
    again = draft.begin(scene.lot, scene.cast.ngo, actor=scene.cast.aliya, source=bid)
    second = procedure.submit(again, actor=scene.cast.aliya, declared=True)
    assert second.commitment != first


def test_only_head_or_deputy_hand_in_and_only_with_the_declaration(scene):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    for actor, declared, code in (
        (scene.cast.bolat, True, "not_yours"),
        (scene.cast.dana, True, "not_yours"),
        (scene.cast.aliya, False, "not_declared"),
    ):
        with pytest.raises(Refused) as caught:
            procedure.submit(bid, actor=actor, declared=declared)
        assert refusal(caught) == {code}


@pytest.mark.req("SO-T-078", "GAP-T-13")
def test_the_deadline_is_in_time_and_a_second_later_is_not_and_the_draft_is_kept(scene, clock):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    rival = scenes.a_complete_draft(scene.lot, scene.cast.dana)
    clock.set(CLOSES)
    assert procedure.submit(bid, actor=scene.cast.aliya, declared=True).at == CLOSES
    clock.set(AFTER)
    with pytest.raises(Refused) as caught:
        procedure.submit(rival, actor=scene.cast.dana, declared=True)
    (late,) = caught.value.findings
    assert (late.code, place(late)) == ("acceptance_over", "guide, SO vs grants table")
    assert kept(rival) == [("submit", "acceptance_over", str(late.cite))]
    rival.refresh_from_db()
    assert (rival.state, rival.sealed) == ("draft", b"")
    assert vault.draft_of(rival).data["description"]["mechanism"] == scenes.SECRET
    with pytest.raises(Refused):
        scenes.write(rival, {"description/tasks": "кеш"}, scene.cast.dana)
    with pytest.raises(Refused):
        procedure.withdraw(bid, actor=scene.cast.aliya)


def test_a_bid_is_withdrawn_and_handed_in_again_with_its_files(scene):
    first = scenes.a_submitted_bid(scene.lot, scene.cast.aliya)
    procedure.withdraw(first.bid, actor=scene.cast.aliya)
    first.bid.refresh_from_db()
    assert (first.bid.state, first.bid.sealed) == ("withdrawn", b"")
    again = draft.begin(scene.lot, scene.cast.ngo, actor=scene.cast.aliya, source=first.bid)
    copied = vault.draft_of(again)
    assert copied.data["price"] == {"offer": 9_000_000 * TENGE}
    (file,) = copied.files
    assert vault.content_of(again.files.get(), bytes.fromhex(file.key)) == scenes.PDF
    second = procedure.submit(again, actor=scene.cast.aliya, declared=True)
    assert second.number != first.number
    with pytest.raises(PermissionDenied):
        draft.begin(scene.lot, scene.cast.rival, actor=scene.cast.dana, source=second.bid)


def test_with_the_clock_set_back_behind_the_deadline_nothing_is_handed_in(scene, clock):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    clock.set(AFTER)
    open_due()
    clock.set(CLOSES - timedelta(minutes=1))
    with pytest.raises(Refused) as caught:
        procedure.submit(bid, actor=scene.cast.aliya, declared=True)
    assert refusal(caught) == {"clock_behind"}
    assert [code for _step, code, _cite in kept(bid)] == ["clock_behind"]


# --- Secrecy ------------------------------------------------------------------------------------------


def everything_stored() -> bytes:
    """All rows of all tables as a dump for a backup has them, and all files of the storage."""
    out = io.StringIO()
    call_command("dumpdata", stdout=out)
    held = out.getvalue().encode()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith("tenders_"):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own tables
                for row in cursor.fetchall():
                    held += b"".join(
                        bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
                        for one in row
                    )
    files = Path(site.MEDIA_ROOT).rglob("*")
    return held + b"".join(path.read_bytes() for path in files if path.is_file())


@pytest.mark.req("SO-T-079")
def test_neither_database_nor_storage_holds_a_price_or_a_text_before_the_opening(
    scene, clock, monkeypatch
):
    # A charter that no other test has left in the storage.
    monkeypatch.setattr(scenes, "PDF", b"%PDF-1.4\n% a charter of this test alone\n%%EOF\n")
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya, tenge=8_765_432)
    traces = [
        "8765432", "876543200", "8 765 432", scenes.SECRET, scenes.SECRET.encode("unicode_escape").decode(),
        "жарғы.pdf", "жарғы", scenes.PDF.decode(), "Карантин", "Үш тренинг",
    ]  # fmt: skip

    def found() -> list[str]:
        held = everything_stored()
        return [
            one for one in traces if one.encode() in held or one.encode("unicode_escape") in held
        ]

    assert found() == []  # already while it is a draft
    procedure.submit(bid, actor=scene.cast.aliya, declared=True)
    assert found() == []
    clock.set(AFTER)
    open_due()
    assert {"876543200", scenes.SECRET} <= set(found())  # the test looks where it says


@pytest.mark.req("SO-T-079")
def test_every_look_at_a_sealed_bid_is_in_the_journal(scene):
    bid = scenes.a_submitted_bid(scene.lot, scene.cast.aliya).bid
    bid = Bid.objects.select_related("lot__tender", "lot__topic", "organisation").get(pk=bid.pk)
    vault.look(bid, scene.cast.bolat)
    administrator = factories.a_person(is_staff=True, is_superuser=True)
    for actor in (scene.cast.saule, scene.cast.dana, actor_for(administrator)):
        with pytest.raises(PermissionDenied):
            vault.look(bid, actor)
    seen = [(one.step, one.actor) for one in journal.history(bid)][-4:]
    assert seen == [
        ("looked_at", scene.cast.bolat.key),
        ("look_refused", scene.cast.saule.key),
        ("look_refused", scene.cast.dana.key),
        ("look_refused", actor_for(administrator).key),
    ]


# --- Opening ------------------------------------------------------------------------------------------


def test_whoever_presses_again_after_the_opening_since_the_answer_was_lost_finds_the_receipt(
    scene, clock
):
    receipt = scenes.a_submitted_bid(scene.lot, scene.cast.aliya)
    clock.set(AFTER)
    assert open_due().closed == [scene.tender]
    bid = Bid.objects.get(pk=receipt.bid_id)
    assert procedure.submit(bid, actor=scene.cast.aliya, declared=True) == receipt
    with pytest.raises(Refused, match="not_yours"):
        procedure.submit(bid, actor=scene.cast.dana, declared=True)


@pytest.mark.req("SO-T-076", "SO-T-077", "SO-T-079")
def test_all_bids_are_opened_at_once_by_nobody_as_their_receipts_say(scene, clock):
    receipts = {
        scenes.a_submitted_bid(scene.lot, scene.cast.aliya, tenge=9_000_000),
        scenes.a_submitted_bid(scene.lot, scene.cast.dana, tenge=8_500_000),
    }
    clock.set(CLOSES)
    assert open_due().closed == []
    clock.set(AFTER)
    assert open_due().closed == [scene.tender]
    assert open_due().closed == []
    scene.tender.refresh_from_db()
    assert (scene.tender.state, scene.tender.opened_at) == ("opened", AFTER)
    assert scene.tender.review_by.date().isoformat() == "2024-03-07"
    for receipt in receipts:
        bid = Bid.objects.get(pk=receipt.bid_id)
        assert bid.state == "opened"
        assert canonical.sha256(bid.content) == receipt.commitment == bid.commitment
        assert bid.content is not None
        assert bid.price_tiyn == bid.content["price_tiyn"]
        assert [one["key"] for one in bid.content["services"]] == ["s1", "s2"]
        file = bid.files.get()
        assert file.name == "жарғы.pdf"
        assert vault.content_of(file, bytes(file.key)) == scenes.PDF
    entry = last(scene.tender)
    assert (entry.step, entry.actor, entry.facts["bids"]) == ("open", "", 2)
    assert Letter.objects.filter(kind="opened").count() == 2


@pytest.mark.req("SO-T-076")
def test_opening_early_is_refused_with_the_clause_and_kept_in_the_journal(scene, clock):
    scenes.a_submitted_bid(scene.lot, scene.cast.aliya)
    with pytest.raises(Refused) as caught:
        open_tender(scene.tender)
    (early,) = caught.value.findings
    assert (early.code, place(early)) == ("too_early", "guide, stage 6")
    assert kept(scene.tender) == [("open", "too_early", str(early.cite))]
    with pytest.raises(Refused) as caught:
        open_tender(scene.tender, actor=scene.cast.saule)  # no person opens, not even afterwards
    assert refusal(caught) == {"not_yours"}
    assert last(scene.tender).actor == scene.cast.saule.key
    assert Bid.objects.get().content is None


@pytest.mark.req("SO-T-076")
def test_with_the_clock_set_back_nothing_is_opened_however_often_one_tries(scene, clock):
    scenes.a_submitted_bid(scene.lot, scene.cast.aliya)
    clock.set(AFTER + timedelta(days=1))
    vault.note_refusal(scene.tender, scene.cast.saule, "test")  # something happens a day later
    clock.set(AFTER)
    for _attempt in range(2):
        with pytest.raises(Refused) as caught:
            open_tender(scene.tender)
        assert refusal(caught) == {"clock_behind"}
    assert kept(scene.tender) == [("open", "clock_behind", "guide, stage 6")] * 2
    assert not journal.verify()


def test_a_bid_that_was_changed_is_named_and_keeps_no_other_from_being_opened(scene, clock):
    good = scenes.a_submitted_bid(scene.lot, scene.cast.aliya)
    bad = scenes.a_submitted_bid(scene.lot, scene.cast.dana).bid
    # An administrator with the database puts another bid's seal in its place.
    Bid.objects.filter(pk=bad.pk).update(sealed=good.bid.sealed)
    clock.set(AFTER)
    open_due()
    bad.refresh_from_db()
    assert (bad.state, bad.content) == ("submitted", None)
    assert last(bad).step == "opening_failed"
    assert Bid.objects.get(pk=good.bid_id).state == "opened"
    assert last(scene.tender).facts["failed"] == [bad.number]


def test_a_bid_exchanged_together_with_its_commitment_does_not_match_its_receipt(scene, clock):
    bid = scenes.a_submitted_bid(scene.lot, scene.cast.aliya).bid
    bid = Bid.objects.select_related("lot__tender", "lot__topic", "organisation").get(pk=bid.pk)
    forged = {"format": "ortaq.bid/1", "price_tiyn": 1, "files": []}
    Bid.objects.filter(pk=bid.pk).update(
        sealed=vault.seal(bid, forged, {}), commitment=canonical.sha256(forged)
    )
    clock.set(AFTER)
    open_due()
    bid.refresh_from_db()
    assert (bid.state, bid.price_tiyn) == ("submitted", None)


def test_drafts_stay_drafts_at_the_opening_and_are_owed_no_longer(scene, clock):
    bid = scenes.a_complete_draft(scene.lot, scene.cast.aliya)
    assert Duty.objects.filter(code="submit_bid", done_at=None).count() == 1
    clock.set(AFTER)
    open_due()
    bid.refresh_from_db()
    assert (bid.state, bid.content) == ("draft", None)
    assert not Duty.objects.filter(code="submit_bid", done_at=None).exists()


def test_the_database_itself_refuses_a_price_before_the_opening(scene):
    bid = scenes.a_submitted_bid(scene.lot, scene.cast.aliya).bid
    with pytest.raises(IntegrityError), transaction.atomic():
        Bid.objects.filter(pk=bid.pk).update(price_tiyn=1)
    assert Tender.objects.get().state == "announced"
