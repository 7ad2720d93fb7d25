"""The law as data and small pure functions: no Django, no database, no clock, no network.

`README.md` beside this file tells what there is; the command line is `ortaq law --help`.
"""

from .calendar import Day, DayKind, WorkingCalendar, effective, kazakhstan, shipped_rows
from .editions import Choice, Edition, Ground, Parameter, at, choice, edition, editions
from .errors import Refused
from .fields import Field, field, field_sets, fields_of
from .findings import Citation, Finding, Severity, plain, stops
from .mci import Mci, known_values, mci_on, shipped_values, threshold, thresholds
from .rubric import Criterion, Level, Proposal, Rubric, mean
from .terms import Due, Term, Window, add_months, due
from .text import LANGUAGES, Text

__all__ = [
    "LANGUAGES",
    "Choice",
    "Citation",
    "Criterion",
    "Day",
    "DayKind",
    "Due",
    "Edition",
    "Field",
    "Finding",
    "Ground",
    "Level",
    "Mci",
    "Parameter",
    "Proposal",
    "Refused",
    "Rubric",
    "Severity",
    "Term",
    "Text",
    "Window",
    "WorkingCalendar",
    "add_months",
    "at",
    "choice",
    "due",
    "edition",
    "editions",
    "effective",
    "field",
    "field_sets",
    "fields_of",
    "kazakhstan",
    "known_values",
    "mci_on",
    "mean",
    "plain",
    "shipped_rows",
    "shipped_values",
    "stops",
    "threshold",
    "thresholds",
]
