"""What the machine room keeps of itself."""

from ortaq.operations.models.backup import BackupRun
from ortaq.operations.models.trouble import Fault, Slow, Violation

__all__ = ["BackupRun", "Fault", "Slow", "Violation"]
