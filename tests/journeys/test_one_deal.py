"""One deal through the whole chain, in browsers: from a draft to a registered number and a figure on the board."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from marketplace.core.money import FEN_PER_YUAN
from marketplace.deals.models import Deal
from tasks.models import Delivery
from tests.journeys import bidding, contracting, dealing, offering, selling
from tests.journeys.at_work import at_work
from tests.journeys.cast import company, set_the_stage
from tests.journeys.people import Walker
from tests.marketplace.contracts import factories as contracts

BEFORE = timedelta(days=8)  # an announcement stands a week before the bidding


@pytest.fixture
def behind(house, tmp_path, settings):
    """The broker, and the worker that indexes, matches, sends mail and tells people, in a process of its own."""
    with at_work(tmp_path / "work", settings) as house.behind:
        yield house.behind
    house.behind = None


@pytest.fixture
def story(browser, house, behind):
    """The people at their browsers, signed in as people do, in a market where one contract was registered before."""
    cast = set_the_stage()
    contracts.registered()
    house.ago = BEFORE
    with company(browser, house.address, comes_in=Walker.sign_in_at_the_door) as at_browser:
        yield SimpleNamespace(**{name: at_browser(user) for name, user in vars(cast.people).items()}, **vars(cast))


@pytest.mark.timeout(900)  # the whole chain in eight browsers: minutes on a busy machine, longer than any hang is given
@pytest.mark.django_db(transaction=True)
def test_one_deal_through_the_whole_chain(story, house, behind):
    _both_are_published(story)
    deal = _they_agree_to_auction(story)
    lot = _two_qualify(story, house)
    _one_is_outbid_and_wins(story, lot)
    _it_is_registered_and_counted(story, deal)
    behind.catch_up()
    assert not Delivery.objects.exclude(attempts=1, error="").exists(), (
        "the worker did all of it, each at the first try"
    )
    assert any("登记" in subject for subject in behind.subjects()), "people read of it in their mail"


def _both_are_published(story):
    offering.publisher_drafts_an_outcome(story.publisher)
    offering.manager_checks_the_outcome(story.manager)
    offering.officer_publishes_the_outcome(story.officer)
    offering.enterprise_posts_a_need(story.buyer)
    offering.liaison_checks_the_need(story.liaison)
    offering.officer_publishes_the_need(story.officer)
    offering.somebody_finds_both(story.rival)


def _they_agree_to_auction(story):
    """Return the address of the deal."""
    dealing.accept_match(story.buyer)
    dealing.accept_match(story.publisher)
    deal = dealing.seller_opens_the_deal(story.publisher)
    dealing.accept_confidentiality(story.publisher)
    dealing.accept_confidentiality(story.buyer)
    dealing.buyer_reads_the_confidential_part(story.buyer, deal)
    dealing.buyer_names_a_broker_for_both(story.buyer, deal)
    dealing.seller_consents_to_the_broker(story.publisher)
    dealing.broker_accepts_the_engagement(story.broker, deal)
    dealing.broker_writes_a_note(story.broker, deal)
    dealing.seller_chooses_the_auction(story.publisher)
    return deal


def _two_qualify(story, house):
    """Return the address of the lot, whose bidding has begun by then."""
    begins = timezone.now().replace(second=0, microsecond=0)
    selling.organiser_plans_a_session(story.organiser, begins)
    selling.organiser_adds_the_lot(story.organiser, begins)
    selling.seller_agrees_to_the_terms(story.publisher)
    lot = selling.organiser_reviews_and_announces(story.organiser)
    for agent, bidder in ((story.agent, story.enterprise), (story.rival, story.other)):
        selling.agent_applies(agent)
        selling.organiser_admits(story.organiser, bidder.name)
        selling.agent_reads_how_to_pay(agent)
        selling.finance_records_the_deposit(story.finance, bidder.name, at=timezone.now() - BEFORE)
        selling.organiser_qualifies(story.organiser, bidder.name)
    house.ago = timedelta()
    return lot


def _one_is_outbid_and_wins(story, lot):
    bidding.enter_the_room(story.agent)
    bidding.enter_the_room(story.rival)
    first = bidding.bid_the_next_step(story.agent, is_first=True)
    for agent in (story.agent, story.rival):
        bidding.watch(agent, price=first)
    second = bidding.bid_the_next_step(story.rival, is_first=True)
    bidding.sees_at_once_that_it_is_outbid(story.agent, price=second)
    bidding.bid_the_next_step(story.agent, is_first=False)
    ended = bidding.the_hour_passes(lot)
    bidding.sees_that_it_won(story.agent)
    bidding.sees_who_won(story.rival, ended)
    bidding.organiser_confirms_the_sale(story.organiser)
    bidding.finance_pays_the_loser_back(story.finance, story.other.name)


def _it_is_registered_and_counted(story, deal):
    before = contracting.figure_on_the_board(story.officer)
    price = Deal.objects.get(code=deal.strip("/").rpartition("/")[2]).price
    contracting.seller_draws_up_the_contract(story.manager, price=price)
    contract = contracting.seller_submits_the_contract(story.manager)
    contracting.registrar_registers_the_contract(story.registrar)
    assert contracting.figure_on_the_board(story.officer) - before == price // FEN_PER_YUAN
    contracting.board_opens_the_contract(story.officer, contract)
