"""Fields of Django's forms and their inputs, as its templates draw them: a template of its own for each would cost ten times as much."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms import BoundField
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .inline import sign

Widget = Mapping[str, Any]
PLAIN = Context()


def _shown(value: Any) -> str:
    """A value as `{{ value }}` shows it."""
    if isinstance(value, str):
        return value if isinstance(value, SafeString) else escape(value)
    return str(render_value_in_context(value, PLAIN))


def _written(value: Any) -> str:
    """A value of an attribute, numbers as they are: `{{ value|stringformat:"s" }}`."""
    return value if isinstance(value, SafeString) else escape(str(value))


# --- A field with its label, help and errors -----------------------------------------------------


def whole_field(field: BoundField) -> str:
    """A field with everything around it; a hidden one alone."""
    drawn, widget = str(field), field.field.widget
    if field.is_hidden:
        return drawn
    kind, wrong, help_text = field.widget_type, field.errors, field.help_text
    tick = kind == "checkbox"
    classes = f"field{' has-errors' if wrong else ''}{' field-tick' if tick else ''}"
    label = _shown(field.label)
    needed = field.field.required or "data-needed" in widget.attrs
    optional = "" if needed else f' <span class="optional">{_shown(_("(optional)"))}</span>'
    head = end = ""
    if field.use_fieldset:
        about = field.aria_describedby
        said = f' aria-describedby="{_shown(about)}"' if about else ""
        head = f"<fieldset{said}><legend>{label}{optional}</legend>\n  "
        end = "</fieldset>"
    elif not tick:
        head = f'<label for="{_shown(field.id_for_label)}">{label}{optional}</label>'
    ticked = (
        f'<div class="tick">{drawn} <label for="{_shown(field.id_for_label)}">{label}</label></div>'
        if tick
        else ""
    )
    note = (
        f'<p class="help" id="{_shown(field.auto_id)}_helptext">{_shown(help_text)}</p>'
        if help_text
        else ""
    )
    return (
        f'<div class="{classes}" data-field="{_shown(field.html_name)}">\n  {head}\n  {ticked}\n  {note}\n'
        f"  {wrong or ''}\n  {'' if tick else drawn}\n  {end}\n</div>"
    )


def errors(found: Any) -> str:
    """What is wrong with one field, an `ErrorList`."""
    if not found:
        return ""
    picture = sign("exclamation-circle-fill")
    lines = "".join(f"<li>{picture} {_shown(one)}</li>" for one in found)
    return f'<ul class="errors" id="{_shown(found.field_id)}_error">{lines}</ul>'


# --- Inputs: `widget` is what Django hands to its templates -------------------------------------


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_shown(name)}" if value is True else f' {_shown(name)}="{_written(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def typed(widget: Widget) -> str:
    """An input of any type."""
    value = widget["value"]
    given = "" if value is None else f' value="{_written(value)}"'
    return (
        f'<input type="{_shown(widget["type"])}" name="{_shown(widget["name"])}"{given}'
        f"{_attributes(widget['attrs'])}>"
    )


def textarea(widget: Widget) -> str:
    """An input of several lines."""
    value = widget["value"]
    return (
        f'<textarea name="{_shown(widget["name"])}"{_attributes(widget["attrs"])}>\n'
        f"{_shown(value) if value else ''}</textarea>"
    )


def select(widget: Widget) -> str:
    """One of several, or several, from a list."""
    lines = []
    for group, offered, _index in widget["optgroups"]:
        if group:
            lines.append(f'\n  <optgroup label="{_shown(group)}">')
        lines += [
            f'\n  <option value="{_written(one["value"])}"{_attributes(one["attrs"])}>{_shown(one["label"])}</option>'
            for one in offered
        ]
        if group:
            lines.append("\n  </optgroup>")
    return f'<select name="{_shown(widget["name"])}"{_attributes(widget["attrs"])}>{"".join(lines)}\n</select>'


def choices(widget: Widget) -> str:
    """One of several, or several, each to be ticked."""
    attributes, lines = widget["attrs"], []
    for group, offered, _index in widget["optgroups"]:
        if group:
            lines.append(f"\n  <div><label>{_shown(group)}</label>")
        lines += [f"<div>\n    {_choice(one)}</div>" for one in offered]
        if group:
            lines.append("\n  </div>")
    named = "".join(
        f' {name}="{_shown(attributes[name])}"' for name in ("id", "class") if attributes.get(name)
    )
    return f"<div{named}>{''.join(lines)}\n</div>"


def _choice(option: Widget) -> str:
    if not option.get("wrap_label"):
        return f"{typed(option)}\n\n\n"
    name = option["attrs"].get("id")
    leads = f' for="{_shown(name)}"' if name else ""
    return f"<label{leads}>{typed(option)}\n {_shown(option['label'])}</label>\n\n"
