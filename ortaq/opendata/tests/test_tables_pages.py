"""Tables, dictionary, lists, archives and the feed of changes, as a reader gets them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as house
from ortaq.faces import say
from ortaq.gazette import keeping
from ortaq.opendata import archive, dictionary, tables
from ortaq.opendata.codelists import CODELISTS
from ortaq.opendata.exact import dumps
from ortaq.opendata.tables import TABLES, declared
from ortaq.opendata.writing import plain
from ortaq.testing import factories

pytestmark = pytest.mark.django_db
EVIL = '=HYPERLINK("http://x.example.kz";"Әлем"), қор'


@pytest.fixture
def store(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def asked(name: str, *args: Any, **query: Any) -> Any:
    return Client().get(
        reverse(f"opendata:{name}", args=args), query, headers={"accept-language": "en"}
    )


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer) if answer.streaming else answer.content


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


# --- The dictionary -------------------------------------------------------------------------------


def test_the_dictionary_describes_what_the_files_hold():
    package = json.loads(content(asked("data_package")))
    assert package["licenses"][0]["path"] == settings.ORTAQ_DATA_LICENCE_URL
    assert package["contributors"][0]["email"] == settings.ORTAQ_DATA_CONTACT
    by_name = {one["name"]: one for one in package["resources"]}
    assert len(by_name) == len(TABLES) + len(CODELISTS)
    site = settings.SITE_URL.rstrip("/")
    for slug in ("contracts", "comments", "tender-points"):
        one = by_name[slug]
        answer = Client().get(one["path"].removeprefix(site))
        (heads,) = read_csv(content(answer))
        assert heads == [field["name"] for field in one["schema"]["fields"]]
        assert set(one["schema"]["primaryKey"]) <= set(heads)
    sums = [f for f in by_name["contracts"]["schema"]["fields"] if f["name"] == "sum"]
    assert (sums[0]["unit"], sums[0]["type"]) == ("KZT", "number")
    assert dictionary.package(local=True)["resources"][0]["path"].startswith("tables/")


# --- What comes out -------------------------------------------------------------------------------


@pytest.fixture
def bodies() -> list[Any]:
    names = [EVIL, "+7 сөз", "@әкімдік", "\tқойынды", "-минус", "Жай әкімдік", "Екі\nжол"]
    return [factories.an_organisation("state_body", name_kk=name, name_ru="О") for name in names]


def test_the_three_formats_say_the_same_and_no_spreadsheet_runs_a_name(bodies):
    heads, *rows = read_csv(content(asked("table_rows", "state-bodies", "csv")))
    whole = json.loads(content(asked("table_rows", "state-bodies", "json")))
    lines = content(asked("table_rows", "state-bodies", "jsonl")).decode().splitlines()
    assert [json.loads(line) for line in lines] == whole["rows"]
    assert [dict(zip(heads, row, strict=True))["bin"] for row in rows] == [b.bin for b in bodies]
    assert [row["bin"] for row in whole["rows"]] == [b.bin for b in bodies]
    assert whole["licence"]["name"] == settings.ORTAQ_DATA_LICENCE
    names = [row[heads.index("name_kk")] for row in rows]
    assert not [name for name in names if name.startswith(("=", "+", "-", "@", "\t"))]
    assert names[0] == f"'{EVIL}"
    assert whole["rows"][0]["name_kk"] == EVIL
    answer = asked("table_rows", "state-bodies", "csv")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "state-bodies.csv" in answer["Content-Disposition"]


def test_a_table_is_read_in_chunks_by_its_key_with_as_many_queries_for_each(bodies, monkeypatch):
    table = TABLES["state-bodies"]
    whole = list(table.read())
    monkeypatch.setattr(declared, "CHUNK", 2)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert list(table.read()) == whole
    assert len(queries) == 4  # 2 + 2 + 2 + 1
    monkeypatch.setattr(declared, "CHUNK", 7)
    assert list(table.read()) == whole


def test_sums_are_exact_and_instants_carry_their_offset():
    money = declared.money("sum", declared.SUM).reader()
    row = type("Row", (), {"sum_tiyn": 10**16 + 1})
    assert money(row) == Decimal("100000000000000.01")
    assert dumps({"sum": money(row)}) == '{"sum":100000000000000.01}'
    at = house.at(house.today(), 9)
    assert plain(declared.clean(at)) == at.isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"year": "99999"}, "four digits"),
        ({"year": "-1"}, "four digits"),
        ({"year": "٢٠٢٤"}, "four digits"),
        ({"year": "1200"}, "from 1991"),
        ({"region": "x' OR 1=1 --"}, "No region has the code"),
        ({"field": "\0\r\n" * 200}, "No field has the code"),
        ({"yaer": "2024"}, "it knows: year, region, field"),
    ],
)
def test_a_filter_that_means_nothing_is_answered_in_one_sentence(query, said):
    answer = asked("table_rows", "social-order-topics", "csv", **query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    text = answer.content.decode()
    assert said in text
    assert len(text.splitlines()) == 1
    assert len(text) < 250


def test_what_is_not_there_is_not_found():
    for name, args in (
        ("table", ["nothing"]),
        ("table_rows", ["comments", "xlsx"]),
        ("table_rows", ["nothing", "csv"]),
        ("codelist", ["nothing", "csv"]),
        ("daily", ["2019-02-28"]),
    ):
        assert asked(name, *args).status_code == 404
    assert Client().get("/open-data/daily/ortaq-2019-02-31.zip").status_code == 404
    assert Client().post(reverse("opendata:index")).status_code in (403, 405)


# --- Archives -------------------------------------------------------------------------------------


def test_the_archive_has_every_table_and_the_day_keeps_it_with_its_sha256(
    bodies, store, settings, clock
):
    now = zipfile.ZipFile(io.BytesIO(content(asked("everything"))))
    assert now.testzip() is None
    names = set(now.namelist())
    assert {f"tables/{slug}.{kind}" for slug in TABLES for kind in ("csv", "jsonl")} <= names
    assert {f"codelists/{slug}.csv" for slug in CODELISTS} <= names
    assert json.loads(now.read("datapackage.json"))["resources"][0]["path"] in names
    assert len(read_csv(now.read("tables/state-bodies.csv"))) == len(bodies) + 1
    assert "is not made yet" in content(asked("index")).decode()
    settings.ORTAQ_DATA_DAYS = 2
    for _day in range(3):
        made = archive.make()
        clock.travel(days=1)
    assert len(archive.days()) == 2
    assert (
        len(list((settings.MEDIA_ROOT / archive.FOLDER).iterdir())) == 4
    )  # nothing half written is left
    kept = content(asked("daily", made.day))
    digest = hashlib.sha256(kept).hexdigest()
    assert content(asked("checksum", made.day)).decode() == f"{digest}  {made.name}\n"
    assert made.tables["state-bodies"]["rows"] == len(bodies)
    page = content(asked("index")).decode()
    assert say.short_hash(digest) in page
    assert "is not made yet" not in page


def test_the_archive_comes_in_pieces_and_not_at_once(bodies, monkeypatch):
    big = [f"{'ә' * 300} {number}" for number in range(3000)]
    monkeypatch.setattr(
        tables.declared.Table, "read", lambda self, asked=None: iter(_rows(self, big))
    )
    sizes = [len(piece) for piece in archive.pieces()]
    assert len(sizes) > len(TABLES)
    assert max(sizes) < 1 << 20


def _rows(table: Any, texts: list[str]) -> Iterator[list[Any]]:
    if table.slug == "comments":
        for text in texts:
            yield [text] * len(table.columns)


# --- Changes --------------------------------------------------------------------------------------


def published(*organisations: Any) -> None:
    """As after a step: their subjects were touched, the gazette catches up."""
    keeping.note([f"organisation:{one.pk}" for one in organisations])
    keeping.catch_up()


def ngo(name: str) -> Any:
    made = factories.an_organisation("ngo", name_kk=name, name_ru=name)
    published(made)
    return made


def test_a_poller_that_pages_while_others_write_gets_everything_once_and_in_order():
    first = [ngo(f"Қор {number}") for number in range(5)]
    copy: dict[str, Any] = {}
    seen: list[int] = []
    address = f"{reverse('opendata:changes')}?limit=2"
    written = 0
    while True:
        page = json.loads(content(Client().get(address)))
        for one in page["changes"]:
            seen.append(one["sequence"])
            if one["withdrawn"]:
                copy.pop(one["key"], None)
                assert set(one) == {"sequence", "key", "kind", "changed_at", "withdrawn"}
            else:
                copy[one["key"]] = one
        address = page["next"].removeprefix(settings.SITE_URL.rstrip("/"))
        if written < 4:  # between two pages something is added, changed and taken away
            written += 1
            ngo(f"Жаңа {written}")
            first[written].name_kk = f"Өзгерген {written}"
            first[written].save()
            published(first[written])
            if written == 2:
                first[0].kind = "other"
                first[0].save()
                published(first[0])
        elif not page["more"]:
            break
    assert seen == sorted(set(seen))
    assert page["last"] == page["watermark"]
    titles = {one["title"]["kk"] for one in copy.values()}
    assert titles >= {f"Жаңа {n}" for n in (1, 2, 3, 4)} | {f"Өзгерген {n}" for n in (1, 2, 3, 4)}
    assert "Қор 0" not in titles
    # At the end the same address is asked again: nothing has changed, and nothing is sent.
    again = Client().get(address)
    assert json.loads(content(again))["changes"] == []
    assert Client().get(address, headers={"if-none-match": again["ETag"]}).status_code == 304
    ngo("Кейін")
    later = json.loads(content(Client().get(address)))
    assert [one["title"]["kk"] for one in later["changes"]] == ["Кейін"]


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=" + "9" * 40, "limit=1e3", "page=2"]
)
def test_an_absurd_place_in_the_feed_is_answered_in_one_sentence(query):
    answer = Client().get(f"{reverse('opendata:changes')}?{query}")
    assert answer.status_code == 400
    assert len(answer.content.decode().splitlines()) == 1
