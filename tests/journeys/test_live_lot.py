"""The live page of a lot while a bid is on its way."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions.actions import open_lot, place_bid, suspend_lot
from marketplace.auctions.ladder import WAN
from marketplace.auctions.receipts import is_genuine
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, member, organisation, person

LONGER_THAN_A_RELOAD = 4_000  # ms: the page waits up to 1.5 s before it loads itself afresh


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_bid_on_its_way_is_not_cut_off_when_the_lot_opens(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, second = bidder(lot), bidder(lot)
    agent = Walker(browser, house.address, first.agent).sign_in()
    page = agent.open(lot.get_absolute_url())
    page.locator('[data-state="announced"]').get_by_text("连接正常").wait_for()
    page.evaluate("window.sameAsBefore = true")
    page.route("**/bids/", lambda route: None)  # its answer is not there yet

    page.locator("button.bid--first").click()
    place_bid(lot, by=second.agent, organisation=second.organisation, amount=160 * WAN, key="rival")
    page.wait_for_timeout(LONGER_THAN_A_RELOAD)

    assert page.evaluate("window.sameAsBefore")
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_first_bid_is_meant_and_later_ones_take_one_press(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, rival = bidder(lot), bidder(lot)
    agent = Walker(browser, house.address, first.agent).sign_in()
    page = agent.open(lot.get_absolute_url())
    page.fill("#own", "161.5")

    agent.press("出这个价")
    assert page.evaluate("document.activeElement.textContent") == "返回，不出价"
    agent.follow("返回，不出价")
    assert page.input_value("#own") == "161.5"
    agent.press("出这个价")
    agent.press("出价 161.5 万元")
    agent.sees("您领先")
    page.get_by_text("连接正常").wait_for()
    place_bid(lot, by=rival.agent, organisation=rival.organisation, amount=170 * WAN, key="rival")
    agent.sees("您已被超过")
    page.locator(".lots [data-live=listed-price]", has_text="170").wait_for()
    page.locator("button.bid--first", has_text="175").get_by_text("最低加价 5 万元").wait_for()
    agent.press_this(page.locator("button.bid--first"))

    agent.sees("您领先")
    lot.refresh_from_db()
    assert lot.price == 175 * WAN
    agent.leave()


def outbid(browser, house):
    """Return an agent who is signed in, and the lot on which it was outbid, at 170."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    one, rival = bidder(lot), bidder(lot)
    open_lot(lot)
    for each, amount in ((one, 160), (rival, 170)):
        place_bid(lot, by=each.agent, organisation=each.organisation, amount=amount * WAN, key=str(amount))
    agent = Walker(browser, house.address, one.agent).sign_in()
    return agent, lot


