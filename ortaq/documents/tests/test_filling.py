from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ortaq.documents import paper, stamp
from ortaq.documents.filling import blank, fill
from ortaq.documents.forms import form
from ortaq.documents.paper import Orientation, RowKind

NBSP = "\N{NO-BREAK SPACE}"


def tables(made: paper.Paper) -> list[paper.Table]:
    return [block for block in made.blocks if isinstance(block, paper.Table)]


def texts(table: paper.Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def sections(form_id: str, values: dict[str, Any], language: str = "kk", edition: str = "2020"):
    return fill(form(form_id, edition), {"sections": values}, language)


@pytest.mark.req("GR-A-17")
def test_the_letter_names_applicant_and_topic_inside_its_declaration():
    made = fill(
        form("GRANT-A1"),
        {
            "fields": {
                "applicant_full_name": "«Аялы алақан» ҚҚ",
                "topic_and_direction": "Жастар {0} %s",
                "filled_on": date(2020, 5, 14),
            },
            "signatures": {"head": {"position": "Директор", "name": "Ә. Әубәкірова"}},
        },
        "kk",
    )
    body = [block.text for block in made.blocks if isinstance(block, paper.Paragraph)]
    assert body[1].startswith("Осы өтінішті бере отырып «Аялы алақан» ҚҚ (ары қарай")
    assert '"Жастар {0} %s" грант тақырыбы' in body[1]
    assert "жауапкершілікті өз мойнына алады" in body[2]
    signatures = made.blocks[-2]
    assert isinstance(signatures, paper.Signatures)
    assert signatures.dated == "Толтырған күні: 14.05.2020"
    assert signatures.parties[0].signatories[0].name == "Ә. Әубәкірова"


def test_an_empty_form_shows_gaps_with_their_hints():
    made = blank(form("GRANT-A1"), "ru")
    text = next(b.text for b in made.blocks if isinstance(b, paper.Paragraph) and "_" in b.text)
    assert "____ (указать полное наименование организации) (далее" in text
    assert all(not any(row) for row in texts(tables(blank(form("GRANT-A3"), "ru"))[1]))


def test_values_stand_beside_their_labels():
    made = sections("GRANT-A4", {"basics": {"territory": "Ұлытау облысы"}})
    assert ["Аумақтық қамтылуы", "Ұлытау облысы"] in texts(tables(made)[0])


def test_a_person_a_day_and_a_number_are_written_as_people_write_them():
    head = {"surname": "Әубәкірова", "given_name": "Әлия", "phone_numbers": ["+7 700 000 00 01"]}
    values = {"head": head, "registered_on": "2015-03-01", "volunteers": 1200}
    rows = texts(tables(sections("GRANT-A2", {"questionnaire": values}))[0])
    assert rows[5][2] == "Әубәкірова Әлия\n+7 700 000 00 01"
    assert rows[1][2] == "01.03.2015"
    assert rows[10][2] == f"1{NBSP}200"


@pytest.mark.parametrize("wrong", ["40 мың", "2015-99-99", "", None, True])
def test_a_draft_is_printed_before_it_is_right(wrong):
    questionnaire = {"registered_on": wrong, "staff_total": wrong}
    rows = texts(tables(sections("GRANT-A2", {"questionnaire": questionnaire}))[0])
    assert rows[1][2] == rows[7][2] == ("" if wrong in {"", None} else str(wrong))


def test_money_comes_in_tiyn_and_keeps_its_exact_number():
    rows = [{"name": "Жоба", "cost": 1_234_567_89}]
    cell = tables(sections("GRANT-A3", {"topic_experience": rows}))[1].rows[0].cells[3]
    assert cell.text == f"1{NBSP}234{NBSP}567,89"
    assert cell.number == Decimal("1234567.89")


def test_the_calendar_plan_has_a_column_for_each_month_that_is_used():
    rows = [{"activity": "Семинар", "months": [1, 8]}]
    made = sections("GRANT-A4", {"calendar_plan": rows}, "ru")
    table = next(t for t in tables(made) if t.columns[-1].header == "8-й месяц")
    assert texts(table) == [["Семинар", "+", "", "", "", "", "", "", "+"]]


def test_the_calendar_plan_lies_across_and_the_rest_stands():
    made = blank(form("GRANT-A4"), "kk")
    breaks = [block.orientation for block in made.blocks if isinstance(block, paper.PageBreak)]
    assert made.orientation is Orientation.PORTRAIT
    assert breaks == [Orientation.LANDSCAPE, Orientation.PORTRAIT]
    assert blank(form("GRANT-A5"), "kk").orientation is Orientation.LANDSCAPE


def test_the_goal_stands_above_the_monitoring_plan():
    value = {"goal": "Бейімдеу", "rows": [{"task": "Оқыту"}]}
    made = tables(sections("GRANT-A4", {"monitoring_plan": value}))
    above = next(n for n, t in enumerate(made) if not t.head and "мақсаты:" in texts(t)[0][0])
    assert texts(made[above])[0][0].endswith("мақсаты: Бейімдеу")
    assert texts(made[above + 1])[0][0] == "Оқыту"


@pytest.mark.req("GR-K-03")
def test_indicators_of_one_activity_pair_with_their_values():
    task = {
        "task_text": "Оқыту",
        "rows": [{"activity": "Семинар", "indicators": ["қатысушы", "пікір"], "planned": ["30"]}],
    }
    made = sections("GRANT-K3", {"monitoring_plan": {"task": [task]}}, edition="2024")
    table = next(t for t in tables(made) if len(t.columns) == 6)
    assert texts(table) == [["1", "Семинар", "", "қатысушы", "30", ""], ["пікір", ""]]
    assert [cell.down for cell in table.rows[0].cells] == [2, 2, 2, 1, 1, 2]
    headings = [b.text for b in made.blocks if isinstance(b, paper.Heading) and b.level == 3]
    assert "1 міндет. Оқыту" in headings


@pytest.mark.req("GR-K-04")
def test_the_contract_annex_is_signed_by_both_parties_in_the_printed_order():
    signatures = next(
        block
        for block in blank(form("GRANT-K3", "2024"), "kk").blocks
        if isinstance(block, paper.Signatures)
    )
    assert [len(party.signatories) for party in signatures.parties] == [1, 4]
    assert signatures.parties[1].preamble == "«КЕЛІСІЛДІ»"
    assert signatures.parties[0].signatories[0].seal == "М.О."


def estimate(lines: list[dict[str, Any]], activities: tuple[str, ...] = ()) -> paper.Table:
    budget = {"activities": list(activities), "lines": lines}
    return tables(sections("GRANT-A5", {"budget": budget}, "ru"))[0]


def line(row: str, total: int, grant: int, **more) -> dict[str, Any]:
    return {"row": row, "total": total, "own_contribution": total - grant, "grant": grant} | more


def sums(table: paper.Table, label: str) -> list[str]:
    cells = next(row.cells for row in table.rows if row.cells[1].text.startswith(label))
    return [cell.text.replace(NBSP, " ") for cell in cells[5:]]


@pytest.mark.req("GR-K-07")
def test_every_group_of_the_estimate_shows_its_exact_sum():
    table = estimate(
        [
            line("salaries_lines", 100_10, 100_10, item="Менеджер"),
            line("salaries_lines", 200_20, 150_20, item="Бухгалтер"),
            line("bank_services", 5_00, 0),
            line("coffee_break", 7_05, 7_05, activity=2),
        ],
        ("Открытие", "Семинар"),
    )
    assert sums(table, "1) заработная плата") == ["300,30", "50", "", "250,30"]
    assert sums(table, "Административные") == ["305,30", "55", "", "250,30"]
    assert sums(table, "Прямые") == ["7,05", "0", "", "7,05"]
    assert sums(table, "2) мероприятие 2. Семинар") == ["7,05", "0", "", "7,05"]
    assert sums(table, "Итого") == ["312,35", "55", "", "257,35"]
    assert table.rows[-1].kind is RowKind.TOTAL


@pytest.mark.req("GR-K-08", "GR-K-09")
def test_activities_show_only_the_kinds_of_cost_that_they_have():
    table = estimate([line("fares", 100, 100, activity=1)], ("Выезд",))
    labels = [row.cells[1].text for row in table.rows]
    assert any(label.startswith("расходы на служебные командировки") for label in labels)
    assert not any(label.startswith("представительские") for label in labels)
    assert any(label.startswith("7) расходы на оплату аренды") for label in labels)


def test_a_line_of_an_activity_without_a_name_is_not_lost():
    table = estimate([line("lunch", 100_00, 100_00, activity=3)], ("Открытие",))
    assert sums(table, "Итого") == ["100", "0", "", "100"]
    assert sums(table, "3) мероприятие 3")[0] == "100"


def test_text_where_a_sum_should_be_is_shown_and_not_summed():
    draft = line("rent", 100, 100) | {"total": "сто"}
    table = estimate([draft, line("utilities", 100, 100)])
    assert sums(table, "7) расходы на оплату аренды")[0] == "сто"
    assert sums(table, "Итого")[0] == "1"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"section": {}}, "section"),
        ({"sections": {"buget": []}}, "buget"),
        ({"fields": {"whom": "x"}}, "whom"),
        ({"sections": {"budget": {"lines": [line("champagne", 1, 1)]}}}, "champagne"),
        ({"sections": {"budget": {"lines": [line("lunch", 1, 1)]}}}, "activity"),
    ],
)
def test_a_slip_in_a_key_is_named_and_not_printed_as_a_gap(values, named):
    with pytest.raises(LookupError, match=named):
        fill(form("GRANT-A5"), values, "kk")


