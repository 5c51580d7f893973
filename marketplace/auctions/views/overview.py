"""The overview of a session where Django answers it: the fallback of its stream, and one frame of it."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.auctions.session_watch import session_frame, stand_now


def _frame(request: HttpRequest, number: str) -> dict[str, Any]:
    seen = stand_now(number)
    if seen is None:
        raise Http404
    return session_frame(seen[0], at=seen[1], language="en" if request.GET.get("lang") == "en" else "zh-hans")


@never_cache
@require_safe
def session_state(request: HttpRequest, number: str) -> HttpResponse:
    """The frame of the stream as JSON, for readers whose stream is down."""
    return JsonResponse(_frame(request, number), json_dumps_params={"ensure_ascii": False})


@never_cache
@require_safe
def session_events(request: HttpRequest, number: str) -> HttpResponse:
    """One frame of the stream, where Django answers it: the browser comes again after the pause it is told."""
    data = json.dumps(_frame(request, number), ensure_ascii=False)
    body = f"retry: 1000\nevent: session\ndata: {data}\n\n"
    return HttpResponse(body, content_type="text/event-stream; charset=utf-8")
