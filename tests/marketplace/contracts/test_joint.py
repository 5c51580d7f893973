"""What each of several sellers has of a contract: the same fen in the register, its figures, export, check and API."""

from decimal import Decimal

import pytest

from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.amounts import Item, Joint
from marketplace.contracts.counting import sold_from
from marketplace.contracts.joint import parts_of
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.national import headings, rows
from marketplace.contracts.writing import change_contract
from tests.marketplace.contracts.factories import credit_code, drafted, facts, number_of, person

pytestmark = pytest.mark.django_db
TOTAL = 333_624_36  # of which 30 % is 100,087.308 yuan: the remainder of the first seller is the larger one


def joint_contract():
    contract, manager = drafted()
    others = [Joint(name="样例研究院", uscc=credit_code(), region="110108", percent=Decimal("30"))]
    change_contract(contract, by=manager, items=[Item("开发", TOTAL, True)], joint=others, **facts())
    submit_contract(contract, by=manager)
    register_contract(contract, by=person("registrar"), number=number_of(840))
    return contract


def test_the_largest_remainder_has_the_last_fen():
    contract = joint_contract()

    first, other = parts_of(contract, TOTAL)

    assert (first.amount, other.amount) == (233_537_05, 100_087_31)  # 233,537.052 and 100,087.308
    assert (first.name, other.name) == (contract.seller.name, "样例研究院")


def test_register_and_export_say_the_same_to_the_fen():
    contract = joint_contract()

    said = dict(zip(headings(), rows(TechnologyContract.objects.all())[0], strict=True))

    assert contract.register_rows.get().sold_here == 233_537_05
    assert sold_from(["110108"], contract) == 100_087_31
    assert said["共同卖方成交总额（元）"] == f"{contract.seller.name} 233537.05；样例研究院 100087.31"


def test_the_check_names_every_seller(client):
    contract = joint_contract()

    page = client.get(f"/verify/{contract.code}/").content.decode()
    told = client.get(f"/api/v1/contracts/{contract.code}/registration").json()

    assert contract.seller.name in page
    assert "样例研究院" in page
    assert (told["seller"], told["joint_sellers"]) == (contract.seller.name, ["样例研究院"])
