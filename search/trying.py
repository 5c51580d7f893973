"""A question tried with its synonyms and without, for those who keep them."""

from dataclasses import dataclass, replace
from typing import Any

from search.engine import Query
from search.engines import get_engine
from search.lists import LISTS
from search.synonyms import alternatives_of
from search.visibility import Visibility

SHOWN = 5


@dataclass(frozen=True)
class Found:
    """What one way to ask finds: how many, and the first few as results."""

    total: int
    results: list[dict[str, Any]]


@dataclass(frozen=True)
class Trial:
    """One question, its other wordings, and what is found without them and with them."""

    alternatives: tuple[str, ...]
    without: Found
    found: Found


def tried(text: str, kind: str) -> Trial:
    """Return what a question to one public list becomes. Raises EngineDown."""
    query = Query(
        kind=kind, visibility=Visibility.public(), text=text, where=LISTS[kind].standing(), limit=SHOWN, highlights=()
    )
    alternatives = alternatives_of(text)
    return Trial(alternatives, _found(query), _found(replace(query, alternatives=alternatives)))


def _found(query: Query) -> Found:
    spec, page = LISTS[query.kind], get_engine().search(query)
    rows = spec.rows(None, page.ids)
    return Found(page.total, [spec.shown(rows[key], None) for key in page.ids if key in rows])
