"""What a request for a change asks: a form for each thing that can change; each answers with the rows that it means.

Reason and effect may wait while a request is drafted: what is still missing is said by the step that asks.
"""

from .base import ChangeForm
from .money import LineForm
from .plan import (
    ActivityTextForm,
    DropActivityForm,
    DropIndicatorForm,
    EffectForm,
    IndicatorForm,
    NewActivityForm,
    NewIndicatorForm,
)
from .team import DutiesForm, JoinForm, LeaveForm, ReplaceForm
from .terms import EndForm, PartnerForm, PlaceForm, TargetGroupForm, TermForm, TerritoryForm

# By the name that the address and `Change.form` have, in the order in which they are offered.
FORMS: dict[str, type[ChangeForm]] = {
    "money": LineForm,
    "term": TermForm,
    "end": EndForm,
    "place": PlaceForm,
    "territory": TerritoryForm,
    "replace": ReplaceForm,
    "join": JoinForm,
    "leave": LeaveForm,
    "duties": DutiesForm,
    "partners": PartnerForm,
    "target-groups": TargetGroupForm,
    "indicator": IndicatorForm,
    "new-indicator": NewIndicatorForm,
    "drop-indicator": DropIndicatorForm,
    "effect": EffectForm,
    "topic": ActivityTextForm,
    "new-activity": NewActivityForm,
    "drop-activity": DropActivityForm,
}
# What a page sends beside what was typed.
UNTYPED = frozenset({"csrfmiddlewaretoken", "once", "version", "letter", "letter-clear"})

__all__ = ["FORMS", "UNTYPED", "ChangeForm"]
