"""The terms of a trial bind its paid contract: another way, amount or payment needs a reason that others read."""

from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.contracts.actions import submit_contract
from marketplace.contracts.agreed import departures
from marketplace.contracts.amounts import Item
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.refusals import Incomplete
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.notices.models import Notice
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.matching.factories import WAN
from tests.marketplace.trials.factories import chosen, fresh

FORMULA = {"pricing": "formula", "price": 25 * WAN, "output_rate": Decimal(4), "price_cap": 100 * WAN}
TRANSFER = {"mode": "assignment", **FORMULA}
KEPT = {"contract_type": "ZR", "sub_type": "ZR-patent", "payment": "royalty"}


def drafted(amount=25 * WAN, *, mode=TRANSFER, **changed):
    """The draft of a trial's contract, complete but for what `changed` says otherwise."""
    trial, owner, enterprise = chosen(**mode)
    contract = draft_contract_from_deal(fresh(trial).deal, **owner.as_party)
    own = ("buyer_name", "buyer_uscc", "project_name")
    facts = {name: value for name, value in contracts.facts().items() if name not in own}
    change_contract(contract, by=owner.manager, items=[Item("转让费", amount, True)], **(facts | KEPT | changed))
    attach_signed_file(contract, by=owner.manager, upload=contracts.scan())
    return contract, owner, enterprise


@pytest.mark.django_db
def test_a_contract_that_keeps_to_its_trial_is_sent():
    contract, owner, _enterprise = drafted()

    submit_contract(contract, by=owner.manager)

    assert (contract.state, departures(contract)) == ("submitted", [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "changed", "words"),
    [
        (25 * WAN, {"contract_type": "XK", "sub_type": "XK-ordinary"}, "转让"),
        (26 * WAN, {}, "26"),
        (500 * WAN, {}, "100"),
        (25 * WAN, {"payment": "once"}, "4"),
    ],
)
def test_what_departs_is_sent_with_a_reason_only(amount, changed, words):
    contract, owner, _enterprise = drafted(amount, **changed)

    with pytest.raises(Incomplete, match=words):
        submit_contract(contract, by=owner.manager)
    contract.refresh_from_db()
    assert contract.state == "draft"

    contract.departure_reason = "双方另签补充协议，增加一条产线。"
    contract.save()
    submit_contract(contract, by=owner.manager)
    assert contract.state == "submitted"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("assignment", "ZR-secret"),
        ("equity", "ZR-other"),
        ("exclusive", "XK-exclusive"),
        ("sole", "XK-secret"),
        ("ordinary", "XK-ordinary"),
        ("development", "KF-joint"),
        ("service", "FW-training"),
    ],
)
def test_kinds_that_the_way_of_conversion_means(mode, kind):
    contract, *_parties = drafted(60 * WAN, mode={"mode": mode}, contract_type=kind[:2], sub_type=kind)

    assert departures(contract) == []


@pytest.mark.django_db(transaction=True)
def test_the_buyer_is_told_of_what_departs():
    with at_once():
        contract, owner, enterprise = drafted(26 * WAN, departure_reason="加一台设备。")
        submit_contract(contract, by=owner.manager)
        kept, other, *_ = drafted(mode=TRANSFER)
        submit_contract(kept, by=other.manager)

    notice = Notice.objects.get(kind="contract.departs", user=enterprise.manager)
    assert notice.path == contract.get_absolute_url()
    assert not Notice.objects.filter(kind="contract.submitted", user=enterprise.manager, path=notice.path).exists()
    assert not Notice.objects.filter(kind="contract.departs", path=kept.get_absolute_url()).exists()


@pytest.mark.django_db
def test_both_sides_and_the_registrar_read_terms_departure_and_reason(client):
    contract, owner, enterprise = drafted(120 * WAN, departure_reason="双方另签补充协议。")
    submit_contract(contract, by=owner.manager)
    registrar = contracts.person("registrar")
    pages = [
        (owner.manager, "contract-detail"),
        (enterprise.manager, "contract-detail"),
        (registrar, "contract-detail"),
    ]
    for reader, name in [*pages, (registrar, "contract-register")]:
        sign_in(client, reader)
        page = client.get(reverse(name, args=[contract.code])).content.decode()
        assert 'id="of-trial"' in page
        assert 'id="departs"' in page
        assert "双方另签补充协议。" in page
        assert "100 万元" in page


@pytest.mark.django_db
def test_the_form_asks_for_the_reason_of_contracts_from_a_trial_only(client):
    contract, owner, _enterprise = drafted()
    other, by = contracts.drafted()
    sign_in(client, owner.manager)
    assert 'name="departure_reason"' in client.get(reverse("contract-change", args=[contract.code])).content.decode()
    sign_in(client, by)
    assert "departure_reason" not in client.get(reverse("contract-change", args=[other.code])).content.decode()
