"""A plan as large as real ones: 14 activities with 66 indicators and texts of several hundred characters, typed page by page."""

from __future__ import annotations

from typing import Any, cast

from ortaq.projects.forms import ActivityForm
from ortaq.projects.models import Contract, Project
from ortaq.projects.procedure import contract as procedure
from ortaq.projects.procedure.contract import CONTRACT
from ortaq.testing.remembered import remembered

from . import scenes

TEXT = (
    "{n}-бағыт: облыстың алты ауданында ерікті жастарға арналған «Ашық алаң» көшпелі мектебін ұйымдастыру. Мақсаты: 14–29 жастағы "
    "жастардың азаматтық белсенділігін арттыру, жергілікті бастамаларды жоспарлау мен жүзеге асыру дағдыларын қалыптастыру. "
    "Қатысушылар: мектеп оқушылары, колледж студенттері, жұмыс істемейтін жастар, мүгедектігі бар адамдар. Мазмұны: үш сағаттық "
    "дәріс, топтық жұмыс, рөлдік ойын, тәлімгермен кездесу, қорытынды сауалнама."
)
INDICATOR = (
    "{n}. Оқытуға қатысқан, қол қойылған тіркеу тізіміне енгізілген және қорытынды сауалнаманы толтырған 14–29 жастағы жастардың саны "
    "(оның ішінде ауыл тұрғындары мен мүгедектігі бар адамдар, тізім мен фотоесеп қоса беріледі)"
)
PLACES = "Көкшетау қ.;\nСтепногорск қ.; Щучинск қ., №2 мектеп\nАтбасар ауданы, Атбасар қ."
# How people write what is planned: each reading in turn.
PLANNED = (
    "200", "100-ден кем емес", "әр шарадан 20-дан кем емес", "6/1", "1 (50 данадан кем емес)", "не менее 15",
)  # fmt: skip
TERMS = ("Тамыз–қараша", "2020 ж. шілде, қыркүйек", "жобаны іске асыру барысында", "Август-ноябрь")
ACTIVITIES, INDICATORS = 14, 66


def typed(number: int, indicators: int, start: int) -> dict[str, str]:
    """What the page of a new activity sends."""
    rows = {
        "row-TOTAL_FORMS": str(indicators),
        "row-INITIAL_FORMS": "0",
        "row-MIN_NUM_FORMS": "0",
        "row-MAX_NUM_FORMS": "1000",
    }
    for row in range(indicators):
        rows |= {
            f"row-{row}-text": INDICATOR.format(n=start + row),
            f"row-{row}-planned": PLANNED[(start + row) % len(PLANNED)],
        }
    return {
        "section": "task",
        "task": f"{(number + 2) // 3}-міндет: жастардың әлеуметтік бастамаларын қолдау, оларды оқыту және тәлімгерлермен байланыстыру",
        "text": TEXT.format(n=number),
        "place": PLACES,
        "channel": "",
        "term": TERMS[number % len(TERMS)],
        **rows,
    }


def fill(contract: Contract, people: scenes.Cast) -> None:
    """Eleven activities beside the three that the draft has, by the step that its pages take."""
    there = contract.activities.count()
    left, done = INDICATORS - there, 0
    for number in range(1, ACTIVITIES - there + 1):
        last = number == ACTIVITIES - there
        count = left - done if last else left // (ACTIVITIES - there)
        form = ActivityForm(typed(number, count, done + 1), contract=contract)
        assert form.is_valid(), (form.errors, form.rows.errors)
        version, save = contract.versions.get("plan", 0), cast(Any, form.save)
        procedure.edit(contract, "plan", version, save, actor=people.aliya)
        done += count


@remembered
def running(people: scenes.Cast) -> Project:
    """The project of that contract, after everybody agreed and it was signed."""
    contract = scenes.contract(people, source="award:66")
    contract.general |= {
        "partners": "3\n1. «Жас Отан» қоғамдық бірлестігі\n2) №5 колледж; 3. Абай атындағы кітапхана"
    }
    contract.save()
    fill(contract, people)
    CONTRACT.take("send", contract, actor=people.gulnara)
    for step, actor in zip(("agree",) * 4 + ("accept",), people.chain, strict=True):
        CONTRACT.take(step, contract, actor=actor)
    CONTRACT.take("sign", contract, actor=people.gulnara, **scenes.paper("77"))
    return contract.project
