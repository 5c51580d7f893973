"""How far an answer reaches: first the hits that hold most of a question's words, then those that hold some."""

from collections.abc import Iterable
from dataclasses import replace

from search.asking import parse
from search.engine import Engine, Hit, Need, Query


def best(engine: Engine, query: Query) -> list[Hit]:
    """Return up to `query.limit` hits from the first on; those with only some of the words come after all others.

    Raises EngineDown.
    """
    hits = list(engine.search(query).hits)
    return hits + nearly(engine, query, [hit.id for hit in hits], query.limit - len(hits))


def nearly(engine: Engine, query: Query, known: Iterable[str], limit: int) -> list[Hit]:
    """Return up to `limit` hits with only some of the words, best first, without the `known` ones.

    `known` are all hits that hold most. None where the question has one word only. Synonyms are left out: one of them
    alone is too little to have in common. Raises EngineDown.
    """
    known = set(known)
    if limit <= 0 or parse(query.text).required() <= 1:
        return []
    some = replace(query, alternatives=(), need=Need.ANY, facets=(), offset=0, limit=limit + len(known))
    return [hit for hit in engine.search(some).hits if hit.id not in known][:limit]
