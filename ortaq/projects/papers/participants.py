"""The list of participants on its form (IM-037), and the poster with which people register and rate by telephone."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from ortaq.documents import forms
from ortaq.documents.filling import fill
from ortaq.documents.paper import Align, Block, Heading, Paper, Paragraph, Picture
from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.projects.models import Event
from ortaq.projects.queries.participant import participants_of
from ortaq.projects.reporting.people import of_event
from ortaq.projects.reporting.words import LANGUAGES, said

__all__ = ["LANGUAGES", "listed", "participants_list", "poster", "qr_svg"]
FORM = ("SO-PL", "2019")
# Pixels of one module: sharp on a poster of A4.
SCALE, BORDER, WIDTH_MM = 16, 4, 110
BY_TELEPHONE = Text("телефон арқылы, {at}", "по телефону, {at}", "by telephone, {at}")
ERASED = Text("(деректері өшірілген)", "(данные удалены)", "(data erased)")
SCAN = Text(
    "Тіркелу және бағалау үшін телефоныңызбен сканерлеңіз",
    "Отсканируйте телефоном, чтобы зарегистрироваться и оценить",
    "Scan with your telephone to register and to rate",
)
TYPE_IN = Text("немесе браузерге теріңіз:", "или наберите в браузере:", "or type into the browser:")
NO_ACCOUNT = Text(
    "Есептік жазба да, қолданба да қажет емес. Бағалау іс-шара басталғаннан кейін ашылады.",
    "Не нужны ни учётная запись, ни приложение. Оценка открывается с началом мероприятия.",
    "No account and no app are needed. Rating opens when the event begins.",
)
SHOWS = Text("{link} сілтемесінің QR-коды", "QR-код ссылки {link}", "QR code of {link}")


def participants_list(event: Event, language: str, *, empty: bool = False) -> Paper:
    """The list of an event as it stands; `empty`: to be signed at the door. One query."""
    return listed(of_event(event, [] if empty else participants_of(event)), language)


def listed(content: Mapping[str, Any], language: str) -> Paper:
    """A list, as it stands or as it was kept (`reporting.people`), on its form."""
    rows = [_row(number, one, language) for number, one in enumerate(content["rows"], 1)]
    values = {"fields": said(content["head"], language), "sections": {"participants": rows}}
    return fill(forms.form(*FORM), values, language)


def _row(number: int, one: Mapping[str, Any], language: str) -> dict[str, str]:
    at = one["by_telephone"]
    return {
        "num": str(number),
        "full_name": ERASED.say(language) if one["erased"] else one["name"],
        "workplace": one["workplace"],
        "contacts": one["contact"],
        "signature": BY_TELEPHONE.fill(at=at).say(language) if at else "",
    }


def link_of(event: Event) -> str:
    """The whole short address of an event."""
    return settings.SITE_URL.rstrip("/") + reverse("projects:phone", args=[event.code])


def qr_svg(event: Event) -> bytes:
    """The QR code of the short link as svg, without style or script."""
    stream = io.BytesIO()
    _qr(event).save(
        stream, kind="svg", scale=8, border=BORDER, xmldecl=False, svgclass=None, lineclass=None
    )
    return stream.getvalue()


def _qr(event: Event) -> segno.QRCode:
    return segno.make_qr(link_of(event), error="m")


def poster(event: Event, language: str) -> Paper:
    """One page for the door, in both languages of the event, `language` first."""
    stream = io.BytesIO()
    _qr(event).save(stream, kind="png", scale=SCALE, border=BORDER)
    link = link_of(event)
    other = "ru" if language == "kk" else "kk"
    titles = {"kk": event.title_kk, "ru": event.title_ru or event.title_kk}
    with translation.override(language):
        when = f"{say.instant(event.starts_at)} · {event.place}"

    def centred(text: str, *, bold: bool = False) -> Paragraph:
        return Paragraph(text, Align.CENTER, bold=bold)

    names = list(dict.fromkeys((titles[language], titles[other])))
    blocks: tuple[Block, ...] = (
        *(Heading(name, 1) for name in names),
        centred(when),
        centred(SCAN.say(language), bold=True),
        centred(SCAN.say(other)),
        Picture(stream.getvalue(), WIDTH_MM, SHOWS.fill(link=link).say(language)),
        centred(f"{TYPE_IN.say(language)} / {TYPE_IN.say(other)}"),
        centred(link.partition("://")[2], bold=True),
        centred(NO_ACCOUNT.say(language)),
        centred(NO_ACCOUNT.say(other)),
    )
    return Paper(names[0], language, blocks)
