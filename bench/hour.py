"""One run of `bench.deadline` under its own settings."""

from __future__ import annotations

import hashlib
import http.client
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from bench import nginx  # noqa: E402
from bench.data import sign_in  # noqa: E402
from bench.rush import paced  # noqa: E402
from bench.server import serving  # noqa: E402
from ortaq.core import clock, files  # noqa: E402
from ortaq.grants.content import checks  # noqa: E402
from ortaq.grants.models import Application, Attachment, Competition, Receipt  # noqa: E402
from ortaq.grants.procedure import application_draft as draft  # noqa: E402
from ortaq.grants.procedure.application import submit  # noqa: E402
from ortaq.grants.procedure.competition import close_due  # noqa: E402
from ortaq.grants.queries.application import whole_of  # noqa: E402
from ortaq.grants.tests import application_scenes as scenes  # noqa: E402
from ortaq.grants.tests import scenes as competitions  # noqa: E402
from ortaq.law.findings import stops  # noqa: E402
from ortaq.people.actor import Actor  # noqa: E402
from ortaq.people.models import Role  # noqa: E402
from ortaq.testing import factories  # noqa: E402

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "ortaq-bench-boundary"
TOKEN = get_random_string(32)  # Django compares its two halves with one another
LATE, EARLY = 0.05, 0.2  # shares of the NGOs: press after the bell, came before the last hour
TWICE, LOST_LINE = 1 / 7, 1 / 20
SAVES, FILES, LATE_FILES = 8, 9, 3
SESSION = 10 / 60  # of the hour, from an NGO's first page to its button
MBIT = 2.0  # of a slow line
TIMEOUT = 120.0
ON_THE_WAY = (
    0.25  # seconds that a request may take to the server and still be told as in time by the people
)
KINDS = (Attachment.Kind.CHARTER, Attachment.Kind.BALANCE, *[Attachment.Kind.OTHER] * 7)
BULK = os.urandom(5 * 1024 * 1024)


@dataclass
class Try:
    """One press of the button: when its last byte was sent and its answer came, by this machine's clock."""

    begun: float
    sent: float = 0.0
    answered: float = 0.0
    status: int = 0  # 0: no answer


@dataclass
class Ngo:
    application: int
    cookies: str
    random: Random
    late: bool = False
    slow: bool = False
    tries: list[Try] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)  # digests of files that the server said it took

    @property
    def taken(self) -> bool:
        return any(one.status == 302 for one in self.tries)


class Times:
    """Seconds of each kind of request, and what was answered, from all threads."""

    def __init__(self) -> None:
        self.lock, self.all = threading.Lock(), defaultdict[str, list[tuple[float, int]]](list)

    def note(self, kind: str, seconds: float, status: int) -> None:
        with self.lock:
            self.all[kind].append((seconds, status))


def a_file(random: Random) -> bytes:
    """Of 0.1 to 5 MB, most of them small, no two alike."""
    low, high = random.choices([(0.1, 0.5), (0.5, 2), (2, 5)], [70, 25, 5])[0]
    own = b"%PDF-1.4\n%" + random.randbytes(64)
    return own + BULK[: int(random.uniform(low, high) * 1_000_000) - len(own)]


# --- Before the hour -------------------------------------------------------------------------------


