"""The annual return: filled in by several people, sent in both languages, checked, corrected, opened by the clock."""

from datetime import date

import pytest

from ortaq.core import clock as core_clock
from ortaq.core import journal
from ortaq.core.frozen import Frozen
from ortaq.core.models import Duty, Letter
from ortaq.core.procedure import Refused
from ortaq.documents.writing.draft import Draft
from ortaq.documents.writing.merge import Edit
from ortaq.people.models import Organisation
from ortaq.registry import returns
from ortaq.registry.content import checks, known
from ortaq.registry.content.known import Held
from ortaq.registry.content.whole import load
from ortaq.registry.models import AnnualReturn, Ngo, PaperReturn, ReturnVersion
from ortaq.registry.procedure import (
    ANNUAL_RETURN,
    begin_return,
    record_return,
    register_paper,
    return_year,
)
from ortaq.registry.procedure import return_draft as drafts
from ortaq.registry.queries.annual_return import filing_counts
from ortaq.registry.signing import ANNUAL_RETURN as ANNUAL_RETURN_OCCASION

from .return_scenes import FILLED, MARCH, begun, body, sent, write
from .scenes import assemble

pytestmark = pytest.mark.django_db
GRANT = Held(
    "contract-7", "Жастар", "Молодёжь", "grant", "17-К", date(2025, 5, 1),
    date(2025, 5, 1), date(2026, 4, 30), 9_000_000_00, 6_000_000_00,
)  # fmt: skip


@pytest.fixture(autouse=True)
def march(clock):
    clock.set(MARCH)
    with known.registered():
        yield


@pytest.fixture
def cast():
    return assemble()


@pytest.mark.req("NG-013", "NG-014", "NG-018")
def test_a_return_in_one_language_is_not_sent_and_the_field_is_named(cast):
    row = begun(cast)
    head = cast.actor("aliya")
    write(row, {"identity": {"purpose_ru": None}}, head)
    drafts.save(row, [Edit("identity/purpose_ru", 99, {"identity/purpose_ru": None})], actor=head)
    with pytest.raises(Refused) as refused:
        ANNUAL_RETURN.take("send", row, actor=head, declared=True)
    assert [(f.code, f.about) for f in refused.value.findings] == [
        ("one_language", "organisation/identity/purpose_ru")
    ]
    write(row, {"identity": {"purpose_ru": "Цель"}}, head)
    ANNUAL_RETURN.take("send", row, actor=head, declared=True)
    version = row.versions.get()
    assert (row.state, row.sent_on, row.way) == ("sent", date(2026, 3, 20), "portal")
    assert version.receipt == f"2025-{row.pk:06d}-1"
    assert journal.history(row).latest("number").facts["sha256"] == version.sha256
    assert Letter.objects.filter(recipient=cast.aliya, title__contains=version.receipt).exists()


@pytest.mark.req("NG-017")
def test_two_who_write_one_field_lose_nothing(cast):
    row = begun(cast)
    version = load(row).draft.version
    path = "identity/site"
    drafts.save(row, [Edit(path, version, {path: "a.kz"})], actor=cast.actor("aliya"))
    merged, draft = drafts.save(
        row, [Edit(path, version, {path: "b.kz"})], actor=cast.actor("bolat")
    )
    assert merged.conflicts == {path: "b.kz"}
    assert draft.data["identity"]["site"] == "a.kz"
    drafts.settle(row, [path], actor=cast.actor("bolat"))
    assert load(row).flat[path] == "b.kz"


