"""The main job as people do it: in a browser, in Kazakh, from the announcement to the contract.

What a second person does exactly as the first did is done by the same steps without pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import gettext

from ortaq.core import clock as house_clock
from ortaq.grants.models import Application, Competition
from ortaq.grants.tests import application_scenes as writing
from ortaq.grants.tests import outcome_scenes as later
from ortaq.grants.tests import scenes
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Role
from ortaq.projects.models import Contract
from ortaq.projects.procedure.contract import CONTRACT
from ortaq.registry.tests.scenes import registered
from ortaq.review.models import Ballot, Panel, ScoreSheet
from ortaq.review.procedure import PANEL
from ortaq.testing import factories
from ortaq.testing.clock import TestClock

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PDF = {"name": "құжат.pdf", "mimeType": "application/pdf", "buffer": writing.PDF}
ANNOUNCEMENT = {
    "title_kk": "Гранттар конкурсы",
    "title_ru": "Конкурс грантов",
    "text_kk": "Еріктілерді қолдау",
    "text_ru": "Поддержка волонтёров",
    "contacts_kk": "+7 700 000 00 05",
    "contacts_ru": "+7 700 000 00 05",
    "closes_at": "2020-06-03T18:00",
    "latest_project_end": "2020-11-27",
    "balance_date": "2020-03-31",
}
SHEET = {"S1_capacity": 3, "S2_specialists": 2, "S3_content": 5, "S4_results": 4}
SHEET |= {"S5_budget_terms": 4}


# Milliseconds. Long enough for a machine that does other things too.
PATIENCE = 20_000


class Walk:
    """Somebody at a browser. Buttons are named by their English texts and looked for in Kazakh."""

    def __init__(self, page: Page, sign_in: Callable[..., None], clock: TestClock) -> None:
        self.page, self._sign_in, self.clock = page, sign_in, clock

    def be(self, actor: Actor, address: str = "/desk/") -> None:
        """Be somebody from now on, at their desk, or at a page that they left open."""
        self.clock.travel(minutes=1)
        self._sign_in(self.page, actor.user)
        self.go(address)

    def go(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"

    def follow(self, address: str) -> None:
        """Follow the first link of the page that ends like this: everything is reached by links."""
        self.page.locator(f"a[href$='{address}']").first.click()
        self.page.wait_for_url(f"**{address}")

    def press(self, text: str, within: str = "main") -> None:
        """Press a button, say yes where the step is final; the next page has come."""
        words = gettext(text)
        assert words != text, f"not in Kazakh: {text}"
        place = self.page.locator(within)
        final = place.locator("summary", has_text=words)
        if final.count():
            final.first.click()
            self.and_wait(final.first.locator("xpath=..").locator("button"))
        else:
            named = place.get_by_role("button", name=re.compile(re.escape(words)))
            shown = named.and_(self.page.locator(":not(.visually-hidden)"))
            assert shown.count(), f"no button {words!r}: {place.first.inner_text()}"
            self.and_wait(shown.first)

    def and_wait(self, button: Locator) -> None:
        """Press it; the page it leads to has come and says of nothing that it is wrong."""
        with self.page.expect_navigation() as answer:
            button.click()
        assert answer.value.ok, f"{answer.value.status}: {self.page.inner_text('main')}"
        wrong = self.page.locator("main .errors, main .error-summary")
        assert wrong.count() == 0, wrong.all_inner_texts()

    def fill(self, values: dict[str, Any]) -> None:
        """Type into the fields of these names, tick, choose."""
        self.page.locator(f"[name='{list(values)[-1]}']").first.wait_for(state="attached")
        kinds = self.page.evaluate(
            "names => names.map(name => document.getElementsByName(name)[0].type)", list(values)
        )
        for kind, (name, value) in zip(kinds, values.items(), strict=True):
            field = self.page.locator(f"[name='{name}']")
            if value is True:
                field.check()
            elif kind in {"checkbox", "radio"}:
                for one in value if isinstance(value, list) else [value]:
                    self.page.locator(f"[name='{name}'][value='{one}']").check()
            elif kind == "select-one":
                field.select_option(str(value))
            else:
                field.fill(str(value))

    def sees(self, *texts: str) -> None:
        from playwright.sync_api import expect  # only where there is a browser

        for text in texts:
            expect(self.page.locator("main")).to_contain_text(
                text, use_inner_text=True, timeout=PATIENCE
            )


@pytest.fixture
def walk(browser_page: Page, sign_in: Callable[..., None], clock: TestClock) -> Walk:
    clock.set(scenes.OPENS)
    return Walk(browser_page, sign_in, clock)


@pytest.mark.req(
    "GR-A-01",
    "GR-A-19",
    "GR-A-24",
    "GR-C-06",
    "GR-C-10",
    "GR-S-10",
    "GR-S-13",
    "GR-K-01",
    "GR-K-04",
)
def test_from_the_announcement_to_the_signed_contract(walk: Walk) -> None:
    people = scenes.cast()
    scenes.approved_plan(people.gulnara)
    experts = [
        an_expert(people.gulnara, surname) for surname in ("Ерланов", "Қайратов", "Әубәкіров")
    ]

    competition = announce(walk, people.gulnara)
    apply(walk, people.aliya, competition)
    writing.a_submitted(competition.lots.get(), people.dana)  # the same, without a browser

    walk.clock.set(house_clock.at(date(2020, 6, 4), 10))
    check(walk, people.gulnara, competition)
    form_commission(walk, people, competition, experts)
    score(walk, experts, competition)
    hold_meeting(walk, people, competition, experts)
    publish(walk, people.gulnara, competition)
    conclude(walk, people, competition)


def an_expert(operator: Actor, surname: str) -> Actor:
    person = factories.a_person(surname=surname, given_name="Ерлан")
    registered(person, None, actor_for(person), operator)
    return actor_for(person)


def announce(walk: Walk, gulnara: Actor) -> Competition:
    """A competition on the only topic of the plan."""
    walk.be(gulnara, "/competitions/")
    walk.follow("/competitions/new/")
    walk.page.locator("main a[href^='/competitions/new/']").click()
    walk.fill({"everything": 1})
    walk.and_wait(walk.page.locator("main form button").last)
    walk.fill(ANNOUNCEMENT)
    walk.press("Save the draft")
    walk.press("Announce the competition")
    return Competition.objects.get()


def apply(walk: Walk, aliya: Actor, competition: Competition) -> None:
    """Aliya writes all nine parts and hands them in."""
    walk.be(aliya, f"/competitions/{competition.pk}/")
    walk.page.locator("main a[href^='/competitions/lots/']").first.click()
    walk.follow(f"/applications/new/{competition.lots.get().pk}/")
    walk.fill({"title": "Ерікті жастар"})
    walk.press("Begin")
    one = f"/applications/{Application.objects.get().pk}/"
    walk.follow(f"{one}details/")
    walk.fill({"starts_on": "2020-07-01", "ends_on": "2020-11-20"})
    walk.press("Save")
    assert aliya.user is not None
    for part, values in (
        ("questionnaire", writing.QUESTIONNAIRE),
        ("capacity", writing.CAPACITY),
        ("content", writing.CONTENT),
    ):
        walk.follow(f"{one}parts/{part}/0/")
        write(walk, values, aliya.user.pk)
    walk.follow(f"{one}parts/budget/0/")
    walk.fill(estimate(aliya.user.pk))
    walk.press("Save")
    walk.follow(f"{one}files/")
    for kind in ("charter", "balance"):
        walk.page.locator(f"#{kind} input[type=file]").set_input_files(PDF)  # type: ignore[arg-type]
        walk.press("Add", f"#{kind}")
    walk.follow(f"{one}submit/")
    walk.fill({"declared": True})
    walk.press("Hand it in now")
    walk.sees(f"2020-{competition.pk}-00001")


def estimate(person: int) -> dict[str, Any]:
    """The director's wages for half a year, in tenge, on the line that the page offers first."""
    line = {"item": "Директор", "unit": "ай", "quantity": 6, "unit_cost": 250_000}
    return {f"budget/lines/~p{person}-salaries_lines-1/{key}": each for key, each in line.items()}


