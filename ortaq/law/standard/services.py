"""Which tables speak about which service, in the order of the act (ST-E-01 to ST-E-06)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ortaq.law.findings import Finding, Severity
from ortaq.law.wording import refused, wording

from .checker import Checker
from .facts import Facts, forms_of
from .reading import choice, entries
from .survey import share
from .tables import Measure, Standard, standard

MODES = ("spec", "self", "result")
QUESTIONNAIRES = ("questionnaire", "population_survey")


def check(
    data: Mapping[str, object], mode: str = "result", edition: str | None = None
) -> list[Finding]:
    """What the Standard says about one service: findings in the order of the act.

    `data` names the `service`, its `form` and what is known of it; `EXAMPLES` shows a
    complete input for each service, `facts.SERVICE_FIELDS` every field. `mode` says at which
    of the three moments of ¶2-1 the question is asked:

    - `"spec"`: the customer drafts a specification; its `targets` (or plain values) are
      compared with the tables;
    - `"self"` and `"result"`: the supplier, or those who monitor and evaluate, look at what was
      done; the values are compared with the tables and with the `targets`.

    Codes: `within`, `below_minimum`, `above_maximum`, `not_applicable`, `no_data`,
    `sample_too_small`; `about` names the field. No finding is an error: the Standard attaches no
    consequence to any (ST-A-05). `edition` is "2018", "2021" or "2022" (the latest by
    default). Raises `Refused` for facts that cannot be read or contradict each other.
    """
    choice(mode, MODES, "mode")
    data = entries(data, "data")
    said = data.get("edition")
    book = standard(edition or (None if said is None else str(said)))
    if not book.tables:
        return [no_text(book)]
    checker = Checker(book, Facts.of(data, book), mode)
    if checker.facts.given("special_social_services"):
        message = wording("standard.special_social_services")
        cite = book.edition.cite("¶45")
        about = "special_social_services"
        return [
            Finding("not_applicable", Severity.NOT_APPLICABLE, message, cite, about=about),
        ]
    SERVICES[checker.facts.service](checker)
    if checker.given("project_months") is not None:
        checker.table("p3", "social_project")
    checker.checklist("information_ways")
    return checker.findings


def no_text(book: Standard) -> Finding:
    """That the wording of this edition is not in the sources, so nothing is compared (ST-A-21)."""
    message = wording("standard.no_text", edition=book.edition.key)
    return Finding("no_data", Severity.NOTICE, message, book.edition.cite(""))


def not_measured(book: Standard, service: str) -> Finding:
    """That no table measures satisfaction with `service`: reviews are only a source (ST-A-22)."""
    return Finding(
        "not_applicable",
        Severity.NOT_APPLICABLE,
        wording("satisfaction.not_measured", service=book.services[service]),
        book.edition.cite("¶8"),
        about="satisfaction",
    )


def _training(checker: Checker) -> None:
    """Tables 7 and 8 for the conditions, table 1 for the quality, ¶27 for the content."""
    checker.table("7")
    checker.base("8")
    checker.satisfaction("1", checker.facts.form)
    checker.table("1", only=["practical_application"])
    checker.checklist("information_sheet")


def _consultation(checker: Checker) -> None:
    """¶14 for the consultant, table 2 for the quality, ¶30 for the content."""
    table = checker.book.table("p14")
    if checker.facts.topic:
        checker.table("p14", checker.facts.topic)
    else:
        spot = checker.spot(table, None, table.measures["consultant_experience"])
        checker.add(
            spot.finding("no_data", Severity.NOTICE, "condition_unknown", field="topic"),
        )
    checker.satisfaction("2", "all_consultations")
    application_of_consultation(checker)
    checker.checklist("information_sheet")


def application_of_consultation(checker: Checker) -> None:
    """Table 2: consultations after which the advice was applied ÷ all consultations."""
    percent = checker.given("practical_application")
    consultations = checker.facts.given("consultations")
    applied = checker.facts.given("consultations_applied")
    if percent is None and consultations is not None and applied is not None:
        percent = share(applied, consultations)
    checker.table(
        "2",
        "all_consultations",
        only=["practical_application"],
        values={"practical_application": percent},
    )


def _information(checker: Checker) -> None:
    """Table 12: events with media, publications, each material, and the list of evidence."""
    facts = checker.facts
    publications = [name for name in facts.values if name.startswith("publications.")]
    if not (facts.form or facts.materials or publications or facts.given("evidence")):
        known = ", ".join(forms_of(facts.service, checker.book))
        raise refused("standard_missing", name="form", known=known)
    if facts.form in checker.book.table("12c").forms:
        checker.table("12c")
    if publications or facts.form in checker.book.table("12d").forms:
        checker.table("12d")
    for number, (kind, material) in enumerate(facts.materials):
        values = {"volume": material.get("volume"), "paper": material.get("format")}
        checker.table("12b", kind, values=values, about=f"materials[{number}].")
    checker.checklist("evidence")
    checker.add(not_measured(checker.book, facts.service))


def _research(checker: Checker) -> None:
    """Table 3 for the quality, tables 10 and 11 for data and terms, ¶38 for the annexes."""
    facts = checker.facts
    methods = {method for method, _ in facts.collection}
    values = {**checker.given_all()}
    values.setdefault("research_methods", len(methods) or None)
    checker.table("3", "reliability", only=["research_methods", "analysis_methods"], values=values)
    table = checker.book.table("3")
    software = table.measures["software"]
    if methods and not methods.intersection(QUESTIONNAIRES):
        spot = checker.spot(table, table.row("reliability"), software)
        checker.add(spot.not_applicable("no_questionnaire"))
    else:
        checker.table("3", "reliability", only=["software"])
    checker.table("3", "practical_application")
    for number, (method, collected) in enumerate(facts.collection):
        about = f"collection[{number}]."
        table = checker.book.table("10")
        if table.row(method):
            checker.table("10", method, values=collected, about=about)
        else:
            named = Measure("method", checker.book.methods[method], "", "method")
            spot = checker.spot(table, None, named, about)
            checker.add(spot.not_applicable("no_row"))
    checker.table("11")
    table = checker.book.table("p38")
    if facts.given("questionnaires_attached") is False:
        spot = checker.spot(table, None, table.measures["questionnaires"])
        checker.add(spot.not_applicable("none_attached"))
    elif facts.given("questionnaires") is not None:
        checker.table("p38", "supporting_materials")


def _event(checker: Checker) -> None:
    """Table 13 for the participants, tables 4 and 5 for the quality, ¶40 and ¶42 beside them."""
    facts = checker.facts
    checker.table("13")
    row = checker.book.table("13").row(facts.form)
    group = row.group if row else ""
    checker.satisfaction("4", group)
    application_of_event(checker, group)
    if checker.is_plan:
        several = facts.given("forms")
        forms = None if several is None else len({*several, facts.form})
        checker.table("p40", "specification", values={"forms": forms})
        wanted = [
            name
            for name in ("media", "social")
            if checker.given(f"publications.{name}") is not None
        ]
        checker.table("p42", "event", only=wanted)
    else:
        checker.table("p42", "event")


def application_of_event(checker: Checker, group: str) -> None:
    """Table 5: confirmations ÷ answers, and for sport a plain head count (ST-A-17)."""
    table = checker.book.table("5")
    row = table.row(group)
    if row is None or checker.is_plan or group == "sport":
        checker.table("5", group)
        return
    (measure,) = row.cells
    percent = checker.facts.given(measure)
    if percent is None:
        answers, _ = checker.sample(table, row)
        confirmed = checker.facts.given("confirmed")
        if answers is not None and confirmed is not None:
            percent = share(confirmed, answers)
    checker.table("5", group, values={measure: percent})


def _civic_centre(checker: Checker) -> None:
    """Table 9 and ¶46, then every service of the centre's package by its own tables (¶52)."""
    checker.base("9")
    checker.checklist("presentation_package")
    for number, service in enumerate(checker.facts.services or ()):
        within = tuple(name for name in SERVICES if name != "civic_centre")
        name = choice(service.get("service"), within, f"services[{number}].service")
        inner = Checker(
            checker.book,
            Facts.of(service, checker.book),
            checker.mode,
            f"services[{number}].",
        )
        SERVICES[name](inner)
        if inner.facts.given("information_ways") is not None:
            inner.checklist("information_ways")
        checker.findings += inner.findings


SERVICES: Mapping[str, Callable[[Checker], None]] = {
    "training": _training,
    "consultation": _consultation,
    "information": _information,
    "research": _research,
    "event": _event,
    "civic_centre": _civic_centre,
}
