"""The page that checks a record in the browser says the same as the stand-alone program, on the same files."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import verifier
from marketplace.auctions.actions import close_lot, decide_bid, place_floor_bid, void_bid
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot
from marketplace.auctions.receipts import receipt_of, sealed_receipt_of
from marketplace.auctions.record import export
from marketplace.auctions.verifier import canonical, event_hash
from marketplace.core import clock
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import announced_lot, bidder, hybrid_lot, member, organisation, person
from tests.marketplace.auctions.sealing import sealed_at, sealed_lot, withdrawn

pytestmark = pytest.mark.long

Lines = list[dict[str, Any]]


def sold_lot() -> Lot:
    """Return a lot with a reserve that was sold after three bids, its head anchored."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), reserve=161 * WAN)
    first, second = bidder(lot), bidder(lot)
    for turn, (one, amount) in enumerate([(first, 160), (second, 165), (first, 170)]):
        decide_bid(lot, one, amount=amount * WAN, key=f"k{turn}", arrived_at=lot.starts_at + timedelta(minutes=turn))
    close_lot(lot)
    return Lot.objects.get(pk=lot.pk)


def of_program(text: str, folder: Path) -> tuple[bool, int | None]:
    """Return whether verifier.py finds a record intact, and the first bad number it names."""
    path = folder / "record.jsonl"
    path.write_text(text, "utf-8")
    said = subprocess.run([sys.executable, "-I", verifier.__file__, path], capture_output=True, text=True, check=False)
    named = re.search(r"#(\d+)", said.stdout) if said.returncode else None
    return said.returncode == 0, int(named[1]) if named else None


def of_browser(page: Any, text: str) -> tuple[bool, int | None]:
    """Return the same of the page's verdict on a chosen file."""
    before = page.locator("[data-verify]").get_attribute("data-done") or "0"
    file = {"name": "record.jsonl", "mimeType": "application/jsonl", "buffer": text.encode()}
    page.set_input_files("#record-file", files=[file])
    page.wait_for_function("(n) => Number(document.querySelector('[data-verify]').dataset.done) > n", arg=int(before))
    heading = page.locator("[data-verdict] h2").first.inner_text()
    numbers = [item.get_attribute("data-seq") for item in page.locator("[data-verdict] li").all()]
    return heading == "记录完整", next((int(number) for number in numbers if number), None)


def changed(lines: Lines) -> Lines:
    lines[2]["amount"] += 1
    return lines


def as_another_number(lines: Lines) -> Lines:
    lines[2]["amount"] = float(lines[2]["amount"])  # 1600000.0 is another text than 1600000
    return lines


def without_one(lines: Lines) -> Lines:
    return lines[:3] + lines[4:]


def swapped(lines: Lines) -> Lines:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


def cut(lines: Lines) -> Lines:
    return lines[:-3] + lines[-1:]


def rewritten(lines: Lines) -> Lines:
    """Return a record in which the second bid is another and everything after it was computed anew."""
    previous = lines[2]["hash"]
    for event in lines[3:-1]:
        event |= {"prev": previous, "source": "online"}
        event["amount"] = event["amount"] and event["amount"] + WAN
        previous = event["hash"] = event_hash(event)
    return [*lines[:-1], lines[-1] | {"head": previous}]


def of_another_reserve(lines: Lines) -> Lines:
    """Return a record whose result opens another reserve, and whose end follows it."""
    result = lines[-2]
    result["payload"]["reserve"]["amount"] += 1
    result["hash"] = event_hash(result)
    return [*lines[:-1], lines[-1] | {"head": result["hash"], "anchors": []}]


def with_another_announcement(lines: Lines) -> Lines:
    lines[0]["announcement"]["lots"][0]["start_price"] += 1
    return lines


CHANGES: list[tuple[Callable[[Lines], Lines], int | None]] = [
    (list, None),
    (changed, 2),
    (as_another_number, 2),
    (without_one, 3),
    (swapped, 2),
    (cut, 5),
    (rewritten, 4),
    (of_another_reserve, 6),
    (with_another_announcement, None),
]


