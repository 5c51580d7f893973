"""What the tests begin with is what the actions leave: every row of every table, but for what is drawn by lot."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import transaction

from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.core import clock
from tests.marketplace.auctions import as_left, making
from tests.marketplace.auctions.making import announced_lot, as_if_listed, member, organisation, outcome, person

pytestmark = pytest.mark.django_db

AT = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # the year of numbers is that of the district
DRAWN = {"id", "code", "alias", "reference", "bank_reference", "reserve_commitment", "reserve_sealed", "sealed_key"}
HASHED = {"announcement_hash", "hash"}  # of the announcement, which holds the commitment to the reserve
LICENCE = {"mode": "exclusive", "object_parts": making.SCOPE}
FACTS = {
    "deposit_scope": "session",
    "deposit_percent": 20,
    "extension_window": timedelta(minutes=2),
    "most_extensions": 3,
    "sells_to_single_bidder": False,
    "venue": "拍卖厅",
}


def written(make):
    """Return the rows of all tables once `make` is done, as if it had not been; and what is wrong with its lot."""
    with transaction.atomic():
        with clock.moved_to(AT):
            lot = make()
        tables = {
            model: list(model._base_manager.order_by("pk"))
            for model in apps.get_app_config("marketplace").models.values()
        }
        places = {(model, row.pk): place for model, rows in tables.items() for place, row in enumerate(rows)}
        found = {model: [plain(row, places) for row in rows] for model, rows in tables.items()}
        problems = lot_problems(lot)
        transaction.set_rollback(True)
    return found, problems


def plain(row, places):
    """Return the values of a row: of what is drawn by lot whether there is any, of other rows their places."""
    values = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in DRAWN | HASHED:
            value = bool(value)
        elif field.remote_field:
            value = places.get((field.remote_field.model, value), value)
        values[field.name] = undrawn(value)
    if "subject_id" in values:
        values["subject_id"] = places[type(row.subject), row.subject_id]
    return values


def undrawn(value):
    if isinstance(value, dict):
        return {name: bool(inner) if name in DRAWN | HASHED else undrawn(inner) for name, inner in value.items()}
    return [undrawn(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("terms", "session_facts", "reserve"),
    [
        ({}, {}, None),
        ({"format": "sealed"}, {}, 170 * WAN),
        ({"format": "hybrid"} | LICENCE, FACTS, 160 * WAN),
    ],
)
def test_an_announced_lot(terms, session_facts, reserve):
    assert session_facts.keys() in (set(), making.PLAIN)
    seller = organisation("institute")
    sold, host, publisher = outcome(seller), organisation("government"), member(seller, "publisher")
    starts_at = AT + timedelta(days=8)
    terms = {"mode": "assignment", "format": "english", "object_of_sale": "发明专利转让", "object_parts": {}} | terms
    facts = {"start_price": 160 * WAN, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)} | terms
    who = {"by": person("organiser"), "publisher": publisher, "host": host}

    def by(announce):
        sold.refresh_from_db()
        return lambda: announce(sold, **who, reserve=reserve, session_facts=session_facts, **facts)

    rows, problems = written(by(as_left.announced))

    assert (rows, problems) == written(by(making.announced_by_actions))
    assert problems == []


@pytest.mark.parametrize("format", ["english", "sealed"])
@pytest.mark.parametrize("rank", [None, 2])
def test_a_qualified_bidder(format, rank):
    lot, firm = announced_lot(starts_at=AT + timedelta(days=1), format=format), organisation()
    who = {"agent": member(firm, "bidder"), "by": person("organiser"), "finance": person("finance")}
    if rank is not None:
        as_if_listed(lot, firm, rank=rank, by=who["by"])

    rows, problems = written(lambda: as_left.qualified(lot, firm, rank=rank, **who).lot)

    assert (rows, problems) == written(lambda: making.qualified_by_actions(lot, firm, **who).lot)
    assert problems == []
