"""What other systems told of an NGO, for tests of pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from ortaq.core import clock, files
from ortaq.exchange.goszakup import Client
from ortaq.exchange.goszakup.double import Double
from ortaq.exchange.models import Listing, PastAward
from ortaq.exchange.procedure import read
from ortaq.people.models import Organisation
from ortaq.registry.models import TableImport


def unfair(pid: int, bin_: str, name: str = "«Үміт» қоры") -> dict[str, Any]:
    """A row of the register of unfair suppliers as the service gives it."""
    return {
        "pid": pid,
        "supplier_biin": bin_,
        "supplier_name_kz": name,
        "supplier_name_ru": name,
        "index_date": "2020-03-01 12:00:00",
        "system_id": 3,
    }


def a_listing(ngo: Organisation) -> Listing:
    """The NGO is met in the register of unfair suppliers."""
    read(Client(Double(lots=[], contracts=[], unfair=[unfair(1, ngo.bin)])))
    return Listing.objects.get(organisation=ngo)


def a_past_award(ngo: Organisation, **told: Any) -> PastAward:
    """What an NGO got before this system."""
    now = clock.now()
    source = TableImport.objects.create(
        kind="past",
        state=TableImport.State.TAKEN,
        once=uuid4(),
        body=ngo,
        file=files.keep(b"a;b", files.CSV, name="2019.csv"),
        read_at=now,
    )
    values = {
        "identity": uuid4().hex,
        "instrument": PastAward.Instrument.GRANT,
        "year": 2019,
        "body_bin": "050140000120",
        "body_name": "Министрлік",
        "ngo_bin": ngo.bin,
        "title_kk": "Еріктілер мектебі",
        "title_ru": "Школа волонтёра",
        "sum_tiyn": 1_250_000_000,
        "number": "17",
        "source": source,
        "taken_at": now,
    }
    return PastAward.objects.create(**{**values, **told})