@pytest.mark.req("NG-011", "NG-019")
def test_a_draft_begins_with_last_year_the_card_and_the_contracts_held(cast):
    first = sent(cast, 2024)
    ANNUAL_RETURN.take("approve", first, actor=body(cast))
    cast.ngo.phone = "+7 700 000 00 77"
    cast.ngo.save()
    with known.registered(lambda _ngo, _year: [GRANT]):
        row = begin_return(cast.ngo, 2025, actor=cast.actor("aliya"))
        drafts.ensure(row, actor=cast.actor("aliya"))
        flat = load(row).flat
    assert flat["identity/purpose_kk"] == "purpose kk"
    assert flat["identity/phone"] == "+7 700 000 00 77"
    assert flat["income/opening"] == 200_000_00  # what was left at the end of the year before
    assert flat["projects/~kcontract-7/amount"] == 9_000_000_00
    assert "people/staff" not in flat  # of the year itself


@pytest.mark.req("NG-010")
def test_what_does_not_fit_warns_and_what_ortaq_holds_is_offered(cast):
    row = begun(cast, data={})
    with known.registered(lambda _ngo, _year: [GRANT]):
        write(
            row,
            {"income": {"opening": 0, "grants": 1}, "spending": {"closing": 5}},
            cast.actor("bolat"),
        )
        codes = {f.code: f.numbers for f in checks.everything(load(row))}
        assert codes["sums_differ"] == {"had_tiyn": 1, "used_tiyn": 5}
        assert codes["less_than_paid"]["known_tiyn"] == 6_000_000_00
        assert "contracts_not_taken" in codes
        assert drafts.take_over(row, actor=cast.actor("bolat")) == 1
        assert drafts.take_over(row, actor=cast.actor("bolat")) == 0


@pytest.mark.req("NG-020", "NG-022", "NG-023", "NG-024")
def test_a_return_comes_back_with_remarks_by_field_and_keeps_its_first_day(cast, clock):
    row = sent(cast)
    with pytest.raises(Refused) as refused:
        ANNUAL_RETURN.take("return", row, actor=body(cast))
    assert refused.value.has("no_remark")
    ANNUAL_RETURN.take(
        "return", row, actor=body(cast), remarks={"income/grants": "Шарт бойынша 6 млн."}
    )
    assert (
        Duty.objects.get(bearer=f"organisation:{cast.ngo.pk}", done_at=None).code == "annual_return"
    )
    assert "6 млн" not in str(journal.history(row).latest("number").facts)
    clock.set(core_clock.at(date(2026, 4, 20), 12))
    write(row, {"income": {"grants": 6_000_000_00}}, cast.actor("bolat"))
    ANNUAL_RETURN.take("send", row, actor=cast.actor("aliya"), declared=True)
    ANNUAL_RETURN.take("approve", row, actor=body(cast))
    assert (row.sent_on, row.approved_on) == (date(2026, 3, 20), date(2026, 4, 20))
    assert returns.in_time(cast.ngo, date(2026, 5, 14)).code == "return_in_time"
    assert not Duty.objects.filter(done_at=None).exists()
    assert Ngo.objects.get(organisation=cast.ngo).staff == 7  # the public register has learnt it


@pytest.mark.req("NG-025")
def test_what_is_approved_is_corrected_by_a_new_version_with_its_reason(cast):
    row = sent(cast)
    ANNUAL_RETURN.take("approve", row, actor=body(cast))
    with pytest.raises(Refused):
        write(row, {"people": {"staff": 8}}, cast.actor("aliya"))
    ANNUAL_RETURN.take("correct", row, actor=cast.actor("aliya"), reason="Штат қате")
    assert (
        returns.in_time(cast.ngo, date(2026, 5, 14)).code == "return_in_time"
    )  # it stands meanwhile
    write(row, {"people": {"staff": 8}}, cast.actor("aliya"))
    ANNUAL_RETURN.take("send", row, actor=cast.actor("aliya"), declared=True)
    ANNUAL_RETURN.take("approve", row, actor=body(cast))
    first, second = row.versions.all()
    assert (first.content["sections"]["people"]["staff"], second.reason) == (7, "Штат қате")
    with pytest.raises(Frozen):
        ReturnVersion.delete(first)


