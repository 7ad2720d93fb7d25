"""What a real site would refuse, no test takes."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from ortaq.core.models import Shared, Work

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
LENGTH = Shared._meta.get_field("key").max_length or 0


def refused(act):
    with pytest.raises((DatabaseError, ValueError, OverflowError)) as told, transaction.atomic():
        act()
    return str(told.value)


def shared(**more):
    return Shared(**{"key": "one", "number": 1, "value": "", "expires": 0} | more)


@pytest.mark.parametrize(
    "more", [{"key": "ә" * (LENGTH + 1)}, {"number": 2**63}, {"value": "\0"}], ids=str
)
def test_neither_what_is_too_long_nor_what_cannot_be_read_is_saved(more):
    assert refused(shared(**more).save)
    assert refused(lambda: Shared.objects.bulk_create([shared(**more)]))
    shared().save()
    assert refused(lambda: Shared.objects.update(**more))
    row = shared(**more)
    assert refused(lambda: Shared.objects.bulk_update([row], list(more)))


def test_nor_is_what_cannot_be_read_anywhere_within():
    assert refused(lambda: Work.objects.update(arguments={"list": ["a\0"]}))


def test_what_fits_to_the_letter_is_saved():
    shared(key="ә" * LENGTH).save()
    assert (
        Shared.objects.filter(key="ә" * (LENGTH + 1)).count() == 0
    )  # asking is no matter of length


def test_nobody_is_asked_for_what_no_text_can_hold():
    assert refused(lambda: Shared.objects.filter(key="\0").exists())
    with connection.cursor() as cursor:
        assert refused(lambda: cursor.executemany("SELECT %s", [["\0"]]))
