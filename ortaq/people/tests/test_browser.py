"""The pages of people in a real browser: signing in, reading, on a desk and on a telephone."""

from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from django.urls import reverse

from ortaq.core import clock as core_clock
from ortaq.core.models import Duty
from ortaq.people import procedure
from ortaq.people.models import Standing

from .cast import PASSWORD, assemble

pytestmark = pytest.mark.django_db(transaction=True)
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast():
    people = assemble()
    for kind in Standing.Kind.values[:2]:
        fact = Standing(
            organisation=people.ngo,
            kind=kind,
            since=date(2020, 5, 1),
            evidence="Мамандандырылған ауданаралық экономикалық соттың № 12 ұйғарымы",
            source="https://example.kz/a-very-long-address/" + "x" * 60,
        )
        procedure.record_standing(fact, actor=people.actor("gulnara"))
    procedure.invite(
        people.ngo, email="zhanar@example.kz", role="pr", language="kk", actor=people.actor("aliya")
    )
    Duty.objects.create(
        subject="x:1",
        code="submit",
        bearer=f"organisation:{people.ngo.pk}",
        title_kk="Өтінімді толықтырып, мерзімі аяқталғанға дейін ұсыну",
        title_ru="Дополнить заявку и подать её до окончания срока",
        title_en="Complete and submit the application",
        address="/desk/",
        cite="guide p. 5",
        due_at=core_clock.now() + timedelta(hours=20),
    )
    return people


def test_a_person_signs_in_by_the_form_and_reaches_the_desk(browser_page, cast):
    browser_page.goto(reverse("account_login"))
    browser_page.get_by_label("Электрондық пошта").fill(cast.aliya.email)
    browser_page.locator("input[name=password]").fill(PASSWORD)
    browser_page.locator("main form button[type=submit]").first.click()
    browser_page.wait_for_url("**/desk/")
    assert "Өтінімді толықтырып" in browser_page.content()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_pages_are_accessible_and_fit_a_telephone(browser_page, sign_in, axe, cast, language):
    addresses = [reverse("account_login"), reverse("account_signup"), reverse("portal:home")]
    addresses.append(reverse("people:certificate"))
    own = [
        reverse("portal:desk"),
        reverse("people:profile"),
        reverse("people:organisation", args=[cast.ngo.pk]),
        reverse("people:register"),
        reverse("people:own_certificate"),
        reverse("account_email"),
        reverse("mfa_index"),
        "join a certificate",
        reverse("people:proof"),
    ]
    browser_page.goto(addresses[0])
    everywhere = urljoin(browser_page.url, "/")
    cookie = {"name": "ortaq_language", "value": language, "url": everywhere}
    browser_page.context.add_cookies([cookie])
    browser_page.set_viewport_size(TELEPHONE)
    found = []
    for address in [*addresses, "sign in", *own]:
        if address == "sign in":
            sign_in(browser_page, cast.aliya)
            continue
        if address == "join a certificate":
            procedure.join_certificate("880101400017", actor=cast.actor("aliya"))
            continue
        browser_page.goto(address)
        width = browser_page.evaluate("document.documentElement.scrollWidth")
        if width > TELEPHONE["width"]:
            found.append(f"{address} is {width} wide")
        # Words differ in width; what they are built of does not.
        if language == "kk":
            found += [f"{address}: {violation}" for violation in axe(browser_page)]
    assert found == []
