"""What settings say of one another, and the folders and files that they name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

from .told import Trouble, advice

LEAST_FREE = 1024**3  # bytes
SHORTEST_SECRET = 32
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def troubles(settings: Any) -> Iterator[Trouble]:
    yield from address(settings)
    yield from secret(settings)
    yield from folders(settings)
    yield from catalogues()
    yield from static(settings)
    yield from anchors(settings)


def is_public(host: str) -> bool:
    """Whether others than this machine and its network can come to a host of this name."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".test")):
        return False
    try:
        return not ip_address(host).is_private
    except ValueError:
        return True


def address(settings: Any) -> Iterator[Trouble]:
    """The name of the site, who may ask for it, what stands before it."""
    site = urlsplit(settings.SITE_URL)
    host = site.hostname or ""
    if site.scheme not in ("http", "https") or not host:
        yield Trouble(
            f"ORTAQ_SITE_URL is “{settings.SITE_URL}”, which is no address.",
            "Links in letters lead nowhere, and cookies are not protected.",
            "Set it as readers type it: ORTAQ_SITE_URL=https://ortaq.example.kz",
        )
        return
    if not _is_allowed(host, settings.ALLOWED_HOSTS):
        yield Trouble(
            f"ORTAQ_HOSTS does not have {host}, the host of ORTAQ_SITE_URL.",
            "Whoever follows a link of a letter gets an error instead of a page.",
            f"Set ORTAQ_HOSTS={','.join([host, *settings.ALLOWED_HOSTS])}",
        )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if "://" not in origin:
            yield Trouble(
                f"ORTAQ_ORIGINS has “{origin}” without http:// or https://.",
                "No command of the program starts.",
                f"Set ORTAQ_ORIGINS=https://{origin}",
            )
    if not is_public(host):
        return
    if "*" in settings.ALLOWED_HOSTS:
        yield Trouble(
            "ORTAQ_HOSTS lets everybody name the site as they like (*).",
            "Letters with links to a stranger's site can be made to leave from here.",
            f"Set ORTAQ_HOSTS={host}",
        )
    if site.scheme == "http":
        yield Trouble(
            f"{settings.SITE_URL} is open to others without https.",
            "Passwords and applications cross the network readable.",
            f"Put a proxy with a certificate before it and set ORTAQ_SITE_URL=https://{host}",
        )
    elif not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield advice(
            "The site is reached by https, and ORTAQ_PROXIES is 0.",
            "All readers seem to come from the proxy: nobody who floods the site can be told from the others.",
            "Set ORTAQ_PROXIES=1 when one proxy stands before it and sets X-Forwarded-For anew.",
        )
    if settings.DEBUG:
        yield Trouble(
            "ORTAQ_DEBUG is on where others can come.",
            "Every error shows passers-by the inside of the program, with what others typed.",
            "Take ORTAQ_DEBUG away.",
        )
    if settings.DEMO:
        yield Trouble(
            f"This is a demonstration, and it is open at {settings.SITE_URL}.",
            "Everybody can sign in as anybody and move the clock: nothing here is worth anything in law.",
            "Never put real data into it. For a real site take ORTAQ_DEMO away and use a database of its own.",
        )


def _is_allowed(host: str, allowed: list[str]) -> bool:
    bare = {one.strip("[]") for one in allowed}
    within = any(one.startswith(".") and f".{host}".endswith(one) for one in allowed)
    return "*" in bare or host in bare or within


def secret(settings: Any) -> Iterator[Trouble]:
    """The secret key is long, and only this user reads it."""
    path = Path(settings.VAR) / "secret_key"
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        yield Trouble(
            f"The secret key has {len(settings.SECRET_KEY)} characters.",
            "It guards sessions and the keys of sealed bids; a short one can be guessed.",
            "Set ORTAQ_SECRET_KEY to 50 random characters, and the present one as ORTAQ_SECRET_KEY_OLD; then `ortaq keys rotate`.",
        )
    if path.exists() and path.stat().st_mode & 0o077:
        yield Trouble(
            f"Others on this machine can read {path}.",
            "Whoever has the secret key can sign in as anybody.",
            f"Type `chmod 600 {path}`. If others work on this machine, `ortaq keys new` too.",
        )


