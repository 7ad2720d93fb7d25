"""The cost items of annex 5 and the money under each: what the estimate's page and paper read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ortaq.documents import forms
from ortaq.law.text import Text

from .models import BudgetLine, Contract

PER_ACTIVITY = "activity"
# Social orders have no form of an estimate (GAP-I-04): the items of annex 5 serve them too, without the group that grants alone allow.
OF_SOCIAL_ORDERS = "2020"
NOT_OF_SOCIAL_ORDERS = {"material_support_lines"}


@dataclass(frozen=True, slots=True)
class Item:
    """A cost item that lines stand under. `direct` ones belong to an activity of the plan."""

    key: str
    label: Text
    group: Text
    direct: bool


def items(edition: str) -> dict[str, Item]:
    """The items by key, in the order of the form."""
    table = forms.form("GRANT-A5", edition).sections[0].tables[0]
    found = {}
    for row in table.rows:
        if row.kind in ("line", "repeat"):
            above = list(_above(table, row))
            named = row if row.kind == "line" else above[0]
            found[row.key] = Item(
                row.key,
                named.label,
                above[-1].label,
                any(parent.per_activity for parent in above),
            )
    return found


def items_of(contract: Contract) -> dict[str, Item]:
    """The items that lines of this contract stand under (IM-031: free form for social orders; the choice is ours)."""
    if contract.instrument == Contract.Instrument.GRANT:
        return items(contract.edition)
    return {
        key: item
        for key, item in items(OF_SOCIAL_ORDERS).items()
        if key not in NOT_OF_SOCIAL_ORDERS
    }


def _above(table: forms.Table, row: forms.Row) -> Iterator[forms.Row]:
    while row.parent:
        row = table.row(row.parent)
        yield row


@dataclass(frozen=True, slots=True)
class Sums:
    """Money in tiyn by source, and in all."""

    total: int
    own: int
    other: int
    grant: int

    @classmethod
    def of(cls, lines: Iterable[BudgetLine]) -> Sums:
        rows = [(one.total_tiyn, one.own_tiyn, one.other_tiyn, one.grant_tiyn) for one in lines]
        return (
            cls(*(sum(column) for column in zip(*rows, strict=True))) if rows else cls(0, 0, 0, 0)
        )
