"""What is sealed and committed to: the bid as it was when it arrived.

    {
      "format": "ortaq.bid/1",
      "bid": 17,  "language": "kk",
      "tender": {"key": 4, "number": "…"},
      "lot": {"key": 9, "position": 1, "title_kk": "…", "title_ru": "…"},
      "bidder": {"bin": "…", "name_kk": "…", "name_ru": "…"},
      "sections": {"goals_match": [{"id": "~…", "goal": "…", "match": "…"}], "plan": [...], ...},
      "services": [{"key": "…", "offer": "…", "quantity": 3, "above": "…"}],
      "price_tiyn": 450000000,
      "files": [{"token": "…", "slot": "charter", "name": "…", "kind": "…", "size": 1, "sha256": "…"}],
      "nonce": "64 hexadecimal digits"
    }

The commitment is the SHA-256 of its canonical form. The nonce keeps anybody from finding the price
by trying prices out.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from .whole import Whole

FORMAT = "ortaq.bid/1"
OUTSIDE = ("services", "price")  # stand in places of their own


def new_nonce() -> str:
    """A random word, 64 hexadecimal digits."""
    return secrets.token_hex(32)


def manifest(whole: Whole) -> dict[str, Any]:
    """The canonical content, with the nonce of the draft; a new one where it has none yet."""
    bid, lot = whole.bid, whole.bid.lot
    organisation = bid.organisation
    return {
        "format": FORMAT,
        "bid": bid.pk,
        "language": bid.language,
        "tender": {"key": lot.tender_id, "number": lot.tender.number},
        "lot": {
            "key": lot.pk,
            "position": lot.position,
            "title_kk": lot.topic.title_kk,
            "title_ru": lot.topic.title_ru,
        },
        "bidder": {
            "bin": organisation.bin,
            "name_kk": organisation.name_kk,
            "name_ru": organisation.name_ru,
        },
        "sections": {key: value for key, value in whole.data.items() if key not in OUTSIDE},
        "services": [{"key": one.key, **whole.service(one)} for one in whole.services],
        "price_tiyn": whole.price,
        "files": [
            {name: value for name, value in asdict(one).items() if name != "key"}
            for one in whole.draft.files
        ],
        "nonce": whole.draft.nonce or new_nonce(),
    }