@pytest.mark.django_db(transaction=True)
def test_browser_and_program_agree(browser, house, tmp_path):
    lot = sold_lot()
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))
    page.get_by_role("heading", name="记录完整").wait_for()
    agent.look()

    for change, first in CHANGES:
        lines = change([json.loads(line) for line in export(lot).splitlines()])
        text = "".join(canonical(line) + "\n" for line in lines)
        by_program, by_browser = of_program(text, tmp_path), of_browser(page, text)
        assert (by_program[0], by_program[1]) == (change is list, first), change.__name__
        if change is of_another_reserve:  # nothing in the file shows it but the commitment; the page's head does too
            assert by_browser == (False, 6)
        assert by_browser == by_program, change.__name__
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_a_tail_cut_with_its_anchors_shows_against_the_head_of_the_page(browser, house, tmp_path):
    lot = sold_lot()
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))
    lines = [json.loads(line) for line in export(lot).splitlines()][:4]
    end = {"v": 1, "record": "end", "lot": lot.number, "seq": 3, "head": lines[-1]["hash"], "anchors": []}
    text = "".join(canonical(line) + "\n" for line in [*lines, end])

    answer = of_browser(page, text)

    assert of_program(text, tmp_path) == (True, None)  # the file alone cannot show it
    assert answer == (False, None)
    assert page.locator("[data-verdict] h2").first.inner_text() == "真实，但不是目前的完整记录"
    assert [page.locator(f"[data-verdict] [data-cell={cell}]").inner_text() for cell in ("events", "more")] == [
        "3",
        "3",
    ]
    agent.look()
    lines[-1]["amount"] += WAN
    lines[-1]["hash"] = end["head"] = event_hash(lines[-1])  # a shorter record that is not the beginning of ours
    assert of_browser(page, "".join(canonical(line) + "\n" for line in [*lines, end])) == (False, 4)
    assert page.locator("[data-verdict] h2").first.inner_text() == "记录已被改动或不完整"
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_receipts_in_the_browser(browser, house):
    lot = sold_lot()
    receipt = receipt_of(lot.answers.order_by("seq").first().answer)
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))
    words = {}

    page.set_viewport_size({"width": 390, "height": 844})
    for name, given in {
        "good": receipt,
        "raised": receipt | {"amount": receipt["amount"] + 1},
        "with another key": receipt | {"public_key": "A" * 43 + "=", "signature": "A" * 86 + "=="},
    }.items():
        page.fill("#receipt-text", json.dumps(given))
        page.locator("[data-check]").click()
        page.wait_for_function("() => !document.querySelector('[data-verify]').hasAttribute('aria-busy')")
        words[name] = page.locator("[data-verdict] h2").nth(1).inner_text()

    assert words == {"good": "回执真实", "raised": "回执不真实", "with another key": "回执不真实"}
    agent.look()
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_what_is_of_another_lot_leads_there_and_nothing_is_not_checked(browser, house):
    lot, other = sold_lot(), sold_lot()
    receipt = receipt_of(other.answers.order_by("seq").first().answer)
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))
    page.get_by_role("heading", name="记录完整").wait_for()
    agent.sees(f"python3 verifier.py {lot.number}.jsonl")

    page.locator("[data-check]").click()
    agent.sees("请先选择记录文件或粘贴回执")
    page.fill("#receipt-text", json.dumps(receipt))
    page.locator("[data-check]").click()
    page.get_by_role("heading", name="这是另一拍品的回执").wait_for()
    agent.look()

    assert not page.get_by_text("请先选择记录文件或粘贴回执").is_visible()
    assert "告知组织方" not in page.locator("[data-verdict]").inner_text()
    link = page.locator("[data-verdict]").get_by_role("link", name=other.number)
    assert link.get_attribute("href") == reverse("lot-verify", args=[other.number])
    assert of_browser(page, export(other)) == (False, None)
    assert page.locator("[data-verdict] h2").first.inner_text() == "这是另一拍品的记录。"
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_not_called_anothers_because_of_the_file_beside_it(browser, house):
    lot, other = sold_lot(), sold_lot()
    receipt = receipt_of(lot.answers.order_by("seq").first().answer)
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))
    page.get_by_role("heading", name="记录完整").wait_for()
    page.fill("#receipt-text", json.dumps(receipt))
    torn = export(lot).partition("\n")[2]

    for text in (torn, export(other)):
        assert of_browser(page, text)[0] is False
        said = page.locator("[data-verdict] section").nth(1)
        assert said.locator("h2").inner_text() == "无法用这份记录核对该回执"
        assert "由平台签名，未被改动" in said.inner_text()
        assert said.locator("a").count() == 0
    agent.look()
    of_browser(page, export(lot))

    assert page.locator("[data-verdict] h2").nth(1).inner_text() == "回执真实"
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_sealed_bids_in_the_browser(browser, house, tmp_path):
    lot = sealed_lot(starts_at=timezone.now() - timedelta(hours=2))
    one, other = bidder(lot), bidder(lot)
    receipt = sealed_receipt_of(sealed_at(one, 170 * WAN, lot.starts_at, "k"))
    sealed_at(other, 165 * WAN, lot.starts_at + timedelta(minutes=1), "k")
    close_lot(lot)
    lot.refresh_from_db()
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))
    page.fill("#receipt-text", json.dumps(receipt))
    page.locator("[data-check]").click()
    page.get_by_role("heading", name="回执真实").wait_for()
    lines = [json.loads(line) for line in export(lot).splitlines()]
    opened = next(line for line in lines if line.get("kind") == "revealed")
    opened["amount"] += WAN
    previous = opened["prev"]
    for event in lines[opened["seq"] : -1]:
        event["prev"] = previous
        previous = event["hash"] = event_hash(event)
    lines[-1] |= {"head": previous, "anchors": []}
    text = "".join(canonical(line) + "\n" for line in lines)

    answer = of_browser(page, text)

    assert answer == of_program(text, tmp_path) == (False, opened["seq"])
    agent.leave()