def test_the_plan_prints_fields_and_their_sums_across_the_table():
    made = fill(
        form("GRANT-P"),
        {
            "fields": {"year": 2020},
            "sections": {
                "plan": [
                    {"group": "1. Жастар"},
                    {"topic_no": 1, "title": "Тақырып", "amount": 1_500_000_00},
                    {"total": "field_subtotal_year", "year": 2020, "amount": 1_500_000_00},
                ]
            },
        },
        "kk",
    )
    assert made.title == "ҮЕҰ 2020 ЖЫЛҒА АРНАЛҒАН ГРАНТТАРДЫ БЕРУ ЖОСПАРЫ"
    rows = tables(made)[0].rows
    assert rows[0].cells[0].across == 9
    assert [cell.text for cell in rows[2].cells] == ["2020 жылғы ЖИЫНЫ", f"1{NBSP}500", ""]
    assert rows[2].cells[0].across == 7


@pytest.mark.req("GR-A-16")
def test_the_parts_of_an_application_are_bound_into_one_paper():
    parts = [blank(form(f"GRANT-A{n}"), "kk") for n in (1, 5)]
    bound = paper.bind(parts, "Өтінім", footer="№ 12")
    assert bound.footer == "№ 12"
    assert bound.blocks[len(parts[0].blocks)] == paper.PageBreak(Orientation.LANDSCAPE)
    assert len(bound.blocks) == sum(len(part.blocks) for part in parts) + 1


