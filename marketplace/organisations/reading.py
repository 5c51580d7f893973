"""What programs read under /api/v1/: counted, with an ETag, in pages; who sees what is asked of the same querysets.

A noun's api.py begins `reads(router, "contracts", Contracts, …)` and returns `answer(request, shape)`.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from marketplace.core.limits import READS
from marketplace.core.problems import GENERAL, Problem
from marketplace.organisations.models import AccessToken
from marketplace.organisations.signing_in import Anybody, BySession, ByToken

SIGN_IN = ["unauthenticated", "token_refused", "csrf", "consent", "mfa_reauthenticate", "mfa_activate_totp"]
ALWAYS = ["bad_request", "not_found", "method_not_allowed", "invalid", "error", "unavailable"]
VARIES = "Accept-Language, Authorization, Cookie"
ON_A_PAGE = 50
LAST_PAGE = 1_000_000
PAGE = Query(1, ge=1, le=LAST_PAGE, description=f"Page of {ON_A_PAGE}; beyond the last there is nothing.")
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string"},
    "description": "The ETag of an earlier answer: 304 as long as nothing has changed.",
}

Fen = Annotated[int, Field(description="Integer fen (1 yuan = 100 fen).")]
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, description="Day of the district.")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Listed(Shape):
    """One page of a list."""

    count: Annotated[int, Field(description="How many there are on all pages.")]
    page: int
    pages: int


def reads(
    router: Router, path: str, shape: Any, *, operation_id: str, summary: str, name: str, is_public: bool = True
) -> Callable[[Any], Any]:
    """Return the decorator of an address that is only read; of one that is not public whoever reads signs in."""
    return router.api_operation(
        ["GET", "HEAD"],
        path,
        auth=[ByToken(), BySession(), Anybody()] if is_public else [ByToken(), BySession()],
        response={200: shape},
        operation_id=operation_id,
        summary=summary,
        url_name=name,
        openapi_extra={
            **({"security": [{}]} if is_public else {}),
            "x-problems": [*SIGN_IN, *ALWAYS, "too_many"],
            "parameters": [IF_NONE_MATCH],
            "responses": {"304": {"description": "Nothing has changed since the answer with this ETag."}},
        },
    )


def client_of(request: Any) -> str:
    """Return whom a read is counted for: a token, a person, or an address where nobody signed in."""
    if isinstance(request.auth, AccessToken):
        return f"token-{request.auth.pk}"
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{get_adapter().get_client_ip(request)}"


def counted(request: Any) -> dict[str, str]:
    """Count one more read and return the headers that tell what is left. Raises Problem too_many."""
    left = READS.count(client_of(request))
    if left.times < 0:
        sentence = _("Too many requests in a short time")
        raise Problem("too_many", GENERAL["too_many"], sentence, headers=left.headers_to_wait)
    return left.headers


def answer(request: Any, make: Callable[[], Shape]) -> HttpResponse:
    """Count the read, then send what is made, or 304 where the reader has it already."""
    headers = counted(request) | {"Cache-Control": "private, no-cache", "Vary": VARIES}
    content = make().model_dump_json().encode()
    headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(content, content_type="application/json", headers=headers)


def page_of(shape: Callable[..., Listed], found: QuerySet[Any], page: int, item: Callable[[Any], Shape]) -> Listed:
    """Return one page of a queryset in a shape, each record as `item` tells it."""
    pages = Paginator(found, ON_A_PAGE)
    records: Iterable[Any] = pages.page(page).object_list if page <= pages.num_pages else []
    return shape(count=pages.count, page=page, pages=pages.num_pages, items=[item(record) for record in records])
