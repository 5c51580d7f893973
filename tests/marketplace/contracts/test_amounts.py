"""Two amounts, never one: what the items say is what the contract says."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marketplace.contracts.amounts import Item, sums
from marketplace.contracts.refusals import NoItems
from marketplace.contracts.writing import change_contract
from tests.marketplace.contracts.factories import WAN, drafted, facts

ITEMS = st.lists(
    st.builds(Item, label=st.just("项目"), amount=st.integers(1, 10**13), is_technical=st.booleans()), max_size=12
)


@given(ITEMS)
def test_the_technical_part_never_exceeds_the_whole(items):
    amounts = sums(items)

    assert amounts.total == sum(item.amount for item in items)
    assert 0 <= amounts.technical <= amounts.total
    assert amounts.deducted == sum(item.amount for item in items if not item.is_technical)


@pytest.mark.django_db
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=ITEMS)
def test_the_columns_equal_the_sums_after_every_change(items):
    contract, manager = drafted(with_file=False)

    change_contract(contract, by=manager, items=items, **facts())

    contract.refresh_from_db()
    kept = [Item(row.label, row.amount, row.is_technical) for row in contract.items.all()]
    assert kept == items
    assert (contract.total_amount, contract.technical_amount) == (sums(kept).total, sums(kept).technical)


@pytest.mark.django_db
def test_equipment_is_deducted_and_the_contract_is_large():
    items = [
        Item("检测算法与产线软件开发", 480 * WAN, True),
        Item("现场调试与工艺培训", 150 * WAN, True),
        Item("样机两套", 90 * WAN, True),
        Item("检测工位设备 6 台", 420 * WAN, False),
        Item("工装夹具与耗材", 60 * WAN, False),
    ]
    contract, _ = drafted(items=items)

    assert (contract.total_amount, contract.deducted_amount, contract.technical_amount) == (
        1200 * WAN,
        480 * WAN,
        720 * WAN,
    )
    assert contract.is_large


@pytest.mark.django_db
def test_refuses_an_item_of_nothing_and_keeps_what_stood():
    contract, manager = drafted()

    with pytest.raises(NoItems):
        change_contract(contract, by=manager, items=[Item("空", 0, True)], **facts(project_name="别的"))

    contract.refresh_from_db()
    assert contract.project_name == "智能锁装配线视觉检测开发合同"
    assert contract.items.count() == 2
