from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern, URLResolver, path

from ortaq.faces.public import from_replica

from . import views
from .service import api

app_name = "api"


def opened(patterns: Iterable[Any]) -> None:
    """Nobody signs in here with a page: the operations ask for a token themselves."""
    for pattern in patterns:
        if not str(pattern.pattern).startswith("own/"):
            pattern.callback = from_replica(pattern.callback)
        pattern.callback.login_required = False


operations, v1, namespace = api.urls
opened(operations)
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/v1/", (operations, v1, namespace)),
    path("api/", views.about, name="about"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke, name="revoke"),
]