def write(walk: Walk, values: dict[str, Any], person: int) -> None:
    """Type a part of an application, row after row; rows get the names that the page gives them."""
    for number in count(1):
        now = {
            re.sub(r"~[a-z]\d", f"~p{person}n{number}", path): value
            for path, value in values.items()
            if int("".join(re.findall(r"~[a-z](\d)", path)) or 1) == number
        }
        if not now:
            break
        if number > 1:
            walk.page.locator(f"button[value^='add:{next(iter(now)).partition('/')[0]}']").click()
        walk.fill(now)
    walk.press("Save")


def check(walk: Walk, gulnara: Actor, competition: Competition) -> None:
    """Both applications are found in order and admitted, Aliya's on the pages."""
    walk.be(gulnara)
    walk.follow(f"/competitions/{competition.pk}/manage/")
    walk.press("End acceptance")
    competition.refresh_from_db()
    aliyas, danas = Application.objects.order_by("number")
    walk.follow("?state=submitted")
    walk.follow(f"/applications/{aliyas.pk}/")
    walk.follow(f"/applications/{aliyas.pk}/check/")
    walk.and_wait(walk.page.locator("form[action$='/check/proposed/'] button"))
    while (waits := walk.page.locator("details[open] form[action*='/check/items/']")).count():
        waits.first.locator("input[value=passed]").check()
        waits.first.locator("input[name$=evidence]").fill("Тексерілді")
        walk.press("Record", "details[open] form[action*='/check/items/'] >> nth=0")
    walk.press("Admit to the competition")
    later.check(danas, gulnara)


