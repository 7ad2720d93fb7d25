"""What the Standard is asked about an event: its passport, its counted figures, the evidence attached to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from ortaq.core import clock
from ortaq.law.standard.survey import share
from ortaq.projects.models import Contract, Event, Evidence, Participation, Project, Trainer
from ortaq.projects.queries.evidence import STANDS, publications_of_events

from .forms import sheet_items

HALF_HOUR, HOUR, YEAR = 30, 60, 12


@dataclass(frozen=True, slots=True)
class Counts:
    """What is attached to an event and was answered at it: numbers of publications by channel, stories, answers on application."""

    media: int = 0
    social: int = 0
    stories: int = 0
    told: int = 0
    applied: int = 0


NOTHING = Counts()


def people(event: Event) -> int:
    """How many took part: those in the list, or the men and women counted where that is more."""
    return max(event.attended, (event.men or 0) + (event.women or 0))


def counts_of(events: Iterable[Event]) -> dict[int, Counts]:
    """What is attached to each event and was answered at it, by its key; three queries for however many of one project."""
    wanted = list(events)
    published = publications_of_events(wanted)
    stories = dict(
        Evidence.objects.filter(event__in=wanted, kind=Evidence.Kind.STORY, state__in=STANDS)
        .order_by()
        .values_list("event")
        .annotate(Count("id"))
    )
    answered = (
        Participation.objects.filter(event__in=wanted, applied__isnull=False)
        .order_by()
        .values_list("event")
        .annotate(number=Count("id"), yes=Count("id", filter=Q(applied=True)))
    )
    told = {pk: (number, yes) for pk, number, yes in answered}
    return {
        pk: Counts(found.media, found.social, stories.get(pk, 0), *told.get(pk, (0, 0)))
        for pk, found in published.items()
    }


def _years(contract: Contract) -> int:
    """How many financial years the contract touches; one where its term is not known."""
    if contract.starts_on is None or contract.ends_on is None:
        return 1
    return int(contract.ends_on.year - contract.starts_on.year + 1)


def is_multi_year(project: Project) -> bool:
    """More than one financial year: the material base of table 8 is asked (¶13)."""
    return _years(project.contract) > 1


def minutes(event: Event) -> int | None:
    """The duration without breaks; where it is not said, from beginning to end of the same day."""
    if event.duration_minutes is not None:
        return event.duration_minutes
    if clock.day_of(event.starts_at) != clock.day_of(event.ends_at):
        return None
    return int((event.ends_at - event.starts_at).total_seconds()) // 60


def _durations(event: Event) -> list[dict[str, Any]]:
    """The duration in the units of the tables: hours or minutes, and calendar days (ST-A-08)."""
    days = (clock.day_of(event.ends_at) - clock.day_of(event.starts_at)).days + 1
    found: list[dict[str, Any]] = []
    if (lasts := minutes(event)) is not None:
        whole = lasts % HALF_HOUR == 0
        found.append(
            {"value": Fraction(lasts, HOUR) if whole else lasts, "unit": "hour" if whole else "minute"}
        )  # fmt: skip
    return [*found, {"value": days, "unit": "day"}]


def _experience(trainers: list[Trainer]) -> int | None:
    """The least experience of all who teach, in months; None when one did not say."""
    told = [one.experience_months for one in trainers if one.experience_months is not None]
    return min(told) if told and len(told) == len(trainers) else None


def sheet_of(event: Event, trainers: list[Trainer]) -> dict[str, str]:
    """The information sheet of a training (¶27, 8 items) or consultation (¶30, 5 items) by item; what is missing is empty."""
    typed: Mapping[str, str] = event.facts.get("sheet") or {}
    people_said = "\n".join(
        f"{one.full_name}. {one.about}".strip(". ") for one in trainers if one.full_name
    )
    general: Mapping[str, Any] = event.project.contract.general or {}
    return {
        "form_and_theme": event.title,
        "programme": event.programme,
        "trainers": people_said,
        "methods": typed.get("methods", ""),
        "materials": typed.get("materials", ""),
        "date_and_place": event.place,
        "participation": typed.get("participation", ""),
        "registration": typed.get("registration", ""),
        "form_and_content": event.programme,
        "consumers": str(general.get("target_group") or ""),
        "results": event.expected_result,
        "consultants": people_said,
        "conditions": typed.get("participation", ""),
    }


def facts_of(event: Event, counts: Counts, trainers: list[Trainer]) -> dict[str, Any]:
    """What `law.standard.check` is asked about an event, by its service."""
    held = event.state == Event.State.HELD
    there = people(event) if held else event.expected_participants
    facts: dict[str, Any] = {
        "service": event.service,
        "special_social_services": event.project.special_social_services,
        "information_ways": event.informing,
    }
    answers = {"answers": event.answers, "points_total": event.points} if held else {}
    experience = _experience(trainers)
    sheet = sheet_of(event, trainers)
    if event.service == "training":
        facts |= {
            "form": event.form,
            "participants": there,
            "duration": _durations(event),
            "financial_years": _years(event.project.contract),
            "contract_concluded": True,
            "information_sheet": [key for key, _text in sheet_items(event) if sheet[key]],
            **answers,
        }
        if experience is not None:
            facts["trainer_experience_years"] = Fraction(experience, YEAR)
        facts |= {
            key: event.facts[key] for key in ("premises_m2", "equipment") if key in event.facts
        }
        if held:
            facts["success_stories"] = counts.stories
    elif event.service == "consultation":
        facts |= {
            "topic": event.form,
            "information_sheet": [key for key, _text in sheet_items(event) if sheet[key]],
        }
        if experience is not None:
            facts["consultant_experience_months"] = experience
        if held:
            facts |= {"consumers": there, **answers}
        if counts.told:
            facts |= {"consultations": counts.told, "consultations_applied": counts.applied}
    elif event.service == "event":
        published = counts.media + counts.social
        facts |= {
            "form": event.form,
            "participants": there,
            "publications": {"media": counts.media, "social": counts.social},
            "publication_list": bool(published),
            **answers,
        }
        if counts.told:
            percent = share(counts.applied, counts.told)
            facts |= {"practical_application": percent, "involvement": percent}
    elif event.service == "information":
        facts |= {
            "form": event.form,
            "publications": {"media": counts.media, "social": counts.social},
        }
        facts |= {"participants": there, "duration": _durations(event)}
    elif event.service == "research":
        facts |= {
            "form": "opinion_research",
            "collection": [{"method": event.form, "respondents": there}],
        }
    return facts
