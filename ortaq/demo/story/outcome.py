"""14 to 17 July: outcomes prepared quietly, the protocol, everything published in one step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from ortaq.core import clock, files
from ortaq.core.models import StoredFile
from ortaq.demo import cast, pdf
from ortaq.grants.models import Competition
from ortaq.grants.procedure.competition import COMPETITION

from . import found
from .beat import Beat, beat

PROTOCOL = "1"


def beats() -> Iterator[Beat]:
    yield beat(clock.at(date(2020, 7, 14), 10), take, "prepare")
    yield beat(clock.at(date(2020, 7, 15), 11), draw_up)
    yield beat(clock.at(date(2020, 7, 16), 16), file_protocol)
    yield beat(clock.at(date(2020, 7, 17), 10), take, "publish")


def take(step: str, **facts: Any) -> None:
    """A step of the competition by its officer, unless the results are out already."""
    competition = found.competition()
    if competition.state == Competition.State.MEETING:
        COMPETITION.take(step, competition, actor=cast.actor("gulnara"), **facts)


def draw_up() -> None:
    take("draw_up", number=PROTOCOL)


def file_protocol() -> None:
    take("file_protocol", scan=a_scan("protocol.pdf", f"Protocol No. {PROTOCOL}, signed"))


def a_scan(name: str, *lines: str) -> StoredFile:
    """A stored file that stands for the scan of a signed paper."""
    page = pdf.page("Demonstration file", *lines)
    return files.store(ContentFile(page), name=name, person=cast.user("gulnara"))
