import pytest

from ortaq import law


@pytest.mark.req("SO-T-011", "PR-004", "GR-P-11")
@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("social_order_2022", 19),
        ("social_order_2019_guide", 17),
        ("grants_2019_guide", 15),
        ("prizes_2019_guide", 15),
    ],
)
def test_each_set_has_as_many_fields_as_its_source_says(name, number):
    found = law.fields_of(name)
    assert len({field.key for field in found}) == number
    assert all(all(field.text) for field in found)


def test_an_unknown_field_or_set_is_refused():
    with pytest.raises(law.Refused):
        law.field("sport")
    with pytest.raises(law.Refused):
        law.fields_of("grants")
