"""What became of it: evaluations with their points, what state bodies publish about their projects, who is late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from ortaq.core import clock
from ortaq.core.models import Duty
from ortaq.gazette.late import ORGANISATION, overdue
from ortaq.gazette.models import Publication
from ortaq.law.text import Text
from ortaq.oversight.annex9 import field_of, fraction
from ortaq.oversight.models import Evaluation, PublicInformation
from ortaq.oversight.procedure.annex8 import rubric_of
from ortaq.oversight.queries import council, evaluation
from ortaq.people.models import Organisation

from .declared import (
    BODY,
    CONTRACT,
    ID,
    PUBLISHED,
    TITLE,
    YEAR,
    Column,
    Kind,
    Table,
    both,
    coded,
    day,
    instant,
    law_field,
    organisation,
    region,
    state_of,
    whole,
)


def _content(name: str) -> Any:
    return lambda row: fraction((row.content or {}).get(name))


@dataclass(frozen=True, slots=True)
class Mean:
    """The council's mean in one criterion, as the report has it."""

    evaluation: Evaluation
    criterion: str
    mean: Fraction | None
    said: Mapping[str, str]


def _means(rows: Sequence[Evaluation]) -> Iterator[Mean]:
    for row in rows:
        content = row.content or {}
        for key in rubric_of(row).keys:
            if key in content.get("means", {}):
                said = content.get("remarks", {}).get(key, {})
                yield Mean(row, key, fraction(content["means"][key]), said)


def _informations() -> QuerySet[PublicInformation]:
    return PublicInformation.objects.select_related("body")


@dataclass(frozen=True, slots=True)
class Late:
    """A public duty whose term has ended, with its bearer and what it is about where that is public."""

    duty: Duty
    bearer: Organisation
    about: str

    @property
    def days(self) -> int:
        assert self.duty.due_at is not None
        return (clock.now() - self.duty.due_at).days


def _late(rows: Sequence[Duty]) -> Iterator[Late]:
    """Two queries for a chunk."""
    keys = {row.bearer: int(row.bearer.removeprefix(ORGANISATION)) for row in rows}
    bearers = Organisation.objects.exclude(kind=Organisation.Kind.NGO).in_bulk(keys.values())
    public = Publication.objects.filter(key__in={row.subject for row in rows}, withdrawn=False)
    known = set(public.values_list("key", flat=True))
    for row in rows:
        if bearer := bearers.get(keys[row.bearer]):
            yield Late(row, bearer, row.subject if row.subject in known else "")


