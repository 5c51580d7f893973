"""How tests call the interface for programs."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from marketplace.auctions import actions
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.organisations.tokens import make_token

JSON = "application/json"
PROBLEM = "application/problem+json"


def bearer(registration: BidderRegistration, **headers: str) -> dict[str, str]:
    """Return the headers of a program that acts for a bidder, with a token of its own."""
    made = make_token(by=registration.agent, organisation=registration.organisation, name="robot", days=30)
    return {"Authorization": f"Bearer {made[1]}"} | headers


def send(
    lot: Lot, amount: Any, *, key: str | None = None, headers: Any = None, client: Any = None, **facts: Any
) -> Any:
    """Post one bid, confirmed unless told otherwise; the headers sign it in."""
    given = {"Idempotency-Key": uuid4().hex if key is None else key} | (headers or {})
    body = json.dumps({"amount": amount, "confirmed": True} | facts)
    address = f"/api/v1/lots/{lot.number}/bids"
    return (client or Client(raise_request_exception=False)).post(address, body, content_type=JSON, headers=given)


def told(answer: Any) -> tuple[int, str]:
    """Return (status, code) of a problem, after a look at its shape."""
    content = answer.json()
    assert answer.headers["Content-Type"] == PROBLEM
    assert content["type"] == f"/api/problems/{content['code']}"
    assert content["status"] == answer.status_code
    assert content["title"]
    assert content["detail"]
    return answer.status_code, content["code"]


def placed(registration: BidderRegistration, amount: int, key: str = "k") -> None:
    """Bid as from the page."""
    actions.place_bid(
        registration.lot, by=registration.agent, organisation=registration.organisation, amount=amount, key=key
    )
    registration.lot.refresh_from_db()
