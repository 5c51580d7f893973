"""What is answered when something cannot be done: a page with the way on, JSON to programs (/api/)."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults
from psycopg_pool import PoolTimeout

from cms import services
from search.engine import EngineDown

MEBIBYTE = 1024 * 1024
MAY_PASS = (*services.DATABASE, *services.QUEUE, EngineDown)
COME_AGAIN = {"Retry-After": "5"}
COME_AGAIN_TO_LIMITS = {"Retry-After": "60"}


def for_programs(request: HttpRequest) -> bool:
    """Tell whether a program asks, so that the answer is JSON: at the API, or a script of our pages that says so."""
    return request.path_info.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def told(code: str, message: str, *, status: int, headers: dict[str, str] | None = None) -> JsonResponse:
    """Return an error as programs read it: the code to branch on, the sentence to show."""
    return JsonResponse({"code": code, "message": message}, status=status, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to a form beyond the limit, 400 to everything else that makes no sense."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if for_programs(request):
        return told("bad_request", _("The request could not be read."), status=400)
    return HttpResponse(render_to_string("400.html"), status=400)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """Answer 413 and tell the limit (in bytes)."""
    megabytes = limit // MEBIBYTE
    if for_programs(request):
        message = _("The request is too large; the limit is %(limit)s MB.") % {"limit": megabytes}
        return told("too_large", message, status=413)
    return HttpResponse(render_to_string("413.html", {"limit": megabytes}), status=413)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the rule's own sentence."""
    if for_programs(request):
        return told("forbidden", str(exception) or _("You may not do this"), status=403)
    return defaults.permission_denied(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without its token: mostly a page that was open for too long."""
    if for_programs(request):
        return told("csrf", _("The CSRF token is missing or old."), status=403)
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same for what is absent and what is hidden."""
    if for_programs(request):
        return told("not_found", _("There is no such page, or you may not see it."), status=404)
    return defaults.page_not_found(request, exception)


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405 to an address that only takes forms, opened as a page (or the other way round)."""
    headers = {"Allow": allowed}
    if for_programs(request):
        return told("method_not_allowed", _("This address does not open this way"), status=405, headers=headers)
    answer = render(request, "405.html", status=405)
    answer["Allow"] = allowed
    return answer


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429: a limit of allauth or of ours was reached."""
    if for_programs(request):
        message = _("Too many requests in a short time")
        return told("too_many", message, status=429, headers=COME_AGAIN_TO_LIMITS)
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = COME_AGAIN_TO_LIMITS["Retry-After"]
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 where waiting helps, else 500; asks neither database nor cache."""
    reasons = services.chain(sys.exception())
    is_full = any(isinstance(reason, PoolTimeout) for reason in reasons)
    passes = is_full or any(isinstance(reason, MAY_PASS) for reason in reasons)
    if for_programs(request):
        if passes:
            return told("unavailable", _("Try again in a moment."), status=503, headers=COME_AGAIN)
        return told("error", _("The fault is ours and has been recorded."), status=500)
    if passes:
        context: dict[str, Any] = {"is_full": is_full, "was_sent": request.method not in ("GET", "HEAD")}
        return HttpResponse(render_to_string("503.html", context), status=503, headers=COME_AGAIN)
    return defaults.server_error(request)
