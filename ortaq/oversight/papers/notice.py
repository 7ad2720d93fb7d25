"""Annexes 4 and 6: the notice of conflict of interest, as it was signed (SO-M-12, SO-E-11)."""

from __future__ import annotations

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents.filling import fill
from ortaq.documents.forms import Form, form
from ortaq.documents.paper import Paper
from ortaq.oversight.models import Notice

LANGUAGES = ("kk", "ru")
FORMS = {Notice.Role.EXPERT: "SO-A4", Notice.Role.MEMBER: "SO-A6"}
YES = {"kk": "иә", "ru": "да"}
NO = {"kk": "жоқ", "ru": "нет"}


def form_of(role: str, edition: str) -> Form:
    """The blank form of a notice in an edition of the rules."""
    return form(FORMS[Notice.Role(role)], edition)


def notice(row: Notice, language: str) -> Paper:
    """The notice in kk or ru; names and answers are personal data, so the paper is for the person and the state body alone."""
    body = row.project.contract.grantor
    signed = clock.day_of(row.signed_at)
    name = row.person.full_name
    answers = {
        key: " ".join(
            filter(None, (YES[language] if answer["yes"] else NO[language], answer.get("details")))
        )
        for key, answer in row.answers.items()
    }
    return fill(
        form_of(row.role, row.edition),
        {
            "fields": {
                "addressee": pick(body.name_kk, body.name_ru, language),
                "sender": name,
                "date": signed,
            },
            "sections": {
                "declaration": "conflict_exists" if row.conflict else "no_conflict",
                "questions": answers,
            },
        },
        language,
        on=signed,
    )