def form_commission(
    walk: Walk, people: scenes.Cast, competition: Competition, experts: list[Actor]
) -> None:
    """Three members and a secretary; the members declare that they have no conflict of interest."""
    panel = f"/review/panels/{competition.panel_id}/"
    walk.go(f"/competitions/{competition.pk}/manage/")
    walk.follow(panel)
    walk.follow(f"{panel}seats/")
    walk.follow(f"{panel}candidates/")
    for _expert in experts:
        walk.page.locator("main input[name=confirmed]").first.check()
        walk.press("Take onto the commission")
    walk.follow(f"{panel}seats/")
    assert people.saule.user is not None
    walk.fill({"email": people.saule.user.email})
    walk.press("Appoint the secretary")
    walk.follow(panel)
    walk.press("Send the list of applicants and the declarations")
    first, *others = experts
    walk.be(first)
    walk.follow(f"{panel}declaration/")
    for answer in walk.page.locator("main input[value=none]").all():
        answer.check()
    walk.press("Declare")
    competition.refresh_from_db()
    for expert in others:
        assert competition.panel is not None
        assert expert.user is not None
        later.declare(competition.panel, expert.user)
    walk.be(people.gulnara, panel)
    walk.press("Approve the final composition")
    walk.go(f"/competitions/{competition.pk}/manage/")
    walk.press("Hand the applications to the experts")


def score(walk: Walk, experts: list[Actor], competition: Competition) -> None:
    """All members give both applications the same points and sign, the first sheet on pages."""
    walk.be(experts[0], f"/review/panels/{competition.panel_id}/dossiers/")
    walk.page.locator("main a[href^='/review/dossiers/']").first.click()
    walk.fill({f"{key}-points": points for key, points in SHEET.items()})
    walk.fill({f"{key}-comment": "Негіздеме" for key in SHEET})
    walk.press("Look through and sign")
    walk.press("Sign the sheet")
    signed = ScoreSheet.objects.get()
    for expert in experts:
        for application in Application.objects.all():
            assert expert.user is not None
            if (application.dossier_id, expert.user) != (signed.dossier_id, signed.seat.person):
                later.sign(expert.user, application, sum(SHEET.values()))


