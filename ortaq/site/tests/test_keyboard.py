"""The five main journeys without a mouse, as a screen reader reads them, and at 200 % zoom.

Each journey is walked by keys alone in a window of half the width and height, which is what a desk sees at 200 %. Every page on the
way is looked at once more: in which order it is read, and whether anything is cut off when it is zoomed or its text alone is enlarged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from ortaq.core import clock as house_clock
from ortaq.gazette import keeping
from ortaq.grants.models import Application
from ortaq.grants.tests import application_scenes, outcome_scenes
from ortaq.planning.models import Comment
from ortaq.planning.tests import scenes as planning
from ortaq.projects.models import Participation, Presentation
from ortaq.projects.tests import scenes as projects
from ortaq.review.models import Dossier, ScoreSheet
from ortaq.testing.hands import FRAMES, PATIENCE, TELEPHONE, Hands

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def hands(browser_page: Page) -> Iterator[Hands]:
    """What the journey found wrong fails it at its end, all of it at once."""
    made = Hands(browser_page)
    yield made
    assert not made.wrong, "\n".join(dict.fromkeys(made.wrong))


SignIn = Callable[..., None]


@pytest.mark.req("SO-G-07")
def test_a_citizen_comments_on_a_topic(hands: Hands, sign_in: SignIn, clock: Any) -> None:
    cast = planning.cast()
    formation = planning.published(clock, cast.saule, cast.akimat)
    address = reverse("planning:discussion", args=[formation.pk])
    page = hands.page
    sign_in(page, cast.erlan.user)
    page.goto(reverse("planning:discussions"))
    hands.look()
    hands.to_the_content()
    hands.tab_to(f"a[href='{address}']", 12)
    hands.follow(address)
    hands.look()

    # The menu of the person opens, is left by Escape, and gives the keyboard back.
    hands.tab_to(".site-tools summary", 6)
    hands.press("Enter")
    hands.tab_to(".menu-body :is(a, button)", 1)
    hands.press("Escape")
    assert hands.at(".site-tools summary")
    assert not page.locator(".site-tools details[open]").count()

    hands.tab_to("a[href='#comment']", 25)
    hands.press("Enter")
    hands.tab_to("#comment select", 2)
    hands.press("ArrowDown")
    hands.tab_to("#comment textarea", 1)
    hands.back_and_forth("#comment textarea")
    # Sent without a word, it is led back to what is missing.
    hands.tab_to("#comment button", 3)
    hands.press("Enter")
    hands.focus("sent empty")
    if not hands.at("#comment textarea"):
        hands.tab_to("#comment textarea", 3)
    hands.type("Қолдаймын: ауылда көмек керек.")
    hands.tab_to("#comment button", 3)
    hands.follow()
    assert "ауылда көмек керек" in page.inner_text("main")
    assert page.locator("#messages > *").count()
    hands.look()
    assert Comment.objects.get().topic is not None


@pytest.mark.req("GR-A-19")
def test_an_ngo_writes_a_part_and_hands_the_application_in(
    hands: Hands, sign_in: SignIn, clock: Any
) -> None:
    people, competition = application_scenes.open_competition(clock)
    application = application_scenes.a_complete_draft(competition.lots.get(), people.aliya)
    page, here = hands.page, reverse("grants:application", args=[application.pk])
    sign_in(page, people.aliya.user)
    page.goto(here)
    hands.look()
    hands.to_the_content()
    part = reverse("grants:application_part", args=[application.pk, "content", 0])
    hands.tab_to(f"a[href='{part}']", 20)
    hands.follow(part)
    hands.look()
    hands.to_the_content()
    goal = "textarea[name='basics/goal']"
    hands.tab_to(goal, 4)
    page.evaluate("document.querySelector('#autosave').kept = true")
    hands.press("Control+End")
    hands.type(" қосымша")
    page.wait_for_selector("form[data-autosave]:not([data-unsaved])", timeout=PATIENCE)
    assert hands.at(goal), "saving takes the keyboard away"
    # A region that is put in anew is not read: the words change inside the one that stands.
    assert page.evaluate("document.querySelector('#autosave').kept"), "the region is another"
    assert page.locator("#autosave[role=status]").inner_text()
    with page.expect_navigation():  # saves, wherever one is
        hands.press("Control+Enter")
    submit = reverse("grants:application_submit", args=[application.pk])
    page.goto(here)
    hands.to_the_content()
    hands.tab_to(f"a[href='{submit}']", 20)
    hands.follow(submit)
    hands.look()
    hands.to_the_content()
    hands.tab_to("#id_declared", 20)
    hands.back_and_forth("#id_declared")
    hands.press("Space")
    hands.tab_to("form.step button", 1)
    hands.follow()
    hands.look()
    assert Application.objects.get().number in page.inner_text("main")
    page.goto(here)
    hands.look()


@pytest.mark.req("GR-S-10")
def test_an_expert_scores_and_signs(hands: Hands, sign_in: SignIn, clock: Any) -> None:
    scene = outcome_scenes.scoring_begun(clock, {1: {"aliya": 20, "dana": 18}})
    page, dossier = hands.page, Dossier.objects.earliest("pk")
    sign_in(page, scene.experts[0])
    page.goto(reverse("review:dossiers", args=[scene.panel.pk]))
    hands.look()
    hands.to_the_content()
    address = reverse("review:dossier", args=[dossier.pk])
    hands.tab_to(f"a[href='{address}']", 16)
    hands.follow(address)
    page.wait_for_selector(".scoring-content article")
    hands.look()
    hands.to_the_content()
    hands.tab_to("a[href='#sheet']", 6)  # over everything that the application holds
    hands.press("Enter")
    for number, key in enumerate(outcome_scenes.marks(20)):
        within = f"[data-criterion='{key}']"
        hands.tab_to(f"{within} input", 3)
        if hands.at("[type=checkbox]"):
            hands.press("Space")
            hands.tab_to(f"{within} input[type=radio]", 10)
        hands.press("3" if number % 2 else "2", "ArrowDown")
        hands.focus("an arrow")
        hands.tab_to(f"{within} textarea", 2)
        hands.type("Негіздеме бар")
    page.wait_for_selector("form[data-sheet]:not([data-unsaved])", timeout=PATIENCE)
    assert hands.at("textarea"), "saving takes the keyboard away"
    with page.expect_navigation():
        hands.press("Control+Enter")
    hands.look()
    hands.to_the_content()
    final = "details.confirm summary"
    hands.tab_to(final, 20)
    hands.press("Enter")
    hands.tab_to("details.confirm button", 1)
    hands.press("Escape")
    assert hands.at(final), "Escape does not give the keyboard back"
    assert not page.locator("details.confirm[open]").count()
    hands.press("Space")
    hands.tab_to("details.confirm button", 1)
    hands.follow()
    hands.look()
    assert ScoreSheet.objects.get().state == "signed"


@pytest.fixture
def project(clock: Any) -> Any:
    """A project with its page, and an event that has just begun."""
    clock.set(projects.NOW)
    made = projects.running(projects.cast(), source="elsewhere:15")
    begins = house_clock.at(date(2020, 8, 3), 12)
    projects.an_event(made, begins, programme="Бағдарлама")
    clock.set(begins)
    clock.travel(minutes=30)
    Presentation.objects.create(project=made, published_at=house_clock.now())
    keeping.note([f"projects.project:{made.pk}"])
    return made


def test_a_participant_registers_and_rates_by_telephone(browser_page: Page, project: Any) -> None:
    hands = Hands(browser_page, TELEPHONE)
    page = hands.page
    page.goto(reverse("projects:phone", args=[project.event_set.get().code]))
    hands.look(light=True)
    hands.tab_to("#id_name", 5)
    hands.back_and_forth("#id_name")
    hands.type("Айгүл Серікова")
    hands.tab_to("form button", 4)
    hands.follow()  # without a telephone and a consent
    hands.look(light=True)
    hands.focus("sent with mistakes")  # led to the first of them
    hands.type("8 700 000 00 01")
    hands.tab_to("[name=consent]", 1)
    hands.press("Space")
    hands.tab_to("form button", 1)
    hands.follow()
    hands.look(light=True)
    hands.tab_to("[name=points]", 4)
    hands.press("Space", "ArrowRight", "ArrowRight")
    hands.focus("arrows")
    hands.tab_to("textarea", 3)
    hands.type("Пайдалы болды")
    hands.tab_to("form button", 1)
    hands.follow()
    hands.look(light=True)
    assert Participation.objects.get().points == 3
    assert not hands.wrong, "\n".join(dict.fromkeys(hands.wrong))


@pytest.mark.req("SO-G-07")
def test_a_journalist_searches_and_follows_the_tenge(hands: Hands, project: Any) -> None:
    page = hands.page
    page.goto("/")
    hands.look()
    hands.to_the_content()
    hands.tab_to("#front-q", 4)
    hands.type("тақырып")
    hands.follow("/search/")
    hands.look()
    hands.to_the_content()
    hands.tab_to("#id_q", 2)
    page.evaluate(
        "for (const id of ['found', 'found-said']) document.getElementById(id).kept = true"
    )
    hands.press("Control+A")
    hands.type("Әлем")
    page.wait_for_url(f"**/search/?q={quote('Әлем')}*", timeout=PATIENCE)
    assert not page.evaluate("document.querySelector('#found').kept")
    assert page.evaluate("document.querySelector('#found-said[role=status]').kept")
    assert page.inner_text("#found-said")
    assert hands.at("#id_q"), "the results take the keyboard away"
    hands.tab_to("#found a[href*='/tenge/']", 12)
    # A list that is swapped while somebody is in it leaves the keyboard where it was.
    page.evaluate("document.querySelector('#found').kept = true")
    page.evaluate("document.querySelector('form[hx-get]').requestSubmit()")
    page.wait_for_function("() => !document.querySelector('#found').kept", timeout=PATIENCE)
    page.evaluate(FRAMES)
    assert hands.at("#found a[href*='/tenge/']"), "a swapped list loses the keyboard"
    hands.follow("/tenge/")
    hands.look()
    hands.to_the_content()
    hands.tab_to(".flow-chart a", 10)
    hands.back_and_forth(".flow-chart a")
