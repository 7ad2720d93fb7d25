from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.law import Refused
from ortaq.law.numbers import LARGEST_TENGE, count, money, shown, tenge, tiyn, whole


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        (0, 0),
        (1_131_260_000, 113_126_000_000),
        ("7777777.77", 777_777_777),
        (" 12.5 ", 1250),
        (Decimal("0.01"), 1),
        (Decimal("1E+3"), 100_000),
        (LARGEST_TENGE, LARGEST_TENGE * 100),
    ],
)
def test_money_is_read_exactly(given_value, expected):
    assert money(given_value, "price") == expected


@pytest.mark.parametrize(
    "bad",
    [
        1.5,
        float("nan"),
        True,
        None,
        [],
        "",
        "1,5",
        "1e3",
        "１２",
        "0.001",
        "-1",
        -1,
        10**4000,
        LARGEST_TENGE + 1,
        Decimal("1e999999999"),
        Decimal("1e-999999999"),
        Decimal("NaN"),
        Decimal("Infinity"),
        "9" * 100,
    ],
)
def test_anything_else_is_refused_with_a_sentence(bad):
    with pytest.raises(Refused) as refusal:
        money(bad, "price")
    assert all("price" in sentence for sentence in refusal.value.text)


@given(st.integers(0, LARGEST_TENGE * 100))
def test_an_amount_written_and_read_again_is_the_same(amount):
    assert money(tenge(amount), "price") == amount


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (-150, "-1.50"),
        (Fraction(6_222_222_216, 10), "6222222.216"),
        (Fraction(1, 3), "1/300"),
    ],
)
def test_an_amount_is_written_without_rounding(amount, written):
    assert tenge(amount) == written


@pytest.mark.parametrize("bad", [True, 1.0, "1", None, Decimal(1)])
def test_only_an_integer_is_a_whole_number(bad):
    with pytest.raises(Refused):
        whole(bad, "points")


def test_counts_and_tiyn_are_never_negative():
    for read in (count, tiyn):
        assert read(0, "n") == 0
        with pytest.raises(Refused):
            read(-1, "n")


def test_a_value_is_quoted_shortly_whatever_it_is():
    assert shown("a\nb" * 100).count("\n") == 0
    assert len(shown("x" * 10_000)) == 60
    assert shown(10**5000) == "…"
