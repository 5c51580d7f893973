"""The house's addresses, and an empty POST by the same interface with the same sign-in."""

from typing import Any

from django.urls import path
from ninja import NinjaAPI

from cms.urls import urlpatterns as addresses
from marketplace.organisations.signing_in import ByToken

bench = NinjaAPI(urls_namespace="bench", openapi_url=None, docs_url=None)


@bench.post("empty", auth=ByToken())
def empty(request: Any) -> dict[str, bool]:
    """Nothing, for somebody who signed in."""
    return {"accepted": True}


urlpatterns = [path("api/bench/", bench.urls), *addresses]
