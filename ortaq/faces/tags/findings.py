"""What the law says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ortaq.faces import say
from ortaq.faces.tones import Tone
from ortaq.law.findings import Finding, Severity

from . import draw, register
from .inline import TONES, clause, icon, sign

GRAVEST_FIRST = {severity: place for place, severity in enumerate(reversed(Severity))}
# The picture of a severity and what it says to whoever does not see it.
SIGNS = {
    Tone.BAD: ("x-circle-fill", pgettext_lazy("severity", "Error")),
    Tone.WARNING: ("exclamation-triangle-fill", pgettext_lazy("severity", "Warning")),
    Tone.GOOD: ("check-circle-fill", pgettext_lazy("severity", "In order")),
}
NOTE = ("info-circle-fill", pgettext_lazy("severity", "Note"))


# A published tender shows a finding for each of its lots and of its bids, so these are written here: see `inline`.


@register.simple_tag
def finding(finding: Finding, href: str = "") -> SafeString:
    """One finding; `href` leads to where it can be mended, else the finding's own `address` if it has one."""
    href = href or str(finding.numbers.get("address") or "")
    tone = TONES[finding.severity]
    picture, said = SIGNS.get(tone, NOTE)
    foot: Any = ""
    if finding.cite or href:
        way = format_html('<a href="{}">{}</a>', href, _("Go there")) if href else ""
        cited = clause(finding.cite) if finding.cite else ""
        foot = format_html('<p class="finding-foot">{}{}</p>', way, cited)
    return format_html(
        '\n<div class="finding finding-{}">\n{}\n<div><p>{}</p>\n{}</div>\n</div>\n',
        tone,
        icon(picture, str(said)),
        say.text(finding.message),
        foot,
    )


@register.simple_tag
def findings(findings: Iterable[Finding], title: Any = "", empty: Any = "") -> SafeString:
    """Findings, the gravest first; `empty` is said when there are none."""
    found = sorted(findings, key=lambda item: GRAVEST_FIRST[item.severity])
    if found:
        head = format_html('<h2 class="h5">{}</h2>', say.text(title)) if title else ""
        lines = format_html_join("", "<li>{}</li>", ((finding(one),) for one in found))
        return format_html(
            '\n<section class="findings">\n{}\n<ul>{}</ul>\n</section>\n', head, lines
        )
    if not empty:
        return SafeString("")
    return format_html(
        '\n<p class="all-well">{} {}</p>\n', sign("check-circle-fill"), say.text(empty)
    )


@register.simple_tag(takes_context=True)
def completeness(
    context: Context,
    findings: Iterable[Finding],
    total: int | None = None,
    links: Mapping[str, str] | None = None,
    title: Any = "",
) -> SafeString:
    """What is still missing. `total`: how many things are asked, for the progress bar; `links`:
    the address where each `finding.about` is filled in (the longest matching beginning counts).
    """
    found = list(findings)
    missing = [item for item in found if item.severity is Severity.ERROR]
    others = [item for item in found if item.severity in {Severity.WARNING, Severity.NOTICE}]
    lines = [(item, _address(item.about, links or {})) for item in [*missing, *others]]
    return draw(
        context,
        "completeness",
        lines=lines,
        missing=len(missing),
        total=total,
        done=max(0, total - len(missing)) if total is not None else None,
        title=title,
    )


def _address(about: str, links: Mapping[str, str]) -> str:
    fitting = [start for start in links if about == start or about.startswith(f"{start}.")]
    return links[max(fitting, key=len)] if fitting else links.get("", "")


@register.simple_tag(takes_context=True)
def receipt(
    context: Context, number: str, at: datetime, sha256: str, files: Iterable[Any] = ()
) -> SafeString:
    """Proof that something arrived: number, instant, SHA-256 of the content and of each file."""
    return draw(context, "receipt", number=number, at=at, sha256=sha256, files=list(files))
