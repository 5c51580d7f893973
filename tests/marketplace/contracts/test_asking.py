"""A contract with more decisions and items, and a longer list, ask the database no more often."""

import pytest

from marketplace.contracts.actions import return_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.writing import attach_signed_file, change_contract
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, drafted, organisation, person, registered, scan, submitted

pytestmark = pytest.mark.django_db


def round_trip(contract, by, *, items):
    """Returned by a registrar of their own, written anew, with another file, and sent again."""
    return_contract(contract, by=person("registrar"), reasons="请补盖章页")
    lines = [Item(f"部分{place}", WAN, True) for place in range(items)]
    change_contract(contract, by=by, items=lines)
    attach_signed_file(contract, by=by, upload=scan())
    submit_contract(contract, by=by)


def test_a_contract_returned_three_times_costs_what_one_return_costs(client):
    contract, by = submitted()
    sign_in(client, by)
    round_trip(contract, by, items=1)
    one = queries_of(client, contract.get_absolute_url())

    round_trip(contract, by, items=3)
    round_trip(contract, by, items=5)

    assert queries_of(client, contract.get_absolute_url()) <= one


def test_the_form_with_three_items_costs_what_one_costs(client):
    seller = organisation()
    by = person(member_of=seller, roles=["manager"])
    few, _ = drafted(seller=seller, by=by, items=[Item("部分", WAN, True)])
    many, _ = drafted(seller=seller, by=by, items=[Item(f"部分{place}", WAN, True) for place in range(3)])
    sign_in(client, by)

    one = queries_of(client, f"{few.get_absolute_url()}change/")

    assert queries_of(client, f"{many.get_absolute_url()}change/") <= one


@pytest.mark.parametrize("address", ["/contracts/", "/contracts/export/?format=csv", "/contracts/?state=registered"])
def test_the_sellers_list(client, address):
    seller = organisation()
    by = person(member_of=seller, roles=["manager"])
    sign_in(client, by)
    registered(seller=seller, by=by)
    submitted(seller=seller, by=by)  # its clock asks the calendar, once for all
    one = queries_of(client, address)

    registered(seller=seller, by=by)
    submitted(seller=seller, by=by)

    assert queries_of(client, address) <= one
