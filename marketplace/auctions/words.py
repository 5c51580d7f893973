"""How states of 瓯来拍 look (tones of design.md §6) and the sentences pages say about them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.auctions.grounds import SuspensionGround

SESSION_TONES = {
    "planning": "idle",
    "collecting": "way",
    "reviewed": "way",
    "announced": "go",
    "registration": "wait",
    "live": "live",
    "closed": "done",
    "publicity": "done",
    "archived": "done",
    "postponed": "wait",
    "cancelled": "stop",
}
LOT_TONES = {
    "draft": "idle",
    "review": "way",
    "approved": "way",
    "announced": "idle",
    "postponed": "wait",
    "open": "live",
    "suspended": "wait",
    "sold": "done",
    "unsold": "stop",
    "withdrawn": "idle",
    "confirmed": "done",
    "publicity": "done",
    "contracted": "done",
    "settled": "done",
    "defaulted": "stop",
    "rescinded": "stop",
}
REGISTRATION_TONES = {
    "applied": "way",
    "documents": "wait",
    "rejected": "stop",
    "deposit_due": "wait",
    "deposit_held": "way",
    "qualified": "go",
    "kept": "idle",
    "refund_due": "way",
    "refunded": "done",
    "settled": "done",
    "forfeited": "stop",
    "lapsed": "idle",
}
DEPOSIT_TONES = {
    "due": "wait",
    "held": "go",
    "applied": "done",
    "release_due": "wait",
    "released": "done",
    "forfeited": "stop",
    "lapsed": "idle",
}
EVENT_WORDS = {
    "opened": _("Opened"),
    "extended": _("Extended: ends at %(until)s"),
    "suspended": _("Suspended"),
    "resumed": _("Resumed: ends at %(until)s"),
    "called": _("Called"),
    "voided": _("Voided"),
    "sealed": _("Bidder %(alias)s: bid sealed"),
    "sealed_replaced": _("Bidder %(alias)s: sealed bid replaced"),
    "sealed_withdrawn": _("Bidder %(alias)s: sealed bid withdrawn"),
    "revealed": _("Bidder %(alias)s: sealed bid opened"),
    "closed": _("Closed"),
    "result": _("Result"),
    "withdrawn": _("Withdrawn"),
    "postponed": _("Postponed"),
    "rescheduled": _("Set to the new times of the announcement"),
}
CALL_WORDS = {1: _("First call"), 2: _("Second call"), 3: _("Third and last call")}
HAMMERED = _("Closed by the hammer")
VOID_WORDS = {
    "mistyped": _("No. %(seq)s voided: the floor entry was mistyped"),
    "not_entitled": _("No. %(seq)s voided: the bidder is not entitled; none of its bids counts"),
}
SEALED_WORDS = _(
    "Sealed bids: opened together at the close; of equal ones the earlier final submission wins. No extension."
)
UNSOLD_WORDS = {
    "no_bids": _("Nobody bid."),
    "below_reserve": _("The reserve was not met."),
    "single_bidder": _("Only one bidder took part; the announcement asked for two."),
}


def event_words(kind: str, payload: dict[str, Any], *, alias: str, until: str) -> str:
    """Return what an event that is no bid says, with its facts; `until` is the end it sets, as the reader writes it."""
    if kind == "called":
        return str(CALL_WORDS[payload["call"]])
    if kind == "voided":
        return str(VOID_WORDS[payload["ground"]]) % {"seq": payload["seq"]}
    if kind == "closed" and payload.get("hammered"):
        return str(HAMMERED)
    words = str(EVENT_WORDS[kind]) % {"until": until, "alias": alias}
    why = (suspension_ground(payload), payload.get("reason", "")) if kind == "suspended" else ()
    return str(_(": ")).join([words, *filter(None, why)])


def suspension_ground(payload: dict[str, Any]) -> str:
    """Return in words on which ground an event of a lot's record suspended it."""
    ground = payload.get("ground")
    return str(SuspensionGround(ground).label) if ground in SuspensionGround.values else ""
