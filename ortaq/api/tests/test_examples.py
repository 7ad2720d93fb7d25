"""The examples of docs/api.md are run as they stand there, and what comes has their shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ortaq.gazette import keeping
from ortaq.grants.tests import application_scenes
from ortaq.projects.procedure import presentation

from .scenes import a_token, another_event, room

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"
EXAMPLE = re.compile(r"```example\n(.*?)```", re.DOTALL)
ANYTHING = "..."


def has_shape(found: Any, shown: Any) -> bool:
    """Whether `found` has all that `shown` has; lists are as long as they are shown."""
    if shown == ANYTHING:
        return True
    if isinstance(shown, dict):
        return isinstance(found, dict) and all(
            name in found and has_shape(found[name], value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return (
            isinstance(found, list)
            and len(found) == len(shown)
            and all(has_shape(*pair) for pair in zip(found, shown, strict=True))
        )
    return bool(found == shown)


@pytest.mark.django_db
def test_every_example_of_the_document_gives_what_it_shows(clock):
    people, competition = application_scenes.open_competition(clock)
    draft = application_scenes.a_complete_draft(competition.lots.get(), people.aliya)
    applicant = a_token(people.aliya, days=300)
    here = room(clock)
    said: dict[str, Any] = {"summary_kk": "Нәтиже", "summary_ru": "", "version": 0}
    presentation.write(here.project, **said, actor=here.people.aliya)
    presentation.publish(here.project, actor=here.people.aliya)
    keeping.write_all()
    names = {"TOKEN": here.token, "PROJECT": here.project.pk, "EVENT": here.event.pk, "LINE": here.line.pk}  # fmt: skip
    names |= {"APPLICATION": draft.pk, "APPLICANT": applicant, "ANOTHER": another_event(here).pk}
    examples = EXAMPLE.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert len(examples) > 10
    for example in examples:
        text = example.replace("projects.contract:1", f"projects.contract:{here.project.contract_id}")  # fmt: skip
        for name, value in names.items():
            text = text.replace(f"${name}", str(value))
        asked, *lines = text.splitlines()
        method, address = asked.split()
        at = next(number for number, line in enumerate(lines) if line.isdigit())
        body = lines[at - 1] if at and lines[at - 1].startswith("{") else ""
        headers = dict(line.split(": ", 1) for line in lines[: at - bool(body)])
        answer = Client().generic(method, address, body, "application/json", headers=headers)
        assert answer.status_code == int(lines[at]), (example, answer.content.decode())
        assert has_shape(answer.json(), json.loads(lines[at + 1])), (example, answer.json())
