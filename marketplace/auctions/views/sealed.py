"""Sealed bids by the page: submit or replace, withdraw. No amount goes into an address, a session or a message."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.auctions import actions, rules_of_bidders
from marketplace.auctions.bidding_page import bidding_context, own_registration
from marketplace.auctions.by_number import public_lot
from marketplace.auctions.conduct import LONGEST_KEY
from marketplace.auctions.locking import Busy
from marketplace.auctions.saying_no import BidRefused
from marketplace.auctions.sealed_page import SECOND_THOUGHTS, own_sealed, receipt_context, standing_bid, template_of
from marketplace.auctions.second_thoughts import second_thoughts
from marketplace.core.rules import require

if TYPE_CHECKING:
    from marketplace.auctions.views.bidders import PostedBid

BUSY_SECONDS = "1"


def submit(bid: "PostedBid") -> HttpResponse:
    """Seal a posted bid, in the place of an earlier one; every answer is its own page, which nobody stores."""
    answer = _answer(bid)
    add_never_cache_headers(answer)
    return answer


def _answer(bid: "PostedBid") -> HttpResponse:
    request, lot = bid.request, bid.lot
    if bid.problem:
        return _refused(bid, bid.problem, 422)
    thoughts = [] if request.POST.get("sure") else second_thoughts(lot, bid.own, bid.amount, key=bid.key)
    if thoughts:
        return _ask_once_more(bid, thoughts)
    try:
        answer = actions.place_bid(
            lot, by=request.user, organisation=request.organisation, amount=bid.amount, key=bid.key
        )
    except (BidRefused, Busy) as refusal:
        return _refused(bid, str(refusal), getattr(refusal, "status", 503), answer=getattr(refusal, "answer", None))
    return bid.as_json(answer, 200) if bid.wants_json else _receipt(request, lot, answer)


def _refused(bid: "PostedBid", reason: str, status: int, *, answer: dict[str, Any] | None = None) -> HttpResponse:
    """Say why, on the page of the lot itself: nothing of what was typed is kept for a next page."""
    bid.lot.refresh_from_db()
    context = bidding_context(bid.request, bid.lot)
    later = {"Retry-After": BUSY_SECONDS} if status == 503 else {}
    if bid.wants_json:
        content = {"accepted": False, "reason": "invalid"} | (answer or {})
        content |= {"message": f"{reason} {context['accepted_now']}".strip()}
        return _with(bid.as_json(content, status), later)
    context["refused"] = {"reason": reason, "typed": bid.request.POST.get("amount", "")[:40], "amount": bid.amount}
    return _with(render(bid.request, template_of(bid.lot), context, status=status), later)


def _with(answer: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        answer[name] = value
    return answer


def _ask_once_more(bid: "PostedBid", thoughts: list[str]) -> HttpResponse:
    """Ask, on a page of its own, whether the bid is meant; the same key goes on, so that it counts once."""
    least = bid.lot.start_price
    if bid.wants_json:
        message = _("Send it again with the same key and sure=1 to seal it.")
        content = {"accepted": False, "reason": "unconfirmed", "because": thoughts, "least": least}
        return bid.as_json(content | {"message": message}, 409)
    context = {"lot": bid.lot, "amount": bid.amount, "key": bid.key, "least": least}
    context["thoughts"] = [SECOND_THOUGHTS[thought] for thought in thoughts]
    return render(bid.request, "marketplace/auctions/sealed_confirm.html", context)


def _receipt(request: Any, lot: Any, answer: dict[str, Any]) -> HttpResponse:
    context = {"lot": lot, "kind": answer["kind"]} | receipt_context(answer)
    return render(request, "marketplace/auctions/sealed_receipt.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_sealed_bid(request: Any, number: str) -> HttpResponse:
    """Ask whether a sealed bid is to be withdrawn, and withdraw it."""
    lot = public_lot(request, number)
    require(rules_of_bidders.withdraw_sealed_bid, request.user, lot, request.organisation)
    own = own_registration(request, lot)
    key = request.POST.get("key", "").replace("\x00", "")[:LONGEST_KEY]
    if request.method != "POST" or not key:
        if standing_bid(own) is None:
            messages.info(request, _("Your organisation has no sealed bid on this lot."))
            return redirect(lot)
        context = {"lot": lot, "own_sealed": own_sealed(own), "key": uuid4().hex}
        return render(request, "marketplace/auctions/sealed_withdraw.html", context)
    try:
        answer = actions.withdraw_sealed_bid(lot, by=request.user, organisation=request.organisation, key=key)
    except (BidRefused, Busy) as refusal:
        messages.error(request, str(refusal))
        return redirect(lot)
    return _receipt(request, lot, answer)
