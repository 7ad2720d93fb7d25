"""A real browser refuses what is smuggled into a page, and says so."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ortaq.operations import noticing
from ortaq.operations.models import Violation

pytestmark = pytest.mark.django_db(transaction=True)
SMUGGLED = """() => {
    const found = document.createElement("script");
    found.textContent = "document.title = 'stolen'";
    document.head.append(found);
}"""


def test_a_script_that_was_smuggled_in_is_refused_and_reported(browser, live_server):
    noticing.spool.waiting.clear()
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto(reverse("faces:law") + "?q=secret")
    page.evaluate(SMUGGLED)
    assert page.title() != "stolen"
    for _again in range(100):
        if noticing.spool.waiting:
            break
        page.wait_for_timeout(100)
    context.close()
    noticing.spool.flush()
    row = Violation.objects.get()
    assert (row.directive, row.blocked, row.route) == ("script-src-elem", "inline", "faces:law")
