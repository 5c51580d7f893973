"""The auctioneer's console and the screen of the hall."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.auctions import actions, rules
from marketplace.auctions.by_number import public_lot
from marketplace.auctions.console_page import console_context, hall_context, health
from marketplace.auctions.forms import SuspensionForm
from marketplace.auctions.hall_forms import CallForm, ExtensionForm, PaddleForm, VoidForm, in_wan
from marketplace.auctions.locking import lot_now, tells_bids
from marketplace.auctions.models import Lot
from marketplace.auctions.saying_no import BidRefused
from marketplace.auctions.second_thoughts import floor_thoughts
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.acting import PAGE_FIELD

NOT_TYPED = ("csrfmiddlewaretoken", "key", PAGE_FIELD)


def _call(lot: Lot, *, by: Any, number: int) -> None:
    actions.call_lot(lot, by=by, number=number)


CONSOLE_MOVES: dict[str, tuple[Callable[..., Any], Callable[..., Any], type[forms.Form] | None, Any]] = {
    "bid": (rules.place_floor_bid, actions.place_floor_bid, PaddleForm, gettext_lazy("Entered.")),
    "call": (rules.call_lot, _call, CallForm, gettext_lazy("Called.")),
    "hammer": (rules.hammer_lot, actions.hammer_lot, None, gettext_lazy("The hammer fell.")),
    "extend": (rules.extend_lot, actions.extend_lot, ExtensionForm, gettext_lazy("The end is later now.")),
    "void": (rules.void_bid, actions.void_bid, VoidForm, gettext_lazy("The bid is voided.")),
    "suspend": (rules.suspend_lot, actions.suspend_lot, SuspensionForm, gettext_lazy("Suspended.")),
    "resume": (rules.resume_lot, actions.resume_lot, None, gettext_lazy("The bidding goes on.")),
}
PADDLE_WORDS = {  # refusals of a bid, told to the auctioneer instead of the bidder
    "leads_already": gettext_lazy("Bidder %(alias)s leads already. Nobody has bid more."),
    "not_qualified": gettext_lazy("Bidder %(alias)s is not qualified for this lot."),
    "not_verified": gettext_lazy("Bidder %(alias)s is not qualified for this lot."),
    "deposit_missing": gettext_lazy("The deposit of bidder %(alias)s is not held."),
    "barred": gettext_lazy("Bidder %(alias)s is barred from this lot."),
    "related": gettext_lazy("Bidder %(alias)s and the seller are related parties."),
    "host_related": gettext_lazy("Bidder %(alias)s and whoever holds the session are related parties."),
    "no_authority": gettext_lazy("No power of attorney of bidder %(alias)s is in force."),
    **{
        code: gettext_lazy("Bidder %(alias)s is not entitled to bid on this lot.")
        for code in ("seller", "host", "insider", "co_owner", "defaulted")
    },
}
REFUSED = "refused_on_console"


@never_cache
@login_required
@require_safe
@tells_bids
def lot_console(request: HttpRequest, number: str) -> HttpResponse:
    """The auctioneer's console of one lot."""
    lot = public_lot(request, number)
    require(rules.see_console, request.user, lot)
    context = console_context(request.user, lot) | {"voids": "void" in request.GET}
    refused = request.session.get(REFUSED, {})
    if refused.get("lot") == lot.number:
        del request.session[REFUSED]
        context |= {"refused": refused["verb"], "form": _bound_again(context["forms"], refused)}
        context["question"] = refused.get("question")
    return render(request, "marketplace/auctions/console.html", context)


def _bound_again(empty: dict[str, Any], refused: dict[str, Any]) -> forms.Form:
    """Put what was typed back into the form of a refused act, with the reason beside it; return the form.

    What nobody typed (the key, the end, the number of the bid) is that of the new page.
    """
    verb = refused["verb"]
    fresh, kind = empty[verb], type(empty[verb])
    seen = {field.name for field in fresh.visible_fields()}
    typed = {name: value for name, value in refused["typed"].items() if name in seen}
    form = kind(fresh.initial | typed, auto_id=f"id_{verb}_%s")
    if form.is_valid() and refused["reason"]:
        put_beside(form, _Said(refused["reason"], refused["field"]))
    empty[verb] = form
    return form


