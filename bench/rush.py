"""One run of `bench.bids` under its own settings."""

from __future__ import annotations

import hashlib
import http.client
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from random import Random
from urllib.parse import urlencode

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from bench.data import sign_in  # noqa: E402
from bench.server import Server, serving  # noqa: E402
from ortaq.core import canonical, clock, deadlines  # noqa: E402
from ortaq.people.models import Role  # noqa: E402
from ortaq.planning.tests.scenes import cast  # noqa: E402
from ortaq.tenders.models import Bid, Tender  # noqa: E402
from ortaq.tenders.procedure import bid_vault as vault  # noqa: E402
from ortaq.tenders.tests import scenes  # noqa: E402
from ortaq.testing import factories  # noqa: E402

FORM = "application/x-www-form-urlencoded"
CLIENTS = 200  # NGOs that send at the same time at most
PIECE = 64 * 1024
BOUNDARY = "ortaq-bench-boundary"
# Django checks the two halves of this token against one another, so any pair of equal ones will do.
TOKEN = get_random_string(32)


@dataclass
class Ngo:
    """One bidder: what it sends, and what it was told."""

    bid: int
    cookies: str
    late: bool
    digest: str = ""
    taken: bool = False
    uploaded: bool = False
    seconds: list[float] = field(default_factory=list)


def prepare(number: int) -> tuple[int, list[Ngo]]:
    """A tender far from its deadline, and a finished draft of every NGO, without files yet."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = cast()
    tender = scenes.an_announced_tender(people, closes_at=clock.now() + timedelta(days=1))
    lot = tender.lots.select_related("tender", "topic").get()
    late = max(1, number // 10)
    ngos = []
    for index in range(number + late):
        head = factories.a_member(factories.an_organisation(), Role.HEAD)
        bid = scenes.a_draft(lot, head)
        scenes.write(bid, {**scenes.CONTENT, "price/offer": (900_000_000 - index)}, head)
        assert head.user is not None
        cookies = f"{sign_in(head.user.pk)}; csrftoken={TOKEN}"
        ngos.append(Ngo(bid.pk, cookies, late=index >= number))
    return tender.pk, ngos


def post(server: Server, ngo: Ngo, address: str, body: Iterable[bytes], **headers: str) -> int:
    """What the server answers to a body in pieces; the time it took is noted."""
    began = time.perf_counter()
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=180)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        link.request("POST", address, body, {"Cookie": ngo.cookies, **named})
        answer = link.getresponse()
        answer.read()
        return answer.status
    finally:
        ngo.seconds.append(time.perf_counter() - began)
        link.close()


def paced(body: Sequence[bytes], mbit: float) -> Iterator[bytes]:
    """The body as a line of that speed carries it."""
    began, sent = time.perf_counter(), 0
    for part in body:
        for at in range(0, len(part), PIECE):
            yield part[at : at + PIECE]
            sent += PIECE
            time.sleep(max(0.0, began + sent * 8 / mbit / 1e6 - time.perf_counter()))


def upload(server: Server, ngo: Ngo, bulk: bytes, mbit: float) -> None:
    """One file: its beginning is the NGO's own, the bulk of it is the same for all."""
    own = b"%PDF-1.4\n" + os.urandom(1024)
    digest = hashlib.sha256(own)
    digest.update(bulk)
    ngo.digest = digest.hexdigest()
    fields = {"csrfmiddlewaretoken": TOKEN, "slot": "charter"}
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = [head.encode(), own, bulk, f"\r\n--{BOUNDARY}--\r\n".encode()]
    ngo.uploaded = (
        post(
            server,
            ngo,
            reverse("tenders:bid_files", args=[ngo.bid]),
            paced(body, mbit) if mbit else body,
            Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
            Content_Length=str(sum(map(len, body))),
        )
        == 302
    )


def submit(server: Server, ngo: Ngo) -> None:
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "declared": "on"}).encode()
    address = reverse("tenders:bid_submit", args=[ngo.bid])
    status = post(server, ngo, address, [body], Content_Type=FORM, Content_Length=str(len(body)))
    ngo.taken = status == 302


def rush(server: Server, ngos: list[Ngo], megabytes: int, deadline: float, mbit: float) -> None:
    """NGOs arrive at any time of the minute but its last tenth; the late ones submit just after it."""
    length, arrivals = deadline - time.time(), Random(2024)
    bulk = os.urandom(megabytes * 1024 * 1024 - 2048)

    def in_time(ngo: Ngo, at: float) -> None:
        time.sleep(max(0.0, at - time.time()))
        upload(server, ngo, bulk, mbit)
        submit(server, ngo)

    def too_late(ngo: Ngo) -> None:
        time.sleep(max(0.0, deadline - time.time()) + 0.05)
        submit(server, ngo)

    with ThreadPoolExecutor(CLIENTS) as senders, ThreadPoolExecutor(CLIENTS) as latecomers:
        waiting = [latecomers.submit(too_late, ngo) for ngo in ngos if ngo.late]
        starts = sorted(
            deadline - length * arrivals.uniform(0.1, 1) for ngo in ngos if not ngo.late
        )
        hasty = [ngo for ngo in ngos if not ngo.late]
        sending = [senders.submit(in_time, ngo, at) for ngo, at in zip(hasty, starts, strict=True)]
        for one in (*sending, *waiting):
            one.result()