def prepare(number: int, slow: int) -> tuple[Competition, list[Ngo], str]:
    """An open competition, the drafts of all NGOs with six of nine files, some handed in already; the officer's cookie."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("compilecatalogues", verbosity=0)
    people, today = competitions.cast(), clock.now()
    year = today.year + 1
    amounts = tuple({year: 5_000_000} for _ in range(10))
    competition = competitions.announced_competition(
        people.gulnara,
        version=competitions.plan_version(people.operator, amounts),
        at=today - timedelta(days=24),
        closes_at=today + timedelta(days=1),
        latest_project_end=date(year, 11, 27),
    )
    lots = list(competition.lots.select_related("topic", "competition"))
    random, ngos = Random(2020), []
    pattern = scenes.a_complete_draft(lots[0], people.aliya)
    term = {"starts_on": date(year, 3, 1), "ends_on": date(year, 9, 30)}
    Application.objects.filter(pk=pattern.pk).update(**term)
    if lacking := stops(checks.everything(whole_of(pattern_of(pattern.pk)))):
        raise SystemExit(f"The draft of this bench lacks something: {lacking[0].message}")
    written = {part.form: part for part in pattern.parts.all()}
    for index in range(number):
        head = factories.a_member(factories.an_organisation(), Role.HEAD)
        with transaction.atomic():
            assert head.acting_for is not None
            application = draft.begin(lots[index % len(lots)], head.acting_for, actor=head)
            for part in application.parts.all():
                part.data, part.version = written[part.form].data, written[part.form].version
                part.save()
            Application.objects.filter(pk=application.pk).update(title=f"Жоба № {index}", **term)
        assert head.user is not None
        cookies = f"{sign_in(head.user.pk)}; csrftoken={TOKEN}"
        ngo = Ngo(application.pk, cookies, Random(index))
        ngo.slow = random.randrange(100) < slow
        for kind in KINDS[: FILES - LATE_FILES]:
            attached(ngo, head, kind)
        if index < number * EARLY:
            for kind in KINDS[FILES - LATE_FILES :]:
                attached(ngo, head, kind)
            submit(pattern_of(ngo.application), actor=head, declared=True)
            ngo.tries.append(Try(time.time(), time.time(), time.time(), 302))
        ngos.append(ngo)
    for ngo in ngos[-int(number * LATE) or len(ngos) :]:
        ngo.late = True
    assert people.gulnara.user is not None
    return competition, ngos, sign_in(people.gulnara.user.pk)


def pattern_of(pk: int) -> Application:
    return Application.objects.get(pk=pk)


def attached(ngo: Ngo, head: Actor, kind: str) -> None:
    content = a_file(ngo.random)
    draft.attach(pattern_of(ngo.application), ContentFile(content, "a.pdf"), actor=head, kind=kind)
    ngo.sent.add(hashlib.sha256(content).hexdigest())


# --- The hour --------------------------------------------------------------------------------------


class Hour:
    """All who come to one port until its deadline (Unix time)."""

    def __init__(self, port: int, competition: int, deadline: float, length: float) -> None:
        self.port, self.competition = port, competition
        self.deadline, self.length, self.times = deadline, length, Times()
        self.session_s = length * SESSION

    def ask(
        self,
        kind: str,
        ngo: Ngo | str,
        address: str,
        body: Iterable[bytes] | None = None,
        *,
        patience: float = TIMEOUT,
        one: Try | None = None,
        **headers: str,
    ) -> int:
        """The status of the answer; 0 when the line broke."""
        cookies = ngo if isinstance(ngo, str) else ngo.cookies
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        began, status = time.time(), 0
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            method = "GET" if body is None else "POST"
            link.request(method, address, body, {"Cookie": cookies, **named})
            if one:
                one.sent = time.time()
            answer = link.getresponse()
            answer.read()
            status = answer.status
        except OSError:
            pass
        finally:
            link.close()
        if one:
            one.answered, one.status = time.time(), status
        self.times.note(kind, time.time() - began, status)
        return status

    def post(self, kind: str, ngo: Ngo, address: str, fields: dict[str, str], **more: Any) -> int:
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields}).encode()
        length = str(len(body))
        return self.ask(
            kind, ngo, address, [body], Content_Type=FORM, Content_Length=length, **more
        )

    def upload(self, ngo: Ngo, kind: str) -> None:
        """A file; whoever is told nothing sends it again, as people do."""
        content = a_file(ngo.random)
        fields = {"csrfmiddlewaretoken": TOKEN, "kind": kind, "row": "", "about": ""}
        head = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        head += (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = [head.encode(), content, f"\r\n--{BOUNDARY}--\r\n".encode()]
        status = self.ask(
            "a file, slow line" if ngo.slow else "a file",
            ngo,
            reverse("grants:application_files", args=[ngo.application]),
            paced(body, MBIT) if ngo.slow else body,
            Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
            Content_Length=str(sum(map(len, body))),
        )
        if status == 302:
            ngo.sent.add(hashlib.sha256(content).hexdigest())

    def write(self, ngo: Ngo, number: int) -> None:
        address = reverse("grants:application_part", args=[ngo.application, "content", 0])
        unit = ("basics/goal", "basics/tasks", "justification/statistics")[number % 3]
        text = f"Мақсат {number}: " + "жастардың еріктілігін дамыту " * ngo.random.randint(1, 40)
        known = str(1000)  # an NGO alone at its draft overwrites nobody
        self.post("a save", ngo, address, {f"v:{unit}": known, unit: text}, HX_Request="true")

    def press(self, ngo: Ngo, patience: float = TIMEOUT) -> Try:
        one = Try(time.time())
        ngo.tries.append(one)
        address = reverse("grants:application_submit", args=[ngo.application])
        self.post("submit", ngo, address, {"declared": "on"}, one=one, patience=patience)
        return one

    def session(self, ngo: Ngo, press_at: float) -> None:
        """From the first page to the receipt; `press_at` is when the button is meant to be pressed."""
        pause = self.session_s / (SAVES + LATE_FILES + 3)
        time.sleep(max(0.0, press_at - self.session_s - time.time()))
        base = reverse("grants:application", args=[ngo.application])
        self.ask("own page", ngo, base)
        self.ask("a form", ngo, f"{base}parts/content/0/")
        for number in range(SAVES):
            time.sleep(max(0.0, ngo.random.uniform(0.5, 1.5) * pause))
            self.write(ngo, number)
        for kind in KINDS[FILES - LATE_FILES :]:
            time.sleep(max(0.0, ngo.random.uniform(0.2, 0.8) * pause))
            self.upload(ngo, kind)
        self.ask("page of submission", ngo, f"{base}submit/")
        time.sleep(max(0.0, press_at - time.time()))
        chance = ngo.random.random()
        if chance < TWICE:
            second = threading.Thread(target=self.press, args=[ngo])
            second.start()
            self.press(ngo)
            second.join()
        elif chance < TWICE + LOST_LINE:
            self.press(ngo, patience=0.01)
            time.sleep(1)
            self.press(ngo)
        else:
            self.press(ngo)
        if ngo.tries and ngo.tries[-1].status in (0, 500, 502, 503, 504):
            time.sleep(2)
            self.press(ngo)
        if ngo.taken:
            self.ask("receipt", ngo, f"{base}receipt/")

    def others(self, officer: str, stop: threading.Event) -> None:
        """Readers of public pages and the officer, once a second each."""
        pages = ("/", reverse("grants:competitions"), reverse("registry:ngos"))
        listed = reverse("grants:competition_applications", args=[self.competition])
        number = 0
        while not stop.wait(1.0):
            self.ask("others: public pages", "", pages[number % len(pages)])
            self.ask("others: an officer", officer, listed)
            number += 1

    def run(self, ngos: list[Ngo], officer: str) -> None:
        """Everybody comes; more and more towards the end (half of them in its last fifth)."""
        random, stop = Random(2024), threading.Event()
        coming = [ngo for ngo in ngos if not ngo.tries]
        begin = self.deadline - self.length
        with ThreadPoolExecutor(max(64, len(coming) + 2)) as people:
            readers = people.submit(self.others, officer, stop)
            sessions = []
            for ngo in coming:
                before = (self.length - self.session_s) * random.random() ** 2.3
                at = self.deadline - 0.3 - before
                if ngo.late:
                    at = self.deadline + random.uniform(0.05, 15)
                sessions.append(people.submit(self.session, ngo, max(at, begin + self.session_s)))
            for one in sessions:
                one.result()
            stop.set()
            readers.result()


# --- After it --------------------------------------------------------------------------------------


def verify(competition: Competition, ngos: list[Ngo], deadline: float) -> dict[str, int]:
    """What must hold; `SystemExit` names the first that does not. Counts of what was found."""
    known = {
        one.pk: one
        for one in Application.objects.filter(competition=competition).select_related("receipt")
    }
    counted: dict[str, int] = defaultdict(int)
    for ngo in ngos:
        one = known[ngo.application]
        entered = one.state != Application.State.DRAFT
        if entered != Receipt.objects.filter(application=one).exists():
            raise SystemExit(f"Application {one.pk} is {one.state} without a receipt, or has one.")
        if ngo.taken and not entered:
            raise SystemExit(f"LOST: application {one.pk} was taken and is {one.state}.")
        in_time = [
            press for press in ngo.tries if press.sent and press.sent <= deadline - ON_THE_WAY
        ]
        if in_time and all(press.status == 409 for press in in_time):
            told = [
                f"sent {press.sent - deadline:+.2f} s, answered {press.answered - deadline:+.2f} s"
                for press in in_time
            ]
            raise SystemExit(f"REFUSED: application {one.pk} was sent before the deadline: {told}.")
        if entered and all(press.begun > deadline for press in ngo.tries):
            raise SystemExit(f"LATE: application {one.pk} was pressed after the deadline.")
        counted["taken" if entered else "kept as drafts"] += 1
        counted["told only later"] += entered and not ngo.taken
        counted["held up"] += not entered and not ngo.late
        if entered:
            match(one.receipt, ngo, competition)
    numbers = list(competition.receipts.order_by("position").values_list("position", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        raise SystemExit("TWICE: the numbers of receipts have gaps or doubles.")
    return counted


def match(receipt: Receipt, ngo: Ngo, competition: Competition) -> None:
    """The receipt is of an instant in time, of its content, and of files that are there to the byte."""
    if receipt.received_at > competition.closes_at:  # type: ignore[operator]
        raise SystemExit(f"LATE: receipt {receipt.number} is of {receipt.received_at}.")
    if hashlib.sha256(bytes(receipt.content)).hexdigest() != receipt.sha256:
        raise SystemExit(f"CHANGED: receipt {receipt.number} is not of its content.")
    told = {one["sha256"] for one in receipt.files}
    if missing := ngo.sent - told:
        raise SystemExit(f"LOST: {len(missing)} files are not in receipt {receipt.number}.")
    attachments = Attachment.objects.filter(application=ngo.application, removed_at=None)
    for attachment in attachments.select_related("file"):
        with files.open_file(attachment.file) as stream:
            digest = hashlib.sha256(stream.read()).hexdigest()
        if digest != attachment.file.sha256 or digest not in told:
            raise SystemExit(f"CHANGED: a file of receipt {receipt.number} is not what was sent.")


def main(number: int, minutes: float, slow: int, *, proxied: bool) -> None:
    began = time.perf_counter()
    competition, ngos, officer = prepare(number, slow)
    print(f"- Prepared in {time.perf_counter() - began:.0f} s.", flush=True)
    connection.close()
    place = Path(os.environ["ORTAQ_VAR"]) / "before"
    with (
        serving({**os.environ, "ORTAQ_PROXIES": "1" if proxied else "0"}) as server,
        nginx.before(server.port, place) if proxied else nullcontext(server.port) as port,
    ):
        load = os.getloadavg()[0]
        length = minutes * 60
        closes_at = clock.now() + timedelta(seconds=length)
        Competition.objects.filter(pk=competition.pk).update(closes_at=closes_at)
        connection.close()
        hour = Hour(port, competition.pk, closes_at.timestamp(), length)
        cpu, own, begun = server.cpu(), time.process_time(), time.time()
        hour.run(ngos, officer)
        lasted = time.time() - begun
        cpu, own = server.cpu() - cpu, time.process_time() - own
        peak = server.peak_mb()
    while not close_due().closed:
        time.sleep(1)
    competition.refresh_from_db()
    table(hour.times)
    print(
        f"\n- Load of the machine at the beginning {load:.1f}; the last answer came {lasted - length:.1f} s after the deadline; "
        f"CPU of the server {cpu:.0f} s of {2 * lasted:.0f}, of the people {own:.0f} s; peak memory of a process {peak:.0f} MB.",
        flush=True,
    )
    counted = verify(competition, ngos, closes_at.timestamp())
    print(
        f"- {counted['taken']} taken, {counted['kept as drafts']} kept as drafts (pressed after the bell, {counted['held up']} of them since "
        f"slow pages had held them up); {counted['told only later']} were taken and learn it from their page.\n"
        f"- Verified: none lost, none late, none refused that was in time, none twice, receipts match every byte.\n",
        flush=True,
    )


def table(times: Times) -> None:
    print(
        "| request | times | p50 ms | p95 ms | p99 ms | most ms | answers |\n|---|--:|--:|--:|--:|--:|---|"
    )
    for kind, noted in sorted(times.all.items()):
        seconds = sorted(one for one, _status in noted)
        answers: dict[int, int] = defaultdict(int)
        for _seconds, status in noted:
            answers[status] += 1
        told = ", ".join(f"{status or 'line lost'}: {n}" for status, n in sorted(answers.items()))
        cells = [
            seconds[min(len(seconds) - 1, len(seconds) * of // 100)] for of in (50, 95, 99, 100)
        ]
        print(
            f"| {kind} | {len(noted)} | "
            + " | ".join(f"{one * 1000:.0f}" for one in cells)
            + f" | {told} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), proxied=sys.argv[4] == "nginx")
