"""The contract of a social order and the protocol of results where electronic signatures are required."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile

from ortaq.core import files
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.projects.signing import CONTRACT
from ortaq.signing.models import Signature
from ortaq.signing.procedure import receive
from ortaq.signing.queries import standing
from ortaq.tenders.models import Lot, Protocol
from ortaq.tenders.papers.protocol import protocol as protocol_paper
from ortaq.tenders.procedure import bid as bids
from ortaq.tenders.procedure import contract as orders
from ortaq.tenders.procedure import contract_checks, contract_draft
from ortaq.tenders.procedure.contract import ORDER
from ortaq.tenders.signing import BID, PROTOCOL
from ortaq.testing import signing

from . import scenes
from .test_commission_pages import scored

pytestmark = pytest.mark.django_db


def refused(call: Any, *given: Any, **facts: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        call(*given, **facts)
    return [finding.code for finding in found.value.findings]


def sign(occasion: Any, obj: Any, actor: Any) -> bool:
    obj = occasion.find(actor, obj.pk)
    cms = signing.sign(occasion, obj, actor)
    return bool(receive(occasion, obj, actor=actor, cms=cms).is_valid)


@pytest.mark.req("SO-T-101", "SO-T-105", "SO-T-106")
def test_protocol_and_contract_of_a_social_order_are_signed_by_all_who_have_to(clock, settings):
    settings.ORTAQ_SIGNATURES = ["protocol=required", "contract=required"]
    found = scored(clock)
    found.take("decide")
    protocol, everybody = Protocol.objects.get(), [*found.members, found.secretary]
    for one in everybody:
        assert one.user is not None
        one.user.iin = signing.iin_of(one.user)
        one.user.save(update_fields=["iin"])
    assert PROTOCOL.find(found.bidders["A"], protocol.pk) is None
    for left, one in enumerate(everybody):
        asked = refused(found.take, "publish")
        assert asked == ["signature_missing"] * (len(everybody) - left)
        assert sign(PROTOCOL, protocol, one)
    found.take("publish")
    everybodys = repr(protocol_paper(Protocol.objects.get(), "ru").blocks)
    serials = Signature.objects.values_list("serial", flat=True)
    assert "Подписано электронной" in everybodys
    assert not [serial for serial in serials if serial in everybodys]

    lot = Lot.objects.select_related("tender__customer", "topic", "specification").get()
    saule, winner, loser = found.saule, found.bidders["B"], found.bidders["A"]
    contract = contract_draft.draft(lot, saule)
    terms: dict[str, Any] = {"starts_on": date(2024, 3, 1), "ends_on": date(2024, 11, 30)}
    ORDER.take("terms", contract, actor=saule, advance_percent=50, **terms)
    ORDER.take("send", contract, actor=saule)
    requisites = dict.fromkeys(contract_checks.REQUISITES, "25")
    ORDER.take("requisites", contract, actor=winner, requisites=requisites)
    ORDER.take("agree", contract, actor=winner)
    day: dict[str, Any] = {"number": "7", "concluded_on": date(2024, 2, 22)}
    assert "electronically_only" in refused(ORDER.take, "sign", contract, actor=saule, **day)
    assert refused(ORDER.take, "conclude", contract, actor=saule) == ["not_signed_electronically"]
    assert refused(ORDER.take, "number", contract, actor=winner, **day) == ["not_yours"]
    # A copy that came while paper was allowed does not conclude it afterwards.
    copy = files.store(ContentFile(b"%PDF-1.7 copy"), name="copy.pdf")
    required, settings.ORTAQ_SIGNATURES = settings.ORTAQ_SIGNATURES, ["contract=optional"]
    ORDER.take("sign", contract, actor=saule, scan=copy, **day)
    settings.ORTAQ_SIGNATURES = required
    assert refused(ORDER.take, "confirm", contract, actor=winner) == ["electronically_only"]
    ORDER.take("contest", contract, actor=winner, remark="Электрондық")
    ORDER.take("number", contract, actor=saule, **day)
    assert Duty.objects.filter(code__startswith="sign-", done_at=None).count() == 2
    assert CONTRACT.find(loser, contract.pk) is None

    assert sign(CONTRACT, contract, winner)
    assert refused(ORDER.take, "conclude", contract, actor=winner) == ["signature_missing"]
    # Terms that go back and are changed are signed anew.
    ORDER.take("return", contract, actor=saule, remark="Мерзім")
    ORDER.take("terms", contract, actor=saule, advance_percent=40, **terms)
    ORDER.take("send", contract, actor=saule)
    ORDER.take("agree", contract, actor=winner)
    assert sign(CONTRACT, contract, saule)
    assert refused(ORDER.take, "conclude", contract, actor=saule) == ["sign_again"]
    assert sign(CONTRACT, contract, winner)
    orders.take("conclude", contract, actor=saule)
    assert (contract.state, contract.scan) == ("signed", None)
    assert not Duty.objects.filter(code__startswith="sign-", done_at=None).exists()


@pytest.mark.req("SO-T-079")
def test_a_bid_is_sealed_with_the_commitment_that_its_head_has_signed(clock, settings):
    settings.ORTAQ_SIGNATURES = ["bid=required"]
    scene = scenes.a_scene()
    clock.set(scenes.DURING)
    aliya = scene.cast.aliya
    bid = scenes.a_complete_draft(scene.lot, aliya)
    assert refused(bids.submit, bid, actor=aliya, declared=True) == ["signature_missing"]
    assert BID.find(scene.cast.dana, bid.pk) is None
    assert BID.find(scene.cast.saule, bid.pk) is None
    assert sign(BID, bid, aliya)
    scenes.write(bid, {"price/offer": 8_800_000 * scenes.TENGE}, aliya)
    assert refused(bids.submit, bid, actor=aliya, declared=True) == ["sign_again"]
    assert sign(BID, bid, aliya)
    receipt = bids.submit(bid, actor=aliya, declared=True)

    found = BID.find(aliya, bid.pk)
    content: Any = BID.what(found).content
    assert content["commitment"] == receipt.commitment
    assert standing(BID, found)[0].signed
