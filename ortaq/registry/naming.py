"""How the names of NGOs are kept for search: the name proper, and apart from it the legal form.

People ask for "ОФ Әлем", "Әлем қоғамдық қоры" and "алем" and mean one foundation.
"""

from __future__ import annotations

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
_OF_A_FORM = frozenset(word for said in LEGAL_FORMS.values() for word in words(said))
# Before and after the name proper: no spelling contains them.
BEGINS, ENDS = "<", ">"


def key_of(organisation: Organisation) -> str:
    """What a search looks through: " < name proper > < in Russian > other words of it, form, BIN ".

    Every word stands between spaces, so that " al" finds words that begin with "al".
    """
    names = [words(name) for name in (organisation.name_kk, organisation.name_ru)]
    form = words(LEGAL_FORMS.get(organisation.legal_form, ""))  # type: ignore[call-overload]
    found: list[str] = []
    for name in names:
        found += [BEGINS, *proper(name), ENDS]
    for word in (*names[0], *names[1], *form, organisation.bin):
        if word not in found:
            found.append(word)
    return f" {' '.join(found)} "


def proper(name: list[str]) -> list[str]:
    """A name without the words of a legal form before and after it; all of it where nothing else is."""
    first, last = 0, len(name)
    while first < last and name[first] in _OF_A_FORM:
        first += 1
    while last > first and name[last - 1] in _OF_A_FORM:
        last -= 1
    return name[first:last] or name
