"""Lists, search and suggestions."""

import time

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from marketplace.core.tables import table_response
from search import listing, queries
from search.engine import EngineDown
from search.lists import LISTS
from search.noting import note_search
from search.saved.asking import save_address


@require_GET
def record_list(request: HttpRequest, kind: str) -> HttpResponse:
    """One list with search, facets and orders; `?export=xlsx|csv` sends what it finds as a table."""
    spec = LISTS[kind]
    if request.GET.get("export"):
        rows = listing.exported(spec, request)
        return table_response(kind, [str(head) for head in spec.headings], rows, form=request.GET["export"])
    context = listing.context(spec, request)
    context["total_words"] = listing.total_words(context["total"])
    context["save_href"] = save_address(spec, context["asked"])
    return render(request, spec.template, context)


@require_GET
def search_all(request: HttpRequest) -> HttpResponse:
    """Search over everything public: per kind the number found and the best few."""
    text = request.GET.get("q", "")[:400].strip()
    began = time.perf_counter()
    groups = queries.best_of_all(request.user, text)
    total = sum(group.total for group in groups)
    if not any(group.is_down for group in groups):
        note_search("", text, results=total, took_ms=(time.perf_counter() - began) * 1000)
    return render(request, "search/search_all.html", {"text": text, "groups": groups, "total": total})


@require_GET
def suggestions(request: HttpRequest, kind: str = "") -> HttpResponse:
    """What the search boxes offer while one types: titles, grouped by kind."""
    text = request.GET.get("q", "")[:60].strip()
    try:
        groups = queries.suggestions(text, kinds=[kind] if kind else list(LISTS)) if text else []
    except EngineDown:
        groups = []
    return render(request, "components/suggestions.html", {"groups": groups})


@require_GET
def similar_outcomes(request: HttpRequest, number: str) -> HttpResponse:
    """A fragment: the outcomes nearest to one outcome."""
    try:
        found = queries.similar_outcomes(number, n=4)
    except EngineDown:
        found = []
    except queries.NotFound as missing:
        raise Http404(_("There is no such page, or you may not see it.")) from missing
    return render(request, "search/_similar.html", {"results": found})
