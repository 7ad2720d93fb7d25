"""What goes in and comes out. Money is whole tiyn, days are ISO, instants carry their offset; unknown fields are refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ortaq.core import clock
from ortaq.core.money import MAX_TIYN
from ortaq.projects.models import Event, Expense, Project

LARGEST = 2**53 - 1  # the last whole number that every program reads exactly
LONG = 20_000
YEARS = range(2000, 2101)


def _year(at: Any) -> Any:
    if at.year not in YEARS:
        raise PydanticCustomError("year", "out of bounds")
    return at


Id = Annotated[int, Field(ge=1, le=LARGEST)]
Key = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
Tiyn = Annotated[int, Field(strict=True, ge=1, le=MAX_TIYN)]
Count = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Version = Annotated[int, Field(strict=True, ge=0, le=10**8)]
Bin = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
Line = Annotated[str, Field(max_length=500)]
Long = Annotated[str, Field(max_length=LONG)]
# Instants leave in the country's own time, however a row was made.
At = Annotated[datetime, AfterValidator(lambda at: at.astimezone(clock.ALMATY))]
Instant = Annotated[AwareDatetime, AfterValidator(_year)]
Day = Annotated[date, AfterValidator(_year)]
Limit = Annotated[int, Field(ge=1, le=100)]


class Given(Schema):
    """What a program sends: every field is known, or it is refused with its name."""

    model_config = ConfigDict(extra="forbid")


# --- Errors ----------------------------------------------------------------------------------------


class Cite(Schema):
    """Where a rule stands: the act, its edition, the place in it; `inferred`: our proposal where the act is silent."""

    act: str
    edition: str
    place: str
    inferred: bool


class FindingOut(Schema):
    """One answer of the rules: what, how heavy, in the reader's language, about which field, by which clause."""

    code: str
    severity: str
    message: str
    about: str
    cite: Cite | None
    numbers: dict[str, Any]


class ProblemOut(Schema):
    """Every error has this shape."""

    error: str
    findings: list[FindingOut]


# --- Common ----------------------------------------------------------------------------------------


class TextOut(Schema):
    kk: str
    ru: str
    en: str


class NameOut(Schema):
    """A name in Kazakh and, where there is one, in Russian."""

    kk: str
    ru: str


class PartyOut(Schema):
    bin: str
    name: NameOut


# --- The organisation's own ------------------------------------------------------------------------


class TokenOut(Schema):
    name: str
    organisation: PartyOut
    scopes: list[str]
    expires_on: date


class ApplicationOut(Schema):
    id: int
    number: str
    title: str
    state: str
    competition: int
    topic: NameOut
    grant_tiyn: int
    total_tiyn: int
    starts_on: date | None
    ends_on: date | None
    submitted_at: At | None


class ApplicationsOut(Schema):
    items: list[ApplicationOut]
    next: int | None


class BidOut(Schema):
    id: int
    number: str
    state: str
    tender: int
    topic: NameOut
    price_tiyn: int | None
    submitted_at: At | None


class BidsOut(Schema):
    items: list[BidOut]
    next: int | None


class ContractOut(Schema):
    id: int
    number: str
    instrument: str
    state: str
    concluded_on: date | None
    title: NameOut
    grantor: PartyOut
    grantee: PartyOut
    sum_tiyn: int
    starts_on: date | None
    ends_on: date | None
    project: int | None


class ContractsOut(Schema):
    items: list[ContractOut]
    next: int | None


class ProjectOut(Schema):
    id: int
    contract: int
    state: str
    level: str
    title: NameOut
    sum_tiyn: int
    paid_tiyn: int
    spent_tiyn: int
    admitted_tiyn: int
    events: int
    events_held: int
    covered: int


class ProjectsOut(Schema):
    items: list[ProjectOut]
    next: int | None


class MoneyOut(Schema):
    """Of one source: planned, spent (not voided) and admitted, in tiyn."""

    planned_tiyn: int
    spent_tiyn: int
    admitted_tiyn: int


class LineOut(Schema):
    """A line of the estimate: an expense names its `id`."""

    id: int
    key: str
    year: int
    category: str
    item: str
    activity: int | None
    grant: MoneyOut
    own: MoneyOut
    other: MoneyOut


class ActivityOut(Schema):
    """An activity of the plan: an event names its `id`."""

    id: int
    section: str
    task: str
    text: str


class WholeProjectOut(ProjectOut):
    lines: list[LineOut]
    activities: list[ActivityOut]


class SheetIn(Given):
    """What else the information sheet of an event says."""

    methods: Long = ""
    materials: Long = ""
    participation: Long = ""
    registration: Long = ""


