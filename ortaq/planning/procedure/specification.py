"""Specification: draft → approved → superseded.

approve     both languages, at least one service, every error of the Standard gone, indicators (SO-F-19)
supersede   by the system, when a later version is approved
discard     a draft is thrown away

A version is made for a sum. Once the budget gives less, a new version must be approved before
any tender (SO-T-058); an approved one never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import journal
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, moved_on
from ortaq.documents.forms import form
from ortaq.law.findings import Finding, Severity, stops
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.planning import standard
from ortaq.planning.models import ExpectedIndicator, Formation, Service, Specification, Topic
from ortaq.planning.policy import forms, specifies

from .editions import edition_of
from .templates import fill

State = Specification.State
PLACE = "№18-2022 ¶7(3)"
GUIDE = ("tender_scoring", "2019")
GENERAL = ("SO-GR", "2019")
# Sections that the customer writes, by the keys of the form of general requirements, and those
# that may stay empty.
SECTIONS = (
    "goal", "tasks", "management", "provision", "qualification", "base", "information",
    "agreement", "premises", "handover",
)  # fmt: skip
OPTIONAL = frozenset({"qualification", "premises"})
LANGUAGES = ("kk", "ru")
# The states of a list of topics in which its specifications are drafted: after the council.
DRAFTED_IN = (Formation.State.LISTED, Formation.State.REQUESTED, Formation.State.BUDGETED)


def guide() -> law.Edition:
    return law.edition(*GUIDE)


def sections_of(specification: Specification) -> list[str]:
    """The sections that this specification has: the base only where the order takes years."""
    several = specification.topic.financial_years > 1
    return [key for key in SECTIONS if key != "base" or several]


def title_of(section: str) -> Text:
    """A section as the guide's form words it."""
    return form(*GENERAL).section(section).title


# --- What approving requires ---------------------------------------------------------------------


def sections_written(specification: Specification, attempt: Attempt) -> Iterable[Finding]:
    """Every section in Kazakh and in Russian (SO-T-049, SO-T-050)."""
    for key in sections_of(specification):
        written = specification.content.get(key) or {}
        missing = [language for language in LANGUAGES if not written.get(language)]
        if not missing or (key in OPTIONAL and len(missing) == len(LANGUAGES)):
            continue
        if key == "base":
            message = _(
                "The order takes more than one financial year: describe the requirements to the "
                "supplier's material and technical base in Kazakh and in Russian."
            )
        elif len(missing) == len(LANGUAGES):
            message = _("The section “%(section)s” is not written yet.")
        elif missing == ["ru"]:
            message = _("The section “%(section)s” lacks its Russian text.")
        else:
            message = _("The section “%(section)s” lacks its Kazakh text.")
        yield Finding(
            "section_missing",
            Severity.ERROR,
            message % {"section": title_of(key).say(get_language() or "kk")},
            guide().cite("guide, general requirements"),
            {"section": key, "missing": missing},
            about=f"section-{key}",
        )


def has_services(specification: Specification, attempt: Attempt) -> Iterable[Finding]:
    """At least one service, each named and described in both languages."""
    services = list(specification.services.all())
    cite = guide().cite("guide, general requirements")
    if not services:
        yield Finding(
            "no_services",
            Severity.ERROR,
            _("Add at least one service: an event, a training, a material, a research."),
            cite,
            about="services",
        )
    for service in services:
        if not all(
            (service.name_kk, service.name_ru, service.requirements_kk, service.requirements_ru)
        ):
            yield Finding(
                "service_untold",
                Severity.ERROR,
                _("%(service)s: the name or the requirements lack one of the languages.")
                % {"service": f"{service.position}. {service.name}"},
                cite,
                {"service": service.position},
                about=f"service-{service.pk}",
            )


def standard_met(specification: Specification, attempt: Attempt) -> Iterable[Finding]:
    """Every service is in accordance with the Standard; its warnings are shown (SO-T-047)."""
    services = list(specification.services.all())
    for service, said in standard.of_specification(specification, services):
        for one in said:
            if one.severity in (Severity.ERROR, Severity.WARNING):
                numbers = {**one.numbers, "service": service.position, "field": one.about}
                names = zip((service.name_kk, service.name_ru, ""), one.message, strict=True)
                message = Text(
                    *(f"{service.position}. {name or service.name_kk}: {m}" for name, m in names)
                )
                yield Finding(
                    one.code, one.severity, message, one.cite, numbers, f"service-{service.pk}"
                )


