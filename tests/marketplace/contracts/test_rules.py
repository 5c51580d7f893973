"""Who may do what with a contract: one table per rule."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.contracts import rules
from marketplace.contracts.actions import accept_contract
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.reviewing import begin_first_review, pass_to_second_review
from marketplace.core.rules import why_not
from tests.factories.rules import verbs
from tests.marketplace.contracts.factories import broker, drafted, organisation, person, submitted
from tests.marketplace.deals.factories import priced

pytestmark = pytest.mark.django_db


def cast():
    seller, buyer = organisation(), organisation(kind="enterprise")
    taken_on = broker(user=person())
    contract, manager = submitted(seller=seller, buyer_uscc=buyer.uscc, broker=taken_on)
    people = {
        "visitor": AnonymousUser(),
        "stranger": person(member_of=organisation(), roles=["manager"]),
        "seller's manager": manager,
        "seller's finance": person(member_of=seller, roles=["finance"]),
        "seller's publisher": person(member_of=seller, roles=["publisher"]),
        "seller's bidder": person(member_of=seller, roles=["bidder"]),
        "buyer's manager": person(member_of=buyer, roles=["manager"]),
        "broker": taken_on.user,
        "officer": person("officer"),
        "auditor": person("auditor"),
        "registrar": person("registrar"),
        "second reviewer": person("second_reviewer"),
        "registrar of the seller": person("registrar", member_of=seller, roles=[]),
        "registrar of the buyer": person("registrar", member_of=buyer, roles=["manager"]),
    }
    return contract, people


WRITERS = {"seller's manager", "seller's finance", "seller's publisher"}
TABLE = {
    "change_contract": WRITERS,
    "keep_party_data": WRITERS,
    "attach_signed_file": WRITERS,
    "discard_contract": {"seller's manager"},
    "submit_contract": {"seller's manager", "seller's finance"},
    "accept_contract": {"registrar"},
    "return_contract": {"registrar"},
    "register_contract": {"registrar"},
    "refuse_contract": {"registrar"},
    "correct_contract_number": {"registrar"},
    "begin_first_review": {"registrar"},
    "correct_line_item": {"registrar"},
    "pass_to_second_review": {"registrar"},
    "request_contract_change": {"seller's manager", "seller's finance"},
    "answer_contract_change": {"buyer's manager", "registrar of the buyer"},
    "withdraw_contract_change": {"seller's manager", "seller's finance"},
    "grant_contract_change": {"registrar"},
    "refuse_contract_change": {"registrar"},
    "cancel_contract": {"seller's manager", "seller's finance"},
    "note_contract_end": {"registrar", "second reviewer"},
    "revoke_contract": {"officer", "second reviewer"},
    "object_to_decision": {"seller's manager", "seller's finance", "buyer's manager", "registrar of the buyer"},
    "re_examine_contract": {"second reviewer"},
}


def test_who_may_begin_a_contract():
    contract, people = cast()

    allowed = {who for who, user in people.items() if why_not(rules.draft_contract, user, contract.seller) is None}

    assert allowed == WRITERS


def test_who_may_begin_the_contract_of_a_deal():
    deal, seller, buyer = priced()
    finance = person(member_of=seller.organisation, roles=["finance"])
    bidder = person(member_of=seller.organisation, roles=["bidder"])
    asking = [
        ("seller", seller.manager, seller.organisation, True),
        ("seller's finance", finance, seller.organisation, True),
        ("seller's bidder", bidder, seller.organisation, False),
        ("buyer", buyer.manager, buyer.organisation, False),
        ("buyer as seller", buyer.manager, seller.organisation, False),
        ("nobody chosen", seller.manager, None, False),
        ("officer", person("officer"), seller.organisation, False),
        ("registrar", person("registrar"), seller.organisation, False),
        ("visitor", AnonymousUser(), seller.organisation, False),
    ]

    for who, user, acting, may in asking:
        reason = why_not(rules.draft_contract_from_deal, user, deal, organisation=acting)
        assert (reason is None) == may, (who, reason)


def test_the_queue_is_seen_by_whoever_registers():
    _contract, people = cast()

    seen_by = {who for who, user in people.items() if why_not(rules.see_queue, user) is None}

    assert seen_by == {"registrar", "second reviewer", "registrar of the seller", "registrar of the buyer"}


def test_every_rule_has_its_table():
    asked = {*TABLE, "draft_contract", "draft_contract_from_deal", "keep_registration_rule", "see_queue"}

    assert asked == verbs(rules)


@pytest.mark.parametrize("name", TABLE)
def test_who_may(name):
    contract, people = cast()

    allowed = {who for who, user in people.items() if why_not(getattr(rules, name), user, contract) is None}

    assert allowed == TABLE[name]


@pytest.mark.parametrize("name", ["register_contract", "return_contract", "refuse_contract"])
def test_who_decides_in_the_second_review(name):
    contract, people = cast()
    accept_contract(contract, by=people["registrar"])
    begin_first_review(contract, by=people["registrar"])
    people["both"] = person("registrar", "second_reviewer")
    people["both, of the first review"] = person("registrar", "second_reviewer")
    people["second reviewer of the seller"] = person("second_reviewer", member_of=contract.seller)
    pass_to_second_review(contract, by=people["both, of the first review"], reasons="是否属于技术服务有争议")

    allowed = {who for who, user in people.items() if why_not(getattr(rules, name), user, contract) is None}

    assert allowed == {"second reviewer", "both"}


def test_nobody_refuses_a_large_contract_before_its_second_review():
    contract, people = cast()
    TechnologyContract.objects.filter(pk=contract.pk).update(is_disputed=True)
    contract.refresh_from_db()

    assert {who for who, user in people.items() if why_not(rules.refuse_contract, user, contract) is None} == set()
    assert "复核" in why_not(rules.refuse_contract, people["registrar"], contract)


def test_only_officers_keep_the_rules_of_the_registration():
    _contract, people = cast()

    allowed = {who for who, user in people.items() if why_not(rules.keep_registration_rule, user) is None}

    assert allowed == {"officer"}


def test_who_reads_the_signed_contract():
    contract, people = cast()

    reading = {who for who, user in people.items() if contract.file_visible_to(user, contract.signed_file)}

    assert reading == set(people) - {"visitor", "stranger", "broker"}


def test_the_signed_file_of_a_draft_is_read_by_those_who_see_the_draft():
    buyer = organisation(kind="enterprise")
    contract, manager = drafted(buyer_uscc=buyer.uscc)
    people = {
        "seller": manager,
        "buyer": person(member_of=buyer, roles=["manager"]),
        "registrar": person("registrar"),
        "second reviewer": person("second_reviewer"),
        "officer": person("officer"),
    }

    reading = {who for who, user in people.items() if contract.file_visible_to(user, contract.signed_file)}

    assert reading == {"seller", "officer"}


def test_who_sees_a_submitted_contract():
    contract, people = cast()

    seeing = {who for who, user in people.items() if contract in TechnologyContract.objects.visible_to(user)}

    assert seeing == set(people) - {"visitor", "stranger"}


def test_a_draft_is_seen_by_the_seller_officers_and_auditors_only():
    buyer = organisation(kind="enterprise")
    contract, manager = drafted(buyer_uscc=buyer.uscc)
    others = [person(member_of=buyer, roles=["manager"]), person("registrar"), person()]

    assert contract in TechnologyContract.objects.visible_to(manager)
    assert contract in TechnologyContract.objects.visible_to(person("officer"))
    assert not [user for user in others if contract in TechnologyContract.objects.visible_to(user)]


def test_an_unverified_seller_writes_no_contract():
    seller = organisation(state="suspended")
    manager = person(member_of=seller, roles=["manager"])

    assert why_not(rules.draft_contract, manager, seller) is not None
    assert why_not(rules.draft_contract, manager, None) is not None


def test_a_registrar_does_not_decide_on_what_they_brokered():
    registrar = person("registrar")
    contract, _ = submitted(broker=broker(user=registrar))

    assert "居间" in why_not(rules.register_contract, registrar, contract)
