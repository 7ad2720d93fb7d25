"""The search through the public register of NGOs; the same on every database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock, spelling
from ortaq.faces.paging import KeyPage, key_page
from ortaq.people.models import Organisation
from ortaq.registry import naming, returns
from ortaq.registry.models import LONGEST_WORD, AnnualReturn, Ngo, NgoDirection, NgoWord

PAGE = 20
SHOWN = ("name_kk", "name_ru", "bin", "kind")
# Counting goes no farther: nobody turns that many pages, and "more than" says enough.
COUNTED = 1000
WORDS = 8
# A shorter word has too many neighbours to guess what was meant.
GUESSED = 4

# The bands of a size: lower bound, upper bound (None: open), words.
STAFF = {
    "none": (0, 0, _("volunteers only")),
    "small": (1, 5, _("1-5 members of staff")),
    "medium": (6, 20, _("6-20 members of staff")),
    "large": (21, 100, _("21-100 members of staff")),
    "huge": (101, None, _("more than 100 members of staff")),
}
FILING = {
    "in_time": pgettext_lazy("annual return", "in time"),
    "late": pgettext_lazy("annual return", "late"),
    "in_review": pgettext_lazy("annual return", "in review"),
    "absent": pgettext_lazy("annual return", "absent"),
}
NOT_DUE = pgettext_lazy("annual return", "not due yet")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; "" in each place stands for anything. `page` is the key of a page."""

    words: str = ""
    region: str = ""
    direction: str = ""
    size: str = ""
    legal_form: str = ""
    filing: str = ""
    page: str = ""

    @property
    def narrowed(self) -> bool:
        return any(
            (self.words, self.region, self.direction, self.size, self.legal_form, self.filing)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A page of NGOs and the directions of each, by its number. `instead`: the words found by, where those
    that were typed find nothing.
    """

    page: KeyPage[Ngo]
    directions: Mapping[int, Sequence[NgoDirection]]
    total: int | None = None
    instead: str = ""

    @property
    def many(self) -> bool:
        """Whether there are more than were counted."""
        return (self.total or 0) > COUNTED


NOBODY = Found(KeyPage(()), {}, 0)


def year_asked(today: date | None = None) -> int:
    """The year whose returns the register tells of: the last one."""
    return (today or clock.today()).year - 1


def ngos(asked: Asked) -> Found:
    """The register, the best match first, then by name; at most nine queries.

    All words must begin a word of either name, of the legal form, or the BIN. Where nothing has
    them all, the same keys on the other keyboard are tried, or words that differ by one letter.
    How many there are is told with the first page only.
    """
    narrowed, typed = _narrowed(asked), spelling.words(asked.words)[:WORDS]
    found = NOBODY if _is_nowhere(typed) else _found(narrowed, typed, asked.page)
    if typed and not found.page.rows and (guess := _guess(asked.words, typed)):
        second = _found(narrowed, guess, asked.page)
        if second.page.rows:
            return replace(second, instead=" ".join(guess))
    return found


def _is_nowhere(typed: Sequence[str]) -> bool:
    """Whether some word begins no word of any name, so that nobody need be looked for; one query."""
    rare = [word[:LONGEST_WORD] for word in typed if _is_doubted(word)]
    rare = [word for word in rare if not naming.forms_with(word)]
    if not rare:
        return False
    near = Q()
    for word in rare:
        near |= Q(word__startswith=word)
    known = list(NgoWord.objects.filter(near).values_list("word", flat=True))
    return not all(_begins_one(word, known) for word in rare)


def _found(rows: QuerySet[Ngo], words: Sequence[str], page: str) -> Found:
    rows, order = _with_all(rows, words), ["sort", "organisation_id"]
    if naming.tells_more_than_a_form(words):
        rows, order = rows.annotate(rank=_rank(words)), ["rank", *order]
    total = None
    if not page:
        # One way through the register answers both who comes first and how many there are.
        first = list(rows.order_by(*order).values_list("pk", flat=True)[: COUNTED + 1])
        rows, total = rows.filter(pk__in=first[: PAGE + 1]), len(first)
    shown: KeyPage[Ngo] = key_page(rows.defer("key"), {"page": page}, order=order, size=PAGE)
    return Found(shown, _directions(shown.rows), total)


def _directions(ngos: Sequence[Ngo]) -> dict[int, list[NgoDirection]]:
    """The directions of each NGO of a page, which gets its organisation too; two queries.

    By hand, since a prefetch makes a queryset for every row, which takes longer than the search.
    """
    if not ngos:
        return {}
    keys = [ngo.pk for ngo in ngos]
    organisations = Organisation.objects.only(*SHOWN).in_bulk(keys)
    for ngo in ngos:
        ngo.organisation = organisations[ngo.pk]
    directions: dict[int, list[NgoDirection]] = {pk: [] for pk in keys}
    for row in NgoDirection.objects.filter(ngo__in=keys).order_by("id"):
        directions[row.ngo_id].append(row)
    return directions


def _with_all(rows: QuerySet[Ngo], words: Sequence[str]) -> QuerySet[Ngo]:
    """Those in whose key every word begins one; the longest is looked for first, as the rarest."""
    for word in sorted(words, key=len, reverse=True):
        condition = Q(_has(f" {word}"))
        if forms := naming.forms_with(word):
            condition |= Q(legal_form__in=forms)
        rows = rows.filter(condition)
    return rows


def _has(text: str) -> GreaterThan:
    return GreaterThan(StrIndex("key", Value(text)), 0)


def _rank(words: Sequence[str]) -> Case:
    """0: a name begins with the words as typed; 1: each is a whole word; 2: each begins one."""
    proper = naming.proper(list(words))
    whole = Q()
    for word in proper:
        whole &= Q(_has(f" {word} "))
    return Case(
        When(_has(f" {naming.BEGINS} {' '.join(proper)}"), then=0),
        When(whole, then=1),
        default=2,
        output_field=IntegerField(),
    )


def _narrowed(asked: Asked) -> QuerySet[Ngo]:
    rows = Ngo.objects.all()
    if asked.region:
        rows = rows.filter(region_code=asked.region)
    if asked.legal_form:
        rows = rows.filter(legal_form=asked.legal_form)
    if asked.size in STAFF:
        least, most, _words = STAFF[asked.size]
        rows = rows.filter(staff__gte=least)
        rows = rows if most is None else rows.filter(staff__lte=most)
    if asked.filing:
        rows = rows.filter(filed(asked.filing, year_asked()))
    if asked.direction:
        works = NgoDirection.objects.filter(ngo=OuterRef("pk"), direction=asked.direction)
        rows = rows.filter(Exists(works))
    return rows


def filings(year: int) -> dict[str, Any]:
    """What may be said of a return on `year`, the last one, in words; before its last day none is absent."""
    if clock.today() <= returns.due_on(year):
        return FILING | {"absent": NOT_DUE}
    return FILING


def filed(status: str, year: int) -> Q:
    """The condition on `Ngo` that its return on `year`, the last one, has `status` (see `FILING`)."""
    of_year, due = Q(filed_year=year), returns.due_on(year)
    if status == "absent":
        return Q(filed_year=None) | Q(filed_year__lt=year)
    if status == "in_review":
        return of_year & Q(filed_approved=False)
    in_time = Q(filed_on__lte=due) if status == "in_time" else Q(filed_on__gt=due)
    return of_year & Q(filed_approved=True) & in_time


def filing_of(ngo: Ngo, year: int, due_on: date) -> str:
    """The status of an NGO's return on `year`, the last one, due on `due_on`: a key of `FILING`; no query."""
    if ngo.filed_year != year:
        return "absent"
    if not ngo.filed_approved or ngo.filed_on is None:
        return "in_review"
    return "in_time" if ngo.filed_on <= due_on else "late"


def status_of(row: AnnualReturn) -> str:
    """The status of a return that was sent, of any year: a key of `FILING`; no query."""
    if not returns.is_approved(row):
        return "in_review"
    return "late" if returns.is_late(row) else "in_time"


def size_words(ngo: Ngo) -> Any:
    """The band of an NGO's staff in words, "" where nothing is known; no query."""
    if ngo.staff is None:
        return ""
    bands = STAFF.values()
    return next(words for _least, most, words in bands if most is None or ngo.staff <= most)


def _guess(text: str, typed: Sequence[str]) -> list[str]:
    """What may have been meant by words that find nothing; one query.

    The same keys on the other keyboard, if some names have these words; else in the place of each
    word that no name has the one that is one slip from it. Nothing else to try: an empty list.
    """
    other = spelling.words(spelling.other_keyboard(text))[:WORDS]
    near = Q()
    for word in {*typed, *other}:
        near |= Q(word__startswith=word)
    for word in filter(_is_doubted, typed):
        # One slip leaves one half of a word as it is, so only words with that half are compared.
        half = len(word) // 2
        near |= Q(word__startswith=word[:half]) | Q(word__endswith=word[half:])
    known = list(NgoWord.objects.filter(near).order_by("word").values_list("word", flat=True))
    if other != typed and all(_begins_one(word, known) for word in other):
        return other
    meant = [_meant(word, known) for word in typed]
    return [] if meant == typed else meant


def _is_doubted(word: str) -> bool:
    return len(word) >= GUESSED and word.isalpha()


def _begins_one(word: str, known: Sequence[str]) -> bool:
    return not word.isalpha() or any(one.startswith(word) for one in known)


def _meant(word: str, known: Sequence[str]) -> str:
    if not _is_doubted(word) or _begins_one(word, known):
        return word
    return next((one for one in known if spelling.is_near(one, word)), word)
