"""People of the trial: a browser that keeps cookies, speaks to the proxy over TLS, and remembers which host answered."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.machines.house import NAME

TOKEN = "t" * 32
BOUNDARY = "ortaq-trial-boundary"


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Person:
    """One browser. `status` 0 stands for a connection that broke off."""

    proxy: str
    authority: Path
    csrf: str = "csrftoken"
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)  # numbers of requests

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        context = ssl.create_default_context(cafile=str(self.authority))
        link = http.client.HTTPSConnection(NAME, timeout=90, context=context)
        began = time.perf_counter()
        try:
            plain = socket.create_connection((self.proxy, 443), timeout=90)
            link.sock = context.wrap_socket(plain, server_hostname=NAME)
            headers = {"Accept-Language": "ru", **self.headers}
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
            if method == "POST":
                headers |= {"Origin": f"https://{NAME}", "Content-Type": kind}
            link.request(method, path, body or None, headers)
            answer = link.getresponse()
            content = answer.read()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _is, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            headers = {name.lower(): value for name, value in answer.headers.items()}
            if number := headers.get("x-request-id"):
                self.heard.append(number)
            return Answer(answer.status, content, headers, time.perf_counter() - began)
        except (OSError, http.client.HTTPException):
            return Answer(0, b"", {}, time.perf_counter() - began)
        finally:
            link.close()

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        token = self.cookies.setdefault(self.csrf, TOKEN)
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> Answer:
        token = self.cookies.setdefault(self.csrf, TOKEN)
        parts = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in {"csrfmiddlewaretoken": token, **fields}.items()
        )
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = b"".join(
            [parts.encode(), head.encode(), content, f"\r\n--{BOUNDARY}--\r\n".encode()]
        )
        return self.ask("POST", path, body, f"multipart/form-data; boundary={BOUNDARY}")


@dataclass
class Ngo:
    """An NGO that hands in its bid whatever happens, looking each time whether it was taken already."""

    person: Person
    bid: int
    digest: str = ""
    taken: bool = False  # it was told so
    broken: int = 0  # answers that told nothing
    seconds: list[float] = field(default_factory=list)  # of the answers that said it was taken

    def hand_in(self, kilobytes: int = 200) -> None:
        content = b"%PDF-1.4\n" + os.urandom(1024) + b"0" * (kilobytes * 1024)
        self.digest = hashlib.sha256(content).hexdigest()
        name = f"charter-{self.bid}.pdf"
        files = f"/bids/{self.bid}/files/"
        for _attempt in range(60):
            if self._told(self.person.upload(files, name, content, slot="charter")):
                break
            page = self._page(files)
            if name in page:  # it had been taken although nobody said so
                break
        for _attempt in range(60):
            answer = self.person.post(f"/bids/{self.bid}/submit/", declared="on")
            if self._told(answer):
                self.taken = True
                self.seconds.append(answer.seconds)
                return
            if re.search(r'href="[^"]*/receipt/', self._page(f"/bids/{self.bid}/")):
                return  # as above

    def _told(self, answer: Answer) -> bool:
        if answer.status == 302:
            return True
        if answer.status not in (0, 502, 504):
            raise RuntimeError(f"bid {self.bid}: {answer.status} {answer.text[:2000]}")
        self.broken += 1
        time.sleep(0.3)
        return False

    def _page(self, path: str) -> str:
        for _attempt in range(60):
            answer = self.person.get(path)
            if answer.status == 200:
                return answer.text
            time.sleep(0.3)
        raise RuntimeError(f"bid {self.bid}: {path} never answered")


def hosts_of(log: Path, numbers: list[str]) -> list[str]:
    """Which host answered each request, by the proxy's log; of one that was tried on two, the last."""
    answered = {}
    for line in log.read_text().splitlines():
        words = line.split()
        upstream = re.search(r'" \d{3} \d+ [\d.]+ (\S+(?:, \S+)*) ', line)
        if upstream:
            answered[words[1]] = upstream.group(1).split(", ")[-1].partition(":")[0]
    return [answered.get(number, "") for number in numbers]
