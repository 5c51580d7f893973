"""What every list page has in common: what the reader asked, the engine's answer, and what the template prints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode
from django.utils.translation import ngettext

from search import meaning, reaching
from search.engine import PAGE_LIMIT, EngineDown, Facet, Hit, Query
from search.engine import Page as Answer
from search.engines import get_engine
from search.facet_spec import FacetSpec, chosen_values
from search.filters import And, Filter
from search.leading import Lead, leads
from search.noting import note_search
from search.relaxing import Way, relaxed
from search.synonyms import alternatives_of
from search.telling import words_told
from search.visibility import Visibility
from search.why_found import told

PER_PAGE = 20
NEARLY = 10  # hits with only some of the words that follow the last of the others
MOST_EXPORTED = 1000


@dataclass(frozen=True)
class ListSpec:
    """One list: what it searches, how its rows are read and printed, and the words around it."""

    kind: str
    url_name: str
    template: str
    facets: tuple[FacetSpec, ...]
    sorts: tuple[tuple[str, Any, str], ...]  # (value in the address, words, the engine's sort)
    rows: Callable[[Any, list[str]], Mapping[str, Any]]  # (user, public identifiers) → {identifier: row}
    newest: Callable[[Any], Any]  # the database's own list, for when the engine is down
    shown: Callable[[Any, Hit | None], dict[str, Any]]  # one row → what components/result.html wants
    headings: tuple[Any, ...] = ()
    cells: Callable[[Any], Sequence[Any]] = lambda row: ()
    standing: Callable[[], Filter] = lambda: And()  # holds for every question to this list
    has_alerts: bool = True  # saved searches are told of what is new in it (tasks/consequences.py: find_searches)


@dataclass(frozen=True)
class Asked:
    """What the reader asked for, read from the address; nothing in it can be wrong."""

    text: str
    chosen: Mapping[str, tuple[str, ...]]
    sort: str
    page: int

    @classmethod
    def of(cls, params: QueryDict, spec: ListSpec) -> "Asked":
        """Read q, sort, page and the facets' values; what is unknown is left out."""
        raw_page = params.get("page", "1")
        page = int(raw_page) if raw_page.isdecimal() and len(raw_page) < 5 else 1
        sort = params.get("sort", "")
        chosen = {}
        for facet in spec.facets:
            values = tuple(dict.fromkeys(value[:40] for value in params.getlist(facet.name) if value))[:20]
            if values:
                chosen[facet.name] = values
        return cls(
            text=params.get("q", "")[:400].strip(),
            chosen=chosen,
            sort=sort if sort in {value for value, *_rest in spec.sorts} else "",
            page=max(1, min(page, PAGE_LIMIT // PER_PAGE)),
        )


def ask(spec: ListSpec, asked: Asked, *, limit: int = PER_PAGE) -> Answer:
    """Put the question to the engine. Raises EngineDown."""
    query = _query(spec, asked, limit)
    answer = get_engine().search(query)
    return replace(answer, facets={**answer.facets, **_banded(spec, query)}) if limit else answer


def _query(spec: ListSpec, asked: Asked, limit: int) -> Query:
    choices = {f.name: f for f in spec.facets if f.name in asked.chosen}
    order = next((engine_sort for value, _label, engine_sort in spec.sorts if value == asked.sort), "")
    offset = (asked.page - 1) * PER_PAGE if limit == PER_PAGE else 0
    return Query(
        kind=spec.kind,
        visibility=Visibility.public(),
        text=asked.text,
        alternatives=alternatives_of(asked.text),
        where=spec.standing(),
        choices={f.source: f.filter(asked.chosen[name]) for name, f in choices.items()},
        facets=tuple(f.source for f in spec.facets if not f.bands) if limit else (),
        sort=order,
        offset=offset,
        limit=min(limit, PAGE_LIMIT - offset),
    )


def _nearly(spec: ListSpec, asked: Asked, answer: Answer) -> list[Hit]:
    """Return the hits with only some of the words, which stand below the last page of the others."""
    if asked.sort or not asked.text or not asked.page * PER_PAGE >= answer.total <= MOST_EXPORTED:
        return []
    engine, query = get_engine(), replace(_query(spec, asked, MOST_EXPORTED), facets=())
    known = answer.ids if asked.page == 1 else engine.search(replace(query, highlights=())).ids
    return reaching.nearly(engine, query, known, NEARLY)


def _banded(spec: ListSpec, query: Query) -> dict[str, Facet]:
    """Count the facets whose values are filters, each under every choice but the facet's own."""
    counted = {}
    for facet in spec.facets:
        if facet.bands:
            asks = {
                value: replace(query, choices={**query.choices, facet.source: band}, facets=(), offset=0, limit=0)
                for value, band in facet.bands().items()
            }
            counted[facet.source] = Facet.of(
                facet.source, [(value, get_engine().search(one).total) for value, one in asks.items()]
            )
    return counted


def context(spec: ListSpec, request: HttpRequest, *, keep: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what a list template prints; when the engine is down, the newest rows and a word about it.

    `keep` is what the address says beside the question (the tab of the search), and every form carries on.
    """
    asked, keep = Asked.of(request.GET, spec), keep or {}
    is_new = asked.page == 1 and not asked.chosen  # turning pages and trying filters is the same question
    try:
        asked, answer = _on_a_page_there_is(spec, asked)
        nearly = _nearly(spec, asked, answer)
    except EngineDown:
        return _without_engine(spec, request, asked, keep)
    if is_new:
        note_search(spec.kind, asked.text, results=answer.total, took_ms=answer.took_ms)
    rows = spec.rows(request.user, [*answer.ids, *(hit.id for hit in nearly)])
    results = [told(spec, rows[hit.id], hit) for hit in answer.hits if hit.id in rows]
    paginator = Paginator(range(min(answer.total, PAGE_LIMIT)), PER_PAGE)
    groups = [
        {
            "name": facet.name,
            "label": facet.label,
            "note": facet.note,
            "open": facet.is_open or facet.name in asked.chosen,
            "options": facet.options(answer.facets.get(facet.source), asked.chosen.get(facet.name, ())),
        }
        for facet in spec.facets
    ]
    return _base(spec, asked, keep) | {
        "results": results,
        "nearly": [told(spec, rows[hit.id], hit) for hit in nearly if hit.id in rows],
        "total": answer.total,
        "meant": _meant(spec, asked, request.GET, answer.total),
        "leads": leading(spec, asked, request.GET, keep),
        "page_obj": paginator.get_page(asked.page),
        "groups": [group for group in groups if group["options"]],
        "chosen": chosen_values(request.GET, groups),
        "relaxed": [] if answer.total else _relaxed(spec, asked, request.GET, groups),
    }


def _on_a_page_there_is(spec: ListSpec, asked: Asked) -> tuple[Asked, Answer]:
    """Return the question and its answer; beyond the last page that is the last one, as in every list here."""
    answer = ask(spec, asked)
    last = Paginator(range(min(answer.total, PAGE_LIMIT)), PER_PAGE).num_pages
    if asked.page <= last:
        return asked, answer
    return (back := replace(asked, page=last)), ask(spec, back)


def leading(spec: ListSpec, asked: Asked, params: QueryDict, keep: Mapping[str, str]) -> list[Lead]:
    """Return the filters of a list that the words name. Raises EngineDown."""

    def count(name: str, value: str) -> int:
        return _count(spec, replace(asked, text="", chosen={**asked.chosen, name: (value,)}))

    return leads(spec.facets, asked.text, params, count, **keep) if asked.text else []


def _relaxed(spec: ListSpec, asked: Asked, params: QueryDict, groups: Iterable[dict[str, Any]]) -> list[Way]:
    labels = {group["name"]: {o.value: o.label for o in group["options"] if o.chosen} for group in groups}
    return relaxed(asked, params, spec.facets, labels, lambda other: _count(spec, other))


def _meant(spec: ListSpec, asked: Asked, params: QueryDict, found: int) -> list[meaning.Meant]:
    """Return how the question may have been meant, under the same filters."""
    return meaning.meant([spec.kind], asked.text, params, found, lambda text: _count(spec, replace(asked, text=text)))


def _count(spec: ListSpec, asked: Asked) -> int:
    return ask(spec, replace(asked, page=1), limit=0).total


def _base(spec: ListSpec, asked: Asked, keep: Mapping[str, str]) -> dict[str, Any]:
    kept = [*keep.items(), *([("q", asked.text)] if asked.text else [])]
    chosen = [(name, value) for name, values in asked.chosen.items() for value in values]
    return {
        "asked": asked,
        **words_told(asked.text),
        "carried": [*keep.items(), *chosen, *([("sort", asked.sort)] if asked.sort else [])],
        "kept": kept + ([("sort", asked.sort)] if asked.sort else []),
        "kept_for_sort": kept + chosen,
        "sorts": [
            {"value": value, "label": label, "chosen": value == asked.sort} for value, label, _order in spec.sorts
        ],
        "clear_href": f"?{urlencode(kept)}",
        "all_href": f"?{urlencode(keep)}",
    }


def _without_engine(spec: ListSpec, request: HttpRequest, asked: Asked, keep: Mapping[str, str]) -> dict[str, Any]:
    """Return the list by date from the database, saying that search does not answer now."""
    page = Paginator(spec.newest(request.user), PER_PAGE).get_page(asked.page)
    return _base(spec, asked, keep) | {
        "results": [spec.shown(row, None) for row in page],
        "total": page.paginator.count,
        "page_obj": page,
        "groups": [],
        "chosen": [],
        "relaxed": [],
        "engine_down": True,
    }


def exported(spec: ListSpec, request: HttpRequest) -> list[Sequence[Any]]:
    """Return the table rows of everything the reader's question finds (at most MOST_EXPORTED)."""
    asked = Asked.of(request.GET, spec)
    try:
        keys = ask(spec, asked, limit=MOST_EXPORTED).ids
        rows = spec.rows(request.user, keys)
        return [spec.cells(rows[key]) for key in keys if key in rows]
    except EngineDown:
        return [spec.cells(row) for row in spec.newest(request.user)[:MOST_EXPORTED]]


def total_words(total: int) -> str:
    """Return "23 results" in the reader's language."""
    return ngettext("%(total)s result", "%(total)s results", total) % {"total": f"{total:,}"}
