"""Who is told about contracts and brokers."""

from datetime import datetime, time

import pytest
from django.utils import timezone

from marketplace.brokers.actions import suspend_broker
from marketplace.contracts.actions import (
    correct_contract_number,
    refuse_contract,
    register_contract,
    return_contract,
    submit_contract,
)
from marketplace.contracts.amending import answer_contract_change
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import refuse_contract_change, request_contract_change, withdraw_contract_change
from marketplace.contracts.correcting import correct_line_item
from marketplace.contracts.drafts.actions import assemble_draft
from marketplace.contracts.ending import cancel_contract, revoke_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.lists.actions import issue_registration_list, make_registration_list
from marketplace.contracts.supplementing import remind_of_supplement
from marketplace.contracts.writing import change_contract
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.working_days import add_working_days
from marketplace.notices.models import Notice
from marketplace.organisations.models import User
from tasks.delivery import at_once
from tasks.notices.contracts import TELLS
from tests.marketplace.contracts.factories import (
    WAN,
    broker,
    drafted,
    facts,
    number_of,
    organisation,
    person,
    registered,
    scan,
    second_review,
    submitted,
)
from tests.marketplace.deals import factories as deals
from tests.marketplace.deals.factories import engage, priced

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_a_contract_on_its_way(django_capture_on_commit_callbacks):
    registrar, officer = person("registrar"), person("officer")
    buyer = organisation(kind="enterprise")
    purchaser = person(member_of=buyer, roles=["finance"])
    bidder = person(member_of=buyer, roles=["bidder"])
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        contract, manager = submitted(buyer_uscc=buyer.uscc)
    assert told("contract.to_review") == {registrar.pk}

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        register_contract(contract, by=registrar, number=number_of(3))

    assert told("contract.registered") == {manager.pk, purchaser.pk}
    assert not {officer.pk, bidder.pk} & told("contract.registered")
    assert number_of(3) in Notice.objects.filter(user=manager).get(kind="contract.registered").title


def test_everybody_in_the_room_hears_of_a_draft_but_who_put_it_together(django_capture_on_commit_callbacks):
    deal, seller, buyer = priced()
    known = deals.broker()
    engage(deal, known, **seller.as_party)
    contract = draft_contract_from_deal(deal, **seller.as_party)
    given = facts(contract_type="ZR", sub_type="ZR-patent", buyer_uscc=deal.buyer.uscc)
    change_contract(contract, by=seller.manager, items=[Item("专利权转让", 90 * WAN, True)], **given)

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        assemble_draft(contract, by=seller.manager)

    hear = told("contract.draft_to_read")
    assert {buyer.manager.pk, known.user.pk} <= hear
    assert seller.manager.pk not in hear
    assert all(contract.is_in_room_of(user) for user in User.objects.filter(pk__in=hear))
    notice = Notice.objects.get(user=buyer.manager, kind="contract.draft_to_read")
    assert (notice.path, "第 1 版" in notice.title) == (f"/deals/{deal.code}/drafts/", True)


def test_a_draft_without_a_deal_is_told_to_nobody(django_capture_on_commit_callbacks):
    contract, manager = drafted(contract_type="ZR", sub_type="ZR-patent")
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        assemble_draft(contract, by=manager)

    assert told("contract.draft_to_read") == set()


def test_who_hears_of_a_registration_list(django_capture_on_commit_callbacks):
    maker, reviewer = person("registrar", "second_reviewer"), person("second_reviewer")
    contract, _ = submitted(items=[Item("开发", 600 * WAN, True)])
    second_review(contract)
    register_contract(contract, by=reviewer, number=number_of(4))
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        made = make_registration_list(by=maker, contracts=[contract], purpose="免税")
    assert told("list.to_review") == {reviewer.pk}

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        issue_registration_list(made, by=reviewer)
        revoke_contract(contract, by=person("officer"), reasons="虚假材料")

    assert told("list.void") == {maker.pk, reviewer.pk}


def test_a_return_reaches_the_seller(django_capture_on_commit_callbacks):
    contract, manager = submitted()

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        return_contract(contract, by=person("registrar"), reasons="缺附件")

    assert told("contract.returned") == {manager.pk}


def test_whoever_was_to_decide_on_a_change_hears_that_it_is_taken_back(django_capture_on_commit_callbacks):
    deciding = {person("registrar").pk, person("second_reviewer").pk}
    contract, manager = registered()
    asked = {"items": [Item("开发", 60 * WAN, True)], "begins_on": contract.begins_on, "ends_on": contract.ends_on}
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        request_contract_change(contract, upload=scan(), by=manager, reasons="补充协议", **asked)
        withdraw_contract_change(contract, by=manager)

    assert told("contract.change_to_decide") == told("contract.change_withdrawn")
    assert deciding <= told("contract.change_withdrawn")


def test_a_suspended_broker_is_told(django_capture_on_commit_callbacks):
    holder = person()
    filed = broker(user=holder)

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        suspend_broker(filed, by=person("officer"), reason="核查")

    assert told("broker.suspended") == {holder.pk}


