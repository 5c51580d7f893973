"""What a program tries on a lot: a bid or the withdrawal of a sealed one, with what it counts against its bidder."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from marketplace.auctions import actions, rules
from marketplace.auctions.api_shapes import Bid
from marketplace.auctions.bid_problems import BIDDING, BUSY_SECONDS, problem_of
from marketplace.auctions.bidding_page import own_registration
from marketplace.auctions.fairness import REFUSED_BIDS, could_be_accepted, is_repetition
from marketplace.auctions.locking import Busy
from marketplace.auctions.models import Lot
from marketplace.auctions.saying_no import BidRefused
from marketplace.auctions.sealed_page import standing_bid
from marketplace.auctions.second_thoughts import second_thoughts
from marketplace.core.limits import Left
from marketplace.core.problems import GENERAL, Problem
from marketplace.core.rules import why_not


class Attempt:
    """One bid of a program on its way to the SQL function, and what it counts against its bidder."""

    rule: Callable[..., str | None] = staticmethod(rules.place_bid)

    def __init__(self, request: Any, lot: Lot, key: str, bid: Bid | None = None) -> None:
        self.request, self.lot, self.key = request, lot, key
        self.amount, self.is_confirmed = (bid.amount, bid.confirmed) if bid is not None else (0, True)
        self.own = own_registration(request, lot)
        self.bidder = f"{lot.pk}:{request.organisation.pk if request.organisation else f'user-{request.user.pk}'}"

    def answer(self) -> HttpResponse:
        obstacle = self._obstacle()
        repeats = is_repetition(self.lot, self.own, self.key)
        left = REFUSED_BIDS.left(self.bidder)
        if left.times <= 0 and (repeats or obstacle or not self._may_count()):
            raise self._too_often(left, obstacle)
        if obstacle is None:
            try:
                given = self._place()
            except BidRefused as refusal:
                obstacle = problem_of(refusal)
            else:
                left = REFUSED_BIDS.count(self.bidder) if repeats else left
                return JsonResponse(given, status=201, headers=left.headers, json_dumps_params={"ensure_ascii": False})
        obstacle.headers |= REFUSED_BIDS.count(self.bidder).headers
        raise obstacle

    def _obstacle(self) -> Problem | None:
        """Return what stands against the bid before anybody decides: a rule, or a second thought."""
        if self.request.organisation is None:
            return Problem(
                "forbidden", GENERAL["forbidden"], _("Choose the organisation you act for, or register one.")
            )
        reason = why_not(self.rule, self.request.user, self.lot, self.request.organisation)
        if reason is not None:
            return Problem("forbidden", GENERAL["forbidden"], reason)
        thoughts = [] if self.is_confirmed else second_thoughts(self.lot, self.own, self.amount, key=self.key)
        if not thoughts:
            return None
        sentence = _("A bid cannot be withdrawn. Send it again with the same key and “confirmed”: true to place it.")
        if self.lot.is_sealed:
            sentence = _("Send it again with the same key and “confirmed”: true to seal it.")
        return Problem(
            "unconfirmed", BIDDING["unconfirmed"], sentence, because=thoughts, least=self.lot.next_amounts()[0]
        )

    def _may_count(self) -> bool:
        return could_be_accepted(self.lot, self.own, self.amount)

    def _act(self, **who: Any) -> dict[str, Any]:
        return actions.place_bid(self.lot, amount=self.amount, **who)

    def _place(self) -> dict[str, Any]:
        try:
            return self._act(by=self.request.user, organisation=self.request.organisation, key=self.key)
        except Busy as busy:
            raise Problem("busy", BIDDING["busy"], str(busy), headers={"Retry-After": BUSY_SECONDS}) from busy
        except PermissionDenied as denied:  # a role ended since the rule was asked above
            raise Problem("forbidden", GENERAL["forbidden"], str(denied)) from denied

    def _too_often(self, left: Left, obstacle: Problem | None) -> Problem:
        """Return the refusal of the limit, with what would be accepted and what the bid lacks (`because`)."""
        sentence = _(
            "%(most)s bids were refused or repeated within a minute. Nothing was changed, and a bid accepted before "
            "stands. A bid that can be accepted is not held up."
        ) % {"most": REFUSED_BIDS.most}
        facts = {"least": self.lot.next_amounts()[0], "price": self.lot.price, "seq": self.lot.shown_seq}
        facts |= obstacle.facts if obstacle else {}
        return Problem(
            "refused_too_often", BIDDING["refused_too_often"], sentence, headers=left.headers_to_wait, **facts
        )


class Withdrawal(Attempt):
    """One withdrawal of a sealed bid on its way to the SQL function."""

    rule = staticmethod(rules.withdraw_sealed_bid)

    def _may_count(self) -> bool:
        return standing_bid(self.own) is not None

    def _act(self, **who: Any) -> dict[str, Any]:
        return actions.withdraw_sealed_bid(self.lot, **who)
