"""Contract, report and act where electronic signatures are required: stories through the steps."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client

from ortaq.core import clock as at
from ortaq.core import journal
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.projects import gates
from ortaq.projects import signing as occasions
from ortaq.projects.models import Project
from ortaq.projects.procedure import act as acts
from ortaq.projects.procedure.act import ACT
from ortaq.projects.procedure.contract import number, sign
from ortaq.projects.procedure.report import REPORT
from ortaq.signing import package
from ortaq.signing.models import Signature
from ortaq.signing.procedure import receive
from ortaq.signing.queries import standing
from ortaq.testing import signing

from . import scenes, test_report

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


def browse(actor: Any, page: str) -> Any:
    client = Client()
    client.force_login(actor.user)
    return client.get(page)


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
    # An outsider checks the download without us; who only works in a party does not get it.
    page = f"/signing/projects.contract/{contract.pk}/package.zip"
    assert {browse(actor, page).status_code for actor in (people.clerk, people.dana)} == {404}
    for actor in (people.aliya, people.talgat):
        packed = io.BytesIO(b"".join(browse(actor, page).streaming_content))
        anchors = signing.authority().anchors()
        checked = package.check(packed, anchors=anchors, now=at.now())
        assert checked.verdict == "valid", checked
        assert len(checked.signatures) == 2


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


# --- Reports and the act ---------------------------------------------------------------------------


@pytest.fixture
def running(clock, settings):
    settings.ORTAQ_SIGNATURES = ["report=required", "act=required"]
    clock.set(at.at(date(2020, 8, 3), 10))
    return test_report.reporting()


@pytest.mark.req("IM-061")
def test_the_head_signs_a_report_as_it_is_submitted(running):
    people, project = running
    report = test_report.interim(project, people)
    test_report.write(report, people.aliya)
    assert refused(REPORT.take, "submit", report, actor=people.aliya) == ["signature_missing"]
    assert refused(signed, occasions.REPORT, report, people.bolat) == ["not_yours"]
    assert signed(occasions.REPORT, report, people.aliya).is_valid
    test_report.write(report, people.bolat, "Тағы жазылды")
    report.refresh_from_db()
    assert refused(REPORT.take, "submit", report, actor=people.aliya) == ["sign_again"]
    assert signed(occasions.REPORT, report, people.aliya).is_valid
    REPORT.take("submit", report, actor=people.aliya)

    # The submitted content is the signed one, whoever looks; another round is signed anew.
    for actor in (people.aliya, people.gulnara):
        found = occasions.REPORT.find(actor, report.pk)
        assert [one.signed is not None for one in standing(occasions.REPORT, found)] == [True]
    REPORT.take("return", report, actor=people.gulnara, remarks={"partners": "Толықтырыңыз"})
    again = occasions.REPORT.find(people.aliya, report.pk)
    assert standing(occasions.REPORT, again)[0].outdated


@pytest.mark.req("SO-E-21")
def test_the_act_is_signed_by_the_supplier_and_then_by_the_customer(running):
    people, project = running
    project = test_report.ordered(people, project)
    act = acts.draft(project, actor=people.aliya)
    values = {"number": "1", "day": date(2020, 7, 25), "services": "Семинарлар"}
    values["sum_tiyn"] = project.contract.sum_tiyn
    ACT.take("edit", act, actor=people.bolat, version=0, values=values)

    assert refused(signed, occasions.ACT, act, people.gulnara) == ["not_yours"]  # not her turn
    assert refused(ACT.take, "supplier", act, actor=people.aliya) == ["signature_missing"]
    assert signed(occasions.ACT, act, people.aliya).is_valid
    ACT.take("supplier", act, actor=people.aliya)
    with gates.registered(lambda _project: None):
        assert refused(ACT.take, "customer", act, actor=people.gulnara) == ["signature_missing"]
        assert refused(signed, occasions.ACT, act, people.aliya) == ["not_yours"]
        assert signed(occasions.ACT, act, people.gulnara).is_valid
        ACT.take("customer", act, actor=people.gulnara)
    assert act.state == "signed"


@pytest.mark.req("SO-E-21")
def test_an_act_of_paper_and_signature_by_turns_goes_back_to_the_supplier(running, settings):
    people, project = running
    act = acts.draft(test_report.ordered(people, project), actor=people.aliya)
    values = {"number": "1", "day": date(2020, 7, 25), "services": "Семинарлар"}
    values["sum_tiyn"] = project.contract.sum_tiyn
    ACT.take("edit", act, actor=people.bolat, version=0, values=values)
    settings.ORTAQ_SIGNATURES = ["act=optional"]
    ACT.take("supplier", act, actor=people.aliya)
    settings.ORTAQ_SIGNATURES = ["act=required"]
    with gates.registered(lambda _project: None):
        assert signed(occasions.ACT, act, people.gulnara).is_valid
        assert refused(ACT.take, "customer", act, actor=people.gulnara) == ["signature_missing"]
    ACT.take("return", act, actor=people.gulnara, remark="Қолтаңба")
    assert signed(occasions.ACT, act, people.aliya).is_valid
