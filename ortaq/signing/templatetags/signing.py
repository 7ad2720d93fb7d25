"""`{% signatures contract %}`: who has signed a thing and who has not, with the way to sign it."""

from __future__ import annotations

from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from ortaq.core.keys import key_of
from ortaq.signing import modes, occasions, policy, queries, requirement

register = Library()


@register.simple_tag(takes_context=True)
def signatures(
    context: Context, obj: Any, occasion: str = "", *, public: bool = False, back: str = ""
) -> SafeString:
    """A panel for the page of `obj`; nothing where its signing is off. One query beside what its room asks.

    `occasion`: its key, when not that of the row (`projects.contract`). `public` says organisations and
    times only. `back`: where to go after signing (default: the page of the object).
    """
    kind = occasions.get(occasion or key_of(obj).partition(":")[0])
    if kind is None or (mode := requirement.mode(kind, obj)) == modes.OFF:
        return SafeString("")
    parties = list(kind.parties(obj))
    standings = queries.standing(kind, obj, data=kind.manifest(obj, parties), parties=parties)
    begun = any(one.signed or one.outdated for one in standings)
    if not standings or not (begun or kind.open(obj)):
        return SafeString("")  # not to be signed yet, or signed on paper
    waiting = [one.party for one in standings if one.signed is None]
    actor = context.get("actor")
    signs = not public and kind.open(obj) and policy.signs_for(actor, kind, obj, waiting)
    values = {
        "standings": standings,
        "full": not public,
        "required": mode == modes.REQUIRED,
        "package": not public
        and any(one.signed for one in standings)
        and kind.packs(actor, obj)
        and reverse("signing:package", args=[kind.key, obj.pk]),
        "address": signs and requirement.page(kind, obj, back or kind.address(obj)),
    }
    return render_to_string("signing/signatures.html", values)
