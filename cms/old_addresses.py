"""Addresses that moved lead on to where editors said; of those that never did, one short question is asked.

Verification has one address for both languages; who puts the prefix of English before it is led there.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlparse

from django.db import connection
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

KNOWN = "SELECT EXISTS (SELECT FROM wagtailredirects_redirect WHERE old_path = ANY(%s))"


class OldAddresses(RedirectMiddleware):
    """Wagtail's, asked only where some redirect bears the address: its questions took a third of an absent page."""

    def process_response(self, request: "HttpRequest", response: "HttpResponseBase") -> "HttpResponseBase":
        if response.status_code == 404 and not is_old(request.get_full_path()):
            return response
        return super().process_response(request, response)


def is_old(address: str) -> bool:
    """Tell whether a redirect, of any site, begins at the address, with or without what follows the question mark."""
    whole = Redirect.normalise_path(address, decode_unicode=False)
    forms = {whole, urlparse(whole).path}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [[*forms, *map(uri_to_iri, forms)]])
        return bool(cursor.fetchone()[0])


def verify_in_english(request: "HttpRequest", code: str = "") -> "HttpResponse":
    """Lead from an address of verification with the prefix to the one without, in English."""
    address = reverse("verify-code", args=[code]) if code else reverse("verify")
    return HttpResponseRedirect(f"{address}?lang=en")
