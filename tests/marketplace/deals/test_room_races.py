"""Two at once in a deal room: each version is written once, a deal is taken up and reminded of once."""

from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal
from marketplace.deals.nda import accept_nda
from marketplace.deals.parts import PriceProposal
from marketplace.deals.publishing import accepted_of, end_agreed_price_publicity, price_publicity
from marketplace.deals.room import DealPaper, Resumption, TermSheet
from marketplace.deals.stalling import remind_of_deal, take_up_deal
from marketplace.deals.talking import add_deal_file, write_terms
from marketplace.publicity.actions import end_publicity
from tests.factories.locks import is_free_behind
from tests.marketplace.deals.factories import after_the_term, agreed_price, from_match, pdf, rules
from tests.marketplace.matching.test_answer_match import together

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(opened):
    return Deal.objects.get(pk=opened.deal.pk)


def names(raised):
    return sorted(type(refusal).__name__ for refusal in raised)


def test_two_versions_written_at_once_are_two_versions():
    opened = from_match()

    raised = together(
        lambda: write_terms(fresh(opened), subject="专利两件", **opened.seller.as_party),
        lambda: write_terms(fresh(opened), subject="专利一件", **opened.buyer.as_party),
    )
    again = [
        lambda: add_deal_file(fresh(opened), upload=pdf(), purpose="other", title="报告", **opened.seller.as_party)
    ] * 2
    raised += together(*again)

    assert names(raised) == ["NoneType"] * 4
    assert sorted(TermSheet.objects.values_list("version", flat=True)) == [1, 2]
    assert sorted(DealPaper.objects.values_list("version", flat=True)) == [1, 2]


def test_a_deal_is_taken_up_once():
    opened = from_match()
    terminate_deal(opened.deal, reason="预算取消", **opened.buyer.as_party)

    raised = together(
        lambda: take_up_deal(fresh(opened), reason="新预算", **opened.buyer.as_party),
        lambda: take_up_deal(fresh(opened), reason="新合作", **opened.seller.as_party),
    )

    assert names(raised) == ["NoneType", "WrongState"]
    assert Resumption.objects.count() == 1


def test_two_sweeps_remind_once():
    rules()
    opened = from_match()
    Deal.objects.filter(pk=opened.deal.pk).update(moved_at=clock.now() - timedelta(days=31))

    together(*[lambda: remind_of_deal(fresh(opened))] * 2)

    assert Entry.objects.filter(kind=Kind.DEAL_REMINDED).count() == 1


def test_the_end_of_the_publicity_meets_the_end_of_the_deal():
    opened = agreed_price()
    publicity, proposal = price_publicity(opened.deal), accepted_of(opened.deal)
    with clock.moved_to(after_the_term(opened.deal)):
        assert end_publicity(publicity)

    raised = together(
        lambda: end_agreed_price_publicity(PriceProposal.objects.get(pk=proposal.pk), by=None),
        lambda: terminate_deal(fresh(opened), reason="预算取消", **opened.buyer.as_party),
    )

    assert names(raised) == ["NoneType", "NoneType"]
    assert fresh(opened).state == "terminated"


def test_who_accepts_confidentiality_waits_for_the_outcome_before_it_holds_the_deal():
    opened = from_match()
    accept_nda(fresh(opened), **opened.seller.as_party)

    is_free = is_free_behind(
        fresh(opened).outcome, opened.deal, lambda: accept_nda(fresh(opened), **opened.buyer.as_party)
    )

    assert is_free
    assert opened.deal.nda_acceptances.count() == 2


def test_who_takes_a_deal_up_waits_for_the_outcome_before_it_holds_the_deal():
    opened = from_match()
    terminate_deal(opened.deal, reason="预算取消", **opened.buyer.as_party)

    is_free = is_free_behind(
        fresh(opened).outcome,
        opened.deal,
        lambda: take_up_deal(fresh(opened), reason="新预算", **opened.buyer.as_party),
    )

    assert is_free
    assert fresh(opened).state == "negotiation"
