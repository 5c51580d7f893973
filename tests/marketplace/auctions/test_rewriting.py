"""Rewriting a lot or a session before the announcement: who agreed to other terms agrees anew; afterwards it holds."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.preparing import BeforeItsSession, TermsChanged
from marketplace.auctions.priority import HolderNotInvited, ToldOfOtherTerms, require_invited
from marketplace.auctions.rewriting import AlreadyAnnounced, IsRehearsal, NothingRewritten
from marketplace.auctions.viewing import ViewingTooLate
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.notices.models import Notice
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, drafted, member, organisation, person, planned
from tests.marketplace.contracts.factories import scan

pytestmark = pytest.mark.django_db


def seller_of(lot):
    return member(lot.outcome.owner, "publisher")


def approved():
    """Return a lot whose seller agreed with a reserve and which the organiser approved, in a reviewed session."""
    lot = drafted(planned())
    actions.submit_lot(lot, by=seller_of(lot), organisation=lot.outcome.owner, reserve=150 * WAN)
    actions.approve_lot(lot, by=person("organiser"))
    return Lot.objects.get(pk=lot.pk)


def changes(kind):
    return Entry.objects.get(kind=kind).data["changes"]


def test_an_approved_lot_goes_back_to_its_seller_with_its_new_terms():
    lot = approved()
    assert AuctionSession.objects.get().state == "reviewed"

    actions.rewrite_lot(lot, by=person("organiser"), start_price=120 * WAN, defects="专利年费将于年底到期。")

    lot = Lot.objects.get()
    assert (lot.state, lot.start_price, lot.deposit, lot.defects) == (
        "draft", 120 * WAN, 12 * WAN, "专利年费将于年底到期。",
    )  # fmt: skip
    assert (lot.has_reserve, AuctionSession.objects.get().state) == (False, "collecting")
    assert changes(Kind.LOT_REWRITTEN) == {
        "start_price": {"was": 100 * WAN, "now": 120 * WAN},
        "defects": {},  # words may hold names, which the journal never does
    }


def test_the_seller_is_told(django_capture_on_commit_callbacks):
    lot = approved()
    seller = seller_of(lot)

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        actions.rewrite_lot(lot, by=person("organiser"), start_price=120 * WAN)

    assert Notice.objects.filter(user=seller, kind="lot.rewritten").count() == 1


def test_a_seller_agrees_to_the_terms_it_read_and_to_no_others(client):
    lot = drafted(planned())
    sign_in(client, seller_of(lot))
    page, address = reverse("lot-manage", args=[lot.number]), reverse("lot-move", args=[lot.number, "submit"])

    def seen():
        return re.search(r'name="seen" value="(\w{64})"', client.get(page).content.decode()).group(1)

    before = seen()
    actions.rewrite_lot(lot, by=person("organiser"), start_price=90 * WAN)
    refused = client.post(address, {"seen": before, "reserve": "150"})
    state = Lot.objects.get().state
    shown = refused.content.decode()
    client.post(address, {"seen": re.search(r'name="seen" value="(\w{64})"', shown).group(1)})

    assert str(TermsChanged()) in shown
    assert 'value="150"' in shown
    assert (state, Lot.objects.get().state) == ("draft", "review")


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"object_of_sale": "发明专利转让\r\n"}, NothingRewritten),
        ({"start_price": 100 * WAN, "defects": ""}, NothingRewritten),
        ({"starts_at": timezone.now() + timedelta(days=2)}, BeforeItsSession),
    ],
)
def test_a_lot_that_cannot_be_rewritten_so_stays_as_it_is(facts, refusal):
    lot = approved()

    with pytest.raises(refusal):
        actions.rewrite_lot(lot, by=person("organiser"), **facts)

    assert Lot.objects.get().state == "approved"


def test_what_is_announced_holds(client):
    lot = announced_lot()
    organiser = person("organiser")

    with pytest.raises(AlreadyAnnounced):
        actions.rewrite_lot(lot, by=organiser, start_price=120 * WAN)
    with pytest.raises(AlreadyAnnounced):
        actions.rewrite_session(lot.session, by=organiser, title="冬季专场")
    sign_in(client, organiser)
    for name, number in (("lot-rewrite", lot.number), ("session-rewrite", lot.session.number)):
        page = client.get(reverse(name, args=[number])).content.decode()
        assert str(AlreadyAnnounced()) in page
        assert "<textarea" not in page


def test_what_was_called_off_is_not_rewritten_and_nobody_is_told_it_was_announced():
    lot, organiser = drafted(planned()), person("organiser")
    actions.withdraw_lot(lot, by=organiser, reason="不再出让")
    session = planned()
    actions.cancel_session(session, by=organiser, reason="场地停电")

    with pytest.raises(WrongState):
        actions.rewrite_lot(lot, by=organiser, start_price=90 * WAN)
    with pytest.raises(WrongState):
        actions.rewrite_session(session, by=organiser, title="冬季专场")


def test_a_rehearsal_keeps_the_terms_of_its_session():
    session, rehearsal = planned(), planned()
    AuctionSession.objects.filter(pk=rehearsal.pk).update(rehearsal_of=session, is_practice=True)

    with pytest.raises(IsRehearsal):
        actions.rewrite_session(AuctionSession.objects.get(pk=rehearsal.pk), by=person("organiser"), title="演练")


@pytest.mark.parametrize(
    ("facts", "state", "deposit"),
    [({"deposit_percent": 20}, "draft", 20 * WAN), ({"title": "冬季专场", "venue": "二楼"}, "approved", 10 * WAN)],
)
def test_the_terms_of_a_session_are_agreed_to_anew_and_its_words_are_not(facts, state, deposit):
    lot = approved()

    actions.rewrite_session(lot.session, by=person("organiser"), **facts)

    lot = Lot.objects.get()
    assert {name: getattr(lot.session, name) for name in facts} == facts
    assert (lot.state, lot.deposit) == (state, deposit)
    assert set(changes(Kind.SESSION_REWRITTEN)) == set(facts)


def test_days_of_viewing_fit_the_bidding():
    session = planned()
    late = timezone.localdate(session.starts_at) + timedelta(days=1)

    with pytest.raises(ViewingTooLate):
        actions.rewrite_session(session, by=person("organiser"), viewing_from=late, viewing_until=late)


def _sent(page):
    """Return what the form of a page holds, as a browser sends it."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def _typed(page, **facts):
    sent = _sent(page)
    moments = {name: f"{value:%Y-%m-%dT%H:%M}" for name, value in sent.items() if name.endswith("_at")}
    return sent | moments | facts


