from functools import lru_cache
from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.faces import hooks, public


def is_signed_in(request: HttpRequest) -> bool:
    from ortaq.people import policy

    return policy.is_signed_in(getattr(request, "actor", None))


def page_of(organisation: Any) -> str:
    """The page of an NGO, a state body or the operator; other organisations have none."""
    name = PAGES.get(getattr(organisation, "kind", ""))
    if not name:
        return ""
    before, after = _around(name, get_urlconf(), get_script_prefix())
    return f"{before}{organisation.bin}{after}"


@lru_cache(
    maxsize=64
)  # a list names a hundred organisations, and all their pages differ in the BIN alone
def _around(name: str, _urlconf: Any, _prefix: str) -> tuple[str, str]:
    """What stands before and after the BIN in the address of a page."""
    before, _bin, after = reverse(name, args=[ANY]).partition(ANY)
    return before, after


ANY = "0" * 12
PAGES = {
    "ngo": "portal:ngo",
    "state_body": "portal:body",
    "authorised_body": "portal:body",
    "operator": "portal:body",
}


class PortalConfig(AppConfig):
    """The front door: what Ortaq is, and what awaits whom."""

    name = "ortaq.portal"
    label = "portal"

    def ready(self) -> None:
        desk = hooks.Entry("portal:desk", _("My desk"), order=10, shown=is_signed_in)
        dashboard = hooks.Entry("portal:dashboard", _("Dashboard"), order=10, shown=is_signed_in)
        search = hooks.Entry("portal:search", pgettext_lazy("page", "Search"), order=15)
        money = hooks.Entry("portal:money", _("Public money"), order=56)
        hooks.navigation += [desk, dashboard, search, money]
        hooks.organisation_pages.append(page_of)
        from ortaq.gazette.queries import watermark

        from .queries import late

        public.marks.update(gazette=watermark, late=late.mark)
