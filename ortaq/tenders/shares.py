"""The key of a tender in the hands of several persons, any two of whom open it together.

    code      25 signs (125 bits) that a person writes on paper. It is kept nowhere here.
    key       a pair of keys of a person, drawn from the code (scrypt, RFC 7914; X25519). Only its public half is kept.
    share     32 random bytes for each person named for a tender, sealed with their public half (HPKE, RFC 9180)
    box       the private half of the tender, encrypted for each two of its persons under a key drawn from both their shares
              (HKDF, AES-256-GCM)

One share opens no box, whoever holds the machine, the database, the files, the folder of keys and the secret key with it. No sharing scheme of our own: of at
most five persons there are ten pairs, so each pair has its box.
"""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ortaq.core.keyfolder import KEY, Sealed, decrypt, derived, encrypt, new_key

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
# Signs that nobody takes for one another, in groups that a person can copy.
SIGNS, GROUP, GROUPS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 5, 5
FEWEST, MOST = 2, 5
COST = 2**15  # of scrypt: 32 MB and about a tenth of a second

Boxes = dict[str, str]


def new_code() -> str:
    """A code as it is shown once: XXXXX-XXXXX-XXXXX-XXXXX-XXXXX."""
    signs = [secrets.choice(SIGNS) for _sign in range(GROUP * GROUPS)]
    return "-".join("".join(signs[at : at + GROUP]) for at in range(0, len(signs), GROUP))


def read_code(typed: str) -> str:
    """A code as somebody typed it, in whatever case and with whatever between; "" for what is none."""
    code = "".join(typed.upper().replace("-", "").split())
    return code if len(code) == GROUP * GROUPS and set(code) <= set(SIGNS) else ""


def secret_of(code: str, salt: bytes) -> bytes:
    """The 32 bytes that a code stands for."""
    return Scrypt(salt=salt, length=KEY, n=COST, r=8, p=1).derive(read_code(code).encode())


def public_of(code: str, salt: bytes) -> str:
    """The public half of the key that a code stands for, 64 hexadecimal digits."""
    return _private(code, salt).public_key().public_bytes_raw().hex()


def _private(code: str, salt: bytes) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(secret_of(code, salt))


# --- Dividing --------------------------------------------------------------------------------------


def divide(
    private: bytes, tender: str, publics: Mapping[str, str]
) -> tuple[dict[str, bytes], Boxes]:
    """The sealed share of each person, and the boxes.

    `private` is the private half of the pair whose public half is `tender`; `publics` has the public half of each person, by a name
    that stays theirs. From two to five persons.
    """
    if not FEWEST <= len(publics) <= MOST:
        raise ValueError(f"{len(publics)} persons")
    shares = {name: new_key() for name in publics}
    sealed = {
        name: SUITE.encrypt(
            share,
            X25519PublicKey.from_public_bytes(bytes.fromhex(publics[name])),
            _info(tender, name),
        )
        for name, share in shares.items()
    }
    return sealed, {
        _pair(pair): encrypt(_box_key(shares, pair, tender), private, _about(tender, pair)).hex()
        for pair in itertools.combinations(sorted(shares), 2)
    }


def given(sealed: bytes, tender: str, name: str, code: str, salt: bytes) -> bytes:
    """The share of one person, opened with their code. `Sealed` for any other code, share or tender."""
    try:
        return SUITE.decrypt(sealed, _private(code, salt), _info(tender, name))
    except InvalidTag:
        raise Sealed("This code does not open this share.") from None


def combined(boxes: Boxes, tender: str, shares: Mapping[str, bytes]) -> bytes:
    """The private half of the tender from the shares of two persons. `Sealed` when they do not open their box."""
    pairs: Sequence[tuple[str, str]] = list(itertools.combinations(sorted(shares), 2))
    for pair in pairs:
        try:
            closed = bytes.fromhex(boxes[_pair(pair)])
            return decrypt(_box_key(shares, pair, tender), closed, _about(tender, pair))
        except (KeyError, Sealed):
            continue
    raise Sealed("The shares of two persons are needed that belong to this tender.")


def packed(boxes: Boxes) -> bytes:
    """The boxes as they lie in the folder of keys."""
    return json.dumps(boxes, sort_keys=True).encode()


def unpacked(content: bytes) -> Boxes:
    return dict(json.loads(content))


def _pair(pair: tuple[str, ...]) -> str:
    return "+".join(pair)


def _box_key(shares: Mapping[str, bytes], pair: tuple[str, ...], tender: str) -> bytes:
    return derived(b"".join(shares[name] for name in pair), _about(tender, pair))


def _about(tender: str, pair: tuple[str, ...]) -> str:
    return f"ortaq.box/1 {tender} {_pair(pair)}"


def _info(tender: str, name: str) -> bytes:
    return f"ortaq.share/1 {tender} {name}".encode()
