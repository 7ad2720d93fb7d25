"""People who do not give up: they send, hear nothing, send again, and write down all that was acknowledged."""

from __future__ import annotations

import hashlib
import http.client
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "ortaq-chaos-boundary"
TOKEN = "chaosTokenOfThirtyTwoCharacters0"  # noqa: S105 - both halves of a form's token are the client's own
CRITERIA = ("S1_capacity", "S2_specialists", "S3_content", "S4_results", "S5_budget_terms")
ATTEMPTS = 60
# What pages say, in Kazakh and English: too late for ever; the clock is wrong, so try again.
LATE = ("ештеңе тапсыруға болмайды", "can be handed in any more")
WRONG_CLOCK = ("артта қалған", "clock is behind")
PATIENCE = 12.0  # seconds until an answer that does not come is given up


@dataclass
class Ledger:
    """What the clients were told: nothing of it may ever be untrue."""

    receipts: dict[str, str] = field(
        default_factory=dict
    )  # task → address of its receipt and the text of it
    files: dict[str, set[str]] = field(
        default_factory=dict
    )  # task → SHA-256 that were acknowledged
    saved: dict[str, str] = field(default_factory=dict)  # task → the comment that was saved last
    signed: set[str] = field(default_factory=set)
    published: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)
    acknowledged: int = 0
    retried: int = 0
    differing: list[str] = field(default_factory=list)
    broken: dict[int, int] = field(default_factory=dict)  # status ≥ 500 → how often
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, act: Callable[[], Any]) -> None:
        with self.lock:
            act()
            self.acknowledged += 1


@dataclass
class Answer:
    status: int
    place: str
    text: str


class Crowd:
    """So many clients at once, who take the tasks in turn; `pause` holds them between two requests."""

    def __init__(
        self, port: int, tasks: list[dict[str, Any]], seed: int, *, threads: int = 6
    ) -> None:
        self.port = port
        self.ledger = Ledger()
        self.waiting = deque(tasks)
        self.random = Random(seed)  # noqa: S311 - what a file holds, so that a run can be repeated
        self.open = threading.Event()
        self.open.set()
        self.busy = threading.Semaphore(threads)
        self.threads = [threading.Thread(target=self._work, daemon=True) for _n in range(threads)]
        self.number = threads
        self.stopped = False

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    @property
    def done(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)

    def stop(self) -> None:
        self.stopped = True
        self.open.set()

    def pause(self) -> None:
        """Until nobody is in the middle of a request."""
        self.open.clear()
        for _n in range(self.number):
            self.busy.acquire()

    def go_on(self) -> None:
        for _n in range(self.number):
            self.busy.release()
        self.open.set()

    def _work(self) -> None:
        while not self.stopped:
            try:
                task = self.waiting.popleft()
            except IndexError:
                return
            ACTS[task["kind"]](self, task)

    # --- One request ---------------------------------------------------------------------------------

    def ask(
        self,
        task: dict[str, Any],
        address: str,
        body: bytes | None = None,
        kind: str = FORM,
        **more: str,
    ) -> Answer | None:
        """One attempt; None when there was no whole answer."""
        while True:
            self.open.wait()
            self.busy.acquire()
            if self.open.is_set():
                break
            self.busy.release()
        try:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            headers = {
                "Cookie": f"{task['cookies']}; csrftoken={TOKEN}",
                "Accept-Language": "en",
                **more,
            }
            if body is not None:
                headers["Content-Type"] = kind
            link.request("GET" if body is None else "POST", address, body, headers)
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
            link.close()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            self.busy.release()
        if answer.status >= 500:
            with self.ledger.lock:
                self.ledger.broken[answer.status] = self.ledger.broken.get(answer.status, 0) + 1
        return Answer(answer.status, answer.headers.get("Location", ""), text)

    def think(self) -> None:
        """As people do between two clicks."""
        time.sleep(self.random.uniform(0.1, 0.7))

    def insist(
        self,
        task: dict[str, Any],
        address: str,
        body: bytes | None = None,
        kind: str = FORM,
        **more: str,
    ) -> Answer | None:
        """Until somebody answers with something else than "something broke"."""
        for attempt in range(ATTEMPTS):
            if self.stopped:
                return None
            answer = self.ask(task, address, body, kind, **more)
            if answer is not None and answer.status < 500 and not _clock_is_wrong(answer):
                return answer
            if body is not None and attempt == 0:
                with self.ledger.lock:
                    self.ledger.retried += 1
            time.sleep(min(0.2 + 0.2 * attempt, 2.0))
        return None


