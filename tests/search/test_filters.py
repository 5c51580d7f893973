"""Filters evaluated in plain Python, and the visibility nobody can leave out."""

import pytest

from search.engine import Query
from search.filters import (
    EVERYTHING,
    NOTHING,
    And,
    Eq,
    Exists,
    In,
    Not,
    Or,
    Range,
    fields_of,
    holds,
)
from search.visibility import Visibility

DOC = {
    "mode": ["transfer", "licence"],
    "region": "ouhai",
    "trl": 6,
    "price_low": None,
    "visibility": ["public"],
}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Eq("mode", "licence"), True),
        (Eq("mode", "equity"), False),
        (In("region", ("ouhai", "lucheng")), True),
        (In("region", ()), False),
        (Range("trl", 6, 9), True),
        (Range("trl", 7), False),
        (Range("trl", high=5), False),
        (Range("price_low", 0), False),
        (Exists("trl"), True),
        (Exists("price_low"), False),
        (Not(Exists("price_low")), True),
        (And(Eq("trl", 6), Or(Eq("region", "lucheng"), Eq("mode", "transfer"))), True),
        (EVERYTHING, True),
        (NOTHING, False),
    ],
)
def test_holds(where, expected):
    assert holds(where, DOC) is expected


def test_fields_of_names_every_field_once():
    assert fields_of(And(Eq("a", 1), Not(Or(Range("b"), Exists("a"))))) == {"a", "b"}


@pytest.mark.parametrize(
    ("visibility", "keys", "seen"),
    [
        (Visibility.public(), ["public"], True),
        (Visibility.public(), ["org:1"], False),
        (Visibility.of(["public", "org:1"]), ["org:1"], True),
        (Visibility.of([]), ["public"], False),
        (Visibility.unrestricted(reason="test"), ["org:1"], True),
    ],
)
def test_visibility_is_a_filter_on_keys(visibility, keys, seen):
    assert holds(visibility.where, {"visibility": keys}) is seen


def test_a_view_can_be_narrowed():
    assert not holds(Visibility.public().only(Eq("trl", 7)).where, DOC)


def test_no_query_without_visibility():
    with pytest.raises(TypeError):
        Query(kind="outcome")
    with pytest.raises(TypeError, match="who is asking"):
        Query(kind="outcome", visibility=None)
    with pytest.raises(TypeError):
        Visibility(None)
    with pytest.raises(ValueError, match="Say why"):
        Visibility.unrestricted(reason="")
