"""Lots for programs: bid, and see where a lot stands. Mounted under /api/v1/ in cms/api.py."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Body, Header, Path, Query, Router
from ninja.decorators import decorate_view

from marketplace.auctions import actions, rules
from marketplace.auctions.api_shapes import LAST_SEQ, Accepted, Bid, Frame
from marketplace.auctions.bid_problems import BIDDING, problem_of
from marketplace.auctions.bidding_page import own_registration
from marketplace.auctions.by_number import FOR_A_BID, public_lot, standing_answer
from marketplace.auctions.fairness import REFUSED_BIDS, could_be_accepted
from marketplace.auctions.locking import Busy
from marketplace.auctions.models import Lot
from marketplace.auctions.saying_no import BidRefused
from marketplace.auctions.second_thoughts import second_thoughts
from marketplace.core.limits import READS, Left
from marketplace.core.problems import GENERAL, Problem
from marketplace.core.rules import why_not
from marketplace.organisations.models import AccessToken
from marketplace.organisations.signing_in import Anybody, BySession, ByToken

BUSY_SECONDS = "1"
KEY = r"^[\x21-\x7e]{1,64}$"
SIGN_IN = ["unauthenticated", "token_refused", "csrf", "consent", "mfa_reauthenticate", "mfa_activate_totp"]
ALWAYS = ["bad_request", "not_found", "method_not_allowed", "invalid", "error", "unavailable"]
OF_A_BODY = ["malformed", "key_missing", "length_required", "body_too_large", "unsupported_media_type", "forbidden"]
NUMBER = Path(..., description="Number of the lot, such as OH-2026-07.")

router = Router(tags=["lots"])


def only_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a body of another kind before anybody reads it: one read as a form cannot be read again."""

    @wraps(view)
    def answer(request: Any, *words: Any, **facts: Any) -> HttpResponse:
        if request.content_type == "application/json":
            return view(request, *words, **facts)
        sentence = _("The body is JSON: send Content-Type: application/json.")
        return Problem("unsupported_media_type", GENERAL["unsupported_media_type"], sentence).answer()

    return answer


@router.post(
    "lots/{number}/bids",
    auth=[ByToken(), BySession()],
    response={201: Accepted},
    operation_id="placeBid",
    summary="Place a bid",
    url_name="api-bid",
    openapi_extra={"x-problems": [*SIGN_IN, *ALWAYS, *OF_A_BODY, *BIDDING]},
)
@decorate_view(only_json)
def place_bid(
    request: Any,
    bid: Body[Bid],
    number: str = NUMBER,
    key: str = Header(
        ...,
        alias="Idempotency-Key",
        pattern=KEY,
        description="1 to 64 visible ASCII characters: new for each bid you mean, the same for its repetition.",
    ),
) -> HttpResponse:
    """Bid for the organisation the token acts for, or for which the session acts.

    A bid counts from the moment it enters the platform and cannot be withdrawn. The same key and amount give the
    very same answer again, with the same status; a refused bid is not remembered and is decided anew. The first bid
    of an organisation on a lot, and one far above the price, is refused with `unconfirmed` until it bears
    `"confirmed": true`.

    Limit: 20 refused or repeated bids a minute for each bidder and lot. Beyond it, bids that cannot be accepted
    (too low, leading already, not open, not confirmed) and repetitions wait; **a bid that can be accepted is never
    refused by the limit**.
    """
    lot = public_lot(request, number, related=FOR_A_BID)
    return _Attempt(request, lot, bid, key).answer()


class _Attempt:
    """One bid of a program on its way to the SQL function, and what it counts against its bidder."""

    def __init__(self, request: Any, lot: Lot, bid: Bid, key: str) -> None:
        self.request, self.lot, self.bid, self.key = request, lot, bid, key
        self.own = own_registration(request, lot)
        self.bidder = f"{lot.pk}:{request.organisation.pk if request.organisation else f'user-{request.user.pk}'}"

    def answer(self) -> HttpResponse:
        obstacle = self._obstacle()
        repeats = self.own is not None and self.lot.answers.filter(registration=self.own, key=self.key).exists()
        left = REFUSED_BIDS.left(self.bidder)
        if left.times <= 0 and (repeats or obstacle or not could_be_accepted(self.lot, self.own, self.bid.amount)):
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
        reason = why_not(rules.place_bid, self.request.user, self.lot, self.request.organisation)
        if reason is not None:
            return Problem("forbidden", GENERAL["forbidden"], reason)
        thoughts = [] if self.bid.confirmed else second_thoughts(self.lot, self.own, self.bid.amount)
        if not thoughts:
            return None
        sentence = _("A bid cannot be withdrawn. Send it again with the same key and “confirmed”: true to place it.")
        return Problem(
            "unconfirmed", BIDDING["unconfirmed"], sentence, because=thoughts, least=self.lot.next_amounts()[0]
        )

    def _place(self) -> dict[str, Any]:
        try:
            return actions.place_bid(
                self.lot,
                by=self.request.user,
                organisation=self.request.organisation,
                amount=self.bid.amount,
                key=self.key,
            )
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
        facts = {"least": self.lot.next_amounts()[0], "price": self.lot.price, "seq": self.lot.seq}
        facts |= obstacle.facts if obstacle else {}
        return Problem(
            "refused_too_often", BIDDING["refused_too_often"], sentence, headers=left.headers_to_wait, **facts
        )


@router.api_operation(
    ["GET", "HEAD"],
    "lots/{number}/state",
    auth=[ByToken(), BySession(), Anybody()],
    response={200: Frame},
    operation_id="lotState",
    summary="Where a lot stands",
    url_name="api-lot-state",
    openapi_extra={
        "security": [{}],
        "x-problems": [*SIGN_IN, *ALWAYS, "too_many"],
        "parameters": [
            {
                "in": "header",
                "name": "If-None-Match",
                "schema": {"type": "string"},
                "description": "The ETag of an earlier answer: 304 as long as nothing has changed.",
            }
        ],
        "responses": {"304": {"description": "Nothing has changed since the answer with this ETag."}},
    },
)
def lot_state(
    request: Any,
    number: str = NUMBER,
    since: int = Query(0, ge=0, le=LAST_SEQ, description="Number of the last event you have; 0 gives all."),
) -> HttpResponse:
    """The frame of the stream as JSON, for those who cannot keep a stream open. Nobody need sign in.

    Amounts in words follow Accept-Language. Limit: 300 reads a minute, counted for each token or person, and for
    each address where nobody signed in.
    """
    left = READS.count(_client(request))
    if left.times < 0:
        sentence = _("Too many requests in a short time")
        raise Problem("too_many", GENERAL["too_many"], sentence, headers=left.headers_to_wait)
    answer = standing_answer(request, number, since=since, language=get_language() or "zh-hans")
    for name, value in left.headers.items():
        answer[name] = value
    answer["Cache-Control"] = "no-cache"
    return answer


def _client(request: Any) -> str:
    """Return whom a read is counted for."""
    if isinstance(request.auth, AccessToken):
        return f"token-{request.auth.pk}"
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{get_adapter().get_client_ip(request)}"
