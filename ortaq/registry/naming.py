"""How the names of NGOs are kept for search: the name proper, and apart from it the legal form.

People ask for "ОФ Әлем", "Әлем қоғамдық қоры" and "алем" and mean one foundation.
"""

from __future__ import annotations

from collections.abc import Sequence

from ortaq.core.spelling import words
from ortaq.people.models import Organisation

Form = Organisation.LegalForm
# Short and long, Kazakh and Russian: whoever knows an NGO by one of them finds it.
LEGAL_FORMS = {
    Form.FOUNDATION: "ҚҚ ОФ қоғамдық қоры общественный фонд",
    Form.ASSOCIATION: "ҚБ ОО қоғамдық бірлестігі бірлестік общественное объединение",
    Form.PRIVATE_FOUNDATION: "ЖҚ ЧФ жеке қоры частный фонд",
    Form.UNION: "ЗТБ ОЮЛ заңды тұлғалар бірлестігі объединение юридических лиц қауымдастығы ассоциация",
    Form.INSTITUTION: "мекемесі мекеме учреждение ЖМ ЧУ",
    Form.JOINT_STOCK: "КЕАҚ НАО коммерциялық емес акционерлік қоғамы некоммерческое акционерное общество",
}
FORM_WORDS = {form.value: frozenset(words(said)) for form, said in LEGAL_FORMS.items()}
_OF_A_FORM = frozenset[str]().union(*FORM_WORDS.values())
# Before and after the name proper: no spelling contains them.
BEGINS, ENDS = "<", ">"


def key_of(organisation: Organisation) -> str:
    """What a search looks through: " < name proper > < in Russian > other words of both, BIN ".

    Every word stands between spaces, so that " al" finds words that begin with "al". The words of
    the organisation's own legal form are left out: `forms_with` finds them without looking.
    """
    names = [words(name) for name in (organisation.name_kk, organisation.name_ru)]
    found: list[str] = []
    for name in map(proper, names):
        if (shown := [BEGINS, *name, ENDS]) != found:  # many bear one name in both languages
            found += shown
    known = FORM_WORDS.get(organisation.legal_form, frozenset()).union(found)
    others = [word for word in dict.fromkeys(names[0] + names[1]) if word not in known]
    return f" {' '.join([*found, *others, organisation.bin])} "


def forms_with(begun: str) -> list[str]:
    """The legal forms that a word beginning with `begun` names: "ko" is a foundation or an association."""
    return [form for form, said in FORM_WORDS.items() if any(one.startswith(begun) for one in said)]


def tells_more_than_a_form(asked: Sequence[str]) -> bool:
    """Whether some of the words name an NGO: among all foundations none is nearer to "foundation"."""
    return any(word not in _OF_A_FORM for word in asked)


def proper(name: list[str]) -> list[str]:
    """A name without the words of a legal form before and after it; all of it where nothing else is."""
    first, last = 0, len(name)
    while first < last and name[first] in _OF_A_FORM:
        first += 1
    while last > first and name[last - 1] in _OF_A_FORM:
        last -= 1
    return name[first:last] or name
