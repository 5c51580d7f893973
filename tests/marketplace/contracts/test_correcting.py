"""The registrar's correction of an item stands beside the seller's value, and both amounts follow it."""

import pytest
from django.db import transaction

from marketplace.contracts.actions import register_contract
from marketplace.contracts.amounts import Item, sums
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.correcting import correct_line_item, counted_items
from marketplace.contracts.refusals import MoreThanTheItem, NeedsSecondReview, NothingChanged, NothingTechnical
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import WAN, number_of, person, registered, scan, submitted

pytestmark = pytest.mark.django_db


def test_a_part_of_an_item_counts_and_who_and_why_is_kept():
    contract, _ = submitted()
    registrar = person("registrar")

    correct_line_item(contract, by=registrar, position=2, technical=20 * WAN, reasons="测试样机 1 套，属技术载体")

    contract.refresh_from_db()
    item = contract.items.get(position=2)
    assert (contract.total_amount, contract.technical_amount) == (600 * WAN, 500 * WAN)
    assert (item.is_technical, item.technical_by_seller, item.technical) == (False, 0, 20 * WAN)
    assert (item.corrected_by, item.correction) == (registrar, "测试样机 1 套，属技术载体")
    assert Entry.objects.about(contract).get(kind="contract.item_corrected").data["before"] == 480 * WAN
    assert contract.decisions.get().kind == "reclassed"


def test_a_correction_that_makes_a_contract_large_asks_for_the_second_review():
    contract, _ = submitted()
    registrar = person("registrar")
    correct_line_item(contract, by=registrar, position=2, technical=20 * WAN, reasons="技术载体")

    with pytest.raises(NeedsSecondReview):
        register_contract(contract, by=registrar, number=number_of(801))

    assert (contract.is_large, contract.review_days) == (True, 30)
    correct_line_item(contract, by=registrar, position=2, technical=0, reasons="复核后仍为设备")
    assert (contract.is_large, contract.review_days, contract.technical_amount) == (False, 15, 480 * WAN)


@pytest.mark.parametrize(
    ("position", "technical", "refusal"), [(2, 121 * WAN, MoreThanTheItem), (1, 0, NothingTechnical)]
)
def test_what_cannot_be_counted_is_refused(position, technical, refusal):
    contract, _ = submitted()

    with pytest.raises(refusal), transaction.atomic():
        correct_line_item(contract, by=person("registrar"), position=position, technical=technical, reasons="理由")

    contract.refresh_from_db()
    assert contract.technical_amount == 480 * WAN
    assert not contract.items.exclude(corrected_by=None).exists()


def test_a_registered_contract_is_corrected_by_a_change_only():
    contract, _ = registered()

    with pytest.raises(WrongState):
        correct_line_item(contract, by=person("registrar"), position=1, technical=WAN, reasons="理由")


def test_a_change_begins_with_the_items_as_the_register_counts_them():
    contract, manager = submitted()
    correct_line_item(contract, by=person("registrar"), position=2, technical=10 * WAN, reasons="技术载体")
    register_contract(contract, by=person("registrar"), number=number_of(802))
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    as_counted = counted_items(contract)

    assert sums(as_counted).technical == contract.technical_amount == 490 * WAN
    assert [item.amount for item in as_counted] == [480 * WAN, 10 * WAN, 110 * WAN]
    with pytest.raises(NothingChanged), transaction.atomic():
        request_contract_change(contract, upload=scan(), by=manager, items=as_counted, **given)
    change = request_contract_change(
        contract, upload=scan(), by=manager, items=[*as_counted, Item("培训", WAN, True)], **given
    )
    assert (change.technical_before, change.technical_after) == (490 * WAN, 491 * WAN)


def test_what_was_corrected_stays_in_the_journal_when_a_change_replaces_the_items():
    contract, manager = submitted()
    correct_line_item(contract, by=person("registrar"), position=2, technical=10 * WAN, reasons="技术载体")
    register_contract(contract, by=person("registrar"), number=number_of(803))
    given = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议"}
    request_contract_change(contract, upload=scan(), by=manager, items=[Item("开发", 300 * WAN, True)], **given)

    grant_contract_change(contract, by=person("registrar"))

    kept = Entry.objects.about(contract).get(kind="contract.change_granted").data["corrections"]
    assert [(row["seller"], row["corrected"], row["reasons"]) for row in kept] == [(0, 10 * WAN, "技术载体")]


def test_corrected_on_its_page_and_shown_to_the_seller(client):
    contract, manager = submitted()
    sign_in(client, person("registrar"))
    too_much = client.post(f"/contracts/{contract.code}/items/2/", {"technical": "200", "reasons": "载体"})
    in_english = client.post(f"/en/contracts/{contract.code}/items/2/", {"technical": "200", "reasons": "载体"})
    client.post(f"/contracts/{contract.code}/items/2/", {"technical": "15", "reasons": "属技术载体"})
    sign_in(client, manager)

    page = client.get(f"/contracts/{contract.code}/").content.decode()

    assert "应在零与其全部金额之间" in too_much.content.decode()
    assert "between nothing and its whole amount" in in_english.content.decode()
    assert "属技术载体" in page
    assert client.get(f"/contracts/{contract.code}/items/2/").status_code == 403
    assert client.get(f"/contracts/{contract.code}/items/9/").status_code == 403