def checked(page: Any, receipt: dict[str, Any]) -> str:
    """Return what the page says of a receipt against the platform's record."""
    before = page.locator("[data-verify]").get_attribute("data-done") or "0"
    page.fill("#receipt-text", json.dumps(receipt))
    page.locator("[data-check]").click()
    page.wait_for_function("(n) => Number(document.querySelector('[data-verify]').dataset.done) > n", arg=int(before))
    return page.locator("[data-verdict] section").nth(1).inner_text()


@pytest.mark.django_db(transaction=True)
def test_a_receipt_of_a_sealed_bid_that_was_replaced_or_withdrawn_does_not_pass_for_one_that_counts(browser, house):
    lot = sealed_lot(starts_at=timezone.now() - timedelta(hours=2))
    one, other = bidder(lot), bidder(lot)
    minute = timedelta(minutes=1)
    first = sealed_receipt_of(sealed_at(one, 170 * WAN, lot.starts_at, "a"))
    second = sealed_receipt_of(sealed_at(one, 180 * WAN, lot.starts_at + minute, "b"))
    gone = sealed_receipt_of(sealed_at(other, 165 * WAN, lot.starts_at + 2 * minute, "c"))
    with clock.moved_to(lot.starts_at + 3 * minute):
        withdrawal = sealed_receipt_of(withdrawn(other))
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))
    veiled = checked(page, first)
    close_lot(lot)

    page.reload()
    words = [checked(page, receipt) for receipt in (first, second, gone, withdrawal)]
    agent.look()

    assert "是否已更换或撤回" in veiled
    assert ["已不作数" in each for each in words] == [True, False, True, False]
    assert "更换了报价" in words[0]
    assert "撤回了报价" in words[2]
    assert all("由平台签名" in each for each in words)
    agent.leave()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("ground", "ended"), [("mistyped", [False, True]), ("not_entitled", [True, True])])
