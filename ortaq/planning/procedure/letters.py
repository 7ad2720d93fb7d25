"""Letters of the public discussion: to whoever commented, with or without an account."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from ortaq.core import letters
from ortaq.planning.models import Comment, Formation


def recipient(comment: Comment) -> Any:
    """Who wrote a comment: the person, or the address that was confirmed."""
    return comment.author or letters.Guest(comment.email, comment.language)


def confirm(comment: Comment) -> None:
    """Ask whoever comments without an account to confirm the e-mail address."""
    letters.prepare(
        comment,
        "confirm",
        [recipient(comment)],
        "planning/letters/confirm.txt",
        {"path": reverse("planning:comment_confirm", args=[comment.token])},
        release=True,
    )


def decided(formation: Formation, counted: QuerySet[Comment]) -> None:
    """Tell everybody whose comment counts what was decided and why."""
    path = reverse("planning:report", args=[formation.pk])
    rows = counted.select_related("author", "formation")
    for comment in rows.iterator(chunk_size=500):
        letters.prepare(
            comment,
            "decided",
            [recipient(comment)],
            "planning/letters/decided.txt",
            {"path": path},
            release=True,
        )
