"""What machines ask: whether the process answers, whether it can serve."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ortaq.operations import metrics as meters
from ortaq.operations.readiness import readiness

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing and nobody: a server that is restarted because its database is away is of no use."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when this process can serve, otherwise 503; in either case what was looked at, as JSON."""
    found = readiness()
    return JsonResponse(
        {"ready": found.ready, "checks": found.checks}, status=200 if found.ready else 503
    )


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for whoever brings the token; for all others there is no such page."""
    if not meters.may_read(request):
        raise Http404
    return HttpResponse(meters.exposition(), content_type=EXPOSITION)
