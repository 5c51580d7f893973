"""Who answered for the buyer in a deal neither writes nor sends its contract for the seller."""

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.contracts import actions
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from tests.factories.people import join
from tests.marketplace.contracts.factories import ITEMS, facts, scan
from tests.marketplace.deals.factories import priced

pytestmark = pytest.mark.django_db

OTHER = "已代表.*其他人员答复"


@pytest.fixture
def dealt():
    """A deal with its price, and the buyer's manager who agreed to it and has joined the seller since."""
    deal, seller, buyer = priced()
    join(buyer.manager, deal.seller, MemberRole.MANAGER)
    return deal, seller, User.objects.get(pk=buyer.manager.pk)


def test_does_not_draw_it_up(dealt):
    deal, seller, both = dealt

    with pytest.raises(PermissionDenied, match=OTHER):
        draft_contract_from_deal(deal, by=both, organisation=deal.seller)
    assert draft_contract_from_deal(deal, by=seller.manager, organisation=deal.seller).pk


def test_neither_changes_nor_sends_it(dealt):
    deal, seller, both = dealt
    contract = draft_contract_from_deal(deal, by=seller.manager, organisation=deal.seller)
    filled = {"items": ITEMS, **facts(buyer_uscc=deal.buyer.uscc)}

    for tried in (
        lambda: change_contract(contract, by=both, **filled),
        lambda: attach_signed_file(contract, by=both, upload=scan()),
        lambda: actions.submit_contract(contract, by=both),
    ):
        with pytest.raises(PermissionDenied, match=OTHER):
            tried()
    change_contract(contract, by=seller.manager, **filled)
