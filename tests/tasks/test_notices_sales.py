"""Who hears that a sale is said to be paid, and what the seller's finance answers."""

import pytest

from marketplace.auctions import actions
from marketplace.notices.models import Notice
from tests.marketplace.auctions.making import member, person
from tests.marketplace.auctions.test_days_of_sale import contracted
from tests.marketplace.auctions.test_milestones import said

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_the_seller_finance_is_asked_and_the_answer_settles_that(commit):
    lot = contracted()
    finance, organiser = member(lot.outcome.owner, "finance"), person("organiser")
    milestone = commit(lambda: said(lot, "paid", by=lot.leader.agent, organisation=lot.leader.organisation))
    assert finance.pk in told("sale.paid_said")
    assert not told("sale.paid_said") & {lot.leader.agent.pk, organiser.pk}

    commit(lambda: actions.deny_payment(milestone, by=finance, reason="账上没有这笔钱"))

    assert {lot.leader.agent.pk, organiser.pk} <= told("sale.payment_denied")
    assert not Notice.objects.filter(kind="sale.paid_said").unread().exists()


def test_the_buyer_hears_of_the_confirmation_and_production_asks_nobody(commit):
    lot = contracted()
    finance = member(lot.outcome.owner, "finance")
    commit(lambda: said(lot, "in_production"))
    assert not told("sale.paid_said")
    milestone = commit(lambda: said(lot, "paid"))

    commit(lambda: actions.confirm_payment(milestone, by=finance))

    assert lot.leader.agent.pk in told("sale.payment_confirmed")
    assert finance.pk not in told("sale.payment_confirmed")
