"""What a program tries on a lot: a bid or the withdrawal of a sealed one, with what it counts against its bidder."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from marketplace.auctions import actions, rules_of_bidders
from marketplace.auctions.api_shapes import Bid
from marketplace.auctions.bid_problems import BIDDING, BUSY_SECONDS, problem_of
from marketplace.auctions.bidding_page import own_registration
from marketplace.auctions.fairness import REFUSED_BIDS, could_be_accepted, is_repetition
from marketplace.auctions.ladder import read_instant
from marketplace.auctions.locking import Busy, wait_for_the_disk
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.auctions.saying_no import BidRefused
from marketplace.auctions.sealed_page import standing_bid
from marketplace.auctions.second_thoughts import second_thoughts
from marketplace.core.limits import Left
from marketplace.core.problems import GENERAL, Problem
from marketplace.core.rules import why_not
from marketplace.organisations.standing import why_for_nobody


class Attempt:
    """One bid of a program on its way to the SQL function, and what it counts against its bidder.

    What only doubts and limits read is read only for them: the way of an ordinary bid is the rule, asked by the
    action, the key of the registration, and the function (test_api.py counts the queries).
    """

    rule: Callable[..., str | None] = staticmethod(rules_of_bidders.place_bid)

    def __init__(self, request: Any, lot: Lot, key: str, bid: Bid | None = None) -> None:
        self.request, self.lot, self.key = request, lot, key
        self.amount, self.is_confirmed = (bid.amount, bid.confirmed) if bid is not None else (0, True)
        self.bidder = f"{lot.pk}:{request.organisation.pk if request.organisation else f'user-{request.user.pk}'}"

    @cached_property
    def own(self) -> BidderRegistration | None:
        return own_registration(self.request, self.lot)

    def answer(self) -> HttpResponse:
        left = REFUSED_BIDS.left(self.bidder)
        if left.times <= 0:
            self._wait_unless_it_may_count(left)
        obstacle = self._doubt()
        if obstacle is None:
            try:
                given = self._place()
            except BidRefused as refusal:
                obstacle = problem_of(refusal)
            except PermissionDenied as denied:
                obstacle = _forbidden(str(denied))
            else:
                left = REFUSED_BIDS.count(self.bidder) if self._repeats(given) else left
                return JsonResponse(given, status=201, headers=left.headers, json_dumps_params={"ensure_ascii": False})
        obstacle.headers |= REFUSED_BIDS.count(self.bidder).headers
        raise obstacle

    def _doubt(self) -> Problem | None:
        """Return why the bid is not even tried: nobody is bid for, or a second thought of whoever may bid."""
        if self.request.organisation is None:
            return _forbidden(why_for_nobody(self.request.user))
        thoughts = [] if self.is_confirmed else second_thoughts(self.lot, self.own, self.amount, key=self.key)
        if not thoughts:
            return None
        wait_for_the_disk()
        reason = self._why_not()
        if reason is not None:
            return _forbidden(reason)
        sentence = _("A bid cannot be withdrawn. Send it again with the same key and “confirmed”: true to place it.")
        if self.lot.is_sealed:
            sentence = _("Send it again with the same key and “confirmed”: true to seal it.")
        return Problem(
            "unconfirmed", BIDDING["unconfirmed"], sentence, because=thoughts, least=self.lot.next_amounts()[0]
        )

    def _why_not(self) -> str | None:
        return why_not(self.rule, self.request.user, self.lot, self.request.organisation)

    def _repeats(self, given: dict[str, Any]) -> bool:
        """Tell whether an answer was given before: a new bid arrives after its lot was read."""
        return self.lot.read_at is not None and read_instant(given["arrived_at"]) < self.lot.read_at

    def _wait_unless_it_may_count(self, left: Left) -> None:
        """Let whoever was refused too often go on only with a bid that can be accepted and is none yet."""
        obstacle = self._doubt()
        if obstacle is None and (reason := self._why_not()) is not None:
            obstacle = _forbidden(reason)
        if obstacle or not self._may_count() or is_repetition(self.lot, self.own, self.key):
            raise self._too_often(left, obstacle)

    def _may_count(self) -> bool:
        return could_be_accepted(self.lot, self.own, self.amount)

    def _act(self, **who: Any) -> dict[str, Any]:
        return actions.place_bid(self.lot, amount=self.amount, **who)

    def _place(self) -> dict[str, Any]:
        try:
            return self._act(by=self.request.user, organisation=self.request.organisation, key=self.key)
        except Busy as busy:
            raise Problem("busy", BIDDING["busy"], str(busy), headers={"Retry-After": BUSY_SECONDS}) from busy

    def _too_often(self, left: Left, obstacle: Problem | None) -> Problem:
        """Return the refusal of the limit, with what would be accepted and what the bid lacks (`because`)."""
        wait_for_the_disk()
        sentence = _(
            "%(most)s bids were refused or repeated within a minute. Nothing was changed, and a bid accepted before "
            "stands. A bid that can be accepted is not held up."
        ) % {"most": REFUSED_BIDS.most}
        facts = {"least": self.lot.next_amounts()[0], "price": self.lot.price, "seq": self.lot.shown_seq}
        facts |= obstacle.facts if obstacle else {}
        return Problem(
            "refused_too_often", BIDDING["refused_too_often"], sentence, headers=left.headers_to_wait, **facts
        )


def _forbidden(reason: str) -> Problem:
    return Problem("forbidden", GENERAL["forbidden"], reason)


class Withdrawal(Attempt):
    """One withdrawal of a sealed bid on its way to the SQL function."""

    rule = staticmethod(rules_of_bidders.withdraw_sealed_bid)

    def _may_count(self) -> bool:
        return standing_bid(self.own) is not None

    def _act(self, **who: Any) -> dict[str, Any]:
        return actions.withdraw_sealed_bid(self.lot, **who)
