"""How a deal begins, and what refuses to begin."""

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal
from marketplace.deals.opening import (
    accept_interest,
    decline_interest,
    open_deal_from_interest,
    open_deal_from_match,
    show_interest,
    withdraw_interest,
)
from marketplace.deals.refusals import (
    DealExists,
    InterestShown,
    MatchIsOver,
    MessageMissing,
    NotAgreed,
    OutcomeNotOpen,
    ReasonMissing,
)
from marketplace.matching.models import Match
from marketplace.needs.actions import solve_need
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.availability import reserve_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import Disclosure
from tests.marketplace.deals.factories import (
    WAN,
    enterprise,
    from_interest,
    from_match,
    from_sale,
    institute,
    interest,
    member,
    outcome,
    person,
    pricing,
)
from tests.marketplace.matching.factories import agreed, need, proposed
from tests.marketplace.matching.test_answer_match import together

pytestmark = pytest.mark.django_db


def test_interest_accepted_opens_the_deal():
    shown = interest()
    owner = shown.outcome.owner

    deal = accept_interest(shown, by=member(owner), organisation=owner)

    shown.refresh_from_db()
    assert shown.state == "accepted"
    assert (deal.state, deal.seller, deal.buyer) == ("negotiation", owner, shown.organisation)
    assert deal.interest == shown
    assert deal.price is None
    assert not Disclosure.objects.exists()
    assert [entry.kind for entry in Entry.objects.about(deal)] == ["deal.opened"]


def test_a_deal_is_opened_once_from_its_interest():
    opened = from_interest()

    with pytest.raises(DealExists):
        open_deal_from_interest(opened.deal.interest, **opened.seller.as_party)

    assert Deal.objects.count() == 1


def test_declining_needs_a_reason_and_opens_nothing():
    shown = interest()
    owner = shown.outcome.owner

    with pytest.raises(ReasonMissing):
        decline_interest(shown, by=member(owner), organisation=owner, reason="  ")
    decline_interest(shown, by=member(owner), organisation=owner, reason="已授权他人独占")

    shown.refresh_from_db()
    assert (shown.state, shown.answer_reason) == ("declined", "已授权他人独占")
    with pytest.raises(WrongState):
        accept_interest(shown, by=member(owner), organisation=owner)
    assert not Deal.objects.exists()


def test_interest_is_shown_once_until_it_is_answered():
    shown = interest()

    with pytest.raises(InterestShown):
        interest(of=shown.organisation, on=shown.outcome)

    withdraw_interest(shown, by=member(shown.organisation), organisation=shown.organisation)
    assert interest(of=shown.organisation, on=shown.outcome).state == "shown"


def test_interest_says_what_for():
    with pytest.raises(MessageMissing):
        interest(message="  ")


@pytest.mark.parametrize("facts", [{"live": False}, {"state": "reserved"}, {"state": "converted"}])
def test_interest_in_what_is_not_available_is_refused(facts):
    with pytest.raises(OutcomeNotOpen):
        interest(on=outcome(**facts))


def test_interest_in_what_was_taken_back_meanwhile_is_refused():
    seen_before = outcome()
    ResearchOutcome.objects.filter(pk=seen_before.pk).update(state="withdrawn")

    with pytest.raises(OutcomeNotOpen):
        interest(on=seen_before)


def test_interest_in_what_was_reserved_meanwhile_is_not_accepted():
    shown = interest()
    owner = shown.outcome.owner
    ResearchOutcome.objects.filter(pk=shown.outcome_id).update(state="reserved")

    with pytest.raises(OutcomeNotOpen):
        accept_interest(shown, by=member(owner), organisation=owner)

    assert not Deal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_accepting_meets_a_reservation():
    shown = interest()
    owner = shown.outcome.owner
    seller, organiser = member(owner), person("organiser")

    def accept():
        accept_interest(Interest.objects.get(pk=shown.pk), by=seller, organisation=owner)

    raised = together(accept, lambda: reserve_outcome(ResearchOutcome.objects.get(pk=shown.outcome_id), by=organiser))

    assert raised[1] is None
    assert Deal.objects.count() == (1 if raised[0] is None else 0)
    assert raised[0] is None or isinstance(raised[0], OutcomeNotOpen)


def test_the_owner_and_its_relatives_show_no_interest():
    owner = institute()
    daughter = enterprise(related_usccs=[owner.uscc])
    offered = outcome(of=owner)

    for organisation in (owner, daughter):
        with pytest.raises(PermissionDenied):
            show_interest(offered, by=member(organisation), organisation=organisation, message="想要")


def test_a_need_of_somebody_else_is_not_carried_over():
    shown = interest(need=need())

    assert shown.need is None


