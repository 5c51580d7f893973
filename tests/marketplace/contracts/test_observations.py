"""What a machine sees in a contract: said to whoever may read what it rests on, and it stops nobody."""

import pytest

from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.amounts import Joint
from marketplace.contracts.observations import observations
from marketplace.contracts.party_writing import keep_party_data
from marketplace.contracts.writing import change_contract
from marketplace.core.classifications import Industry
from marketplace.core.plain_names import plain_name
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import (
    ITEMS,
    credit_code,
    drafted,
    facts,
    number_of,
    organisation,
    person,
    submitted,
)
from tests.marketplace.contracts.test_parties import INSTITUTE, side

pytestmark = pytest.mark.django_db
OWN = {"address": "样例路 2 号", "representative": "卖方法人", "contact": "卖方联系人", "phone": "0577-11111111"}


def keep(contract, by, *, buyer=None, seller=None):
    """Enter both sides as complete as the form asks, and unlike in everything."""
    industry, _ = Industry.objects.get_or_create(code="C00", defaults={"name": "样例行业", "name_en": "Sample"})
    given = {
        "buyer": side(industry=industry, **(buyer or {})),
        "seller": side(industry=industry, **(INSTITUTE | OWN | (seller or {}))),
    }
    keep_party_data(contract, by=by, parties=given)


def complete(**changed):
    contract, by = drafted(**changed)
    keep(contract, by)
    return contract, by


def texts(contract, user):
    return [each.text for each in observations(contract, user)]


def test_nothing_strikes_in_a_contract_that_fits():
    contract, manager = complete()
    submitted(buyer_name="另一企业")

    assert texts(contract, manager) == []
    submit_contract(contract, by=manager)
    assert texts(contract, person("registrar")) == []


def test_a_credit_code_that_stands_elsewhere_under_another_name():
    code = credit_code()
    earlier, _ = submitted(buyer_name="样例智能锁有限公司", buyer_uscc=code)
    contract, manager = complete(buyer_name="样例阀门有限公司", buyer_uscc=code)
    submit_contract(contract, by=manager)

    [found] = observations(contract, person("registrar"))

    assert "样例智能锁有限公司" in found.text
    assert code in found.text
    assert found.url == f"/contracts/{earlier.code}/"


def test_the_same_name_in_another_width_and_with_spaces_is_the_same():
    code = credit_code()
    submitted(buyer_name="样例（温州）有限公司ABC", buyer_uscc=code)
    contract, manager = complete(buyer_name="样例 (温州) 有限公司ａｂｃ", buyer_uscc=code)
    submit_contract(contract, by=manager)

    assert texts(contract, person("registrar")) == []


def test_a_name_that_stands_elsewhere_under_another_code_however_it_was_typed():
    earlier, _ = submitted(buyer_name="样例（温州）　有限公司", buyer_uscc=credit_code())
    contract, manager = complete(buyer_name="样例(温州)有限公司", buyer_uscc=credit_code())
    submit_contract(contract, by=manager)

    [found] = observations(contract, person("registrar"))

    assert (earlier.buyer_uscc in found.text, contract.buyer_uscc in found.text) == (True, True)
    assert found.url == f"/contracts/{earlier.code}/"


def test_an_organisation_here_has_the_code_under_another_name():
    code = credit_code()
    contract, manager = complete(buyer_name="样例门业有限公司", buyer_uscc=code)
    house = organisation(name="样例锁业有限公司", uscc=code)  # registered after the contract was written

    [found] = observations(contract, manager)

    assert "样例锁业有限公司" in found.text
    assert found.url == f"/organisations/{house.code}/"


def test_a_joint_seller_is_compared_too():
    house = organisation(name="样例研究院")
    contract, manager = complete(buyer_name="独一企业")
    other = Joint(name="样例设计院", uscc=house.uscc, region="330304", percent=30)
    change_contract(contract, by=manager, items=ITEMS, joint=[other], **facts(buyer_name="独一企业"))

    assert ["样例研究院" in text and "样例设计院" in text for text in texts(contract, manager)] == [True]


def test_a_seller_hears_nothing_of_contracts_between_others():
    code = credit_code()
    submitted(buyer_name="别家的买方", buyer_uscc=code)
    contract, manager = complete(buyer_name="样例企业", buyer_uscc=code)

    assert texts(contract, manager) == []
    submit_contract(contract, by=manager)
    assert "别家的买方" in texts(contract, person("registrar"))[0]


def test_what_seller_and_buyer_have_in_common_is_named():
    contract, manager = drafted()
    keep(contract, manager, seller={"address": "瓯海区样例路１号", "phone": "057700000000"})

    [found] = observations(contract, manager)

    assert "地址" in found.text
    assert "联系电话" in found.text
    assert "法定代表人" not in found.text


def test_related_parties_say_so_already():
    contract, manager = drafted(is_related_party=True)
    keep(contract, manager, seller={"address": "瓯海区样例路 1 号"})

    assert texts(contract, manager) == []


def test_what_the_national_form_asks_and_is_empty_is_named_for_each_side():
    contract, manager = drafted()
    seller, buyer = observations(contract, manager)
    assert seller.url == buyer.url == f"/contracts/{contract.code}/parties/"
    assert ["邮政编码" in buyer.text, "地址" in seller.text] == [True, True]

    given = {"buyer": side(), "seller": side(**(INSTITUTE | OWN))}
    keep_party_data(contract, by=manager, parties=given)

    assert ["行业" in text and "地址" not in text for text in texts(contract, manager)] == [True, True]


def test_it_stops_nobody_and_is_read_above_the_decision(client):
    code = credit_code()
    submitted(buyer_name="甲公司", buyer_uscc=code)
    contract, _ = submitted(buyer_name="乙公司", buyer_uscc=code)
    registrar = person("registrar")
    sign_in(client, registrar)

    page = client.get(f"/contracts/{contract.code}/register/").content.decode()
    assert page.index("甲公司") < page.index('name="number"')
    assert "甲公司" in client.get(f"/contracts/{contract.code}/").content.decode()

    register_contract(contract, by=registrar, number=number_of(77))
    assert 'id="observations"' not in client.get(f"/contracts/{contract.code}/").content.decode()


def test_the_buyer_reads_no_observations(client):
    buyer = organisation(kind="enterprise", name="样例买方有限公司")
    contract, _ = submitted(buyer_name="样例买方公司", buyer_uscc=buyer.uscc)
    sign_in(client, person(member_of=buyer, roles=["manager"]))

    assert 'id="observations"' not in client.get(f"/contracts/{contract.code}/").content.decode()


def test_private_words_are_for_those_who_read_the_data_of_the_parties():
    contract, manager = drafted()
    keep(contract, manager, seller={"address": "瓯海区样例路 1 号"})

    assert texts(contract, person("officer")) != []
    assert texts(contract, person()) == []


@pytest.mark.parametrize("name", ["样例（温州）有限公司", " 样例(温州)有限公司　"])
def test_plain_names(name):
    assert plain_name(name) == "样例(温州)有限公司"
