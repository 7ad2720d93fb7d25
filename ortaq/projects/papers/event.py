"""The activity passport (IM-023); of an event that was held with its plan beside the fact (IM-036)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils import translation

from ortaq.core.bilingual import pick
from ortaq.documents import forms
from ortaq.documents.filling import fill
from ortaq.documents.paper import Paper
from ortaq.faces import say
from ortaq.law.standard.words import Amount, joined
from ortaq.law.text import Text
from ortaq.projects import standard
from ortaq.projects.deviation import plan_of
from ortaq.projects.models import Event, Trainer

LANGUAGES = ("kk", "ru")
FORM = ("SO-AP", "2019")
YEAR = 12
SEXES = Text(
    "{people}, оның ішінде ер {men}, әйел {women}",
    "{people}, из них мужчин {men}, женщин {women}",
    "{people}, men {men}, women {women}",
)
WHEN = Text("Күні мен уақыты", "Дата и время", "Date and time")
PLACE = Text("Өткен орны", "Место проведения", "Place")
PEOPLE = Text("Қатысушылар саны", "Число участников", "Participants")


def passport(event: Event, language: str) -> Paper:
    """The passport of an event in `language` (kk, ru). Needs the project with its contract and parties."""
    with translation.override(language):
        return _passport(event, language)


def _passport(event: Event, language: str) -> Paper:
    form = forms.form(*FORM)
    contract = event.project.contract
    trainers = list(event.trainers.all())
    held = event.state == Event.State.HELD
    planned = plan_of(event)
    wanted = {
        "passport",
        *(("trainers",) if trainers else ()),
        *(("fact", "result") if held else ()),
    }
    if held and event.deviation:
        wanted.add("deviation")
    lasts = standard.minutes(event)
    sections: dict[str, Any] = {
        "passport": {
            "kind": event.get_kind_display(),
            "form": standard.label_of(event).say(language) or "—",
            "when": _when(planned["starts_at"], planned["ends_at"]),
            "place": planned["place"],
            "format": event.get_format_display(),
            "duration": str(lasts) if lasts else "—",
            "participants": str(event.expected_participants),
            "programme": event.programme or "—",
            "expected": event.expected_result or "—",
            "informing": "; ".join(
                text.say(language)
                for key, text in standard.ways(event.project.standard)
                if key in event.informing
            )
            or "—",
        },
        "trainers": [_trainer(one, language) for one in trainers],
        "fact": [
            {
                "what": WHEN.say(language),
                "planned": _when(planned["starts_at"], planned["ends_at"]),
                "fact": _when(event.starts_at, event.ends_at),
            },
            {"what": PLACE.say(language), "planned": planned["place"], "fact": event.place},
            {
                "what": PEOPLE.say(language),
                "planned": str(event.expected_participants),
                "fact": _people(event, language),
            },
        ],
        "result": event.result,
        "deviation": event.deviation,
    }
    values = {
        "fields": {
            "project": pick(contract.title_kk, contract.title_ru, language),
            "contract": f"№ {contract.number}, {say.day(contract.concluded_on)}",
            "supplier": contract.grantee.name,
            "event": f"№ {event.number}. {pick(event.title_kk, event.title_ru, language)}",
            "activity": event.activity.text if event.activity else "—",
        },
        "sections": {key: value for key, value in sections.items() if key in wanted},
    }
    kept = tuple(one for one in form.sections if one.key in wanted)
    return fill(replace(form, sections=kept), values, language)


def _when(begins: datetime, ends: datetime) -> str:
    if say.day(begins) == say.day(ends):
        return f"{say.instant(begins)}–{say.time_of_day(ends)[:5]}"
    return f"{say.instant(begins)} – {say.instant(ends)}"


def _people(event: Event, language: str) -> str:
    people = standard.people(event)
    if event.men is None and event.women is None:
        return str(people)
    return SEXES.fill(people=people, men=event.men or 0, women=event.women or 0).say(language)


def _trainer(one: Trainer, language: str) -> dict[str, Any]:
    return {
        "full_name": one.full_name,
        "experience": experience(one).say(language),
        "about": one.about,
    }


def experience(one: Trainer) -> Text:
    """The experience in words: "2 years 6 months"; a dash where it is not told."""
    if one.experience_months is None:
        return Text("—", "—", "—")
    years, months = divmod(one.experience_months, YEAR)
    parts = [Amount(Fraction(years), "year")] if years else []
    if months or not years:
        parts.append(Amount(Fraction(months), "month"))
    return joined([part.words() for part in parts], " ")