def stops_approval(specification: Specification, service: Service) -> bool:
    """Whether one service of a draft keeps it from being approved, by the Standard."""
    services = list(specification.services.all())
    told = standard.of_specification(specification, services)
    return any(stops(said) for one, said in told if one.pk == service.pk)


def grounds_stated(specification: Specification, attempt: Attempt) -> Iterable[Finding]:
    """Special social services name the grounds of a difficult life situation (SO-T-052)."""
    if specification.special_social_services and not specification.grounds:
        yield Finding(
            "no_grounds",
            Severity.ERROR,
            _(
                "These are special social services: choose the grounds of a difficult life "
                "situation that they serve."
            ),
            guide().cite("guide, stage 4"),
            about="grounds",
        )


def indicators_stated(specification: Specification, attempt: Attempt) -> Iterable[Finding]:
    """Expected indicators, in both languages; levels that are missing are pointed out (criterion C6)."""
    indicators = list(specification.indicators.all())
    cite = guide().cite("guide, SO annex 1")
    if not indicators:
        yield Finding(
            "no_indicators",
            Severity.ERROR,
            _("State at least one expected indicator."),
            cite,
            about="indicators",
        )
        return
    if any(not (one.text_kk and one.text_ru) for one in indicators):
        yield Finding(
            "indicator_untold",
            Severity.ERROR,
            _("An indicator lacks its text in one of the languages."),
            cite,
            about="indicators",
        )
    levels = {one.level for one in indicators}
    if missing := [level for level in ExpectedIndicator.Level if level not in levels]:
        yield Finding(
            "levels_missing",
            Severity.WARNING,
            _(
                "Some levels have no indicator. Bidders are scored for indicators of all levels: "
                "input, process, short-term and long-term results."
            ),
            cite,
            {"levels": [str(level) for level in missing]},
            about="indicators",
        )


def made_for_the_sum(specification: Specification, attempt: Attempt) -> Iterable[Finding]:
    """A version begun before the budget was approved is not for the approved sum (SO-T-058)."""
    topic = specification.topic
    if topic.approved_tiyn is not None and topic.approved_tiyn < specification.sum_tiyn:
        yield Finding(
            "other_sum",
            Severity.ERROR,
            _(
                "This version was begun for a larger sum than the budget gives. Begin a new "
                "version for the approved sum."
            ),
            guide().cite("guide, stage 5"),
            {"made_for": specification.sum_tiyn, "approved": topic.approved_tiyn},
            about="sum",
        )


def approved(specification: Specification, attempt: Attempt) -> Mapping[str, Any]:
    """Put the version into force; the one before gives way to it."""
    for earlier in Specification.objects.filter(topic=specification.topic_id, state=State.APPROVED):
        SPECIFICATION.take(
            SUPERSEDE, earlier, actor=attempt.actor, at=attempt.now, by=specification.number
        )
    specification.approved_at = attempt.now
    specification.save(update_fields=["approved_at"])
    return {"number": specification.number, "content": fingerprint(specification)}


def superseded(specification: Specification, attempt: Attempt) -> Mapping[str, Any]:
    return {"by": attempt.facts["by"]}


def fingerprint(specification: Specification) -> str:
    """The hash of all that the version says."""
    return sha256(
        {
            "content": specification.content,
            "grounds": specification.grounds,
            "special": specification.special_social_services,
            "sum": specification.sum_tiyn,
            "services": list(
                specification.services.values(
                    "key", "name_kk", "name_ru", "requirements_kk", "requirements_ru", "quantity",
                    "facts",
                )
            ),
            "indicators": list(
                specification.indicators.values("level", "nature", "text_kk", "text_ru", "expected")
            ),
        }
    )  # fmt: skip


APPROVE = Step(
    "approve",
    _("Approve the technical specification"),
    source=State.DRAFT,
    target=State.APPROVED,
    by=specifies,
    requires=(
        sections_written,
        has_services,
        standard_met,
        grounds_stated,
        indicators_stated,
        made_for_the_sum,
    ),
    effect=approved,
    cite=PLACE,
    final=True,
)
SUPERSEDE = Step(
    "supersede",
    _("Replace by a later version"),
    source=State.APPROVED,
    target=State.SUPERSEDED,
    by=specifies,
    effect=superseded,
    cite="SO-T-058",
)
DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=specifies,
    removes=True,
    final=True,
)

