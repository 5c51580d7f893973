"""Who may do what with sessions, lots, applications and deposits: one table, a row per verb."""

import copy
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from marketplace.auctions import rules, rules_of_bidders, rules_of_payment, rules_of_rooms
from marketplace.auctions.models import (
    AgentAuthority,
    Lot,
    Negotiation,
    PriorityHolder,
    RoomDocument,
    SaleMilestone,
    StrayPayment,
)
from marketplace.core.rules import why_not
from marketplace.organisations.roles import MemberRole, Role
from tests.factories import people
from tests.factories.rules import verbs
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, outcome, person

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def market(lasting):
    """Return a lot in bidding, an application for it, an outcome that may come, and everybody by name."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    seller, registration, other = lot.outcome.owner, bidder(lot), bidder(lot)
    organiser_of_seller, finance_of_bidder = person("organiser"), person("finance")
    people.join(organiser_of_seller, seller)
    people.join(finance_of_bidder, registration.organisation, MemberRole.BIDDER)
    organiser_of_buyer = person("organiser")
    people.join(organiser_of_buyer, registration.organisation, MemberRole.FINANCE)
    auctioneer_of_seller, auctioneer_of_bidder = person("auctioneer"), person("auctioneer")
    people.join(auctioneer_of_seller, seller)
    people.join(auctioneer_of_bidder, registration.organisation, MemberRole.FINANCE)
    lot.leader = registration
    everybody = {
        "visitor": AnonymousUser(),
        "stranger": people.person(),
        "seller's publisher": member(seller, "publisher"),
        "seller's manager": member(seller, "manager"),
        "seller's finance": member(seller, "finance"),
        "bidder's agent": registration.agent,
        "bidder's manager": member(registration.organisation, "manager"),
        "bidder's finance": member(registration.organisation, "finance"),
        "other bidder": other.agent,
        "organiser": person("organiser"),
        "organiser of the seller": organiser_of_seller,
        "organiser of the buyer": organiser_of_buyer,
        "auctioneer": person("auctioneer"),
        "auctioneer of the seller": auctioneer_of_seller,
        "auctioneer of a bidder": auctioneer_of_bidder,
        "finance": person("finance"),
        "finance of the bidder": finance_of_bidder,
        "officer": person("officer"),
        "auditor": person("auditor"),
        "auditor who organises": people.staff(Role.AUDITOR, Role.ORGANISER, Role.FINANCE, Role.AUCTIONEER),
    }
    return {
        "lot": lot,
        "session": lot.session,
        "registration": registration,
        "deposit": registration.deposit,
        "stray": StrayPayment(),
        "holder": PriorityHolder(lot=lot),
        "authority": AgentAuthority(registration=registration),
        "document": RoomDocument(lot=lot),
        "negotiation": Negotiation(lot=lot, registration=registration),
        "milestone": SaleMilestone(lot=lot, kind="paid", said_by=registration.agent),
        "organisation": registration.organisation,
        "outcome": outcome(seller),
        "everybody": everybody,
    }


@pytest.fixture
def cast(market, for_now):
    """Return them for one test, which may change what it was given and what is in the tables."""
    return copy.deepcopy(market)


SELLER = {"seller's publisher", "seller's manager"}
SUPERVISORS = {"officer", "auditor", "auditor who organises"}
BIDDER = {"bidder's agent", "bidder's manager"}
ORGANISERS = {"organiser", "organiser of the seller", "organiser of the buyer"}
AUCTIONEERS = {"auctioneer", "auctioneer of the seller", "auctioneer of a bidder"}
NOT_OF_THE_SELLER = ORGANISERS - {"organiser of the seller"}
ROOM = ORGANISERS | SELLER | SUPERVISORS | {"seller's finance", "auctioneer of the seller"}
TABLE = {
    # verb: (what it is asked about, who may)
    "plan_session": ([], ORGANISERS),
    "announce_session": (["session"], ORGANISERS),
    "amend_announcement": (["session"], ORGANISERS),
    "move_session": (["session"], ORGANISERS),
    "rewrite_session": (["session"], ORGANISERS),
    "cancel_session": (["session"], ORGANISERS),
    "postpone_session": (["session"], ORGANISERS),
    "reannounce_session": (["session"], ORGANISERS),
    "suspend_bidding": (["session"], ORGANISERS | AUCTIONEERS),
    "resume_bidding": (["session"], ORGANISERS | AUCTIONEERS),
    "see_room": (["lot", "organisation"], ROOM | BIDDER | {"bidder's finance"}),
    "accept_room_terms": (["lot", "organisation"], BIDDER),
    "add_room_document": (["lot"], ORGANISERS | SELLER),
    "withdraw_room_document": (["document"], ORGANISERS | SELLER),
    "see_room_log": (["lot"], ROOM),
    "withdraw_application": (["registration"], BIDDER | {"finance of the bidder"}),
    "submit_lot": (["lot"], SELLER),
    "decline_lot": (["lot"], SELLER),
    "approve_lot": (["lot"], NOT_OF_THE_SELLER),
    "return_lot": (["lot"], NOT_OF_THE_SELLER),
    "rewrite_lot": (["lot"], NOT_OF_THE_SELLER),
    "list_priority_holder": (["lot"], NOT_OF_THE_SELLER),
    "invite_priority_holder": (["holder"], NOT_OF_THE_SELLER),
    "strike_priority_holder": (["holder"], NOT_OF_THE_SELLER),
    "see_priority_holders": (
        ["lot"],
        ORGANISERS
        | SELLER
        | {"seller's finance", "auctioneer of the seller", "officer", "auditor", "auditor who organises"},
    ),
    "suspend_lot": (["lot"], ORGANISERS | AUCTIONEERS),
    "resume_lot": (["lot"], ORGANISERS | AUCTIONEERS),
    "see_console": (["lot"], ORGANISERS | AUCTIONEERS | {"officer", "auditor", "auditor who organises"}),
    "place_floor_bid": (["lot"], {"auctioneer"}),
    "call_lot": (["lot"], {"auctioneer"}),
    "hammer_lot": (["lot"], {"auctioneer"}),
    "extend_lot": (["lot"], {"auctioneer"}),
    "void_bid": (["lot"], {"auctioneer"}),
    "withdraw_lot": (["lot"], ORGANISERS),
    "confirm_sale": (["lot"], {"organiser"}),
    "declare_default": (["lot"], {"organiser"}),
    "clear_buyer": (["lot"], {"organiser"}),
    "choose_next_path": (["lot"], SELLER),
    "read_minutes": (["lot"], ORGANISERS | AUCTIONEERS | SUPERVISORS | SELLER | {"seller's finance"}),
    "read_report_papers": (["session"], ORGANISERS | SUPERVISORS),
    "appeal_default": (["registration"], BIDDER | {"finance of the bidder"}),
    "decide_appeal": (["lot"], {"organiser", "officer"}),
    "agree_to_negotiate": (["negotiation", "organisation"], BIDDER | {"finance of the bidder"}),
    "decline_to_negotiate": (["negotiation", "organisation"], BIDDER | {"finance of the bidder"}),
    "apply_for_lot": (["lot", "organisation"], BIDDER),
    "place_bid": (["lot", "organisation"], BIDDER),
    "withdraw_sealed_bid": (["lot", "organisation"], BIDDER),
    "add_documents": (["registration"], BIDDER | {"finance of the bidder"}),
    "hand_in_authority": (["registration"], BIDDER | {"finance of the bidder"}),
    "accept_authority": (["authority"], {"organiser"}),
    "refuse_authority": (["authority"], {"organiser"}),
    "note_milestone": (["lot"], ORGANISERS),  # who acts for a party: below
    "confirm_payment": (["milestone"], {"seller's manager", "seller's finance"}),
    "deny_payment": (["milestone"], {"seller's manager", "seller's finance"}),
    "see_sums_of_sale": (
        ["lot"],
        ROOM | BIDDER | {"bidder's finance", "finance of the bidder", "auctioneer of a bidder"},
    ),
    "admit_bidder": (["registration"], {"organiser"}),
    "ask_for_documents": (["registration"], {"organiser"}),
    "reject_bidder": (["registration"], {"organiser"}),
    "revoke_admission": (["registration"], {"organiser"}),
    "qualify_bidder": (["registration"], {"organiser"}),
    "record_deposit": (["deposit"], {"finance"}),
    "record_stray_payment": ([], {"finance", "finance of the bidder"}),
    "settle_stray_payment": (["stray"], {"finance", "finance of the bidder"}),
    "release_deposit": (["deposit"], {"finance"}),
    "correct_deposit": (["deposit"], set()),  # whoever recorded it: test_deposit_corrections.py
    "take_back_deposit": (["deposit"], set()),
    "correct_refund": (["deposit"], {"finance"}),  # nobody recorded one yet; else as above: test_refund_corrections.py
    "take_back_refund": (["deposit"], {"finance"}),
    "rehearse_session": (["session"], ORGANISERS),
    "wipe_rehearsal": (["session"], set()),  # the session of the cast is in earnest; test_rehearsals.py has the others
    "join_rehearsal": (["lot", "organisation"], set()),
}
ROOMS = (rules, rules_of_bidders, rules_of_payment, rules_of_rooms)
ADDING = "add_lot"  # has a table of its own: it asks about a session that still takes lots


def allowed(rule, cast, *subjects, **details):
    return {who for who, user in cast["everybody"].items() if why_not(rule, user, *subjects, **details) is None}


def rule_of(verb):
    return next(getattr(room, verb) for room in ROOMS if verb in verbs(room))


def test_every_verb_has_its_row():
    assert set(TABLE) | {ADDING} == set().union(*map(verbs, ROOMS))


@pytest.mark.parametrize("verb", TABLE)
def test_who_may(verb, cast):
    subjects, may = TABLE[verb]

    assert allowed(rule_of(verb), cast, *(cast[name] for name in subjects)) == may


def test_who_may_bring_an_outcome_into_a_session(cast):
    session = cast["session"]
    assert allowed(rules.add_lot, cast, session, cast["outcome"]) == set()  # it is announced
    session.state = session.State.COLLECTING

    assert allowed(rules.add_lot, cast, session) == ORGANISERS
    assert allowed(rules.add_lot, cast, session, cast["outcome"]) == ORGANISERS | SELLER


@pytest.mark.parametrize("verb", ["submit_lot", "choose_next_path"])
def test_only_the_seller_acts_for_its_lot(verb, cast):
    foreign = organisation("institute")
    for user in (cast["everybody"][who] for who in SELLER):
        people.join(user, foreign, MemberRole.PUBLISHER)

    assert allowed(rule_of(verb), cast, cast["lot"], foreign) == set()
    assert allowed(rule_of(verb), cast, cast["lot"], cast["lot"].outcome.owner) == SELLER


def test_each_party_of_a_sale_says_for_itself_what_became_of_it(cast):
    lot = cast["lot"]

    assert allowed(rules.note_milestone, cast, lot, lot.outcome.owner) == SELLER
    assert allowed(rules.note_milestone, cast, lot, cast["organisation"]) == BIDDER | {"finance of the bidder"}
    assert allowed(rules.note_milestone, cast, lot, organisation()) == ORGANISERS


def test_only_who_applied_hands_in_documents(cast):
    foreign = organisation()
    people.join(cast["everybody"]["bidder's agent"], foreign, MemberRole.BIDDER)

    assert allowed(rules_of_bidders.add_documents, cast, cast["registration"], foreign) == set()


@pytest.mark.parametrize("kind", ["seller", "organiser", "related", "unverified"])
def test_who_may_never_bid(kind, cast):
    lot = Lot.objects.get(pk=cast["lot"].pk)
    firm = {
        "seller": lambda: lot.outcome.owner,
        "organiser": lambda: lot.session.organiser,
        "related": lambda: organisation(related_usccs=[lot.outcome.owner.uscc]),
        "unverified": lambda: organisation(state="pending"),
    }[kind]()
    agent = member(firm, "bidder")

    assert why_not(rules_of_bidders.apply_for_lot, agent, lot, firm)
    assert why_not(rules_of_bidders.place_bid, agent, lot, firm)