def out_of_reach(browser, house):
    """Return the same agent on the lot's page with the stream lost, the page, and the lot."""
    agent, lot = outbid(browser, house)
    page = agent.page
    page.route("**/events/**", lambda route: route.abort())
    page.goto(lot.get_absolute_url())
    page.locator("[data-live=connection][data-tone=stop]").wait_for()
    return agent, page, lot


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_no_bid_leaves_a_page_that_is_disconnected(browser, house):
    agent, lot = outbid(browser, house)
    page = agent.open(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    page.evaluate("window.sameAsBefore = true")
    first, said = page.locator("button.bid--first"), page.locator("[data-live=unsent]")

    page.context.set_offline(True)
    said.get_by_text("已断开连接，现在不能出价").wait_for()
    assert first.get_attribute("aria-disabled") == "true"
    first.click(force=True)
    said.get_by_text("已断开连接，出价未发送；恢复后请重新确认").wait_for()
    page.fill("#own", "180")
    page.press("#own", "Enter")
    agent.look_narrow()
    assert page.evaluate("window.sameAsBefore")
    page.context.set_offline(False)

    said.get_by_text("连接已恢复，刚才的出价没有发送").wait_for()
    assert first.get_attribute("aria-disabled") is None
    assert (page.input_value("#own"), page.evaluate("window.sameAsBefore")) == ("180", True)
    lot.refresh_from_db()
    assert lot.price == 170 * WAN
    agent.press_this(first)
    agent.sees("您领先")
    lot.refresh_from_db()
    assert lot.price == 175 * WAN
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_while_only_the_stream_is_lost_the_platform_is_asked_before_a_bid_goes(browser, house):
    agent, page, lot = out_of_reach(browser, house)
    page.evaluate("window.sameAsBefore = true")
    page.route("**/state*", lambda route: route.abort())

    page.locator("button.bid--first").click()
    page.get_by_text("已断开连接，出价未发送").wait_for()
    assert page.evaluate("window.sameAsBefore")
    page.unroute("**/state*")
    page.get_by_text("连接已恢复").wait_for()
    with page.expect_navigation():
        page.locator("button.bid--first").click()

    agent.sees("您领先")
    lot.refresh_from_db()
    assert lot.price == 175 * WAN
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_bid_goes_where_the_stream_comes_back_before_the_answer(browser, house):
    agent, page, lot = out_of_reach(browser, house)
    page.route("**/state*", lambda route: None)  # the question hangs

    page.locator("button.bid--first").click()
    page.unroute("**/events/**")
    page.get_by_text("连接正常").wait_for()

    agent.sees("您领先")
    lot.refresh_from_db()
    assert lot.price == 175 * WAN
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_beat_of_the_stream_lets_bids_go_again(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    one = bidder(lot)
    open_lot(lot)
    agent = Walker(browser, house.address, one.agent).sign_in()
    page = agent.page
    page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => window.saysOnline ?? false })")
    page.route("**/state*", lambda route: route.abort())
    page.goto(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()

    page.fill("#own", "161")
    page.press("#own", "Enter")
    said = page.locator("[data-live=unsent]")
    said.get_by_text("已断开连接，出价未发送").wait_for()
    said.get_by_text("连接已恢复").wait_for()

    assert page.locator("button.bid--first").get_attribute("aria-disabled") is None
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_while_the_platform_starts_anew_the_page_stays_away(browser, house):
    agent, page, _lot = out_of_reach(browser, house)
    page.route("**/state*", lambda route: route.fulfill(status=502, body="Bad Gateway"))

    page.locator("button.bid--first").click()
    said = page.locator("[data-live=unsent]")
    said.get_by_text("已断开连接，出价未发送").wait_for()
    with page.expect_response("**/state*"):
        pass
    page.wait_for_timeout(500)

    assert said.inner_text().startswith("已断开连接，出价未发送")
    assert page.locator("button.bid--first").get_attribute("aria-disabled") == "true"
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_in_english_one_bid_is_one(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, rival = bidder(lot), bidder(lot)
    open_lot(lot)
    spectator = Walker(browser, house.address, person())
    page = spectator.open(f"/en{lot.get_absolute_url()}")
    page.get_by_text("Connected", exact=True).wait_for()

    for each, (amount, words) in zip((first, rival), ((160, "1 bid"), (170, "2 bids")), strict=True):
        place_bid(lot, by=each.agent, organisation=each.organisation, amount=amount * WAN, key=words)
        page.locator("[data-live=count]").get_by_text(words, exact=True).wait_for()
    spectator.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_buttons_say_what_they_add_once_somebody_has_bid(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, rival = bidder(lot), bidder(lot)
    open_lot(lot)
    agent = Walker(browser, house.address, first.agent).sign_in()
    page = agent.open(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    button = page.locator("button.bid--first")
    assert "起拍价" in button.inner_text()

    place_bid(lot, by=rival.agent, organisation=rival.organisation, amount=160 * WAN, key="rival")

    button.get_by_text("最低加价 5 万元").wait_for()
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_the_three_moments_the_lost_line_and_the_receipt_to_keep(browser, house, tmp_path):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=56))
    first, rival = bidder(lot), bidder(lot)
    open_lot(lot)
    place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="own")
    agent = Walker(browser, house.address, first.agent).sign_in()
    organiser = Walker(browser, house.address, person("organiser")).sign_in()
    manage = organiser.open(f"/auctions/manage/lots/{lot.number}/")
    manage.get_by_text("连接正常").wait_for()
    manage.evaluate("window.sameAsBefore = true")
    page = agent.open(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    page.get_by_text("倒计时误差").wait_for()
    sound, vibration = page.locator("[data-sound=sound]"), page.locator("[data-sound=vibration]")
    assert (sound.get_attribute("aria-pressed"), vibration.get_attribute("aria-pressed")) == ("false", "false")
    sound.click()
    page.evaluate(
        """window.moments = []; const root = document.querySelector('[data-events-url]');
        root.addEventListener('lot:moment', (event) => moments.push(event.detail.kind))"""
    )

    place_bid(lot, by=rival.agent, organisation=rival.organisation, amount=165 * WAN, key="rival")

    page.get_by_text("已延时：现在").wait_for()
    agent.sees("您已被超过")
    assert page.evaluate("moments") == ["outbid", "extended"]
    manage.get_by_text(f"{rival.alias} 号领先，第 2 次出价").wait_for()
    assert manage.locator("[data-live=price]").inner_text() == "165万元"
    lot.refresh_from_db()
    until = f"{timezone.localtime(lot.ends_at):%H:%M:%S}"
    for followed in (page, manage):
        followed.locator("[data-live=history] .event").get_by_text(f"延时：结束时间改为 {until}").wait_for()
        assert f"{until} 结束，已延时 2 次" in followed.locator("[data-live=extensions]").inner_text()
    assert manage.evaluate("window.sameAsBefore")
    assert (sound.get_attribute("data-last"), vibration.get_attribute("data-last")) == ("extended", None)
    page.locator("[data-live=voice]", has_text=f"{rival.alias} 号领先").wait_for(state="attached")
    page.locator("summary", has_text="签名回执").click()
    with page.expect_download() as loading:
        page.get_by_role("link", name="下载回执").click()
    loading.value.save_as(tmp_path / "receipt.json")
    receipt = json.loads((tmp_path / "receipt.json").read_text("utf-8"))
    assert (is_genuine(receipt), receipt["amount"]) == (True, 160 * WAN)
    page.context.set_offline(True)
    page.locator("[data-live=connection]", has_text="起正在重新连接").wait_for()
    page.context.set_offline(False)
    page.get_by_text("连接正常").wait_for()
    organiser.look_narrow()
    organiser.type(reason="会场断网")
    suspend_lot(lot, by=organiser.user, ground="fault")
    manage.get_by_text("拍品状态已变").wait_for()  # what is being typed is not taken away
    assert (manage.input_value("[name=reason]"), manage.evaluate("window.sameAsBefore")) == ("会场断网", True)
    for walker in (agent, organiser):
        walker.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_bid_by_priority_right_is_marked_at_once_as_after_a_reload(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, holder = bidder(lot), bidder(lot, rank=1)
    open_lot(lot)
    place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="first")
    watcher = Walker(browser, house.address, first.agent).sign_in()
    page = watcher.open(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    page.evaluate("window.sameAsBefore = true")

    place_bid(lot, by=holder.agent, organisation=holder.organisation, amount=160 * WAN, key="priority")

    row = page.locator("[data-live=history] > [data-bid='3']")
    row.get_by_text("优先权出价").wait_for()
    at_once = row.inner_text().split()
    assert page.evaluate("window.sameAsBefore")
    assert "优先权出价" not in page.locator("[data-live=history] > [data-bid='2']").inner_text()
    page.reload()
    assert row.inner_text().split() == at_once
    watcher.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_overview_of_a_session_follows_its_lots(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    one = bidder(lot)
    open_lot(lot)
    spectator = Walker(browser, house.address, member(organisation(), "manager"))
    page = spectator.open(lot.session.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    page.evaluate("window.sameAsBefore = true")

    place_bid(lot, by=one.agent, organisation=one.organisation, amount=165 * WAN, key="a")

    row = page.locator(f"[data-lot={lot.number}]")
    row.locator("[data-cell=price]", has_text="165").wait_for()
    assert one.alias in row.locator("[data-cell=leader]").inner_text()
    assert page.evaluate("window.sameAsBefore")
    assert re.fullmatch(r"剩 (\d\d:)?\d\d:\d\d", row.locator("[data-countdown] time").inner_text())
    page.set_viewport_size({"width": 390, "height": 844})
    spectator.look()
    end_now(lot)
    row.locator(".pill", has_text="成交").wait_for()
    spectator.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("arrives", [True, False])
def test_a_bid_whose_answer_is_lost_is_sent_again_and_counts_once(browser, house, arrives):
    agent, lot = outbid(browser, house)
    page = agent.open(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    sent = []

    def lose(route):
        sent.append(route.request.post_data)
        if len(sent) > 1:
            route.continue_()
        else:
            if arrives:
                route.fetch(max_redirects=0)  # the platform took it; the way back is lost
            route.abort()

    page.route("**/bids/", lose)
    with page.expect_navigation():
        page.locator("button.bid--first").click()
        page.get_by_text("还没有收到答复").wait_for()

    agent.sees("您领先")
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert lot.answers.filter(amount=175 * WAN).count() == 1
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_bid_nobody_answers_waits_on_its_page_until_the_platform_is_heard(browser, house):
    agent, lot = outbid(browser, house)
    page = agent.open(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    page.evaluate("window.sameAsBefore = true")
    page.route("**/bids/", lambda route: route.abort())

    page.locator("button.bid--first").click()
    page.get_by_text("请不要离开本页").wait_for()
    agent.look_narrow()
    assert page.evaluate("window.sameAsBefore")
    page.unroute("**/bids/")

    agent.sees("您领先")  # with the next beat of the stream
    assert lot.answers.filter(amount=175 * WAN).count() == 1
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_bid_on_its_way_is_what_was_pressed_whatever_is_typed_or_pressed_meanwhile(browser, house):
    agent, lot = outbid(browser, house)
    page = agent.open(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    sent = []
    page.route("**/bids/", lambda route: sent.append(route.request.post_data) or route.abort())

    page.get_by_label("自填出价").fill("180")
    page.locator("[data-live='own-bid']").click()
    page.get_by_text("还没有收到答复").wait_for()
    page.get_by_label("自填出价").fill("1800")
    page.locator("button.bid--first").click()
    page.get_by_text("请不要离开本页").wait_for()
    assert len(set(sent)) == 1
    page.unroute("**/bids/")

    agent.sees("您领先")
    assert [answer.amount for answer in lot.answers.filter(amount__gt=170 * WAN)] == [180 * WAN]
    agent.leave()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_question_before_a_first_bid_keeps_it_too(browser, house):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    one = bidder(lot)
    agent = Walker(browser, house.address, one.agent).sign_in()
    page = agent.open(lot.get_absolute_url())
    page.get_by_text("连接正常").wait_for()
    with page.expect_navigation():
        page.locator("button.bid--first").click()
    lost = []
    page.route("**/bids/", lambda route: route.continue_() if lost else lost.append(1) or route.abort())

    page.get_by_role("button", name="出价 160 万元").click()
    page.get_by_text("还没有收到答复").wait_for()

    agent.sees("您领先")
    assert lot.answers.count() == 1
    agent.leave()