@pytest.mark.req("NG-003", "NG-005", "NG-006", "NG-037")
def test_the_year_opens_for_ngos_with_an_account_and_parties_owe_nothing(cast, clock):
    cast.rival.legal_form = Organisation.LegalForm.POLITICAL_PARTY
    cast.rival.save()
    clock.set(core_clock.at(date(2026, 1, 1), 0, 5))
    assert [row.organisation for row in return_year.open_due().closed] == [cast.ngo]
    assert return_year.open_due().closed == []
    duty = Duty.objects.get(code="annual_return")
    assert (duty.bearer, duty.due_at and core_clock.day_of(duty.due_at)) == (
        f"organisation:{cast.ngo.pk}",
        date(2026, 3, 31),
    )
    letter = Letter.objects.get(recipient=cast.aliya)
    assert "489-1" in letter.body
    clock.set(core_clock.at(date(2026, 3, 17), 9))
    return_year.open_due()
    return_year.open_due()
    assert Letter.objects.filter(kind="annual-return-reminder").count() == 1
    with pytest.raises(Refused):
        begin_return(cast.rival, 2025, actor=cast.actor("dana"))


@pytest.mark.req("NG-004", "NG-026")
def test_the_overview_tells_on_time_late_in_review_and_absent_in_one_query(
    cast, django_assert_num_queries
):
    sent(cast)
    late = AnnualReturn(
        organisation=cast.rival, year=2024, sent_on=date(2025, 5, 1), evidence="№ 3"
    )
    late = record_return(late, actor=cast.actor("gulnara"))
    ANNUAL_RETURN.take("approve", late, actor=cast.actor("gulnara"))
    with django_assert_num_queries(1):
        assert filing_counts(2025) == {"on_time": 0, "late": 0, "review": 1, "absent": 1}
    assert filing_counts(2024) == {"on_time": 0, "late": 1, "review": 0, "absent": 1}


@pytest.mark.req("NG-027", "NG-028")
def test_a_paper_return_counts_from_the_day_of_posting_and_is_approved_once_entered(cast):
    officer = body(cast)
    paper = PaperReturn(
        posted_on=date(2026, 3, 10), received_on=date(2026, 3, 18), letter_number="12"
    )
    row = register_paper(cast.ngo, 2025, paper, actor=officer)
    assert (row.state, row.sent_on) == ("sent", date(2026, 3, 10))
    with pytest.raises(Refused) as refused:
        ANNUAL_RETURN.take("approve", row, actor=officer)
    assert refused.value.has("not_entered")
    write(row, FILLED, officer)
    ANNUAL_RETURN.take("enter", row, actor=officer)
    ANNUAL_RETURN.take("approve", row, actor=officer)
    assert row.state == "approved"


@pytest.mark.req("NG-004")
def test_a_status_recorded_by_evidence_takes_the_place_of_a_draft(cast):
    row = begun(cast)
    found = record_return(
        AnnualReturn(organisation=cast.ngo, year=2025, sent_on=date(2026, 3, 1), evidence="№ 5"),
        actor=cast.actor("gulnara"),
    )
    assert (found.pk, found.state, found.way) == (row.pk, "sent", "recorded")
    ANNUAL_RETURN.take("approve", found, actor=cast.actor("gulnara"))
    assert Draft.of(row.draft.content).data  # what was written is not lost


@pytest.mark.req("NG-015")
def test_where_a_signature_is_required_the_return_waits_for_that_of_the_legal_person(
    cast, settings
):
    row = begun(cast)
    settings.ORTAQ_SIGNATURES = ["annual_return=required"]
    with pytest.raises(Refused) as refused:
        ANNUAL_RETURN.take("send", row, actor=cast.actor("aliya"), declared=True)
    assert [f.code for f in refused.value.findings] == ["signature_missing"]
    before = ANNUAL_RETURN_OCCASION.manifest(row)
    write(row, {"people": {"staff": 9}}, cast.actor("bolat"))
    assert ANNUAL_RETURN_OCCASION.manifest(row) != before  # what is signed is what is sent
