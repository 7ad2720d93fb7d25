"""What the law says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString

from ortaq.law.findings import Finding, Severity

from . import draw, register


@register.simple_tag(takes_context=True)
def finding(context: Context, finding: Finding, href: str = "") -> SafeString:
    """One finding; `href` leads to where it can be mended, else the finding's own `address` if it has one."""
    href = href or str(finding.numbers.get("address") or "")
    return draw(context, "finding", finding=finding, href=href)


@register.simple_tag(takes_context=True)
def findings(
    context: Context, findings: Iterable[Finding], title: Any = "", empty: Any = ""
) -> SafeString:
    """Findings, the gravest first; `empty` is said when there are none."""
    order = list(reversed(Severity))
    found = sorted(findings, key=lambda item: order.index(item.severity))
    return draw(context, "findings", findings=found, title=title, empty=empty)


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
