"""A test authority: a root, an intermediate, certificates with Kazakh subjects, CRLs. Worth nothing elsewhere.

For the demonstration (`Authority.at(settings.ORTAQ_SIGNING_AUTHORITY)`, made when absent, keys under
var/) and for tests (`Authority.fresh()`, in memory). Being built: this is its interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

RSA, GOST = "rsa", "gost"


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with its key, both DER. `iin` and `bin` as in its subject."""

    certificate: bytes
    key: bytes
    algorithm: str
    iin: str
    bin: str
    usage: str


class Authority:
    """See the module."""

    @classmethod
    def at(cls, folder: Path) -> Authority:
        """The authority kept in `folder`; made there when it is not yet."""
        raise NotImplementedError

    @classmethod
    def fresh(cls) -> Authority:
        """A new one in memory."""
        raise NotImplementedError

    def issue(
        self,
        *,
        name: str,
        iin: str,
        bin: str = "",
        organisation: str = "",
        roles: Sequence[str] = (),
        usage: str = "SIGN",
        algorithm: str = RSA,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> Credential:
        """A certificate: `usage` SIGN or AUTH; `roles` are OIDs (default: individual, or head of `bin`)."""
        raise NotImplementedError

    def revoke(self, credential: Credential, at: datetime) -> None:
        """The CRL names it from now on."""
        raise NotImplementedError

    def sign(
        self,
        credential: Credential,
        data: bytes,
        *,
        attached: bool = False,
        at: datetime | None = None,
    ) -> bytes:
        """A CMS (DER) over `data` with the signer's certificate, the chain and the CRLs in it."""
        raise NotImplementedError