def test_both_parties_hear_of_a_corrected_number(django_capture_on_commit_callbacks):
    buyer = organisation(kind="enterprise")
    purchaser = person(member_of=buyer, roles=["finance"])
    contract, manager = registered(number=number_of(3), buyer_uscc=buyer.uscc)

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        correct_contract_number(contract, by=person("registrar"), number=number_of(4), reasons="录入时少看一位")

    assert told("contract.renumbered") == {manager.pk, purchaser.pk}
    title = Notice.objects.get(user=manager, kind="contract.renumbered").title
    assert number_of(3) in title
    assert number_of(4) in title


def house():
    """Return a buyer on the platform and who buys for it."""
    buyer = organisation(kind="enterprise")
    return buyer, person(member_of=buyer, roles=["manager"])


def test_the_buyer_hears_of_every_step_before_the_registration(django_capture_on_commit_callbacks):
    registrar = person("registrar")
    buyer, purchaser = house()
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        contract, manager = submitted(buyer_uscc=buyer.uscc)
        correct_line_item(contract, by=registrar, position=1, technical=400 * WAN, reasons="含设备")
        return_contract(contract, by=registrar, reasons="缺附件")
    assert told("contract.submitted") == told("contract.returned_to_seller") == {purchaser.pk}
    assert told("contract.assessed") == {manager.pk, purchaser.pk}

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        change_contract(contract, by=manager, items=[Item("开发", 450 * WAN, True)], **facts(buyer_uscc=buyer.uscc))
        submit_contract(contract, by=manager)
    assert Notice.objects.filter(kind="contract.submitted", user=purchaser).count() == 2
    assert told("contract.to_review_above") == told("contract.to_review") == {registrar.pk}
    assert Notice.objects.filter(kind="contract.to_review").count() == 1

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        refuse_contract(contract, by=registrar, reasons="不属技术合同")
    assert told("contract.refused") == {manager.pk, purchaser.pk}


def changed_to(contract, by, wan):
    validity = {"begins_on": contract.begins_on, "ends_on": contract.ends_on}
    request_contract_change(
        contract, upload=scan(), by=by, items=[Item("开发", wan * WAN, True)], reasons="补充协议", **validity
    )


def test_the_buyer_hears_of_a_change_and_of_its_decision(django_capture_on_commit_callbacks):
    buyer, purchaser = house()
    contract, manager = registered(buyer_uscc=buyer.uscc)
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        changed_to(contract, manager, 30)
        withdraw_contract_change(contract, by=manager)
        changed_to(contract, manager, 30)
        assert told("contract.change_to_decide") == set()
        answer_contract_change(contract, by=purchaser, agrees=True)
        refuse_contract_change(contract, by=person("registrar"), reasons="补充协议未签章")

    assert told("contract.change_requested") == told("contract.change_taken_back") == {purchaser.pk}
    assert told("contract.change_refused") == {manager.pk, purchaser.pk}


def test_a_change_that_is_large_is_told_to_second_reviewers_only(django_capture_on_commit_callbacks):
    registrar, second = person("registrar"), person("second_reviewer")
    contract, manager = registered()
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        changed_to(contract, manager, 700)
        withdraw_contract_change(contract, by=manager)

    assert told("contract.change_to_decide") == told("contract.change_withdrawn")
    assert second.pk in told("contract.change_to_decide")
    assert registrar.pk not in told("contract.change_to_decide")


def test_registrars_hear_that_the_seller_cancelled(django_capture_on_commit_callbacks):
    registrar = person("registrar")
    contract, manager = registered()
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        cancel_contract(contract, by=manager, reasons="双方协商终止", benefits_enjoyed=False)

    assert registrar.pk in told("contract.cancelled_by_seller")
    assert manager.pk not in told("contract.cancelled_by_seller")


def test_the_seller_is_told_until_when_and_reminded_and_the_word_falls_when_it_is_sent(
    django_capture_on_commit_callbacks,
):
    contract, manager = submitted()
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        return_contract(contract, by=person("registrar"), reasons="缺附件")
    day = contract.supplement_by
    assert Notice.objects.get(kind="contract.returned").title.endswith(f"（期限：{day.isoformat()}）")

    near = timezone.make_aware(datetime.combine(add_working_days(day, -1), time(9)))
    with clock.moved_to(near), at_once(), django_capture_on_commit_callbacks(execute=True):
        assert remind_of_supplement(contract)
    reminded = Notice.objects.get(kind="contract.to_supplement")
    assert (reminded.user, reminded.read_at) == (manager, None)
    assert day.isoformat() in reminded.title

    with clock.moved_to(near), at_once(), django_capture_on_commit_callbacks(execute=True):
        submit_contract(contract, by=manager, answer="已补")
    reminded.refresh_from_db()
    assert reminded.read_at is not None


def test_a_return_of_before_there_was_a_day_is_told_without_one(django_capture_on_commit_callbacks):
    contract, _ = submitted()
    with django_capture_on_commit_callbacks(execute=False):
        return_contract(contract, by=person("registrar"), reasons="缺附件")
    entry = Entry.objects.get(kind="contract.returned")
    entry.data.pop("due_on")

    [told_seller, *_others] = TELLS[entry.kind](entry)

    assert (told_seller.kind, told_seller.data) == ("contract.returned", {})
