"""Receiving a signature: what counts, what is kept, and what is required of a step."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.checks import Error

from ortaq.core import journal, keys
from ortaq.core.frozen import Frozen
from ortaq.core.procedure import Refused
from ortaq.people.models import Organisation
from ortaq.signing import audit, modes, occasions, requirement, verifiers
from ortaq.signing.models import Manifest, Signature, Verdict
from ortaq.signing.occasions import EMPLOYEE, Occasion, Party, What
from ortaq.signing.procedure import MOST, MOST_REFUSED, receive, recheck_due
from ortaq.signing.queries import signatures_of, standing
from ortaq.signing.requirement import missing
from ortaq.signing.verify.double import Double
from ortaq.signing.verify.report import error
from ortaq.testing import factories, signing

ALIYA_IIN = "880101400014"
# An organisation's card stands for any object: this room knows none of those above.
CARD = Occasion(
    "people.contract",
    "Contract",
    find=lambda actor, pk: Organisation.objects.filter(pk=pk).first(),
    edition=lambda card: None,
    what=lambda card: What(
        1, {"kk": card.name_kk, "ru": card.name_ru}, {"address": card.address_ru}
    ),
    parties=lambda card: [Party("ngo", "NGO", card.bin, keys.organisation(card.pk))],
    may_sign=lambda actor, card, party: card.pk in actor.organisation_ids,
    address=lambda card: "/card/",
)


@pytest.fixture
def aliya(db):
    return factories.a_member(factories.an_organisation(), iin=ALIYA_IIN)


@pytest.fixture(autouse=True)
def required(settings):
    settings.ORTAQ_SIGNATURES = ["contract=required"]


def codes(findings):
    return [f.code for f in findings]


def problems(signature):
    return codes(f for f in signature.findings if f.severity == "error")


def test_a_right_signature_counts_once_and_the_journal_has_hashes_only(aliya):
    card = aliya.acting_for
    (finding,) = missing(CARD, card)
    assert finding.code == "signature_missing"
    assert finding.numbers["address"] == f"/signing/people.contract/{card.pk}/?next=%2Fcard%2F"

    cms = signing.sign(CARD, card, aliya)
    signature = receive(CARD, card, actor=aliya, cms=cms)
    assert signature.is_valid
    assert missing(CARD, card) == []
    assert receive(CARD, card, actor=aliya, cms=cms) == signature
    assert (Signature.objects.count(), Manifest.objects.count()) == (1, 1)
    assert bytes(signature.manifest.data) == CARD.manifest(card)
    assert (signature.signer_iin, signature.signer_bin) == (ALIYA_IIN, card.bin)

    (entry,) = journal.history(card)
    assert entry.step == "signed"
    assert set(entry.facts) == {"occasion", "party", "manifest", "cms"}
    assert ALIYA_IIN not in json.dumps(entry.facts)
    assert ALIYA_IIN not in CARD.manifest(card).decode()


def test_what_was_signed_cannot_be_changed_or_deleted(aliya):
    signature = receive(
        CARD, aliya.acting_for, actor=aliya, cms=signing.sign(CARD, aliya.acting_for, aliya)
    )
    for forbidden in (signature.delete, signature.manifest.delete, signature.manifest.save):
        with pytest.raises(Frozen):
            forbidden()


def test_a_change_of_the_content_asks_for_a_new_signature_and_keeps_the_old(aliya):
    card = aliya.acting_for
    receive(CARD, card, actor=aliya, cms=signing.sign(CARD, card, aliya))
    card.address_ru = "город Астана, улица Достык, 2"
    card.save()
    assert codes(missing(CARD, card)) == ["sign_again"]
    (one,) = standing(CARD, card)
    assert one.outdated
    assert receive(CARD, card, actor=aliya, cms=signing.sign(CARD, card, aliya)).is_valid
    assert missing(CARD, card) == []
    assert signatures_of(keys.key_of(card), CARD.key).count() == 2


def test_a_signature_of_another_object_or_version_is_a_replay_and_does_not_count(aliya):
    card = aliya.acting_for
    cms = signing.sign(CARD, card, aliya)
    newer = replace(CARD, what=lambda card: replace(CARD.what(card), version=2))
    other = replace(CARD, key="people.report", kind="contract")
    for occasion in (newer, other):
        signature = receive(occasion, card, actor=aliya, cms=cms)
        assert problems(signature) == ["digest_differs"]
        assert codes(missing(occasion, card)) == ["signature_missing"]
    assert not journal.history(card).exists()


def test_where_signatures_are_required_and_nobody_is_named_the_step_is_refused(aliya):
    alone = replace(CARD, parties=lambda card: [])
    (finding,) = missing(alone, aliya.acting_for)
    assert (finding.code, finding.severity) == ("nobody_to_sign", "error")
    assert not requirement.all_signed(alone, aliya.acting_for)
    assert codes(missing(CARD, aliya.acting_for, parties=["grantor"])) == ["nobody_to_sign"]
    assert missing(replace(alone, nobody=lambda card: True), aliya.acting_for) == []


def test_another_installation_or_another_party_asks_for_another_signature(aliya, settings):
    card = aliya.acting_for
    before = CARD.manifest(card)
    assert json.loads(before)["parties"] == [{"key": "ngo", "bin": card.bin}]
    headed = replace(
        CARD, parties=lambda card: [replace(CARD.parties(card)[0], name="А", label="Б")]
    )
    assert (
        headed.manifest(card) == before
    )  # who heads it, and what it is called, is nobody's matter here
    merged = replace(
        CARD, parties=lambda card: [replace(CARD.parties(card)[0], bin="150140000016")]
    )
    assert merged.manifest(card) != before
    receive(CARD, card, actor=aliya, cms=signing.sign(CARD, card, aliya))
    settings.SITE_URL = "https://elsewhere.example.kz"
    assert codes(missing(CARD, card)) == ["sign_again"]


def test_who_signs_is_compared_with_who_should(aliya):
    card = aliya.acting_for
    data = CARD.manifest(card)
    dana = factories.a_member(factories.an_organisation(), iin="900202400015")
    table = {
        "other_bin": signing.credential(aliya.user, dana.acting_for),
        "no_bin": signing.credential(aliya.user),
        "other_iin": signing.credential(dana.user, card),
        "other_role": signing.credential(aliya.user, card, roles=[EMPLOYEE]),
        "authentication_certificate": signing.credential(aliya.user, card, usage="AUTH"),
    }
    for code, credential in table.items():
        cms = signing.authority().sign(credential, data)
        signature = receive(CARD, card, actor=aliya, cms=cms)
        assert code in problems(signature), code
        assert signature.verdict == Verdict.INVALID
    assert codes(missing(CARD, card)) == ["signature_missing"]
    with pytest.raises(Refused) as refused:
        receive(CARD, card, actor=dana, cms=signing.sign(CARD, card, aliya))
    assert refused.value.has("not_yours")


def test_a_person_signs_for_themselves_only_when_their_number_is_known(aliya, clock):
    own = replace(CARD, parties=lambda card: [Party("member", "Member", person=aliya.key)])
    card = aliya.acting_for
    cms = signing.authority().sign(signing.credential(aliya.user), own.manifest(card))
    assert receive(own, card, actor=aliya, cms=cms).is_valid
    aliya.user.iin = None
    again = signing.authority().sign(
        signing.credential(aliya.user, iin=ALIYA_IIN), own.manifest(card)
    )
    assert problems(receive(own, card, actor=aliya, cms=again)) == ["nobody_to_compare"]
    clock.travel(minutes=2)
    aliya.user.iin = ALIYA_IIN  # entered in the profile: the same file is judged again
    assert receive(own, card, actor=aliya, cms=again).is_valid


def test_whoever_takes_a_part_after_another_signs_anew(aliya):
    card = aliya.acting_for
    chair = replace(CARD, parties=lambda card: [Party("chair", "Chair", person=aliya.key)])
    cms = signing.authority().sign(signing.credential(aliya.user), chair.manifest(card))
    receive(chair, card, actor=aliya, cms=cms)
    assert missing(chair, card) == []
    dana = factories.a_member(card, iin="900202400015")
    replaced = replace(chair, parties=lambda card: [Party("chair", "Chair", person=dana.key)])
    assert codes(missing(replaced, card)) == ["signature_missing"]
    merged = replace(CARD, parties=lambda card: [Party("chair", "Chair", bin="150140000016")])
    assert codes(missing(merged, card)) == ["signature_missing"]


def test_what_could_not_be_checked_is_kept_and_checked_when_it_comes_again(
    aliya, monkeypatch, clock
):
    card = aliya.acting_for
    cms = signing.sign(CARD, card, aliya)
    down = Double(signers=(), findings=[error("verifier_down", why="timeout")])
    with monkeypatch.context() as patched:
        patched.setattr(verifiers, "chosen", lambda: [down])
        signature = receive(CARD, card, actor=aliya, cms=cms)
        clock.travel(seconds=30)
        assert receive(CARD, card, actor=aliya, cms=cms) == signature
        assert len(down.asked) == 1  # whoever sends it again and again keeps no verifier busy
    assert (signature.verdict, problems(signature)) == (Verdict.UNCHECKED, ["verifier_down"])
    assert codes(missing(CARD, card)) == ["signature_missing"]
    clock.travel(seconds=31)
    again = receive(CARD, card, actor=aliya, cms=cms)
    assert (again.pk, again.verdict) == (signature.pk, Verdict.VALID)
    assert missing(CARD, card) == []


def test_what_could_not_be_checked_is_tried_again_by_the_clock(aliya, monkeypatch, clock):
    card = aliya.acting_for
    clock.set(datetime(2026, 3, 2, 10, tzinfo=UTC))
    monkeypatch.setattr(occasions, "signed_object", lambda key, subject: (CARD, card))
    down = Double(signers=(), findings=[error("verifier_down", why="timeout")])
    with monkeypatch.context() as patched:
        patched.setattr(verifiers, "chosen", lambda: [down])
        receive(CARD, card, actor=aliya, cms=signing.sign(CARD, card, aliya))
        assert recheck_due().closed == []
        clock.travel(minutes=11)
        assert recheck_due().closed == []
        assert len(down.asked) == 2
    assert recheck_due().closed == []  # was asked a moment ago
    clock.travel(minutes=11)
    (signature,) = recheck_due().closed
    assert signature.is_valid
    assert missing(CARD, card) == []
    assert [entry.actor for entry in journal.history(card)] == [""]


def test_the_night_finds_bytes_that_were_changed(aliya):
    card = aliya.acting_for
    signature = receive(CARD, card, actor=aliya, cms=signing.sign(CARD, card, aliya))
    assert list(audit.faults()) == []
    Signature.objects.update(cms=b"other")
    Manifest.objects.update(data=b"other")
    assert [fault.subject for fault in audit.faults()] == [
        f"signing.manifest:{signature.manifest_id}",
        f"signing.signature:{signature.pk}",
    ]


def test_what_was_discarded_while_it_was_verified_is_not_signed(aliya, monkeypatch):
    card = factories.an_organisation()
    anybody = replace(CARD, may_sign=lambda actor, card, party: True)
    cms = signing.sign(CARD, card, aliya)

    def discards(cms, content, now):
        Organisation.objects.filter(pk=card.pk).delete()
        return Double().verify(cms, content, now)

    monkeypatch.setattr(verifiers, "verify", discards)
    with pytest.raises(Refused) as found:
        receive(anybody, card, actor=aliya, cms=cms)
    assert (found.value.has("signing_closed"), Signature.objects.count()) == (True, 0)


def test_rubbish_is_kept_with_its_reason_but_not_without_end(aliya):
    card = aliya.acting_for
    for number in range(MOST_REFUSED):
        signature = receive(CARD, card, actor=aliya, cms=b"0\x03rubbish%d" % number)
        assert problems(signature) == ["cms_unreadable"]
    with pytest.raises(Refused) as refused:
        receive(CARD, card, actor=aliya, cms=b"0\x03once more")
    assert refused.value.has("too_many_refused")
    for size in (0, MOST + 1, 50 * 1024 * 1024):
        with pytest.raises(Refused) as refused:
            receive(CARD, card, actor=aliya, cms=bytes(size))
        assert refused.value.has("cms_size")
    assert Signature.objects.count() == MOST_REFUSED


def test_the_installation_may_say_otherwise_than_the_edition(aliya, settings):
    card = aliya.acting_for
    settings.ORTAQ_SIGNATURES = []
    assert modes.mode("contract", None) == modes.OPTIONAL
    assert missing(CARD, card) == []
    settings.ORTAQ_SIGNATURES = ["contract=off"]
    with pytest.raises(Refused) as refused:
        receive(CARD, card, actor=aliya, cms=signing.sign(CARD, card, aliya))
    assert refused.value.has("signing_closed")
    for wrong in ("contrakt=required", "contract=always", "contract"):
        settings.ORTAQ_SIGNATURES = [wrong]
        (message,) = modes.check_setting()
        assert isinstance(message, Error)
        assert wrong.partition("=")[0] in message.msg
    settings.ORTAQ_SIGNATURE_VERIFIER = ["nobody"]
    settings.ORTAQ_SIGNING_REVOCATION = "perhaps"
    assert [m.id for m in verifiers.check_settings()] == ["signing.E002", "signing.E003"]


def test_an_installation_trusts_whom_its_folder_names_and_a_demonstration_its_own_authority(
    aliya, settings, tmp_path, clock
):
    card = aliya.acting_for
    settings.ORTAQ_SIGNATURE_VERIFIER = ["offline"]
    settings.ORTAQ_SIGNING_ANCHORS = tmp_path / "anchors"
    settings.ORTAQ_SIGNING_AUTHORITY = tmp_path / "authority"
    cms = signing.sign(CARD, card, aliya)
    assert [m.id for m in verifiers.check_settings()] == ["signing.W001"]
    assert problems(receive(CARD, card, actor=aliya, cms=cms)) == ["no_anchors"]

    signing.authority().write_anchors(settings.ORTAQ_SIGNING_AUTHORITY / "anchors")
    clock.travel(minutes=1)
    assert problems(receive(CARD, card, actor=aliya, cms=cms)) == ["no_anchors"]
    settings.DEMO = True
    clock.travel(minutes=1)
    assert receive(CARD, card, actor=aliya, cms=cms).is_valid

    settings.DEMO = False
    signing.authority().write_anchors(settings.ORTAQ_SIGNING_ANCHORS)
    assert [m.id for m in verifiers.check_settings()] == ["signing.W002"]
    card.address_ru = "другой"
    card.save()
    # The list of revoked certificates lies in the folder, as a job of the operator fetches it.
    bare = signing.authority().sign(
        signing.credential(aliya.user, card), CARD.manifest(card), lists=False
    )
    signature = receive(CARD, card, actor=aliya, cms=bare)
    assert (signature.is_valid, signature.revocation_source) == (True, "CRL (file)")
    (settings.ORTAQ_SIGNING_ANCHORS / "anchors.toml").write_text("[broken")
    assert [m.id for m in verifiers.check_settings()] == ["signing.E004"]
    card.address_ru = "третий"
    card.save()
    broken = receive(CARD, card, actor=aliya, cms=signing.sign(CARD, card, aliya))
    assert (broken.verdict, problems(broken)) == (Verdict.UNCHECKED, ["no_anchors"])
