"""The score sheet and the declaration of a member on their forms, for whoever files or signs on paper (GR-S-01, GR-C-10, SO-E-18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents.filling import fill
from ortaq.documents.forms import Form, form
from ortaq.documents.paper import Paper
from ortaq.law.text import Text
from ortaq.review import scoring
from ortaq.review.composition import edition_of
from ortaq.review.models import Panel, ScoreSheet, Seat

LANGUAGES = ("kk", "ru")
# The forms of the acts by which commissions score.
SHEETS = {"grants_rules": "GRANT-S7", "rules_social_order": "SO-A7", "prizes_rules": "PRIZE-S"}
# Who signs the sheet, as the form calls them.
SIGNERS = {"prizes_rules": "scorer"}
DECLARATIONS = {"grants_rules": "GRANT-CD"}
DRAFT = Text("қол қойылмаған", "не подписан", "not signed")
CONFLICT = {True: Text("бар", "есть", "yes"), False: Text("жоқ", "нет", "no")}


def score_sheet(sheet: ScoreSheet, language: str) -> Paper:
    """A member's sheet as it stands; dated once it is signed. Needs the dossier with panel and organisation."""
    if sheet.dossier.panel.judges_project:
        return _evaluation_sheet(sheet, language)
    dossier, panel, person = sheet.dossier, sheet.dossier.panel, sheet.seat.person
    points = {
        criterion.key: {"points": mark["points"], "comment": mark["comment"]}
        for criterion in scoring.rubric_of(panel).criteria
        for mark in (scoring.mark_of(sheet.marks, criterion.key),)
    }
    total = sheet.total if sheet.state == ScoreSheet.State.SIGNED else None
    fields = {
        "applicant": pick(dossier.organisation.name_kk, dossier.organisation.name_ru, language),
        "signed_on": sheet.signed_at and clock.day_of(sheet.signed_at),
    }
    if panel.act == "prizes_rules":
        fields["direction"] = dossier.contest_title
    else:
        fields |= {
            "competition": _title(panel, language),
            "topic": dossier.contest_title,
            "application": dossier.number,
        }
    values = {
        "fields": fields,
        "sections": {"points": {**points, "total": {"points": total}}},
        "signatures": {SIGNERS.get(panel.act, "member"): {"name": person.short_name}},
    }
    note = "" if sheet.signed_at else DRAFT.say(language)
    return fill(form(SHEETS[panel.act], panel.edition), values, language, note=note)


def _evaluation_sheet(sheet: ScoreSheet, language: str) -> Paper:
    """Annex 7. Beside the total stands the formula that the edition names: the act does not say how points are counted (SO-X-06)."""
    dossier, panel, person = sheet.dossier, sheet.dossier.panel, sheet.seat.person
    blank = form(SHEETS[panel.act], panel.edition)
    rows: dict[str, Any] = {}
    for row, key in evaluation_rows(blank, scoring.rubric_of(panel).keys):
        mark = scoring.mark_of(sheet.marks, key)
        rows[row] = {"score": mark["points"], "comments": mark["comment"]}
    formula = edition_of(panel).parameter("evaluation.combine.sheet").said.say(language)
    rows["total"] = {
        "score": sheet.total if sheet.signed_at else None,
        "comments": f"({formula})",
    }
    values = {
        "fields": {
            "project": _title(panel, language),
            "supplier": pick(dossier.organisation.name_kk, dossier.organisation.name_ru, language),
            "member": person.full_name,
            "filled_on": sheet.signed_at and clock.day_of(sheet.signed_at),
        },
        "sections": {"evaluation": rows},
        "signatures": {"member": {"name": person.short_name}},
    }
    note = "" if sheet.signed_at else DRAFT.say(language)
    return fill(blank, values, language, note=note)


def evaluation_rows(blank: Form, criteria: Sequence[str]) -> list[tuple[str, str]]:
    """The rows of annexes 7 and 8, each with the criterion of the rubric that it is for: both stand in the order of the act."""
    table = next(one for one in blank.sections if one.key == "evaluation").tables[0]
    rows = [row.key for row in table.rows if row.kind != "total"]
    return list(zip(rows, criteria, strict=True))


def declaration(seat: Seat, language: str) -> Paper:
    """What a member declared on each applicant, with gaps before anything is declared. One query."""
    panel = seat.panel
    declared = list(
        seat.declarations.select_related("organisation").order_by("organisation__sort", "id")
    )
    rows = [
        {
            "applicant": pick(one.organisation.name_kk, one.organisation.name_ru, language),
            "bin": one.organisation.bin,
            "conflict": CONFLICT[one.conflict].say(language),
            "explanation": one.explanation,
        }
        for one in declared
    ]
    last = max((one.declared_at for one in declared), default=None)
    values = {
        "fields": {
            "competition": _title(panel, language),
            "member": seat.person.full_name,
            "signed_on": last and clock.day_of(last),
        },
        "sections": {"applicants": rows},
        "signatures": {"member": {"name": seat.person.short_name}},
    }
    return fill(form(DECLARATIONS[panel.act], panel.edition), values, language)


def _title(panel: Panel, language: str) -> str:
    return pick(panel.title_kk, panel.title_ru, language)
