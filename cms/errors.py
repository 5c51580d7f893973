"""What is answered when something cannot be done: a page with the way on, a problem to programs (/api/)."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from psycopg_pool import PoolTimeout

from cms import services
from cms.staff.send_again import is_form_of_the_admin, is_sent_by_us, send_again
from marketplace.core.languages import asked_language
from marketplace.core.problems import GENERAL, asks_the_api, problem
from search.engine import EngineDown

MEBIBYTE = 1024 * 1024
MAY_PASS = (*services.DATABASE, *services.QUEUE, EngineDown)
COME_AGAIN = {"Retry-After": "5"}
COME_AGAIN_TO_LIMITS = {"Retry-After": "60"}


def for_programs(request: HttpRequest) -> bool:
    """Tell whether a program asks, so that the answer is JSON: at the API, or a script of our pages that says so."""
    return asks_the_api(request.path_info) or request.headers.get("Accept", "").startswith("application/json")


def told(
    request: HttpRequest, code: str, message: Any, *, headers: dict[str, str] | None = None, **words: Any
) -> HttpResponse:
    """Return an error as programs read it: a problem at the API, a short answer to a script of our pages."""
    meaning = GENERAL[code]
    if asks_the_api(request.path_info):
        with translation.override(asked_language(request)):  # some errors come before the language is chosen
            return problem(code, meaning, str(message) % words if words else message, headers=headers)
    sentence = str(message) % words if words else str(message)
    return JsonResponse({"code": code, "message": sentence}, status=meaning.status, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to a form beyond the limit, 400 to everything else that makes no sense."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if for_programs(request):
        return told(request, "bad_request", _("The request could not be read."))
    return HttpResponse(render_to_string("400.html"), status=400)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """Answer 413 and tell the limit (in bytes)."""
    megabytes = limit // MEBIBYTE
    if for_programs(request):
        return told(
            request, "body_too_large", _("The request is too large; the limit is %(limit)s MB."), limit=megabytes
        )
    return HttpResponse(render_to_string("413.html", {"limit": megabytes}), status=413)


def size_untold(request: HttpRequest) -> HttpResponse:
    """Answer 411 to a request that does not tell its length, in both languages at once."""
    if for_programs(request):
        return told(request, "length_required", _("The request must tell its length (Content-Length)."))
    words = "请求须注明长度（Content-Length）。The request must tell its length (Content-Length)."
    return HttpResponse(words, status=411, content_type="text/plain; charset=utf-8")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the rule's own sentence."""
    if for_programs(request):
        return told(request, "forbidden", str(exception) or _("You may not do this"))
    return defaults.permission_denied(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without its token: mostly a page that was open for too long."""
    if for_programs(request):
        return told(request, "csrf", _("The CSRF token is missing or old."))
    if is_form_of_the_admin(request) and is_sent_by_us(request):
        return send_again(request)
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same for what is absent and what is hidden."""
    if for_programs(request):
        return told(request, "not_found", _("There is no such page, or you may not see it."))
    return defaults.page_not_found(request, exception)


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405 to an address that only takes forms, opened as a page (or the other way round)."""
    headers = {"Allow": allowed}
    if for_programs(request):
        return told(request, "method_not_allowed", _("This address does not open this way"), headers=headers)
    answer = render(request, "405.html", status=405)
    answer["Allow"] = allowed
    return answer


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429: a limit of allauth or of ours was reached."""
    if for_programs(request):
        message = _("Too many requests in a short time")
        return told(request, "too_many", message, headers=COME_AGAIN_TO_LIMITS)
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
            return told(request, "unavailable", _("Try again in a moment."), headers=COME_AGAIN)
        return told(request, "error", _("The fault is ours and has been recorded."))
    if passes:
        context: dict[str, Any] = {"is_full": is_full, "was_sent": request.method not in ("GET", "HEAD")}
        return HttpResponse(render_to_string("503.html", context), status=503, headers=COME_AGAIN)
    return defaults.server_error(request)