REVISE = Text(
    "Бекітілген сомаға сәйкес техникалық ерекшелікті қайта қарау",
    "Пересмотреть техническую спецификацию под утверждённую сумму",
    "Revise the technical specification for the approved sum",
)


def owed(specification: Specification) -> Iterable[Owed]:
    """A revision, while the version in force was made for more than the budget gives (SO-T-058).

    No source sets a term. It is done once the next version has taken this one's place.
    """
    topic = specification.topic
    if specification.state == State.APPROVED and needs_revision(topic, specification):
        yield Owed(
            "revise",
            organisation(topic.formation.body_id),
            REVISE,
            None,
            reverse("planning:specifications", args=[topic.pk]),
            "SO-T-058",
        )


SPECIFICATION: Procedure[Specification] = Procedure(
    Specification, (APPROVE, SUPERSEDE, DISCARD), duties=owed
)


# --- Drafting ------------------------------------------------------------------------------------


@transaction.atomic
def begin(
    topic: Topic, *, actor: Actor, source: Specification | None = None, template: str = ""
) -> Specification:
    """A draft of the next version of a topic's specification.

    Filled from `source` (an earlier version, an earlier year, another topic), else from the template
    of that name, else empty. `PermissionDenied` for anybody but the body's officers, `Refused` while
    the topic is not on the list of topics or another draft is open.
    """
    formation = topic.formation
    if not forms(actor, formation) or (source and not specifies(actor, source)):
        raise PermissionDenied
    row = Topic.objects.select_for_update().get(pk=topic.pk)
    if row.state != Topic.State.LISTED or formation.state not in DRAFTED_IN:
        raise Refused(APPROVE, [not_listed(formation)])
    earlier = list(row.specifications.order_by("-number"))
    if any(one.state == State.DRAFT for one in earlier):
        raise Refused(APPROVE, [draft_open()])
    edition = standard.edition()
    begun = Specification(
        topic=topic,
        number=earlier[0].number + 1 if earlier else 1,
        act=edition.act,
        edition=edition.key,
        sum_tiyn=row.planned_tiyn if row.approved_tiyn is None else row.approved_tiyn,
    )
    if source is not None:
        begun.copied_from = source
        begun.special_social_services = source.special_social_services
        begun.grounds, begun.content = source.grounds, source.content
    SPECIFICATION.begin(
        begun, actor=actor, number=begun.number, copied_from=source.pk if source else None
    )
    if source is not None:
        _copy_rows(source, begun)
    elif template:
        fill(begun, template)
    return begun


def _copy_rows(source: Specification, target: Specification) -> None:
    """Services keep their keys, by which bid, contract and report will know them."""
    rows: tuple[Iterable[Service | ExpectedIndicator], ...] = (
        source.services.all(),
        source.indicators.all(),
    )
    for one in (one for several in rows for one in several):
        one.pk, one._state.adding = None, True
        one.specification = target
        one.save()


def not_listed(formation: Formation) -> Finding:
    return Finding(
        "not_listed",
        Severity.ERROR,
        _("Technical specifications are drafted for topics of the list, once it is formed."),
        edition_of(formation).cite(PLACE),
    )


def draft_open() -> Finding:
    return Finding(
        "draft_open",
        Severity.ERROR,
        _("A draft of the next version is open already: go on with that one."),
    )


@transaction.atomic
def write(
    specification: Specification,
    *,
    content: Mapping[str, Mapping[str, str]],
    special: bool,
    grounds: Sequence[str],
    actor: Actor,
) -> None:
    """Save the sections, whether these are special social services, and their grounds."""
    row = own_draft(specification.pk, actor)
    row.content = {key: dict(texts) for key, texts in content.items() if any(texts.values())}
    row.special_social_services = special
    row.grounds = list(grounds) if special else []
    row.version += 1
    row.save(update_fields=["content", "special_social_services", "grounds", "version"])
    _note(row, "write", actor, version=row.version)


