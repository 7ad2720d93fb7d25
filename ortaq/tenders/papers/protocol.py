"""The protocol of results on paper, in Kazakh and Russian, from its frozen content (SO-T-101).

The title is the guide's; no act prints the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils import translation

from ortaq import law
from ortaq.core import clock, money
from ortaq.core.bilingual import pick
from ortaq.documents import stamp
from ortaq.documents.paper import (
    Align,
    Block,
    Cell,
    Column,
    Field,
    Fields,
    Heading,
    Orientation,
    Paper,
    Paragraph,
    Party,
    Row,
    Signatory,
    Signatures,
    Table,
)
from ortaq.documents.signed import signed
from ortaq.faces import say
from ortaq.law.findings import Finding
from ortaq.law.tender import RUBRIC
from ortaq.law.text import Text
from ortaq.law.wording import in_tenge
from ortaq.tenders.models import Protocol

LANGUAGES = ("kk", "ru")
WORDS = {
    "title": Text("Мемлекеттік әлеуметтік тапсырыспен (№ {number}) көзделген көрсетілетін қызметтерді мемлекеттік сатып алу қорытындылары туралы хаттама", "Протокол об итогах государственных закупок услуг, предусмотренных государственным социальным заказом (№ {number})"),
    "tender": Text("Конкурс", "Конкурс"),
    "customer": Text("Тапсырыс беруші", "Заказчик"),
    "organiser": Text("Ұйымдастырушы", "Организатор"),
    "closed": Text("Өтінімдер қабылдау аяқталды", "Приём заявок окончен"),
    "opened": Text("Өтінімдер ашылды", "Заявки вскрыты"),
    "decided": Text("Қорытындылар шығарылды", "Итоги подведены"),
    "order": Text("Комиссия туралы шешім", "Решение о комиссии"),
    "commission": Text("Конкурстық комиссия", "Конкурсная комиссия"),
    "name": Text("Тегі, аты, әкесінің аты", "Фамилия, имя, отчество"),
    "office": Text("Комиссиядағы міндеті", "Обязанности в комиссии"),
    "note": Text("Ескертпе", "Примечание"),
    "left": Text("{on} құрамнан шықты: {reason}", "выбыл(а) {on}: {reason}"),
    "chair": Text("Комиссия төрағасы", "Председатель комиссии"),
    "": Text("Комиссия мүшесі", "Член комиссии"),
    "deputy": Text("Комиссия мүшесі", "Член комиссии"),
    "secretary": Text("Комиссия хатшысы", "Секретарь комиссии"),
    "lot": Text("{position}-лот. {title}", "Лот {position}. {title}"),
    "allocated": Text("Бөлінген сома: {sum}.", "Выделенная сумма: {sum}."),
    "none": Text("Лот бойынша конкурстық өтінім түскен жоқ.", "По лоту конкурсных заявок не поступило."),
    "bidder": Text("Әлеуетті өнім беруші", "Потенциальный поставщик"),
    "points": Text("Өлшемшарттар бойынша балдар", "Баллы по критериям"),
    "total": Text("Барлығы", "Итого"),
    "price": Text("Ұсынылған баға, теңге", "Предложенная цена, тенге"),
    "reduction": Text("Шартты азайту, %", "Условное уменьшение, %"),
    "conditional": Text("Шартты баға, теңге", "Условная цена, тенге"),
    "place": Text("Орны", "Место"),
    "not_admitted": Text("жіберілмеді", "не допущен"),
    "why": Text("{number}: {reason}", "{number}: {reason}"),
    "grounds": Text("{number}. Балдардың негіздемесі: {grounds}", "{number}. Обоснование баллов: {grounds}"),
    "votes": Text("{number}. Дауыс беру: жақтағаны – {in_favour}; қарсысы – {against}.", "{number}. Голосование: за – {in_favour}; против – {against}."),
    "remark": Text("{name}: {remark}", "{name}: {remark}"),
    "tie": Text("Шартты бағасы мен тәжірибесі тең өтінімдердің арасынан комиссия таңдады. Негіздеме: {reason}", "Между заявками с равной условной ценой и опытом выбрала комиссия. Основание: {reason}"),
    "outcome": Text("Шешім", "Решение"),
    "criteria": Text("Өлшемшарттар", "Критерии"),
    "criterion": Text("{key}: {label}", "{key}: {label}"),
    "comparison": Text("Шартты баға тек салыстыру үшін қолданылады; шарт сомасы – ұсынылған баға.", "Условная цена служит только для сравнения; сумма договора – предложенная цена."),
    "edition": Text("Редакция: {edition}", "Редакция: {edition}"),
    "content": Text("Хаттама мазмұнының SHA-256 хеші: {sha256}", "SHA-256 содержания протокола: {sha256}"),
    "signature": Text("(қолы)", "(подпись)"),
    "nobody": Text("жоқ", "нет"),
}  # fmt: skip


def protocol(row: Protocol, language: str) -> Paper:
    """The protocol in Kazakh or Russian: the same frozen content in both."""
    made = _Made(row.content, row.sha256, language)
    title = made.say("title", number=row.content["number"])
    with translation.override(language):
        blocks = (*made.blocks(title), *signed("tenders.protocol", row, language, public=True))
    foot = stamp.foot_of(row.content["number"], row.sha256)
    return Paper(title, language, blocks, Orientation.LANDSCAPE, foot)


class _Made:
    def __init__(self, content: Mapping[str, Any], sha256: str, language: str) -> None:
        self.content, self.sha256, self.language = content, sha256, language
        act, edition = content["edition"].split("/")
        self.rubric = law.edition(act, edition).rubric(RUBRIC)

    def say(self, word: str, **values: object) -> str:
        return WORDS[word].fill(**values).say(self.language)

    def of(self, row: Mapping[str, Any], name: str) -> str:
        return pick(row[f"{name}_kk"], row[f"{name}_ru"], self.language)

    def blocks(self, title: str) -> Iterator[Block]:
        yield Heading(title, 1)
        yield self._head()
        yield Heading(self.say("commission"))
        yield self._commission()
        for lot in self.content["lots"]:
            yield from self._lot(lot)
        yield Heading(self.say("criteria"))
        for one in self.rubric.criteria:
            label = one.label.say(self.language)
            yield Paragraph(self.say("criterion", key=one.key, label=label), Align.LEFT, small=True)
        yield Paragraph(self.say("comparison"), Align.LEFT, small=True)
        yield Paragraph(
            self.say("edition", edition=self.content["edition"]), Align.LEFT, small=True
        )
        yield Paragraph(self.say("content", sha256=self.sha256), Align.LEFT, small=True)
        yield self._signatures()

    def _head(self) -> Fields:
        c, panel = self.content, self.content["commission"]
        order = f"№ {panel['order']}, {_day(panel['on'])}, {panel['by']}" if panel["order"] else "–"
        rows = [
            ("tender", self.of(c, "title")),
            ("customer", f"{self.of(c['customer'], 'name')}, {c['customer']['bin']}"),
            ("organiser", f"{self.of(c['organiser'], 'name')}, {c['organiser']['bin']}"),
            ("closed", _instant(c["closed_at"])),
            ("opened", _instant(c["opened_at"])),
            ("decided", _instant(c["decided_at"])),
            ("order", order),
        ]
        return Fields(tuple(Field(f"{self.say(label)}:", value) for label, value in rows))

    def _commission(self) -> Table:
        rows = []
        for number, one in enumerate(self.content["commission"]["people"], 1):
            left = ""
            if one["until"]:
                left = self.say("left", on=_day(one["until"]), reason=one["reason"] or "–")
            rows.append(_row(number, one["name"], self._office(one), left))
        heads = (Column("№", 1), Column(self.say("name"), 8), Column(self.say("office"), 6))
        return Table((*heads, Column(self.say("note"), 9)), tuple(rows))

    def _office(self, one: Mapping[str, Any]) -> str:
        return self.say("secretary" if one["role"] == "secretary" else one["office"])

    # --- Lots ---

    def _lot(self, lot: Mapping[str, Any]) -> Iterator[Block]:
        yield Heading(self.say("lot", position=lot["position"], title=self.of(lot, "title")))
        total = money.show(lot["allocated_tiyn"], language=self.language)
        yield Paragraph(self.say("allocated", sum=total))
        if lot["bids"]:
            yield self._bids(lot)
            for bid in _by_place(lot["bids"]):
                yield from self._about(bid)
        else:
            yield Paragraph(self.say("none"))
        if lot["tie"]:
            yield Paragraph(self.say("tie", reason=lot["tie"]["reason"]))
            yield from self._votes("", lot["tie"])
        for kept in lot["findings"]:
            text = self._said(Finding.of(kept))
            yield Paragraph(f"{self.say('outcome')}. {text}", Align.LEFT, bold=True)

    def _bids(self, lot: Mapping[str, Any]) -> Table:
        keys = self.rubric.keys
        points = tuple(Column(key, 1, Align.CENTER) for key in keys)
        columns = (
            Column("№", 4),
            Column(self.say("bidder"), 7),
            Column(self.say("points"), columns=points),
            Column(self.say("total"), 2, Align.CENTER),
            Column(self.say("price"), 4, Align.RIGHT),
            Column(self.say("reduction"), 3, Align.CENTER),
            Column(self.say("conditional"), 4, Align.RIGHT),
            Column(self.say("place"), 3, Align.CENTER),
        )
        return Table(columns, tuple(self._bid(bid) for bid in _by_place(lot["bids"])))

    def _bid(self, bid: Mapping[str, Any]) -> Row:
        given = [bid["scores"].get(key, "–") for key in self.rubric.keys]
        named = f"{self.of(bid['bidder'], 'name')}, {bid['bidder']['bin']}"
        price = in_tenge(bid["price_tiyn"], self.language)
        if not bid["admitted"]:
            return _row(
                bid["number"], named, *given, _shown(bid["total"]), price, "–", "–",
                self.say("not_admitted"),
            )  # fmt: skip
        conditional = in_tenge(Fraction(bid["conditional_tiyn"]), self.language)
        percent, place = bid["reduction_percent"], _shown(bid["place"])
        return _row(bid["number"], named, *given, bid["total"], price, percent, conditional, place)

    def _about(self, bid: Mapping[str, Any]) -> Iterator[Block]:
        """Why a bid is not admitted, what was said to its points, how the commission voted."""
        # What an admitted bid's findings say stands in the table.
        for kept in [] if bid["admitted"] else bid["findings"]:
            reason = self._said(Finding.of(kept))
            yield Paragraph(self.say("why", number=bid["number"], reason=reason), Align.LEFT)
        if bid["vote"]:
            grounds = bid["vote"]["grounds"]
            if grounds:
                said = "; ".join(f"{key} – {text}" for key, text in sorted(grounds.items()))
                yield Paragraph(
                    self.say("grounds", number=bid["number"], grounds=said), Align.LEFT, small=True
                )
            yield from self._votes(bid["number"], bid["vote"])

    def _votes(self, number: str, vote: Mapping[str, Any]) -> Iterator[Block]:
        sides: dict[bool, list[str]] = {True: [], False: []}
        for one in vote["votes"]:
            sides[one["in_favour"]].append(one["name"])
        names = {side: ", ".join(found) or self.say("nobody") for side, found in sides.items()}
        text = self.say("votes", number=number, in_favour=names[True], against=names[False])
        text = text.removeprefix(". ").replace("..", ".")  # a short name ends with a stop itself
        yield Paragraph(text, Align.LEFT, small=True)
        for one in vote["votes"]:
            if one["remark"]:
                said = self.say("remark", name=one["name"], remark=one["remark"])
                yield Paragraph(said, Align.LEFT, small=True)

    def _said(self, finding: Finding) -> str:
        message = finding.message
        text = message.say(self.language) if isinstance(message, Text) else str(message)
        return f"{text} ({say.cite(finding.cite)})" if finding.cite else text

    def _signatures(self) -> Signatures:
        order = {"chair": 0, "": 1, "deputy": 1}
        people = [one for one in self.content["commission"]["people"] if not one["until"]]
        people.sort(key=lambda one: (one["role"] == "secretary", order.get(one["office"], 1)))
        signatories = tuple(
            Signatory(self._office(one), one["short_name"], signature_hint=self.say("signature"))
            for one in people
        )
        return Signatures((Party(signatories),))


def _by_place(bids: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(bids, key=lambda bid: (bid["place"] is None, bid["place"] or 0, bid["number"]))


def _row(*cells: object) -> Row:
    return Row(tuple(Cell(str(cell)) for cell in cells))


def _shown(value: object) -> str:
    return "–" if value is None else str(value)


def _day(iso: str | None) -> str:
    return f"{datetime.fromisoformat(iso):%d.%m.%Y}" if iso else "–"


def _instant(iso: str | None) -> str:
    if not iso:
        return "–"
    return f"{datetime.fromisoformat(iso).astimezone(clock.ALMATY):%d.%m.%Y %H:%M}"
