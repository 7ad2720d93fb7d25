"""What somebody follows: kinds, a field, a region, an NGO, a state body, one page; all that is asked holds together.

One form of it serves letters, feeds and links: the query of an address, in one order. `Filters.read` is the only reader, so
that the same words are understood, and refused, everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ortaq import law
from ortaq.core import regions
from ortaq.core.identifiers import validate_bin
from ortaq.gazette import pages
from ortaq.gazette import queries as gazette
from ortaq.gazette.models import Publication
from ortaq.law.fields import fields_by_name
from ortaq.people.models import Organisation

Kind = Publication.Kind
# Cards of organisations change by the thousand when a register is read in: only whoever asks for them hears of it.
CARDS = (Kind.NGO, Kind.BODY)
MOST_KINDS = len(Kind.values)
TITLE = 150  # so much is shown of a title
NAMES = ("kind", "field", "region", "ngo", "body", "page")


class NotUnderstood(Exception):
    """A filter that means nothing; `sentences` say which and what to write instead, in the reader's language, `rest` is
    what was understood.
    """

    def __init__(self, sentences: list[str], rest: Filters) -> None:
        self.sentences, self.rest = sentences, rest
        super().__init__("; ".join(sentences))


@dataclass(frozen=True, slots=True)
class Filters:
    """`field` and `region` are codes, `ngo` and `body` BINs, `page` the key of a publication: it is followed with whatever
    comes of it. "" and () ask for nothing.
    """

    kinds: tuple[str, ...] = ()
    field: str = ""
    region: str = ""
    ngo: str = ""
    body: str = ""
    page: str = ""

    @classmethod
    def read(cls, asked: QueryDict | Mapping[str, Any]) -> Filters:
        """The filters of a query; `NotUnderstood` with a sentence for each that means nothing.

        Whether a page is public is not asked here (`is_there`): no query.
        """
        found = {name: str(asked.get(name) or "").strip() for name in NAMES[1:]}
        kinds = asked.getlist("kind") if isinstance(asked, QueryDict) else asked.get("kind") or ()
        kinds = [kinds] if isinstance(kinds, str) else list(kinds)[: MOST_KINDS + 1]
        told = {word for one in kinds for word in str(one)[:300].split(",") if word}
        wrong = dict(_wrong(told, found))
        known = {name: "" if name in wrong else value for name, value in found.items()}
        filters = cls(tuple(kind for kind in Kind.values if kind in told), **known)
        if wrong:
            raise NotUnderstood(list(wrong.values()), filters)
        return filters

    @classmethod
    def parse(cls, query: str) -> Filters:
        """The filters as `query` wrote them. A kind or field that is no longer known is left out of what is asked."""
        told = QueryDict(query)
        kinds = [kind for kind in told.getlist("kind") if kind in Kind.values]
        return cls(tuple(kinds), **{name: told.get(name, "") for name in NAMES[1:]})

    @property
    def query(self) -> str:
        """As the query of an address, always in the same order."""
        pairs = [("kind", kind) for kind in self.kinds]
        pairs += [(name, value) for name in NAMES[1:] if (value := getattr(self, name))]
        return urlencode(pairs)

    def narrow(self, rows: QuerySet[Publication], *, few: bool = True) -> QuerySet[Publication]:
        """Those of `rows` that are followed.

        Whoever asks has narrowed `rows` by number or term already: that `few` are looked through, and not the tens of
        thousands of a kind or of a body, which the index of either would offer. Not `few`: all there are, by these indexes.
        """
        if self.kinds and not few:
            rows = rows.filter(kind__in=self.kinds)
        elif self.kinds:
            rows = rows.alias(of_kind=Cast("kind", CharField())).filter(of_kind__in=self.kinds)
        elif not self.ngo and not self.body and not self.page:
            rows = rows.exclude(kind__in=CARDS)
        # BINs are looked up within the same statement: nobody learns from it whom we know.
        if self.ngo:
            rows = rows.filter(recipient__bin=self.ngo)
        if self.body and not few:
            rows = rows.filter(body__bin=self.body)
        elif self.body:
            rows = rows.alias(of_body=Cast("body__bin", CharField())).filter(of_body=self.body)
        if self.page:
            rows = rows.filter(key__in=pages.belonging(self.page))
        return gazette.narrowed(rows, field=self.field, region=self.region)

    def is_there(self) -> bool:
        """Whether the page that is followed is public, if one is; one query."""
        return not self.page or pages.page_of(self.page) is not None

    def words(self, names: Mapping[str, str]) -> list[str]:
        """What is followed, in the reader's language; `names` are those of organisations by BIN and of pages by key."""
        language = get_language() or "kk"
        labels = dict(Kind.choices)
        found = []
        if self.page:
            found.append(names.get(self.page, _("a page that is not public now")))
        if self.kinds:
            found.append(", ".join(str(labels[kind]) for kind in self.kinds))
        if self.field:
            known = self.field in fields_by_name().values()
            found.append(law.field(self.field).text.say(language) if known else self.field)
        if self.region and (region := regions.find(self.region)):
            found.append(region.name.say(language))
        found += [names.get(bin_, bin_) for bin_ in (self.ngo, self.body) if bin_]
        return found

    def title(self) -> str:
        """What is followed, as one line."""
        return titles([self])[0]


