"""Django's forms, drawn with the house's components."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` look the same on every page."""

    form_template_name = "faces/components/form.html"
    field_template_name = "faces/components/field.html"
