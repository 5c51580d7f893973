"""Holders of priority rights: listed and invited before the announcement, known to it by their number alone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, PriorityHolder
from marketplace.auctions.priority import (
    HolderIsTheSeller,
    HolderMissing,
    HolderNotInvited,
    HolderStruck,
    InvitationTooLate,
    ListClosed,
    ListedAlready,
    NoteMissing,
    ToldInTheFuture,
)
from marketplace.auctions.record import lot_terms
from marketplace.core import clock
from marketplace.core.files import File, files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.views import is_visible_to
from marketplace.notices.models import Notice
from tasks.delivery import attempt, plan
from tests.factories import people
from tests.factories.people import sign_in, uscc
from tests.marketplace.auctions.making import announced_lot, drafted, member, organisation, person, planned
from tests.marketplace.auctions.racing import at_once
from tests.marketplace.contracts.factories import scan


@pytest.fixture(scope="module")
def lasting_lot(lasting):
    lot = drafted(planned())
    actions.submit_lot(lot, by=member(lot.outcome.owner, "publisher"), organisation=lot.outcome.owner)
    actions.approve_lot(lot, by=person("organiser"))
    return lot


@pytest.fixture
def lot(lasting_lot, for_now):
    """Return an approved lot of a session in twenty days."""
    return Lot.objects.select_related("session", "outcome__owner").get(pk=lasting_lot.pk)


def listed(lot, **facts):
    facts = {"ground": "co_owner", "rank": 1} | facts
    if "name" not in facts and "organisation" not in facts:
        facts["organisation"] = organisation()
    return actions.list_priority_holder(lot, by=person("organiser"), **facts)


def invited(holder, *, days_ago=3, channel="letter", note=""):
    on = clock.today() - timedelta(days=days_ago)
    organiser = person("organiser")
    actions.invite_priority_holder(holder, by=organiser, channel=channel, invited_on=on, proof=scan(), note=note)
    return holder


def announce(lot):
    session = AuctionSession.objects.get(pk=lot.session_id)
    actions.announce_session(session, by=person("organiser"))
    return Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)


def applied(lot, firm):
    return actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)


def test_a_listed_holder_that_applies_has_its_rank_by_itself(lot):
    firm = organisation()
    invited(listed(lot, organisation=firm, rank=2))
    lot = announce(lot)

    registration, other = applied(lot, firm), applied(lot, organisation())
    actions.admit_bidder(registration, by=person("organiser"), missing=ASKED_ALWAYS)

    registration.refresh_from_db()
    assert (registration.priority_rank, other.priority_rank) == (2, None)


def test_who_registers_here_later_is_known_by_its_credit_code(lot):
    code = uscc()
    invited(listed(lot, name="样例合作企业", uscc=code.lower()))
    lot = announce(lot)

    assert applied(lot, organisation(uscc=code)).priority_rank == 1


def test_a_waived_right_and_a_struck_entry_give_no_rank_and_are_not_counted(lot):
    waiving, struck = organisation(), organisation()
    invited(listed(lot, organisation=waiving), channel="waiver", days_ago=0)
    entry = listed(lot, organisation=struck)
    actions.strike_priority_holder(entry, by=person("organiser"), reason="误列")
    lot = announce(lot)

    assert [applied(lot, firm).priority_rank for firm in (waiving, struck)] == [None, None]
    assert "priority_holders" not in lot.session.announcement["lots"][0]


def test_the_announcement_says_how_many_and_never_who(lot):
    firm = organisation()
    invited(listed(lot, organisation=firm))
    invited(listed(lot, name="张三", ground="inventor", rank=2))

    lot = announce(lot)

    assert lot.session.announcement["lots"][0]["priority_holders"] == 2
    assert firm.name not in str(lot.session.announcement)
    assert "张三" not in str(lot.session.announcement)


def test_no_entry_of_the_journal_names_a_holder(lot):
    invited(listed(lot, name="张三", ground="inventor"), note="短信", channel="phone")

    kinds = [Kind.PRIORITY_LISTED, Kind.PRIORITY_INVITED]
    assert [one.kind for one in Entry.objects.filter(kind__in=kinds).order_by("pk")] == kinds
    assert not any("张三" in str(one.data) for one in Entry.objects.all())


def test_without_an_invitation_nothing_is_announced(lot):
    listed(lot)

    with pytest.raises(HolderNotInvited, match=lot.number):
        announce(lot)

    assert AuctionSession.objects.get(pk=lot.session_id).announced_at is None


@pytest.mark.parametrize(
    ("channel", "note", "too_late", "in_time"), [("letter", "", 2, 3), ("publicity", "查无下落，已公示", 4, 5)]
)
def test_the_announcement_waits_for_the_invitation(lot, channel, note, too_late, in_time):
    holder = invited(listed(lot), days_ago=too_late, channel=channel, note=note)
    with pytest.raises(InvitationTooLate, match=(clock.today() + timedelta(days=1)).isoformat()):
        announce(lot)

    invited(holder, days_ago=in_time, channel=channel, note=note)

    assert announce(lot).state == "announced"


def test_the_days_of_an_invitation_are_a_setting(lot, settings):
    settings.AUCTION_INVITATION_DAYS = 10
    invited(listed(lot), days_ago=9)

    with pytest.raises(InvitationTooLate):
        announce(lot)


def test_what_an_entry_must_say(lot):
    seller, firm = lot.outcome.owner, organisation()
    with pytest.raises(HolderMissing):
        listed(lot, name="  ")
    with pytest.raises(HolderIsTheSeller):
        listed(lot, organisation=seller)
    holder = listed(lot, organisation=firm)
    with pytest.raises(ListedAlready):
        listed(lot, organisation=firm)
    with pytest.raises(ListedAlready):
        listed(lot, name="同一企业", uscc=firm.uscc)
    with pytest.raises(ToldInTheFuture):
        invited(holder, days_ago=-1)
    with pytest.raises(NoteMissing):
        invited(holder, channel="publicity")

    assert PriorityHolder.objects.get() == holder
    holder.refresh_from_db()
    assert (holder.channel, File.objects.filter(purpose="invitation").count()) == ("", 0)


def test_after_the_announcement_the_list_is_closed(lot):
    holder = invited(listed(lot))
    lot = announce(lot)
    holder = PriorityHolder.objects.select_related("lot__session").get(pk=holder.pk)

    with pytest.raises(ListClosed):
        listed(lot)
    with pytest.raises(ListClosed):
        invited(holder)
    with pytest.raises(ListClosed):
        actions.strike_priority_holder(holder, by=person("organiser"), reason="误列")

    assert lot.priority_holders.listed().count() == 1


def test_a_struck_entry_is_not_invited_and_may_be_listed_anew(lot):
    firm = organisation()
    holder = listed(lot, organisation=firm)
    actions.strike_priority_holder(holder, by=person("organiser"), reason="顺位有误")

    with pytest.raises(HolderStruck):
        invited(holder)

    assert listed(lot, organisation=firm, rank=2).rank == 2


@pytest.mark.django_db(transaction=True)
def test_a_holder_listed_while_the_session_is_announced_is_counted_or_refused():
    starts_at = timezone.now() + timedelta(days=20)
    lot = drafted(planned(starts_at=starts_at, registration_closes_at=starts_at))
    actions.submit_lot(lot, by=member(lot.outcome.owner, "publisher"), organisation=lot.outcome.owner)
    actions.approve_lot(lot, by=person("organiser"))
    organiser, firms = person("organiser"), [organisation() for _turn in range(3)]

    def list_one(firm):
        mine = Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)
        return actions.list_priority_holder(mine, by=organiser, organisation=firm, ground="co_owner", rank=1)

    at_once([lambda firm=firm: list_one(firm) for firm in firms] + [lambda: announce(lot)])

    lot = Lot.objects.select_related("session").get(pk=lot.pk)
    if lot.announced_at is not None:  # then nobody was listed before, because nobody could have been invited
        assert lot.priority_holders.count() == 0
        assert lot_terms(lot) == lot.session.announcement["lots"][0]
    else:
        assert lot.priority_holders.count() >= 1
    assert connection.in_atomic_block is False


def test_holders_with_an_account_are_told_of_the_announcement(lot):
    firm = organisation()
    agent, finance = member(firm, "bidder"), member(firm, "finance")
    invited(listed(lot, organisation=firm))
    lot = announce(lot)

    entry = Entry.objects.about(lot.session).filter(kind=Kind.SESSION_ANNOUNCED).get()
    for delivery in plan(entry.pk):
        if delivery.consequence == "notices.tell_people":
            attempt(delivery.pk)

    notice = Notice.objects.get(kind="priority.announced", user=agent)
    assert (notice.path, notice.due_at) == (lot.get_absolute_url(), lot.session.registration_closes_at)
    assert not Notice.objects.filter(user=finance).exists()


# pages


def typed(**facts):
    return {"organisation": "", "name": "样例共有人", "uscc": "", "ground": "co_owner", "rank": "1"} | facts


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"rank": "0"}, {"rank"}),
        ({"rank": "第一"}, {"rank"}),
        ({"ground": "friend"}, {"ground"}),
        ({"uscc": "123"}, {"uscc"}),
        ({"organisation": "99999999"}, {"organisation"}),
    ],
)
def test_an_entry_that_cannot_be_is_refused_beside_its_field(client, lot, facts, fields):
    sign_in(client, person("organiser"))

    page = client.post(reverse("lot-priority", args=[lot.number]), typed(**facts))

    assert page.status_code == 200
    assert set(page.context["form"].errors) == fields
    assert not PriorityHolder.objects.exists()


def test_an_organiser_lists_invites_and_strikes_on_the_page(client, lot):
    sign_in(client, person("organiser"))
    here = reverse("lot-priority", args=[lot.number])

    client.post(here, typed())
    holder = PriorityHolder.objects.get()
    invite = reverse("priority-move", args=[holder.code, "invite"])
    wrong = client.post(invite, {"channel": "pigeon", "invited_on": "昨天"})
    assert set(wrong.context["rows"][0]["invite"].errors) == {"channel", "invited_on", "proof"}
    assert wrong.context["rows"][0]["invite"]["proof"].label == "证明材料"
    late = {"channel": "letter", "invited_on": str(clock.today() + timedelta(days=1)), "proof": scan()}
    assert set(client.post(invite, late).context["rows"][0]["invite"].errors) == {"invited_on"}
    text = {"channel": "letter", "invited_on": str(clock.today()), "proof": scan(content=b"no paper")}
    assert set(client.post(invite, text).context["rows"][0]["invite"].errors) == {"proof"}
    answer = client.post(invite, {"channel": "letter", "invited_on": str(clock.today()), "proof": scan()})

    assert answer.status_code == 302
    assert "样例共有人" in client.get(here).content.decode()
    strike = reverse("priority-move", args=[holder.code, "strike"])
    assert set(client.post(strike, {"reason": ""}).context["rows"][0]["strike"].errors) == {"reason"}
    client.post(strike, {"reason": "误列"})
    holder.refresh_from_db()
    assert holder.struck_at is not None
    page = client.get(here)
    assert page.context["rows"] == []
    assert re.search(r"已移出名单.*样例共有人.*误列", page.content.decode())


def test_a_holder_is_chosen_or_named_and_not_both(client, lot):
    chosen = organisation()
    sign_in(client, person("organiser"))

    page = client.post(reverse("lot-priority", args=[lot.number]), typed(organisation=chosen.code))

    assert set(page.context["form"].errors) == {"name"}
    assert not lot.priority_holders.exists()


def test_who_reads_the_list_and_the_proof(client, lot):
    holder = invited(listed(lot, name="张三", ground="inventor"))
    file = files_of(holder).get()
    readers = {
        "organiser": person("organiser"),
        "auditor": person("auditor"),
        "seller": member(lot.outcome.owner, "publisher"),
        "auctioneer": person("auctioneer"),
        "finance": person("finance"),
        "stranger": people.person(),
    }

    seen = {}
    for name, user in readers.items():
        sign_in(client, user)
        page = client.get(reverse("lot-priority", args=[lot.number]))
        seen[name] = (page.status_code, "张三" in page.content.decode(), is_visible_to(file, user))

    yes = (200, True, True)
    assert seen == {
        "organiser": yes,
        "auditor": yes,
        "seller": yes,
        "auctioneer": (403, False, False),
        "finance": (404, False, False),
        "stranger": (404, False, False),
    }


def test_the_page_of_the_lot_says_how_many_holders_there_are(client, lot):
    invited(listed(lot, name="张三", ground="inventor"))
    lot = announce(lot)

    for address in (lot.get_absolute_url(), lot.session.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "优先购买权人 1 名" in page
        assert "张三" not in page


@pytest.mark.django_db
def test_a_lot_without_holders_says_nothing_of_them(client):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=9))

    assert "优先购买权" not in client.get(lot.get_absolute_url()).content.decode()
    assert not BidderRegistration.objects.filter(priority_rank__isnull=False).exists()
