"""The parts of the page of open data, in their order."""

from __future__ import annotations

from ortaq.law.text import Text

GROUPS: dict[str, Text] = {
    "planning": Text(
        "Қажеттіліктер мен талқылау", "Потребности и обсуждение", "Needs and discussion"
    ),
    "grants": Text("Мемлекеттік гранттар", "Государственные гранты", "State grants"),
    "tenders": Text(
        "Мемлекеттік әлеуметтік тапсырыс",
        "Государственный социальный заказ",
        "State social order",
    ),
    "projects": Text("Шарттар мен жобалар", "Договоры и проекты", "Contracts and projects"),
    "oversight": Text("Бағалау мен бақылау", "Оценка и контроль", "Evaluation and oversight"),
    "register": Text("Ұйымдар", "Организации", "Organisations"),
    "prizes": Text("Сыйлықақылар", "Премии", "Prizes"),
}
