"""Public money on its way: contracts, tranches, what was spent on what, results, small grants given on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.gazette.models import Publication
from ortaq.law.text import Text
from ortaq.projects.models import Contract, Project, SmallGrant, Tranche
from ortaq.projects.queries import public, report, small
from ortaq.projects.queries.progress import DONE, PROVED, Line, Progress, progress_of_many
from ortaq.projects.small_checks import GIVEN

from .declared import (
    CONTRACT,
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
PROJECT = Text("Жоба", "Проект", "Project")
PAID = Text("Төленген сома", "Выплачено", "Sum paid")
FEW = Text(
    "Бес адамнан азы бағаласа, бос.",
    "Пусто, если оценили менее пяти человек.",
    "Empty where fewer than five people rated.",
)


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
    shown = known([row.pk for row in rows])
    return (row for row in rows if row.pk in shown)


def _known_tranches(rows: Sequence[Tranche]) -> Iterator[Tranche]:
    shown = known({row.project.contract_id for row in rows})
    return (row for row in rows if row.project.contract_id in shown)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a project spent on one kind of expense, or on several that are not told apart."""

    project: Project
    item: public.Item


def _begun() -> QuerySet[Project]:
    rows = Project.objects.filter(contract__state=Contract.State.SIGNED)
    return rows.select_related("contract").defer("baseline", "contract__general")


def _spent(projects: Sequence[Project]) -> Iterator[Spent]:
    """Three queries for a chunk."""
    shown = known([one.contract_id for one in projects])
    chosen = [one for one in projects if one.contract_id in shown]
    sums = public.money_of(chosen)
    for project in chosen:
        for item in sums[project.pk].items:
            yield Spent(project, item)


def _rated(read: str) -> Any:
    """What so few people said is not told (see `projects.queries.public`)."""

    def get(row: Achieved) -> int | None:
        return getattr(row.project, read) if public.enough(row.project.answers) else None

    return get


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
            "Шарт қаражатынан қабылданған шығыстар. Бес адамнан азына төленген ақы жеке көрсетілмейді: ол басқа түрмен бірге, kinds ішінде бірнеше код болады.",
            "Принятые расходы из средств договора. Оплата менее чем пяти людей отдельно не показывается: она стоит вместе с другим видом, тогда в kinds несколько кодов.",
            "Expenses of the contract's money that were admitted. What fewer than five people were paid is not told apart: it stands together with another kind, and kinds has several codes.",
        ),
        rows=_begun,
        expand=_spent,
        columns=(
            whole("project", PROJECT, "project.pk"),
            whole("contract", CONTRACT, "project.contract_id"),
            coded(
                "kinds",
                Text(
                    "Шығыс түрлері, нүктелі үтірмен",
                    "Виды расходов, через точку с запятой",
                    "Kinds of expenses, separated by semicolons",
                ),
                "expense-kinds",
                lambda row: ";".join(row.item.keys),
            ),
            money("admitted", Text("Қабылданған", "Принято", "Admitted"), "item.sum_tiyn"),
        ),
        filters=OF_PROJECT,
        key=("project", "kinds"),
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
            whole(
                "ratings",
                Text("Бағалау саны", "Число оценок", "Ratings"),
                _rated("answers"),
                about=FEW,
            ),
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
