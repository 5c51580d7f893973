"""Sharing a payment out in two steps: the costs, then the figures with them, which alone are confirmed."""

import copy

import pytest
from django.urls import reverse

from marketplace.contracts.sharing.payouts import Distribution
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN
from tests.marketplace.contracts.shared import effective, house, receipt


@pytest.fixture(scope="module")
def lasting_house(lasting):
    made = house()
    effective(made)
    return made


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


@pytest.fixture
def page(client, here):
    """Return (address, receipt) of a payment of 10,000 yuan, its finance signed in."""
    entered = receipt(here, amount=WAN)
    sign_in(client, here.finance)
    return reverse("receipt-distribute", args=[entered.code]), entered


def text(answer):
    return answer.content.decode()


def test_nothing_is_confirmed_before_the_figures_of_what_was_typed_are_shown(client, page):
    address, _receipt = page
    first = text(client.get(address))
    assert 'name="share_out"' not in first
    assert "<dialog" not in first

    shown = client.post(address, {"direct_cost": "2000", "tax": "300"})

    dialog = text(shown).split('<dialog id="share-out"')[1].split("</dialog>")[0]
    assert "7,700.00 元" in dialog
    fields = {name: shown.context["form"][name].value() for name in ("direct_cost", "tax")}
    assert 'type="hidden" name="direct_cost" value="2000"' in text(shown)
    client.post(address, fields | {"share_out": "yes", "seen": shown.context["seen"]})
    assert Distribution.objects.get().net == 770_000


def test_the_costs_are_changed_from_the_figures(client, page):
    address, _receipt = page

    back = client.post(address, {"direct_cost": "2000", "tax": "", "edit": "yes"})

    assert not back.context["is_preview"]
    assert 'value="2000"' in text(back)
    assert 'name="share_out"' not in text(back)


@pytest.mark.parametrize("cost", ["10000", "12000"])
def test_where_nothing_is_left_it_is_said_and_there_is_no_button(client, page, cost):
    address, _receipt = page

    shown = client.post(address, {"direct_cost": cost})

    assert "没有可分配的金额" in text(shown)
    assert 'name="share_out"' not in text(shown)
    refused = client.post(address, {"direct_cost": cost, "share_out": "yes", "seen": shown.context["seen"]})
    assert set(refused.context["form"].errors) == {"direct_cost"}
    assert refused.context["income"][-1][1] == (10_000 - int(cost)) * 100
    assert not Distribution.objects.exists()
