"""Errors of the API: one shape for all, findings as pages have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import JsonResponse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Refused
from ortaq.law.findings import Finding, Severity, plain
from ortaq.law.text import Text
from ortaq.projects.procedure.shared import CHANGED

BEHIND = frozenset({CHANGED, "moved_on"})
# The status of an answer by the word that stands in it.
STATUS = {
    "unreadable": 400,
    "unauthorised": 401,
    "forbidden": 403,
    "not_found": 404,
    "wrong_method": 405,
    "conflict": 409,
    "too_large": 413,
    "refused": 422,
    "too_many": 429,
    "broken": 500,
}
WORD = {status: word for word, status in STATUS.items()}
# What is said where nothing more is known than the status.
SAID = {
    "unreadable": _("The request could not be understood. Nothing was changed."),
    "unauthorised": _("Send a token: Authorization: Bearer <token>."),
    "forbidden": _("The token or the person who made it may not do this."),
    "not_found": _("There is nothing here that you may know of."),
    "wrong_method": _("This address does not take this method."),
    "too_large": _("The request is larger than the API takes."),
    "broken": _("Something broke here. Nothing was changed; try again later."),
}
# Errors of the reader of input, by what it calls them.
MISREAD = {
    "missing": _("This is missing."),
    "extra_forbidden": _("There is no such field."),
    "enum": _("This is none of the values that the documentation lists."),
    "literal_error": _("This is none of the values that the documentation lists."),
    "int_type": _("Write a whole number: money is a whole number of tiyn, never a fraction."),
    "string_type": _("Write a text."),
    "string_too_long": _("This is too long."),
    "string_too_short": _("This is too short."),
    "too_long": _("These are too many."),
    "greater_than_equal": _("This is too small."),
    "greater_than": _("This is too small."),
    "less_than_equal": _("This is too large."),
    "timezone_aware": _(
        "Write the instant with its offset, for example 2027-03-01T10:00:00+05:00."
    ),
}
NOT_OF_ITS_KIND = _("This is not of the kind that the documentation asks for.")


class Problem(Exception):
    """An answer that is an error; `word` is one of `STATUS`."""

    def __init__(
        self,
        word: str,
        findings: Iterable[Finding] = (),
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.word, self.findings, self.headers = word, list(findings), dict(headers or {})
        super().__init__(word)

    def response(self) -> JsonResponse:
        found = self.findings or [Finding(self.word, Severity.ERROR, SAID[self.word])]
        content = {"error": self.word, "findings": [said(one) for one in found]}
        return JsonResponse(
            content,
            status=STATUS[self.word],
            headers=self.headers,
            json_dumps_params={"ensure_ascii": False},
        )


def said(finding: Finding) -> dict[str, Any]:
    """A finding as the API says it: the message in the reader's language."""
    language = get_language() or "kk"
    message = finding.message
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": message.say(language) if isinstance(message, Text) else str(message),
        "about": finding.about,
        "cite": finding.cite.as_dict() if finding.cite else None,
        "numbers": {name: plain(value) for name, value in finding.numbers.items()},
    }


def error(code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, numbers=numbers, about=about)


def of_refusal(refused: Refused) -> Problem:
    """A step that was not taken: the same findings as on a page."""
    if refused.has(*BEHIND):
        return Problem("conflict", refused.findings)
    if refused.has("not_yours"):
        return Problem("forbidden", refused.findings)
    return Problem("refused", refused.findings)


def of_forms(form: forms.BaseForm, names: Mapping[str, str]) -> Problem:
    """What a form of the house says against its input; `names` are those of the API by the form's own."""
    found = [
        error(
            str(one.code or "invalid"),
            " ".join(one.messages),
            "" if name == NON_FIELD_ERRORS else names.get(name, name),
        )
        for name, errors in form.errors.as_data().items()
        for one in errors
    ]
    return Problem("refused", found)


def of_misread(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """What the reader of input says: where each error stands, in words of ours."""
    if any(one["loc"][:1] == ("path",) for one in errors):
        return Problem("not_found")
    return Problem(
        "refused",
        [error(one["type"], MISREAD.get(one["type"], NOT_OF_ITS_KIND), _where(one["loc"])) for one in errors],
    )  # fmt: skip


def _where(place: Sequence[Any]) -> str:
    """("body", "given", "sum_tiyn") → "sum_tiyn"; the name of our own argument says nothing to a reader."""
    inner = place[2:] if place[:1] == ("body",) else place[1:]
    return ".".join(str(part) for part in inner)


def unknown_parameters(names: Iterable[str]) -> Problem:
    message = pgettext_lazy("API", "There is no such parameter.")
    return Problem("refused", [error("unknown_parameter", message, name) for name in names])
