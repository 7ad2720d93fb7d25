"""How tables are declared: whole, and understood by every database."""

from __future__ import annotations

import pytest

from ortaq.law.text import LANGUAGES
from ortaq.opendata.codelists import CODELISTS
from ortaq.opendata.groups import GROUPS
from ortaq.opendata.tables import TABLES

pytestmark = pytest.mark.django_db


@pytest.mark.every_database
def test_every_table_is_whole_words_lists_keys_and_filters():
    given = {"year": 2024, "region": "710000000", "field": "volunteer_initiatives"}
    for slug, table in TABLES.items():
        assert len(set(table.codes)) == len(table.codes), slug
        assert set(table.key) <= set(table.codes), slug
        assert table.group in GROUPS, slug
        words = [table.title, table.about, *(column.title for column in table.columns)]
        assert all(getattr(text, language) for text in words for language in LANGUAGES), slug
        assert not {column.codelist for column in table.columns} - {"", *CODELISTS}, slug
        assert set(table.filters) <= set(given), slug
        # The database understands the table and every filter of it; nothing stands in an empty house.
        assert list(table.read()) == [], slug
        for name in table.filters:
            assert list(table.read({name: given[name]})) == [], slug
    for slug, one in CODELISTS.items():
        rows = one.rows()
        assert rows, slug
        assert all(len(row) == len(one.heads) and all(row[:4]) for row in rows), slug
