"""Long lists by key: every row once, forwards and backwards, whatever the address says."""

from __future__ import annotations

import base64
import json

import pytest

from ortaq.core.models import Duty
from ortaq.faces.paging import key_page

pytestmark = pytest.mark.django_db
ORDER = ("-code", "pk")


@pytest.fixture
def rows():
    # Equal codes, so that the second field has to decide.
    Duty.objects.bulk_create(
        Duty(subject=f"x:{number}", code=f"c{number % 3}", bearer="person:1")
        for number in range(11)
    )
    return Duty.objects.all()


def walk(rows, *, size):
    """The pages from first to last, and then back again."""
    pages = [key_page(rows, {}, order=ORDER, size=size)]
    while pages[-1].next:
        pages.append(key_page(rows, {"page": pages[-1].next}, order=ORDER, size=size))
    back = [pages[-1]]
    while back[-1].previous:
        back.append(key_page(rows, {"page": back[-1].previous}, order=ORDER, size=size))
    return pages, back


@pytest.mark.parametrize("size", [1, 3, 5, 11, 50])
def test_each_row_is_met_once_on_the_way_there_and_on_the_way_back(rows, size):
    expected = list(rows.order_by(*ORDER))
    there, back = walk(rows, size=size)
    assert [row for page in there for row in page.rows] == expected
    assert [row for page in reversed(back) for row in page.rows] == expected
    assert there[0].previous == ""
    assert back[-1].previous == ""


def test_a_page_is_one_query(rows, django_assert_num_queries):
    second = key_page(rows, {}, order=ORDER, size=3).next
    with django_assert_num_queries(1):
        assert len(key_page(rows, {"page": second}, order=ORDER, size=3).rows) == 3


def made(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "page",
    [
        "!", "AA", "ә", "=", made("+"), made("+", "c1"), made("?", "c1", 1), made("+", ["c1"], {}),
        made("+", "c1", "not a number"), made("+", 7, 10**40), made("-", None, None), base64.urlsafe_b64encode(b"[" * 10**5).decode(),
    ],
)  # fmt: skip
def test_an_address_that_is_not_ours_gives_the_first_page(rows, page):
    first = list(key_page(rows, {}, order=ORDER, size=3).rows)
    assert list(key_page(rows, {"page": page}, order=ORDER, size=3).rows) == first


def test_an_empty_list_has_no_neighbours(db):
    page = key_page(Duty.objects.none(), {}, order=ORDER)
    assert (list(page.rows), page.previous, page.next) == ([], "", "")
