"""What every request passes: content security (relaxed in the admin), language, no NUL byte, no blank 405."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.contrib import messages
from django.http import HttpResponseNotAllowed, UnreadablePostError
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from cms import errors
from marketplace.core import code_lists
from marketplace.core.languages import asked_language
from marketplace.core.problems import asks_the_api

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

# Wagtail's widgets bring inline scripts and styles, and previews in frames
RELAXED = {
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "worker-src": [SELF, "blob:"],
}


class ContentSecurity(CSPMiddleware):
    """Send the strict policy everywhere but under /admin/."""

    def get_policy_parts(
        self, request: "HttpRequest", response: "HttpResponseBase", report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/") and not report_only:
            parts.replace = {**(parts.replace or {}), **RELAXED}
        return parts


class Languages(LocaleMiddleware):
    """Choose the language of a page by its address; for programs, whose addresses have none, by Accept-Language."""

    def process_request(self, request: "HttpRequest") -> None:
        super().process_request(request)
        if asks_the_api(request.path_info):
            translation.activate(asked_language(request))
            request.LANGUAGE_CODE = translation.get_language()


def refuse_nul(
    get_response: "Callable[[HttpRequest], HttpResponseBase]",
) -> "Callable[[HttpRequest], HttpResponseBase]":
    """Answer 400 to a NUL byte in the address, a cookie or a form: nobody types one, PostgreSQL cannot keep it."""

    def answer(request: "HttpRequest") -> "HttpResponseBase":
        if _has_nul(request):
            return errors.bad_request(request, ValueError("NUL byte in the request"))
        return get_response(request)

    return answer


def _has_nul(request: "HttpRequest") -> bool:
    """Tell whether a text of the request holds a NUL byte; the content of uploaded files is not looked at."""
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    try:
        sent = [text for key, texts in request.POST.lists() for text in (key, *texts)]
    except UnreadablePostError:  # the sender went away; Django's own check of the form says the rest
        return False
    return any("\x00" in text for text in (*sent, *request.COOKIES.values()))


def read_lists_anew(
    get_response: "Callable[[HttpRequest], HttpResponseBase]",
) -> "Callable[[HttpRequest], HttpResponseBase]":
    """Begin each request with the code lists as they are now: another process may have changed them."""

    def answer(request: "HttpRequest") -> "HttpResponseBase":
        code_lists.forget()
        return get_response(request)

    return answer


def explain_wrong_method(
    get_response: "Callable[[HttpRequest], HttpResponseBase]",
) -> "Callable[[HttpRequest], HttpResponseBase]":
    """Give a page to the blank 405 of Django's decorators; what asks for a fragment keeps the blank one.

    Who opens an address that only takes a form comes to the page the form stands on: after signing in again, from a
    bookmark, or by the other language of an answer to a form.
    """

    def answer(request: "HttpRequest") -> "HttpResponseBase":
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        if not asks_the_api(request.path_info) and (response.content or request.headers.get("HX-Request")):
            return response
        if request.method == "GET" and not errors.for_programs(request) and (above := _page_above(request.path_info)):
            messages.info(request, _("Nothing was sent by this address; its form stands on this page."))
            return redirect(above)
        return errors.wrong_method(request, response.headers["Allow"])

    return answer


def _page_above(path: str) -> str:
    """Return the nearest address above `path` that one of our views answers; "" if none does."""
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            match = resolve(f"{path}/")
        except Resolver404:
            continue
        if match.url_name != "wagtail_serve":
            return f"{path}/"
    return ""