def folders(settings: Any) -> Iterator[Trouble]:
    """What must be written can be written, what must be closed is closed, and there is room."""
    named = {
        "ORTAQ_VAR": Path(settings.VAR),
        "ORTAQ_SEALS": Path(settings.ORTAQ_SEALS),
        **({} if settings.ORTAQ_FILES_URL else {"ORTAQ_FILES": Path(settings.MEDIA_ROOT)}),
    }
    for name, folder in named.items():
        if not _takes_files(_standing(folder)):
            yield Trouble(
                f"{folder} ({name}) cannot be written.",
                "Nothing that is handed in could be kept.",
                f"Give it to the user of the service: `chown -R {_user()} {_standing(folder)}`. If the disk is read-only, look into "
                "the system's log why.",
            )
    seals = Path(settings.ORTAQ_SEALS)
    if seals.exists() and seals.stat().st_mode & 0o077:
        yield Trouble(
            f"Others on this machine can look into {seals}.",
            "The keys of sealed bids lie there.",
            f"Type `chmod 700 {seals}`",
        )
    free = shutil.disk_usage(_standing(Path(settings.VAR))).free
    if free < LEAST_FREE:
        yield Trouble(
            f"The disk of {settings.VAR} has {free // 1024**2} MB left.",
            "When it is full no application is accepted any more, and perhaps none reported lost.",
            "Make room, or move ORTAQ_FILES to another disk.",
        )


def _standing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _takes_files(folder: Path) -> bool:
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"ortaq")
    except OSError:
        return False
    return True


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "ortaq"


def catalogues() -> Iterator[Trouble]:
    """Pages are in Kazakh and Russian only where catalogues are compiled."""
    from ortaq.core.catalogues import catalogues as sources

    stale = [
        source
        for source in sources()
        if not (compiled := source.with_suffix(".mo")).exists()
        or compiled.stat().st_mtime < source.stat().st_mtime
    ]
    if stale:
        yield Trouble(
            f"{len(stale)} catalogues are not compiled, or older than their source.",
            "Some of the words on pages stand in English.",
            "Type `ortaq compilecatalogues` and restart the server.",
        )


def static(settings: Any) -> Iterator[Trouble]:
    """Style sheets, scripts and fonts are where they are served from."""
    why = "Pages come without style, and files cannot be chosen or saved by themselves."
    if settings.COLLECTED:
        if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
            yield Trouble(
                f"There are no collected static files in {settings.STATIC_ROOT}.",
                "No page can be shown at all.",
                "Type `ortaq collectstatic --noinput`, or take ORTAQ_COLLECTED away.",
            )
    elif not (Path(settings.ORTAQ_NODE_MODULES) / "bootstrap").is_dir():
        yield Trouble(
            f"The interface kit is not in {settings.ORTAQ_NODE_MODULES}.", why, "Type `make setup`."
        )


def anchors(settings: Any) -> Iterator[Trouble]:
    """Where signatures are required somebody must be trusted."""
    required = [word for word in settings.ORTAQ_SIGNATURES if word.endswith("required")]
    folder = Path(settings.ORTAQ_SIGNING_ANCHORS)
    empty = not folder.is_dir() or not any(folder.iterdir())
    if required and empty and not settings.DEMO and "offline" in settings.ORTAQ_SIGNATURE_VERIFIER:
        yield Trouble(
            f"Signatures are required ({', '.join(required)}), and {folder} holds no certificate to trust.",
            "Every signature is refused, so nothing of this can be concluded.",
            "Put the certificates of the National Certification Authority there: docs/signatures.md says how.",
        )
