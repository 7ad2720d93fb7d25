import pytest

from ortaq import law
from ortaq.law import needs


@pytest.mark.req("SO-F-03", "SO-T-025")
@pytest.mark.parametrize(("key", "others"), [("2022", "2018"), ("2018", "2022")])
def test_each_edition_names_its_own_nine_kinds_of_sources(key, others):
    mine, theirs = (needs.sources(law.edition("rules_social_order", one)) for one in (key, others))
    assert len(mine) == 9
    assert all(all(source.text) and source.cite.place for source in mine.values())
    assert set(mine) != set(theirs)


@pytest.mark.req("SO-T-029", "GAP-T-20")
def test_three_kinds_of_assessment_say_when_why_how_and_where():
    kinds = needs.kinds()
    assert list(kinds) == ["preliminary", "interim", "final"]
    for kind in kinds.values():
        advice = (kind.name, kind.when, *kind.why, *kind.how, *kind.where)
        assert all(all(text) for text in advice)
    assert "GAP-T-20" in kinds["interim"].remark.en
    assert "goes wrong" in kinds["interim"].when.en


@pytest.mark.req("SO-T-030")
def test_an_assessment_serves_customers_and_suppliers():
    found = needs.uses()
    assert {key: len(uses) for key, (_whom, uses) in found.items()} == {
        "customers": 5,
        "suppliers": 6,
    }
    assert all(all(text) for _whom, uses in found.values() for text in uses)


@pytest.mark.req("SO-T-028")
def test_an_assessment_answers_six_questions():
    assert len(needs.questions()) == 6
    assert all(all(question.text) for question in needs.questions().values())


@pytest.mark.req("SO-T-033", "SO-T-035", "SO-T-036", "SO-T-037", "GAP-T-15")
def test_worksheets_have_the_cells_of_the_guide_and_politics_come_first():
    cells = {key: [cell.key for cell in one.cells] for key, one in needs.worksheets().items()}
    pest = ["political", "economic", "social", "technological"]
    assert cells == {
        "problem_tree": ["consequences", "problem", "causes"],
        "swot": ["strengths", "weaknesses", "opportunities", "threats"],
        "pest": pest,
        "pestel": [*pest, "environmental", "legal"],
        "pesteli": [*pest, "environmental", "legal", "industry"],
        "steep": [*pest, "ethical"],
        "longpest": [*pest, "local", "national", "global"],
    }
    assert "GAP-T-15" in needs.worksheets()["steep"].remark.en
    assert all(all(cell.name) for one in needs.worksheets().values() for cell in one.cells)


@pytest.mark.req("SO-T-052", "GAP-T-16")
def test_eleven_grounds_of_a_difficult_life_situation_stand_in_twelve_lines():
    found = needs.life_situations()
    assert len(found) == 12
    assert list(found)[2:5] == ["3", "3-1", "4"]
    assert all(all(ground.text) for ground in found.values())


@pytest.mark.req("SO-T-026")
@pytest.mark.parametrize(("distinct", "short"), [(0, True), (2, True), (3, False), (4, False)])
def test_a_conclusion_rests_on_at_least_three_distinct_sources(distinct, short):
    finding = needs.triangulated(1, distinct)
    assert bool(finding) is short
    if finding:
        assert finding.severity is law.Severity.ERROR
        assert finding.cite == needs.method().cite("guide, stage 1")
