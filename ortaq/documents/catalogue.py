"""Every form for whoever looks for one: by what it is for, with its names and the files of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby

from ortaq.faces import say
from ortaq.law.text import LANGUAGES, Text

from . import filling, forms
from .downloads import FORMATS

PAPERS = {"kk": "Қазақша", "ru": "Русский"}  # the languages of papers, each by its own name


@dataclass(frozen=True, slots=True)
class Entry:
    """A form with its title in every language, and the kinds of file in which it leaves."""

    form: forms.Form
    title: Text
    kinds: tuple[str, ...]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Its titles in the languages that the reader does not read, by their codes."""
        here = say.language()
        return [(code, getattr(self.title, code)) for code in LANGUAGES if code != here]


@cache
def entry(form_id: str, edition: str) -> Entry:
    """One form; `LookupError` when there is none."""
    form = forms.form(form_id, edition)
    title = Text(*(filling.title(form, language) for language in LANGUAGES))
    return Entry(form, title, kinds(form))


def kinds(form: forms.Form) -> tuple[str, ...]:
    """The kinds of file of a form; a workbook only where the form is a table."""
    tables = any(section.tables for section in form.sections)
    return tuple(kind for kind in FORMATS if tables or kind != "xlsx")


def entries() -> list[tuple[forms.Instrument, list[tuple[str, list[Entry]]]]]:
    """All forms by instrument and, the newest first, by edition."""
    found = []
    for instrument in forms.index():
        named = sorted(instrument.forms, key=lambda one: one.edition, reverse=True)
        editions = groupby(named, key=lambda one: one.edition)
        found.append(
            (instrument, [(key, [entry(one.id, key) for one in many]) for key, many in editions])
        )
    return found
