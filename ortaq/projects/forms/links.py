"""Links of publications as people paste them: one on a line, with a title and a day beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from ortaq.projects.models import Evidence

Media = Evidence.Media
SOCIAL_NETWORKS = {
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
    "fb.com": "Facebook",
    "t.me": "Telegram",
    "telegram.me": "Telegram",
    "tiktok.com": "TikTok",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "vk.com": "VK",
    "x.com": "X",
    "twitter.com": "X",
    "threads.net": "Threads",
    "threads.com": "Threads",
    "linkedin.com": "LinkedIn",
    "ok.ru": "OK",
    "wa.me": "WhatsApp",
    "whatsapp.com": "WhatsApp",
}


@dataclass(frozen=True, slots=True)
class Link:
    """What one line of pasted text says."""

    line: int
    address: str
    title: str
    day: date | None = None
    media: str = ""
    medium: str = ""


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")


def link_of(line: int, text: str) -> Link | None:
    """The link of one line with the title and day beside it; None where there is no link."""
    found = _ADDRESS.search(text)
    if found is None:
        return None
    address = found[0].rstrip(".,;)»")
    if address.lower().startswith("www."):
        address = f"https://{address}"
    rest, day = text.replace(found[0], " "), None
    if written := _DAY.search(rest):
        try:
            day = date(int(written[3]), int(written[2]), int(written[1]))
            rest = rest.replace(written[0], " ")
        except ValueError:
            day = None
    title = " ".join(rest.split()).strip(" -–—|;,")
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    network = next(
        (
            name
            for site, name in SOCIAL_NETWORKS.items()
            if host == site or host.endswith(f".{site}")
        ),
        "",
    )
    return Link(line, address, title[:500], day, Media.SOCIAL if network else "", network or host)
