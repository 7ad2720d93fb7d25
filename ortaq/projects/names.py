"""How annex 3 wants names written: capital letter, no quotation marks, no full stop (GR-I-02)."""

from __future__ import annotations

QUOTES = '«»"“”„‟'


def as_name(text: str) -> str:
    """`text` as the form wants it."""
    plain = " ".join("".join(letter for letter in text if letter not in QUOTES).split()).rstrip(".")
    return plain[:1].upper() + plain[1:]


def is_name(text: str) -> bool:
    """Whether `text` is written as the form wants it."""
    written = text.strip()
    return (
        not set(written) & set(QUOTES)
        and not written.endswith(".")
        and (not written[:1].isalpha() or written[:1].isupper())
    )
