"""A line that drops in the middle of an upload: no server tells Django, so the entry point does."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from ortaq.projects.models import Evidence
from ortaq.projects.tests import scenes
from ortaq.projects.tests.test_evidence_pages import JPEG, typed
from ortaq.site.whole import whole_bodies

pytestmark = pytest.mark.django_db
TOKEN = "k" * 32


def a_photo(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, JPEG + name.encode() * 40_000, "image/jpeg")


@pytest.mark.parametrize("share", [0.4, 0.99])
def test_a_line_that_drops_leaves_nothing_and_the_second_try_counts_once(clock, share):
    clock.set(scenes.NOW)
    people = scenes.cast()
    project = scenes.running(people)
    client = Client()
    assert people.aliya.user is not None
    client.force_login(people.aliya.user)
    client.cookies["csrftoken"] = TOKEN
    address = reverse("projects:evidence_new", args=[project.pk])
    body = encode_multipart(
        BOUNDARY,
        {"csrfmiddlewaretoken": TOKEN}
        | typed(project)
        | {"uploads": [a_photo("1.jpg"), a_photo("2.jpg")]},
    )

    def send(sent: bytes) -> int:
        said: list[int] = []
        request = RequestFactory().post(address, content_type=MULTIPART_CONTENT)
        environ = request.environ | {
            "wsgi.input": io.BytesIO(sent),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": client.cookies.output(header="", sep="; "),
        }
        whole_bodies(answering)(environ, said.append)
        return said[0]

    def answering(environ, start_response):
        answer = WSGIHandler().get_response(WSGIRequest(environ))
        start_response(answer.status_code)
        return []

    assert send(body[: int(len(body) * share)]) != 302
    assert not Evidence.objects.exists()
    assert [send(body), send(body)] == [302, 302]
    assert Evidence.objects.count() == 2
