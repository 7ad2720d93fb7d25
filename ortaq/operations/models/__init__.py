"""What the machine room keeps of itself."""

from ortaq.operations.models.backup import BackupRun

__all__ = ["BackupRun"]