def test_the_form_of_a_lot_comes_filled_in_and_keeps_what_is_wrong(client):
    begins = (timezone.now() + timedelta(days=20)).replace(second=0, microsecond=0)  # as forms give it
    lot = drafted(planned(starts_at=begins, registration_closes_at=begins))
    sign_in(client, person("organiser"))
    address = reverse("lot-rewrite", args=[lot.number])

    page = client.get(address)
    assert _sent(page)["start_price"] == "100"
    assert address in client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    wrong = client.post(address, _typed(page, start_price="很多", defects="年费"))
    assert list(wrong.context["form"].errors) == ["start_price"]
    assert wrong.context["form"]["defects"].value() == "年费"
    ends = f"{timezone.localtime(lot.ends_at) + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    answer = client.post(address, _typed(page, start_price="88.5", ends_at=ends))

    assert answer["Location"] == reverse("lot-manage", args=[lot.number])
    assert (Lot.objects.get().start_price, Lot.objects.get().starts_at) == (885_000 * 100, begins)


def test_the_form_of_a_plan_comes_filled_in_and_keeps_what_is_wrong(client):
    session = planned(venue="一楼")
    sign_in(client, person("organiser"))
    address = reverse("session-rewrite", args=[session.number])

    page = client.get(address)
    assert address in client.get(reverse("session-manage", args=[session.number])).content.decode()
    unchanged = client.post(address, _typed(page))
    assert str(NothingRewritten()) in unchanged.content.decode()
    wrong = client.post(address, _typed(page, deposit_percent="50", venue="二楼"))
    assert list(wrong.context["form"].errors) == ["deposit_percent"]
    assert wrong.context["form"]["venue"].value() == "二楼"
    client.post(address, _typed(page, venue="二楼"))

    assert (AuctionSession.objects.get().venue, AuctionSession.objects.get().starts_at) == ("二楼", session.starts_at)


