"""A deal whose outcome is no longer public: who is told, what its page says, and what is refused meanwhile."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal
from marketplace.deals.nda import accept_nda
from marketplace.deals.opening import accept_interest
from marketplace.deals.pricing import accept_price, propose_price
from marketplace.deals.refusals import OutcomeOffline
from marketplace.deals.stalling import take_up_deal
from marketplace.deals.talking import add_deal_file
from marketplace.notices.models import Notice
from marketplace.outcomes.actions import expire_outcome, submit_outcome
from marketplace.outcomes.availability import withdraw_outcome
from marketplace.outcomes.hidden import Hidden, hidden_as, hidden_since
from marketplace.publicity.models import Publicity
from marketplace.reviews.drafts import save_draft
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import (
    WAN,
    from_interest,
    from_match,
    interest,
    member,
    pdf,
    person,
    priced,
    pricing,
    rules,
)
from tests.marketplace.matching.test_answer_match import together
from tests.marketplace.outcomes import making

pytestmark = pytest.mark.django_db


def take_offline(outcome):
    outcome.unpublish(user=person("officer"), reason="不实")
    outcome.refresh_from_db()


def publish_again(house, outcome):
    """Change what is written and send it in to both reviews, which pass it."""
    draft = making.fresh(outcome).newest_version
    draft.price_low = draft.price_high = 777 * WAN
    save_draft(draft, by=house.publisher)
    submit_outcome(making.fresh(outcome), by=house.publisher, declared=True)
    house.pass_review(making.fresh(outcome))


def words_of(response):
    """What the page says, without its marks of language."""
    return strip_tags(response.content.decode())


def page_of(user, address):
    return words_of(sign_in(Client(), user).get("/en" + address))


def told(user):
    return set(Notice.objects.filter(user=user).values_list("kind", flat=True))


def test_no_price_is_fixed_and_nothing_announced_while_the_district_has_it_offline():
    rules()
    deal, seller, buyer = pricing()
    proposal = propose_price(deal, amount=WAN, **seller.as_party)
    take_offline(deal.outcome)

    with pytest.raises(OutcomeOffline):
        accept_price(deal, proposal, **buyer.as_party)

    assert Deal.objects.get(pk=deal.pk).price is None
    assert not Publicity.objects.exists()


def test_no_contract_is_drawn_up_while_the_district_has_it_offline():
    deal, seller, _buyer = priced()
    take_offline(deal.outcome)

    with pytest.raises(OutcomeOffline):
        draft_contract_from_deal(deal, **seller.as_party)
    assert not TechnologyContract.objects.exists()


def test_no_deal_begins_or_is_taken_up_while_the_district_has_it_offline():
    shown = interest()
    take_offline(shown.outcome)
    owner = shown.outcome.owner
    with pytest.raises(OutcomeOffline):
        accept_interest(shown, by=member(owner), organisation=owner)

    deal, seller, _buyer = pricing()
    terminate_deal(deal, reason="预算取消", **seller.as_party)
    take_offline(deal.outcome)
    with pytest.raises(OutcomeOffline):
        take_up_deal(deal, reason="预算批准", **seller.as_party)


@pytest.mark.parametrize("hide", ["withdraw", "expire"])
def test_withdrawn_or_expired_it_goes_on_between_the_two(hide):
    rules()
    deal, seller, buyer = pricing()
    proposal = propose_price(deal, amount=WAN, **seller.as_party)
    if hide == "withdraw":
        withdraw_outcome(deal.outcome, by=seller.manager)
    else:
        with clock.moved_to(clock.now().replace(year=clock.now().year + 2)):
            expire_outcome(deal.outcome)

    accept_price(Deal.objects.get(pk=deal.pk), proposal, **buyer.as_party)

    assert Deal.objects.get(pk=deal.pk).price == WAN


def test_why_it_is_hidden_and_since_when():
    deal, seller, _buyer = from_match()
    outcome = deal.outcome
    assert (hidden_as(outcome), hidden_since(outcome)) == (None, None)

    withdraw_outcome(outcome, by=seller.manager)
    assert hidden_as(outcome) == Hidden.WITHDRAWN
    assert hidden_since(outcome).date() == clock.now().date()
    take_offline(outcome)
    assert hidden_as(outcome) == Hidden.OFFLINE


@pytest.mark.parametrize("goes", [True, False])
def test_both_sides_are_told_and_told_when_it_is_back(django_capture_on_commit_callbacks, goes):
    making.set_up()
    house = making.Institute()
    deal, seller, buyer = from_interest(on=house.published())
    sides = (seller.manager, buyer.manager)
    with at_once(but=("index.", "matching.")), django_capture_on_commit_callbacks(execute=True):
        if goes:
            take_offline(deal.outcome)

    assert ["deal.outcome_offline" in told(person) for person in sides] == [goes, goes]
    assert ["deal.outcome_back" in told(person) for person in sides] == [False, False]
    with at_once(but=("index.", "matching.")), django_capture_on_commit_callbacks(execute=True):
        publish_again(house, deal.outcome)

    assert ["deal.outcome_back" in told(person) for person in sides] == [goes, goes]


def test_both_sides_are_told_that_the_owner_withdrew_it(django_capture_on_commit_callbacks):
    deal, seller, buyer = from_match()
    colleague = member(deal.seller)
    with at_once(but=("index.", "matching.")), django_capture_on_commit_callbacks(execute=True):
        withdraw_outcome(deal.outcome, by=seller.manager)

    assert "deal.outcome_withdrawn" in told(buyer.manager) & told(colleague)
    assert not told(seller.manager)


def test_the_page_of_the_deal_warns_with_the_day_and_offers_nothing_refused():
    rules()
    deal, seller, buyer = pricing()
    propose_price(deal, amount=WAN, **seller.as_party)
    take_offline(deal.outcome)

    page = page_of(buyer.manager, deal.get_absolute_url())

    assert "The district took this outcome offline on" in page
    assert "until it is public again this cannot be done" in page
    moves = sign_in(Client(), buyer.manager).get(reverse("deal-list")).context["columns"]
    assert [move.to for column in moves for card in column.cards for move in card.moves] == ["terminated"]


def test_parties_and_those_it_was_disclosed_to_go_on_reading_its_page():
    deal, seller, buyer = from_match()
    accept_nda(deal, **seller.as_party)
    accept_nda(deal, **buyer.as_party)
    stranger, address = member(from_match().deal.buyer), deal.outcome.get_absolute_url()
    take_offline(deal.outcome)

    assert "The district took this outcome offline on" in page_of(buyer.manager, address)
    assert address in sign_in(Client(), buyer.manager).get(deal.get_absolute_url()).content.decode()
    assert sign_in(Client(), stranger).get(address).status_code == 404
    assert Client().get(address).status_code == 404

    terminate_deal(deal, reason="预算取消", **buyer.as_party)
    assert sign_in(Client(), buyer.manager).get(address).status_code == 200  # the disclosure holds on


def test_a_party_does_not_read_the_draft_that_follows():
    deal, _seller, buyer = from_match()
    outcome = deal.outcome
    take_offline(outcome)
    draft = type(outcome).objects.get(pk=outcome.pk)
    draft.title = "尚未审核的新标题"
    draft.save_revision(clean=False)

    assert "尚未审核的新标题" not in page_of(buyer.manager, outcome.get_absolute_url())


def test_the_match_links_to_the_page_only_for_who_may_open_it():
    deal, _seller, buyer = from_match()
    address = deal.outcome.get_absolute_url()
    take_offline(deal.outcome)
    reader = sign_in(Client(), buyer.manager)

    assert address in reader.get(deal.match.get_absolute_url()).content.decode()
    terminate_deal(deal, reason="预算取消", **buyer.as_party)
    assert address not in reader.get(deal.match.get_absolute_url()).content.decode()


def test_the_officer_reads_how_many_open_deals_it_stops():
    deal, _seller, _buyer = from_match()

    page = page_of(person("officer"), reverse("review-offline", args=["outcome", deal.outcome.number]))

    assert "Open deals about it: 1." in page


def test_the_other_side_is_told_of_confidentiality_and_everybody_of_a_document(django_capture_on_commit_callbacks):
    deal, seller, buyer = from_match()
    with at_once(but=("index.", "matching.")), django_capture_on_commit_callbacks(execute=True):
        accept_nda(deal, **buyer.as_party)
    assert told(seller.manager) == {"deal.nda_accepted"}
    with at_once(but=("index.", "matching.")), django_capture_on_commit_callbacks(execute=True):
        accept_nda(deal, **seller.as_party)
        add_deal_file(deal, upload=pdf(), purpose="other", **seller.as_party)

    assert told(buyer.manager) == {"deal.nda_in_force", "deal.file_added"}
    assert told(seller.manager) == {"deal.nda_accepted"}


def test_confidentiality_accepted_with_interest_is_told_once(django_capture_on_commit_callbacks):
    with at_once(but=("index.", "matching.")), django_capture_on_commit_callbacks(execute=True):
        deal, _seller, _buyer = from_interest(accepts_nda=True)

    assert not Notice.objects.filter(kind__in=["deal.nda_accepted", "deal.nda_in_force"]).exists()
    assert deal.nda_acceptances.count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_a_price_meets_the_district():
    rules()
    opened = pricing()
    proposal = propose_price(opened.deal, amount=WAN, **opened.seller.as_party)
    outcome = opened.deal.outcome

    raised = together(
        lambda: accept_price(Deal.objects.get(pk=opened.deal.pk), proposal, **opened.buyer.as_party),
        lambda: type(outcome).objects.get(pk=outcome.pk).unpublish(user=person("officer"), reason="不实"),
    )

    assert raised[1] is None
    price = Deal.objects.get(pk=opened.deal.pk).price
    assert (price, type(raised[0])) in ((WAN, type(None)), (None, OutcomeOffline))
