"""What a contract that is entered by hand names: an outcome of its seller and a broker, both optional."""

from datetime import timedelta

import pytest
from django.db import transaction

from marketplace.brokers.actions import revoke_broker
from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import (
    BrokerOfBuyer,
    BrokerWithoutCertificate,
    Incomplete,
    OutcomeIsPromised,
    OutcomeNotPublished,
)
from marketplace.core import clock
from marketplace.indicators.periods import Period
from marketplace.indicators.queries import landed_count
from marketplace.outcomes.availability import release_outcome, reserve_outcome
from marketplace.outcomes.co_owning import ContractRests
from marketplace.reviews.actions import approve_review
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import broker, drafted, number_of, organisation, person, submitted
from tests.marketplace.contracts.test_pages import typed
from tests.marketplace.deals import factories as deals
from tests.marketplace.outcomes.making import fresh
from tests.marketplace.outcomes.owning import Partner, agree, asked_of, objects, sent_with

pytestmark = pytest.mark.django_db
ASSIGNED = {"contract_type": "ZR", "sub_type": "ZR-patent"}


def test_the_form_names_an_outcome_of_the_own_institute_and_a_broker(client):
    own, other, named = deals.outcome(), deals.outcome(), broker()
    sign_in(client, person(member_of=own.owner, roles=["finance"]))
    page = client.get("/contracts/new/").content.decode()
    assert own.number in page
    assert other.number not in page

    client.post("/contracts/new/", typed(outcome=own.number, broker=named.code))
    foreign = client.post("/contracts/new/", typed(outcome=other.number))

    contract = TechnologyContract.objects.get()
    assert (contract.outcome, contract.broker) == (own, named)
    assert foreign.context["form"].errors.keys() == {"outcome"}
    changed = client.get(f"/contracts/{contract.code}/change/").content.decode()
    assert f'value="{own.number}" selected' in changed
    assert f'value="{named.code}" selected' in changed
    client.post(f"/contracts/{contract.code}/change/", typed())
    contract.refresh_from_db()
    assert (contract.outcome, contract.broker) == (None, None)


def test_registered_it_counts_among_what_landed():
    own = deals.outcome()
    contract, _ = submitted(seller=own.owner, outcome=own, buyer_region="330304")
    before = landed_count(Period.containing(clock.today(), "year")).value
    register_contract(contract, by=person("registrar"), number=number_of(830))

    assert landed_count(Period.containing(clock.today(), "year")).value == before + 1


def test_an_outcome_that_was_never_published_is_not_named():
    own = deals.outcome()
    type(own).objects.filter(pk=own.pk).update(published_at=None)
    own.refresh_from_db()

    with pytest.raises(OutcomeNotPublished), transaction.atomic():
        drafted(seller=own.owner, outcome=own)

    assert not TechnologyContract.objects.exists()


def test_what_is_kept_for_a_deal_is_not_assigned_beside_it():
    own = deals.outcome()
    reserve_outcome(own, by=None)

    with pytest.raises(OutcomeIsPromised), transaction.atomic():
        drafted(seller=own.owner, outcome=own, **ASSIGNED)
    for alone in ("XK-exclusive", "XK-sole"):
        with pytest.raises(OutcomeIsPromised), transaction.atomic():
            drafted(seller=own.owner, outcome=own, contract_type="XK", sub_type=alone)
    contract, _ = drafted(seller=own.owner, outcome=own, contract_type="XK", sub_type="XK-ordinary")
    assert contract.outcome == own


def test_what_came_to_be_kept_or_to_lapse_since_the_draft_is_not_sent():
    own, named = deals.outcome(), broker()
    contract, manager = drafted(seller=own.owner, outcome=own, broker=named, signed_on=clock.today(), **ASSIGNED)
    reserve_outcome(own, by=None)

    with pytest.raises(OutcomeIsPromised), transaction.atomic():
        submit_contract(contract, by=manager)
    release_outcome(own, by=None)
    revoke_broker(named, by=person("officer"), reason="证书被发证机构撤销。")
    contract = TechnologyContract.objects.get(pk=contract.pk)
    with pytest.raises(BrokerWithoutCertificate), transaction.atomic():
        submit_contract(contract, by=manager)

    contract.refresh_from_db()
    assert contract.state == contract.State.DRAFT


def test_registering_takes_no_outcome_from_the_deal_it_came_to_be_kept_for():
    own = deals.outcome()
    contract, _ = submitted(seller=own.owner, outcome=own, **ASSIGNED)
    reserve_outcome(own, by=None)

    register_contract(contract, by=person("registrar"), number=number_of(831))

    own.refresh_from_db()
    assert own.state == "reserved"


def test_a_broker_has_a_certificate_on_the_day_of_signing_and_is_none_of_the_buyers():
    today = clock.today()
    late = broker(valid_from=today, valid_until=today + timedelta(days=90))
    with pytest.raises(BrokerWithoutCertificate), transaction.atomic():
        drafted(broker=late, signed_on=today - timedelta(days=1))
    contract, _ = drafted(broker=late, signed_on=today)
    assert contract.broker == late

    buyer = organisation(kind="enterprise")
    for one in (broker(firm=buyer), broker(user=person(member_of=buyer, roles=["finance"]))):
        with pytest.raises(BrokerOfBuyer), transaction.atomic():
            drafted(broker=one, buyer_uscc=buyer.uscc)


def test_a_broker_who_lost_the_certificate_after_the_day_of_signing_stays_named():
    named = broker()
    contract, manager = drafted(broker=named, signed_on=clock.today() - timedelta(days=1))
    revoke_broker(named, by=person("officer"), reason="证书被发证机构撤销。")

    submit_contract(TechnologyContract.objects.get(pk=contract.pk), by=manager)

    contract.refresh_from_db()
    assert (contract.state, contract.broker) == (contract.State.SUBMITTED, named)


def test_a_contract_of_a_deal_names_what_its_deal_does(client):
    deal, seller, _ = deals.priced()
    contract = draft_contract_from_deal(deal, **seller.as_party)
    sign_in(client, seller.manager)

    form = client.get(f"/contracts/{contract.code}/change/").context["form"]

    assert not {"outcome", "broker"} & form.fields.keys()


def test_a_named_broker_reads_the_contract_once_it_is_sent():
    reader = person()
    contract, manager = drafted(broker=broker(user=reader))
    assert not TechnologyContract.objects.visible_to(reader).exists()

    submit_contract(contract, by=manager)

    assert TechnologyContract.objects.visible_to(reader).get() == contract


def test_a_co_owner_that_objects_keeps_what_goes_to_one_taker_from_the_register(institute):
    partner = Partner()
    outcome = sent_with(institute, partner)
    agree(outcome, partner)
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    approve_review(fresh(outcome).pending_review, by=institute.officer)
    objects(outcome, partner, reason="须先分割份额")
    named = {"seller": institute.organisation, "by": institute.manager, "outcome": fresh(outcome)}
    contract, by = drafted(**named, **ASSIGNED)
    ordinary, _ = drafted(**named, contract_type="XK", sub_type="XK-ordinary")

    with pytest.raises(Incomplete, match="须先分割份额"):
        submit_contract(contract, by=by)
    contract.refresh_from_db()
    assert contract.state == "draft"
    submit_contract(ordinary, by=by)

    agree(outcome, partner)
    submit_contract(contract, by=by)
    with pytest.raises(ContractRests):
        objects(outcome, partner)
    assert asked_of(outcome, partner).state == "agreed"
