"""The commission's protocol on paper, from its frozen content.

No act prints a form of it; the headings are ours, the grounds are the act's own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    PageBreak,
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
from ortaq.grants.models import Protocol
from ortaq.grants.queries.outcome import Compared, finding_of
from ortaq.law.text import Text

LANGUAGES = ("kk", "ru")
WORDS = {
    "title": Text("КОНКУРСТЫҚ КОМИССИЯ ОТЫРЫСЫНЫҢ ХАТТАМАСЫ", "ПРОТОКОЛ ЗАСЕДАНИЯ КОНКУРСНОЙ КОМИССИИ"),
    "title_unscored": Text("КОНКУРС ҚОРЫТЫНДЫЛАРЫНЫҢ ХАТТАМАСЫ", "ПРОТОКОЛ ИТОГОВ КОНКУРСА"),
    "unscored": Text("Бірде-бір тақырып бойынша екі өтінім жіберілмегендіктен, өтінімдер конкурстық комиссияға берілген жоқ.", "Ни по одной теме не было допущено двух заявок, поэтому заявки конкурсной комиссии не передавались."),
    "head": Text("Конкурсты өткізушінің басшысы", "Руководитель организатора конкурса"),
    "number": Text("Хаттаманың нөмірі", "Номер протокола"),
    "drawn_up_on": Text("Жасалған күні", "Дата составления"),
    "operator": Text("Конкурсты өткізуші", "Организатор конкурса"),
    "competition": Text("Конкурс", "Конкурс"),
    "plan": Text("Гранттар жоспары", "План грантов"),
    "closed_at": Text("Өтінімдерді қабылдау аяқталды", "Приём заявок завершён"),
    "meeting": Text("Отырыс", "Заседание"),
    "place": Text("Өткізілген орны", "Место проведения"),
    "members": Text("Комиссияның құрамы", "Состав комиссии"),
    "name": Text("Тегі, аты, әкесінің аты", "Фамилия, имя, отчество"),
    "office": Text("Комиссиядағы міндеті", "Обязанности в комиссии"),
    "side": Text("Кім ұсынды", "Кем предложен"),
    "present": Text("Қатысуы", "Присутствие"),
    "was_present": Text("қатысты", "присутствовал(а)"),
    "was_absent": Text("қатысқан жоқ", "отсутствовал(а)"),
    "left": Text("{on} құрамнан шықты", "выбыл(а) {on}"),
    "substitutions": Text("Құрамдағы өзгерістер", "Изменения состава"),
    "on": Text("Күні", "Дата"),
    "who_left": Text("Кім шықты", "Кто выбыл"),
    "who_came": Text("Кім келді", "Кто вошёл"),
    "reason": Text("Себебі", "Причина"),
    "none": Text("Болған жоқ.", "Не было."),
    "recusals": Text("Мүдделер қақтығысы және өздігінен бас тартулар", "Конфликты интересов и самоотводы"),
    "member": Text("Комиссия мүшесі", "Член комиссии"),
    "applicant": Text("Өтінім беруші", "Заявитель"),
    "origin": Text("Қалай белгілі болды", "Как стало известно"),
    "applicants": Text("Өтінім берушілердің тізбесі", "Перечень заявителей"),
    "bin": Text("БСН", "БИН"),
    "lots": Text("Грант тақырыптары бойынша нәтижелер", "Итоги по темам грантов"),
    "topic": Text("{number}-тақырып. {title}", "Тема {number}. {title}"),
    "amount": Text("Бөлінген қаражат", "Выделенная сумма"),
    "counters": Text("Ұсынылған өтінімдер – {submitted}, конкурсқа жіберілгені – {admitted}.", "Представлено заявок – {submitted}, допущено к конкурсу – {admitted}."),
    "application": Text("Өтінім", "Заявка"),
    "points": Text("Балдар қосындысы", "Сумма баллов"),
    "sheets": Text("Бағалаушылар саны", "Число оценивших"),
    "mean": Text("Орташа балл", "Средний балл"),
    "against": Text("Шекпен салыстыру", "Сравнение с порогом"),
    "place_in_lot": Text("Орны", "Место"),
    "refused": Text("жіберілмеді: {grounds}", "не допущена: {grounds}"),
    "not_scored": Text("бағаланбады", "не оценивалась"),
    "outcome": Text("Шешім", "Решение"),
    "winner": Text("Жеңімпаз: {number} өтінімі, {name}. Балдар қосындысы – {points}, орташа балл – {mean}, ең жоғары балл – {maximum}. Грант сомасы – {grant} теңге.", "Победитель: заявка {number}, {name}. Сумма баллов – {points}, средний балл – {mean}, максимум – {maximum}. Сумма гранта – {grant} тенге."),
    "failed": Text("Конкурс өткізілмеді деп танылды. Негізі ({code}): {ground}. {cite}.", "Конкурс признан несостоявшимся. Основание ({code}): {ground}. {cite}."),
    "tie": Text("Ең жоғары балл тең болды: {numbers}. Отырыстың шешімі бойынша жеңімпаз – {winner}. Дауыстар: жақтағаны – {votes_for}, қарсысы – {votes_against}. Негіздеме: {reason}", "Наибольший балл одинаков: {numbers}. По решению заседания победитель – {winner}. Голоса: за – {votes_for}, против – {votes_against}. Обоснование: {reason}"),
    "minutes": Text("Отырыстың барысы", "Ход заседания"),
    "by_member": Text("ҚОСЫМША. Комиссия мүшелерінің балдары", "ПРИЛОЖЕНИЕ. Баллы членов комиссии"),
    "numbers_of_members": Text("Комиссия мүшелерінің құрамдағы реттік нөмірлері", "Порядковые номера членов комиссии в составе"),
    "not_public": Text("Жеке бағалау парақтары жарияланбайды.", "Индивидуальные оценочные листы не публикуются."),
    "edition": Text("Ереженің редакциясы: {edition}", "Редакция правил: {edition}"),
    "content": Text("Хаттама мазмұнының SHA-256 хеші: {sha256}", "SHA-256 содержания протокола: {sha256}"),
    "signature": Text("(қолы)", "(подпись)"),
    "chair": Text("Комиссия төрағасы", "Председатель комиссии"),
    "deputy": Text("Комиссия төрағасының орынбасары", "Заместитель председателя комиссии"),
    "": Text("Комиссия мүшесі", "Член комиссии"),
    "secretary": Text("Комиссия хатшысы", "Секретарь комиссии"),
    "side_operator": Text("оператор", "оператор"),
    "side_ngo": Text("ҮЕҰ", "НПО"),
    "side_": Text("–", "–"),
    "declared": Text("сарапшы мәлімдеді", "заявлено экспертом"),
    "detected": Text("тізілімнен анықталды", "выявлено по реестру"),
    "imposed": Text("ұйымдастырушы белгіледі", "установлено организатором"),
}  # fmt: skip


def protocol_paper(protocol: Protocol, language: str, *, points: bool = True) -> Paper:
    """The protocol in Kazakh or Russian: the same frozen content in both. Without `points` as those read it who sign
    it: the annex with the totals of each member stays with the operator (GR-S-17).
    """
    made = _Made(protocol.content, protocol.sha256, language, points=points)
    title = f"{made.say('title' if made.meeting else 'title_unscored')} № {protocol.number}"
    with translation.override(language):
        blocks = (*made.blocks(title), *signed("grants.protocol", protocol, language))
    foot = stamp.foot_of(f"№ {protocol.number}", protocol.sha256)
    return Paper(title, language, blocks, footer=foot)


class _Made:
    def __init__(
        self, content: Mapping[str, Any], sha256: str, language: str, *, points: bool
    ) -> None:
        self.content, self.sha256, self.language = content, sha256, language
        self.points = points
        # None where nothing was scored: then there is neither commission nor meeting to tell of.
        self.meeting: Mapping[str, Any] | None = content["meeting"]

    def say(self, word: str, **values: object) -> str:
        return WORDS[word].fill(**values).say(self.language)

    def of(self, row: Mapping[str, Any], name: str) -> str:
        """The wording of a pair of columns in the paper's language."""
        return pick(row[f"{name}_kk"], row[f"{name}_ru"], self.language)

    def blocks(self, title: str) -> Iterator[Block]:
        yield Heading(title, 1)
        yield self._head()
        if self.meeting:
            yield from self._section("members", self._members())
            yield from self._section("substitutions", self._substitutions())
            yield from self._section("recusals", self._recusals())
        yield from self._section("applicants", self._applicants())
        yield Heading(self.say("lots"))
        for lot in self.content["lots"]:
            yield from self._lot(lot)
        if self.meeting:
            yield Heading(self.say("minutes"))
            yield Paragraph(self.of(self.meeting, "minutes"))
        else:
            yield Paragraph(self.say("unscored"))
        yield Paragraph(self.say("edition", edition=self.content["edition"]), small=True)
        yield Paragraph(self.say("content", sha256=self.sha256), Align.LEFT, small=True)
        yield self._signatures()
        if self.points:
            yield from self._by_member()

    # --- Head ---

    def _head(self) -> Fields:
        c = self.content["competition"]
        plan = self.of(c, "plan")
        if c["plan_act_number"]:
            plan += f" ({_day(c['plan_act_on'])} № {c['plan_act_number']})"
        rows = [
            ("number", self.content["number"]),
            ("drawn_up_on", _day(self.content["drawn_up_on"])),
            ("operator", self.of(self.content["operator"], "name")),
            ("competition", self.of(c, "title")),
            ("plan", plan),
            ("closed_at", _instant(c["closed_at"])),
        ]
        if self.meeting:
            opened, closed = self.meeting["opened_at"], self.meeting["closed_at"]
            rows += [
                ("meeting", f"{_instant(opened)} – {_instant(closed)}"),
                ("place", self.meeting["place"] or "–"),
            ]
        return Fields(tuple(Field(f"{self.say(label)}:", value) for label, value in rows))

    # --- The commission ---

    def _section(self, name: str, rows: Sequence[Row] | None) -> Iterator[Block]:
        yield Heading(self.say(name))
        columns = {
            "members": (("name", 9), ("office", 7), ("side", 4), ("present", 5)),
            "substitutions": (("on", 3), ("who_left", 6), ("who_came", 6), ("reason", 8)),
            "recusals": (("member", 7), ("applicant", 8), ("origin", 6), ("on", 3)),
            "applicants": (("applicant", 12), ("bin", 4)),
        }[name]
        if not rows:
            yield Paragraph(self.say("none"))
            return
        yield Table(
            (Column("№"), *(Column(self.say(label), width) for label, width in columns)),
            tuple(rows),
        )

    def _members(self) -> list[Row]:
        rows = []
        for number, one in enumerate(self.content["members"], 1):
            here = self.say("was_present" if one["present"] else "was_absent")
            if one["until"]:
                here = self.say("left", on=_day(one["until"]))
            rows.append(
                _row(number, one["name"], self._office(one), self.say(f"side_{one['side']}"), here)
            )
        return rows

    def _office(self, one: Mapping[str, Any]) -> str:
        return self.say("secretary" if one["role"] == "secretary" else one["office"])

    def _substitutions(self) -> list[Row]:
        return [
            _row(number, _day(one["on"]), one["left"], one["came"] or "–", one["reason"] or "–")
            for number, one in enumerate(self.content["substitutions"], 1)
        ]

    def _recusals(self) -> list[Row]:
        return [
            _row(
                number,
                one["person"],
                self.of(one, "name"),
                self.say(one["origin"]),
                _day(one["on"]),
            )
            for number, one in enumerate(self.content["recusals"], 1)
        ]

    def _applicants(self) -> list[Row]:
        return [
            _row(number, self.of(one, "name"), one["bin"])
            for number, one in enumerate(self.content["applicants"], 1)
        ]

    # --- Topics ---

    def _lot(self, lot: Mapping[str, Any]) -> Iterator[Block]:
        yield Heading(self.say("topic", number=lot["number"], title=self.of(lot, "title")), 3)
        amount = money.show(lot["amount_tiyn"], language=self.language)
        yield Paragraph(f"{self.say('amount')}: {amount}. {self.say('counters', **_counters(lot))}")
        if lot["applications"]:
            heads = (("application", 5), ("applicant", 7), ("points", 5), ("sheets", 5),
                     ("mean", 4), ("against", 6), ("place_in_lot", 3))  # fmt: skip
            yield Table(
                tuple(Column(self.say(label), width) for label, width in heads),
                tuple(self._application(one, lot) for one in lot["applications"]),
            )
        yield from self._outcome(lot)

    def _application(self, one: Mapping[str, Any], lot: Mapping[str, Any]) -> Row:
        name = Cell(self.of(one, "name"))
        if one["points"] is None:
            word = self.say("not_scored")
            if one["grounds"]:
                word = self.say("refused", grounds=", ".join(one["grounds"]))
            return Row((Cell(one["number"]), name, Cell(word, across=5)))
        percent = law.edition("grants_rules", self.content["edition"]).number("scoring.threshold")
        compared = Compared(one["points"], one["sheets"], lot["maximum"], percent)
        sign = ">" if compared.above else "≤"
        by, times = compared.factors
        left, right = f"{by} × {compared.points}", f"{compared.sheets} × {compared.maximum}"
        if times != 1:
            right = f"{times} × {right}"
        return Row(
            (
                Cell(one["number"]),
                name,
                Cell(str(one["points"]), align=Align.CENTER),
                Cell(str(one["sheets"]), align=Align.CENTER),
                Cell(say.points(compared.mean), align=Align.CENTER),
                Cell(f"{left} {sign} {right}", align=Align.CENTER),
                Cell(str(one["place"]), align=Align.CENTER),
            )
        )

    def _outcome(self, lot: Mapping[str, Any]) -> Iterator[Block]:
        if lot["tie"]:
            yield Paragraph(
                self.say("tie", numbers=", ".join(lot["tied"]), winner=lot["winner"], **lot["tie"])
            )
        if lot["kind"] == "winner":
            one = next(a for a in lot["applications"] if a["number"] == lot["winner"])
            text = self.say(
                "winner",
                number=one["number"],
                name=self.of(one, "name"),
                points=one["points"],
                mean=say.points(Fraction(one["points"], one["sheets"])),
                maximum=lot["maximum"],
                grant=money.show(one["grant_tiyn"], language=self.language, sign=False),
            )
        else:
            edition = law.edition("grants_rules", self.content["edition"])
            ground = edition.ground("failure_grounds", lot["kind"])
            cited = finding_of(lot["findings"][0]).cite
            text = self.say(
                "failed",
                code=lot["kind"],
                ground=ground.text.say(self.language),
                cite=say.cite(cited),
            )
        yield Paragraph(f"{self.say('outcome')}. {text}", Align.LEFT, bold=True)

    # --- The end ---

    def _signatures(self) -> Signatures:
        order = {"chair": 0, "deputy": 1, "": 2}
        signing = sorted(
            (one for one in self.content["members"] if not one["until"]),
            key=lambda one: (one["role"] == "secretary", order.get(one["office"], 2)),
        )
        people = tuple(
            Signatory(self._office(one), one["short_name"], signature_hint=self.say("signature"))
            for one in signing
        )
        if not people:
            people = (Signatory(self.say("head"), signature_hint=self.say("signature")),)
        return Signatures((Party(people),))

    def _by_member(self) -> Iterator[Block]:
        """Totals by member, on a page of its own that stays with the operator (GR-S-17)."""
        scored = [one for lot in self.content["lots"] for one in lot["applications"]]
        scored = [one for one in scored if one["by_member"]]
        if not scored:
            return
        seats = sorted({seat for one in scored for seat, _ in one["by_member"]})
        yield PageBreak(Orientation.LANDSCAPE)
        yield Heading(self.say("by_member"))
        yield Paragraph(self.say("not_public"), small=True)
        # Members by their numbers in the composition: fifteen names are too many for a head.
        members = tuple(Column(str(seat), 2, Align.CENTER) for seat in seats)
        yield Table(
            (
                Column(self.say("application"), 5),
                Column(self.say("numbers_of_members"), columns=members),
                Column(self.say("points"), 3, Align.CENTER),
            ),
            tuple(self._sheets(one, seats) for one in scored),
        )

    def _sheets(self, one: Mapping[str, Any], seats: Sequence[int]) -> Row:
        given = dict(one["by_member"])
        return _row(one["number"], *(given.get(seat, "–") for seat in seats), one["points"])


def _row(*cells: object) -> Row:
    return Row(tuple(Cell(str(cell)) for cell in cells))


def _counters(lot: Mapping[str, Any]) -> dict[str, Any]:
    return {"submitted": lot["submitted"], "admitted": lot["admitted"]}


def _day(iso: str | None) -> str:
    return f"{datetime.fromisoformat(iso):%d.%m.%Y}" if iso else "–"


def _instant(iso: str | None) -> str:
    if not iso:
        return "–"
    return f"{datetime.fromisoformat(iso).astimezone(clock.ALMATY):%d.%m.%Y %H:%M}"
