"""What goes wrong on the way: lines that break, requests sent many times, forged and altered ones, wrong clocks."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from marketplace.auctions.models import BidAnswer, Lot, LotEvent
from marketplace.auctions.receipts import is_genuine
from tests.crowd.bidders import Line, at_once
from tests.crowd.ledger import Request
from tests.crowd.processes import Web
from tests.crowd.proxy import CuttingProxy
from tests.faults.auction.scene import Scene, fault, fresh_connection

WAN = 1_000_000


@fault("the line cut between commit and answer", cheap=True)
def line_cut(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(8)
    with CuttingProxy(scene.web(0).port) as proxy, scene.load(lot, bidders, webs=[proxy.address]) as load:
        load.until_accepted(25)
    scene.injected = f"a proxy lost the answers to {proxy.cuts} accepted bids; each was sent again under its key"
    scene.expect(proxy.cuts > 0, "no answer was lost, so the case showed nothing")
    scene.judge(lot, load.ledger)


@fault("the same POST 50 times at once", cheap=True)
def same_post(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(8)
    many, others = bidders[:4], bidders[4:]
    with scene.load(lot, others, pause=0.3, jump=20, webs=[scene.web(0).address]) as load:
        for bidder in many:
            fresh_connection()
            price = Lot.objects.values_list("price", flat=True).get(pk=lot.pk) or lot.start_price
            request = load.ledger.add(Request(bidder, price + 2000 * WAN))
            at_once(lot, [(request, scene.web(0).address)] * 50)
            told = {attempt.body.get("hash") for attempt in request.attempts if attempt.status == 201}
            scene.expect(len(told) == 1, f"50 times the same gave {len(told)} acceptances")
    scene.injected = f"{len(many)} × 50 lines send one bid under one key in the same instant, others bid meanwhile"
    scene.judge(lot, load.ledger)


@fault("forged, replayed and altered requests", cheap=True)
def forged(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(7)
    outsider, honest = scene.cast.firms[6], bidders[:6]
    lot_of_others, _bidders = scene.cast.lot(1)
    address = scene.web(0).address
    with scene.load(lot, honest[1:], webs=[address]) as load:
        first = load.ledger.add(Request(honest[0], lot.start_price + 900 * WAN))
        line = Line(address)
        line.bid(lot.number, first)
        load.until_accepted(4)
        before = _rows(lot_of_others)
        probes = _probes(lot, lot_of_others, first, outsider.token)
        for name, given, expected in probes:
            told = line.send(*given)
            got = (told.status, told.body.get("code", ""))
            scene.expect(got == expected, f"{name}: answered {got}, not {expected}")
        scene.expect(_rows(lot_of_others) == before, "a forged request left a row")
        replayed = line.bid(lot.number, first)  # the judge compares its answer with the first
        scene.expect(replayed.status == 201, f"a replay was answered {replayed.status}")
    kinds = "tokens, sessions, keys, amounts, fields, lots"
    scene.injected = f"{len(probes)} requests ({kinds}), a replay, altered receipts; others bid meanwhile"
    for name, altered in _altered(first).items():
        scene.expect(not is_genuine(altered), f"a receipt with another {name} passes for genuine")
    scene.judge(lot, load.ledger)


Probe = tuple[str, Any, tuple[int, str]]  # what, what is sent, status and code it must get


def _probes(lot: Lot, other: Lot, first: Request, outsider: str) -> list[Probe]:
    """Return requests that must change nothing."""
    token, own = first.bidder.token, f"/api/v1/lots/{lot.number}/bids"

    def sent(
        amount: Any = first.amount + 5000 * WAN, *, path: str = own, by: str | None = token, key: str = "", **facts: Any
    ) -> Any:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or secrets.token_hex(8)}
        headers |= {"Authorization": f"Bearer {by}"} if by else {}
        return path, json.dumps({"amount": amount, "confirmed": True} | facts).encode(), headers

    elsewhere = f"/api/v1/lots/{other.number}/bids"
    return [
        ("somebody who is not qualified", sent(path=elsewhere, by=outsider), (403, "not_qualified")),
        ("a lot nobody knows", sent(path="/api/v1/lots/OH-1999-99/bids"), (404, "not_found")),
        ("the first key with another amount", sent(first.amount + 1, key=first.key), (422, "key_reused")),
        *_forged_senders(sent, token),
        *_altered_bodies(sent, first.amount),
    ]


def _forged_senders(sent: Callable[..., Any], token: str) -> list[Probe]:
    cookie = sent(by=None)
    cookie[2]["Cookie"] = f"sessionid={secrets.token_hex(16)}"
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    return [
        ("no token", sent(by=None), (401, "unauthenticated")),
        ("a token nobody made", sent(by="wagtail_" + secrets.token_urlsafe(30)), (401, "token_refused")),
        ("a token with one sign changed", sent(by=changed), (401, "token_refused")),
        ("a session nobody has", cookie, (401, "unauthenticated")),
    ]


def _altered_bodies(sent: Callable[..., Any], amount: int) -> list[Probe]:
    path, body, headers = sent()
    keyless = {name: value for name, value in headers.items() if name != "Idempotency-Key"}
    return [
        ("no key", (path, body, keyless), (400, "key_missing")),
        ("a key too long", sent(key="k" * 65), (400, "key_missing")),
        ("an amount as a text", sent(str(amount)), (422, "invalid")),
        ("an amount with a fraction", sent(0.5), (422, "invalid")),
        ("an amount below nothing", sent(-amount), (422, "invalid")),
        ("an amount beyond every number", sent(10**30), (422, "invalid")),
        ("an amount beyond the limit", sent(10**15 + 1), (409, "too_large")),
        ("a time of one's own", sent(arrived_at="2020-01-01T00:00:00Z"), (422, "invalid")),
        ("another's number", sent(alias="1", registration=1), (422, "invalid")),
        ("half a body", (path, b'{"amount": 1', headers), (400, "malformed")),
    ]


def _altered(request: Request) -> dict[str, dict[str, Any]]:
    """Return the receipt of a bid with one field changed at a time."""
    assert request.accepted is not None
    receipt = request.accepted.body["receipt"]
    changed = {"amount": receipt["amount"] + 1, "seq": receipt["seq"] + 1, "alias": "99", "hash": "0" * 64}
    return {name: receipt | {name: value} for name, value in changed.items()}


def _rows(lot: Lot) -> tuple[int, int]:
    return LotEvent.objects.filter(lot=lot).count(), BidAnswer.objects.filter(lot=lot).count()


@fault("wrong clocks on web hosts and clients")
def wrong_clocks(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(12)
    hosts = []
    for name, shift in (("ahead", 3 * 3600.0), ("behind", -3 * 3600.0)):
        web = Web(scene.house, name, "tests.crowd.wrong_clock", CLOCK_SHIFT=str(shift))
        hosts.append(scene.start(web))
    with scene.load(lot, bidders, webs=[web.address for web in hosts]) as load:
        load.until_accepted(30)
        _date_of_its_own(scene, hosts[0], lot, load.ledger.add(Request(bidders[0], 10**12)))
    scene.injected = "one host 3 h ahead, one 3 h behind; a client with a Date of 1999"
    lot = scene.judge(lot, load.ledger)
    times = list(lot.events.exclude(kind="opened").values_list("arrived_at", "decided_at"))
    worst = max(abs((decided - arrived).total_seconds()) for arrived, decided in times)
    scene.expect(worst < 60, f"an event was stamped {worst:.0f} s apart")


def _date_of_its_own(scene: Scene, web: Any, lot: Lot, request: Request) -> None:
    headers = {"Authorization": f"Bearer {request.bidder.token}", "Idempotency-Key": request.key}
    headers |= {"Content-Type": "application/json", "Date": "Fri, 31 Dec 1999 23:59:59 GMT"}
    body = json.dumps({"amount": request.amount, "confirmed": True}).encode()
    request.attempts.append(Line(web.address).send(f"/api/v1/lots/{lot.number}/bids", body, headers))
