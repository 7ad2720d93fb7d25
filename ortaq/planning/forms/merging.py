"""Two people on one draft: fields that only one of them changed are taken from that one.

A form whose fields carry `show_hidden_initial` brings back, beside what was typed, what its page had
shown. So nobody's text is lost, and a question is asked only where both changed the same field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from ortaq.faces.parts import Difference


def watch(form: forms.BaseForm, names: Any = None) -> None:
    """Let the form's page carry what it shows, field by field."""
    for name in names or form.fields:
        form.fields[name].show_hidden_initial = True


def merged(
    form: forms.BaseForm, stored: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Difference]]:
    """What is to be saved, and the fields that somebody else changed otherwise meanwhile.

    `form` is valid; `stored` holds the present values by field. A choice made beside a difference
    (`keep-<field>`: mine or theirs) settles it.
    """
    values: dict[str, Any] = {}
    open_: list[Difference] = []
    for name, field in form.fields.items():
        mine = form.cleaned_data[name]
        if name not in stored or not field.show_hidden_initial:
            values[name] = mine
            continue
        theirs = stored[name]
        choice = form.data.get(f"keep-{name}")
        if not _differ(field, theirs, mine) or choice == "mine":
            values[name] = mine
        elif choice == "theirs" or not _typed(form, name):
            values[name] = theirs
        elif _differ(field, _shown(form, name, theirs), theirs):
            open_.append(Difference(field.label, _said(field, mine), _said(field, theirs), name))
            values[name] = mine
        else:
            values[name] = mine
    return values, open_


def _typed(form: forms.BaseForm, name: str) -> bool:
    """Whether the field was changed on this page."""
    return form.add_initial_prefix(name) not in form.data or name in form.changed_data


def _shown(form: forms.BaseForm, name: str, otherwise: Any) -> Any:
    """What the page had shown in a field, as it came back; `otherwise` where nothing came."""
    key = form.add_initial_prefix(name)
    if key not in form.data:
        return otherwise
    return form.fields[name].hidden_widget().value_from_datadict(form.data, form.files, key)


def _differ(field: forms.Field, one: Any, other: Any) -> bool:
    return bool(_plain(field, one) != _plain(field, other))


def _plain(field: forms.Field, value: Any) -> Any:
    """One form for what a field shows, gives and stores."""
    if isinstance(value, list | tuple):
        return sorted(map(str, value))
    if isinstance(field, forms.BooleanField):
        return value in (True, "True", "on", "1")
    if value is None:
        return ""
    return "\n".join(str(field.prepare_value(value)).split("\r\n")).strip()


def _said(field: forms.Field, value: Any) -> str:
    choices = dict(getattr(field, "choices", ()))
    if isinstance(value, list | tuple):
        return ", ".join(str(choices.get(one, one)) for one in value) or "—"
    if choices:
        return str(choices.get(value, value)) or "—"
    return str(field.prepare_value(value) or "—")
