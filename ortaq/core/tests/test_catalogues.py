import gettext

import polib
import pytest

from ortaq.core import catalogues


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A house with one app whose Kazakh catalogue has one message of each sort."""
    monkeypatch.setattr(catalogues, "ROOT", tmp_path / "ortaq")
    folder = tmp_path / "ortaq" / "grants" / "locale" / "kk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue += [
        polib.POEntry(msgid="application", msgstr="өтінім"),
        polib.POEntry(msgid="contract", msgstr=""),
        polib.POEntry(msgid="competition", msgstr="байқау", flags=["fuzzy"]),
        polib.POEntry(msgid="%(name)s is late", msgstr="%(nam)s кешікті"),
        polib.POEntry(
            msgid="%(count)s day", msgid_plural="%(count)s days", msgstr_plural={0: "%(count)s күн"}
        ),
    ]
    source = folder / "django.po"
    catalogue.save(str(source))
    return source


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(house):
    assert catalogues.compile_all() == 1
    assert catalogues.compile_all() == 0
    with house.with_suffix(".mo").open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    assert translations.gettext("application") == "өтінім"
    # An unchecked guess of the tool must not reach a reader.
    assert translations.gettext("competition") == "competition"
    house.with_suffix(".mo").unlink()
    assert catalogues.compile_all() == 1
    assert [path.name for path in house.parent.iterdir() if "draft" in path.name] == []


def test_untranslated_and_fuzzy_messages_are_named(house):
    assert catalogues.gaps(house) == [
        "ortaq/grants/locale/kk/LC_MESSAGES/django.po: 'contract' (untranslated)",
        "ortaq/grants/locale/kk/LC_MESSAGES/django.po: 'competition' (fuzzy)",
    ]


def test_a_translation_that_names_another_value_is_found(house):
    assert catalogues.wrong_placeholders(house) == [
        "ortaq/grants/locale/kk/LC_MESSAGES/django.po: '%(name)s is late' → '%(nam)s кешікті'"
    ]
