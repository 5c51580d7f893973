"""What follows from the publicity of an agreed price: the contract, the price opened again, who is told."""

from datetime import timedelta

import pytest

from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.core.refusals import Refused
from marketplace.deals.pricing import accept_price, propose_price
from marketplace.deals.publishing import price_publicity
from marketplace.notices.models import Notice
from marketplace.publicity.actions import answer_objection, make_objection
from tasks.publicity import end_due_publicity
from tests.factories import people
from tests.marketplace.deals.factories import WAN, after_the_term, agreed_price, member, pdf, stand

pytestmark = pytest.mark.django_db


def objected(deal, *, by=None, evidence=()):
    publicity, text = price_publicity(deal), "价格低于同类成果"
    by = by or people.person()
    return make_objection(publicity, by=by, organisation=None, ground="price", text=text, evidence=evidence)


def state_of(row):
    row.refresh_from_db()
    return row.state


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_the_contract_waits_for_the_end(commit):
    deal, seller, buyer = agreed_price()
    with pytest.raises(Refused):
        draft_contract_from_deal(deal, **seller.as_party)
    with clock.moved_to(after_the_term(deal) - timedelta(days=1)):
        commit(end_due_publicity)
        assert state_of(deal) == "publicity"

    with clock.moved_to(after_the_term(deal)):
        commit(end_due_publicity)

    assert (state_of(deal), price_publicity(deal).state) == ("contract", "ended")
    assert {seller.manager.pk, buyer.manager.pk} <= told("publicity.price_ended")
    assert draft_contract_from_deal(deal, **seller.as_party).total_amount == 120 * WAN


def test_price_publicity_with_objection(commit):
    """domain.md §8.4: the objection holds the end; upheld it opens the price, which is then published anew."""
    deal, seller, buyer = agreed_price()
    first, judge, objector = price_publicity(deal), member(deal.seller), people.person()
    objection = commit(lambda: objected(deal, by=objector, evidence=[pdf("同类报价.pdf")]))
    assert judge.pk in told("objection.to_answer")
    assert not {seller.manager.pk, buyer.manager.pk, objector.pk} & told("objection.to_answer")
    with clock.moved_to(after_the_term(deal)):
        commit(end_due_publicity)
        assert (state_of(deal), state_of(first)) == ("publicity", "running")

    commit(lambda: answer_objection(objection, by=judge, is_upheld=True, answer="同类成果成交价更高"))

    assert (state_of(deal), deal.price, state_of(first)) == ("pricing", None, "stopped")
    assert told("objection.answered") == {objector.pk}
    assert {seller.manager.pk, buyer.manager.pk} <= told("deal.price_objected")
    again = propose_price(deal, amount=150 * WAN, **buyer.as_party)
    accept_price(deal, again, **seller.as_party)
    second = price_publicity(deal)
    assert (second.pk != first.pk, second.state, state_of(deal)) == (True, "running", "publicity")
    stand(deal)
    assert (deal.state, deal.price) == ("contract", 150 * WAN)


def test_a_dismissed_objection_lets_the_price_stand(commit):
    deal, _seller, _buyer = agreed_price()
    objection = objected(deal)

    answer_objection(objection, by=member(deal.seller), is_upheld=False, answer="经评估，价格公允")
    with clock.moved_to(after_the_term(deal)):
        commit(end_due_publicity)

    assert state_of(deal) == "contract"
