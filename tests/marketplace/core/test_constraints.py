"""A CHECK holds where it is not known: PostgreSQL lets a row pass whose condition is NULL, so none of ours may be."""

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, F, Q

from marketplace.trials.pool import PoolTerms


def _own_models():
    return [
        model for model in apps.get_models() if not model.__module__.startswith(("django.", "wagtail.", "allauth."))
    ]


def _is_nullable(model, name):
    return model._meta.get_field(name).null


def _settled(node):
    """Return the columns about whose NULL a node decides itself: beside an AND not NULL, beside an OR NULL."""
    said = set()
    for leaf in node.children:
        if not isinstance(leaf, Q):
            (name, *lookup), value = leaf[0].split("__"), leaf[1]
            is_null = (lookup == ["isnull"] and value) or (not lookup and value is None)
            if lookup == ["isnull"] or value is None:
                said |= {name} if is_null == (node.connector == Q.OR) else set()
        elif len(leaf.children) == 1:
            said |= _settled(Q(leaf.children[0], _connector=node.connector)) if not leaf.negated else set()
        elif leaf.connector == node.connector and not leaf.negated:
            said |= _settled(leaf)
    return said


def unknown(model, node, known=frozenset()):
    """Return the nullable columns that are compared where they may be NULL."""
    known, found = known | _settled(node), set()
    for child in node.children:
        if isinstance(child, Q):
            found |= unknown(model, child, known)
            continue
        name, *lookup = child[0].split("__")
        if lookup == ["isnull"] or child[1] is None:
            continue
        columns = [name, *([child[1].name] if isinstance(child[1], F) else [])]
        found |= {column for column in columns if _is_nullable(model, column) and column not in known}
    return found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Q(price__gt=0), {"price"}),
        (Q(price=1) | Q(price__in=[2, 3]), {"price"}),
        (Q(price__isnull=False, price__gt=0), set()),
        (Q(price=None) | Q(price__gt=0), set()),
        (Q(price=None, pricing="agreed") | Q(price__gt=0), {"price"}),
        (Q(pricing="agreed") | Q(price__isnull=False) & Q(price__gt=0, price_cap__gt=0), {"price_cap"}),
        (Q(price_cap=None) | Q(price=None) | Q(price_cap__gte=F("price")), set()),
        (Q(price_cap=None) | Q(price_cap__gte=F("price")), {"price"}),
        (Q(length_days__gte=F("price")), {"price"}),
        (~Q(price=3), {"price"}),
        (Q(length_days__gt=0) & ~Q(scale_unit=""), set()),
    ],
)
def test_what_may_be_unknown_is_found(condition, found):
    assert unknown(PoolTerms, Q(condition)) == found


def test_no_check_compares_what_may_be_null():
    found = {
        constraint.name: sorted(columns)
        for model in _own_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint) and (columns := unknown(model, Q(constraint.condition)))
    }

    assert found == {}