def verify(tender: Tender, ngos: list[Ngo]) -> None:
    """The three things that must hold; `SystemExit` names the first that does not."""
    bids = {bid.pk: bid for bid in Bid.objects.prefetch_related("receipts", "files")}
    assert tender.closes_at is not None
    for ngo in ngos:
        bid = bids[ngo.bid]
        opened = bid.state == Bid.State.OPENED
        if ngo.taken and not opened:
            raise SystemExit(f"LOST: bid {bid.pk} was taken and is {bid.state}.")
        receipts = list(bid.receipts.all())
        if opened != bool(receipts):
            raise SystemExit(f"Bid {bid.pk} is {bid.state} with {len(receipts)} receipts.")
        if not opened:
            continue
        receipt = receipts[-1]
        if receipt.at > tender.closes_at or ngo.late:
            raise SystemExit(f"LATE: bid {bid.pk} was taken at {receipt.at}.")
        if canonical.sha256(bid.content) != receipt.commitment:
            raise SystemExit(f"CHANGED: bid {bid.pk} is not what its receipt commits to.")
        files = list(bid.files.all())
        if [file.sha256 for file in files] != receipt.files or (
            ngo.uploaded and receipt.files != [ngo.digest]
        ):
            raise SystemExit(f"CHANGED: the files of bid {bid.pk} differ from its receipt.")
        for file in files:
            content = vault.content_of(file, bytes(file.key))
            if hashlib.sha256(content).hexdigest() != file.sha256:
                raise SystemExit(f"CHANGED: a file of bid {bid.pk} is not what was sent.")


def main(number: int, megabytes: int, seconds: float, mbit: float) -> None:
    pk, ngos = prepare(number)
    connection.close()
    with serving(dict(os.environ)) as server:
        closes_at = clock.now() + timedelta(seconds=seconds)
        Tender.objects.filter(pk=pk).update(closes_at=closes_at)
        connection.close()
        load = os.getloadavg()[0]
        began, cpu, own = time.perf_counter(), server.cpu(), time.process_time()
        rush(server, ngos, megabytes, closes_at.timestamp(), mbit)
        took = time.perf_counter() - began
        cpu, own = server.cpu() - cpu, time.process_time() - own
        peak = server.peak_mb()
    while not deadlines.is_over(closes_at, clock.now()):
        time.sleep(0.1)
    call_command("tick", stdout=StringIO())  # unless a page of somebody late has opened it already
    tender = Tender.objects.get(pk=pk)
    verify(tender, ngos)
    assert tender.opened_at
    assert tender.closes_at
    opening = (tender.opened_at - tender.closes_at).total_seconds()
    sent = [ngo for ngo in ngos if not ngo.late]
    arrived, taken = sum(ngo.uploaded for ngo in sent), sum(ngo.taken for ngo in ngos)
    refused = len(sent) - sum(ngo.taken for ngo in sent)
    uploads = sorted(ngo.seconds[0] for ngo in sent if ngo.uploaded)
    submits = sorted(ngo.seconds[-1] for ngo in ngos if ngo.taken)
    print(
        f"- Load of the machine at the beginning {load:.1f}; the last answer came after {took:.1f} s; "
        f"CPU of the server {cpu:.1f} s, of the senders {own:.1f} s.\n"
        f"- {number} sent files and bid: files arrived of {arrived}, taken {taken}, "
        f"refused as late {refused} (drafts kept).\n"
        f"- {len(ngos) - number} bid only after the deadline: all refused.\n"
        f"- Files: {spread(uploads)}; submitting: {spread(submits)}; peak memory of a process "
        f"{peak:.0f} MB.\n"
        f"- Opened {opening:.2f} s after the deadline; {taken} verified: none lost, none late, "
        f"receipts match every byte.",
        flush=True,
    )


def spread(seconds: list[float]) -> str:
    """Half and 95 of 100 are answered within this."""
    if not seconds:
        return "none"
    half, most = seconds[len(seconds) // 2], seconds[len(seconds) * 95 // 100]
    return f"p50 {half * 1000:.0f} ms, p95 {most * 1000:.0f} ms"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
