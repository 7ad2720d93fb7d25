"""A needs assessment and its worksheets on paper. No act prints a form of them; the headings are ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import shorten

from django.utils import translation

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
    Row,
    Table,
)
from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.people.actor import PASSER_BY
from ortaq.planning.models import Assessment, Canvas
from ortaq.planning.queries import needs as queries

LANGUAGES = ("kk", "ru")
FOOTER = 90  # characters that stand at the foot of a page in one or two lines
WORDS = {
    "title": Text("ҚАЖЕТТІЛІКТЕРДІ БАҒАЛАУ", "ОЦЕНКА ПОТРЕБНОСТЕЙ"),
    "draft": Text("Жоба: бекітілмеген", "Проект: не утверждена"),
    "body": Text("Мемлекеттік орган", "Государственный орган"),
    "subject": Text("Не бағаланды", "Что оценено"),
    "kind": Text("Бағалау түрі", "Вид оценки"),
    "field": Text("Сала", "Сфера"),
    "begun": Text("Басталған күні", "Начата"),
    "approved": Text("Бекітілген күні", "Утверждена"),
    "edition": Text("Қағидалардың редакциясы", "Редакция правил"),
    "answers": Text("Сұрақтарға жауаптар", "Ответы на вопросы"),
    "conclusions": Text("Қорытындылар", "Выводы"),
    "rests": Text("Сүйенетін дереккөздер: {sources}", "Опирается на источники: {sources}"),
    "sources": Text("Дереккөздер", "Источники"),
    "source_kind": Text("Түрі", "Вид"),
    "source": Text("Дереккөз", "Источник"),
    "publisher": Text("Кімдікі", "Чей"),
    "dated": Text("Күні", "Дата"),
    "finding": Text("Не көрсетеді", "Что показывает"),
    "values": Text("Өлшенген мәндер", "Измеренные значения"),
    "indicator": Text("Индикатор", "Индикатор"),
    "unit": Text("Өлшем бірлігі", "Единица"),
    "value": Text("Мәні", "Значение"),
    "measured": Text("Өлшенген күні", "Измерено"),
    "before": Text("Бұрын", "Было"),
    "after": Text("Енді", "Стало"),
    "change": Text("Айырмасы", "Разница"),
    "context": Text("Талдаудың жағдайы", "Контекст анализа"),
    "nothing": Text("—", "—"),
}


def assessment_paper(assessment: Assessment, language: str) -> Paper:
    """The assessment in Kazakh or Russian, as the public reads it."""
    with translation.override(language):
        made = _Made(language)
        blocks = tuple(made.assessment(assessment))
    title = pick(assessment.title_kk, assessment.title_ru, language)
    return Paper(title, language, blocks)


def canvas_paper(canvas: Canvas, language: str) -> Paper:
    """A worksheet on A4 landscape, its cells as they stand on the page."""
    with translation.override(language):
        blocks = tuple(_Made(language).canvas(canvas))
    of = canvas.assessment
    footer = shorten(pick(of.title_kk, of.title_ru, language), FOOTER, placeholder=" …")
    return Paper(canvas.title, language, blocks, Orientation.LANDSCAPE, footer)


class _Made:
    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, word: str, **filled: object) -> str:
        return WORDS[word].fill(**filled).say(self.language)

    def heads(self, *words: str) -> tuple[str, ...]:
        return tuple(self.say(word) for word in words)

    def assessment(self, assessment: Assessment) -> Iterator[Block]:
        page = queries.page(assessment, PASSER_BY)
        yield Heading(self.say("title"), 1)
        yield Paragraph(assessment.title, align=Align.CENTER, bold=True)
        if assessment.approved_on is None:
            yield Paragraph(self.say("draft"), align=Align.CENTER, small=True)
        approved = assessment.approved_on
        facts = {
            "body": assessment.body.name,
            "kind": page.kind.name.say(self.language),
            "field": page.field.say(self.language),
            "begun": say.day(assessment.begun_on),
            "approved": say.day(approved) if approved else "",
            "edition": assessment.edition,
        }
        yield Fields(tuple(Field(self.say(key), told) for key, told in facts.items() if told))
        yield Heading(self.say("answers"))
        for number, one in enumerate(page.answers, 1):
            yield Paragraph(f"{number}. {one.question.say(self.language)}", bold=True)
            yield Paragraph(pick(one.kk, one.ru, self.language) or self.say("nothing"))
        yield Heading(self.say("conclusions"))
        order = {
            source.pk: number for number, (source, _kind, _origin) in enumerate(page.sources, 1)
        }
        for number, rested in enumerate(page.conclusions, 1):
            yield Paragraph(f"{number}. {rested.conclusion.text}")
            numbers = ", ".join(str(order[source.pk]) for source in rested.sources)
            yield Paragraph(self.say("rests", sources=numbers or self.say("nothing")), small=True)
        yield Heading(self.say("sources"))
        yield _table(
            ("№", *self.heads("source_kind", "source", "publisher", "dated", "finding")),
            (1, 4, 5, 3, 3, 6),
            (
                (
                    str(number),
                    kind.say(self.language),
                    f"{source.title}\n{source.link}".strip(),
                    source.publisher,
                    say.day(source.dated_on) if source.dated_on else "",
                    source.finding,
                )
                for number, (source, kind, _origin) in enumerate(page.sources, 1)
            ),
        )
        if page.values:
            yield Heading(self.say("values"))
            yield self._compared(page) if page.compares else self._measured(page)

    def _measured(self, page: queries.Page) -> Table:
        return _table(
            self.heads("indicator", "unit", "value", "measured", "source"),
            (6, 2, 2, 3, 5),
            (
                (
                    one.indicator,
                    one.unit,
                    one.is_now,
                    say.day(one.now.measured_on),
                    one.now.source.title if one.now.source else "",
                )
                for one in page.values
                if one.now
            ),
        )

    def _compared(self, page: queries.Page) -> Table:
        """Before and after, each with its day, and the exact difference."""
        return _table(
            self.heads("indicator", "unit", "before", "after", "change"),
            (6, 2, 3, 3, 2),
            (
                (
                    one.indicator,
                    one.unit,
                    f"{one.was}\n{say.day(one.before.measured_on)}" if one.before else "",
                    f"{one.is_now}\n{say.day(one.now.measured_on)}" if one.now else "",
                    one.change,
                )
                for one in page.values
            ),
        )

    def canvas(self, canvas: Canvas) -> Iterator[Block]:
        sheet = queries.worksheet(canvas)
        yield Heading(f"{sheet.name.say(self.language)}: {canvas.title}", 1)
        if context := queries.context_of(canvas):
            yield Fields(tuple(Field(part.say(self.language), told) for part, told in context))
        for beside in queries.rows_of(queries.cells(canvas), canvas.kind):
            texts = ("\n".join(f"• {card.text}" for card in one.cards) for one in beside)
            yield Table(
                tuple(Column(one.cell.name.say(self.language)) for one in beside),
                (Row(tuple(Cell(text, lines=1 if text else 4) for text in texts)),),
            )


def _table(heads: Iterable[str], widths: Iterable[int], rows: Iterable[Iterable[str]]) -> Table:
    columns = tuple(Column(head, width) for head, width in zip(heads, widths, strict=True))
    return Table(columns, tuple(Row(tuple(Cell(text) for text in row)) for row in rows))
