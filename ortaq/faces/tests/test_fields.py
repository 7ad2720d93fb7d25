"""Inputs written in Python look to the last sign as Django's own templates draw them."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from ortaq.faces.renderer import DRAWN, Renderer

STRANGE = '<b title="x">&\''
CHOICES = [
    ("", _("Yes")),
    (STRANGE, STRANGE),
    (3, mark_safe("<i>safe</i>")),
    ("group & <co>", [("a", "A"), (True, "on")]),
]
INPUTS: list[tuple[forms.Widget, Any]] = [
    *(
        (kind(attrs=attrs), value)
        for kind in (
            forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.HiddenInput, forms.DateInput,
            forms.DateTimeInput, forms.TimeInput, forms.PasswordInput, forms.CheckboxInput, forms.Textarea,
        )
        for attrs in ({}, {"maxlength": 2000, "required": True, "hidden": False, "title": STRANGE})
        for value in (None, "", STRANGE, "on", 1234567, mark_safe("<u>"))
    ),
    *(
        (kind(attrs=attrs, choices=CHOICES), value)
        for kind in (forms.Select, forms.RadioSelect, forms.SelectMultiple, forms.CheckboxSelectMultiple)
        for attrs in ({}, {"id": "id_a", "class": "c", "disabled": True})
        for value in (None, "", STRANGE, ["3", "a"], "a")
    ),
]  # fmt: skip


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_an_input_is_what_djangos_template_draws(language: str, settings: Any) -> None:
    settings.LANGUAGE_CODE = language
    own, theirs = Renderer(), DjangoTemplates()
    for widget, value in INPUTS:
        assert widget.template_name in DRAWN
        drawn = widget.render("n&me", value, {"id": "id_x"}, own)
        expected = str(widget.render("n&me", value, {"id": "id_x"}, theirs))
        if isinstance(widget, forms.Select) and "select" in widget.template_name:
            expected = expected.replace("\n\n", "\n").replace(
                "\n  \n", "\n  "
            )  # an empty line after each option
        assert drawn == expected, widget
