"""What auctioneer, bidders and spectators do in a session that runs in the hall and online at once, in browsers."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.bidding import AT_ONCE, OVER
from tests.journeys.people import Walker

CALLS = ("第一次报价", "第二次报价", "第三次报价")


def take_a_seat(somebody: Walker, address: str) -> None:
    """Open a page of a lot and keep a mark in it that a reload would wipe away."""
    somebody.open(address)
    somebody.page.get_by_text("连接正常").wait_for()
    somebody.page.evaluate("window.sameAsBefore = true")


def sees_at_once(somebody: Walker, *, price: str, extensions: int) -> None:
    """The page shows price and extensions by itself, without being loaded again."""
    page = somebody.page
    page.locator('[data-live="price"]', has_text=price).wait_for(timeout=AT_ONCE)
    page.locator('[data-live="extensions"]', has_text=f"已延时 {extensions} 次").wait_for(timeout=AT_ONCE)
    assert page.evaluate("window.sameAsBefore"), "the page was loaded again"


def sees_the_call(somebody: Walker, words: str) -> None:
    somebody.page.locator('[data-live="call"]', has_text=words).wait_for(timeout=AT_ONCE)


def enter_paddle(auctioneer: Walker, alias: str, *, least: str) -> None:
    """Type a number held up in the hall, once the least amount stands there: one from before a bid is refused."""
    expect(auctioneer.page.locator("#id_bid_amount")).to_have_value(least, timeout=AT_ONCE)
    auctioneer.page.fill("#id_bid_alias", alias)
    with auctioneer.page.expect_navigation():
        auctioneer.page.keyboard.press("Enter")
    auctioneer.sees("连接正常")
    if auctioneer.page.locator("[name=sure]").count():  # the first time this number is up in the hall
        with auctioneer.page.expect_navigation():
            auctioneer.page.keyboard.press("Enter")
        auctioneer.sees("连接正常")
    auctioneer.sees(f"{alias} 号领先")


def call(auctioneer: Walker, number: int) -> None:
    button = auctioneer.page.locator(f"[data-call='{number}']:enabled")
    button.wait_for()
    auctioneer.press_this(button)


def let_the_hammer_fall(auctioneer: Walker) -> None:
    auctioneer.page.locator("[data-hammer]:enabled").wait_for()
    auctioneer.page.keyboard.press("F8")
    auctioneer.sees("确认落槌？")
    with auctioneer.page.expect_navigation():
        auctioneer.page.keyboard.press("F8")


def calls_begin_anew(auctioneer: Walker) -> None:
    """After a bid between calls the first one is the next again."""
    auctioneer.page.locator("[data-call='1'][aria-pressed=false]:enabled").wait_for(timeout=AT_ONCE)
    auctioneer.page.locator("[data-call='3']:disabled").wait_for()


def head_on(somebody: Walker) -> str:
    """Return the fingerprint of the last event on the page."""
    return somebody.page.locator('[data-live="head"]').inner_text()


def sees_the_end(somebody: Walker, words: str) -> str:
    """Wait for the words of the result, look at the page, and return the fingerprint on it."""
    somebody.sees(words, within=OVER)
    somebody.look()
    somebody.look_narrow()
    return head_on(somebody)


def record_verifies(somebody: Walker, folder: Path) -> str:
    """Download the record of the lot and the program, and return what the program says of the record."""
    for words, name in (("下载全部记录", "record.jsonl"), ("核验程序", "verifier.py")):
        with somebody.page.expect_download() as loading:
            somebody.page.get_by_role("link", name=words).click()
        loading.value.save_as(folder / name)
    command = [sys.executable, "-I", str(folder / "verifier.py"), str(folder / "record.jsonl")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