class TrainerIn(Given):
    full_name: Annotated[str, Field(min_length=1, max_length=300)]
    experience_months: Annotated[int, Field(strict=True, ge=0, le=851)] | None = None
    about: Annotated[str, Field(max_length=5000)] = ""


class EventBase(Given):
    title_ru: Line | None = None
    activity: Key | None = None
    level: Project.Level | None = None
    region: Annotated[str, Field(max_length=9)] | None = None
    standard_form: Annotated[str, Field(max_length=61)] | None = None
    duration_minutes: Annotated[int, Field(strict=True, ge=1, le=576_000)] | None = None
    expected_result: Long | None = None
    programme: Long | None = None
    informing: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=30)] | None = None  # fmt: skip
    sheet: SheetIn | None = None
    trainers: Annotated[list[TrainerIn], Field(max_length=30)] | None = None


class EventIn(EventBase):
    """The passport of a new event. What is left out is as on an empty form."""

    kind: Event.Kind
    title_kk: Annotated[str, Field(min_length=1, max_length=500)]
    format: Event.Format | None = None
    place: Annotated[str, Field(min_length=1, max_length=500)]
    starts_at: Instant
    ends_at: Instant
    expected_participants: Annotated[int, Field(strict=True, ge=1, le=100_000)]


class EventChange(EventBase):
    """What of the passport changes; what is left out stays. `version` as it was read."""

    version: Version
    kind: Event.Kind | None = None
    title_kk: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    format: Event.Format | None = None
    place: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    expected_participants: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None


class EventHeld(Given):
    """What became of an event; time and place are as planned where they are left out."""

    version: Version
    result: Annotated[str, Field(min_length=1, max_length=LONG)]
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    place: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    men: Count | None = None
    women: Count | None = None
    deviation: Long | None = None


class EventCorrection(EventBase):
    """What was recorded wrongly of an event that was held, and why it is corrected; what is left out stays. What it was
    planned by (format, number of people expected) stays as it was.
    """

    version: Version
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    kind: Event.Kind | None = None
    title_kk: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    result: Annotated[str, Field(min_length=1, max_length=LONG)] | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    place: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    men: Count | None = None
    women: Count | None = None
    deviation: Long | None = None


class ReasonIn(Given):
    """Why an event is cancelled."""

    reason: Annotated[str, Field(min_length=1, max_length=LONG)]


class CorrectionOut(Schema):
    at: At
    reason: str


class EventOut(Schema):
    id: int
    number: int
    state: str
    version: int
    kind: str
    title_kk: str
    title_ru: str
    activity: int | None
    service: str
    form: str
    format: str
    level: str
    region: str
    place: str
    starts_at: At
    ends_at: At
    duration_minutes: int | None
    expected_participants: int
    expected_result: str
    programme: str
    informing: list[str]
    result: str
    deviation: str
    men: int | None
    women: int | None
    registered: int
    attended: int
    answers: int
    points: int
    cancel_reason: str
    corrections: list[CorrectionOut]


class EventsOut(Schema):
    items: list[EventOut]
    next: int | None


class PartIn(Given):
    """Values by their path. `version` is that of the part which was read; a row of a table is named by a word of the program's own: `risks/~r1/risk`."""

    version: Version
    values: Annotated[
        dict[
            Annotated[str, Field(max_length=200)],
            Annotated[str, Field(max_length=LONG)]
            | Annotated[int, Field(strict=True, ge=0, le=MAX_TIYN)]
            | Annotated[bool, Field(strict=True)]
            | Annotated[list[Annotated[int, Field(strict=True, ge=1, le=36)]], Field(max_length=36)]
            | None,
        ],
        Field(min_length=1, max_length=2000),
    ]


class PlaceOut(Schema):
    """A place of a form: its path (in a table: of the column), its kind, how many characters it takes."""

    path: str
    table: str
    label: str
    kind: str
    limit: int
    required: bool
    choices: list[str]


class PartOut(Schema):
    """A part of a draft: the places of its form, what stands in them by path, what it still lacks."""

    part: str
    version: int
    places: list[PlaceOut]
    values: dict[str, Any]
    findings: list[FindingOut]


class DraftOut(Schema):
    """A draft as its people see it: its parts, and all that stands in the way of handing it in. A person hands it in, at `address`."""

    id: int
    state: str
    address: str
    parts: list[PartOut]
    findings: list[FindingOut]


