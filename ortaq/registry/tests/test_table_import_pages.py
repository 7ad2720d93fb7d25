"""The pages of the state's tables: choose, see, take."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ortaq.core import clock as core_clock
from ortaq.core import work
from ortaq.core.models import Work
from ortaq.people.models import Organisation
from ortaq.registry.models import TableImport
from ortaq.testing import factories

from .test_table_import import csv, nurbol, read, row

pytestmark = pytest.mark.req("NG-004", "NG-026")
NEW = "registry:table_import_new"


@pytest.fixture
def officer(db, clock):
    clock.set(core_clock.at(date(2023, 6, 1), 10))
    client = Client(headers={"accept-language": "ru"})
    person = nurbol().user
    assert person
    client.force_login(person)
    return client


def upload(content: bytes, name: str = "тізілім.csv") -> dict[str, object]:
    return {"kind": "register", "once": str(uuid4()), "table": SimpleUploadedFile(name, content)}


def test_a_table_is_chosen_seen_and_taken(officer):
    bin_ = factories.a_bin()
    answer = officer.post(reverse(NEW), upload(csv(row(bin_, "«Сарыарқа» қоры"))))
    (imported,) = TableImport.objects.all()
    own = reverse("registry:table_import", args=[imported.pk])
    assert answer.url == own
    page = officer.get(own).text
    assert "«Сарыарқа» қоры" in page
    assert not Organisation.objects.filter(bin=bin_).exists()
    told = b"".join(officer.get(f"{own}changes.csv").streaming_content).decode()
    assert f"{bin_},«Сарыарқа» қоры" in told
    officer.post(f"{own}take/")
    assert Organisation.objects.get(bin=bin_).name_kk == "«Сарыарқа» қоры"
    assert officer.post(f"{own}take/").status_code == 409


def test_what_cannot_be_read_is_shown_by_row_in_the_readers_language_and_cannot_be_taken(officer):
    officer.post(reverse(NEW), upload(csv(row("123"))))
    own = reverse("registry:table_import", args=[TableImport.objects.get().pk])
    page = officer.get(own).text
    assert tables_word() in page
    assert f"{own}take/" not in page
    assert officer.post(f"{own}take/").status_code == 409


def tables_word() -> str:
    from django.utils import translation

    with translation.override("kk"):
        return str(translation.gettext("a BIN of exactly 12 digits"))


def test_a_file_that_is_no_table_is_refused_beside_its_field(officer):
    answer = officer.post(reverse(NEW), upload(b"%PDF-1.4 \x00", "реестр.xlsx"))
    assert (answer.status_code, TableImport.objects.count()) == (422, 0)


def test_the_page_of_a_table_takes_as_many_queries_for_one_row_as_for_many(officer):
    few, many = (
        read(csv(*(row(factories.a_bin()) for _number in range(rows)))) for rows in (1, 30)
    )
    counts = []
    officer.get(reverse("registry:table_imports"))
    for imported in (few, many):
        with CaptureQueriesContext(connection) as found:
            assert (
                officer.get(reverse("registry:table_import", args=[imported.pk])).status_code == 200
            )
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_great_table_is_read_and_taken_by_the_worker(officer, settings):
    settings.ORTAQ_TABLE_AT_ONCE = 1
    bin_ = factories.a_bin()
    form = upload(csv(row(bin_, "«Сарыарқа» қоры")))
    page = officer.post(reverse(NEW), form).url
    form["table"] = SimpleUploadedFile("тізілім.csv", csv(row(bin_, "«Сарыарқа» қоры")))
    assert officer.post(reverse(NEW), form).url == page  # the form sent twice
    assert not TableImport.objects.exists()
    assert work.do_next() is not None
    imported = TableImport.objects.get()
    own = reverse("registry:table_import", args=[imported.pk])
    assert f'href="{own}"' in officer.get(page).text
    taking = officer.post(f"{own}take/").url
    assert not Organisation.objects.filter(bin=bin_).exists()
    work.do_next()
    assert Organisation.objects.get(bin=bin_).name_kk == "«Сарыарқа» қоры"
    # A worker that was killed after the table was taken: the next one finds it so.
    Work.objects.filter(pk=taking.split("/")[-2]).update(state="waiting")
    work.do_next()
    assert set(Work.objects.values_list("state", flat=True)) == {"done"}
    # What cannot be taken any more is refused at once and not asked of the worker.
    assert officer.post(f"{own}take/").status_code == 409


def test_a_table_that_changed_since_it_was_shown_is_not_taken_by_the_worker(officer, settings):
    settings.ORTAQ_TABLE_AT_ONCE = 1
    imported = read(csv(row(factories.a_bin(), "«Сарыарқа» қоры")))
    own = reverse("registry:table_import", args=[imported.pk])
    page = officer.post(f"{own}take/").url
    TableImport.objects.filter(pk=imported.pk).update(digest="another")
    work.do_next()
    assert TableImport.objects.get().state == "read"
    told = officer.get(page).text
    assert f'href="{own}"' in told
    assert Work.objects.get().error in told
