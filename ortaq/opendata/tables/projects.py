"""Public money on its way: contracts, tranches, what was spent on what, results, small grants given on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.gazette.models import Publication
from ortaq.law.text import Text
from ortaq.projects.models import Contract, Expense, Project, SmallGrant, Tranche
from ortaq.projects.queries import report, small
from ortaq.projects.queries.progress import DONE, PROVED, Line, Progress, progress_of_many
from ortaq.projects.small_checks import GIVEN
from ortaq.projects.spending import live

from .declared import (
    ID,
    PUBLISHED,
    REGION,
    SUM,
    TITLE,
    Column,
    Kind,
    Table,
    both,
    coded,
    day,
    instant,
    money,
    organisation,
    region,
    state_of,
    whole,
)

GRANTOR = Text("Қаражат берген", "Кто предоставил средства", "Who gave the money")
GRANTEE = Text("Орындаушы", "Исполнитель", "Who carries it out")
CONTRACT = Text("Шарт", "Договор", "Contract")
PROJECT = Text("Жоба", "Проект", "Project")
PAID = Text("Төленген сома", "Выплачено", "Sum paid")
# The pay of so few people would be known person by person.
FEWEST_PAID = 3
ALL_KINDS = "all"


# --- Rows -----------------------------------------------------------------------------------------


def _contracts() -> QuerySet[Contract]:
    rows = Contract.objects.filter(state=Contract.State.SIGNED)
    return rows.select_related("grantor", "grantee").defer("general", "social_effect", "search")


def _tranches() -> QuerySet[Tranche]:
    rows = Tranche.objects.filter(project__contract__state=Contract.State.SIGNED)
    return rows.select_related("project").defer("project__baseline")


def known(contracts: Collection[int]) -> set[int]:
    """Those of these contracts that everybody may know of, by the gazette: they follow a published result, or their
    project has public results or a public evaluation; one query.
    """
    keys = {key_of(Contract(pk=pk)): pk for pk in contracts}
    shown = Publication.objects.filter(key__in=keys, withdrawn=False)
    return {keys[key] for key in shown.values_list("key", flat=True)}


def _known_contracts(rows: Sequence[Contract]) -> Iterator[Contract]:
    public = known([row.pk for row in rows])
    return (row for row in rows if row.pk in public)


def _known_tranches(rows: Sequence[Tranche]) -> Iterator[Tranche]:
    public = known({row.project.contract_id for row in rows})
    return (row for row in rows if row.project.contract_id in public)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a project spent on one kind of expense, from the money of its contract."""

    project: Project
    kind: str
    expenses: int
    spent_tiyn: int
    admitted_tiyn: int


def _spent(projects: Sequence[Project]) -> Iterator[Spent]:
    """Two queries for a chunk. Where fewer than `FEWEST_PAID` people are paid, kinds are not told apart."""
    rows = Expense.objects.filter(
        live(), project__in=[one.pk for one in projects], source=Expense.Source.GRANT
    ).order_by()
    few = dict(
        rows.filter(person__isnull=False)
        .values_list("project")
        .annotate(paid=Count("person", distinct=True))
    )
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    counted = rows.values_list("project", "line__category").annotate(
        number=Count("pk"), spent=Sum("sum_tiyn"), admitted=Sum("admitted_tiyn")
    )
    for project, category, number, spent, admitted in counted:
        kind = category if few.get(project, FEWEST_PAID) >= FEWEST_PAID else ALL_KINDS
        sums = found[project][kind]
        sums[0] += number
        sums[1] += spent
        sums[2] += admitted or 0
    for project in projects:
        for kind, (number, spent, admitted) in sorted(found[project.pk].items()):
            yield Spent(project, kind, number, spent, admitted)


@dataclass(frozen=True, slots=True)
class Achieved:
    """A project with its plan against fact."""

    project: Project
    progress: Progress

    @property
    def done(self) -> int:
        return sum(line.state in (DONE, PROVED) for line in self.progress.lines)


