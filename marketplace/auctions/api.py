"""Lots for programs: bid, and see where a lot stands. Mounted under /api/v1/ in cms/api.py."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Body, Header, Path, Query, Router
from ninja.decorators import decorate_view

from marketplace.auctions.api_shapes import LAST_SEQ, Accepted, Bid, Frame, Nothing, Sealed, Withdrawn
from marketplace.auctions.attempts import Attempt, Withdrawal
from marketplace.auctions.bid_problems import BIDDING
from marketplace.auctions.by_number import lot_for_a_bid, standing_answer
from marketplace.auctions.conflicts import SENTENCES
from marketplace.core.problems import GENERAL, Problem
from marketplace.organisations.reading import ALWAYS, IF_NONE_MATCH, SIGN_IN, counted
from marketplace.organisations.signing_in import Anybody, BySession, ByToken

KEY = r"^[\x21-\x7e]{1,64}$"
OF_A_BODY = ["malformed", "key_missing", "length_required", "body_too_large", "unsupported_media_type", "forbidden"]
OF_A_WITHDRAWAL = ["not_sealed", "nothing_sealed", "not_open_yet", "ended", "suspended", "withdrawn", "not_qualified"]
OF_A_WITHDRAWAL += ["postponed", "not_verified", "deposit_missing", *SENTENCES, "no_authority", "key_reused"]
OF_A_WITHDRAWAL += ["refused_too_often", "busy"]
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
    response={201: Accepted | Sealed},
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

    On a lot whose `format` is `sealed` the bid is sealed until the close, in the place of an earlier one of the same
    organisation (which is confirmed like a first one), and answered with a SealedReceipt. Keep it.

    Limit: 20 refused or repeated bids a minute for each bidder and lot. Beyond it, bids that cannot be accepted
    (too low, leading already, not open, not confirmed) and repetitions wait; **a bid that can be accepted is never
    refused by the limit**.
    """
    lot = lot_for_a_bid(number)
    return Attempt(request, lot, key, bid).answer()


@router.post(
    "lots/{number}/bids/withdrawal",
    auth=[ByToken(), BySession()],
    response={201: Withdrawn},
    operation_id="withdrawSealedBid",
    summary="Withdraw a sealed bid",
    url_name="api-bid-withdraw",
    openapi_extra={"x-problems": [*SIGN_IN, *ALWAYS, *OF_A_BODY, *OF_A_WITHDRAWAL]},
)
@decorate_view(only_json)
def withdraw_sealed_bid(
    request: Any,
    nothing: Body[Nothing],
    number: str = NUMBER,
    key: str = Header(..., alias="Idempotency-Key", pattern=KEY, description="As of a bid; another than the bid’s."),
) -> HttpResponse:
    """Take back the sealed bid of the organisation the token acts for, while bidding runs.

    The same key gives the very same answer again. Refused withdrawals count like refused bids.
    """
    lot = lot_for_a_bid(number)
    return Withdrawal(request, lot, key).answer()


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
        "parameters": [IF_NONE_MATCH],
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
    headers = counted(request)
    answer = standing_answer(request, number, since=since, language=get_language() or "zh-hans")
    for name, value in headers.items():
        answer[name] = value
    answer["Cache-Control"] = "no-cache"
    return answer
