"""The interface for programs: what the nouns' api.py offer, under /api/v1/, with one shape for whatever fails."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from cms import api_document, errors
from marketplace.auctions.bid_problems import BIDDING
from marketplace.core.problems import GENERAL, Problem
from marketplace.organisations.signing_in import ASK_FOR_A_TOKEN

MEANINGS = GENERAL | BIDDING
MOST_ERRORS = 10

api = NinjaAPI(
    title=f"{settings.REGION_NAME_EN} Technology Transfer Marketplace",
    version="1",
    description=api_document.WORDS,
    openapi_url=None,  # ours is complete with what ninja does not answer
    docs_url=None,  # its page loads scripts from elsewhere; ours is /api/
    urls_namespace="api-v1",
)
for noun in ("auctions", "contracts", "trials", "publicity", "brokers", "indicators"):
    api.add_router("", f"marketplace.{noun}.api.router")
urlpatterns = [
    each for each in api.urls[0] if getattr(each, "name", "") != "api-root"
]  # ninja's own page; there is nothing


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Any) -> HttpResponse:
    return problem.answer()


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    return errors.not_found(request, exception)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, exception: Any) -> HttpResponse:
    return errors.permission_denied(request, exception)


@api.exception_handler(AuthenticationError)
def _unauthenticated(request: HttpRequest, exception: Any) -> HttpResponse:
    return Problem("unauthenticated", GENERAL["unauthenticated"], _("Sign in first."), headers=ASK_FOR_A_TOKEN).answer()


@api.exception_handler(HttpError)
def _malformed(request: HttpRequest, exception: Any) -> HttpResponse:
    """Answer 400: ninja raises it for a body that is no JSON, and for nothing else here."""
    return Problem("malformed", GENERAL["malformed"], _("The body is not JSON.")).answer()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exception: Any) -> HttpResponse:
    """Answer 400 where the key is missing or wrong, else 422, with the places (in English: they are names)."""
    if any(each["loc"][0] == "header" for each in exception.errors):
        sentence = _("The header Idempotency-Key is needed: 1 to 64 visible ASCII characters.")
        return Problem("key_missing", GENERAL["key_missing"], sentence).answer()
    found = [
        {"where": ".".join(str(step)[:60] for step in each["loc"]), "problem": each["type"]}
        for each in exception.errors[:MOST_ERRORS]
    ]
    sentence = _("Some values are not as described: %(where)s.") % {"where": ", ".join(each["where"] for each in found)}
    return Problem("invalid", GENERAL["invalid"], sentence, errors=found).answer()


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the OpenAPI document, in English whoever asks: its names are identifiers."""
    with translation.override("en"):
        return api_document.complete(api.get_openapi_schema(path_prefix="/api/v1/"), MEANINGS)


@csrf_exempt
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of the interface."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@csrf_exempt
@require_safe
def problem_type(request: HttpRequest, code: str) -> HttpResponse:
    """Where `type` of a problem leads: its row on the page about the interface, in the reader's language."""
    if code not in MEANINGS:
        raise Http404
    return redirect(f"{reverse('api')}#{code}")


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Say 404 to programs at any other address under /api/, before pages are looked for; to forms of theirs as well."""
    raise Http404