@dataclass(frozen=True, slots=True)
class Measured:
    project: Project
    line: Line


def _results(projects: Sequence[Project]) -> Iterator[Achieved]:
    found = progress_of_many(projects, clock.today())
    for project in projects:
        yield Achieved(project, found[project.pk])


def _indicators(projects: Sequence[Project]) -> Iterator[Measured]:
    found = progress_of_many(projects, clock.today(), texts=True)
    for project in projects:
        for line in found[project.pk].lines:
            yield Measured(project, line)


def _given() -> QuerySet[SmallGrant]:
    """Small grants of competitions whose results are published."""
    rows = SmallGrant.objects.filter(
        competition__in=small.public_competitions().filter(state="decided").order_by().values("pk"),
        state__in=(*GIVEN, SmallGrant.State.RETURNED),
    )
    return rows.select_related("competition__project").defer("contact", "identifier", "text")


# --- Tables ---------------------------------------------------------------------------------------

OF_CONTRACT = {"year": "concluded_on__year", "region": "grantee__region_code"}
OF_PROJECT = {"year": "contract__concluded_on__year", "region": "contract__grantee__region_code"}

TABLES = (
    Table(
        slug="contracts",
        group="projects",
        title=Text("Шарттар", "Договоры", "Contracts"),
        about=Text(
            "Гранттар мен әлеуметтік тапсырыс бойынша жасалған шарттар.",
            "Заключённые договоры по грантам и социальному заказу.",
            "Concluded contracts on grants and the social order.",
        ),
        rows=_contracts,
        expand=_known_contracts,
        columns=(
            ID,
            coded("instrument", Text("Құрал", "Инструмент", "Instrument"), "instruments"),
            Column(
                "award",
                Text("Неден туындайды", "Из чего следует", "What it follows from"),
                "source",
                about=Text(
                    "Қорытынды немесе лот; «elsewhere» – басқа жерде жасалған.",
                    "Итог или лот; «elsewhere» – заключён в другом месте.",
                    "An outcome or a lot; “elsewhere”: concluded elsewhere.",
                ),
            ),
            Column("number", Text("Шарт нөмірі", "Номер договора", "Number of the contract")),
            *organisation("grantor", GRANTOR),
            *organisation("grantee", GRANTEE),
            region("grantee.region_code"),
            *both("title", TITLE),
            day("concluded_on", Text("Жасалған күні", "Дата заключения", "Concluded on")),
            day("starts_on", Text("Басталуы", "Начало", "From")),
            day("ends_on", Text("Аяқталуы", "Окончание", "Until")),
            money("sum", SUM),
            money("advance", Text("Аванс", "Аванс", "Advance")),
        ),
        filters=OF_CONTRACT,
    ),
    Table(
        slug="tranches",
        group="projects",
        title=Text("Төлемдер (транштар)", "Выплаты (транши)", "Payments (tranches)"),
        about=Text(
            "Әрбір шарт бойынша жоспарланған және төленген бөліктер.",
            "Запланированные и выплаченные части по каждому договору.",
            "The parts of each contract's sum, planned and paid.",
        ),
        rows=_tranches,
        expand=_known_tranches,
        columns=(
            ID,
            whole("contract", CONTRACT, "project.contract_id"),
            whole("number", Text("Реті", "Порядковый номер", "Number of the payment")),
            Column("advance", Text("Аванс", "Аванс", "Advance"), "is_advance", kind=Kind.BOOLEAN),
            day("planned_on", Text("Жоспарланған күні", "Планируемая дата", "Planned for")),
            money("planned", Text("Жоспарланған сома", "Планируемая сумма", "Planned sum")),
            day("paid_on", Text("Төленген күні", "Дата выплаты", "Paid on")),
            money("paid", PAID),
        ),
        filters={
            "year": "project__contract__concluded_on__year",
            "region": "project__contract__grantee__region_code",
        },
    ),
    Table(
        slug="expenses",
        group="projects",
        title=Text("Шығыстар, түрлері бойынша", "Расходы по видам", "Expenses by kind"),
        about=Text(
            "Нәтижелері жарияланған жобалардың шарт қаражатынан шығыстары. Үш адамнан азына ақы төленсе, түрлері бөлінбейді: kind = all.",
            "Расходы из средств договора по проектам с опубликованными результатами. Если оплата шла менее чем трём людям, виды не разделяются: kind = all.",
            "What projects with published results spent of the contract's money. Where fewer than three people were paid, kinds are not told apart: kind = all.",
        ),
        rows=report.published,
        expand=_spent,
        columns=(
            whole("project", PROJECT, "project.pk"),
            whole("contract", CONTRACT, "project.contract_id"),
            coded("kind", Text("Шығыс түрі", "Вид расходов", "Kind of expense"), "expense-kinds"),
            whole("expenses", Text("Жазбалар саны", "Число записей", "Entries")),
            money("spent", Text("Жұмсалған", "Израсходовано", "Spent")),
            money("admitted", Text("Қабылданған", "Принято", "Admitted")),
        ),
        filters=OF_PROJECT,
        key=("project", "kind"),
    ),
    Table(
        slug="project-results",
        group="projects",
        title=Text("Жобалардың нәтижелері", "Результаты проектов", "Results of projects"),
        about=Text(
            "Нәтижелері көпшілікке жарияланған жобалар, жеке деректерсіз.",
            "Проекты, результаты которых опубликованы, без персональных данных.",
            "Projects whose results are published, without personal data.",
        ),
        rows=report.published,
        expand=_results,
        columns=(
            whole("project", PROJECT, "project.pk"),
            whole("contract", CONTRACT, "project.contract_id"),
            coded(
                "instrument",
                Text("Құрал", "Инструмент", "Instrument"),
                "instruments",
                "project.contract.instrument",
            ),
            *organisation("grantor", GRANTOR, "project.contract.grantor"),
            *organisation("grantee", GRANTEE, "project.contract.grantee"),
            coded("region", REGION, "regions", "project.contract.grantee.region_code"),
            *both("title", TITLE, "project.contract.title"),
            instant("published_at", PUBLISHED, "project.presentation.published_at"),
            *both(
                "summary",
                Text("Не қол жеткізілді", "Что достигнуто", "What was reached"),
                "project.presentation.summary",
            ),
            money("sum", SUM, "project.contract.sum_tiyn"),
            money("paid", PAID, "project.paid_tiyn"),
            whole(
                "events_held",
                Text("Өткізілген іс-шаралар", "Проведено мероприятий", "Events held"),
                "project.events_held",
            ),
            whole(
                "people",
                Text("Қатысқан адамдар", "Приняло участие людей", "People who took part"),
                "project.covered",
            ),
            whole("ratings", Text("Бағалау саны", "Число оценок", "Ratings"), "project.answers"),
            whole(
                "rating_points",
                Text(
                    "Бағалардың қосындысы (1–5)", "Сумма оценок (1–5)", "Sum of the ratings (1-5)"
                ),
                "project.points",
            ),
            whole(
                "indicators",
                Text("Индикаторлар", "Индикаторы", "Indicators"),
                lambda row: len(row.progress.lines),
            ),
            whole(
                "indicators_reached",
                Text(
                    "Қол жеткізілген индикаторлар", "Достигнуто индикаторов", "Indicators reached"
                ),
                "done",
            ),
        ),
        filters=OF_PROJECT,
        key=("project",),
    ),
    Table(
        slug="indicators",
        group="projects",
        title=Text("Жобалардың индикаторлары", "Индикаторы проектов", "Indicators of projects"),
        about=Text(
            "Жоспарланғаны мен орындалғаны; нәтижелері жарияланған жобалар бойынша.",
            "План и факт; по проектам с опубликованными результатами.",
            "Planned and done, of projects with published results.",
        ),
        rows=report.published,
        expand=_indicators,
        columns=(
            Column("id", ID.title, "line.indicator.pk", ID.kind, about=ID.about),
            whole("project", PROJECT, "project.pk"),
            Column("indicator", Text("Индикатор", "Индикатор", "Indicator"), "line.indicator.text"),
            Column(
                "planned",
                Text("Жоспарланған, басылғандай", "План, как в договоре", "Planned, as printed"),
                "line.indicator.planned",
            ),
            whole(
                "target",
                Text("Жоспар, санмен", "План числом", "Planned number"),
                "line.target.first",
            ),
            whole("done", Text("Орындалған", "Выполнено", "Done"), "line.done.first"),
            whole(
                "done_second",
                Text("Орындалған, екінші сан", "Выполнено, второе число", "Done, second number"),
                "line.done.second",
            ),
            whole("proved", Text("Расталған", "Подтверждено", "Proved"), "line.proved.first"),
            state_of("indicator-states", "line.state"),
        ),
        filters=OF_PROJECT,
    ),
    Table(
        slug="small-grant-competitions",
        group="projects",
        title=Text(
            "Шағын гранттар конкурстары", "Конкурсы малых грантов", "Competitions of small grants"
        ),
        about=Text(
            "Грант алушылар өз жобаларының қаражатынан жариялаған конкурстар.",
            "Конкурсы, которые грантополучатели объявили из средств своих проектов.",
            "Competitions that grantees announced with money of their projects.",
        ),
        rows=small.public_competitions,
        columns=(
            ID,
            Column("code", Text("Коды", "Код", "Code")),
            whole("contract", CONTRACT, "project.contract_id"),
            *organisation("grantee", GRANTEE, "project.contract.grantee"),
            *both("title", TITLE),
            state_of("small-competition-states"),
            instant("opens_at", Text("Басталуы", "Начало", "From")),
            instant(
                "closes_at",
                Text("Өтінім қабылдау мерзімі", "Приём заявок до", "Applications until"),
            ),
            instant(
                "decided_at",
                Text("Қорытынды жарияланған", "Итоги опубликованы", "Results published"),
                lambda row: row.decided_at if row.state == "decided" else None,
            ),
        ),
        filters={"year": "opens_at__year", "region": "project__contract__grantee__region_code"},
    ),
    Table(
        slug="small-grants",
        group="projects",
        title=Text("Берілген шағын гранттар", "Предоставленные малые гранты", "Small grants given"),
        about=Text(
            "ҮЕҰ атауымен беріледі; азаматтар мен топтар тек өтінім нөмірімен.",
            "НПО указаны по названию; граждане и группы только номером заявки.",
            "NGOs by their name; citizens and groups by the number of the application only.",
        ),
        rows=_given,
        columns=(
            ID,
            whole("competition", Text("Конкурс", "Конкурс", "Competition"), "competition_id"),
            whole("number", Text("Өтінім нөмірі", "Номер заявки", "Number of the application")),
            coded(
                "applicant",
                Text("Өтінім беруші", "Заявитель", "Applicant"),
                "small-grant-applicants",
            ),
            Column(
                "ngo",
                Text("ҮЕҰ", "НПО", "NGO"),
                lambda row: row.name if row.applicant == SmallGrant.Applicant.NGO else "",
            ),
            region("region"),
            Column("title", Text("Не үшін", "На что", "What for")),
            money("sum", Text("Берілген сома", "Предоставленная сумма", "Sum given"), "given_tiyn"),
            state_of("small-grant-states"),
            money("returned", Text("Қайтарылған сома", "Возвращённая сумма", "Sum returned")),
        ),
        filters={"year": "competition__opens_at__year", "region": "region"},
    ),
)
