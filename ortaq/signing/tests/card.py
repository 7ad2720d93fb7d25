"""An organisation's card, which stands for anything that is signed: this room knows none of those above it."""

from functools import partial
from io import BytesIO

from django.urls import reverse

from ortaq.core import keys
from ortaq.people.models import Organisation, Role
from ortaq.signing.occasions import Occasion, Party, SignedFile, What

CARD = Occasion(
    "people.card",
    "Card",
    kind="contract",
    find=lambda actor, pk: Organisation.objects.filter(
        pk=pk, pk__in=actor.organisation_ids
    ).first(),
    edition=lambda card: None,
    what=lambda card: What(
        1,
        {"kk": card.name_kk, "ru": ""},
        {"address": card.address_ru},
        [SignedFile("Жарғы.pdf", "ab" * 32, 5000, partial(BytesIO, b""))],
    ),
    parties=lambda card: [
        Party("ngo", "NGO", card.bin, keys.organisation(card.pk), name=card.name),
        Party("chair", "Ерлан, chair", iin="880101400027"),
    ],
    may_sign=lambda actor, card, party: party.key == "ngo" and Role.HEAD in actor.roles_in(card),
    address=lambda card: reverse("people:organisation", args=[card.pk]),
)
