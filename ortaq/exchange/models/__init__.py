"""What other systems of the state told us."""

from .past import PastAward
from .received import Cursor, Listing, Received

__all__ = ["Cursor", "Listing", "PastAward", "Received"]
