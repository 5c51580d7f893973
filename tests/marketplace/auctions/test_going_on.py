"""An unsold lot goes on: relisted, negotiated with its highest bidder, tried first, sent to needs; each a next step."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from cms.portal.texts.chinese import RULES
from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot, Negotiation
from marketplace.auctions.negotiating import NotAskedAnyMore
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.deals.models import Deal
from marketplace.deals.opening import show_interest
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import auction_staff, auctions
from marketplace.notices.models import Notice
from marketplace.outcomes.models import ResearchOutcome
from tasks.consequences import CONSEQUENCES
from tasks.delivery import attempt, plan
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person, second_lot
from tests.marketplace.auctions.racing import at_once


def unsold(*, bid=True):
    """Return a lot that was not sold because its reserve was not met, or because nobody bid."""
    starts_at = timezone.now() - timedelta(hours=2)
    lot = announced_lot(starts_at=starts_at, lasts=timedelta(hours=1), reserve=500 * WAN)
    if bid:
        low, high = bidder(lot), bidder(lot)
        actions.decide_bid(lot, low, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
        actions.decide_bid(lot, high, amount=170 * WAN, key="b", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    return again(lot)


def again(lot):
    return Lot.objects.select_related("outcome__owner", "session", "leader__organisation", "leader__agent").get(
        pk=lot.pk
    )


@pytest.fixture(scope="module")
def lasting_lots(lasting):
    return unsold(), unsold(bid=False)


@pytest.fixture
def lot(lasting_lots, for_now):
    """Return a lot that was not sold because its reserve was not met."""
    return again(lasting_lots[0])


@pytest.fixture
def lot_without_bids(lasting_lots, for_now):
    return again(lasting_lots[1])


def choose(lot, path):
    seller = lot.outcome.owner
    actions.choose_next_path(lot, by=member(seller, "publisher"), organisation=seller, path=path)


def told(kind):
    """Tell everybody of the newest entry of a kind; return {(kind of notice, person)}."""
    for delivery in plan(Entry.objects.filter(kind=kind).latest("pk").pk):
        if delivery.consequence == "notices.tell_people":
            attempt(delivery.pk)
    return set(Notice.objects.values_list("kind", "user"))


def titles(user):
    reader = Reader(user=user, at=timezone.now(), organisation=None)
    return " ".join(row.title for row in rows_of([*auctions.waiting(reader), *auction_staff.waiting(reader)]))


def asked(lot):
    choose(lot, "negotiate")
    return Negotiation.objects.select_related("lot__outcome__owner", "registration__organisation").get(lot=lot)


@pytest.fixture
def negotiation(lot):
    return asked(lot)


def as_bidder(negotiation):
    registration = negotiation.registration
    return {"by": registration.agent, "organisation": registration.organisation}


def test_the_highest_bidder_below_the_reserve_is_asked(lot):
    choose(lot, "negotiate")

    negotiation = Negotiation.objects.get()
    assert (negotiation.registration, negotiation.state) == (lot.leader, "asked")
    assert ("negotiation.asked", lot.leader.agent_id) in told(Kind.NEGOTIATION_ASKED)
    assert lot.number in titles(lot.leader.agent)
    assert Deal.objects.count() == 0


def test_where_nobody_bid_nobody_is_asked(lot_without_bids):
    lot = lot_without_bids

    choose(lot, "negotiate")

    lot.refresh_from_db()
    assert (lot.next_path, Negotiation.objects.count()) == ("negotiate", 0)


@pytest.mark.django_db
def test_who_defaulted_is_not_asked():
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="拒绝签约")

    choose(Lot.objects.select_related("outcome__owner").get(pk=lot.pk), "negotiate")

    assert Negotiation.objects.count() == 0


def test_its_yes_opens_a_deal_with_the_seller(negotiation):
    deal = actions.agree_to_negotiate(negotiation, **as_bidder(negotiation))

    lot = negotiation.lot
    assert (deal.seller, deal.buyer, deal.outcome) == (
        lot.outcome.owner,
        negotiation.registration.organisation,
        lot.outcome,
    )
    assert (deal.state, deal.price, deal.lot_number) == ("negotiation", None, "")
    assert deal.interest.state == "accepted"
    assert titles(negotiation.registration.agent) == ""
    assert Entry.objects.about(negotiation).filter(kind=Kind.NEGOTIATION_ANSWERED).get().data["agreed"] is True


def test_its_yes_takes_up_an_interest_it_had_shown(lot):
    firm = lot.leader.organisation
    interest = show_interest(lot.outcome, by=member(firm, "manager"), organisation=firm, message="愿意协商")
    choose(lot, "negotiate")
    negotiation = Negotiation.objects.select_related("lot__outcome__owner", "registration").get()

    deal = actions.agree_to_negotiate(negotiation, **as_bidder(negotiation))

    assert deal.interest == interest
    assert lot.outcome.interests.count() == 1


def test_its_no_lets_the_seller_choose_again(negotiation):
    seller = member(negotiation.lot.outcome.owner, "publisher")

    actions.decline_to_negotiate(negotiation, **as_bidder(negotiation))

    lot = Lot.objects.get(pk=negotiation.lot_id)
    assert (lot.next_path, Deal.objects.count()) == ("", 0)
    assert ("negotiation.declined", seller.pk) in told(Kind.NEGOTIATION_ANSWERED)
    assert lot.number in titles(seller)
    with pytest.raises(NotAskedAnyMore):
        actions.agree_to_negotiate(negotiation, **as_bidder(negotiation))


def test_another_way_takes_the_question_back_and_nobody_is_asked_twice(negotiation):
    lot = Lot.objects.select_related("outcome__owner").get(pk=negotiation.lot_id)
    choose(lot, "relist")

    with pytest.raises(NotAskedAnyMore):
        actions.agree_to_negotiate(negotiation, **as_bidder(negotiation))
    assert titles(negotiation.registration.agent) == ""

    choose(lot, "negotiate")
    assert Entry.objects.filter(kind=Kind.NEGOTIATION_ASKED).count() == 1
    assert actions.agree_to_negotiate(negotiation, **as_bidder(negotiation)).pk


def test_only_the_highest_bidder_answers(negotiation):
    other = negotiation.lot.registrations.exclude(pk=negotiation.registration_id).get()

    for organisation_ in (other.organisation, negotiation.registration.organisation):
        with pytest.raises(PermissionDenied):
            actions.agree_to_negotiate(negotiation, by=other.agent, organisation=organisation_)

    assert Deal.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_give_one_answer():
    negotiation = asked(unsold())

    def answer(verb):
        mine = Negotiation.objects.select_related("lot__outcome__owner", "registration").get(pk=negotiation.pk)
        return verb(mine, **as_bidder(mine))

    given = at_once([lambda: answer(actions.agree_to_negotiate)] * 3 + [lambda: answer(actions.decline_to_negotiate)])

    negotiation.refresh_from_db()
    assert Deal.objects.count() == (1 if negotiation.state == "agreed" else 0)
    assert sum(isinstance(one, Deal) or one is None for one in given) == 1
    assert {one for one in given if isinstance(one, type)} <= {NotAskedAnyMore, WrongState}


def test_trial_first_is_offered_at_once_and_survives_the_next_version(lot_without_bids):
    lot = lot_without_bids
    outcome = lot.outcome
    outcome.save_revision(clean=False)
    outcome.refresh_from_db()

    choose(lot, "trial")
    choose(lot, "trial")

    row = ResearchOutcome.objects.get(pk=outcome.pk)
    assert row.modes.count("trial_first") == 1
    assert row.newest_version.modes == row.modes
    assert Entry.objects.about(row).filter(kind=Kind.OUTCOME_TRIAL_OFFERED).count() == 1
    assert "index_subject" in [each.__name__ for each in CONSEQUENCES[Kind.OUTCOME_TRIAL_OFFERED]]


def test_the_row_of_a_lot_to_relist_says_so_and_leads_to_the_lot(client, lot_without_bids):
    lot = lot_without_bids
    choose(lot, "relist")
    sign_in(client, person("organiser"))

    row = next(row for row in client.get(reverse("desk")).context["rows"] if lot.heading in row.title)

    assert (row.act, row.url) == ("再次列入", reverse("lot-manage", args=[lot.number]))
    assert reverse("session-plan") in client.get(row.url).content.decode()


def test_the_page_of_a_lot_to_relist_leads_to_the_form_with_its_outcome(client, lot_without_bids):
    lot = lot_without_bids
    choose(lot, "relist")
    organiser = person("organiser")
    sign_in(client, organiser)
    starts_at = timezone.now() + timedelta(days=20)
    facts = {"title": "第二场", "starts_at": starts_at, "registration_closes_at": starts_at}
    session = actions.plan_session(by=organiser, organiser=lot.session.organiser, **facts)

    add = f"{reverse('lot-add', args=[session.number])}?outcome={lot.outcome_id}"
    assert add in client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    assert f'value="{lot.outcome_id}" selected' in client.get(add).content.decode()


def test_the_organiser_has_a_lot_to_relist_until_it_is_in_a_sale_again(lot_without_bids):
    lot = lot_without_bids
    organiser = person("organiser")
    choose(lot, "relist")
    assert ("lot.to_relist", organiser.pk) in told(Kind.LOT_GOES_ON)
    assert lot.number in titles(organiser)

    starts_at = timezone.now() + timedelta(days=20)
    facts = {"title": "第二场", "starts_at": starts_at, "registration_closes_at": starts_at}
    session = actions.plan_session(by=organiser, organiser=lot.session.organiser, **facts)
    outcome = ResearchOutcome.objects.get(pk=lot.outcome_id)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    actions.add_lot(
        session, by=organiser, outcome=outcome, mode=lot.mode, object_of_sale="转让", start_price=130 * WAN, **times
    )

    assert lot.number not in titles(organiser)


# pages


def test_the_bidder_answers_on_the_page_of_the_lot(client, negotiation):
    lot, agent = negotiation.lot, negotiation.registration.agent
    address = reverse("negotiation-answer", args=[lot.number, "agree"])
    sign_in(client, member(organisation(), "bidder"))
    assert address not in client.get(lot.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 404

    sign_in(client, agent)
    assert address in client.get(lot.get_absolute_url()).content.decode()
    answer = client.post(address)
    again = client.post(address, follow=True)

    deal = Deal.objects.get()
    assert answer["Location"] == deal.get_absolute_url()
    assert again.status_code == 200
    assert Deal.objects.count() == 1


def test_the_bidder_declines_on_the_page_of_the_lot(client, negotiation):
    sign_in(client, negotiation.registration.agent)

    client.post(reverse("negotiation-answer", args=[negotiation.lot.number, "decline"]))

    negotiation.refresh_from_db()
    assert (negotiation.state, Deal.objects.count()) == ("declined", 0)


@pytest.mark.parametrize("state", ["unsold", "defaulted", "rescinded", "withdrawn"])
def test_only_what_was_sold_has_a_price_in_lists(client, state, lot):
    beside = second_lot(lot, price=None, leader=None, leader_alias="")
    Lot.objects.filter(pk=lot.pk).update(state=state)

    for name, number in [("session-detail", lot.session.number), ("lot-detail", beside.number)]:
        page = client.get(reverse(name, args=[number])).content.decode()
        assert 'value="1700000' not in page, name
        assert f'data-seen="{170 * WAN}"' not in page, name


@pytest.mark.parametrize(("state", "said"), [("unsold", "无人出价"), ("withdrawn", "")])
def test_what_is_over_does_not_say_that_one_may_still_bid(client, state, said, lot_without_bids):
    lot = lot_without_bids
    Lot.objects.filter(pk=lot.pk).update(state=state)

    for name in ("lot-detail", "lot-hall"):
        page = client.get(reverse(name, args=[lot.number])).content.decode()
        assert "还没有人出价" not in page, name
        assert said in page, name


def test_refunds_are_said_in_the_same_words_everywhere(client, lot):
    words = "自结果产生之日起发起退还，当日办理"

    assert words in client.get(lot.session.get_absolute_url()).content.decode()
    assert words in RULES
