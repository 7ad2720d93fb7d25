"""Annex 3, estimate and calendar plan on paper, in Kazakh and Russian."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn

from ortaq.documents import render
from ortaq.projects.papers import contract as papers

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock):
    clock.set(scenes.NOW)
    return scenes.cast()


def words(contract, name: str, language: str, actor) -> str:
    made = papers.make(name, contract, language, actor)
    document = Document(io.BytesIO(render.docx(made)))
    lines = document.element.body.iter(qn("w:p"))  # tables in tables included
    return "\n".join("".join(run.text for run in line.iter(qn("w:t"))) for line in lines)


@pytest.mark.req("GR-K-03", "GR-K-04", "GR-I-01", "GR-I-03", "GR-I-04", "GR-I-10")
def test_annex_three_is_the_form_of_2024_filled_from_the_contract(people):
    contract = scenes.signed(people, "15/2020")

    kazakh = words(contract, "annex-3", "kk", people.gulnara)
    russian = words(contract, "annex-3", "ru", people.gulnara)

    assert "Мемлекеттік грант беру туралы 20.06.2020 № 15/2020 Шарттың №3 қосымшасы" in kazakh
    for block in ("I БЛОК", "II БЛОК", "III БЛОК", "IV БЛОК"):
        assert block in kazakh
    assert "1 міндет. Еріктілерді дайындау" in kazakh
    assert "100-ден кем емес" in kazakh
    assert "Шарт талаптарына сәйкес жоба нәтижелерінің қорытынды жария презентациясы" in kazakh
    assert "КЕЛІСІЛДІ" in kazakh
    assert "Нұрланов Н." in kazakh  # the chair of the board, by name
    assert "ПОЛНОЕ ОПИСАНИЕ СОЦИАЛЬНОГО ПРОЕКТА" in russian
    assert "СОГЛАСОВАНО" in russian
    assert "Задача 1. Еріктілерді дайындау" in russian


@pytest.mark.req("GR-K-08", "GR-K-09")
def test_the_estimate_prints_every_line_under_its_item_and_activity(people):
    contract = scenes.contract(people)

    text = words(contract, "estimate", "kk", people.gulnara)

    assert "№1 қосымшасы" in text
    assert "1-іс-шара" in text
    assert "Баннер" in text
    assert "1\u00a0000\u00a0000" in text  # the total, which is the sum of the contract


def test_the_calendar_plan_marks_the_months_of_every_activity(people):
    contract = scenes.contract(people)

    text = words(contract, "calendar", "ru", people.gulnara)

    assert "Приложение № 2 к Договору" in text
    for month in ("07.2020", "08.2020", "09.2020", "10.2020", "11.2020"):
        assert month in text
    assert text.count("+") == 3


def test_an_empty_draft_is_printed_all_the_same(people):
    contract = scenes.contract(people)
    contract.budget.all().delete()
    contract.activities.all().delete()
    contract.team.all().delete()
    contract.general, contract.social_effect = {}, {}
    contract.starts_on = contract.ends_on = None
    contract.save()

    for name in papers.NAMES:
        for language in papers.LANGUAGES:
            made = papers.make(name, contract, language, people.gulnara)
            assert render.pdf(made).startswith(b"%PDF")
            assert render.docx(made).startswith(b"PK")


def test_a_cost_that_lost_its_activity_is_still_printed(people):
    contract = scenes.contract(people)
    last = contract.activities.count() + 1
    assert f"{last}-іс-шара" not in words(contract, "estimate", "kk", people.gulnara)
    contract.budget.update(activity=None)

    text = words(contract, "estimate", "kk", people.gulnara)
    assert "Баннер" in text
    assert f"{last}-іс-шара" in text


def test_very_long_and_hostile_texts_are_printed_as_text(people):
    hostile = "<b>#let x = 1</b> =SUM(A1) " + "ұзынсөз" * 60
    contract = scenes.contract(people)
    contract.general = dict.fromkeys(contract.general, hostile)
    contract.save()
    contract.activities.update(text=hostile)

    text = words(contract, "annex-3", "kk", people.gulnara)

    assert "<b>#let x = 1</b> =SUM(A1)" in text
    assert render.pdf(papers.make("annex-3", contract, "kk", people.gulnara)).startswith(b"%PDF")
