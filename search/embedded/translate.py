"""Filters and plans as tantivy queries."""

from collections.abc import Sequence

import tantivy
from tantivy import FieldType, Occur

from search.embedded.fields import KEY, LIVE, sub_field, tantivy_schema
from search.filters import And, Eq, Exists, Filter, In, Not, Or, Range, fields_of
from search.ranking import TIE, Plan, Wording
from search.schema import Kind
from search.terms import Strong, Term

TQuery = tantivy.Query
Clauses = list[tuple[Occur, TQuery]]


def whole(kind: Kind, question: TQuery | None, wheres: list[Filter]) -> TQuery:
    """A question limited to live documents that satisfy every filter; only the question counts for the score.

    What stays of a dropped document has no texts: a question finds live ones alone, and none is asked twice.
    """
    parts = [filter_query(kind, where) for where in wheres]
    if question is None:
        parts.append(live(kind))
    clauses: Clauses = [(Occur.Must, TQuery.const_score_query(part, 0.0)) for part in parts]
    return TQuery.boolean_query([*clauses, (Occur.Must, question)] if question else clauses)


def filter_query(kind: Kind, where: Filter) -> TQuery:
    """One filter; asking for a field that cannot be filtered is a ValueError."""
    if unknown := sorted(fields_of(where) - kind.filterable):
        raise ValueError(f"{kind.name} cannot be filtered by {unknown[0]}.")
    return _filter(kind, where)


def question(kind: Kind, plan: Plan) -> TQuery | None:
    """What a plan asks of the texts; None when it asks nothing."""
    clauses: Clauses = []
    if plan.wordings:
        clauses.append((Occur.Must, _any_of([_wording(kind, wording) for wording in plan.wordings])))
    clauses += [(Occur.Must, _phrase(kind, phrase)) for phrase in plan.phrases]
    without: Clauses = [(Occur.MustNot, _phrase(kind, phrase)) for phrase in plan.without]
    if without and not clauses:
        clauses.append((Occur.Must, TQuery.const_score_query(live(kind), 0.0)))
    return TQuery.boolean_query(clauses + without) if clauses else None


def counterpart(kind: Kind, terms: Sequence[Strong]) -> TQuery:
    """Documents that hold any of a probe's terms in any text."""
    return _any_of([_in_each_text(kind, term) for term in terms])


def live(kind: Kind) -> TQuery:
    """Everything but what stays of dropped documents."""
    return TQuery.term_query(tantivy_schema(kind), LIVE, 1)


def _wording(kind: Kind, wording: Wording) -> TQuery:
    base: Clauses = [(Occur.Should, _in_each_text(kind, term)) for term in wording.base]
    must = TQuery.boolean_query(base, minimum_number_should_match=wording.required)
    extra: Clauses = [(Occur.Should, _in_each_text(kind, term)) for term in wording.extra]
    found = TQuery.boolean_query([(Occur.Must, must), *extra])
    return found if wording.weight == 1.0 else TQuery.boost_query(found, wording.weight)


def _in_each_text(kind: Kind, term: Term) -> TQuery:
    schema = tantivy_schema(kind)
    found = [
        TQuery.boost_query(
            TQuery.term_query(schema, sub_field(text.name, term.stream), term.token), text.weight * term.weight
        )
        for text in kind.texts
    ]
    return TQuery.disjunction_max_query(found, TIE)


def _phrase(kind: Kind, units: tuple[str, ...]) -> TQuery:
    schema = tantivy_schema(kind)
    if len(units) == 1:
        return _in_each_text(kind, Term("uni", units[0], 1.0))
    return _any_of(
        [
            TQuery.boost_query(TQuery.phrase_query(schema, sub_field(text.name, "uni"), list(units)), text.weight)
            for text in kind.texts
        ]
    )


def _any_of(queries: list[TQuery]) -> TQuery:
    return TQuery.boolean_query([(Occur.Should, query) for query in queries])


def _filter(kind: Kind, where: Filter) -> TQuery:
    schema = tantivy_schema(kind)
    match where:
        case And(parts=()):
            return TQuery.all_query()
        case And(parts=parts):
            return TQuery.boolean_query([(Occur.Must, _filter(kind, part)) for part in parts])
        case Or(parts=()) | In(values=()):
            return TQuery.empty_query()
        case Or(parts=parts):
            return _any_of([_filter(kind, part) for part in parts])
        case Not(part=part):
            return TQuery.boolean_query([(Occur.Must, TQuery.all_query()), (Occur.MustNot, _filter(kind, part))])
        case Exists(field=field) | Range(field=field, low=None, high=None):
            return TQuery.all_query() if field == "id" else TQuery.exists_query(field)
        case Range(field=field, low=low, high=high):
            return TQuery.range_query(schema, field, FieldType.Integer, low, high)
        case Eq(field=field, value=value) | In(field=field, values=(value,)):
            return TQuery.term_query(schema, KEY if field == "id" else field, value)
        case In(field=field, values=values):
            return TQuery.term_set_query(schema, KEY if field == "id" else field, list(values))
