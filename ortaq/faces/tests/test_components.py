"""Each component in each language: drawn, escaped, without inline script or style."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

import polib
import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from lxml import html

from ortaq.core import catalogues, clock
from ortaq.core.procedure import Offer, Step, anyone
from ortaq.faces import charts, parts, samples, tones
from ortaq.faces.paging import KeyPage
from ortaq.faces.tags import register
from ortaq.law import Citation, Finding, Severity, Text

LANGUAGES = ["kk", "ru", "en"]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
NOW = clock.at(date(2026, 11, 21), 18)


def drawn(source: str, language: str = "kk", **values: object) -> str:
    """A piece of template as a page would draw it."""
    with translation.override(language):
        request = RequestFactory().get("/somewhere/?page=AA&sort=title")
        return engines["django"].from_string(source).render(values, request)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_living_page_shows_everything_in_every_language(client, language):
    page = client.get("/components/", {"language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.content.decode()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_english_is_left_on_the_living_page(client, language):
    shown = html.fromstring(client.get("/components/", {"language": language}).content)
    text = " ".join(shown.text_content().split())
    source = catalogues.ROOT / "faces" / "locale" / language / "LC_MESSAGES" / "django.po"
    english = [
        entry.msgid
        for entry in polib.pofile(str(source))
        if len(entry.msgid) > 6 and "%" not in entry.msgid and entry.msgstr not in entry.msgid
    ]
    # Names of components stand on the page as they are called in templates.
    assert [words for words in english if re.search(rf"\b{re.escape(words)}(?!\w)", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_inline_that_the_policy_forbids(client, language):
    tree = html.fromstring(client.get("/components/", {"language": language}).content)
    assert tree.xpath("//script[not(@src)] | //style | //*[@style]") == []
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []


def test_each_id_of_the_living_page_is_there_once(client):
    ids = html.fromstring(client.get("/components/").content).xpath("//@id")
    # The samples draw one form twice and one panel twice on one page; nothing else repeats.
    assert {name for name in ids if ids.count(name) > 1 and not name.startswith("id_")} <= {
        "completeness"
    }


TEXTS = {
    "button": "{% button bad bad 'primary' %}",
    "status": "{% status bad tone='good' %}",
    "clause": "{% clause bad %}{% clause cite %}",
    "person": "{% person bad bad %}",
    "organisation": "{% organisation thing bad %}",
    "file": "{% file thing bad %}",
    "finding": "{% finding finding bad %}",
    "findings": "{% findings findings bad bad %}{% findings nothing bad bad %}",
    "completeness": "{% completeness findings total=3 links=links title=bad %}",
    "receipt": "{% receipt bad now bad files %}",
    "timeline": "{% timeline events %}",
    "journal": "{% journal entries bad %}{% journal nothing bad %}",
    "score_grid": "{% score_grid grid %}",
    "progress": "{% progress 1 2 bad %}",
    "bar_chart": "{% bar_chart bars bad %}",
    "line_chart": "{% line_chart curves bad begins=bad ends=bad %}{{ bad }}{% endline_chart %}",
    "tile_map": "{% tile_map areas bad unit=bad %}",
    "year_chart": "{% year_chart year bad day day %}",
    "flow_chart": "{% flow_chart flow bad %}",
    "pair_chart": "{% pair_chart pairs bad plan=bad fact=bad %}",
    "stacked_bars": "{% stacked_bars stacks key bad %}",
    "spread_chart": "{% spread_chart spreads bad %}",
    "stat": "{% stat bad bad note=bad href=bad %}",
    "stages": "{% stages stages bad %}",
    "crumbs": "{% crumbs bad bad %}",
    "tabs": "{% tabs bad %}{% tab bad bad %}{% endtabs %}",
    "page_header": "{% page_header bad lead=bad eyebrow=bad %}{{ bad }}{% endpage_header %}",
    "follow": "{% follow kind=bad field=bad region=bad ngo=bad body=bad %}",
    "notice": "{% notice 'bad' bad %}{{ bad }}{% endnotice %}",
    "panel": "{% panel bad id=bad note=bad %}{{ bad }}{% endpanel %}",
    "fieldset": "{% fieldset bad note=bad %}{{ bad }}{% endfieldset %}",
    "facts": "{% facts %}{% fact bad %}{{ bad }}{% endfact %}{% endfacts %}",
    "data_table": "{% data_table columns bad sort=bad %}{{ bad }}{% enddata_table %}",
    "empty": "{% empty bad %}{{ bad }}{% endempty %}",
    "filter_bar": "{% filter_bar bad bad %}{{ bad }}{% endfilter_bar %}",
    "step": "{% step offer bad %}{{ bad }}{% endstep %}{% step blocked bad %}{% endstep %}",
    "conflict": "{% conflict conflict %}",
    "autosave": "{% autosave now version=bad %}<form {% autosave_attributes bad %}></form>",
    "deadline": "{% deadline now bad %}",
    "icon": "{% icon 'clock' bad %}",
    "form": "{{ form }}{% error_summary form %}{% bilingual form 'title' %}",
    "options": "<select>{% options offered bad %}</select>",
    "paging": "{% paging page %}",
    "kept": "{% kept 'faces/site_name.html' site_name=bad %}",
}


def test_the_table_of_hostile_texts_knows_every_component():
    drawn_within_another = {"fact", "tab", "error_summary", "bilingual", "autosave_attributes"}
    as_django_has_them = {"url", "translate", "trans"}
    assert set(register.tags) - drawn_within_another - as_django_has_them == set(TEXTS) - {"form"}


class Thing:
    name = bin = sha256 = HOSTILE
    size = 1


@pytest.mark.parametrize("component", TEXTS)
def test_no_text_of_a_person_becomes_markup(component):
    finding = Finding("x", Severity.ERROR, HOSTILE, Citation(HOSTILE, HOSTILE, HOSTILE))
    step = Step("x", HOSTILE, "a", "b", by=anyone, final=True)
    form = samples.SampleForm({"title_kk": HOSTILE, "sum": HOSTILE, "kind": HOSTILE})
    page = drawn(
        TEXTS[component],
        bad=HOSTILE,
        offered=[(HOSTILE, HOSTILE)],
        thing=Thing(),
        cite=finding.cite,
        finding=finding,
        findings=[finding],
        links={"": HOSTILE},
        now=NOW,
        files=[Thing()],
        events=[parts.Event(NOW, HOSTILE, HOSTILE, HOSTILE)],
        entries=[parts.Entry(NOW, HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
        grid=parts.ScoreGrid(
            [(HOSTILE, 1)], [parts.ScoreRow(HOSTILE, [1], 1, HOSTILE)], caption=HOSTILE
        ),
        bars=[parts.Bar(HOSTILE, 1, HOSTILE)],
        curves=[parts.Curve(HOSTILE, [(Fraction(0), Fraction(1))])],
        areas=[parts.Area(code, 1, *[HOSTILE] * 4) for code in ("", "710000000")],
        year=[parts.YearRow(HOSTILE, [parts.Span(NOW.date(), NOW.date())], HOSTILE, HOSTILE)],
        day=NOW.date(),
        flow=[parts.Flow(HOSTILE, 1, HOSTILE, HOSTILE, HOSTILE)],
        pairs=[parts.Pair(HOSTILE, 1, 1, HOSTILE, HOSTILE, HOSTILE)],
        stacks=[parts.Stack(HOSTILE, [1], [HOSTILE], HOSTILE, HOSTILE)],
        key=[HOSTILE],
        spreads=[parts.Spread(HOSTILE, [1], 1, HOSTILE)],
        stages=[parts.Stage(HOSTILE, HOSTILE, "todo", HOSTILE)],
        columns=[parts.Column(HOSTILE, HOSTILE)],
        offer=Offer(step, []),
        blocked=Offer(step, [finding]),
        conflict=parts.Conflict(
            HOSTILE, NOW, [parts.Difference(HOSTILE, HOSTILE, HOSTILE, HOSTILE)]
        ),
        form=form,
        page=KeyPage([], HOSTILE, HOSTILE),
    )
    assert "<script>" not in page
    assert "<img" not in page
    tree = html.fromstring(f"<div>{page}</div>")
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []


# --- What some of them mean -----------------------------------------------------------------------


def test_a_row_shows_the_name_and_the_tone_of_its_state():
    class Row:
        state = "submitted"

        def get_state_display(self):
            return "Берілді"

    badge = drawn("{% status row %}", row=Row())
    assert "status-info" in badge
    assert "Берілді" in badge


def test_each_state_has_one_tone():
    listed = [state for names in tones.STATES.values() for state in names]
    assert len(listed) == len(set(listed))
    assert tones.tone_of("something new") == tones.Tone.NEUTRAL


@pytest.mark.parametrize(
    ("away", "tone"),
    [
        (timedelta(days=4), "info"),
        (timedelta(days=3), "warning"),
        (timedelta(hours=24), "bad"),
        (timedelta(seconds=1), "bad"),
        (timedelta(0), "over"),
        (-timedelta(days=1), "over"),
    ],
)
def test_a_deadline_grows_more_urgent(away, tone):
    assert f"deadline-{tone}" in drawn("{% deadline at now=now %}", at=NOW + away, now=NOW)


def test_a_deadline_without_a_date_says_so():
    assert "күні белгіленбеген" in drawn("{% deadline None %}")


def test_a_step_is_a_form_a_final_one_asks_first_and_a_blocked_one_says_why():
    simple, final, blocked = samples.offers()
    source = "{% step offer '/there/' %}<input name='why'>{% endstep %}"
    assert "<button" in drawn(source, offer=simple)
    assert "<details" not in drawn(source, offer=simple)
    asked = html.fromstring(drawn(source, offer=final))
    assert len(asked.xpath("//details//button")) == 1
    assert asked.xpath("//form/@action") == ["/there/"]
    assert asked.xpath("//button[not(ancestor::details)]") == []
    refused = drawn(source, offer=blocked)
    assert "<form" not in refused
    assert "<button" not in refused
    assert "18 күн ғана бар" in refused


def test_what_is_missing_is_counted_and_leads_to_where_it_is_filled_in():
    panel = html.fromstring(
        drawn(
            "{% completeness findings total=12 links=links %}",
            findings=samples.FINDINGS,
            links={"title": "/title/", "title.ru": "/title/ru/", "": "/all/"},
        )
    )
    assert panel.xpath("//progress/@value") == ["11"]
    # An error first; what is in order is not listed; the longest beginning of `about` leads.
    assert panel.xpath("//li//a[not(@class)]/@href") == ["/all/", "/title/ru/", "/all/"]


def test_findings_stand_by_gravity():
    found = html.fromstring(drawn("{% findings found %}", found=samples.FINDINGS[::-1]))
    grave = [name.split("-")[-1] for name in found.xpath("//li/div/@class")]
    assert grave == ["bad", "warning", "info", "good"]


def test_a_rule_of_ours_is_marked_as_ours():
    assert "біздің түсінігіміз" in drawn("{% clause cite %}", cite=samples.INFERRED)
    assert "біздің түсінігіміз" not in drawn("{% clause cite %}", cite=samples.CITE)


def test_a_head_sorts_and_turns_round_and_leaves_the_page():
    columns = [parts.Column("Атауы", "title"), parts.Column("Сома", "sum"), parts.Column("Күйі")]
    source = "{% data_table columns 'Тізім' sort=sort %}{% enddata_table %}"
    table = html.fromstring(drawn(source, columns=columns, sort="title"))
    assert table.xpath("//th/a/@href") == ["?sort=-title", "?sort=sum"]
    assert table.xpath("//th/@aria-sort") == ["ascending"]


def test_bars_are_in_proportion_and_a_little_one_is_still_seen():
    bars = [parts.Bar("а", 1000, "1 000"), parts.Bar("ә", 250, "250"), parts.Bar("б", 1, "1")]
    chart = html.fromstring(
        drawn("{% bar_chart bars 'Сурет' %}", bars=[*bars, parts.Bar("в", 0, "0")])
    )
    widths = chart.xpath("//rect[not(@class='bar-track')]/@width")
    assert widths == ["1000", "250", "6", "0"]


def test_curves_stay_inside_their_picture():
    steep = parts.Curve(
        "а",
        [
            (Fraction(0), Fraction(1)),
            (Fraction(1, 2), Fraction(-1, 3)),
            (Fraction(2), Fraction(1, 4)),
        ],
    )
    chart = html.fromstring(
        drawn("{% line_chart curves 'Сурет' %}{% endline_chart %}", curves=[steep])
    )
    assert chart.xpath("//polyline/@points") == ["0,0 500,400 1000,300"]


def test_the_map_shows_the_regions_of_its_day_and_keeps_what_has_no_tile():
    areas = [
        parts.Area("710000000", 30, "30", "30", "/astana/"),
        parts.Area("100000000", 7, "7"),
        parts.Area("", 90, "90", label="Республика"),
    ]
    source = "{% tile_map areas 'Карта' day=day %}"
    now = html.fromstring(drawn(source, areas=areas, day=date(2026, 5, 1)))
    then = html.fromstring(drawn(source, areas=areas, day=date(2020, 5, 1)))
    assert [len(page.xpath("//g[contains(@class, 'tile ')]")) for page in (now, then)] == [20, 17]
    assert now.xpath("//a[contains(@aria-label, '30')]/g/@class") == ["tile tile-2"]
    # Abai had no tile of its own in 2020: its figure is not lost.
    assert "7" in then.xpath("//tr/td/text()")
    assert "Республика" in now.xpath("string(//tbody/tr[last()]/th)")


def test_days_of_a_year_lie_where_they_are_and_what_is_outside_is_cut():
    begins, ends = date(2026, 1, 1), date(2026, 12, 31)
    half = parts.Span(date(2025, 6, 1), date(2026, 7, 2))
    point = parts.Span(date(2026, 7, 3), date(2026, 7, 3), planned=True)
    gone = parts.Span(date(2024, 1, 1), date(2024, 2, 1))
    rows = [parts.YearRow("а", [half, point, gone], "")]
    chart = html.fromstring(
        drawn("{% year_chart rows 'Жыл' b e today=e %}", rows=rows, b=begins, e=ends)
    )
    (box,) = chart.xpath("//tbody//rect")
    assert (box.get("x"), box.get("width")) == ("0", "501")
    assert chart.xpath("//tbody//path[@class='point-planned']/@d") == ["M501 1V23"]
    assert len(chart.xpath("//span[@class='month-number']")) == 12


def test_the_stream_narrows_with_the_sums_and_passes_steps_without_one():
    steps = [parts.Flow("а", 100, "100"), parts.Flow("ә", None, "3"), parts.Flow("б", 50, None)]
    chart = html.fromstring(drawn("{% flow_chart steps 'Жол' %}", steps=steps))
    assert chart.xpath("//polygon/@points")[1:] == [
        "0,0 0,33 0,100 1000,100 1000,33 1000,0",
        "0,0 250,33 250,100 750,100 750,33 1000,0",
    ]
    assert chart.xpath("//polygon/@class") == ["flow-held", "flow-held", "flow-ahead"]


def test_quartiles_are_exact():
    spreads = [parts.Spread("а", [1, 2, 3, 4], 4), parts.Spread("ә", [], 4)]
    drawn_ones = charts.spread_chart(spreads)
    assert drawn_ones[0].points == [1, Fraction(7, 4), Fraction(5, 2), Fraction(13, 4), 4]
    assert drawn_ones[1].middle is None


@pytest.mark.parametrize(
    ("tiyn", "shown"),
    [
        (0, "0"), (99_940, "999"), (99_950, "1 мың"), (123_400_00, "123 мың"),
        (1_250_000_00, "1,3 млн"), (999_960_000_00, "1 млрд"), (-5_500_000_000_00, "-5,5 млрд"),
    ],
)  # fmt: skip
def test_a_short_sum_is_rounded_and_says_its_size(tiyn, shown):
    assert drawn("{{ tiyn|short_money }}", tiyn=tiyn).replace("\xa0", " ") == shown


def test_years_and_keys_are_never_grouped_and_numbers_are_when_asked():
    assert drawn("{{ 2026 }} {{ 20260001 }}") == "2026 20260001"
    assert drawn("{{ 20260001|number }}").split() == ["20", "260", "001"]


def test_a_field_carries_its_label_help_and_error_for_those_who_only_hear():
    form = samples.SampleForm({"sum": "көп"})
    field = html.fromstring(drawn("{{ form.sum.as_field_group }}", form=form))
    (box,) = field.xpath("//input")
    assert field.xpath("//label/@for") == [box.get("id")]
    described = box.get("aria-describedby").split()
    assert {bool(field.xpath(f"//*[@id='{name}']")) for name in described} == {True}
    assert len(described) == 2
    assert box.get("aria-invalid") == "true"


def test_form_errors_are_in_the_readers_language():
    form = samples.SampleForm({})
    assert "Бұл өрісті толтыру қажет." in drawn("{{ form }}", form=form)
    assert "Обязательное поле." in drawn("{{ form }}", "ru", form=form)


def test_two_texts_of_one_place_stand_side_by_side():
    difference = parts.Difference("Мақсаты", Text(kk="менікі"), "басқаныкі", "goal")
    box = drawn(
        "{% conflict conflict swap=True %}", conflict=parts.Conflict("Болат", NOW, [difference])
    )
    assert 'hx-swap-oob="true"' in box
    assert box.index("менікі") < box.index("басқаныкі")
    assert html.fromstring(box).xpath("//input[@name='keep-goal']/@value") == ["mine", "theirs"]
    assert "<section" not in drawn("{% conflict None swap=True %}")