class ExpenseBase(Given):
    line: Key
    sum_tiyn: Tiyn
    document: Expense.Document
    document_number: Annotated[str, Field(min_length=1, max_length=100)]
    spent_on: Day
    payee: Annotated[str, Field(min_length=1, max_length=300)]
    payee_is_organisation: Annotated[bool, Field(strict=True)] = True
    payee_number: Annotated[str, Field(max_length=12)] = ""
    source: Expense.Source = Expense.Source.GRANT
    event: Key | None = None
    activity: Key | None = None
    what_for: Annotated[str, Field(max_length=5000)] = ""
    for_holding_event: Annotated[bool, Field(strict=True)] = False
    reason: Annotated[str, Field(max_length=5000)] = ""
    scan: Annotated[str, Field(max_length=200)] | None = None


class ExpenseIn(ExpenseBase):
    """An expense as its document says it. `scan` is what `POST files/` gave for the copy of the document."""

    replaces: Key | None = None


class ExpenseCorrection(ExpenseBase):
    """The expense as it should have been recorded, whole, and why the one before is voided (`remark`). Without `scan` the copy
    of its document stays.
    """

    remark: Annotated[str, Field(min_length=1, max_length=5000)]


class VoidIn(Given):
    """Why an expense is voided."""

    remark: Annotated[str, Field(min_length=1, max_length=5000)]


class ExpenseOut(Schema):
    number: int
    state: str
    line: int
    sum_tiyn: int
    admitted_tiyn: int | None
    source: str
    document: str
    document_number: str
    spent_on: date
    payee: str
    payee_is_organisation: bool
    payee_number: str
    event: int | None
    activity: int | None
    what_for: str
    for_holding_event: bool
    reason: str
    warned: list[str]
    remark: str
    void_reason: str
    replaces: int | None
    has_scan: bool
    added_at: At


class ExpensesOut(Schema):
    items: list[ExpenseOut]
    next: int | None


class FileOut(Schema):
    """A file that was kept: its name for `scan` of an expense, for whoever sent it."""

    file: str
    name: str
    size: int
    sha256: str


# --- What is public --------------------------------------------------------------------------------


class PublicationOut(Schema):
    """A public thing. One that is no longer public (`withdrawn`) keeps its key and says nothing more."""

    key: str
    kind: str
    sequence: int
    changed_at: At
    withdrawn: bool
    address: str
    title: NameOut
    summary: NameOut
    instrument: str
    year: int | None
    field: str
    regions: list[str]
    body: PartyOut | None
    recipient: PartyOut | None
    sum_tiyn: int | None
    opens_at: At | None
    closes_at: At | None
    published_at: At
    state: str
    facts: dict[str, Any]


class PublicationsOut(Schema):
    """`next` goes on with the list; `watermark` is the last change there is."""

    items: list[PublicationOut]
    next: str | None
    watermark: int


class ChangesOut(Schema):
    """`next` is the last change of this page: None where there is none since `after`."""

    items: list[PublicationOut]
    next: int | None
    watermark: int


class SumOut(Schema):
    """Money of one value; None: nothing is named, or several are."""

    value: str | None
    name: TextOut | None
    sum_tiyn: int
    count: int


class SumsOut(Schema):
    of: str
    by: str
    sum_tiyn: int
    count: int
    items: list[SumOut]


class NgoOut(Schema):
    """An NGO of the public register."""

    bin: str
    name: NameOut
    legal_form: str
    region: str
    directions: list[str]
    staff: int | None
    volunteers: int | None
    figures_year: int | None
    address: str


class NgosOut(Schema):
    """`instead`: the words found by where those asked for find nothing. `total` comes with the first page, counted up to 1000."""

    items: list[NgoOut]
    next: str | None
    total: int | None
    instead: str


class WholeNgoOut(NgoOut):
    registered_on: date | None
    publications: int


class RegionOut(Schema):
    """A region under one of its names; `until` is the first day without that name."""

    code: str
    kind: str
    name: TextOut
    since: date | None
    until: date | None


class FieldOut(Schema):
    key: str
    name: TextOut
    sets: list[str]


class EditionOut(Schema):
    act: str
    edition: str
    title: TextOut
    in_force_from: date | None
    in_force_to: date | None
    assumed_from: date | None
    assumed_to: date | None
    remarks: list[TextOut]
    terms: list[str]


class TermOut(Schema):
    term: str
    label: TextOut
    unit: str
    amount: int | None
    month_day: str | None
    begins: TextOut
    at_least: bool
    inclusive: bool | str
    cite: Cite
    requirement: str


class DueOut(Schema):
    """When a term ends: late is what comes after `due_on`."""

    term: TermOut
    start: date
    due_on: date
    remind_on: date
    findings: list[FindingOut]
