"""What bidders do with a lot: bid, and answer whether they negotiate. Their registrations: registrations.py."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules, rules_of_bidders
from marketplace.auctions.after_sale import PATHS
from marketplace.auctions.bidding_page import own_registration
from marketplace.auctions.by_number import public_lot
from marketplace.auctions.forms import BidForm
from marketplace.auctions.ladder import read_instant
from marketplace.auctions.locking import Busy, lot_now, tells_bids
from marketplace.auctions.models import Lot, Negotiation
from marketplace.auctions.refused_bid import accepted_now, amounts_now, keep_refused_bid
from marketplace.auctions.saying_no import BidRefused
from marketplace.auctions.second_thoughts import second_thoughts
from marketplace.auctions.views import sealed
from marketplace.core.languages import paragraph
from marketplace.core.money import format_unrounded
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not

BUSY_SECONDS = "1"
MEANT = "first_bids_meant"  # lots on which this session was asked about its first bid, and said yes
MOST_MEANT = 50


@login_required
@require_POST
@sensitive_post_parameters("fen", "amount")
@tells_bids
def place_bid(request: Any, number: str) -> HttpResponse:
    """One bid by POST: from a button (`fen`) or typed (`amount`); the key makes a repeat harmless."""
    lot = public_lot(request, number)
    bid = PostedBid(request, lot)
    obstacle = why_not(rules_of_bidders.place_bid, request.user, lot, request.organisation)
    if obstacle is not None:
        return bid.not_allowed(obstacle)
    if lot.is_sealed:
        return sealed.submit(bid)
    if bid.problem:
        return bid.refused(bid.problem, 422)
    if thoughts := bid.thoughts():
        return bid.ask_once_more(thoughts)
    try:
        answer = actions.place_bid(
            lot, by=request.user, organisation=request.organisation, amount=bid.amount, key=bid.key
        )
    except BidRefused as refusal:
        return bid.refused(str(refusal), refusal.status, answer=refusal.answer)
    except Busy as busy:
        response = bid.refused(str(busy), 503)
        response["Retry-After"] = BUSY_SECONDS
        return response
    return bid.accepted(answer)


class PostedBid:
    """A posted bid and its answers: JSON for whoever accepts it, else a page."""

    def __init__(self, request: Any, lot: Lot) -> None:
        self.request, self.lot = request, lot
        self.wants_json = "application/json" in request.headers.get("Accept", "")
        self.own = own_registration(request, lot)
        self.amount, self.key, self.problem = _read_bid(request)

    def as_json(self, content: dict[str, Any], status: int) -> JsonResponse:
        return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})

    def not_allowed(self, obstacle: str) -> HttpResponse:
        if not self.wants_json:
            raise PermissionDenied(obstacle)
        return self.as_json({"accepted": False, "reason": "not_allowed", "message": obstacle}, 403)

    def refused(self, reason: str, status: int, *, answer: dict[str, Any] | None = None) -> HttpResponse:
        """Say why, and what would be accepted now: at once as JSON, else on the page of the lot."""
        self.lot.refresh_from_db()
        if not self.wants_json:
            keep_refused_bid(
                self.request, self.lot, reason, typed=self.request.POST.get("amount", ""), amount=self.amount
            )
            return redirect(f"{self.lot.get_absolute_url()}#bid-refused")
        now, language = lot_now(), get_language() or "zh-hans"
        accepted = accepted_now(self.lot, self.own, at=now, language=language)
        content = {"accepted": False, "reason": "invalid"} | (answer or {})
        content |= {"message": f"{reason} {accepted}".strip(), "next": amounts_now(self.lot, self.own, at=now)}
        return self.as_json(content, status)

    def thoughts(self) -> list[str]:
        """Return why this bid is asked for once more; that it is the first is asked once, whatever becomes of it."""
        meant = self.request.session.get(MEANT, [])
        if self.request.POST.get("sure"):
            if self.lot.number not in meant:
                self.request.session[MEANT] = [*meant, self.lot.number][-MOST_MEANT:]
            return []
        known = {"first"} if self.lot.number in meant else set()
        return [each for each in second_thoughts(self.lot, self.own, self.amount) if each not in known]

    def ask_once_more(self, thoughts: list[str]) -> HttpResponse:
        """Ask, on a page of its own, whether the bid is meant; the same key goes on, so that it counts once."""
        least = self.lot.next_amounts()[0]
        if self.wants_json:
            content = {"accepted": False, "reason": "unconfirmed", "because": thoughts, "least": least}
            message = _("A bid cannot be withdrawn. Send it again with the same key and sure=1 to place it.")
            return self.as_json(content | {"message": message}, 409)
        context = {"lot": self.lot, "amount": self.amount, "key": self.key, "thoughts": thoughts, "least": least}
        context["typed"] = self.request.POST.get("amount", "")[:40]
        return render(self.request, "marketplace/auctions/bid_confirm.html", context)

    def accepted(self, answer: dict[str, Any]) -> HttpResponse:
        if self.wants_json:
            return self.as_json(answer, 200)
        words = {
            "amount": format_unrounded(self.amount, get_language() or "zh-hans"),
            "seq": answer["seq"],
            "at": f"{timezone.localtime(read_instant(answer['arrived_at'])):%H:%M:%S}",
        }
        messages.success(self.request, _("Your bid of %(amount)s, received at %(at)s, counts: no. %(seq)s.") % words)
        return redirect(self.lot)


def _read_bid(request: HttpRequest) -> tuple[int, str, str]:
    """Return (fen, key, problem) of a posted bid."""
    key = request.headers.get("Idempotency-Key") or request.POST.get("key", "")
    fen = request.POST.get("fen", "")
    if fen.isascii() and fen.isdigit() and len(fen) <= 16 and key and "\x00" not in key:
        return int(fen), key, ""
    form = BidForm({"amount": request.POST.get("amount", ""), "key": key})
    if form.is_valid():
        return form.cleaned_data["amount"], key, ""
    return 0, key, paragraph(error for errors in form.errors.values() for error in errors)


NEGOTIATION_ANSWERS: dict[str, Any] = {
    "agree": (rules_of_bidders.agree_to_negotiate, actions.agree_to_negotiate),
    "decline": (rules_of_bidders.decline_to_negotiate, actions.decline_to_negotiate),
}


@login_required
@require_POST
def negotiation_answer(request: Any, number: str, verb: str) -> HttpResponse:
    """The highest bidder of an unsold lot says whether it will negotiate."""
    asked = Negotiation.objects.for_bidder(request.user).select_related("lot__outcome__owner", "registration")
    negotiation = get_object_or_404(asked, lot__number=number)
    rule, answer = NEGOTIATION_ANSWERS[verb]
    require(rule, request.user, negotiation)
    try:
        deal = answer(negotiation, by=request.user, organisation=negotiation.registration.organisation)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(negotiation.lot)
    if deal is None:
        messages.success(request, _("The seller is told that you will not negotiate."))
        return redirect(negotiation.lot)
    messages.success(request, _("The deal is open. The seller reads your answer."))
    return redirect(deal)


@login_required
@require_POST
def lot_next_path(request: Any, number: str) -> HttpResponse:
    """The seller of an unsold lot chooses how it goes on."""
    lot = public_lot(request, number)
    require(rules.choose_next_path, request.user, lot)
    try:
        actions.choose_next_path(
            lot, by=request.user, organisation=lot.outcome.owner, path=request.POST.get("path", "")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted: %(path)s.") % {"path": PATHS[lot.next_path]})
    return redirect(lot)
