"""Bids that two persons open: nobody else does, before or after, whatever they hold."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from ortaq.core import journal, keyfolder
from ortaq.core.keys import key_of
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.planning.tests.scenes import cast
from ortaq.tenders import sealing, shares
from ortaq.tenders.models import Bid, Opener, OpeningKey, Tender
from ortaq.tenders.procedure import bid as bids
from ortaq.tenders.procedure import bid_draft, bid_vault, openers
from ortaq.tenders.procedure.opening import give_share, open_due, open_tender
from ortaq.tenders.procedure.tender import TENDER

from . import scenes
from .scenes import AFTER, ANNOUNCED, CLOSES, DURING, SECRET

pytestmark = pytest.mark.django_db
CODE = "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    monkeypatch.setattr(shares, "COST", 2**4)


def a_key(actor):
    key, code = openers.make_key(actor)
    openers.confirm_key(key, code.lower().replace("-", " "), actor=actor)
    return code


def named(tender, actor, officer):
    assert actor.user is not None
    return openers.name(tender, actor.user, actor=officer)


def key_of_person(actor):
    found = openers.key_of_person(actor.user.pk)
    assert found is not None
    return found


class Divided:
    """A tender whose bids Saule, Erlan and Nurlan open, any two of them; one bid of Aliya."""

    def __init__(self, clock, settings, names=("saule", "erlan", "nurlan")):
        settings.ORTAQ_OPENING = "two"
        clock.set(ANNOUNCED)
        self.cast = cast()
        self.tender = scenes.a_tender_draft(clock, self.cast)
        clock.set(ANNOUNCED)
        self.people = {name: getattr(self.cast, name) for name in names}
        self.codes = {name: a_key(actor) for name, actor in self.people.items()}
        for actor in self.people.values():
            named(self.tender, actor, self.cast.saule)
        TENDER.take("approve", self.tender, actor=self.cast.saule)
        TENDER.take("announce", self.tender, actor=self.cast.saule)
        self.lot = self.tender.lots.select_related("tender", "topic").get()
        clock.set(DURING)
        draft = scenes.a_complete_draft(self.lot, self.cast.aliya)
        bids.submit(draft, actor=self.cast.aliya, declared=True, code=CODE)
        self.bid = draft
        self.bid.refresh_from_db()

    def give(self, name, code=None):
        return give_share(self.tender, code or self.codes[name], actor=self.people[name])


@pytest.fixture
def scene(clock, settings, tmp_path):
    settings.ORTAQ_SEALS = tmp_path / "seals"
    return Divided(clock, settings)


def steps(subject):
    return [entry.step for entry in journal.history(subject)]


def test_one_share_opens_nothing_and_any_two_open_all(scene, clock):
    clock.set(AFTER)
    assert not scene.give("erlan")
    open_due()
    scene.tender.refresh_from_db()
    assert scene.tender.state == Tender.State.ANNOUNCED
    assert scene.give("nurlan")
    scene.bid.refresh_from_db()
    assert scene.bid.state == Bid.State.OPENED
    assert scene.bid.content is not None
    assert [e.facts for e in journal.history(scene.tender) if e.step == "give_share"] == [
        {"given": 1, "late": False},
        {"given": 2, "late": False},
    ]


@pytest.mark.req("SO-T-079")
def test_whoever_has_the_machine_with_database_folder_and_secret_key_reads_no_bid(scene, clock):
    clock.set(AFTER)
    scene.give("erlan")  # even with the share that lies here already
    with pytest.raises(sealing.Sealed):
        openers.private_half_of(scene.tender)
    # The folder holds the public half's boxes, a share and the key of drafts: none of them opens the bid.
    for name in keyfolder.names():
        secret = keyfolder.kept(name)
        if len(secret) == keyfolder.KEY:
            X25519PrivateKey.from_private_bytes(secret)
            with pytest.raises(sealing.Sealed):
                sealing.unseal(
                    secret, bytes(scene.bid.sealed), key_of(scene.bid), closes_at=CLOSES, now=AFTER
                )
    # Nor is there a draft of it, and every field together holds neither price nor text.
    assert bytes(scene.bid.draft) == b""
    with pytest.raises(sealing.Sealed):
        sealing.open_draft(key_of(scene.bid), bytes(scene.bid.put_away), "draft")
    row = Bid.objects.filter(pk=scene.bid.pk).values().get()
    assert SECRET not in str(row)
    assert "900000000" not in str(row)
    with pytest.raises(Refused):
        open_tender(scene.tender)  # the system itself
    with pytest.raises(PermissionDenied):
        bid_vault.look(scene.bid, scene.cast.aliya)


def test_nothing_is_asked_for_before_the_deadline(scene, clock):
    for now in (DURING, CLOSES):
        clock.set(now)
        with pytest.raises(Refused) as caught:
            scene.give("saule")
        assert caught.value.has("too_early")
    assert not Opener.objects.exclude(given_at=None).exists()
    assert not [name for name in keyfolder.names() if "share" in name]
    assert steps(scene.tender)[-1] == "refused"


def test_a_wrong_code_is_told_and_in_the_journal_and_the_right_one_still_counts(scene, clock):
    clock.set(AFTER)
    for wrong in (shares.new_code(), scene.codes["erlan"], "", "ABCDE"):
        with pytest.raises(ValidationError) as caught:
            give_share(scene.tender, wrong, actor=scene.people["saule"])
        assert caught.value.code == "code"
    assert steps(scene.tender).count("share_refused") == 4
    assert not scene.give("saule")


def test_a_share_given_twice_counts_once(scene, clock):
    clock.set(AFTER)
    assert not scene.give("saule")
    assert not scene.give("saule")
    assert steps(scene.tender).count("give_share") == 1


def test_the_share_of_another_tender_opens_nothing(scene, clock):
    shared, boxes = shares.divide(
        b"k" * 32,
        "ab" * 32,
        {str(a.user.pk): key_of_person(a).public for a in scene.people.values()},
    )
    mine = scene.tender.openers.get(person=scene.cast.saule.user)
    salt, pk = bytes(mine.key.salt), str(mine.person_id)
    foreign = shares.given(shared[pk], "ab" * 32, pk, scene.codes["saule"], salt)
    with pytest.raises(sealing.Sealed):  # put in the place of her own
        shares.given(shared[pk], scene.tender.seal_key, pk, scene.codes["saule"], salt)
    clock.set(AFTER)
    scene.give("erlan")
    own = openers._given(scene.tender)
    with pytest.raises(sealing.Sealed):
        sealing.private_half(scene.tender.seal_key, own | {pk: foreign})
    with pytest.raises(sealing.Sealed):
        shares.combined(boxes, "ab" * 32, own | {pk: foreign})


def test_one_lost_code_of_three_loses_nothing_and_a_new_code_is_for_later_tenders(scene, clock):
    lost = scene.codes["saule"]
    scene.codes["saule"] = a_key(scene.cast.saule)
    assert scene.codes["saule"] != lost
    clock.set(AFTER)
    with pytest.raises(ValidationError):
        scene.give("saule")
    scene.give("erlan")
    assert scene.give("nurlan")


def test_giving_late_is_in_the_journal_and_was_a_duty_all_the_time(scene, clock):
    owed = {
        one.bearer: one for one in Duty.objects.filter(subject=key_of(scene.tender), done_at=None)
    }
    assert {actor.key for actor in scene.people.values()} <= set(owed)
    assert owed[scene.cast.erlan.key].due_at == openers.due_at(scene.tender)
    clock.set(AFTER + timedelta(days=1))
    scene.give("erlan")
    scene.give("saule")
    assert [e.facts["late"] for e in journal.history(scene.tender) if e.step == "give_share"] == [
        True,
        True,
    ]
    left = Duty.objects.filter(subject=key_of(scene.tender), done_at=None)
    assert not left.filter(code__startswith="share").exists()
    assert not left.filter(code="open").exists()


def test_killed_between_the_second_share_and_the_opening_the_clock_opens(
    scene, clock, django_capture_on_commit_callbacks
):
    clock.set(AFTER)
    scene.give("erlan")
    openers.give(scene.tender, scene.codes["saule"], actor=scene.people["saule"])  # killed here
    with django_capture_on_commit_callbacks(execute=True):
        assert [one.pk for one in open_due().closed] == [scene.tender.pk]
    assert not [name for name in keyfolder.names() if "share" in name]  # they lie here no longer


def test_what_was_handed_in_is_taken_back_with_the_code_alone(scene):
    with pytest.raises(Refused) as caught:
        bids.withdraw(scene.bid, actor=scene.cast.aliya, code=shares.new_code())
    assert caught.value.has("wrong_code")
    bids.withdraw(scene.bid, actor=scene.cast.aliya, code=CODE.lower())
    again = bid_draft.begin(
        scene.lot, scene.cast.aliya.acting_for, actor=scene.cast.aliya, source=scene.bid
    )
    assert bid_vault.draft_of(again).data["description"]["mechanism"] == SECRET


def test_without_the_code_a_bid_is_withdrawn_all_the_same(scene):
    bids.withdraw(scene.bid, actor=scene.cast.aliya)
    assert bytes(Bid.objects.get(pk=scene.bid.pk).sealed) == b""


def test_two_persons_with_keys_are_named_before_it_is_announced(clock, settings):
    settings.ORTAQ_OPENING = "two"
    people = cast()
    draft = scenes.a_tender_draft(clock, people)
    TENDER.take("approve", draft, actor=people.saule)

    def lacks():
        return {one.code for one in TENDER.findings("announce", draft, people.saule)}

    assert "few_openers" in lacks()
    named(draft, people.erlan, people.saule)
    named(draft, people.nurlan, people.saule)
    assert {"opener_without_key", "just_two_openers"} <= lacks()
    key, code = openers.make_key(people.erlan)
    with pytest.raises(ValidationError):  # never typed back, or wrongly: the key does not count
        openers.confirm_key(key, shares.new_code(), actor=people.erlan)
    with pytest.raises(PermissionDenied):
        openers.confirm_key(key, code, actor=people.nurlan)
    assert "opener_without_key" in lacks()
    openers.confirm_key(key, code, actor=people.erlan)
    a_key(people.nurlan)
    assert not lacks() & {"few_openers", "opener_without_key"}
    with pytest.raises(PermissionDenied):
        named(draft, people.dana, people.dana)
    TENDER.take("announce", draft, actor=people.saule)
    assert draft.opening == Tender.Opening.TWO
    assert Letter.objects.filter(kind="opener").count() == 2
    with pytest.raises(Refused):
        named(draft, people.saule, people.saule)


def test_the_code_stands_nowhere(scene, tmp_path):
    kept = json.dumps([str(row) for row in OpeningKey.objects.values()])
    kept += json.dumps([str(row) for row in Opener.objects.values()])
    kept += "".join(letter.body for letter in Letter.objects.all())
    kept += "".join(str(e.facts) for e in journal.history(scene.tender))
    for code in scene.codes.values():
        assert code not in kept
        assert shares.read_code(code) not in kept


def test_without_the_key_no_bid_is_given_up_and_the_journal_says_it_once(clock, settings, tmp_path):
    clock.set(DURING)
    one = scenes.a_scene()
    scenes.a_submitted_bid(one.lot, one.cast.aliya)
    clock.set(AFTER)
    there, settings.ORTAQ_SEALS = settings.ORTAQ_SEALS, tmp_path / "gone"
    for _minute in range(3):
        assert open_due().refused[0].has("key_missing")
    assert steps(one.tender).count("refused") == 1
    settings.ORTAQ_SEALS = there
    assert open_due().closed
    assert Bid.objects.get(lot=one.lot).content is not None
    call_command("journal", "verify")
