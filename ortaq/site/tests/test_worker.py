"""A request counts as there since it came, and not since somebody opened a line for it."""

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from gunicorn.workers.gthread import PollableMethodQueue, ThreadWorker

from ortaq.core import clock
from ortaq.site.worker import Waiting, Worker


@pytest.fixture
def told(monkeypatch):
    """How long a request has waited, as the application sees it; `(worker, line, its other end)`."""
    waits = []
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, line: self.handle_request(None, line))
    monkeypatch.setattr(
        ThreadWorker, "handle_request", lambda *_: waits.append(clock.now() - clock.reached())
    )
    near, far = socket.socketpair()
    line = type("Line", (), {"sock": near})()
    with near, far:
        yield a_worker(), line, far, waits


def a_worker():
    """A worker without a server or threads."""
    worker = Worker.__new__(Worker)
    worker.waiting, worker.tpool = Waiting(), SimpleNamespace(submit=lambda _task: None)
    return worker


def test_a_request_that_waited_for_a_thread_was_here_before(told):
    worker, line, far, waits = told
    far.send(b"POST /")
    worker.enqueue_req(line)
    line.came -= 7
    worker.handle(line)
    assert timedelta(seconds=7) <= waits[0] < timedelta(seconds=60)


def test_a_request_that_the_process_had_no_place_for_was_here_since_its_last_byte(told):
    worker, _line, _far, waits = told
    with socket.create_server(("127.0.0.1", 0)) as queue:
        with socket.create_connection(queue.getsockname()) as far:
            far.send(b"POST /")
            time.sleep(0.3)  # in the system's queue: that time passes there and nowhere else
            near, _address = queue.accept()
        with near:
            line = type("Line", (), {"sock": near})()
            worker.enqueue_req(line)
            worker.handle(line)
    assert timedelta(seconds=0.25) <= waits[0] < timedelta(seconds=60)


def test_an_open_line_on_which_nothing_was_sent_holds_no_place(told):
    worker, line, _far, waits = told
    worker.enqueue_req(line)
    line.came -= 7
    worker.handle(line)
    assert waits[0] < timedelta(seconds=2)


def test_a_head_that_comes_letter_by_letter_holds_no_place(told, monkeypatch):
    worker, line, far, waits = told
    far.send(b"P")
    worker.enqueue_req(line)
    line.came -= 7
    monkeypatch.setattr(
        ThreadWorker, "handle", lambda self, line: dribbled(line) or self.handle_request(None, line)
    )
    worker.handle(line)
    assert waits[0] < timedelta(seconds=2)


def dribbled(line):
    line.begun = time.monotonic() - 3


# --- Whose turn it is ----------------------------------------------------------------------------


@pytest.fixture
def lines():
    """What was sent on a line → the line."""
    with ExitStack() as stack:

        def line(sent):
            near, far = map(stack.enter_context, socket.socketpair())
            far.send(sent.encode())
            return SimpleNamespace(sock=near, far=far, sent=sent)

        yield line


def turns(waiting):
    return [waiting.take().sent for _line in tuple(waiting.lines)]


def a_request(name, method="POST", query=""):
    return f"{method} {reverse(name, args=[7])}{query} HTTP/1.1\r\nHost: ortaq\r\n\r\n"


@pytest.mark.parametrize(
    "name", ["grants:application_submit", "tenders:bid_submit", "prizes:submit"]
)
def test_who_presses_the_button_goes_before_who_reads_and_writes(lines, name):
    waiting = Waiting()
    asked = [
        a_request("grants:application", "GET"),
        a_request(name, "GET"),
        a_request("grants:application_files", query="?next=/submit/"),
        a_request(name),
        a_request(name, query="?again"),
    ]
    for sent in asked:
        waiting.put(lines(sent))

    assert turns(waiting) == [*asked[3:], *asked[:3]]


