"""Filters and plans as elasticsearch.dsl queries. No scripts, no retrievers: see README for what we may use."""

from collections.abc import Iterable, Sequence
from typing import Any

from elasticsearch.dsl import Q
from elasticsearch.dsl import Query as ElasticQuery

from search.elastic.documents import LIVE, ORDER, sub_field
from search.filters import And, Eq, Exists, Filter, In, Not, Or, Range, fields_of
from search.ranking import TIE, Plan, Wording
from search.schema import Kind
from search.terms import Strong, Term

FACET_VALUES = 500


def whole(kind: Kind, question: ElasticQuery | None, wheres: Iterable[Filter]) -> ElasticQuery:
    """A question limited to live documents that satisfy every filter; only the question counts for the score."""
    filters = [Q("term", **{LIVE: True}), *(filter_query(kind, where) for where in wheres)]
    return Q("bool", filter=filters, must=[question] if question else [])


def filter_query(kind: Kind, where: Filter) -> ElasticQuery:
    """One filter; asking for a field that cannot be filtered is a ValueError."""
    if unknown := sorted(fields_of(where) - kind.filterable):
        raise ValueError(f"{kind.name} cannot be filtered by {unknown[0]}.")
    return _filter(where)


def question(kind: Kind, plan: Plan) -> ElasticQuery | None:
    """What a plan asks of the texts; None when it asks nothing."""
    must = [_any_of(_wording(kind, wording) for wording in plan.wordings)] if plan.wordings else []
    must += [_phrase(kind, phrase) for phrase in plan.phrases]
    without = [_phrase(kind, phrase) for phrase in plan.without]
    return Q("bool", must=must, must_not=without) if must or without else None


def counterpart(kind: Kind, terms: Sequence[Strong]) -> ElasticQuery:
    """Documents that hold any of a probe's terms in any text."""
    return _any_of(_in_each_text(kind, term) for term in terms)


def sort_by(kind: Kind, field: str) -> list[Any]:
    """The order of hits: a number field ("-" = highest first) or relevance; equal ones newest first."""
    newest = {kind.newest: {"order": "desc", "missing": "_last"}}
    if not field:
        first: dict[str, Any] = {"_score": {"order": "desc"}}
    else:
        order = "desc" if field.startswith("-") else "asc"
        first = {field.removeprefix("-"): {"order": order, "missing": "_last"}}
    return [first, newest, {ORDER: {"order": "asc"}}]


def facet_counts(kind: Kind, names: Iterable[str], choices: dict[str, Filter]) -> dict[str, Any]:
    """Aggregations that count each facet under every choice but its own."""
    counts = {}
    for name in names:
        if name not in kind.facets:
            raise ValueError(f"{name} cannot be counted.")
        others = [filter_query(kind, where) for own, where in choices.items() if own != name]
        counts[name] = {
            "filter": Q("bool", filter=others).to_dict(),
            "aggs": {"values": {"terms": {"field": name, "size": FACET_VALUES}}},
        }
    return counts


def made_of(kind: Kind, keys: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """A document that has each token of a stream in every text: term vectors tell how many others have it."""
    by_stream: dict[str, list[str]] = {}
    for stream, token in keys:
        by_stream.setdefault(stream, []).append(token)
    texts = {stream: " ".join(tokens) for stream, tokens in by_stream.items()}
    return {text.name: texts for text in kind.texts}


def _wording(kind: Kind, wording: Wording) -> ElasticQuery:
    base = Q(
        "bool",
        should=[_in_each_text(kind, term) for term in wording.base],
        minimum_should_match=wording.required,
    )
    return Q("bool", must=[base], should=[_in_each_text(kind, term) for term in wording.extra], boost=wording.weight)


def _in_each_text(kind: Kind, term: Term) -> ElasticQuery:
    found = [
        Q("term", **{sub_field(text.name, term.stream): {"value": term.token, "boost": text.weight * term.weight}})
        for text in kind.texts
    ]
    return Q("dis_max", queries=found, tie_breaker=TIE)


def _phrase(kind: Kind, units: tuple[str, ...]) -> ElasticQuery:
    return _any_of(
        Q("match_phrase", **{sub_field(text.name, "uni"): {"query": " ".join(units), "boost": text.weight}})
        for text in kind.texts
    )


def _any_of(queries: Iterable[ElasticQuery]) -> ElasticQuery:
    return Q("bool", should=list(queries), minimum_should_match=1)


def _filter(where: Filter) -> ElasticQuery:
    match where:
        case And(parts=()):
            return Q("match_all")
        case And(parts=parts):
            return Q("bool", filter=[_filter(part) for part in parts])
        case Or(parts=()):
            return Q("match_none")
        case Or(parts=parts):
            return _any_of(_filter(part) for part in parts)
        case Not(part=part):
            return Q("bool", must_not=[_filter(part)])
        case Exists(field=field) | Range(field=field, low=None, high=None):
            return Q("exists", field=field)
        case Range(field=field, low=low, high=high):
            bounds = {name: bound for name, bound in (("gte", low), ("lte", high)) if bound is not None}
            return Q("range", **{field: bounds})
        case Eq(field=field, value=value):
            return Q("term", **{field: value})
        case In(field=field, values=values):
            return Q("terms", **{field: list(values)})
