"""Django's forms, drawn with the house's components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting

from .tags import fields


class Renderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` look the same on every page.

    A page of an application has a hundred fields: they and their inputs are written in Python (`tags.forms`).
    """

    form_template_name = "faces/components/form.html"
    field_template_name = "faces/components/field.html"

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        if drawn := DRAWN.get(template_name):
            return drawn(context)
        return str(super().render(template_name, context, request))


def _widget(draw: Callable[[Mapping[str, Any]], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda context: draw(context["widget"])


INPUTS = (
    "checkbox", "color", "date", "datetime", "email", "hidden", "input", "number", "password", "search", "tel", "text",
    "time", "url",
)  # fmt: skip
DRAWN: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "faces/components/field.html": lambda context: fields.whole_field(context["field"]),
    "django/forms/errors/list/default.html": lambda context: fields.errors(context["errors"]),
    "django/forms/widgets/textarea.html": _widget(fields.textarea),
    "django/forms/widgets/select.html": _widget(fields.select),
    "django/forms/widgets/radio.html": _widget(fields.choices),
    "django/forms/widgets/checkbox_select.html": _widget(fields.choices),
    **{f"django/forms/widgets/{name}.html": _widget(fields.typed) for name in INPUTS},
}
