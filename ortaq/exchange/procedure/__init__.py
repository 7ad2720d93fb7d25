"""What changes here: a reading of another system, a decision about what it told, a table of past years."""

from .listing import LISTING
from .past import PAST
from .reading import read

__all__ = ["LISTING", "PAST", "read"]
