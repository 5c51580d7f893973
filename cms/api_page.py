"""The page about the interface for programs, for people: what it does, how to sign in, examples, every code."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.api import MEANINGS
from marketplace.auctions.fairness import REFUSED_BIDS
from marketplace.core.limits import READS


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """What programs may do, with a row for each problem that `type` of an answer leads to."""
    context = {"meanings": MEANINGS, "reads": READS, "refused": REFUSED_BIDS, "site": settings.SITE_URL}
    return render(request, "cms/api.html", context)
