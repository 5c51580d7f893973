"""What every request passes: content security (relaxed in the admin), language, no NUL byte, no blank 405."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.contrib import messages
from django.http import HttpResponseNotAllowed, UnreadablePostError
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
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


# addresses of forms that do not stand on the page above them
ON_ANOTHER_PAGE = {
    **dict.fromkeys(["outcome-file-add", "outcome-file-remove", "outcome-delete"], ("outcome-edit", "number")),
    "need-delete": ("need-edit", "code"),
}
NO_PLACE_FOR_FORMS = {"wagtail_serve", "saved-open"}  # the second notes that what was found has been seen


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

    Who opens an address that only takes a form comes to the page above it, where nearly all of them stand: after
    signing in again, from a bookmark, or by the other language of an answer to a form.
    """

    def answer(request: "HttpRequest") -> "HttpResponseBase":
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        if not asks_the_api(request.path_info) and (response.content or request.headers.get("HX-Request")):
            return response
        if request.method == "GET" and not errors.for_programs(request) and (there := _page_of_form(request)):
            _say_why(request)
            return redirect(there)
        return errors.wrong_method(request, response.headers["Allow"])

    return answer


def _page_of_form(request: "HttpRequest") -> str:
    """Return the page on which the form of this address stands: the nearest above it that is about the same; or ""."""
    match = request.resolver_match
    if match is None or request.path_info.startswith("/admin/"):
        return ""
    if match.url_name in ON_ANOTHER_PAGE:
        page, key = ON_ANOTHER_PAGE[match.url_name]
        return reverse(page, kwargs={key: match.kwargs[key]})
    known, path = match.kwargs.items(), request.path_info
    while path := path.rstrip("/").rpartition("/")[0]:
        try:
            above = resolve(f"{path}/")
        except Resolver404:
            continue
        if above.url_name not in NO_PLACE_FOR_FORMS and above.kwargs.items() <= known:
            return f"{path}/"
    return ""


def _say_why(request: "HttpRequest") -> None:
    """Tell once why another page opened; of some addresses the one above takes a form only as well."""
    words = _("That address only takes a form. This is the page above it.")
    waiting: Any = messages.get_messages(request)
    is_said = any(str(each) == words for each in waiting)
    waiting.used = False
    if not is_said:
        messages.info(request, words)
