"""GOST R 34.10-2012 as the national authority writes it (interop.md 7.2; called GOST-2015 there).

Keys and signatures stand little-endian: each half of a key and of a signature is reversed, and so is the
hash that is signed. `messageDigest` inside a CMS is in natural order. A signature takes 0.2-0.5 s, the hash
of a megabyte 5 s: only small manifests are signed.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from gostcrypto import gosthash, gostsignature

# OIDs by number of bits; the branch of Kazakhstan.
BITS = (256, 512)
KEY = {256: "1.2.398.3.10.1.1.2.1", 512: "1.2.398.3.10.1.1.2.2"}
CURVE = {256: "1.2.398.3.10.1.1.2.1.1", 512: "1.2.398.3.10.1.1.2.2.1"}
SIGNATURE = {256: "1.2.398.3.10.1.1.2.3.1", 512: "1.2.398.3.10.1.1.2.3.2"}
DIGEST = {256: "1.2.398.3.10.1.3.2", 512: "1.2.398.3.10.1.3.3"}
# The curve of 512 bits was tried on certificates of the authority; that of 256 bits is read in sources only.
_CURVES = {
    256: "id-tc26-gost-3410-2012-256-paramSetA",
    512: "id-tc26-gost-3410-12-512-paramSetA",
}
# Hashing more than this of what strangers send would keep a process busy for seconds.
MOST = 300 * 1024


class Wrong(ValueError):
    """A key or a signature that cannot be one."""


@lru_cache(maxsize=2)
def _curve(bits: int) -> Any:
    mode = {256: gostsignature.MODE_256, 512: gostsignature.MODE_512}[bits]
    return gostsignature.new(mode, gostsignature.CURVES_R_1323565_1_024_2019[_CURVES[bits]])


def digest(bits: int, data: bytes) -> bytes:
    """Streebog in natural order; `Wrong` for more than `MOST` bytes."""
    if len(data) > MOST:
        raise Wrong(f"{len(data)} bytes are too many for Streebog here.")
    return bytes(gosthash.new(f"streebog{bits}", data=bytearray(data)).digest())


def verify(bits: int, key: bytes, data: bytes, signature: bytes) -> bool:
    """Whether `signature` over `data` is of this public key (both as in a certificate)."""
    size = bits // 8
    if len(key) != 2 * size or len(signature) != 2 * size:
        return False
    curve = _curve(bits)
    point = _reversed_halves(key, size)
    if not _on_curve(bits, point):
        return False
    try:
        return bool(
            curve.verify(
                bytearray(point),
                bytearray(digest(bits, data)[::-1]),
                bytearray(_reversed_halves(signature, size)),
            )
        )
    except gostsignature.GOSTSignatureError:
        return False


def sign(bits: int, private: bytes, data: bytes) -> bytes:
    """For the test authority: the library is in Python and does not hide its timing."""
    size = bits // 8
    made = _curve(bits).sign(bytearray(private), bytearray(digest(bits, data)[::-1]))
    return _reversed_halves(bytes(made), size)


def new_pair(bits: int) -> tuple[bytes, bytes]:
    """A private key (big-endian) and its public one as it stands in a certificate."""
    curve, size = _curve(bits), bits // 8
    # Below the order of both curves, and never nothing.
    private = b"\x01" + os.urandom(size - 1) if bits == 512 else b"\x21" + os.urandom(size - 1)
    public = curve.public_key_generate(bytearray(private))
    return private, _reversed_halves(bytes(public), size)


def _reversed_halves(value: bytes, size: int) -> bytes:
    return value[:size][::-1] + value[size:][::-1]


def _on_curve(bits: int, point: bytes) -> bool:
    # The library does not look, and a point elsewhere could be chosen to please.
    curve: dict[str, int] = gostsignature.CURVES_R_1323565_1_024_2019[_CURVES[bits]]
    p, a, b = curve["p"], curve["a"], curve["b"]
    x, y = int.from_bytes(point[: bits // 8], "big"), int.from_bytes(point[bits // 8 :], "big")
    return 0 < x < p and 0 < y < p and (y * y - (x * x * x + a * x + b)) % p == 0
