"""The chain of one deal by the real actions, step by step, for those who are refused at each step."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from marketplace.auctions import actions as auctions
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot
from marketplace.contracts.actions import submit_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.writing import attach_signed_file
from marketplace.core import clock
from marketplace.deals.models import Deal
from marketplace.deals.opening import open_deal_from_match
from marketplace.deals.pricing import choose_pricing
from marketplace.matching.actions import accept_match
from marketplace.needs.actions import draft_need
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import set_up_groups
from marketplace.reviews.actions import approve_review
from tests.factories import people
from tests.factories.world import complete_need
from tests.marketplace.auctions.making import end_now
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals.factories import broker
from tests.marketplace.matching import factories as matches
from tests.marketplace.outcomes import making as outcomes

BEFORE = timedelta(days=8)


def begin() -> SimpleNamespace:
    """Return a world with everybody who belongs to the chain, and those who do not."""
    outcomes.set_up()
    set_up_groups()
    house, other = outcomes.Institute(name="样例研究院甲"), outcomes.Institute(name="样例研究院乙")
    enterprise, rival = people.organisation(name="样例企业甲"), people.organisation(name="样例企业乙")
    world = SimpleNamespace(institute=house.organisation, enterprise=enterprise, house=house)
    world.people = {
        "visitor": None,
        "stranger": people.person(),
        "publisher": house.publisher,
        "manager": house.manager,
        "bidder of the seller": people.member(house.organisation, MemberRole.BIDDER),
        "publisher elsewhere": other.publisher,
        "manager elsewhere": other.manager,
        "buyer": people.member(enterprise, MemberRole.MANAGER),
        "agent": people.member(enterprise, MemberRole.BIDDER),
        "finance of the buyer": people.member(enterprise, MemberRole.FINANCE),
        "rival": people.member(rival, MemberRole.MANAGER),
        "broker": people.person(),
    }
    for role in Role:
        world.people[role.value] = people.staff(role)
    for role in (Role.OFFICER, Role.ORGANISER, Role.REGISTRAR):
        world.people[f"{role.value} of the seller"] = people.staff(role)
        people.join(world.people[f"{role.value} of the seller"], house.organisation)
    world.broker = broker(user=world.people["broker"])
    world.expired = broker(valid_until=clock.today() - timedelta(days=1))
    world.broker_of_seller = broker(user=house.publisher)
    return world


def outcome_is_drafted(world: SimpleNamespace) -> None:
    world.outcome = world.house.draft()


def outcome_is_sent_in(world: SimpleNamespace) -> None:
    outcomes.submit_outcome(world.outcome, by=world.people["publisher"], declared=True)
    world.outcome = outcomes.fresh(world.outcome)


def institute_approved(world: SimpleNamespace) -> None:
    approve_review(world.outcome.pending_review, by=world.people["manager"])
    world.outcome = outcomes.fresh(world.outcome)


def need_is_sent_in(world: SimpleNamespace) -> None:
    approve_review(world.outcome.pending_review, by=world.people["officer"])
    world.outcome, by = outcomes.fresh(world.outcome), world.people["buyer"]
    world.need = complete_need(draft_need(organisation=world.enterprise, by=by, title="智能锁静态功耗降低"), by=by)


def liaison_approved(world: SimpleNamespace) -> None:
    approve_review(world.need.pending_review, by=world.people["liaison"])
    world.need = TechnologyNeed.objects.get(pk=world.need.pk)


def match_is_proposed(world: SimpleNamespace) -> None:
    approve_review(world.need.pending_review, by=world.people["officer"])
    world.need = TechnologyNeed.objects.get(pk=world.need.pk)
    world.match = matches.proposed(need=world.need, outcome=world.outcome)


def match_is_agreed(world: SimpleNamespace) -> None:
    accept_match(world.match, by=world.people["buyer"], organisation=world.enterprise)
    accept_match(world.match, by=world.people["manager"], organisation=world.institute)


def deal_is_open(world: SimpleNamespace) -> None:
    world.deal = open_deal_from_match(world.match, by=world.people["manager"], organisation=world.institute)


def session_is_planned(world: SimpleNamespace) -> None:
    choose_pricing(world.deal, mode="auction", by=world.people["manager"], organisation=world.institute)
    world.begins = timezone.now() - timedelta(minutes=1)
    with clock.moved_to(world.begins - BEFORE):
        world.session = auctions.plan_session(
            by=world.people["organiser"],
            organiser=people.organisation(kind="government"),
            title="样例专场",
            starts_at=world.begins,
            registration_closes_at=world.begins,
        )


def lot_is_drafted(world: SimpleNamespace) -> None:
    with clock.moved_to(world.begins - BEFORE):
        world.lot = auctions.add_lot(
            world.session,
            by=world.people["organiser"],
            outcome=world.outcome,
            mode="assignment",
            object_of_sale="发明专利转让",
            start_price=160 * WAN,
            starts_at=world.begins,
            ends_at=world.begins + timedelta(hours=1),
        )


def seller_agreed(world: SimpleNamespace) -> None:
    auctions.submit_lot(world.lot, by=world.people["publisher"], organisation=world.institute)


def lot_is_approved(world: SimpleNamespace) -> None:
    world.lot = Lot.objects.get(pk=world.lot.pk)
    auctions.approve_lot(world.lot, by=world.people["organiser"])
    world.session.refresh_from_db()


def session_is_announced(world: SimpleNamespace) -> None:
    with clock.moved_to(world.begins - BEFORE):
        auctions.announce_session(world.session, by=world.people["organiser"])
    world.lot = Lot.objects.get(pk=world.lot.pk)


def two_applied(world: SimpleNamespace) -> None:
    firm = people.organisation(name="样例企业丙")
    world.people["second bidder"] = people.member(firm, MemberRole.BIDDER)
    world.second_firm = firm
    with clock.moved_to(world.begins - timedelta(days=1)):
        world.registration, world.second = (
            auctions.apply_for_lot(world.lot, by=world.people[who], organisation=organisation, declared=True)
            for who, organisation in (("agent", world.enterprise), ("second bidder", firm))
        )


def buyer_is_admitted(world: SimpleNamespace) -> None:
    with clock.moved_to(world.begins - timedelta(days=1)):
        auctions.admit_bidder(world.registration, by=world.people["organiser"], missing=ASKED_ALWAYS)


def deposit_is_held(world: SimpleNamespace) -> None:
    with clock.moved_to(world.begins - timedelta(days=1)):
        auctions.record_deposit(
            world.registration.deposit,
            by=world.people["finance"],
            amount=world.lot.deposit,
            bank_reference="BANK-1",
            received_at=world.begins - timedelta(days=1),
        )
    world.registration.refresh_from_db()


def buyer_leads(world: SimpleNamespace) -> None:
    with clock.moved_to(world.begins - timedelta(days=1)):
        auctions.qualify_bidder(world.registration, by=world.people["organiser"])
    bid = {"by": world.people["agent"], "organisation": world.enterprise}
    auctions.place_bid(world.lot, amount=160 * WAN, key="first", **bid)


def lot_is_sold(world: SimpleNamespace) -> None:
    end_now(world.lot)
    auctions.close_lot(world.lot)
    world.lot = Lot.objects.get(pk=world.lot.pk)


def sale_is_confirmed(world: SimpleNamespace) -> None:
    auctions.confirm_sale(world.lot, by=world.people["organiser"])
    world.deal = Deal.objects.get(pk=world.deal.pk)


def contract_is_drafted(world: SimpleNamespace) -> None:
    by = world.people["manager"]
    world.contract = draft_contract_from_deal(world.deal, by=by, organisation=world.institute)
    today = clock.today()
    facts = {"signed_on": today, "begins_on": today, "ends_on": today + timedelta(days=365), "payment": "once"}
    facts |= {"ip_kind": "invention", "objective": "industry", "buyer_region": "330302", "seller_region": "330304"}
    TechnologyContract.objects.filter(pk=world.contract.pk).update(**facts)
    world.contract.refresh_from_db()
    attach_signed_file(world.contract, by=by, upload=contracts.scan())


def contract_is_submitted(world: SimpleNamespace) -> None:
    submit_contract(world.contract, by=world.people["manager"])
    world.registered, _by = contracts.registered()
