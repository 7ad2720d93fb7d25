"""Annex 9: due on fixed days, from the records, frozen when submitted, returned with remarks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ortaq import law
from ortaq.core import clock as house
from ortaq.core.models import Duty
from ortaq.core.procedure import Refused
from ortaq.law.findings import Severity
from ortaq.oversight import annex9
from ortaq.oversight.models import StatutoryReport
from ortaq.oversight.procedure import statutory
from ortaq.oversight.procedure import statutory_checks as checks
from ortaq.oversight.procedure.statutory import STATUTORY
from ortaq.projects.models import Contract, Project

from .scenes import NOW, YEAR, Cast, ordered

pytestmark = pytest.mark.django_db
Period = StatutoryReport.Period
JULY = house.at(date(YEAR, 7, 3), 12)
TEXTS = {
    "process_kk": "Бес семинар өтті",
    "process_ru": "Проведено пять семинаров",
    "results_kk": "100 адам қамтылды",
    "results_ru": "Охвачено 100 человек",
}
SIGNED: dict[str, Any] = {"signer": "Маратов Марат", "signer_position": "Әкім"}


@pytest.fixture
def cast(clock) -> Cast:
    clock.set(NOW)
    made = ordered()
    clock.set(JULY)
    return made


def written(cast: Cast) -> StatutoryReport:
    """The report of the half-year, with all texts."""
    report = statutory.open_report(cast.akimat, YEAR, Period.HALF, actor=cast.saule)
    statutory.write_account(cast.project, YEAR, TEXTS, version=0, actor=cast.saule)
    return report


def submit(report: StatutoryReport, cast: Cast) -> None:
    STATUTORY.take("submit", report, actor=cast.saule, version=report.version, **SIGNED)


@pytest.mark.req("SO-R-01", "SO-R-02", "SO-X-01", "SO-X-02", "SO-18-07", "SO-18-12")
@pytest.mark.parametrize(
    ("year", "period", "due"),
    [
        (2023, "half_year", date(2023, 7, 5)),
        (2023, "year", date(2024, 2, 5)),
        (2021, "half_year", date(2021, 6, 5)),
        (2021, "year", date(2021, 12, 5)),
        (2021, "evaluation", date(2022, 2, 5)),
    ],
)
def test_a_report_is_due_on_the_day_of_its_edition(db, year, period, due):
    edition = annex9.edition_at(year, period)
    assert house.day_of(annex9.due_at(edition, year, period)) == due


@pytest.mark.req("SO-R-08")
@pytest.mark.parametrize(
    ("starts", "ends", "in_half", "in_year"),
    [
        (date(2023, 3, 1), date(2023, 11, 20), True, True),
        (date(2023, 7, 1), date(2023, 11, 20), False, True),
        (date(2024, 1, 1), date(2024, 5, 1), False, False),
    ],
)
def test_projects_that_ran_in_the_period_are_its_rows(cast, starts, ends, in_half, in_year):
    Contract.objects.filter(pk=cast.project.contract_id).update(starts_on=starts, ends_on=ends)

    def rows(period: str) -> int:
        return annex9.projects_in(cast.akimat.pk, YEAR, period).count()

    assert (rows(Period.HALF), rows(Period.YEAR)) == (in_half, in_year)
    assert annex9.projects_in(cast.other.pk, YEAR, Period.YEAR).count() == 0


@pytest.mark.req("SO-R-03", "SO-R-04", "SO-R-07")
def test_all_that_is_missing_is_said_at_once_and_nothing_is_half_submitted(cast):
    report = statutory.open_report(cast.akimat, YEAR, Period.HALF, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        STATUTORY.take("submit", report, actor=cast.saule)

    codes = {finding.code for finding in refused.value.findings}
    assert codes == {
        "not_signed",
        "no_process_kk",
        "no_process_ru",
        "no_results_kk",
        "no_results_ru",
    }
    assert report.submissions.count() == 0


@pytest.mark.req("SO-R-01", "SO-R-05", "SO-R-06")
def test_what_was_submitted_stays_as_it_was_with_its_hash(cast):
    report = written(cast)
    assert Duty.objects.get(code="submit_annex9").due_at == report.due_at
    submit(report, cast)
    statutory.write_account(
        cast.project, YEAR, {"results_kk": "200 адам"}, version=1, actor=cast.saule
    )

    row = report.submissions.get().content["sections"][-1]["rows"][
        0
    ]  # its contract names no field of the law
    assert row["results"]["kk"] == "100 адам қамтылды"
    assert row["impact"] == {"kk": "", "ru": ""}
    assert row["score"] is None
    assert row["contracted"]["tiyn"] == cast.project.contract.sum_tiyn
    assert row["contracted"]["from"] == [f"projects.contract:{cast.project.contract_id}"]
    assert not Duty.objects.filter(code="submit_annex9", done_at=None).exists()


@pytest.mark.req("SO-R-04")
def test_a_contract_concluded_elsewhere_stands_under_the_field_that_it_names(cast):
    named = law.fields_of("social_order_2022")[3]
    Contract.objects.filter(pk=cast.project.contract_id).update(direction_kk=named.text.kk)
    sections = annex9.assemble(cast.akimat.pk, YEAR, Period.YEAR)["sections"]
    assert [one["field"] for one in sections if one["rows"]] == [named.key]


@pytest.mark.req("SO-R-01")
def test_a_report_returned_with_remarks_comes_again_and_its_first_day_counts(cast, clock):
    report = written(cast)
    submit(report, cast)
    STATUTORY.take(
        "return", report, actor=cast.nurbol, remarks=[(cast.project.pk, "Санды растаңыз")]
    )
    clock.set(house.at(date(YEAR, 7, 20)))
    with pytest.raises(Refused) as refused:
        submit(report, cast)
    assert refused.value.has("remarks_open")

    report.remarks.update(answer="Тізім қоса берілді")
    submit(report, cast)
    STATUTORY.take("accept", report, actor=cast.nurbol)

    assert [one.round for one in report.submissions.all()] == [1, 2]
    assert report.first_submitted_at == JULY
    assert report.submitted_at is not None
    assert JULY < report.due_at < report.submitted_at


@pytest.mark.req("SO-R-01", "SO-R-02")
def test_the_clock_opens_the_report_of_each_body_once(cast, clock):
    assert [one.body for one in statutory.open_due().closed] == [cast.akimat]
    assert statutory.open_due().closed == []
    clock.set(house.at(date(YEAR + 1, 1, 10)))
    assert [one.period for one in statutory.open_due().closed] == [Period.YEAR]


@pytest.mark.req("SO-18-12", "SO-18-13")
def test_what_was_evaluated_is_reported_apart_under_the_edition_of_2018(cast, clock):
    year = 2021
    Contract.objects.filter(pk=cast.project.contract_id).update(
        starts_on=date(year, 3, 1), ends_on=date(year, 10, 1)
    )
    clock.set(house.at(date(year + 1, 1, 10)))
    # A project that still runs is nothing to report on its evaluation.
    assert [one.period for one in statutory.open_due().closed] == [Period.YEAR]
    Project.objects.filter(pk=cast.project.pk).update(state=Project.State.ACCEPTED)
    (report,) = statutory.open_due().closed
    assert (report.period, statutory.open_due().closed) == (Period.EVALUATION, [])
    assert Duty.objects.get(title_en__contains="evaluation of 2021").due_at == report.due_at

    (finding,) = (
        one for one in checks.missing(report, statutory.content_of(report)) if "score" in one.code
    )
    assert finding.severity is Severity.WARNING
    submit(report, cast)
    STATUTORY.take("accept", report, actor=cast.nurbol)
    assert not annex9.asks_for(annex9.edition_at(2023, Period.EVALUATION), Period.EVALUATION)


@pytest.mark.req("SO-R-02")
def test_a_period_that_still_runs_is_not_reported(cast, clock):
    report = statutory.open_report(cast.akimat, YEAR, Period.YEAR, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        submit(report, cast)
    assert refused.value.has("period_runs")


@pytest.mark.req("SO-R-03")
def test_two_officers_who_write_at_once_do_not_overwrite_each_other(cast):
    statutory.write_account(cast.project, YEAR, TEXTS, version=0, actor=cast.saule)
    with pytest.raises(Refused) as refused:
        statutory.write_account(
            cast.project, YEAR, {"results_kk": "Басқа"}, version=0, actor=cast.marat
        )
    assert refused.value.has("changed_meanwhile")


@pytest.mark.req("SO-R-01")
@pytest.mark.parametrize("stranger", ["kanat", "aliya", "erlan"])
def test_a_body_prepares_its_own_report_and_only_the_authorised_body_collects(cast, stranger):
    report, actor = written(cast), getattr(cast, stranger)
    with pytest.raises(Refused):
        STATUTORY.take("submit", report, actor=actor, **SIGNED)
    with pytest.raises(Refused):
        statutory.write_account(cast.project, YEAR, TEXTS, version=1, actor=actor)
    submit(report, cast)
    for one in (actor, cast.saule):
        with pytest.raises(Refused):
            STATUTORY.take("accept", report, actor=one)


@pytest.mark.req("SO-X-19")
def test_an_edition_changed_within_the_period_is_said(cast):
    """The edition of 2022 came into force in the autumn of its year."""
    report = statutory.open_report(cast.akimat, 2022, Period.YEAR, actor=cast.saule)
    codes = {one.code for one in checks.missing(report, {"sections": []})}
    assert (report.edition, codes) == ("2022", {"edition_changed"})
    later = statutory.open_report(cast.akimat, YEAR, Period.YEAR, actor=cast.saule)
    assert checks.missing(later, {"sections": []}) == []