def test_a_receipt_of_a_voided_bid_says_so(browser, house, ground, ended):
    lot = hybrid_lot(starts_at=timezone.now() - timedelta(minutes=5))
    one, other, auctioneer = bidder(lot), bidder(lot), person("auctioneer")
    for key, each, amount in (("a", one, 160), ("b", other, 165), ("c", one, 170)):
        place_floor_bid(lot, by=auctioneer, alias=each.alias, amount=amount * WAN, key=key)
    receipts = [receipt_of(answer.answer) for answer in lot.answers.filter(registration=one).order_by("seq")]
    void_bid(lot, by=auctioneer, seq=receipts[-1]["seq"], ground=ground)
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))

    words = [checked(page, receipt) for receipt in receipts]

    assert ["已不作数" in each for each in words] == ended
    assert all("作废" in each for each, is_ended in zip(words, ended, strict=True) if is_ended)
    agent.leave()


@pytest.mark.django_db(transaction=True)
def test_everything_on_the_page_is_done_with_the_keyboard(browser, house, tmp_path):
    lot = sold_lot()
    receipt = receipt_of(lot.answers.order_by("seq").first().answer)
    copy = tmp_path / "record.jsonl"
    copy.write_text(export(lot), "utf-8")
    agent = Walker(browser, house.address, member(organisation(), "manager"))
    page = agent.open(reverse("lot-verify", args=[lot.number]))
    page.get_by_role("heading", name="记录完整").wait_for()
    stops: list[str] = []

    def tab_to(selector: str) -> None:
        for _key in range(60):
            page.keyboard.press("Tab")
            stops.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                outline = page.evaluate(SHOWS_FOCUS)
                assert outline, selector
                return
        raise AssertionError(f"{selector} cannot be reached: {stops}")

    tab_to("#record-file")
    page.evaluate("document.activeElement.addEventListener('click', () => { window.chooses = true; })")
    page.keyboard.press("Space")  # it opens the chooser of the system, which no browser without a screen has
    assert page.evaluate("window.chooses")
    page.set_input_files("#record-file", copy)
    page.locator("[data-verdict]", has_text="record.jsonl").wait_for()
    tab_to("#receipt-text")
    page.keyboard.insert_text(json.dumps(receipt))
    tab_to("[data-check]")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="回执真实").wait_for()
    tab_to("[data-own]")
    page.keyboard.press("Enter")
    page.locator("[data-verdict]", has_text="平台目前提供的记录").wait_for()
    tab_to(f"main a[href='{reverse('lot-record', args=[lot.number])}']")
    agent.leave()


SHOWS_FOCUS = """() => {
    const shown = (element) => {
        const style = getComputedStyle(element);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
    };
    const focused = document.activeElement;
    return shown(focused) || [...(focused.labels ?? [])].some(shown) || shown(focused.parentElement);
}"""


@pytest.mark.django_db(transaction=True)
def test_without_scripts_the_page_says_what_to_do_and_offers_nothing_that_does_nothing(browser, house):
    lot = sold_lot()
    context = browser.new_context(base_url=house.address, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()

    page.goto(reverse("lot-verify", args=[lot.number]))

    assert page.locator("noscript, .notice", has_text="本页面用脚本核验").first.is_visible()
    assert "只需要 Python" in page.locator("main").inner_text()
    assert not page.locator("#record-file").is_visible()
    assert not page.locator("[data-check]").is_visible()
    assert not page.get_by_text("正在核验").is_visible()
    for name in ("lot-record", "lot-verifier"):
        address = reverse(name, args=[lot.number] if name == "lot-record" else [])
        assert page.locator(f"main a[href='{address}']").first.is_visible()
        assert page.request.get(address).ok
    context.close()


@pytest.mark.django_db
def test_the_page_is_of_announced_lots_only(client):
    lot = sold_lot()

    assert client.get(reverse("lot-verify", args=[lot.number])).status_code == 200
    assert lot.head_hash in client.get(reverse("lot-verify", args=[lot.number])).content.decode()
    assert client.get(reverse("lot-verify", args=["OH-2026-99"])).status_code == 404
