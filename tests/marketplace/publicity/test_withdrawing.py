"""An objection is withdrawn by its maker while it is not answered; who agreed makes none; grounds fit the matter."""

import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from marketplace.deals.publishing import price_publicity
from marketplace.publicity import rules
from marketplace.publicity.actions import NoLongerPublic, answer_objection, make_objection, withdraw_objection
from marketplace.publicity.grounds import GROUNDS
from marketplace.publicity.models import Objection, Publicity
from tests.factories import people
from tests.factories.people import sign_in
from tests.marketplace.contracts import shared
from tests.marketplace.deals.factories import agreed_price, member, stand
from tests.marketplace.publicity.writing import entered


@pytest.fixture(scope="module")
def lasting_deal(lasting):
    deal, _seller, _buyer = agreed_price()
    return deal


@pytest.fixture
def deal(lasting_deal, for_now):
    return copy.deepcopy(lasting_deal)


@pytest.fixture
def objection(deal):
    facts = {"ground": "price", "text": "偏低"}
    return make_objection(price_publicity(deal), by=people.person(), organisation=None, **facts)


def test_it_holds_the_end_no_longer_and_another_may_be_made(deal, objection):
    publicity, maker = objection.publicity, objection.made_by
    with clock.moved_to(clock.now() + (publicity.closes_on - clock.today()) * 2):
        assert publicity.objections.unanswered().exists()
        assert not Publicity.objects.due(clock.today()).exists()

    withdraw_objection(objection, by=maker)

    assert (objection.state, objection.answer) == ("withdrawn", "")
    assert publicity.objections.counted().count() == 0
    assert Entry.objects.about(objection).latest("pk").kind == Kind.OBJECTION_WITHDRAWN
    again = make_objection(publicity, by=maker, organisation=None, ground="rights", text="另有权利人")
    assert publicity.objections.counted().get() == again
    stands = clock.now() + (publicity.closes_on - clock.today()) * 2
    withdraw_objection(again, by=maker)
    with clock.moved_to(stands):
        assert Publicity.objects.due(clock.today()).get() == publicity


def test_only_its_maker_withdraws_it_and_only_while_it_waits(deal, objection):
    judge = member(deal.seller)
    letter = entered(objection.publicity)

    with pytest.raises(PermissionDenied, match="提出人"):
        withdraw_objection(objection, by=judge)
    with pytest.raises(PermissionDenied):
        withdraw_objection(letter, by=letter.entered_by)
    answer_objection(objection, by=judge, is_upheld=False, answer="价格公允")
    with pytest.raises(WrongState):
        withdraw_objection(objection, by=objection.made_by)

    objection.refresh_from_db()
    assert objection.state == "dismissed"


def test_nothing_is_withdrawn_once_the_publicity_is_over(deal, objection):
    answer_objection(objection, by=member(deal.seller), is_upheld=False, answer="价格公允")
    stand(deal)

    with pytest.raises(NoLongerPublic):
        withdraw_objection(Objection.objects.get(pk=objection.pk), by=objection.made_by)


def test_the_maker_finds_it_on_the_page_and_others_do_not(client, objection):
    address = reverse("objection-withdraw", args=[objection.code])
    sign_in(client, objection.made_by)
    assert address in client.get(objection.get_absolute_url()).content.decode()

    done = client.post(address, follow=True)

    page = done.content.decode()
    assert "您的异议已撤回" in page
    assert "提出人已撤回" in page
    assert address not in page
    assert "提交异议" in page
    assert client.post(address, follow=True).status_code == 200  # a second press is told, and breaks nothing


@pytest.mark.parametrize("side", ["seller", "buyer"])
def test_who_agreed_to_the_price_does_not_object_to_it(deal, side):
    people_of = member(getattr(deal, side), "publisher" if side == "seller" else "bidder")

    reason = why_not(rules.make_objection, people_of, price_publicity(deal))

    assert reason == "贵单位是同意本事项的一方，不提异议；请先与对方协商。"


def test_each_matter_has_its_grounds(client, deal):
    assert set(GROUNDS) == set(Publicity.Matter.values)
    assert {ground for grounds in GROUNDS.values() for ground in grounds} == set(Objection.Ground)
    here = shared.house()
    plan = shared.published(here)
    sign_in(client, people.person())

    of_plan = client.get(Publicity.objects.of(plan).get().get_absolute_url()).context["form"]
    of_price = client.get(price_publicity(deal).get_absolute_url()).context["form"]

    assert of_plan.fields["ground"].choices[0][0] == of_price.fields["ground"].choices[0][0] == ""  # chosen, not found
    assert dict(of_plan.fields["ground"].choices)["persons"] == "漏列或错列人员"
    assert "price" not in dict(of_plan.fields["ground"].choices)
    assert "persons" not in dict(of_price.fields["ground"].choices)