TABLES = (
    Table(
        slug="evaluations",
        group="oversight",
        title=Text(
            "Әлеуметтік жобаларды бағалау",
            "Оценка социальных проектов",
            "Evaluations of social projects",
        ),
        about=Text(
            "Жарияланған бағалау есептері: балдардың қосындысы мен орташасы.",
            "Опубликованные отчёты об оценке: сумма баллов и среднее.",
            "Published reports on evaluation: the sum of the points and their mean.",
        ),
        rows=evaluation.published,
        columns=(
            ID,
            whole("contract", CONTRACT, "project.contract_id"),
            *organisation("body", BODY, "project.contract.grantor"),
            *organisation(
                "grantee",
                Text("Орындаушы", "Исполнитель", "Who carried it out"),
                "project.contract.grantee",
            ),
            law_field(lambda row: (row.content or {}).get("field") or field_of(row.project)),
            state_of("evaluation-states"),
            whole(
                "sheets",
                Text("Бағалау парақтары", "Оценочные листы", "Score sheets"),
                lambda row: len((row.content or {}).get("sheets", [])),
            ),
            Column(
                "points",
                Text("Балдар қосындысы", "Сумма баллов", "Sum of points"),
                _content("total"),
                Kind.NUMBER,
            ),
            Column(
                "mean", Text("Орташа балл", "Средний балл", "Mean"), _content("mean"), Kind.NUMBER
            ),
            Column(
                "recommendations_kk",
                Text(
                    "Ұсынымдар, қазақша", "Рекомендации, на казахском", "Recommendations, in Kazakh"
                ),
                lambda row: (row.content or {}).get("recommendations", {}).get("kk"),
            ),
            Column(
                "recommendations_ru",
                Text(
                    "Ұсынымдар, орысша", "Рекомендации, на русском", "Recommendations, in Russian"
                ),
                lambda row: (row.content or {}).get("recommendations", {}).get("ru"),
            ),
            instant("formed_at", Text("Қалыптастырылған", "Сформирован", "Formed")),
            instant("posted_at", Text("Орналастырылған", "Размещён", "Posted")),
            Column(
                "sha256",
                Text("Мазмұнының хеші", "Хеш содержания", "Hash of its content"),
                "content_sha256",
            ),
        ),
        filters={"year": "posted_at__year", "region": "project__contract__grantor__region_code"},
    ),
    Table(
        slug="evaluation-points",
        group="oversight",
        title=Text(
            "Бағалау балдары, өлшемшарттар бойынша",
            "Баллы оценки по критериям",
            "Points of evaluations by criterion",
        ),
        about=Text(
            "Сараптамалық кеңестің орташа балы; мүшелердің жеке парақтары жарияланбайды.",
            "Средний балл экспертного совета; листы отдельных членов не публикуются.",
            "The mean of the expert council; members' own sheets are not published.",
        ),
        rows=evaluation.published,
        expand=_means,
        columns=(
            whole("evaluation", Text("Бағалау", "Оценка", "Evaluation"), "evaluation.pk"),
            coded("criterion", Text("Өлшемшарт", "Критерий", "Criterion"), "criteria"),
            Column("mean", Text("Орташа балл", "Средний балл", "Mean"), kind=Kind.NUMBER),
            Column(
                "said_kk",
                Text("Түсіндірме, қазақша", "Пояснение, на казахском", "Explanation, in Kazakh"),
                lambda row: row.said.get("kk"),
            ),
            Column(
                "said_ru",
                Text("Түсіндірме, орысша", "Пояснение, на русском", "Explanation, in Russian"),
                lambda row: row.said.get("ru"),
            ),
        ),
        filters={"year": "posted_at__year", "region": "project__contract__grantor__region_code"},
        key=("evaluation", "criterion"),
    ),
    Table(
        slug="implementation-reports",
        group="oversight",
        title=Text(
            "Жобалардың іске асырылуы туралы ақпарат (5-қосымша)",
            "Информация о реализации проектов (приложение 5)",
            "Information on projects carried out (annex 5)",
        ),
        about=Text(
            "Мемлекеттік органдар жыл сайын жариялайды; кейінгі басылым алдыңғысын ауыстырады, екеуі де қалады.",
            "Государственные органы публикуют её ежегодно; поздний выпуск заменяет прежний, сохраняются оба.",
            "What state bodies publish year by year; a later issue takes the place of an earlier one, both stay.",
        ),
        rows=_informations,
        columns=(
            ID,
            *organisation("body", BODY),
            region("body.region_code"),
            whole("year", YEAR),
            whole("issue", Text("Басылым", "Выпуск", "Issue")),
            whole(
                "projects",
                Text("Жобалар саны", "Число проектов", "Projects"),
                lambda row: len(row.content.get("rows", ())),
            ),
            instant("published_at", PUBLISHED),
            Column(
                "sha256",
                Text("Мазмұнының хеші", "Хеш содержания", "Hash of its content"),
                "content_sha256",
            ),
        ),
        filters={"year": "year", "region": "body__region_code"},
    ),
    Table(
        slug="expert-councils",
        group="oversight",
        title=Text("Сараптамалық кеңестер", "Экспертные советы", "Expert councils"),
        about=Text(
            "Жобаларды бағалайтын кеңестер; мүшелерінің аты-жөні ашық деректерде берілмейді.",
            "Советы, которые оценивают проекты; имена членов в открытых данных не приводятся.",
            "Councils that evaluate projects; the names of their members are not in the open data.",
        ),
        rows=council.public_councils,
        columns=(
            ID,
            *organisation("body", BODY),
            *both("title", TITLE),
            state_of("expert-council-states"),
            instant("announced_at", Text("Жарияланған", "Объявлен", "Announced")),
            instant(
                "nominations_until",
                Text("Кандидат ұсыну мерзімі", "Выдвижение до", "Nominations until"),
            ),
            day("office_from", Text("Өкілеттігі басталады", "Полномочия с", "In office from")),
            day("office_until", Text("Өкілеттігі аяқталады", "Полномочия до", "In office until")),
        ),
        filters={"year": "announced_at__year", "region": "body__region_code"},
    ),
    Table(
        slug="late-duties",
        group="oversight",
        title=Text("Мерзімі өткен міндеттер", "Просроченные обязанности", "Duties that are late"),
        about=Text(
            "Мемлекеттік органдар мен оператордың мерзімі өткен, көпшілікке маңызы бар міндеттері, қазіргі сәтке.",
            "Просроченные на этот момент обязанности государственных органов и оператора, важные для всех.",
            "Duties of state bodies and of the operator that everybody waits for and whose term has ended, as of now.",
        ),
        rows=overdue,
        expand=_late,
        columns=(
            whole("id", ID.title, "duty.pk"),
            *organisation(
                "bearer", Text("Кім кешіктірді", "Кто опаздывает", "Who is late"), "bearer"
            ),
            Column("code", Text("Міндет коды", "Код обязанности", "Code of the duty"), "duty.code"),
            *both("duty", Text("Міндет", "Обязанность", "Duty"), "duty.title"),
            Column("clause", Text("Тармақ", "Пункт акта", "Clause"), "duty.cite"),
            Column(
                "about",
                Text("Не туралы", "О чём", "About"),
                about=Text(
                    "Жарияланымның кілті, егер ол көпшілікке ашық болса.",
                    "Ключ публикации, если она общедоступна.",
                    "The key of the publication, where it is public.",
                ),
            ),
            instant("due_at", Text("Мерзімі", "Срок", "Due"), "duty.due_at"),
            whole("days", Text("Кешіккен күндер", "Дней просрочки", "Days late")),
        ),
    ),
)
