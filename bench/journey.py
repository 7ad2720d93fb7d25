"""A tired manager with a telephone: an event with sixty participants and their answers, then the interim report.

    python -m bench.journey [--people 60] [--pictures FOLDER]

Loads the demonstration at its stage `running`, serves it, and goes the way in Kazakh on a screen of 390 × 844 points: plan an event,
record it as held with who came and what they answered, make the interim report, take over what is proposed, write the judgements
that are left, submit. It goes twice: with
a list that is pasted, and with one that is typed. Counts what a person does (clicks and choices, fields filled in, keys) and the
seconds that the machine takes; a click that misses or a page that does not come ends it with an error.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, ViewportSize, sync_playwright

from ortaq.testing.browser import FLAGS, chromium

PHONE: ViewportSize = {"width": 390, "height": 844}
ROWS = 30  # of the grid that a list is typed into


@dataclass
class Leg:
    """What one part of the way costs."""

    name: str
    clicks: int = 0
    fields: int = 0
    keys: int = 0
    seconds: float = 0.0


@dataclass
class Walker:
    """Goes through pages and counts."""

    page: Page
    pictures: Path | None
    legs: list[Leg] = field(default_factory=list)

    def leg(self, name: str) -> None:
        self.legs.append(Leg(name))

    def click(self, selector: str, *, leads: bool = True) -> None:
        """Touch something; with `leads` the next page has to come."""
        leg, began = self.legs[-1], time.perf_counter()
        leg.clicks += 1
        target = self.page.locator(selector).first
        if leads:
            with self.page.expect_navigation():
                target.click()
        else:
            target.click()
        leg.seconds += time.perf_counter() - began

    def write(self, selector: str, text: str, *, pasted: bool = False) -> None:
        """Fill in a field. A pasted text costs no keys."""
        leg, began = self.legs[-1], time.perf_counter()
        leg.fields += 1
        leg.keys += 0 if pasted else len(text)
        self.page.locator(selector).first.fill(text)
        leg.seconds += time.perf_counter() - began

    def choose(self, selector: str, value: str) -> None:
        self.legs[-1].clicks += 1
        self.page.locator(selector).first.select_option(value)

    def picture(self, name: str) -> None:
        if self.pictures:
            self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)


@contextmanager
def demonstration(var: str) -> Iterator[str]:
    """The address of a running demonstration on 5 October 2020."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {
        **os.environ,
        "ORTAQ_DEMO": "1",
        "ORTAQ_VAR": var,
        "ORTAQ_DATABASE_URL": f"sqlite:///{var}/journey.sqlite3",
    }

    def ortaq(*words: str) -> None:
        subprocess.run([sys.executable, "-m", "ortaq", *words], env=environment, check=True)

    ortaq("migrate", "--verbosity", "0")
    ortaq("compilecatalogues", "--verbosity", "0")
    ortaq("demo", "--stage", "running")
    server = subprocess.Popen(
        [sys.executable, "-m", "ortaq", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urlopen(f"{address}/demo/").close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def people(count: int, first: int) -> list[tuple[str, str, str, str]]:
    """Name, place of work, contact and rating of those who came."""
    return [
        (
            f"Қатысушы Айгүл {first + n}",
            "№ 5 мектеп",
            f"+7 700 {(first + n) // 10000:03} {(first + n) // 100 % 100:02} {(first + n) % 100:02}",
            "5" if n % 3 else "4",
        )
        for n in range(count)
    ]


def an_event(walker: Walker, title: str, count: int) -> None:
    """From the desk to the saved passport of an event of a Saturday in September."""
    walker.leg("plan the event")
    walker.click("a[href='/projects/']")
    walker.click("main a[href^='/projects/']:not([href='/projects/'])")
    walker.click("main a[href$='/events/']")
    walker.click("main a[href$='/events/new/']")
    walker.picture("1-passport")
    page = walker.page
    activity = page.locator("[name=activity] option").nth(1).get_attribute("value") or ""
    walker.choose("[name=activity]", activity)
    walker.write("[name=title_kk]", title)
    walker.choose("[name=kind]", "seminar")
    walker.write("[name=starts_at]", "2020-09-19T10:00")
    walker.write("[name=ends_at]", "2020-09-19T13:00")
    walker.write("[name=expected_participants]", str(count))
    walker.write("[name=place]", "Қызылорда, кітапхана")
    walker.click("#passport [data-key=send]")
    walker.picture("2-event")


def pasted(rows: list[tuple[str, str, str, str]]) -> str:
    """A list as it is copied from a spreadsheet."""
    head = ("Т.А.Ә.", "Жұмыс орны", "Байланыс", "Баға")
    return "\n".join("\t".join(row) for row in (head, *rows))


def typed(walker: Walker, rows: list[tuple[str, str, str, str]]) -> None:
    walker.leg("enter the list, typed")
    walker.click("main a[href*='/events/'][href$='/people/']")
    walker.click("main a[href$='/people/new/']")
    for start in range(0, len(rows), ROWS):
        for number, row in enumerate(rows[start : start + ROWS], 1):
            for name, text in zip(("name", "workplace", "contact", "points"), row, strict=True):
                walker.write(f"[name='{name}-{number}']", text)
        if start == 0:
            walker.picture("3-typed")
        last = start + ROWS >= len(rows)
        walker.click(f"main form [{'data-key=send' if last else 'name=another'}]")


def held(walker: Walker, people: str = "") -> None:
    """Recorded as held, with the pasted list of those who came."""
    walker.leg("record it as held" + (", with the pasted list" if people else ""))
    if people:
        walker.click("main a[href$='/held/']")
        walker.write("[name=people]", people, pasted=True)
    else:
        walker.click("main h2 a")
        walker.click("main a[href$='/held/']")
    walker.write("[name=result]", "Бағдарлама толық өтті, қатысушылар риза болды.")
    walker.picture("5-held")
    walker.click("main form [data-key=send]")


def report(walker: Walker) -> None:
    """Made by one button; what is asked of a person is written; then it is submitted."""
    walker.leg("make and submit the report")
    walker.click("main a[href$='/reports/']")
    walker.click("form[action$='/reports/make/'] button.btn-primary")
    walker.picture("6-report")
    walker.click("#report button[value='propose:']")
    walker.picture("6-taken-over")
    fields = walker.page.locator("#report textarea, #report input[type=text]")
    for number in range(fields.count()):
        one = fields.nth(number)
        if one.is_visible() and not one.input_value():
            name = one.get_attribute("name") or ""
            walker.write(f"[name='{name}']", "Іс-шаралар жоспар бойынша өтті.")
    walker.click("#report details.confirm summary", leads=False)
    walker.click("#report button[value=submit]")
    walker.picture("7-submitted")
    refused = walker.page.locator("#missing .finding-error, .notice-bad").count()
    if refused:
        raise SystemExit(f"The report was not taken: {walker.page.inner_text('main')[:2000]}")


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/demo/")
    with page.expect_navigation():
        page.locator("form[action$='/aliya/sign-in/'] button").first.click()


def table(title: str, legs: list[Leg]) -> None:
    total = Leg("**in all**")
    print(
        f"\n{title}\n\n| | clicks | fields | keys | seconds of the machine |\n|---|--:|--:|--:|--:|"
    )
    for one in legs:
        total.clicks, total.fields = total.clicks + one.clicks, total.fields + one.fields
        total.keys, total.seconds = total.keys + one.keys, total.seconds + one.seconds
    for one in (*legs, total):
        print(f"| {one.name} | {one.clicks} | {one.fields} | {one.keys} | {one.seconds:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.journey", description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    path = chromium()
    if path is None:
        raise SystemExit("Chromium not found: install chromium.")
    with (
        tempfile.TemporaryDirectory(prefix="ortaq-journey-") as var,
        demonstration(var) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        context = browser.new_context(viewport=PHONE, locale="kk", is_mobile=True, has_touch=True)
        page = context.new_page()
        sign_in(page, address)
        walker = Walker(page, options.pictures)
        page.goto(f"{address}/desk/")
        an_event(walker, "Жоба жазу семинары", options.people)
        held(walker, pasted(people(options.people, 100)))
        report(walker)
        table("With a pasted list", walker.legs)
        by_hand = Walker(page, options.pictures)
        page.goto(f"{address}/desk/")
        an_event(by_hand, "Екінші семинар", options.people)
        typed(by_hand, people(options.people, 500))
        held(by_hand)
        table("With a typed list", by_hand.legs)
        browser.close()


if __name__ == "__main__":
    main()
