"""`{% url %}` and `{% translate %}` as Django has them, only quicker: pages have hundreds of both."""

from __future__ import annotations

from typing import Any

from django.template import Context
from django.template.base import Node, Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from ortaq.faces.addresses import address

from . import register


class Address(URLNode):
    """An address, worked out once for each view where only numbers stand in it."""

    def render(self, context: Context) -> str:
        if self.kwargs:
            return str(super().render(context))
        args = [one.resolve(context) for one in self.args]
        found = ""
        try:
            found = address(self.view_name.resolve(context), args, _current_app(context))
        except NoReverseMatch:
            if self.asvar is None:
                raise
        if self.asvar:
            context[self.asvar] = found
            return ""
        return str(conditional_escape(found)) if context.autoescape else found


def _current_app(context: Context) -> str | None:
    request: Any = getattr(context, "request", None)
    match = getattr(request, "resolver_match", None)
    found = getattr(request, "current_app", None) or (match.namespace if match else None)
    return found and str(found)


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """`{% url name … as … %}`."""
    node: Any = django_url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)


class Words(Node):
    """Words that stand in the template itself: looked up once in each language."""

    def __init__(self, node: TranslateNode) -> None:
        self.node, self.asvar = node, node.asvar
        node.asvar = None
        self.said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        key = get_language(), context.autoescape
        said = self.said.get(key)
        if said is None:
            said = self.said[key] = self.node.render(context)
        if not self.asvar:
            return said
        context[self.asvar] = said
        return ""


def translated(parser: Parser, token: Token) -> Node:
    """`{% translate "words" context "…" %}`."""
    node: Any = do_translate(parser, token)
    asked = [node.filter_expression, *([node.message_context] if node.message_context else [])]
    constant = all(isinstance(one.var, str) or one.var.lookups is None for one in asked)
    plain = not any(one.filters for one in asked) and not node.noop
    return Words(node) if constant and plain else node


register.tag("translate", translated)
register.tag("trans", translated)
