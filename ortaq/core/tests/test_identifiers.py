from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from ortaq.core.identifiers import complete, control_digit, validate_bin, validate_iin

digits = st.text(alphabet="0123456789", min_size=4, max_size=4)
births = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


def an_iin(born, sex, rest):
    century = {19: "3", 20: "5"}[born.year // 100]
    eleven = f"{born:%y%m%d}{int(century) + sex}{rest}"
    assume(control_digit(eleven) is not None)
    return complete(eleven)


def a_bin(month, kind, sign, rest):
    eleven = f"20{month:02}{kind}{sign}{rest}0"
    assume(control_digit(eleven) is not None)
    return complete(eleven)


def refused(validate, value):
    try:
        validate(value)
    except ValidationError as refusal:
        return bool(refusal.messages[0])
    return False


@given(births, st.sampled_from([0, 1]), digits)
def test_an_iin_of_any_birth_is_accepted_and_no_single_slip_of_a_digit_is(born, sex, rest):
    number = an_iin(born, sex, rest)
    validate_iin(number)
    slip = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert refused(validate_iin, slip)


@given(st.integers(1, 12), st.sampled_from("456"), st.sampled_from("01234"), digits)
def test_a_bin_of_any_month_and_kind_is_accepted_and_its_slips_are_not(month, kind, sign, rest):
    number = a_bin(month, kind, sign, rest)
    validate_bin(number)
    slip = number[:-1] + str((int(number[-1]) + 3) % 10)
    assert refused(validate_bin, slip)


FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def weighed(eleven, weights):
    return sum(int(digit) * weight for digit, weight in zip(eleven, weights, strict=True)) % 11


def test_the_second_weights_decide_where_the_first_give_ten():
    numbers = (f"2001410{number:04}" for number in range(10_000))
    tens = [eleven for eleven in numbers if weighed(eleven, FIRST) == 10]
    decided = [eleven for eleven in tens if weighed(eleven, SECOND) < 10]
    assert len(tens) > len(decided) > 100
    for eleven in decided:
        validate_bin(f"{eleven}{weighed(eleven, SECOND)}")
        assert all(
            refused(validate_bin, f"{eleven}{digit}")
            for digit in range(10)
            if digit != weighed(eleven, SECOND)
        )


def test_numbers_without_a_control_digit_are_not_issued():
    without = next(
        text for number in range(10**6) if control_digit(text := f"20014{number:06}") is None
    )
    with pytest.raises(ValueError, match="no control digit"):
        complete(without)
    assert all(refused(validate_bin, f"{without}{digit}") for digit in range(10))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "123",
        "1234567890123",
        "12345678901a",
        "１２３４５６７８９０１２",
        "20014100 071",
        "200141000079\n",
    ],
)
def test_what_is_not_twelve_digits_is_neither(value):
    assert refused(validate_bin, value)
    assert refused(validate_iin, value)


def test_a_bin_is_not_an_iin_and_the_other_way_round():
    assert refused(validate_iin, complete("20014100001"))
    assert refused(validate_bin, complete("85013130001"))
    assert refused(validate_iin, complete("85023030001")), "30 February"


@given(st.text(max_size=14).filter(lambda text: not text.isdigit() or len(text) != 12))
def test_any_other_text_is_refused_and_never_breaks(value):
    assert refused(validate_bin, value)
    assert refused(validate_iin, value)
