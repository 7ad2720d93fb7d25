"""What the invented NGOs write: values by path, as the pages of an application save them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from ortaq.documents.writing import paths
from ortaq.documents.writing.merge import Edit
from ortaq.grants.models import Application, ApplicationPart, Attachment

from . import cast

if TYPE_CHECKING:
    from .story.data import Entry

Values = dict[str, Any]
Kind = Attachment.Kind

STARTS_ON = date(2020, 8, 1)
LAST_DAY = (11, 20)
PARTNER, SPECIALIST = "~k1", "~t4"
TENGE = 100
# Unit costs are round: whole hundreds of tenge.
ROUND = 100 * TENGE


def ends_on(application: Application) -> date:
    """The last day of the project, in the last year of its topic."""
    years = [amount.year for amount in application.lot.topic.amounts.all()]
    return date(max(years), *LAST_DAY)


@cache
def _texts() -> dict[str, Any]:
    return cast.table("projects.toml")


def _common(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = _texts()["common"][entry.language]
    return found


def _project(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = _texts()["topic"][entry.topic][entry.language]
    return found


# --- Annexes 2 and 3 -------------------------------------------------------------------------------


def questionnaire(entry: Entry) -> Values:
    common = _common(entry)
    people = {
        "head": (cast.head_of(entry.ngo), common["head_post"]),
        "chief_accountant": (cast.accountant_of(entry.ngo), common["accountant_post"]),
    }
    found: Values = {
        "questionnaire/target_group": common["target_group"],
        "questionnaire/staff_total": 9 + entry.number % 5,
        "questionnaire/staff_regular": 4,
        "questionnaire/staff_invited": 2,
        "questionnaire/volunteers": 3 + entry.number % 5,
    }
    for key, (person, post) in people.items():
        surname, given_name, patronymic = person.name
        answers = {
            "surname": surname,
            "given_name": given_name,
            "patronymic": patronymic,
            "position": post,
            "phone_numbers": person.phone,
            "email": person.email,
        }
        found |= {f"questionnaire/{key}/{part}": value for part, value in answers.items()}
    return found


def capacity(entry: Entry) -> Values:
    common, body = _common(entry), cast.bodies()[entry.ngo]
    place = (body.address_ru if entry.language == "ru" else body.address_kk).partition(",")[0]
    found: Values = {
        "charter_fit": common["charter_fit"].format(work=body.work),
        "material_base": common["material_base"],
    }
    columns = ("period", "first", "last", "name", "customer_and_geography", "cost", "result")
    for number, row in enumerate(common["experience"][entry.number % 2 :], 1):
        values = [cell.format(place=place) if isinstance(cell, str) else cell for cell in row]
        values[5] *= TENGE
        found |= _row(f"topic_experience/~e{number}", columns, values)
    for number, (name, post, role) in enumerate(team(entry), 1):
        row = f"project_team/~t{number}"
        found |= {
            f"{row}/member_name": name,
            f"{row}/position": post,
            f"{row}/role": role,
            f"{row}/relevant_experience": common["relevant"].format(post=post),
            f"{row}/years": 3 + (entry.number + 2 * number) % 9,
            f"{row}/duties": common["duties"][number - 1],
        }
    return found | {f"project_team/{SPECIALIST}/engaged": True}


def team(entry: Entry) -> list[tuple[str, str, str]]:
    """(name, position, role) of head, accountant, public relations and the engaged specialist."""
    posts, number = _common(entry)["posts"], entry.number
    own = [cast.head_of(entry.ngo).name, cast.accountant_of(entry.ngo).name]
    names = [*own, cast.a_name(400 + number), cast.a_name(500 + number)]
    posts = [*posts, _project(entry)["specialist"]]
    roles = ("head", "accountant", "pr", "other")
    return [
        (" ".join(name), post, role) for name, post, role in zip(names, posts, roles, strict=True)
    ]


# --- Annex 4 ---------------------------------------------------------------------------------------

# Columns of its tables.
GROUP = ("group", "count", "age", "benefit")
WATCHED = ("task", "activity", "results", "indicators", "frequency")
COVERAGE = ("product", "count", "channels", "frequency")


def content(entry: Entry, year: int, territory: str) -> Values:
    """The project itself, in the territory that the plan prints; `year` is 0 where there is one
    copy for all years.
    """
    common, project = _common(entry), _project(entry)
    activities = project["activities"]
    partner, participation = project["partner"]
    found: Values = {
        "basics/goal": project["goal"],
        "basics/tasks": "\n".join(task for _name, task, *_rest in activities),
        "basics/activities": "\n".join(name for name, *_rest in activities),
        "basics/territory": project.get("territory", territory),
        "basics/target_groups": "\n".join(group for group, *_rest in project["groups"]),
        "basics/expected_results": project["results"],
        "justification/current_situation": project["situation"],
        "justification/statistics": project["statistics"],
        "justification/needs_assessment": project["needs"],
        f"partners/{PARTNER}/partner": partner,
        f"partners/{PARTNER}/participation": participation,
        "monitoring_plan/goal": project["goal"],
        "sustainability/continuation": common["continuation"],
        "sustainability/organisation_role": common["organisation_role"],
    }
    for number, row in enumerate(project["groups"], 1):
        found |= _row(f"target_groups_detail/~g{number}", GROUP, row)
        found |= {
            f"feedback/~f{number}/group": row[0],
            f"feedback/~f{number}/measurement": common["measurement"],
        }
    months = _months(entry, year)
    for number, (name, task, result, indicators) in enumerate(activities, 1):
        watched = (task, name, result + common["long_term"], indicators, common["frequency"])
        found |= _row(f"monitoring_plan/rows/~m{number}", WATCHED, watched)
        begins = min(number - 1, len(months) - 2)
        planned = (name, months[begins : begins + 1 + len(months) // 2])
        found |= _row(f"calendar_plan/~c{number}", ("activity", "months"), planned)
    for number, row in enumerate(common["risks"], 1):
        found |= _row(f"risks/~r{number}", ("risk", "mitigation"), row)
    for number, row in enumerate(common["media"], 1):
        found |= _row(f"media_coverage/~p{number}", COVERAGE, row)
    return found


def _months(entry: Entry, year: int) -> list[int]:
    """The months of the project in a year, counted from 1: from August to November or December."""
    if not year:
        return [1, 2, 3, 4]
    return list(range(1, 6)) if year == STARTS_ON.year else list(range(1, 12))


# --- Annex 5 ---------------------------------------------------------------------------------------

# Cost item, activity (row of the calendar plan), what it is for, unit, quantity, share of the
# whole in thousandths. Administrative costs first.
LINES: tuple[tuple[str, str, tuple[str, str], tuple[str, str], int, int], ...] = (
    ("salaries_lines", "", ("Жоба жетекшісі", "Руководитель проекта"), ("ай", "мес."), 4, 96),
    ("salaries_lines", "", ("Бухгалтер", "Бухгалтер"), ("ай", "мес."), 4, 64),
    ("salaries_lines", "", ("Қоғаммен байланыс маманы", "Специалист по связям"), ("ай", "мес."), 4, 60),
    ("social_tax", "", ("Әлеуметтік салық және аударымдар", "Социальный налог и отчисления"), ("ай", "мес."), 4, 20),
    ("medical_insurance", "", ("Міндетті медициналық сақтандыру", "Медицинское страхование"), ("ай", "мес."), 4, 4),
    ("bank_services", "", ("Банк қызметтері", "Банковские услуги"), ("ай", "мес."), 4, 3),
    ("communication", "", ("Интернет және байланыс", "Интернет и связь"), ("ай", "мес."), 4, 8),
    ("consumables_lines", "", ("Кеңсе тауарлары", "Канцелярские товары"), ("жиынтық", "компл."), 4, 10),
    ("material_support_lines", "", ("Ноутбук", "Ноутбук"), ("дана", "шт."), 1, 45),
    ("services_natural_lines", "~c1", ("Жаттықтырушы қызметі", "Услуги тренера"), ("күн", "день"), 12, 130),
    ("fares", "~c1", ("Аудандарға жол жүру", "Проезд в районы"), ("сапар", "поездка"), 10, 60),
    ("handouts_lines", "~c1", ("Логотиптері бар баннер", "Баннер с логотипами"), ("дана", "шт."), 2, 16),
    ("handouts_lines", "~c1", ("Үлестірме материалдар", "Раздаточные материалы"), ("жиынтық", "компл."), 100, 70),
    ("services_legal_lines", "~c2", ("Іс-шараны техникалық қамтамасыз ету", "Техническое обеспечение"), ("шара", "меропр."), 8, 120),
    ("hall_rent", "~c2", ("Зал жалдау", "Аренда зала"), ("күн", "день"), 8, 40),
    ("coffee_break", "~c2", ("Кофе-брейк", "Кофе-брейк"), ("адам", "чел."), 160, 44),
    ("lodging", "~c2", ("Жаттықтырушылардың тұруы", "Проживание тренеров"), ("тәулік", "сутки"), 12, 30),
    ("services_natural_lines", "~c3", ("Сарапшы-тәлімгерлер қызметі", "Услуги наставников"), ("ай", "мес."), 4, 90),
    ("services_legal_lines", "~c3", ("Бейнешолу дайындау", "Изготовление видеообзора"), ("дана", "шт."), 1, 50),
    ("handouts_lines", "~c3", ("Әдістемелік құрал басып шығару", "Печать пособия"), ("дана", "шт."), 200, 40),
)  # fmt: skip
THOUSAND = 1000
OWN = "hall_rent"
# What goes to small grants is a line of its own; the others share the rest.
SMALL_GRANTS = (
    "services_legal_lines",
    "~c3",
    ("Шағын гранттар", "Малые гранты"),
    ("грант", "грант"),
)


def budget(entry: Entry, amount_tiyn: int, *, only: str = "") -> Values:
    """The cost estimate: `entry.share` per cent of what the topic allots, in round unit costs.

    With `only="administrative"` just the part that belongs to no activity. An NGO that gives
    money of its own pays for the halls.
    """
    asked = amount_tiyn * entry.share // 100
    number_of, each = _texts()["small_grants"].get(entry.topic, (0, 0))
    rest = asked - number_of * each * TENGE
    russian = entry.language == "ru"
    found: Values = {}
    lines = [
        (*line, quantity, max(rest * share // THOUSAND // quantity // ROUND, 1) * ROUND)
        for *line, quantity, share in LINES
    ]
    if number_of:
        lines.append((*SMALL_GRANTS, number_of, each * TENGE))
    for number, (row, activity, item, unit, quantity, cost) in enumerate(lines, 1):
        if only and activity:
            continue
        line = {
            "row": row,
            "activity": activity,
            "item": item[russian],
            "unit": unit[russian],
            "quantity": str(quantity),
            "unit_cost": cost,
            "own_contribution": cost * quantity if entry.own and row == OWN else None,
        }
        path = f"budget/lines/~b{number}"
        found |= {f"{path}/{key}": value for key, value in line.items() if value not in (None, "")}
    return found


# --- Files -------------------------------------------------------------------------------------------


def files(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """(kind, about whom, row) of every file of parts 6-9."""
    specialist = team(entry)[3][0]
    yield Kind.CHARTER, "", ""
    yield Kind.BALANCE, "", ""
    yield Kind.CONSENT, _project(entry)["partner"][0], PARTNER
    yield Kind.CONSENT, specialist, SPECIALIST
    if entry.own:
        yield Kind.OWN_MONEY, "", ""


# --- Writing into a part -----------------------------------------------------------------------------


def _row(path: str, columns: Any, values: Any) -> Values:
    return {
        f"{path}/{column}": value
        for column, value in zip(columns, values, strict=True)
        if not paths.is_empty(value)
    }


def edits(part: ApplicationPart, values: Values) -> list[Edit]:
    """The edits that write `values` where nothing stands; a table into which somebody else has
    put rows of their own is left to them.
    """
    flat = paths.flatten(part.data)
    ours = {paths.unit_of(path) for path in values}
    units: dict[str, Values] = {}
    for path, value in values.items():
        table = paths.table_of(path)
        rows = flat.get(f"{table}/{paths.ORDER}", ()) if table else ()
        if path not in flat and all(f"{table}/{row}" in ours for row in rows):
            units.setdefault(paths.unit_of(path), {})[path] = value
    return [Edit(unit, part.version, found) for unit, found in units.items()]
