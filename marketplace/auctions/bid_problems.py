"""Why a bid by a program is not accepted: each code with its status, its title and what to do about it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.auctions.saying_no import REFUSALS, BidRefused
from marketplace.core.problems import Meaning, Problem

_CONDITIONS = _("Nothing a program can do: registration, deposit and number are settled on the site.")
_OVER = _("The lot takes no more bids.")

BIDDING: dict[str, Meaning] = {
    "unconfirmed": Meaning(
        409,
        _("Bid to be confirmed"),
        _("It is the organisation’s first, far above, or replaces one (“because”). Repeat it with “confirmed”: true."),
    ),
    "too_low": Meaning(409, _("Bid too low"), _("“least” was the least at that moment; bid it or more.")),
    "too_large": Meaning(409, _("Bid too large"), _("It is above the most that can be bid.")),
    "leads_already": Meaning(409, _("You lead already"), _("Wait until somebody bids more.")),
    "not_open_yet": Meaning(409, _("Bidding has not begun"), _("It begins at “starts_at”.")),
    "ended": Meaning(409, _("Bidding has ended"), _OVER),
    "suspended": Meaning(409, _("Lot suspended"), _("Follow the stream; bidding goes on once it is resumed.")),
    "withdrawn": Meaning(409, _("Lot withdrawn"), _OVER),
    "postponed": Meaning(409, _("Session postponed"), _("New times are announced; ask for the state of the lot then.")),
    "not_qualified": Meaning(403, _("Bidder not qualified"), _CONDITIONS),
    "not_verified": Meaning(403, _("Organisation not verified"), _CONDITIONS),
    "deposit_missing": Meaning(403, _("Deposit not held"), _CONDITIONS),
    "barred": Meaning(403, _("Organisation barred"), _CONDITIONS),
    "seller": Meaning(403, _("The seller bids"), _CONDITIONS),
    "related": Meaning(403, _("Related to the seller"), _CONDITIONS),
    "host": Meaning(403, _("Who holds the session bids"), _CONDITIONS),
    "host_related": Meaning(403, _("Related to whoever holds the session"), _CONDITIONS),
    "insider": Meaning(403, _("Agent of the other side"), _CONDITIONS),
    "co_owner": Meaning(403, _("Co-owner without a priority right"), _CONDITIONS),
    "defaulted": Meaning(403, _("Defaulted before"), _CONDITIONS),
    "no_authority": Meaning(
        403, _("No power of attorney in force"), _("Nothing a program can do: hand in a new one on the site.")
    ),
    "key_reused": Meaning(
        422, _("Key used for another amount"), _("Make a new Idempotency-Key for each bid you mean.")
    ),
    "sealed_only": Meaning(
        409, _("Lot of sealed bids"), _("Its “format” is sealed: amounts stay closed until the end.")
    ),
    "not_sealed": Meaning(409, _("Lot of open bids"), _("Only a sealed bid can be withdrawn.")),
    "nothing_sealed": Meaning(409, _("Nothing sealed"), _("There is no standing bid to withdraw.")),
    "sealing_failed": Meaning(
        503, _("Bid not sealed"), _("Nothing was taken in. Repeat it with the same key, or ask the organiser.")
    ),
    "refused_too_often": Meaning(
        429,
        _("Refused too often"),
        _("Wait as many seconds as Retry-After says. A bid that can be accepted is not held up."),
    ),
    "busy": Meaning(503, _("Lot very busy"), _("Send the same bid again with the same key after Retry-After.")),
}

BUSY_SECONDS = "1"
HELPS = ("least", "price", "seq", "arrived_at", "starts_at", "ends_at")
_CODES = {kind: code for code, kind in reversed(REFUSALS.items())}


def problem_of(refusal: BidRefused) -> Problem:
    """Return a refused bid as programs read it, with what helps to bid better."""
    code = refusal.answer.get("reason") or _CODES[type(refusal)]
    facts: dict[str, Any] = {name: refusal.answer[name] for name in HELPS if refusal.answer.get(name) is not None}
    headers = {"Retry-After": BUSY_SECONDS} if refusal.status == 503 else None
    return Problem(code, BIDDING[code], str(refusal), headers=headers, **facts)