@pytest.mark.req("SO-M-12", "SO-E-11")
@pytest.mark.parametrize("form_id", ["SO-A4", "SO-A6"])
def test_of_two_statements_the_one_chosen_is_underlined_and_the_other_stays(form_id):
    def statements(chosen):
        made = sections(form_id, {"declaration": chosen}, edition="2022")
        return [
            b for b in made.blocks if isinstance(b, paper.Paragraph) and "қақтығысының" in b.text
        ]

    assert [one.underlined for one in statements("conflict_exists")] == [False, True]
    assert [one.underlined for one in statements(None)] == [False, False]
    with pytest.raises(LookupError, match="perhaps"):
        statements("perhaps")


@pytest.mark.req("SO-E-18", "SO-18-10")
@pytest.mark.parametrize(("edition", "criteria"), [("2022", 4), ("2018", 5)])
def test_a_sheet_has_the_criteria_of_its_edition_each_with_points_and_a_comment(edition, criteria):
    blank_form = form("SO-A7", edition)
    first = blank_form.sections[0].tables[0].rows[0].key
    points = {first: {"score": 4, "comments": "Толық"}, "total": {"score": 17}}
    rows = tables(sections("SO-A7", {"evaluation": points}, edition=edition))[0].rows
    assert len(rows) == criteria + 1
    assert [cell.text for cell in rows[0].cells][2:] == ["4", "Толық"]
    assert (rows[-1].kind, rows[-1].cells[2].text) == (RowKind.TOTAL, "17")


@pytest.mark.req("SO-R-04", "SO-F-14", "SO-18-01")
@pytest.mark.parametrize(
    ("form_id", "edition", "fields"), [("SO-A9", "2022", 19), ("SO-A3", "2018", 17)]
)
def test_an_empty_report_has_the_fields_of_its_edition_and_numbered_columns(
    form_id, edition, fields
):
    table = tables(blank(form(form_id, edition), "ru"))[0]
    kinds = [row.kind for row in table.rows]
    assert kinds.count(RowKind.GROUP) == fields
    assert kinds.count(RowKind.TOTAL) == (0 if form_id == "SO-A9" else fields)
    assert [column.columns[0].header for column in table.columns][-1] == str(len(table.columns))


def test_lines_are_numbered_anew_under_each_field_where_the_form_says_so():
    rows = [{"group": "1"}, {}, {}, {"group": "2"}, {}]
    table = tables(sections("SO-A9", {"projects": rows}, edition="2022"))[0]
    assert [row.cells[0].text for row in table.rows] == ["1", "1", "2", "2", "1"]


@pytest.mark.req("SO-R-03")
def test_a_paper_tells_its_number_its_day_the_edition_and_the_hash_of_its_values():
    values = {"fields": {"year": 2026}}
    made = fill(
        form("SO-A9", "2022"), values, "ru", number="12/34", on=date(2026, 7, 5), note="ААБ"
    )
    assert made.blocks[0] == paper.Paragraph("№ 12/34 от 05.07.2026", paper.Align.LEFT)
    note, edition, digest = made.footer.split(" · ")
    assert (note, edition) == ("ААБ", "форма SO-A9, редакция 2022 года")
    assert digest == f"SHA-256 {stamp.hash_of(form('SO-A9', '2022'), values)}"
    assert stamp.hash_of(form("SO-A9", "2018"), values) not in digest
    assert blank(form("SO-A9", "2022"), "kk").footer == "SO-A9 нысаны, 2022 жылғы редакция"
    linked = {"fields": {"year": paper.Linked((paper.Piece("2026", "#annex-1"),))}}
    said = {"fields": {"year": "2026"}}
    assert stamp.hash_of(form("SO-A9", "2022"), linked) == stamp.hash_of(
        form("SO-A9", "2022"), said
    )
