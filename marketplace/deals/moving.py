"""The page on which a move on the board is confirmed: what it means, and what it still asks for."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from marketplace.deals.forms import PricingForm, ReasonForm
from marketplace.deals.listed import kept
from marketplace.deals.models import Deal
from marketplace.deals.moves import WAYS, why_not_move
from marketplace.deals.publishing import must_be_public
from marketplace.deals.turns import standing_of
from marketplace.deals.views import find_deal
from marketplace.deals.withheld import buyer_for

FORMS: dict[str, type[forms.Form]] = {"pricing": PricingForm, "terminate": ReasonForm, "take-up": ReasonForm}


def board_address(asked: Any) -> str:
    """Return the board as it was filtered."""
    filters = kept(asked)
    return reverse("deal-list") + (f"?{filters}" if filters else "")


def back_from(request: Any, record: Any) -> Any:
    """Return where a step was taken from: the board, as it was filtered, or the page of the record."""
    if "from_board" not in request.POST:
        return record
    return board_address(QueryDict(request.POST["from_board"]))


def _address_of(step: str, deal: Deal) -> str:
    """Return where the form of a step is sent, as on the page of the deal."""
    proposal = standing_of(deal)
    if step == "accept" and proposal is not None:
        return reverse("deal-price-accept", args=[deal.code, proposal.code])
    return reverse(f"deal-{step}", args=[deal.code])


@require_safe
@login_required
def deal_move(request: Any, code: str) -> HttpResponse:
    """Ask for what a move needs; one that is not allowed says why, and the card stays where it was."""
    deal, to, is_from_board = find_deal(request, code), request.GET.get("to", ""), request.GET.get("from") != "deal"
    back = board_address(request.GET) if is_from_board else deal.get_absolute_url()
    if to not in Deal.State.values:
        return redirect(back)
    reason = why_not_move(deal, to, request.user, request.organisation)
    if reason is not None:
        messages.error(request, f"{deal.outcome.heading}　{reason}")
        return redirect(back)
    step = WAYS[(deal.state, to)].step
    kind = FORMS.get(step)
    context = {
        "deal": deal,
        "buyer": buyer_for(deal, request.user),
        "step": step,
        "there": capfirst(str(Deal.State(to).label)),
        "action": _address_of(step, deal),
        "form": kind(auto_id=f"id_{step}_%s") if kind is not None else None,
        "proposal": standing_of(deal),
        "must_be_public": must_be_public(deal),
        "board": board_address(request.GET),
        "back": back,
        "is_from_board": is_from_board,
        "asks_price": step == "accept" and not is_from_board,
        "kept": kept(request.GET),
    }
    return render(request, "marketplace/deals/deal_move.html", context)
