"""The report of a visit: what it must say, and what is frozen of it (SO-M-15). No form is set; the layout is ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt, Refused, Step, moved_on, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.oversight.models import CorrectiveAction, Observation, Visit
from ortaq.oversight.policy.visit import works_at
from ortaq.people.actor import Actor

from .plan import edition_of, error

VERDICTS = ("met", "partly", "not_met", "not_applicable")
LANGUAGES = ("kk", "ru")
LONGEST = 20_000
DROPPED = CorrectiveAction.State.DROPPED
WRITE = Step("write", _("Write the report"), Visit.State.STARTED, target=None, by=works_at)


def _in_readers_language(text: Text) -> str:
    return text.say(get_language() or "kk")


# The law's own words, in the language of whoever reads the finding.
_wording: Any = lazy(_in_readers_language, str)


def texts_of(visit: Visit) -> dict[str, str]:
    """What is written of the report, by the names of its places: `<indicator>_verdict`, `<indicator>_kk`, `conclusion_ru` …"""
    found: dict[str, str] = {}
    for key in edition_of(visit.plan).grounds("monitoring_indicators"):
        given: Mapping[str, Any] = visit.verdicts.get(key, {})
        found |= {f"{key}_{name}": str(given.get(name) or "") for name in ("verdict", *LANGUAGES)}
    return found | {
        f"conclusion_{language}": str(getattr(visit, f"conclusion_{language}"))
        for language in LANGUAGES
    }


def write(visit: Visit, typed: Mapping[str, str], *, version: int, actor: Actor) -> bool:
    """Keep what has been written so far, texts named as `texts_of` names them; no step, since nothing legal happens while somebody types.

    False, and nothing is written, where a colleague saved after `version`. Raises `Refused` for strangers and while the visit is not
    under way. `visit` is refreshed in place.
    """
    if not WRITE.by(actor, visit):
        raise Refused(WRITE, [not_yours(WRITE)])
    values = _values_of(visit, {**texts_of(visit), **typed})
    rows = Visit.objects.filter(pk=visit.pk, version=version, state__in=WRITE.sources)
    written = rows.update(**values, version=version + 1)
    visit.refresh_from_db()
    if visit.state not in WRITE.sources:
        raise Refused(WRITE, [moved_on(WRITE, visit, "state")])
    return bool(written)


def _values_of(visit: Visit, typed: Mapping[str, str]) -> dict[str, Any]:
    """The columns of the visit from texts named as `texts_of` names them; what is no verdict is none."""
    clean = {
        name: str(text).replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST]
        for name, text in typed.items()
    }
    verdicts = {
        key: {
            "verdict": given if (given := clean.get(f"{key}_verdict", "")) in VERDICTS else "",
            **{language: clean.get(f"{key}_{language}", "") for language in LANGUAGES},
        }
        for key in edition_of(visit.plan).grounds("monitoring_indicators")
    }
    conclusion = {
        f"conclusion_{language}": clean.get(f"conclusion_{language}", "") for language in LANGUAGES
    }
    return {"verdicts": verdicts, **conclusion}


def lacks(visit: Visit) -> list[Finding]:
    """All that stands between the visit and its report."""
    attempt = Attempt(None, clock.now())
    checks = (tools_used, verdict_on_each, concluded, breaches_answered)
    return [finding for check in checks for finding in check(visit, attempt)]


def tools_used(visit: Visit, _attempt: Attempt) -> Iterable[Finding]:
    """Two or more tools were really used (SO-M-07); where the edition is silent, those planned."""
    least = edition_of(visit.plan).parameter("monitoring.tools.min")
    done = visit.instruments.exclude(done_at=None).count()
    wanted = least.value if isinstance(least.value, int) else 1
    if done < wanted:
        message = format_lazy(
            _("Tools brought to an end: {done}. A visit needs at least {least}."),
            done=done,
            least=wanted,
        )
        yield error(visit.plan, least.key, "too_few_tools", message, "tools", done=done)


def verdict_on_each(visit: Visit, _attempt: Attempt) -> Iterable[Finding]:
    """Each indicator of the edition has a verdict, and words for it in both languages."""
    for key, ground in edition_of(visit.plan).grounds("monitoring_indicators").items():
        given: Mapping[str, Any] = visit.verdicts.get(key, {})
        words = all(str(given.get(language) or "").strip() for language in LANGUAGES)
        if given.get("verdict") not in VERDICTS or not words:
            message = format_lazy(
                _(
                    "Indicator “{indicator}” needs a verdict, with words for it in Kazakh and in Russian."
                ),
                indicator=_wording(ground.text),
            )
            yield Finding("no_verdict", Severity.ERROR, message, ground.cite, about=key)


def concluded(visit: Visit, _attempt: Attempt) -> Iterable[Finding]:
    """The conclusion stands in both languages."""
    for language in LANGUAGES:
        if not getattr(visit, f"conclusion_{language}").strip():
            message = _("Write the conclusion in Kazakh and in Russian.")
            yield error(
                visit.plan,
                "monitoring.indicators",
                "no_conclusion",
                message,
                f"conclusion_{language}",
            )


def breaches_answered(visit: Visit, _attempt: Attempt) -> Iterable[Finding]:
    """Each breach has a corrective action with owner and day."""
    serious = visit.observations.filter(weight=Observation.Weight.SERIOUS, withdrawn_at=None)
    answered = CorrectiveAction.objects.filter(observation=OuterRef("pk")).exclude(state=DROPPED)
    for observation in serious.exclude(Exists(answered)):
        message = format_lazy(
            _(
                "Breach {number} has no corrective action: say what is to be mended, by whom and by when."
            ),
            number=observation.number,
        )
        yield error(
            visit.plan,
            "monitoring.indicators",
            "no_action",
            message,
            f"observation-{observation.number}",
        )


def content_of(visit: Visit) -> dict[str, Any]:
    """Everything that the report's paper shows; days and instants as ISO text."""
    plan = visit.plan
    return {
        "edition": plan.edition,
        "year": plan.year,
        "number": visit.number,
        "place": visit.place,
        "started_at": visit.started_at.isoformat() if visit.started_at else "",
        "by": _by(visit),
        "verdicts": visit.verdicts,
        "conclusion": {
            language: getattr(visit, f"conclusion_{language}") for language in LANGUAGES
        },
        "tools": [
            {
                "tool": one.tool,
                "key": key_of(one),
                "done": one.done_at is not None,
                "summary": one.content.get("summary", {}),
            }
            for one in visit.instruments.all()
        ],
        "observations": [
            {
                "number": one.number,
                "indicator": one.indicator,
                "weight": one.weight,
                "text": one.text,
                "place": one.place,
                "seen_at": one.seen_at.isoformat(),
                "photo": one.photo.sha256 if one.photo else "",
                "actions": [
                    {
                        "what": action.what,
                        "owner": action.owner,
                        "person": action.person,
                        "due_on": action.due_on.isoformat(),
                    }
                    for action in one.actions.all()
                    if action.state != DROPPED
                ],
            }
            for one in visit.observations.filter(withdrawn_at=None)
            .select_related("photo")
            .prefetch_related("actions")
        ],
        "requests": [
            {"what": one.what, "due_on": one.due_on.isoformat(), "state": one.state}
            for one in visit.requests.all()
        ],
    }


def _by(visit: Visit) -> dict[str, str]:
    """Who did the visit: an officer of the body or the independent expert, by name."""
    if visit.engagement is not None:
        return {"role": "expert", "name": visit.engagement.expert.name}
    return {"role": "officer", "name": visit.officer.full_name if visit.officer else ""}
