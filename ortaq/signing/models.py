"""What was signed, and the signatures on it with all that their verification said: kept for ever."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ortaq.core.canonical import Unescaped
from ortaq.core.frozen import Kept, WrittenOnce
from ortaq.law.findings import Finding


class Verdict(models.TextChoices):
    VALID = "valid", _("valid")
    INVALID = "invalid", _("not valid")
    UNCHECKED = "unchecked", _("could not be checked")


class Manifest(WrittenOnce):
    """The bytes that were signed, exactly: `data` is never written anew."""

    subject = models.CharField(max_length=80, help_text="key of the object")
    context = models.CharField(max_length=60, help_text="key of the occasion")
    version = models.CharField(max_length=40)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "context", "sha256"], name="one_manifest")
        ]

    def __str__(self) -> str:
        return f"{self.context} {self.subject} {self.sha256[:12]}"


class Signature(Kept):
    """A CMS that was handed in. Only a valid one counts; the others are kept with their reasons."""

    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=40, help_text="the part taken in the object")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    cms = models.BinaryField(help_text="as received")
    cms_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    # All that verification said (verify.report.Report.as_dict). Holds an IIN: never on a public page.
    report = models.JSONField(encoder=Unescaped)
    signer_name = models.CharField(max_length=300, blank=True)
    signer_organisation = models.CharField(max_length=500, blank=True)
    signer_bin = models.CharField(max_length=12, blank=True)
    signer_iin = models.CharField(max_length=12, blank=True, help_text="restricted")
    roles = models.JSONField(default=list, help_text="OIDs in the certificate")
    serial = models.CharField(
        max_length=64, blank=True, help_text="of the certificate, hexadecimal"
    )
    algorithm = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True)
    time_source = models.CharField(max_length=20, blank=True)
    revocation = models.CharField(max_length=20, blank=True)
    revocation_source = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            # The same CMS sent twice is one row, for each part that its signer takes.
            models.UniqueConstraint(
                fields=["manifest", "party", "cms_sha256"], name="one_signature"
            )
        ]
        indexes = [
            # What is to be verified again is looked for every minute, and is hardly ever there.
            models.Index(
                fields=["checked_at"],
                name="unchecked_signatures",
                condition=models.Q(verdict="unchecked"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.verdict} {self.manifest_id}"

    @property
    def is_valid(self) -> bool:
        return self.verdict == Verdict.VALID

    @property
    def findings(self) -> list[Finding]:
        """Every reason of the verdict."""
        return [Finding.of(kept) for kept in self.report.get("findings", ())]