def _clock_is_wrong(answer: Answer) -> bool:
    return answer.status == 409 and any(words in answer.text for words in WRONG_CLOCK)


def form(**fields: str) -> bytes:
    return urlencode({"csrfmiddlewaretoken": TOKEN, **fields}).encode()


def with_file(fields: dict[str, str], content: bytes) -> bytes:
    lines = b""
    for name, value in {"csrfmiddlewaretoken": TOKEN, **fields}.items():
        lines += (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        ).encode()
    lines += (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    return lines + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def name_of(task: dict[str, Any]) -> str:
    who = f"@{task['person']}" if "person" in task else ""
    return f"{task['kind']}:{task['pk']}{who}"


def handing_in(crowd: Crowd, task: dict[str, Any]) -> None:
    """Five files, the submission, and once more the same submission: the second press finds the first one's receipt."""
    ledger, key = crowd.ledger, name_of(task)
    for number in range(5):
        crowd.think()
        content = (
            b"%PDF-1.4\n"
            + f"{key} {number}".encode()
            + crowd.random.randbytes(60_000)
            + b"\n%%EOF\n"
        )
        digest = hashlib.sha256(content).hexdigest()
        sent = with_file(task["fields"], content)
        answer = crowd.insist(
            task, task["files"], sent, f"multipart/form-data; boundary={BOUNDARY}"
        )
        if answer is not None and answer.status == 302:
            ledger.note(lambda d=digest: ledger.files.setdefault(key, set()).add(d))  # type: ignore[misc]
    receipts = []
    for _press in range(2):
        crowd.think()
        answer = crowd.insist(task, task["submit"], form(declared="on"))
        if answer is None:
            return
        if answer.status == 302 and "receipt" in answer.place:
            shown = crowd.insist(task, answer.place)
            if shown is not None and shown.status == 200:
                receipts.append(answer.place + number_in(shown.text))
        elif any(words in answer.text for words in LATE):
            with ledger.lock:
                ledger.late.add(key)
            return
        else:
            with ledger.lock:
                ledger.differing.append(f"{key}: {answer.status} {answer.place}")
    if receipts:
        ledger.note(lambda: ledger.receipts.__setitem__(key, receipts[0]))
        if len(set(receipts)) > 1:
            with ledger.lock:
                ledger.differing.append(f"{key}: {receipts}")


def number_in(page: str) -> str:
    """The number of a receipt as its page shows it."""
    import re

    found = re.search(r"\b20\d\d-\d+-[0-9A-Z]{5,6}\b", page)
    return f" {found[0]}" if found else " without a number"


def scoring(crowd: Crowd, task: dict[str, Any]) -> None:
    """Saved as somebody types, then signed."""
    ledger, key = crowd.ledger, name_of(task)
    window = f"w{task['pk']}x{task['person']}"
    marks: dict[str, str] = {}
    for number, name in enumerate(CRITERIA, 1):
        comment = f"{key} {number} " + "Негіздеме. " * 20
        crowd.think()
        marks |= {f"{name}-points": "3", f"{name}-comment": comment}
        body = form(live="1", version="0", window=window, **marks)
        answer = crowd.insist(task, task["save"], body, **{"HX-Request": "true"})
        if answer is not None and answer.status == 200:
            ledger.note(lambda c=comment: ledger.saved.__setitem__(key, c.strip()))  # type: ignore[misc]
    page = crowd.insist(task, task["submit"])
    if page is None or page.status != 200:
        return
    version = page.text.partition('name="version" value="')[2].partition('"')[0]
    answer = crowd.insist(task, task["submit"], form(version=version))
    if answer is not None and answer.status == 302:
        ledger.note(lambda: ledger.signed.add(key))
    elif (
        answer is not None
    ):  # the answer to an earlier press was lost: the page says that it is signed
        again = crowd.insist(task, task["save"])
        if again is not None and again.status == 200:
            with ledger.lock:
                ledger.signed.add(key)


def publishing(crowd: Crowd, task: dict[str, Any]) -> None:
    ledger, key = crowd.ledger, name_of(task)
    answer = crowd.insist(task, task["submit"], form())
    if answer is not None and answer.status in (302, 409):
        ledger.note(lambda: ledger.published.add(key))


ACTS: dict[str, Callable[[Crowd, dict[str, Any]], None]] = {
    "application": handing_in,
    "bid": handing_in,
    "sheet": scoring,
    "results": publishing,
}