class _Said(Exception):
    """A refusal that was told in an earlier request."""

    def __init__(self, reason: str, field: str | None) -> None:
        super().__init__(reason)
        self.field = field


@login_required
@require_POST
def lot_conduct(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb of CONSOLE_MOVES; a refusal says why on the console, and what was typed stays."""
    lot = public_lot(request, number)
    rule, move, kind, done = CONSOLE_MOVES[verb]
    require(rule, request.user, lot)
    form = None if kind is None else kind(request.POST)
    if form is not None and not form.is_valid():
        return _refused(request, lot, verb, _("Load the page again."))  # said where no field says what is wrong
    facts = {} if form is None else form.cleaned_data
    if isinstance(form, PaddleForm) and form.answers_about != _asked_about(facts):
        thoughts = floor_thoughts(lot, facts["alias"], facts["amount"])
        if thoughts:
            return _asked(request, lot, facts, thoughts)
    try:
        move(lot, by=request.user, **facts)
    except BidRefused as refusal:
        words = PADDLE_WORDS.get(refusal.answer.get("reason", ""))
        reason = words % {"alias": facts["alias"]} if words else str(refusal)
        return _refused(request, lot, verb, reason, field="amount")
    except Refused as refusal:
        return _refused(request, lot, verb, str(refusal), field=getattr(refusal, "field", None))
    messages.success(request, str(done))
    return redirect("lot-console", lot.number)


def _asked_about(facts: dict[str, Any]) -> str:
    return f"{facts['alias']} {facts['amount']}"


def _asked(request: HttpRequest, lot: Lot, facts: dict[str, Any], thoughts: list[str]) -> HttpResponse:
    """Ask on the console whether the bid of a paddle is meant, with what was typed still in its fields."""
    typed = {"alias": facts["alias"], "amount": in_wan(facts["amount"])}
    question = {"alias": facts["alias"], "fen": facts["amount"], "thoughts": thoughts, "about": _asked_about(facts)}
    request.session[REFUSED] = {
        "lot": lot.number, "verb": "bid", "reason": "", "field": None, "typed": typed, "question": question,
    }  # fmt: skip
    return redirect("lot-console", lot.number)


def _refused(request: HttpRequest, lot: Lot, verb: str, reason: str, field: str | None = None) -> HttpResponse:
    """Keep what was typed until the console is shown next; what has no field there is told above the page."""
    typed = {name: value[:300] for name, value in request.POST.items() if name not in NOT_TYPED}
    fen = typed.pop("fen", "")
    if fen.isascii() and fen.isdigit() and len(fen) <= 16:
        typed["amount"] = in_wan(int(fen))
    if CONSOLE_MOVES[verb][2] in (None, CallForm):
        messages.error(request, reason)
    else:
        request.session[REFUSED] = {
            "lot": lot.number, "verb": verb, "reason": reason, "field": field, "typed": typed,
        }  # fmt: skip
    return redirect("lot-console", lot.number)


@never_cache
@login_required
@require_safe
@tells_bids
def console_health(request: HttpRequest, number: str) -> HttpResponse:
    """How the room of a lot is, as a part of the console that is asked for again and again."""
    lot = public_lot(request, number)
    require(rules.see_console, request.user, lot)
    return render(request, "marketplace/auctions/_room_health.html", health(lot, lot_now()))


@never_cache
@require_safe
@tells_bids
def lot_hall(request: HttpRequest, number: str) -> HttpResponse:
    """The screen of the hall: one lot, to be read from fifteen metres."""
    lot = public_lot(request, number)
    address = settings.SITE_URL + lot.get_absolute_url()
    return render(request, "marketplace/auctions/hall.html", hall_context(lot) | {"address": address})
