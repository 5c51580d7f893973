"""What a saved search asks: from the address of a list, to that address again, and as a question to the index."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from search.engine import Query
from search.filters import EVERYTHING, And, Filter
from search.listing import Asked, ListSpec
from search.lists import LISTS
from search.synonyms import alternatives_of
from search.text import normalise
from search.visibility import Visibility

Chosen = Mapping[str, Sequence[str]]


def fingerprint(kind: str, asked: Asked) -> str:
    """Return the same digest for the same question, whatever its order, its case and its width of letters."""
    chosen = sorted((name, sorted(values)) for name, values in asked.chosen.items())
    whole = json.dumps([kind, " ".join(normalise(asked.text).split()), chosen], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def address(kind: str, text: str, chosen: Chosen, *, sort: str = "") -> str:
    """Return the address of the list that answers this."""
    in_order = {facet.name: chosen[facet.name] for facet in LISTS[kind].facets if facet.name in chosen}
    pairs = _pairs(text, in_order) + ([("sort", sort)] if sort else [])
    return f"{reverse(LISTS[kind].url_name)}?{urlencode(pairs)}"


def save_address(spec: ListSpec, asked: Asked) -> str:
    """Return where what was asked is saved, or "" where nothing was asked or nothing is told."""
    if not (asked.text or asked.chosen) or not spec.has_alerts:
        return ""
    return f"{reverse('saved-new')}?{urlencode([('kind', spec.kind), *_pairs(asked.text, asked.chosen)])}"


def known_only(kind: str, asked: Asked) -> Asked:
    """Return the question without the values no facet of its list knows; an address may have been written by hand."""
    facets = [facet for facet in LISTS[kind].facets if facet.name in asked.chosen]
    known = {facet.name: tuple(filter(facet.knows, asked.chosen[facet.name])) for facet in facets}
    return replace(asked, chosen={name: values for name, values in known.items() if values})


def filter_of(kind: str, chosen: Chosen) -> Filter:
    """Return the filter of the chosen values; a facet the list has no longer asks for nothing."""
    return And(*(facet.filter(tuple(chosen[facet.name])) for facet in LISTS[kind].facets if chosen.get(facet.name)))


def question(kind: str, text: str, chosen: Chosen, *, limit: int = 0, narrower: Filter = EVERYTHING) -> Query:
    """Return what the list would ask the index."""
    return Query(
        kind=kind,
        visibility=Visibility.public(),
        text=text,
        alternatives=alternatives_of(text),
        where=And(LISTS[kind].standing(), filter_of(kind, chosen), narrower),
        sort="-published" if limit else "",
        limit=limit,
        highlights=(),
    )


def _pairs(text: str, chosen: Chosen) -> list[tuple[str, str]]:
    pairs = [("q", text)] if text else []
    return pairs + [(name, value) for name, values in chosen.items() for value in values]
