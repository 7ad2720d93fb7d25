"""Every form filled to the brim, in Kazakh or Russian."""

from ortaq.documents import filling, forms
from ortaq.documents.paper import Paper

LONG = {
    "kk": (
        "Қазақстан Республикасының ауылдық елді мекендеріндегі мүмкіндігі шектеулі жастарды "
        "әлеуметтік бейімдеу және олардың еңбек нарығындағы бәсекеге қабілеттілігін арттыру. "
    ),
    "ru": (
        "Социальная адаптация молодёжи с ограниченными возможностями в сельских населённых "
        "пунктах и повышение её конкурентоспособности на рынке труда. "
    ),
}
HEAD = {
    "surname": "Әубәкірова",
    "given_name": "Әлия",
    "patronymic": "Серікқызы",
    "position": "Директор",
    "phone_numbers": ["+7 700 000 00 01"],
    "email": "aliya@example.kz",
}


def filled(form: forms.Form, language: str) -> Paper:
    """The form with a value in every place, three times as long as a page is high."""
    sections = {section.key: _section(section, language) for section in form.sections}
    gaps = [*form.header, *form.blanks, *([form.dated] if form.dated else [])]
    fields = {gap.key: "2020-05-14" if gap.type == "date" else LONG[language][:90] for gap in gaps}
    signatures = {
        one.key: {"position": "Директор", "name": "Ә. С. Әубәкірова"}
        for party in form.parties
        for one in party.signatories
    }
    values = {"fields": fields, "sections": sections, "signatures": signatures}
    return filling.fill(form, values, language)


def _section(section: forms.Section, language: str) -> object:
    if not section.tables:
        return LONG[language] * 3
    tables = {table.key: _table(table, language) for table in section.tables}
    return tables if len(tables) > 1 else tables[section.tables[0].key]


def _table(table: forms.Table, language: str) -> object:
    if table.shape == "fields":
        fields = {row.key: _value(row.type, LONG[language] * 3) for row in table.rows}
        return [{"task_text": LONG[language], "values": fields}] * 2 if table.repeated else fields
    if table.shape == "estimate":
        return _estimate(table, language)
    rows = [
        {
            column.key: [_value(column.type, LONG[language])] * 3
            if column.multiple
            else _value(column.type, LONG[language])
            for column in table.leaves()
            if column.key != "num"
        }
        for _ in range(9)
    ]
    if table.repeated:
        return [{"task_text": LONG[language], "rows": rows}] * 2
    return {table.head.key: LONG[language], "rows": rows} if table.head else rows


def _value(kind: str, text: str) -> object:
    return {
        "text": text,
        "int": 1250,
        "decimal": "2,5",
        "money": 1_234_567_89,
        "money_thousand": 1_131_260_000_00,
        "percent": 50,
        "date": "2020-05-14",
        "person": HEAD,
        "months": [1, 2, 5, 12],
    }[kind]


def _estimate(table: forms.Table, language: str) -> object:
    lines = []
    for row in table.rows:
        if row.kind in {"line", "repeat"}:
            for activity in (1, 2):
                line = {"row": row.key, "activity": activity, "item": LONG[language][:60]}
                money = {"total": 1500_00, "own_contribution": 500_00, "grant": 1000_00}
                lines.append(line | money | {"unit": "адам", "quantity": 3, "unit_cost": 500_00})
    return {"activities": [LONG[language][:70], "Семинар"], "lines": lines}
