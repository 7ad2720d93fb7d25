"""Words: Django's own strings in Kazakh, and one term for one thing."""

from __future__ import annotations

from pathlib import Path

import django
import polib
import pytest
from django.utils import translation

from ortaq.core import catalogues

# Where Django keeps what people meet on our pages; the rest are fields we do not have, the
# admin, and its debug pages.
VISIBLE = {
    "conf": ("core/validators.py", "core/paginator.py", "forms/", "utils/timesince.py",
             "utils/dates.py", "template/defaultfilters.py"),
    "contrib/auth": ("contrib/auth/password_validation.py",),
}  # fmt: skip
UNUSED = {"…", "IPv4", "IPv6", "IPv4 or IPv6"}


def visible() -> set[str]:
    root = Path(django.__file__).parent
    found = set()
    for place, files in VISIBLE.items():
        for entry in polib.pofile(str(root / place / "locale/en/LC_MESSAGES/django.po")):
            if any(name in path for path, _ in entry.occurrences for name in files):
                found.add(entry.msgid_with_context)
    return found


def test_every_string_of_django_that_people_meet_is_kazakh():
    root = Path(django.__file__).parent
    known = set(catalogues.known(catalogues.ROOT / "faces", "kk"))
    for place in VISIBLE:
        own = polib.pofile(str(root / place / "locale/kk/LC_MESSAGES/django.po"))
        known |= {entry.msgid_with_context for entry in own.translated_entries()}
    assert visible()
    assert {words for words in visible() - known if words not in UNUSED} == set()


def test_ours_wins_where_djangos_kazakh_reads_badly():
    with translation.override("kk"):
        assert translation.gettext("November") == "қараша"
        assert translation.gettext("tomorrow") == "ертең"


# Kazakh law calls one thing by several words; pages use the first, forms keep the act's wording.
OTHER_WORDS = {
    "өтінім беруші": ("өтініш беруші", "сұраныс беруші"),
    "шарт": ("келісімшарт", "келісім-шарт"),
    "конкурс": ("байқау",),
}


@pytest.mark.req("GR-X-16")
def test_pages_use_one_word_for_one_thing():
    said = [
        (path, text)
        for path in catalogues.catalogues()
        if path.parts[-3] == "kk"
        for entry in polib.pofile(str(path))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
    ]
    assert said
    others = [word for words in OTHER_WORDS.values() for word in words]
    assert [
        (path.name, text) for path, text in said for word in others if word in text.lower()
    ] == []
