"""What deals show as their amount once their contract was changed: board, list, page and table say the same."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.amending import answer_contract_change
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, refuse_contract_change, request_contract_change
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.deals.listed import sums_of_columns
from marketplace.deals.models import Deal
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import number_of, person, scan
from tests.marketplace.contracts.test_from_deal import complete
from tests.marketplace.deals.factories import WAN, from_sale

pytestmark = pytest.mark.django_db
AGREED, CHANGED = 220 * WAN, 198 * WAN + WAN // 5


def asked_to_change(*, amount=CHANGED, serial=1):
    deal, seller, buyer = from_sale(lot=f"OH-2026-{serial:02}", price=AGREED)
    contract = draft_contract_from_deal(deal, **seller.as_party)
    complete(contract, seller.manager)
    submit_contract(contract, by=seller.manager)
    register_contract(contract, by=person("registrar"), number=number_of(serial))
    request_contract_change(
        contract,
        upload=scan(),
        by=seller.manager,
        items=[Item("技术转让费", amount, True)],
        begins_on=contract.begins_on,
        ends_on=contract.ends_on + timedelta(days=30),
        reasons="补充协议",
    )
    answer_contract_change(contract, by=buyer.manager, agrees=True)
    deal.refresh_from_db()
    return deal, contract, seller


def amended(**how):
    deal, contract, seller = asked_to_change(**how)
    grant_contract_change(contract, by=person("registrar"))
    return deal, contract, seller


def shown(reader, address, **asked):
    return re.sub(r"<[^>]+>|\s+", "", reader.get(address, asked).content.decode())


def test_board_list_page_and_table_show_what_the_contract_comes_to_now():
    deal, _contract, seller = amended()
    reader = sign_in(Client(), seller.manager)

    board, rows = shown(reader, reverse("deal-list")), shown(reader, reverse("deal-list"), view="list")
    page = shown(reader, deal.get_absolute_url())
    table = reader.get(reverse("deal-export"), {"format": "csv"}).content.decode("utf-8-sig")

    assert deal.state == "performance"
    assert "198.2万元合同变更后" in board
    assert "198.2万元合同变更后" in rows
    assert "220万元" not in board + rows
    assert "198.2万元合同变更后" in page
    assert "成交价220万元" in page
    assert next(csv.DictReader(io.StringIO(table)))["变更后合同金额（元）"] == "1982000.00"
    assert sums_of_columns(Deal.objects.all()) == {"performance": (1, CHANGED)}


def test_a_change_of_days_alone_leaves_the_price():
    deal, _contract, seller = amended(amount=AGREED)
    reader = sign_in(Client(), seller.manager)

    board, page = shown(reader, reverse("deal-list")), shown(reader, deal.get_absolute_url())
    table = reader.get(reverse("deal-export"), {"format": "csv"}).content.decode("utf-8-sig")

    assert "220万元" in board
    assert "合同变更后" not in board + page
    assert "成交价220万元" not in page
    assert next(csv.DictReader(io.StringIO(table)))["变更后合同金额（元）"] == ""
    assert sums_of_columns(Deal.objects.all()) == {"performance": (1, AGREED)}


def test_a_change_asked_for_or_refused_leaves_the_price():
    _deal, contract, seller = asked_to_change()
    reader = sign_in(Client(), seller.manager)

    asked = shown(reader, reverse("deal-list"))
    refuse_contract_change(contract, by=person("registrar"), reasons="依据不足")
    refused = shown(reader, reverse("deal-list"))

    assert "220万元" in asked
    assert "220万元" in refused
    assert "198.2万元" not in asked + refused
    assert sums_of_columns(Deal.objects.all()) == {"performance": (1, AGREED)}


def test_the_board_costs_the_same_for_one_and_for_three():
    officer = sign_in(Client(), person("officer"))
    amended()
    one = queries_of(officer, reverse("deal-list"))
    amended(serial=2)
    amended(serial=3)

    assert queries_of(officer, reverse("deal-list")) <= one
