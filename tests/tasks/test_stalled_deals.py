"""Deals that stall: whoever has to act is reminded, once a week; lost deals are taken up again with a reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.deals.actions import terminate_deal
from marketplace.deals.dated import DealRule
from marketplace.deals.models import Deal
from marketplace.deals.nda import accept_nda
from marketplace.deals.opening import withdraw_interest
from marketplace.deals.pricing import choose_pricing
from marketplace.deals.refusals import OutcomeNotOpen, ReasonMissing, SaleNotTakenUp
from marketplace.deals.room import Resumption
from marketplace.deals.stalling import take_up_deal
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.notices.models import Notice
from tasks.deals import remind_of_stalled_deals
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import (
    agreed_price,
    enterprise,
    from_match,
    from_sale,
    interest,
    member,
    person,
    priced,
    rules,
)

pytestmark = pytest.mark.django_db


def told():
    return list(Notice.objects.filter(kind="deal.stalls").values_list("user", flat=True))


def after(days):
    return clock.moved_to(clock.now() + timedelta(days=days))


def test_whoever_has_to_act_is_reminded_once_a_week(commit):
    rules()
    deal, seller, buyer = from_match()
    accept_nda(deal, **seller.as_party)
    with after(29):
        commit(remind_of_stalled_deals)
    assert told() == []

    with after(30):
        commit(remind_of_stalled_deals)
    with after(31):
        commit(remind_of_stalled_deals)

    buyers = set(deal.buyer.memberships.values_list("user", flat=True))
    assert set(told()) == buyers
    assert len(told()) == len(buyers)
    with after(38):
        commit(remind_of_stalled_deals)
    assert len(told()) == 2 * len(buyers)
    assert "停滞 30 天" in Notice.objects.filter(user=buyer.manager, kind="deal.stalls").earliest("pk").title


def test_staff_say_how_long_a_stage_may_take(commit):
    rules()
    from_match()
    DealRule.objects.create(kind="stage", stage="negotiation", days=5, holds_from=clock.today(), source="样例依据")

    with after(5):
        commit(remind_of_stalled_deals)

    assert Entry.objects.filter(kind=Kind.DEAL_REMINDED).count() == 1


def test_where_nobody_of_the_deal_is_next_nobody_is_reminded(commit):
    agreed_price()
    DealRule.objects.filter(kind="stage").update(days=1)

    with after(3):
        commit(remind_of_stalled_deals)

    assert told() == []
    assert not Entry.objects.filter(kind=Kind.DEAL_REMINDED).exists()


def test_a_lost_deal_is_taken_up_with_both_reasons_kept(commit):
    deal, seller, buyer = priced()
    terminate_deal(deal, reason="预算取消", **buyer.as_party)
    with pytest.raises(ReasonMissing):
        take_up_deal(deal, reason=" ", **seller.as_party)
    wrong = sign_in(Client(), seller.manager).post(reverse("deal-take-up", args=[deal.code]), {"reason": ""})
    assert "field--error" in wrong.content.decode()

    commit(lambda: take_up_deal(deal, reason="新预算已批复", **buyer.as_party))

    deal.refresh_from_db()
    assert (deal.state, deal.price, deal.pricing_mode, deal.ended_at) == ("negotiation", None, "", None)
    kept = Resumption.objects.get()
    assert (kept.ended_because, kept.reason, kept.ended_by) == ("预算取消", "新预算已批复", buyer.manager)
    assert seller.manager.pk in Notice.objects.filter(kind="deal.taken_up").values_list("user", flat=True)
    page = sign_in(Client(), seller.manager).get(deal.get_absolute_url()).content.decode()
    assert "预算取消" in page
    assert "新预算已批复" in page
    with pytest.raises(WrongState):
        take_up_deal(deal, reason="再来", **seller.as_party)


def test_a_published_mode_is_chosen_again_after_taking_up():
    deal, seller, buyer = agreed_price()
    terminate_deal(deal, reason="预算取消", **buyer.as_party)
    take_up_deal(deal, reason="新预算", **buyer.as_party)

    choose_pricing(deal, mode="agreed", **seller.as_party)

    assert Deal.objects.get(pk=deal.pk).state == "pricing"


def test_the_pages_lead_to_taking_up_and_english_readers_understand():
    deal, seller, _buyer = from_match()
    terminate_deal(deal, reason="路线调整", **seller.as_party)
    reader = sign_in(Client(), seller.manager)

    page = reader.get("/en" + deal.get_absolute_url()).content.decode()
    asked = reader.get(reverse("deal-move", args=[deal.code]), {"to": "negotiation"}).content.decode()

    assert "Take the deal up again" in page
    assert f'action="{reverse("deal-take-up", args=[deal.code])}"' in asked


def test_who_may_not_take_up_and_what_is_not_taken_up():
    deal, seller, _buyer = from_match()
    terminate_deal(deal, reason="路线调整", **seller.as_party)
    stranger = enterprise()
    for who, behalf in ((member(stranger), stranger), (person("officer"), None), (person("auditor"), None)):
        with pytest.raises(PermissionDenied):
            take_up_deal(deal, by=who, organisation=behalf, reason="重来")

    sale = from_sale()
    terminate_deal(sale.deal, reason="违约", **sale.buyer.as_party)
    with pytest.raises(SaleNotTakenUp):
        take_up_deal(sale.deal, reason="重来", **sale.buyer.as_party)

    type(deal.outcome).objects.filter(pk=deal.outcome_id).update(state="reserved")
    with pytest.raises(OutcomeNotOpen):
        take_up_deal(Deal.objects.get(pk=deal.pk), reason="重来", **seller.as_party)
    assert not Resumption.objects.exists()


def reminded_of_interest():
    return list(Notice.objects.filter(kind="interest.stalls").values_list("user", flat=True))


def wait_for_answers(days):
    said = {"holds_from": clock.today(), "source": "样例依据"}
    return DealRule.objects.create(kind="interest", days=days, **said)


def test_the_owner_is_reminded_weekly_of_an_interest_without_an_answer(commit):
    wait_for_answers(10)
    shown = interest()
    owners = {member(shown.outcome.owner).pk, member(shown.outcome.owner).pk}
    with after(9):
        commit(remind_of_stalled_deals)
    assert reminded_of_interest() == []

    for days in (10, 11, 16):
        with after(days):
            commit(remind_of_stalled_deals)

    assert (set(reminded_of_interest()), len(reminded_of_interest())) == (owners, 2)
    assert "等待答复 10 天" in Notice.objects.filter(kind="interest.stalls").earliest("pk").title
    with after(17):
        commit(remind_of_stalled_deals)
    assert len(reminded_of_interest()) == 4


def test_of_what_was_answered_and_without_a_rule_nobody_is_reminded(commit):
    wait_for_answers(10)
    withdrawn = interest()
    withdraw_interest(withdrawn, by=withdrawn.shown_by, organisation=withdrawn.organisation)
    with after(30):
        commit(remind_of_stalled_deals)
    DealRule.objects.filter(kind="interest").delete()
    interest()
    with after(300):
        commit(remind_of_stalled_deals)

    assert reminded_of_interest() == []
    assert not Entry.objects.filter(kind=Kind.INTEREST_REMINDED).exists()


@pytest.mark.parametrize(("prefix", "words"), [("", "停滞"), ("/en", "stalls")])
def test_an_interest_that_stalls_shows_it_in_the_list_and_on_the_desk(prefix, words):
    wait_for_answers(10)
    shown = interest()
    owner = member(shown.outcome.owner)

    def looks():
        page = sign_in(Client(), owner).get(f"{prefix}/interests/")
        (row,) = [row for row in collect(Reader(owner, None, clock.now())) if row.url.endswith(f"/{shown.code}/")]
        return f">{words}<" in page.content.decode(), row.due

    with after(9):
        before = looks()
    with after(10):
        then = looks()

    assert before == (False, None)
    assert then == (True, shown.shown_at + timedelta(days=10))


def test_a_rule_about_interest_is_about_no_stage():
    rule = DealRule(kind="interest", stage="pricing", days=5, holds_from=clock.today(), source="样例依据")

    rule.full_clean()
    rule.save()

    assert rule.stage == ""
    DealRule.objects.filter(pk=rule.pk).update(days=6)
    with pytest.raises(IntegrityError), transaction.atomic():
        DealRule.objects.filter(pk=rule.pk).update(stage="pricing")