@transaction.atomic
def write_service(service: Service, *, actor: Actor) -> Service:
    """Save a service; a new one comes last and gets the key it keeps for good."""
    row = own_draft(service.specification_id, actor)
    if service._state.adding:
        last = row.services.order_by("-position").first()
        service.position = last.position + 1 if last else 1
        numbers = [int(key[1:]) for key in row.services.values_list("key", flat=True)]
        service.key = f"s{max(numbers, default=0) + 1}"
    service.save()
    _touch(row)
    _note(row, "write_service", actor, service=service.key)
    return service


@transaction.atomic
def remove_service(service: Service, *, actor: Actor) -> None:
    """Take a service out of a draft."""
    row = own_draft(service.specification_id, actor)
    service.delete()
    _touch(row)
    _note(row, "remove_service", actor, service=service.key)


@transaction.atomic
def move_service(service: Service, by: int, *, actor: Actor) -> None:
    """One place up (`by=-1`) or down (`by=1`); at an end it stays."""
    row = own_draft(service.specification_id, actor)
    order = list(row.services.all())
    place = next(n for n, one in enumerate(order) if one.pk == service.pk)
    if not 0 <= place + by < len(order):
        return
    order[place], order[place + by] = order[place + by], order[place]
    for number, one in enumerate(order, 1):
        one.position = number
    Service.objects.bulk_update(order, ["position"])
    _touch(row)
    _note(row, "move_service", actor, service=service.key, position=place + by + 1)


@transaction.atomic
def write_indicators(
    specification: Specification, indicators: Sequence[ExpectedIndicator], *, actor: Actor
) -> None:
    """Make the indicators of a draft exactly `indicators`, in their order."""
    row = own_draft(specification.pk, actor)
    row.indicators.all().delete()
    for number, one in enumerate(indicators, 1):
        one.pk, one.specification, one.position = None, row, number
    ExpectedIndicator.objects.bulk_create(indicators)
    _touch(row)
    _note(row, "write_indicators", actor, count=len(indicators))


def own_draft(pk: int, actor: Actor) -> Specification:
    """The row, locked, while the actor may still change it."""
    row = SPECIFICATION.lock(pk)
    if not specifies(actor, row):
        raise PermissionDenied
    if row.state != State.DRAFT:
        raise Refused(APPROVE, [moved_on(APPROVE, row, "state")])
    return row


def _touch(row: Specification) -> None:
    row.version += 1
    row.save(update_fields=["version"])


def _note(row: Specification, step: str, actor: Actor, **facts: Any) -> None:
    journal.append(row, step, actor=actor.key, behalf=actor.behalf, facts=facts)


# --- Before a tender -----------------------------------------------------------------------------


def tender_findings(topic: Topic, specification: Specification | None) -> list[Finding]:
    """What keeps a topic from a tender: its money, its specification, the sum that it was made for.

    `specification` is the approved one of the topic, if there is one (SO-T-058, SO-T-059).
    """
    cite = guide().cite("guide, stage 5")
    found = []
    if not topic.approved_tiyn:
        found.append(
            Finding(
                "no_money",
                Severity.ERROR,
                _("The budget has approved no money for this topic."),
                cite,
                about=f"topic-{topic.pk}",
            )
        )
    if specification is None:
        found.append(
            Finding(
                "specification_missing",
                Severity.ERROR,
                _("The topic has no approved technical specification."),
                edition_of(topic.formation).cite(PLACE),
                about=f"topic-{topic.pk}",
            )
        )
    elif needs_revision(topic, specification):
        found.append(
            Finding(
                "revision_needed",
                Severity.ERROR,
                _(
                    "Less is approved than was planned: revise the technical specification for "
                    "the approved sum and approve it anew."
                ),
                cite,
                {
                    "made_for": specification.sum_tiyn,
                    "requested": topic.requested_tiyn,
                    "approved": topic.approved_tiyn,
                },
                about=f"topic-{topic.pk}",
            )
        )
    return found


def needs_revision(topic: Topic, specification: Specification) -> bool:
    """Whether the budget gives less than the version was made for, or than was requested (SO-T-058)."""
    given: int | None = topic.approved_tiyn
    if not given or specification.sum_tiyn == given:
        return False  # nothing given, nothing bought
    least: int = max(specification.sum_tiyn, topic.requested_tiyn or 0)
    return given < least
