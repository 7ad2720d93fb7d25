"""Annex 5 is published, as often as the body wants: each issue stays, and the last one counts (SO-M-17). No act sets a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal
from ortaq.core.canonical import sha256
from ortaq.core.procedure import Refused, Step, clock_behind, locked, not_yours
from ortaq.law.findings import Finding, Severity, stops
from ortaq.oversight import annex5, annex9
from ortaq.oversight.models import PublicInformation
from ortaq.oversight.policy.project import works_for
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation

PUBLISH = Step(
    "publish",
    _("Publish the information"),
    source=(),
    target=None,
    by=works_for,
    cite="rules_social_order/2022 №18-2022 ¶12",
    final=True,
)
LACKING = {
    "goals": _("“{name}”: the goals and tasks are not written."),
    "process": _("“{name}”: the course of the project is not written."),
    "results": _("“{name}”: the results are not written."),
}
NO_RUSSIAN = _("“{name}”: not everything is written in Russian.")


def cite_of(edition: law.Edition) -> law.Citation:
    """Where annex 5 is called for; the edition of 2018 is known by the guide only."""
    if edition.key == "2018":
        return edition.cite("№18-2018 via guide", inferred=True)
    return edition.cite("№18-2022 ¶12")


def missing(content: Mapping[str, Any]) -> list[Finding]:
    """What keeps the annex from being published (errors) and what a reader will miss (warnings), row by row."""
    return list(_missing(content))


def _missing(content: Mapping[str, Any]) -> Iterable[Finding]:
    cite = cite_of(law.edition("rules_social_order", content["edition"]))

    def say(row: Mapping[str, Any], severity: Severity, code: str, message: Any) -> Finding:
        text = format_lazy(message, name=annex9.named(row))
        return Finding(code, severity, text, cite, about=row["project"])

    if not content["rows"]:
        message = _("The body has no projects of social orders in this year.")
        yield Finding("no_rows", Severity.ERROR, message, cite)
    for row in content["rows"]:
        for part, message in LACKING.items():
            if not row[part]["kk"].strip():
                yield say(row, Severity.ERROR, f"no_{part}", message)
            elif not row[part]["ru"].strip():
                yield say(row, Severity.WARNING, f"no_{part}_ru", NO_RUSSIAN)
        if row["score"] is None:
            message = _("“{name}”: no evaluation report is posted, so its last column stays empty.")
            yield say(row, Severity.WARNING, "no_score", message)


@transaction.atomic
def publish(body: Organisation, year: int, *, issue: int, actor: Actor) -> PublicInformation:
    """Publish annex 5 of a year as issue number `issue`, which the page showed as the next. Asked twice for the same issue, it answers
    with the first. Raises `Refused` for strangers, with all that is missing, and when nothing has changed since the last issue.
    """
    fresh, now = locked(Organisation, body.pk), clock.now()
    if not PUBLISH.by(actor, fresh):
        raise Refused(PUBLISH, [not_yours(PUBLISH)])
    if late := clock_behind(now):
        raise Refused(PUBLISH, [late])
    issues = PublicInformation.objects.filter(body=fresh, year=year)
    if again := issues.filter(issue=issue).first():
        return again
    last = issues.order_by("-issue").first()
    content = annex5.assemble(fresh.pk, year)
    found = missing(content)
    digest = sha256(content)
    if last is not None and last.content_sha256 == digest:
        found.append(
            Finding(
                "nothing_new",
                Severity.ERROR,
                _("Nothing has changed since the last issue."),
                numbers={"issue": last.issue},
            )
        )
    if in_the_way := stops(found):
        raise Refused(PUBLISH, in_the_way)
    edition = annex9.edition_at(year, annex5.YEAR)
    made = PublicInformation.objects.create(
        body=fresh,
        year=year,
        act=edition.act,
        edition=edition.key,
        issue=last.issue + 1 if last else 1,
        content=content,
        content_sha256=digest,
        published_at=now,
        published_by=actor.user,
    )
    facts = {"year": year, "issue": made.issue, "sha256": digest, "rows": len(content["rows"])}
    journal.append(made, "publish", actor=actor.key, behalf=actor.behalf, facts=facts, at=now)
    return made
