"""The act of services rendered. No source has its form (GAP-I-12): this one is ours, and says so."""

from __future__ import annotations

from ortaq.core import money
from ortaq.core.bilingual import pick
from ortaq.documents.paper import (
    Align,
    Field,
    Fields,
    Heading,
    Paper,
    Paragraph,
    Party,
    Signatory,
    Signatures,
)
from ortaq.law.text import Text
from ortaq.projects.models import Act

LANGUAGES = ("kk", "ru")
TITLE = Text("Көрсетілген қызметтер актісі", "Акт оказанных услуг", "Act of services rendered")
FIELDS = {
    "number": Text("Нөмірі", "Номер", "Number"),
    "day": Text("Күні", "Дата", "Date"),
    "contract": Text("Шарт", "Договор", "Contract"),
    "project": Text("Жоба", "Проект", "Project"),
    "supplier": Text("Өнім беруші", "Поставщик", "Supplier"),
    "customer": Text("Тапсырыс беруші", "Заказчик", "Customer"),
    "sum": Text("Сомасы", "Сумма", "Sum"),
}
SERVICES = Text("Көрсетілген қызметтер", "Оказанные услуги", "Services rendered")
CLAIMS = Text(
    "Қызметтер шартқа сәйкес көрсетілді, тараптардың бір-біріне талабы жоқ.",
    "Услуги оказаны в соответствии с договором, стороны претензий друг к другу не имеют.",
    "The services were rendered under the contract; the parties have no claims against each other.",
)
GAP = "_" * 24


def act(row: Act, language: str) -> Paper:
    """The act in kk or ru, with gaps where nothing is written yet."""
    contract = row.project.contract
    concluded = f"{contract.concluded_on:%d.%m.%Y}" if contract.concluded_on else ""
    supplier = pick(contract.grantee.name_kk, contract.grantee.name_ru, language)
    customer = pick(contract.grantor.name_kk, contract.grantor.name_ru, language)
    values = {
        "number": row.number,
        "day": f"{row.day:%d.%m.%Y}" if row.day else "",
        "contract": f"№ {contract.number}, {concluded}",
        "project": pick(contract.title_kk, contract.title_ru, language),
        "supplier": supplier,
        "customer": customer,
        "sum": money.show(row.sum_tiyn, language=language),
    }
    fields = (Field(label.say(language), values[key] or GAP) for key, label in FIELDS.items())
    parties = tuple(
        Party((Signatory(name, seal="М.О."),), label=FIELDS[key].say(language))
        for key, name in (("supplier", supplier), ("customer", customer))
    )
    title = TITLE.say(language)
    return Paper(
        title,
        language,
        (
            Heading(title, 1),
            Fields(tuple(fields)),
            Heading(SERVICES.say(language)),
            Paragraph(row.services or GAP, Align.LEFT),
            Paragraph(CLAIMS.say(language)),
            Signatures(parties),
        ),
        footer=contract.number,
    )
