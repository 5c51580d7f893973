"""All open lots of a session are suspended with one reason, and just these go on."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.halting import NoLotOpen, NoneSuspended, halted_lots
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.record import export_lines, record_problems
from marketplace.core.journal import Entry, Kind
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, hybrid_lot, person
from tests.marketplace.auctions.test_calling_off import second_lot

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def suspend(lot, **facts):
    said = {"by": person("auctioneer"), "ground": "fault", "reason": "会场断网"} | facts
    return actions.suspend_bidding(AuctionSession.objects.get(pk=lot.session_id), **said)


def resume(lot, **facts):
    return actions.resume_bidding(AuctionSession.objects.get(pk=lot.session_id), **{"by": person("organiser")} | facts)


def states(*lots):
    return [Lot.objects.get(pk=lot.pk).state for lot in lots]


def test_whoever_reads_the_lot_is_told_the_ground_and_what_is_left_until_it_goes_on(client, lot):
    auctioneer = person("auctioneer")
    actions.suspend_lot(lot, by=auctioneer, ground="legal", reason="权属有争议")
    Lot.objects.filter(pk=lot.pk).update(remaining_when_suspended=timedelta(days=2, seconds=754))
    pages = [("lot-detail", lot.number), ("lot-hall", lot.number), ("lot-console", lot.number)]
    pages += [("lot-manage", lot.number), ("session-detail", lot.session.number)]

    def read():
        return [
            re.sub(r"<[^>]*>", "", client.get(reverse(name, args=[number])).content.decode()) for name, number in pages
        ]

    sign_in(client, auctioneer)
    stopped = read()
    actions.resume_lot(lot, by=auctioneer)
    on_again = read()

    assert ["法律原因：权属有争议" in page for page in stopped] == [True] * 5
    assert ["恢复后还有 2 天 00:12:34" in page for page in stopped] == [True, True, True, True, False]
    assert "暂停：法律原因" in stopped[0]
    assert "还有 2 天 00:12:34，重新收出价" in stopped[2]
    without_history = [page.replace("暂停：法律原因：权属有争议", "") for page in on_again]
    assert [page for page in without_history if "权属有争议" in page or "恢复后还有" in page] == []
    assert "暂停：法律原因：权属有争议" in on_again[0]  # the record keeps it


def test_a_suspension_and_its_end_ask_first(client, lot):
    sign_in(client, person("auctioneer"))
    pages = [("lot-console", lot.number), ("lot-manage", lot.number), ("session-manage", lot.session.number)]

    def asked():
        shown = [client.get(reverse(name, args=[number])).content.decode() for name, number in pages]
        dialogs = [re.findall(r'<dialog id="((?:ask-)?(?:suspend|resume)[^"]*)"', page) for page in shown]
        return dialogs, [
            re.findall(r'<button[^>]* data-dialog="([^"]*(?:suspend|resume)[^"]*)"', page) for page in shown
        ]

    actions.open_lot(lot)
    running = asked()
    suspend(lot)

    assert running == ([["ask-suspend"], ["ask-suspend"], ["suspend-all"]],) * 2
    assert asked() == ([["ask-resume"], ["ask-resume"], ["resume-all"]],) * 2


def test_every_open_lot_stops_and_goes_on_for_its_remaining_time(lot):
    longer = second_lot(lot, ends_at=lot.ends_at + timedelta(hours=1))
    waiting = second_lot(longer, number="OH-3", position=3, starts_at=timezone.now() + timedelta(hours=1))

    stopped = suspend(lot)
    halted = states(lot, longer, waiting)
    notes = {Lot.objects.get(pk=one.pk).note for one in (lot, longer)}
    left = {one.pk: Lot.objects.get(pk=one.pk).remaining_when_suspended for one in (lot, longer)}
    resumed = resume(lot)

    assert [one.pk for one in stopped] == [one.pk for one in resumed] == [lot.pk, longer.pk]
    assert halted == ["suspended", "suspended", "announced"]
    assert notes == {"会场断网"}
    assert left[longer.pk] - left[lot.pk] > timedelta(minutes=59)
    assert states(lot, longer, waiting) == ["open", "open", "announced"]
    assert Entry.objects.filter(kind=Kind.SESSION_SUSPENDED).get().data["lots"] == [lot.number, longer.number]
    assert Entry.objects.filter(kind__in=[Kind.LOT_SUSPENDED, Kind.LOT_RESUMED]).count() == 4
    assert lot_problems(lot) == []


def test_a_lot_suspended_by_itself_waits_for_its_own_resumption(lot):
    other = second_lot(lot)
    actions.suspend_lot(other, by=person("organiser"), ground="legal", reason="权属争议")
    suspend(lot)

    resumed = resume(lot)

    assert [one.pk for one in resumed] == [lot.pk]
    assert states(lot, other) == ["open", "suspended"]
    with pytest.raises(NoneSuspended):
        resume(lot)


def test_a_lot_suspended_anew_by_itself_is_not_the_sessions_any_more(lot):
    suspend(lot)
    resume(lot)
    actions.suspend_lot(Lot.objects.get(pk=lot.pk), by=person("organiser"), ground="legal", reason="权属争议")

    assert list(halted_lots(lot.session)) == []


def test_nothing_is_stopped_where_nothing_is_open():
    lot = announced_lot(starts_at=timezone.now() + timedelta(hours=1))

    with pytest.raises(NoLotOpen):
        suspend(lot)

    assert states(lot) == ["announced"]


def test_not_without_a_reason_and_not_by_others(lot):
    with pytest.raises(ReasonMissing):
        suspend(lot, reason=" ")
    for user in (person(), person("finance"), person("auditor")):
        with pytest.raises(PermissionDenied):
            suspend(lot, by=user)
        with pytest.raises(PermissionDenied):
            resume(lot, by=user)

    assert states(lot) == ["announced"]


@pytest.mark.parametrize(("made", "name"), [(announced_lot, "lot-move"), (hybrid_lot, "lot-conduct")])
def test_one_lot_is_suspended_on_another_ground_only_with_an_explanation(client, made, name):
    lot = made(starts_at=timezone.now() - timedelta(minutes=1))
    actions.open_lot(lot)
    sign_in(client, person("organiser", "auctioneer"))
    address = reverse(name, args=[lot.number, "suspend"])

    bare = client.post(address, {"ground": "other", "reason": " "}, follow=True)
    assert states(lot) == ["open"]
    assert "请写明原因" in bare.content.decode()
    client.post(address, {"ground": "other", "reason": "会场疏散"})

    assert states(lot) == ["suspended"]
    assert Lot.objects.get(pk=lot.pk).note == "会场疏散"


def test_bids_wait_and_are_taken_again(lot):
    one = bidder(lot)
    suspend(lot)
    refused = actions.decide_bid(lot, one, amount=160 * WAN, key="a", arrived_at=timezone.now())
    resume(lot)
    taken = actions.decide_bid(lot, one, amount=160 * WAN, key="b", arrived_at=timezone.now())

    assert (refused["reason"], taken["accepted"]) == ("suspended", True)
    assert lot_problems(lot) == []


def test_the_console_leads_there(client, lot):
    sign_in(client, person("auctioneer"))
    console = reverse("lot-console", args=[lot.number])
    there = reverse("session-manage", args=[lot.session.number])

    running = client.get(console).content.decode()
    suspend(lot)
    stopped = client.get(console).content.decode()

    assert f'href="{there}#suspend"' in running
    assert f'href="{there}#resume"' in stopped
    assert client.get(there).status_code == 200


def test_the_organisers_page_offers_it_with_the_reason_beside_its_field(client, lot):
    sign_in(client, person("organiser"))
    page = reverse("session-manage", args=[lot.session.number])
    halt, go_on = (reverse("session-move", args=[lot.session.number, verb]) for verb in ("suspend", "resume"))

    shown = client.get(page).content.decode()
    bare = client.post(halt, {"ground": "fault", "reason": ""}).content.decode()
    done = client.post(halt, {"ground": "fault", "reason": "会场断网"})
    stopped = client.get(page).content.decode()
    resumed = client.post(go_on)
    twice = client.post(go_on, follow=True).content.decode()

    assert halt in shown
    assert go_on not in shown
    assert 'aria-invalid="true"' in bare
    assert (done.status_code, resumed.status_code) == (302, 302)
    assert go_on in stopped
    assert "没有随全场一并暂停的拍品" in twice
    assert states(lot) == ["open"]


def test_the_history_names_the_day_of_a_far_end(client, lot):
    far = second_lot(lot, ends_at=lot.ends_at + timedelta(days=3))
    suspend(lot)
    resume(lot)

    ends = {one.pk: timezone.localtime(Lot.objects.get(pk=one.pk).ends_at) for one in (lot, far)}
    assert f"恢复：结束时间改为 {ends[far.pk]:%m-%d %H:%M:%S}" in client.get(far.get_absolute_url()).content.decode()
    assert f"恢复：结束时间改为 {ends[lot.pk]:%H:%M:%S}" in client.get(lot.get_absolute_url()).content.decode()


@pytest.mark.parametrize("reason", ["会场疏散", ""])
def test_the_record_keeps_for_good_why_the_bidding_stopped(client, lot, reason):
    actions.suspend_lot(lot, by=person("auctioneer"), ground="fault", reason=f" {reason}\x00")
    actions.resume_lot(Lot.objects.get(pk=lot.pk), by=person("auctioneer"))

    lines = export_lines(Lot.objects.select_related("session").get(pk=lot.pk))
    stopped = next(line for line in lines if line.get("kind") == "suspended")
    page = client.get(lot.get_absolute_url()).content.decode()

    assert stopped["payload"].get("reason", "") == reason
    assert ("reason" in stopped["payload"]) == bool(reason)
    assert record_problems(lines) == []
    assert f"暂停：技术故障{'：' + reason if reason else ''}</span>" in page
