"""Invented things for the living page of components: every state, and texts that are too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, regions
from ortaq.core import money as core_money
from ortaq.core.bilingual import Bilingual
from ortaq.core.money import MoneyField
from ortaq.core.procedure import Offer, Step, anyone
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.law.text import Text

from . import parts, say
from .paging import KeyPage
from .tones import STATES, Tone
from .widgets import DateInput, InstantInput

LONG = Text(
    kk="Мүмкіндігі шектеулі балалары бар отбасыларды әлеуметтік-психологиялық қолдауға, "
    "ата-аналардың құқықтық сауаттылығын арттыруға және инклюзивті ортаны қалыптастыруға "
    "бағытталған өңіраралық іс-шаралар кешенін ұйымдастыру және өткізу",
    ru="Организация и проведение комплекса межрегиональных мероприятий, направленных на "
    "социально-психологическую поддержку семей с детьми с ограниченными возможностями, повышение "
    "правовой грамотности родителей и формирование инклюзивной среды",
    en="Organising and holding a set of interregional events for the social and psychological "
    "support of families with children with disabilities, for the legal literacy of parents and "
    "for an inclusive environment",
)
UNBROKEN = "Қызметкерлердіңбіліктілігінарттыру" * 4
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CITE = Citation("grants_rules", "2020", "guide, grants, step 2")
INFERRED = Citation("grants_rules", "2020", "announcement 2020 §3", inferred=True)


@dataclass(frozen=True, slots=True)
class Organisation:
    name_kk: str = "«Ақ бата» қоғамдық қоры"
    name_ru: str = "Общественный фонд «Ақ бата»"
    bin: str = "200140000124"
    name = Bilingual("name")


@dataclass(frozen=True, slots=True)
class Person:
    full_name: str = "Сейтқали Әлия Бауыржанқызы"


@dataclass(frozen=True, slots=True)
class File:
    name: str = "жарғы.pdf"
    size: int = 482_113
    sha256: str = DIGEST


FINDINGS = [
    Finding(
        "short_window",
        Severity.ERROR,
        Text(
            kk="Өтінімдер 20 күннен кем қабылданады: жарияланғаннан кейін 18 күн ғана бар.",
            ru="Заявки принимаются меньше 20 дней: после объявления остаётся только 18.",
            en="Applications are accepted for less than 20 days: only 18 after the announcement.",
        ),
        CITE,
        {"days": 18, "least": 20},
        "window",
    ),
    Finding("two_languages", Severity.WARNING, LONG, INFERRED, about="title.ru"),
    Finding(
        "note",
        Severity.NOTICE,
        Text(
            kk="Соңғы күн демалысқа түседі.",
            ru="Последний день выпадает на выходной.",
            en="The last day is a day off.",
        ),
    ),
    Finding(
        "fine",
        Severity.OK,
        Text(
            kk="Бюджет өтінімге сәйкес келеді.",
            ru="Бюджет соответствует заявке.",
            en="The budget agrees with the application.",
        ),
        CITE,
    ),
]


class SampleForm(forms.Form):
    """One field of every kind that our forms use."""

    title_kk = forms.CharField(label=_("Title"), widget=forms.Textarea)
    title_ru = forms.CharField(label=_("Title"), widget=forms.Textarea, required=False)
    sum = MoneyField(
        label=_("Sum, tenge"), help_text=_("With tiyn after a comma, if there are any.")
    )
    day = forms.DateField(label=_("Day"), widget=DateInput, required=False)
    until = forms.DateTimeField(label=_("Until"), widget=InstantInput, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("republican", _("republican")), ("local", _("local"))]
    )
    level = forms.TypedChoiceField(
        label=_("Level"),
        choices=[(1, _("low")), (2, _("middle")), (3, _("high"))],
        widget=forms.RadioSelect,
    )
    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        choices=[("71", "Астана"), ("75", "Алматы"), ("79", "Шымкент")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    scan = forms.FileField(label=_("Scan"), help_text=_("PDF, PNG or JPG."), required=False)
    agree = forms.BooleanField(label=_("I have read the announcement"))


def offers() -> list[Offer]:
    simple = Step("check", _("Begin the check"), "submitted", "checking", by=anyone)
    final = Step(
        "publish", _("Publish the results"), "prepared", "published", by=anyone, final=True
    )
    return [Offer(simple, []), Offer(final, FINDINGS[1:2]), Offer(final, FINDINGS[:2])]


def grid() -> parts.ScoreGrid:
    columns = [(LONG, 5), (_("Experience"), 3), (_("Budget"), 7)]
    rows = [
        parts.ScoreRow("Ерлан Ж. Қ.", [4, 3, 7], 14),
        parts.ScoreRow("Гүлнар О. С.", [5, None, 6], None, _("not signed yet")),
    ]
    totals = parts.ScoreRow(_("Mean"), [Fraction(9, 2), 3, Fraction(20, 3)], Fraction(85, 6))
    return parts.ScoreGrid(columns, rows, totals, _("Points of the commission"))


def pictures() -> dict[str, Any]:
    """What the pictures of the living page show."""
    sums = {
        region.code: (n * 7919 % 23) ** 5 * 1_000_00 for n, region in enumerate(regions.every())
    }
    year = date(2026, 1, 1)
    return {
        "areas": [
            *(
                parts.Area(code, sum_, core_money.show(sum_), say.short_money(sum_), f"#{code}")
                for code, sum_ in sums.items()
            ),
            parts.Area("", 90_000_000_00, core_money.show(90_000_000_00), label=_("All regions")),
        ],
        "before": date(2020, 5, 20),
        "older": [
            parts.Area(code, sum_, core_money.show(sum_), say.short_money(sum_))
            for code, sum_ in list(sums.items())[1:8]
        ],
        "flow": [
            parts.Flow(_("Planned"), 12_000_000_00, core_money.show(12_000_000_00), LONG, "#"),
            parts.Flow(_("Remarks"), None, "14", _("accepted: 3, refused: 11"), "#"),
            parts.Flow(_("Contract"), 9_900_000_00, core_money.show(9_900_000_00), href="#"),
            parts.Flow(_("Paid"), 4_000_000_00, core_money.show(4_000_000_00)),
            parts.Flow(LONG, None, None, _("not published yet")),
        ],
        "pairs": [
            parts.Pair(_("Events"), 20, 14, "20", "14", "#"),
            parts.Pair(LONG, 3, 24, "3", "24"),
            parts.Pair(_("Culture"), 0, 0, "0", "0"),
        ],
        "stack_key": [_("done"), _("late"), _("ahead"), LONG, _("other")],
        "stacks": [
            parts.Stack(
                _("Ecology"), [12, 4, 9, 3, 6], ["12", "4", "9", "3", "6"], say.number(34), "#"
            ),
            parts.Stack(LONG, [0, 1, 0, 0, 12], ["0", "1", "0", "0", "12"], "13"),
            parts.Stack(_("Culture"), [0] * 5, ["0"] * 5, "0"),
        ],
        "spreads": [
            parts.Spread(_("Experience"), [2, 3, 3, 4, 5], 5, "#"),
            parts.Spread(LONG, [0, Fraction(20, 3), 7], 7),
            parts.Spread(_("Budget"), [7], 7),
            parts.Spread(_("Culture"), [], 3),
        ],
        "year_begins": year,
        "year_ends": date(2026, 12, 31),
        "year_today": date(2026, 11, 21),
        "year_rows": [
            parts.YearRow(
                _("Applications are accepted"),
                [
                    parts.Span(date(2026, 2, 1), date(2026, 3, 15), planned=True),
                    parts.Span(date(2026, 2, 9), date(2026, 3, 10)),
                ],
                f"{say.day(date(2026, 2, 9))} – {say.day(date(2026, 3, 10))}",
                "#",
            ),
            parts.YearRow(
                LONG,
                [
                    parts.Span(date(2026, 4, 1), date(2026, 4, 1), planned=True),
                    parts.Span(date(2026, 4, 20), date(2026, 4, 20)),
                ],
                say.day(date(2026, 4, 20)),
                tone=Tone.WARNING,
            ),
            parts.YearRow(
                _("Results"), [parts.Span(date(2025, 1, 1), date(2027, 1, 1))], say.NOTHING
            ),
        ],
    }


def everything() -> dict[str, Any]:
    """What the living page draws."""
    now = clock.now()
    ago = timedelta(days=3, hours=4)
    wrong = SampleForm({"title_kk": "Ә", "sum": "көп", "kind": "other"})
    wrong.is_valid()
    columns = [
        parts.Column(_("Number"), "number"),
        parts.Column(_("Title"), "title"),
        parts.Column(_("Organisation")),
        parts.Column(_("Sum"), "amount", numeric=True),
        parts.Column(_("State")),
    ]
    events = [
        parts.Event(now - ago, _("Announced"), cite=CITE),
        parts.Event(now.date(), _("Applications are accepted"), LONG),
        parts.Event(now + ago, _("Acceptance ends")),
        parts.Event(None, _("Results")),
    ]
    return {
        "tones": list(Tone),
        "states": {tone: names[0] for tone, names in STATES.items()},
        "long": LONG,
        "unbroken": UNBROKEN,
        "now": now,
        "deadlines": [
            now + timedelta(days=12, hours=5),
            now + timedelta(days=2, hours=4),
            now + timedelta(minutes=90),
            now + timedelta(seconds=40),
            now - ago,
            None,
        ],
        "cite": CITE,
        "inferred": INFERRED,
        "findings": FINDINGS,
        "links": {"window": "#window", "": "#"},
        "organisation": Organisation(),
        "long_organisation": Organisation(LONG.kk, LONG.ru),
        "person": Person(),
        "file": File(),
        "long_file": File(f"{UNBROKEN}.docx", 20 * 1024 * 1024),
        "digest": DIGEST,
        "money": [0, 25, 123_456_789_00, -5_000_00, 1_131_260_000_00],
        "points": [5, Fraction(17, 2), Fraction(20, 3), None],
        "events": events,
        "entries": [
            parts.Entry(now - ago, _("Announced"), "Гүлнар О. С.", hash=DIGEST),
            parts.Entry(now, _("Extended"), "Гүлнар О. С.", LONG, DIGEST),
        ],
        "grid": grid(),
        "curves": [
            parts.Curve(_("Time left"), [(Fraction(0), Fraction(1)), (Fraction(1), Fraction(0))]),
            parts.Curve(
                _("Money left"),
                [(Fraction(n, 10), Fraction(10 - n * n // 4, 10)) for n in range(6)],
            ),
            parts.Curve(LONG, [(Fraction(n, 4), Fraction(1, n + 1)) for n in range(4)]),
        ],
        "chart": [
            parts.Bar(_("Children and young people"), 236_240, say.number(236_240)),
            parts.Bar(LONG, 120_000, say.number(120_000), Tone.GOOD),
            parts.Bar(_("Ecology"), 900, say.number(900), Tone.WARNING, "#"),
            parts.Bar(_("Culture"), 0, "0", Tone.NEUTRAL),
        ],
        **pictures(),
        "stages": [
            parts.Stage(_("Profile"), "#profile", "done"),
            parts.Stage(_("Budget"), "#budget", "problem", _("The sums do not agree.")),
            parts.Stage(_("Calendar plan"), "#plan", "doing"),
            parts.Stage(_("Files"), "#files"),
        ],
        "columns": columns,
        "page": KeyPage(rows=[], previous="AA", next="BB", total=1131),
        "form": SampleForm(initial={"sum": 1_200_000_50, "title_kk": LONG.kk}),
        "wrong": wrong,
        "offers": offers(),
        "conflict": parts.Conflict(
            "Болат А. Қ.",
            now,
            [parts.Difference(_("Goal"), LONG, "Ата-аналарға көмек.", "goal")],
        ),
    }


def language_of(asked: str | None) -> str:
    """The language asked for, or the page's own."""
    return asked if asked in {"kk", "ru", "en"} else say.language()
