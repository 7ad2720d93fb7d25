"""What the Standard says of an event: of its plan while it can still be changed (`self`), of its result (`result`).

The facts are the passport, the counted figures of the event and the evidence attached to it. Nothing here blocks a step: the
Standard attaches no consequence to any finding (ST-A-05). For a grant it is guidance only (`is_guidance`): ¶1 speaks of services
under a social order.

forms      what the Standard offers: services with their forms, information, equipment
facts      what it is asked
findings   what it answers
"""

from .facts import NOTHING, Counts, counts_of, is_multi_year, minutes, people, sheet_of
from .findings import is_guidance, of_event, said
from .forms import BY_KIND, equipment, forms_of, label_of, sheet_items, ways

__all__ = [
    "BY_KIND",
    "NOTHING",
    "Counts",
    "counts_of",
    "equipment",
    "forms_of",
    "is_guidance",
    "is_multi_year",
    "label_of",
    "minutes",
    "of_event",
    "people",
    "said",
    "sheet_items",
    "sheet_of",
    "ways",
]
