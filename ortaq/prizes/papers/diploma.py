"""The diploma that a recipient is handed (PR-038): the words of PRIZE-D, drawn to hang on a wall."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import typst
from django.http import FileResponse
from django.utils import translation

from ortaq.core.bilingual import pick
from ortaq.core.files import PDF
from ortaq.documents.forms import form
from ortaq.documents.render.typeset import fonts
from ortaq.documents.text import breakable, printable
from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.people.models import Role
from ortaq.people.queries import people_of
from ortaq.prizes.models import Award

FORM = "PRIZE-D"
TEMPLATE = Path(__file__).with_name("diploma.typ")
LINE_EM = Decimal(26)  # the least room for a word, in the largest size of a name
HEAD = Text("Уәкілетті орган басшысы", "Руководитель уполномоченного органа", "Head of the body")


def words(award: Award, language: str) -> dict[str, str]:
    """What stands on the diploma; two queries. The day is left to be written by hand until it is handed over."""
    blank = form(FORM, award.direction.round.edition)
    body, recipient = award.direction.round.organiser, award.application.organisation
    number, _organisation, sentence = (text.say(language).strip() for text in blank.body)
    signatory = blank.parties[0].signatories[0]
    head = people_of(body, Role.HEAD).first()
    dated = blank.dated.blank.say(language) if blank.dated else ""
    if award.diploma_on:
        dated = _day(award, language)
    found = {
        "title": blank.title.say(language),
        "number": number.format(number=award.diploma_number),
        "body": pick(body.name_kk, body.name_ru, language),
        "organisation": pick(recipient.name_kk, recipient.name_ru, language),
        "sentence": sentence.format(
            direction=award.direction.label.say(language), year=award.direction.round.year
        ),
        "position": HEAD.say(language),
        "signature": signatory.signature_hint.say(language),
        "seal": signatory.seal.say(language),
        "name": head.short_name if head else "",
        "dated": dated,
    }
    made = {key: breakable(printable(text), LINE_EM) for key, text in found.items()}
    return made | {"language": language}


def _day(award: Award, language: str) -> str:
    with translation.override(language):
        return say.day(award.diploma_on)


def diploma(award: Award, language: str) -> bytes:
    """The diploma as a PDF, A4 landscape, with its fonts inside."""
    given = {"diploma": json.dumps(words(award, language))}
    return bytes(typst.compile(str(TEMPLATE), font_paths=fonts(), sys_inputs=given))


def diploma_download(award: Award, language: str) -> FileResponse:
    """The diploma as a file named by its number."""
    name = f"diploma-{award.direction.round.year}-{award.pk}-{language}.pdf"
    content = io.BytesIO(diploma(award, language))
    return FileResponse(content, as_attachment=True, filename=name, content_type=PDF)