def test_only_the_owner_answers():
    shown = interest()

    for organisation in (shown.organisation, enterprise()):
        with pytest.raises(PermissionDenied):
            accept_interest(shown, by=member(organisation), organisation=organisation)
    bidder = member(shown.outcome.owner, "bidder")
    with pytest.raises(PermissionDenied):
        accept_interest(shown, by=bidder, organisation=shown.outcome.owner)
    assert not Deal.objects.exists()


def test_an_agreed_match_opens_the_deal_with_its_need():
    deal, seller, buyer = from_match()

    assert (deal.need.organisation, deal.outcome.owner) == (buyer.organisation, seller.organisation)
    assert deal.match.state == "agreed"
    with pytest.raises(DealExists):
        open_deal_from_match(deal.match, **buyer.as_party)


def test_a_match_that_waits_opens_nothing():
    match = proposed()

    with pytest.raises(NotAgreed):
        open_deal_from_match(match, by=member(match.outcome.owner), organisation=match.outcome.owner)
    assert not Deal.objects.exists()


def test_a_sale_opens_a_deal_with_the_price_fixed():
    deal, seller, _buyer = from_sale(price=220 * WAN)

    deal.refresh_from_db()
    assert (deal.state, deal.pricing_mode, deal.price, deal.lot_number) == (
        "contract",
        "auction",
        220 * WAN,
        "OH-2026-07",
    )
    assert deal.price_fixed_at is not None
    assert seller.organisation == deal.outcome.owner


def test_a_sale_goes_on_with_the_deal_that_waited_for_it():
    waiting = pricing(mode="auction")

    deal = from_sale(outcome=waiting.deal.outcome, buyer=waiting.buyer.organisation).deal

    assert deal.pk == waiting.deal.pk
    deal.refresh_from_db()
    assert (deal.state, deal.price, deal.lot_number) == ("contract", 220 * WAN, "OH-2026-07")
    assert Deal.objects.count() == 1


def test_a_sale_to_somebody_else_opens_another_deal():
    waiting = pricing(mode="auction")

    deal = from_sale(outcome=waiting.deal.outcome).deal

    assert deal.pk != waiting.deal.pk
    waiting.deal.refresh_from_db()
    assert waiting.deal.state == "pricing"


def test_a_lot_is_sold_once():
    sold = from_sale()

    with pytest.raises(DealExists):
        from_sale(outcome=sold.deal.outcome)


@pytest.mark.django_db(transaction=True)
def test_accepting_meets_withdrawal():
    shown = interest()
    owner, asker = shown.outcome.owner, shown.organisation
    seller, buyer = member(owner), member(asker)

    raised = together(
        lambda: accept_interest(Interest.objects.get(pk=shown.pk), by=seller, organisation=owner),
        lambda: withdraw_interest(Interest.objects.get(pk=shown.pk), by=buyer, organisation=asker),
    )

    shown.refresh_from_db()
    assert sum(refusal is None for refusal in raised) == 1
    assert (shown.state == "accepted") is (raised[0] is None)
    assert Deal.objects.count() == (1 if raised[0] is None else 0)


@pytest.mark.django_db(transaction=True)
def test_both_sides_open_the_deal_of_a_match_at_once():
    match = agreed()
    sides = [match.outcome.owner, match.need.organisation]
    people = [member(side) for side in sides]

    raised = together(
        *(
            lambda by=by, side=side: open_deal_from_match(Match.objects.get(pk=match.pk), by=by, organisation=side)
            for by, side in zip(people, sides, strict=True)
        )
    )

    assert sorted(type(refusal).__name__ for refusal in raised) == ["DealExists", "NoneType"]
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    ("of", "state"), [("need", "solved"), ("need", "closed"), ("outcome", "reserved"), ("outcome", "converted")]
)
def test_no_deal_is_opened_from_a_match_whose_need_or_outcome_has_ended(of, state):
    match = agreed()
    record = getattr(match, of)
    type(record).objects.filter(pk=record.pk).update(state=state)

    with pytest.raises(MatchIsOver):
        open_deal_from_match(match, by=member(match.outcome.owner), organisation=match.outcome.owner)

    assert not Deal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_solving_the_need_meets_the_opening_of_its_deal():
    match = agreed()
    owner, agent = match.outcome.owner, member(match.need.organisation)
    seller = member(owner)

    raised = together(
        lambda: solve_need(TechnologyNeed.objects.get(pk=match.need_id), by=agent),
        lambda: open_deal_from_match(Match.objects.get(pk=match.pk), by=seller, organisation=owner),
    )

    assert raised[0] is None
    assert raised[1] is None or isinstance(raised[1], MatchIsOver)
    assert Deal.objects.filter(match=match).exists() == (raised[1] is None)
