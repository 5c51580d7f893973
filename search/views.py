"""Lists, search and suggestions."""

import time
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from marketplace.contracts.listing import asked_for
from marketplace.core.tables import table_response
from marketplace.organisations.acting import listed_house
from search import by_text, forms, listing, queries, relaxing
from search.engine import EngineDown
from search.lists import LISTS
from search.noting import note_search
from search.saved.asking import save_address
from search.telling import words_told


@require_GET
def record_list(request: HttpRequest, kind: str) -> HttpResponse:
    """One list with search, facets and orders; `?export=xlsx|csv` sends what it finds as a table."""
    spec = LISTS[kind]
    if request.GET.get("export"):
        return _export(request, kind)
    context = listing.context(spec, request)
    context["total_words"] = listing.total_words(context["total"])
    context["save_href"] = save_address(spec, context["asked"])
    return render(request, spec.template, context)


def _export(request: HttpRequest, kind: str) -> HttpResponse:
    headings = [str(head) for head in LISTS[kind].headings]
    name = str(queries.TITLES[kind])
    return table_response(name, headings, listing.exported(LISTS[kind], request), form=request.GET["export"])


@require_GET
def search_all(request: HttpRequest) -> HttpResponse:
    """Search over everything public: the best few of each kind, or with `?kind=` the whole list of one."""
    text, kind = request.GET.get("q", "")[: forms.LONGEST].strip(), request.GET.get("kind", "")
    if len(text) > by_text.LONG and not kind:
        return _search_text(request, forms.TextForm({"text": text, "kind": "outcome"}))
    if kind in LISTS:
        return _one_kind(request, kind)
    began = time.perf_counter()
    groups = queries.best_of_all(request.user, text)
    total = sum(group.total for group in groups)
    if not any(group.is_down for group in groups):
        note_search("", text, results=total, took_ms=(time.perf_counter() - began) * 1000)
    context = {
        "text": text,
        "groups": groups,
        "total": total,
        "asked": {"text": text},
        **words_told(text),
        "leads": queries.leads(text),
        "contracts": _own_contracts(request, text),
        "relaxed": [] if total or not text else _ways_on(text, request.GET),
        "nearly": [] if total or not text else queries.nearly_of_all(request.user, text),
        "tabs": _tabs(text, "", {group.kind: None if group.is_down else group.total for group in groups}),
        "meant": [] if any(group.is_down for group in groups) else queries.meant(text, request.GET, total),
    }
    return render(request, "search/search_all.html", context)


def _own_contracts(request: HttpRequest, text: str) -> int:
    """Return how many contracts the reader may open the words find, as their own list does; the index has none."""
    if not text or not request.user.is_authenticated:
        return 0
    return asked_for(request.user, {"q": text}, listed_house(request)).count()


def _ways_on(text: str, params: QueryDict) -> list[relaxing.Way]:
    """Return the nearest question to everything that has answers; none while the engine is down."""
    try:
        return relaxing.freed(text, params, lambda words: sum(queries.how_many(kind, words) for kind in LISTS))
    except EngineDown:
        return []


def _one_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """One tab of the search: the list of a kind as its own page shows it."""
    spec = LISTS[kind]
    if request.GET.get("export"):
        return _export(request, kind)
    context = listing.context(spec, request, keep={"kind": kind})
    text = context["asked"].text
    context |= {
        "text": text,
        "kind": kind,
        "tabs": _tabs(text, kind, queries.totals(text)),
        "total_words": listing.total_words(context["total"]),
        "save_href": save_address(spec, context["asked"]),
    }
    return render(request, "search/search_kind.html", context)


def _tabs(text: str, current: str, totals: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """Return the tabs: everything, then each kind with what the words find of it, whatever else is chosen."""
    known = [total for total in totals.values() if total is not None]
    counts = {"": sum(known) if known else None, **totals}
    asked = {"q": text} if text else {}
    return [
        {
            "label": queries.TITLES[kind] if kind else _("Everything"),
            "count": count,
            "href": f"?{urlencode(({'kind': kind} if kind else {}) | asked)}",
            "current": kind == current,
        }
        for kind, count in counts.items()
    ]


@require_http_methods(["GET", "POST"])
def search_text(request: HttpRequest) -> HttpResponse:
    """Search by a text that is pasted; it is sent, not put into the address, and nothing is kept."""
    initial = {"text": request.GET.get("q", "")[: forms.LONGEST], "kind": request.GET.get("kind", "outcome")}
    return _search_text(request, forms.TextForm(request.POST if request.method == "POST" else None, initial=initial))


def _search_text(request: HttpRequest, form: forms.TextForm) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "results": None}
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        context["kind_title"] = queries.TITLES[kind]
        try:
            context["results"] = by_text.nearest(request.user, kind, form.cleaned_data["text"])
        except EngineDown:
            context["engine_down"] = True
    return render(request, "search/search_text.html", context)


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