def test_a_line_on_which_nothing_came_or_that_is_gone_keeps_its_turn_among_the_others(lines):
    waiting = Waiting()
    silent, gone, page = lines(""), lines(""), lines(a_request("grants:application", "GET"))
    gone.sock.close()
    for line in (silent, gone, page):
        waiting.put(line)

    assert [waiting.take() for _line in range(3)] == [silent, gone, page]


def test_what_came_after_the_line_was_taken_counts_when_a_thread_is_free(lines):
    waiting = Waiting()
    waiting.put(lines(a_request("grants:application", "GET")))
    late = lines("")
    waiting.put(late)
    late.far.send(a_request("grants:application_submit").encode())

    assert waiting.take() is late


def test_each_line_is_answered_once_and_told_to_the_main_loop_also_when_it_breaks(
    lines, monkeypatch
):
    """Twenty lines, three threads: what a thread was asked for and what it took may differ, none is left."""
    told, done = deque[Any](), threading.Semaphore(0)

    def handled(_worker, line):
        if line.sent.startswith("GET"):
            raise OSError(line.sent)
        return line.sent

    monkeypatch.setattr(Worker, "handle", handled)
    monkeypatch.setattr(
        Worker, "finish_request", lambda _self, line, future: told.append((line, future))
    )

    def deferred(_queue, act, *given):
        act(*given)
        done.release()

    monkeypatch.setattr(PollableMethodQueue, "defer", deferred)
    worker, methods = a_worker(), ("GET", "POST")
    worker.method_queue = PollableMethodQueue()
    asked = [lines(a_request("grants:application_submit", methods[n % 2])) for n in range(20)]
    with ThreadPoolExecutor(3) as worker.tpool:
        for line in asked:
            worker.enqueue_req(line)
        for _line in asked:
            assert done.acquire(timeout=10)

    assert sorted(id(line) for line, _future in told) == sorted(map(id, asked))
    for line, future in told:
        if line.sent.startswith("GET"):
            assert isinstance(future.exception(), OSError)
        else:
            assert future.result() == line.sent


# --- Behind a proxy ------------------------------------------------------------------------------

# A site of one thread that says how long each request has waited, and on the last page which came when.
SITE = """
import sys, time
from gunicorn.app.base import BaseApplication
from ortaq.core import clock
turns = []
def application(environ, start):
    waited = clock.now() - clock.reached()
    environ["wsgi.input"].read()
    turns.append(environ["PATH_INFO"])
    time.sleep(1 if environ["PATH_INFO"] == "/0/" else 0.01)
    said = (" ".join(turns) if environ["PATH_INFO"] == "/turns/" else str(waited.total_seconds())).encode()
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]
class Server(BaseApplication):
    def load_config(self):
        for name, value in {"bind": f"127.0.0.1:{sys.argv[1]}", "threads": 1, "worker_connections": 100,
                "worker_class": "ortaq.site.worker.Worker", "control_socket_disable": True, "loglevel": "error"}.items():
            self.cfg.set(name, value)
    def load(self):
        return application
Server().run()
"""


@pytest.fixture
def proxied():
    """Lines to a site, each of which has been used already and stays open, as a proxy keeps them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SITE, str(port)])  # noqa: S603 - our own words
    lines = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(6)]
    try:
        for line in lines:
            for _try in range(300):
                try:
                    line.connect()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            line.request("GET", "/before/")
            line.getresponse().read()
        yield lines
    finally:
        for line in lines:
            line.close()
        server.terminate()
        server.wait(20)


def test_on_lines_that_a_proxy_keeps_open_turns_and_arrivals_are_the_same(proxied):
    *readers, presser = proxied
    for number, line in enumerate(readers):
        line.request("GET", f"/{number}/")
        time.sleep(0.01)
    presser.request("POST", "/bids/7/submit/", b"declared=on")
    waited = [float(line.getresponse().read()) for line in proxied]
    readers[0].request("GET", "/turns/")
    turns = readers[0].getresponse().read().decode().split()

    assert turns[-7:] == ["/0/", "/bids/7/submit/", "/1/", "/2/", "/3/", "/4/", "/turns/"]
    assert 0.5 < waited[4] < 10  # behind the others, and counted as here since it came
