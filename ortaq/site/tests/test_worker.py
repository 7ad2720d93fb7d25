"""A request counts as there since it came, and not since somebody opened a line for it."""

import socket
import time
from datetime import timedelta

import pytest
from gunicorn.workers.gthread import ThreadWorker

from ortaq.core import clock
from ortaq.site.worker import Worker


@pytest.fixture
def told(monkeypatch):
    """How long a request has waited, as the application sees it; `(worker, line, its other end)`."""
    waits = []
    monkeypatch.setattr(ThreadWorker, "enqueue_req", lambda *_: None)
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, line: self.handle_request(None, line))
    monkeypatch.setattr(
        ThreadWorker, "handle_request", lambda *_: waits.append(clock.now() - clock.reached())
    )
    near, far = socket.socketpair()
    line = type("Line", (), {"sock": near})()
    with near, far:
        yield Worker.__new__(Worker), line, far, waits


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
