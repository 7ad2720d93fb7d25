"""Components and filters as one builtin library, so that no page has to load it.

One template per visible thing under `templates/faces/components/`, its parameters at the top.
`/components/` shows every one of them in every state and language.
"""

from ortaq.faces.tags import (
    blocks,
    findings,
    forms,
    inline,
    kept,
    lists,
    pictures,
    register,
    words,
)

__all__ = [
    "blocks",
    "findings",
    "forms",
    "inline",
    "kept",
    "lists",
    "pictures",
    "register",
    "words",
]
