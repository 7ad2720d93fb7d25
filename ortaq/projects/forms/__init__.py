"""Forms of a contract, one for each block. They change what stands there; what is still missing
is said by the step that sends the contract into the approval chain.

Every form takes `contract` and answers `is_valid()` and `save(contract)`, which runs inside the
step `edit` with the locked contract.
"""

from .blocks import (
    ApprovalsForm,
    EffectForm,
    GeneralForm,
    NumberForm,
    RemarkForm,
    SignForm,
    TermsForm,
)
from .rows import ActivityForm, BudgetRows, TeamRows

BLOCKS = {
    "general": GeneralForm,
    "team": TeamRows,
    "budget": BudgetRows,
    "effect": EffectForm,
    "terms": TermsForm,
    "approvals": ApprovalsForm,
}

__all__ = ["BLOCKS", "ActivityForm", "NumberForm", "RemarkForm", "SignForm"]