@pytest.mark.parametrize("channel", ["letter", "waiver"])
def test_a_holder_of_a_priority_right_is_told_of_the_new_terms_before_the_announcement(client, channel):
    lot, organiser = drafted(planned()), person("organiser")
    holder = actions.list_priority_holder(lot, by=organiser, organisation=organisation(), ground="co_owner", rank=1)
    long_ago = timezone.localdate() - timedelta(days=30)
    told = {"by": organiser, "channel": channel, "invited_on": long_ago}
    actions.invite_priority_holder(holder, **told, proof=scan())
    sign_in(client, organiser)
    assert "1 名优先购买权人" in client.get(reverse("lot-rewrite", args=[lot.number])).content.decode()

    actions.rewrite_lot(lot, by=organiser, start_price=120 * WAN)

    assert Entry.objects.get(kind=Kind.LOT_REWRITTEN).data["to_invite_anew"] == 1
    page = client.get(reverse("lot-priority", args=[lot.number])).content.decode()
    assert "待通知" in page
    assert "请将变更后的条件和时间再次通知" in page
    assert "合同.pdf" in page
    with pytest.raises(HolderNotInvited):
        require_invited([lot], today=timezone.localdate())
    holder.refresh_from_db()
    with pytest.raises(ToldOfOtherTerms):
        actions.invite_priority_holder(holder, **told, proof=scan())
    today = timezone.localdate()
    actions.invite_priority_holder(holder, **told | {"invited_on": today}, proof=scan())
    require_invited([lot], today=today + timedelta(days=15))


def test_other_terms_of_the_session_are_told_to_them_as_well_and_other_words_are_not():
    session, organiser = planned(), person("organiser")
    lot = drafted(session)
    holder = actions.list_priority_holder(lot, by=organiser, organisation=organisation(), ground="co_owner", rank=1)
    actions.invite_priority_holder(holder, by=organiser, channel="hand", invited_on=timezone.localdate(), proof=scan())

    actions.rewrite_session(session, by=organiser, introduction="样例说明")
    assert lot.priority_holders.get().channel == "hand"
    actions.rewrite_session(session, by=organiser, deposit_percent=15)

    assert lot.priority_holders.get().channel == ""


@pytest.mark.parametrize(("channel", "left"), [("letter", ""), ("waiver", "waiver")])
def test_who_was_invited_to_another_time_is_invited_anew_and_a_waiver_stands(client, channel, left):
    session, organiser = planned(), person("organiser")
    lot = drafted(session)
    holder = actions.list_priority_holder(lot, by=organiser, organisation=organisation(), ground="co_owner", rank=1)
    actions.invite_priority_holder(
        holder, by=organiser, channel=channel, invited_on=timezone.localdate(), proof=scan(), note="样例"
    )
    sign_in(client, organiser)
    page = client.get(reverse("session-manage", args=[session.number])).content.decode()

    times = {"starts_at": session.starts_at + timedelta(days=1), "registration_closes_at": session.starts_at}
    actions.move_session(session, by=organiser, **times)

    is_anew = left == ""
    assert ("1 名优先购买权人已按此时间收到通知" in page) is is_anew
    assert Entry.objects.get(kind=Kind.SESSION_RESCHEDULED).data["to_invite_anew"] == int(is_anew)
    assert lot.priority_holders.get().channel == left
    listed = client.get(reverse("lot-priority", args=[lot.number])).content.decode()
    assert ("通知之后拍品条件或者时间有变更" in listed) is is_anew


@pytest.mark.parametrize(("parts", "left"), [({"territory": "全国"}, ""), ({}, "letter"), (None, "letter")])
def test_who_was_told_of_other_parts_of_the_object_than_the_seller_agrees_to_is_told_anew(parts, left):
    lot, organiser = drafted(planned()), person("organiser")
    holder = actions.list_priority_holder(lot, by=organiser, organisation=organisation(), ground="co_owner", rank=1)
    actions.invite_priority_holder(
        holder, by=organiser, channel="letter", invited_on=timezone.localdate(), proof=scan()
    )

    actions.submit_lot(lot, by=seller_of(lot), organisation=lot.outcome.owner, object_parts=parts)

    assert lot.priority_holders.get().channel == left


def test_a_seller_reads_what_was_rewritten_and_that_its_reserve_holds_no_more(client):
    lot, organiser = approved(), person("organiser")
    actions.rewrite_lot(lot, by=organiser, start_price=120 * WAN)
    actions.rewrite_lot(Lot.objects.get(), by=organiser, defects="专利年费将于年底到期。")
    actions.rewrite_session(AuctionSession.objects.get(), by=organiser, deposit_percent=15)
    sign_in(client, seller_of(lot))
    address = reverse("lot-manage", args=[lot.number])

    page = client.get(address).content.decode()
    actions.submit_lot(Lot.objects.get(), by=seller_of(lot), organisation=lot.outcome.owner)
    actions.return_lot(Lot.objects.get(), by=organiser, reason="请补充说明")
    later = client.get(address).content.decode()

    for told in ("起拍价 100 万元 → 120 万元", "已知瑕疵和负担", "保证金占起拍价百分比", "原来封存的保留价已作废"):
        assert told in page, told
        assert told not in later or told == "已知瑕疵和负担"
    assert "组织方已修改下列条件" not in later
