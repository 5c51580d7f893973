"""A buyer appeals once against its default; whoever declared it does not decide."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions, rules
from marketplace.auctions.appealing import AnswerMissing, AppealedAlready, AppealEmpty, NoAppeal, NothingToAppeal
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration, DefaultAppeal, Lot
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from marketplace.core.views import is_visible_to
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import appeals as desk
from marketplace.notices.models import Notice
from tasks.delivery import attempt, plan
from tests.factories.people import sign_in
from tests.marketplace.auctions import test_session_deposits as one_deposit
from tests.marketplace.auctions.making import announced_lot, bidder, person
from tests.marketplace.auctions.racing import at_once
from tests.marketplace.contracts.factories import scan

pytestmark = pytest.mark.django_db


def defaulted():
    """Return a lot whose buyer defaulted, that buyer's registration, and who declared it."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    buyer, declarer = bidder(lot), person("organiser")
    actions.decide_bid(lot, buyer, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    actions.declare_default(lot, by=declarer, ground="refused", reason="逾期未签约")
    return read(lot), BidderRegistration.objects.select_related("lot", "deposit").get(pk=buyer.pk), declarer


def read(lot):
    return Lot.objects.select_related("outcome__owner", "session", "leader__organisation").get(pk=lot.pk)


def appealed(buyer, *, text="合同因出让方材料缺失未能签署", evidence=()):
    return actions.appeal_default(buyer, by=buyer.agent, organisation=buyer.organisation, text=text, evidence=evidence)


def decided(lot, *, granted, by=None, answer="经查证"):
    actions.decide_appeal(lot, by=by or person("organiser"), is_granted=granted, answer=answer)


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_granted_it_lifts_the_bar_and_pays_the_deposit_back():
    lot, buyer, _declarer = defaulted()
    appeal = appealed(buyer)

    decided(lot, granted=True)

    buyer.refresh_from_db()
    assert (state_of(appeal), state_of(lot), state_of(buyer.deposit)) == ("granted", "rescinded", "release_due")
    assert appeal.get_state_display() == "成立"
    assert (buyer.state, buyer.is_barred, buyer.deposit.forfeited) == ("refund_due", False, 0)
    assert lot_problems(lot) == []
    actions.release_deposit(buyer.deposit, by=person("finance"), bank_reference="TK-7")
    assert (state_of(buyer.deposit), state_of(buyer)) == ("released", "refunded")


def test_not_granted_everything_stays():
    lot, buyer, _declarer = defaulted()
    appeal = appealed(buyer)

    decided(lot, granted=False)

    buyer.refresh_from_db()
    assert (state_of(appeal), state_of(lot), state_of(buyer.deposit)) == ("dismissed", "defaulted", "forfeited")
    assert (buyer.state, buyer.is_barred) == ("forfeited", True)


def test_all_of_it_stands_in_the_journal_without_its_words():
    lot, buyer, _declarer = defaulted()
    appealed(buyer)
    decided(lot, granted=True)

    kinds = [Kind.LOT_DEFAULTED, Kind.DEFAULT_APPEALED, Kind.DEFAULT_APPEAL_DECIDED]
    found = Entry.objects.about(lot).filter(kind__in=kinds).order_by("pk")
    assert [one.kind for one in found] == kinds
    assert found[2].data == {"number": lot.number, "granted": True}
    assert not any("材料缺失" in str(one.data) for one in Entry.objects.all())


def test_an_appeal_is_made_once_with_a_reason_against_a_default():
    lot, buyer, _declarer = defaulted()
    other, fresh = defaulted()[:2]
    with pytest.raises(AppealEmpty):
        appealed(buyer, text=" \x00")
    with pytest.raises(Refused):
        appealed(buyer, evidence=[scan(content=b"no paper")])
    appealed(buyer, evidence=[scan()])
    with pytest.raises(AppealedAlready):
        appealed(buyer)
    decided(lot, granted=False)
    with pytest.raises(AppealedAlready):
        appealed(buyer)
    with pytest.raises(NoAppeal):
        decided(lot, granted=True)
    with pytest.raises(NoAppeal):
        decided(other, granted=True)
    appealed(fresh)
    with pytest.raises(AnswerMissing):
        decided(other, granted=True, answer=" ")

    assert DefaultAppeal.objects.count() == 2


def test_who_did_not_default_has_nothing_to_appeal():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(NothingToAppeal):
        appealed(bidder(lot))

    assert not DefaultAppeal.objects.exists()


def test_who_declared_the_default_does_not_decide():
    lot, buyer, declarer = defaulted()
    appeal = appealed(buyer)

    with pytest.raises(PermissionDenied, match="认定悔拍的人员"):
        decided(lot, granted=False, by=declarer)

    assert state_of(appeal) == "made"
    assert why_not(rules.decide_appeal, person("officer"), lot) is None
    assert why_not(rules.decide_appeal, person("finance"), lot)
    assert why_not(rules.decide_appeal, person("auditor"), lot)


@pytest.mark.django_db(transaction=True)
def test_granted_or_not_and_never_both():
    lot, buyer, _declarer = defaulted()
    appealed(buyer)
    officers = [person("organiser") for _turn in range(4)]

    jobs = [
        lambda by=by, granted=granted: decided(read(lot), granted=granted, by=by)
        for by, granted in zip(officers, [True, False, True, False], strict=True)
    ]
    given = at_once(jobs)

    assert given.count(None) == 1
    assert Entry.objects.filter(kind=Kind.DEFAULT_APPEAL_DECIDED).count() == 1
    assert lot_problems(read(lot)) == []


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_there_is_one_appeal():
    _lot, buyer, _declarer = defaulted()

    def send():
        return appealed(BidderRegistration.objects.select_related("lot", "agent", "organisation").get(pk=buyer.pk))

    given = at_once([send] * 4)

    assert given.count(AppealedAlready) == 3
    assert DefaultAppeal.objects.count() == 1


def test_one_deposit_for_the_session_comes_back_when_no_other_default_stands():
    lots = one_deposit.announced()
    mine = one_deposit.bidder_on(lots)
    for one in mine[:2]:
        one_deposit.won(one)
    one_deposit.closed(lots[2])
    for lot in lots[:2]:
        actions.declare_default(read(lot), by=person("organiser"), ground="refused", reason="拒绝签约")
        appealed(BidderRegistration.objects.select_related("lot").get(lot=lot, organisation=mine[0].organisation))

    decided(read(lots[0]), granted=True)
    assert state_of(mine[0].deposit) == "forfeited"
    assert one_deposit.problems(lots) == []
    decided(read(lots[1]), granted=True)

    assert state_of(mine[0].deposit) == "release_due"
    assert [state_of(one) for one in mine[:2]] == ["refund_due"] * 2
    assert one_deposit.problems(lots) == []


def test_everybody_concerned_is_told_and_the_desk_has_it():
    lot, buyer, declarer = defaulted()
    organiser, officer = person("organiser"), person("officer")
    appealed(buyer)
    for kind in (Kind.DEFAULT_APPEALED,):
        _tell(kind)

    told = set(Notice.objects.filter(kind="appeal.to_decide").values_list("user", flat=True))
    assert {organiser.pk, officer.pk} <= told
    assert declarer.pk not in told
    rows = {
        user.pk: len(rows_of(desk.waiting(Reader(user=user, at=timezone.now(), organisation=None))))
        for user in (organiser, officer, declarer, buyer.agent)
    }
    assert rows == {organiser.pk: 1, officer.pk: 1, declarer.pk: 0, buyer.agent_id: 0}
    decided(lot, granted=False)
    _tell(Kind.DEFAULT_APPEAL_DECIDED)
    assert Notice.objects.filter(kind="appeal.decided", user=buyer.agent).count() == 1


def _tell(kind):
    for delivery in plan(Entry.objects.filter(kind=kind).latest("pk").pk):
        if delivery.consequence == "notices.tell_people":
            attempt(delivery.pk)


def test_appeal_and_decision_on_the_pages(client):
    lot, buyer, declarer = defaulted()
    address, page = reverse("registration-appeal", args=[buyer.code]), buyer.get_absolute_url()
    sign_in(client, bidder(announced_lot()).agent)
    assert client.post(address, {"text": "他人"}).status_code == 404
    sign_in(client, buyer.agent)
    assert address in client.get(page).content.decode()
    assert set(client.post(address, {"text": ""}).context["appeal_form"].errors) == {"text"}
    bad = client.post(address, {"text": "理由", "evidence": scan(content=b"no paper")})
    assert set(bad.context["appeal_form"].errors) == {"evidence"}
    client.post(address, {"text": "理由甲乙", "evidence": scan()})
    appeal = DefaultAppeal.objects.get()
    assert address not in client.get(page).content.decode()
    assert is_visible_to(files_of(appeal).get(), buyer.agent)

    decide = reverse("lot-move", args=[lot.number, "appeal"])
    sign_in(client, declarer)
    assert "理由甲乙" in client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    assert client.post(decide, {"is_granted": "no", "answer": "维持"}).status_code == 403
    sign_in(client, person("organiser"))
    wrong = client.post(decide, {"is_granted": "maybe", "answer": ""})
    assert set(wrong.context["forms"]["appeal"].errors) == {"is_granted", "answer"}
    client.post(decide, {"is_granted": "no", "answer": "维持认定"})

    assert state_of(appeal) == "dismissed"
    sign_in(client, buyer.agent)
    assert "维持认定" in client.get(page).content.decode()


def test_who_is_not_barred_gets_no_form_for_an_appeal_that_would_be_refused(client):
    _lot, buyer, _declarer = defaulted()
    sign_in(client, buyer.agent)
    offered = client.get(buyer.get_absolute_url()).context["may_appeal"]
    BidderRegistration.objects.filter(pk=buyer.pk).update(is_barred=False)

    page = client.get(buyer.get_absolute_url())

    assert (offered, page.context["may_appeal"]) == (True, False)
    with pytest.raises(NothingToAppeal):
        appealed(buyer)
