"""Contract, report and act where electronic signatures are required: stories through the steps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ortaq.core import journal
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.projects import signing as occasions
from ortaq.projects.models import Project
from ortaq.projects.procedure.contract import number, sign
from ortaq.signing.models import Signature
from ortaq.signing.procedure import receive
from ortaq.signing.queries import standing
from ortaq.testing import signing

from . import scenes

pytestmark = pytest.mark.django_db
DAY = date(2020, 6, 20)


@pytest.fixture
def people(clock, settings):
    clock.set(scenes.NOW)
    settings.ORTAQ_SIGNATURES = ["contract=required", "report=required", "act=required"]
    return scenes.cast()


def refused(call: Any, *given: Any, **facts: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        call(*given, **facts)
    return [finding.code for finding in found.value.findings]


def signed(occasion: Any, obj: Any, actor: Any) -> Signature:
    """The actor signs the object as it is now, with a right certificate."""
    obj = occasion.find(actor, obj.pk)
    return receive(occasion, obj, actor=actor, cms=signing.sign(occasion, obj, actor))


def waiting(code: str = "sign") -> set[tuple[str, str]]:
    rows = Duty.objects.filter(code__startswith=f"{code}-", done_at=None)
    return {(row.bearer, row.address.partition("?")[0]) for row in rows}


@pytest.mark.req("GR-K-01", "GR-K-02")
def test_a_contract_is_concluded_by_the_signatures_of_both_parties_on_what_it_says_now(people):
    contract = scenes.agreed(people)
    paper = scenes.paper()
    # A scan does not take the place of signatures, and there is nothing to sign without a number.
    assert refused(sign, contract, actor=people.gulnara, **paper) == ["not_numbered"]
    assert refused(signed, occasions.CONTRACT, contract, people.aliya) == ["signing_closed"]
    number(contract, actor=people.gulnara, number="15", concluded_on=DAY)
    page = f"/signing/projects.contract/{contract.pk}/"
    ngo, operator = f"organisation:{people.ngo.pk}", f"organisation:{people.operator.pk}"
    assert waiting() == {(ngo, page), (operator, page)}

    # Strangers do not find it; its accountant sees it and signs nothing; another one's key does not count.
    assert occasions.CONTRACT.find(people.dana, contract.pk) is None
    assert refused(signed, occasions.CONTRACT, contract, people.bolat) == ["not_yours"]
    manifest = occasions.CONTRACT.manifest(contract)
    for other in (people.dana, people.gulnara):
        stranger = signing.credential(people.aliya.user, other.acting_for)
        cms = signing.authority().sign(stranger, manifest)
        kept = receive(occasions.CONTRACT, contract, actor=people.aliya, cms=cms)
        assert (kept.verdict, "other_bin" in [f.code for f in kept.findings]) == ("invalid", True)

    assert signed(occasions.CONTRACT, contract, people.aliya).is_valid
    assert waiting() == {(operator, page)}
    assert refused(sign, contract, actor=people.gulnara) == ["signature_missing"]
    # Another number is another contract: who had signed signs again.
    number(contract, actor=people.gulnara, number="16", concluded_on=DAY)
    assert signed(occasions.CONTRACT, contract, people.gulnara).is_valid
    assert refused(sign, contract, actor=people.gulnara) == ["sign_again"]
    assert signed(occasions.CONTRACT, contract, people.aliya).is_valid
    assert not waiting()
    asked = refused(sign, contract, actor=people.gulnara, number="17", concluded_on=DAY)
    assert asked == ["signed_otherwise"]
    sign(contract, actor=people.gulnara)

    assert (contract.state, contract.number, contract.scan) == ("signed", "16", None)
    assert Project.objects.get(contract=contract).baseline["number"] == "16"
    # What was signed stays what was signed, while the plan lives on.
    contract.activities.update(text="Өзгерді")
    again = occasions.CONTRACT.find(people.aliya, contract.pk)
    assert all(one.signed for one in standing(occasions.CONTRACT, again))
    facts = [entry.facts for entry in journal.history(contract) if entry.step == "signed"]
    assert [sorted(one) for one in facts] == [["cms", "manifest", "occasion", "party"]] * 3


@pytest.mark.req("GR-K-02")
def test_where_signatures_are_possible_either_way_concludes_a_contract(people, settings):
    settings.ORTAQ_SIGNATURES = []
    on_paper, electronically = scenes.agreed(people), scenes.agreed(people, source="award:2")
    sign(on_paper, actor=people.gulnara, **scenes.paper())
    number(electronically, actor=people.gulnara, number="16", concluded_on=DAY)
    assert refused(sign, electronically, actor=people.gulnara) == ["paper_missing"]
    for actor in (people.aliya, people.talgat):
        assert signed(occasions.CONTRACT, electronically, actor).is_valid
    sign(electronically, actor=people.gulnara)

    assert {on_paper.state, electronically.state} == {"signed"}


@pytest.mark.req("GR-K-02")
def test_where_signing_is_off_pages_and_steps_are_as_before(people, settings, client):
    settings.ORTAQ_SIGNATURES = ["contract=off"]
    contract = scenes.agreed(people)
    number(contract, actor=people.gulnara, number="15", concluded_on=DAY)
    client.force_login(people.gulnara.user)
    page = client.get(f"/contracts/{contract.pk}/approvals/").content.decode()
    assert "signing" not in page
    assert "scan" in page
    assert refused(signed, occasions.CONTRACT, contract, people.aliya) == ["signing_closed"]
    sign(contract, actor=people.gulnara, **scenes.paper())
    assert contract.state == "signed"