def titles(many: Sequence[Filters]) -> list[str]:
    """Each of these as one line, in the reader's language; two queries for all of them."""
    names = {
        **names_of({bin_ for one in many for bin_ in (one.ngo, one.body)}),
        **titles_of_pages({one.page for one in many}),
    }
    return [
        capfirst("; ".join(one.words(names))) or _("Everything that is published") for one in many
    ]


def _wrong(kinds: set[str], found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(filter, what to say of it) for each that means nothing."""
    if unknown := sorted(kinds - set(Kind.values)):
        yield (
            "kind",
            _("There is no kind “%(word)s”. The kinds are: %(known)s.")
            % {
                "word": _short(unknown[0]),
                "known": ", ".join(Kind.values),
            },
        )
    if found["field"] and found["field"] not in fields_by_name().values():
        yield (
            "field",
            _("There is no field “%(word)s”: write the code of a field of the law.")
            % {"word": _short(found["field"])},
        )
    if found["region"] and regions.find(found["region"]) is None:
        yield "region", _("There is no region “%(word)s”: write the code of an oblast or a city of the republic.") % {
            "word": _short(found["region"])
        }  # fmt: skip
    if found["page"] and not pages.is_page(found["page"]):
        yield "page", no_page(found["page"])
    for name in ("ngo", "body"):
        if found[name] and not _is_bin(found[name]):
            yield name, _("“%(word)s” is no BIN: it has 12 digits, the last of which controls the others.") % {
                "word": _short(found[name])
            }  # fmt: skip


def no_page(key: str) -> str:
    """What is said of a page that nobody can follow."""
    return _("There is no public page “%(word)s” that can be followed.") % {"word": _short(key)}


def _short(word: str) -> str:
    shown = "".join(letter for letter in word[:40] if letter.isprintable())
    return f"{shown}…" if len(word) > 40 else shown


def _is_bin(text: str) -> bool:
    try:
        validate_bin(text)
    except ValidationError:
        return False
    return True


def titles_of_pages(keys: set[str]) -> dict[str, str]:
    """Kind and title of those of these publications that are public, by key, in the reader's language; one query."""
    asked = {key for key in keys if key}
    if not asked:
        return {}
    rows = Publication.objects.filter(key__in=asked, withdrawn=False)
    rows = rows.only("key", "kind", "title_kk", "title_ru")
    return {
        row.key: _("%(kind)s “%(title)s”")
        % {"kind": row.get_kind_display(), "title": Truncator(row.title).chars(TITLE)}
        for row in rows
    }


def names_of(bins: set[str]) -> dict[str, str]:
    """The names of those of these organisations that are public, in the reader's language; one query."""
    asked = {bin_ for bin_ in bins if bin_}
    if not asked:
        return {}
    told = Publication.objects.filter(
        Q(body=OuterRef("pk")) | Q(recipient=OuterRef("pk")), withdrawn=False
    )
    rows = Organisation.objects.filter(Exists(told), bin__in=asked)
    return {one.bin: one.name for one in rows}
