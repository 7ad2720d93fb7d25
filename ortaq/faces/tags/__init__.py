"""The house's components and filters, by what they show; `templatetags.faces` offers them all."""

from __future__ import annotations

from typing import Any

from django.template import Context, Library
from django.utils.safestring import SafeString

register = Library()


def draw(context: Context, component: str, **values: Any) -> SafeString:
    """A component's template with `values`, and of the page only what every page has."""
    kept = {name: context.get(name) for name in ("request", "csrf_token", "actor")}
    assert context.template is not None  # a tag runs inside a template
    source = context.template.engine.get_template(f"faces/components/{component}.html")
    return source.render(context.new({**kept, **values}))
