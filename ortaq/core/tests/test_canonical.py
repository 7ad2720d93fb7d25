from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import clock
from ortaq.core.canonical import canonical, sha256

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=5), plain, max_size=5))
def test_the_order_of_keys_does_not_matter(content):
    turned = dict(reversed(list(content.items())))
    assert canonical(content) == canonical(turned)


@given(plain)
def test_one_content_has_one_hash(content):
    assert sha256(content) == sha256(content)
    assert len(sha256(content)) == 64


def test_the_bytes_are_utf8_json_without_spaces():
    assert canonical({"ә": [1, "б"], "a": None}) == '{"a":null,"ә":[1,"б"]}'.encode()


def test_one_instant_in_two_zones_is_the_same_content():
    instant = datetime(2020, 6, 15, 12, tzinfo=UTC)
    assert canonical([instant]) == canonical([instant.astimezone(clock.ALMATY)])


def test_exact_numbers_and_days_have_a_form():
    content = [Decimal("1.50"), Fraction(1, 3), date(2020, 6, 15)]
    assert canonical(content) == b'["1.50","1/3","2020-06-15"]'


@pytest.mark.parametrize("content", [1.5, [1.0], {"a": {"b": (0.1,)}}, object(), {1, 2}])
def test_floats_and_strangers_are_refused(content):
    with pytest.raises(TypeError):
        canonical(content)
