"""The lists that explain the codes of the tables, made from the code that uses them: they cannot disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices
from django.utils import translation

from ortaq import law
from ortaq.core import regions as known_regions
from ortaq.documents.spreadsheet import Value
from ortaq.gazette.models import Publication
from ortaq.grants import models as grants
from ortaq.law.text import LANGUAGES, Text
from ortaq.oversight import models as oversight
from ortaq.people.models import Organisation
from ortaq.planning import models as planning
from ortaq.prizes import models as prizes
from ortaq.projects import estimate
from ortaq.projects import models as projects
from ortaq.projects.queries import public
from ortaq.projects.queries.progress import STATES
from ortaq.registry.queries.ngo import FILING
from ortaq.tenders import models as tenders

HEADS = ("code", "title_kk", "title_ru", "title_en")


@dataclass(frozen=True, slots=True)
class Codelist:
    """A list of codes with their words; `more` are further columns."""

    slug: str
    title: Text
    read: Callable[[], Iterable[Sequence[Value]]]
    more: tuple[str, ...] = ()

    @property
    def heads(self) -> tuple[str, ...]:
        return (*HEADS, *self.more)

    def rows(self) -> list[Sequence[Value]]:
        return list(self.read())


def said(words: Any) -> list[Value]:
    """A lazy text of a catalogue in Kazakh, Russian and English."""
    found: list[Value] = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(words))
    return found


def _of_choices(choices: type[Choices]) -> Iterator[Sequence[Value]]:
    for code, words in choices.choices:
        if code:
            yield (str(code), *said(words))


def _of_words(words: Mapping[str, Any]) -> Iterator[Sequence[Value]]:
    for code, one in words.items():
        yield (code, *said(one))


def _regions() -> Iterator[Sequence[Value]]:
    for one in known_regions.every():
        yield (one.code, *one.name, str(one.kind), one.since, one.until)


def _fields() -> Iterator[Sequence[Value]]:
    sets: dict[str, list[str]] = {}
    for name, keys in law.field_sets().items():
        for key in keys:
            sets.setdefault(key, []).append(name)
    for key, names in sets.items():
        found = law.field(key)
        yield (key, *found.text, found.number, ";".join(names))


def _criteria() -> Iterator[Sequence[Value]]:
    for edition in law.editions():
        for key in edition.data.get("rubrics", {}):
            for one in edition.rubric(key).criteria:
                yield (
                    one.key, *one.label, f"{edition.act}/{edition.key}", key, one.minimum, one.maximum,
                )  # fmt: skip


def _expenses() -> Iterator[Sequence[Value]]:
    for key, item in estimate.items(estimate.OF_SOCIAL_ORDERS).items():
        yield (key, *item.label, item.group.ru)
    yield (public.ALL, *public.TOGETHER, "")


def _choices(slug: str, title: Text, choices: type[Choices]) -> Codelist:
    return Codelist(slug, title, lambda: _of_choices(choices))


_ALL = (
    Codelist(
        "regions",
        Text("Өңірлер", "Регионы", "Regions"),
        _regions,
        ("kind", "since", "until"),
    ),
    Codelist(
        "fields",
        Text("Салалар мен бағыттар", "Сферы и направления", "Fields and directions"),
        _fields,
        ("number", "sets"),
    ),
    Codelist(
        "criteria",
        Text("Бағалау өлшемшарттары", "Критерии оценки", "Criteria of scoring"),
        _criteria,
        ("edition", "rubric", "minimum", "maximum"),
    ),
    Codelist(
        "expense-kinds",
        Text("Шығыс түрлері", "Виды расходов", "Kinds of expenses"),
        _expenses,
        ("group_ru",),
    ),
    _choices("instruments", Text("Құралдар", "Инструменты", "Instruments"), Publication.Instrument),
    _choices(
        "publication-kinds",
        Text("Жарияланым түрлері", "Виды публикаций", "Kinds of publications"),
        Publication.Kind,
    ),
    _choices(
        "organisation-kinds",
        Text("Ұйым түрлері", "Виды организаций", "Kinds of organisations"),
        Organisation.Kind,
    ),
    _choices(
        "legal-forms",
        Text("Құқықтық нысандар", "Правовые формы", "Legal forms"),
        Organisation.LegalForm,
    ),
    _choices(
        "assessment-kinds",
        Text("Бағалау түрлері", "Виды оценки потребностей", "Kinds of needs assessments"),
        planning.Assessment.Kind,
    ),
    _choices(
        "formation-levels",
        Text("Орган деңгейлері", "Уровни органов", "Levels of bodies"),
        planning.Formation.Level,
    ),
    _choices(
        "formation-states",
        Text("Талқылау жай-күйлері", "Состояния обсуждений", "States of discussions"),
        planning.Formation.State,
    ),
    _choices(
        "topic-states",
        Text("Тақырып жай-күйлері", "Состояния тем", "States of topics"),
        planning.Topic.State,
    ),
    _choices(
        "comment-decisions",
        Text("Пікірлер бойынша шешімдер", "Решения по замечаниям", "Decisions on comments"),
        planning.Comment.Decision,
    ),
    _choices(
        "council-verdicts",
        Text("Кеңес ұсынымдары", "Рекомендации советов", "Recommendations of councils"),
        planning.Recommendation.Verdict,
    ),
    _choices(
        "plan-levels",
        Text("Жоспар деңгейлері", "Уровни планов", "Levels of plans"),
        grants.Plan.Level,
    ),
    _choices(
        "plan-states",
        Text(
            "Жоспар нұсқаларының жай-күйлері",
            "Состояния версий планов",
            "States of versions of plans",
        ),
        grants.PlanVersion.State,
    ),
    _choices("topic-coverage", Text("Қамту", "Охват", "Coverage"), grants.Topic.Coverage),
    _choices(
        "competition-kinds",
        Text("Конкурс түрлері", "Виды конкурсов", "Kinds of competitions"),
        grants.Competition.Kind,
    ),
    _choices(
        "competition-states",
        Text(
            "Грант конкурстарының жай-күйлері",
            "Состояния конкурсов грантов",
            "States of competitions of grants",
        ),
        grants.Competition.State,
    ),
    _choices(
        "grant-outcomes",
        Text("Тақырып бойынша қорытындылар", "Итоги по темам", "Outcomes of topics"),
        grants.Outcome.Kind,
    ),
    _choices(
        "tender-states",
        Text(
            "Әлеуметтік тапсырыс конкурстарының жай-күйлері",
            "Состояния конкурсов социального заказа",
            "States of tenders",
        ),
        tenders.Tender.State,
    ),
    _choices(
        "tender-results",
        Text("Лот нәтижелері", "Результаты лотов", "Results of lots"),
        tenders.Lot.Result,
    ),
    Codelist(
        "indicator-states",
        Text("Индикатор жай-күйлері", "Состояния индикаторов", "States of indicators"),
        lambda: _of_words({key: words for key, (words, _tone) in STATES.items()}),
    ),
    _choices(
        "small-competition-states",
        Text(
            "Шағын гранттар конкурстарының жай-күйлері",
            "Состояния конкурсов малых грантов",
            "States of competitions of small grants",
        ),
        projects.SmallCompetition.State,
    ),
    _choices(
        "small-grant-applicants",
        Text("Шағын грант сұраушылар", "Заявители малых грантов", "Applicants for small grants"),
        projects.SmallGrant.Applicant,
    ),
    _choices(
        "small-grant-states",
        Text("Шағын грант жай-күйлері", "Состояния малых грантов", "States of small grants"),
        projects.SmallGrant.State,
    ),
    _choices(
        "evaluation-states",
        Text("Бағалау жай-күйлері", "Состояния оценок", "States of evaluations"),
        oversight.Evaluation.State,
    ),
    _choices(
        "expert-council-states",
        Text(
            "Сараптамалық кеңес жай-күйлері",
            "Состояния экспертных советов",
            "States of expert councils",
        ),
        oversight.ExpertCouncil.State,
    ),
    Codelist(
        "return-statuses",
        Text("Жылдық есеп жай-күйлері", "Статусы годовых отчётов", "Statuses of annual returns"),
        lambda: _of_words(FILING),
    ),
    _choices(
        "prize-states",
        Text("Сыйлықақы жай-күйлері", "Состояния премии", "States of the prize"),
        prizes.Round.State,
    ),
)
CODELISTS: dict[str, Codelist] = {one.slug: one for one in _ALL}
