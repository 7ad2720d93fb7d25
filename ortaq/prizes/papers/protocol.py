"""The protocol of the scoring and of the decisions on all directions (PR-030..037, PR-040). No act prints a form of it: headings are ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from django.utils import translation

from ortaq.core import money
from ortaq.core.bilingual import pick
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
from ortaq.faces import say
from ortaq.law import prizes as rules
from ortaq.law.text import Text
from ortaq.people.models import Role
from ortaq.people.queries import people_of
from ortaq.prizes import standings
from ortaq.prizes.models import Decision, Round
from ortaq.prizes.standings import Nominee, Standing
from ortaq.review.models import Seat

# fmt: off
WORDS = {
    "title": Text("{year} жылғы үкіметтік емес ұйымдарға арналған сыйлықақыларды беру қорытындыларының хаттамасы", "Протокол итогов присуждения премий для неправительственных организаций {year} года"),
    "body": Text("Уәкілетті орган", "Уполномоченный орган"),
    "rules": Text("Негізі", "Основание"),
    "listed": Text("Үміткерлер тізбесі жарияланды", "Перечень соискателей опубликован"),
    "scored": Text("Бағалау", "Оценка"),
    "published": Text("Сыйлықақы иегерлерінің тізбесі жарияланды", "Перечень лауреатов опубликован"),
    "scorers": Text("Бағалауға қатысқандар", "Оценивали"),
    "name": Text("Тегі, аты, әкесінің аты (болған жағдайда)", "Фамилия, имя, отчество (при его наличии)"),
    "sheets": Text("Қол қойылған парақтар", "Подписано листов"),
    "conflicts": Text("Мүдделер қақтығысы", "Конфликт интересов"),
    "none": Text("жоқ", "нет"),
    "applicant": Text("Үміткер", "Соискатель"),
    "criteria": Text("Өлшемшарттар бойынша орташа балл", "Средний балл по критериям"),
    "mean": Text("Орташа жиынтық балл", "Средний общий балл"),
    "place": Text("Орны", "Место"),
    "prize": Text("Сыйлықақы: {sum}.", "Размер премии: {sum}."),
    "nobody": Text("Осы бағыт бойынша үміткерлер болған жоқ, сыйлықақы берілмейді.", "Соискателей по этому направлению не было, премия не присуждается."),
    "recipients": Text("Сыйлықақы беріледі: {names}.", "Премия присуждается: {names}."),
    "share": Text("{name} – {sum}", "{name} – {sum}"),
    "not_given": Text("Сыйлықақы берілмейді.", "Премия не присуждается."),
    "undecided": Text("Шешім әлі қабылданған жоқ.", "Решение ещё не принято."),
    "reason": Text("Негіздеме: {reason}", "Обоснование: {reason}"),
    "budget": Text("Тең бөлінбейтін {sum} қалдық бюджетте қалады.", "Неделимый остаток {sum} остаётся в бюджете."),
    "first": Text("Тең бөлінбейтін {sum} қалдық атауы бойынша бірінші алушыға беріледі.", "Неделимый остаток {sum} передаётся первому по наименованию получателю."),
    "exact": Text("Орташа балл қол қойылған бағалау парақтары бойынша дәл есептелді; үміткерлер бір бағыттың ішінде ғана салыстырылады.", "Средний балл рассчитан точно по подписанным оценочным листам; соискатели сравниваются только внутри одного направления."),
    "head": Text("Уәкілетті органның басшысы", "Руководитель уполномоченного органа"),
    "draft": Text("ЖОБА: қорытындылар жарияланған жоқ", "ПРОЕКТ: итоги не опубликованы"),
    "criterion": Text("{number} – {label}", "{number} – {label}"),
}
# fmt: on


def protocol(found: Round, language: str) -> Paper:
    """The protocol of a round whose scoring is over; a draft until its results are published. A fixed number of queries."""
    with translation.override(language):
        return _Protocol(found, language).make()


class _Protocol:
    def __init__(self, found: Round, language: str) -> None:
        self.round, self.language = found, language
        self.standings = standings.of_round(found)
        self.rubric = found.rules.rubric(rules.RUBRIC)

    def say(self, key: str, **values: object) -> str:
        return WORDS[key].say(self.language).format(**values)

    def make(self) -> Paper:
        title = self.say("title", year=self.round.year)
        draft = self.round.published_at is None
        return Paper(
            title,
            self.language,
            tuple(self._blocks(title)),
            Orientation.PORTRAIT,
            self.say("draft") if draft else "",
        )

    def _blocks(self, title: str) -> Iterator[Block]:
        found = self.round
        yield Heading(title, level=1)
        until = found.panel.points_open_at if found.panel else None
        since = found.panel.scoring_from if found.panel else None
        yield Fields(
            (
                self._field("body", self._name(found.organiser)),
                self._field("rules", found.rules.title.say(self.language)),
                self._field("listed", _at(found.listed_at)),
                self._field("scored", f"{_at(since)} – {_at(until)}"),
                self._field("published", _at(found.published_at)),
            )
        )
        if found.panel is not None:
            yield Heading(self.say("scorers"))
            yield self._scorers()
        for number, one in enumerate(self.standings, 1):
            yield from self._direction(number, one)
        yield Paragraph(self.say("exact"), small=True)
        head = people_of(found.organiser, Role.HEAD).first()
        signatory = Signatory(self.say("head"), head.short_name if head else "")
        yield Signatures((Party((signatory,)),))

    def _field(self, key: str, value: str) -> Field:
        return Field(self.say(key), value)

    def _name(self, organisation: object) -> str:
        return pick(
            getattr(organisation, "name_kk", ""),
            getattr(organisation, "name_ru", ""),
            self.language,
        )

    def _scorers(self) -> Table:
        panel = self.round.panel
        assert panel is not None
        conflicts: dict[int, list[str]] = {}
        rows = panel.conflicts.select_related("organisation").order_by("id")
        for one in rows:
            names = conflicts.setdefault(one.person_id, [])
            if (name := self._name(one.organisation)) not in names:
                names.append(name)
        seats = panel.seats.filter(role=Seat.Role.MEMBER).select_related("person")
        columns = (
            Column(self.say("name"), 6),
            Column(self.say("sheets"), 3, Align.RIGHT),
            Column(self.say("conflicts"), 7),
        )
        return Table(
            columns,
            tuple(
                Row(
                    (
                        Cell(seat.person.full_name),
                        Cell(f"{seat.signed} / {seat.dossiers}"),
                        Cell("; ".join(conflicts.get(seat.person_id, ())) or self.say("none")),
                    )
                )
                for seat in seats.order_by("person__sort", "id")
            ),
        )

    def _direction(self, number: int, one: Standing) -> Iterator[Block]:
        yield Heading(f"{number}. {one.direction.label.say(self.language)}")
        if not one.nominees:
            yield Paragraph(self.say("nobody"))
            return
        yield Paragraph(self.say("prize", sum=self._sum(one.direction.amount_tiyn)))
        for place, criterion in enumerate(self.rubric.criteria, 1):
            words = criterion.label.say(self.language)
            yield Paragraph(
                self.say("criterion", number=place, label=words), small=True, leads=True
            )
        yield self._points(one)
        yield from self._decided(one)

    def _points(self, one: Standing) -> Table:
        marks = tuple(
            Column(str(number), 2, Align.RIGHT)
            for number, _criterion in enumerate(self.rubric.criteria, 1)
        )
        columns = (
            Column(self.say("place"), 2, Align.RIGHT),
            Column(self.say("applicant"), 8),
            Column(self.say("criteria"), 6, columns=marks),
            Column(self.say("mean"), 3, Align.RIGHT),
            Column(self.say("sheets"), 3, Align.RIGHT),
        )
        return Table(columns, tuple(self._row(nominee) for nominee in one.nominees))

    def _row(self, nominee: Nominee) -> Row:
        application = nominee.application
        return Row(
            (
                Cell(str(nominee.place or "—")),
                Cell(f"{application.applicant_name}\n{application.number}"),
                *(Cell(_points(nominee.means.get(key))) for key in self.rubric.keys),
                Cell(_points(nominee.mean), bold=True),
                Cell(str(len(nominee.sheets))),
            )
        )

    def _decided(self, one: Standing) -> Iterator[Block]:
        decision = one.decision
        if decision is None:
            yield Paragraph(self.say("undecided"), bold=True)
            return
        if one.recipients:
            names = "; ".join(
                self.say(
                    "share",
                    name=nominee.application.applicant_name,
                    sum=self._sum(nominee.award.share_tiyn if nominee.award else 0),
                )
                for nominee in one.recipients
            )
            yield Paragraph(self.say("recipients", names=names), bold=True)
        else:
            yield Paragraph(self.say("not_given"), bold=True)
        if decision.remainder != Decision.Remainder.NONE:
            rest = self._sum(decision.remainder_tiyn)
            yield Paragraph(self.say(str(decision.remainder), sum=rest))
        reason = pick(decision.reason_kk, decision.reason_ru, self.language)
        yield Paragraph(self.say("reason", reason=reason))

    def _sum(self, tiyn: int) -> str:
        return money.show(tiyn, language=self.language)


def _at(instant: datetime | None) -> str:
    return say.instant(instant) if instant else "—"


def _points(value: Fraction | None) -> str:
    return say.points(value) if value is not None else "—"