def hold_meeting(
    walk: Walk, people: scenes.Cast, competition: Competition, experts: list[Actor]
) -> None:
    """The members elect; the secretary keeps the minutes and records how the tie was decided."""
    panel = f"/review/panels/{competition.panel_id}/"
    walk.be(people.gulnara, f"/competitions/{competition.pk}/manage/")
    walk.press("Open the commission's meeting")
    walk.be(experts[0], f"{panel}election/")
    for number, office in enumerate(("chair", "deputy")):
        form = walk.page.locator(f"form:has(input[value={office}])")
        form.locator("input[type=radio]").nth(number).check()
        walk.and_wait(form.locator("button"))
    for ballot in list(Ballot.objects.all()):
        choice: Any = {"office": ballot.office, "candidate": ballot.candidate}
        PANEL.take("vote", Panel.objects.get(), actor=experts[1], **choice)
    walk.be(people.saule)
    walk.follow(f"{panel}meeting/")
    for present in walk.page.locator("input[name=present]").all():
        present.check()
    walk.press("Save the attendance")
    walk.fill({"place": "Астана", "minutes_kk": "Талқыланды.", "minutes_ru": "Обсудили."})
    walk.press("Save the minutes")
    walk.page.locator("[name=winner]").first.check()
    walk.fill({"votes_for": 2, "votes_against": 1, "reason": "Ауылдарды көбірек қамтиды."})
    walk.press("Record the decision")
    walk.press("Close the meeting")


def publish(walk: Walk, gulnara: Actor, competition: Competition) -> None:
    walk.be(gulnara, f"/competitions/{competition.pk}/manage/")
    walk.follow(f"/competitions/{competition.pk}/outcomes/")
    walk.press("Prepare the outcomes")
    walk.fill({"number": "1"})
    walk.press("Draw up the protocol")
    walk.press("Publish the results")
    walk.go(f"/competitions/{competition.pk}/results/")


def conclude(walk: Walk, people: scenes.Cast, competition: Competition) -> None:
    """The contract is completed, goes through its chain and is signed on paper."""
    chain = [people.gulnara] + [
        factories.a_member(people.operator, Role.OFFICER, surname=surname)
        for surname in ("Директоров", "Орынбасаров", "Төрағаев")
    ]
    walk.go(f"/competitions/{competition.pk}/outcomes/")
    walk.press("Prepare the contract")
    contract = Contract.objects.get()
    one = f"/contracts/{contract.pk}/"
    sections = contract.activities.values_list("section", flat=True)
    assert sorted(set(sections)) == ["final_presentation", "information_work", "task"]
    walk.follow(f"{one}effect/")
    walk.follow(f"{one}edit/effect/")
    silent = {"indirect_beneficiaries": 5000, "ngos_covered": 1, "specialists": 0, "partners": 0}
    walk.fill(silent | {"direct_beneficiaries": 100, "employees": 3})
    walk.press("Save")
    walk.follow(f"{one}plan/")
    while (open_rows := walk.page.locator("main tr:has(.status) a")).count():
        open_rows.first.click()
        walk.page.locator("[name$='-0-text']").fill("Қатысушылар")
        walk.page.locator("[name$='-0-planned']").fill("100-ден кем емес")
        walk.press("Save")
    walk.follow(f"{one}approvals/")
    walk.follow(f"{one}edit/approvals/")
    walk.fill({f"place-{n}": actor.user.pk for n, actor in enumerate(chain, 1) if actor.user})
    walk.press("Save")
    walk.press("Send for approval")
    walk.be(chain[0], f"{one}approvals/")
    walk.press("Agree")
    for actor in chain[1:]:
        CONTRACT.take("agree", Contract.objects.get(), actor=actor)
    walk.be(people.aliya, f"{one}approvals/")
    walk.press("Agree for the grantee")
    walk.be(people.gulnara, f"{one}approvals/")
    # The other form with a number is that of electronic signatures.
    on_paper = walk.page.locator("form:has([name=scan])")
    on_paper.locator("[name=number]").fill("1-Г/2020")
    on_paper.locator("[name=concluded_on]").fill("2020-06-04")
    walk.page.locator("[name=scan]").set_input_files(PDF)  # type: ignore[arg-type]
    walk.press("Record the signed contract")
    walk.sees("1-Г/2020")
    contract.refresh_from_db()
    assert contract.state == Contract.State.SIGNED
