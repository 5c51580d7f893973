"""Pages of deals: the board, its export, one deal. The steps in it stand in stepping.py."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.brokers.working import stopped_words
from marketplace.core import clock
from marketplace.core.choices import PricingMode
from marketplace.core.money import in_yuan
from marketplace.core.paging import PAGE, page_of
from marketplace.core.tables import table_response
from marketplace.deals import brokering, engagement, nda, pricing
from marketplace.deals.amended import amended_amounts
from marketplace.deals.answered import load_answered
from marketplace.deals.awaiting import interest_column, interest_list_url
from marketplace.deals.cards import Column, board, cards
from marketplace.deals.colleagues import lacks_for
from marketplace.deals.forms import BrokerForm, FileForm, NoteForm, PriceForm, PricingForm, ReasonForm
from marketplace.deals.history import history
from marketplace.deals.listed import INTEREST, first_of_each_column, kept, listed, more_of_a_column, sums_of_columns
from marketplace.deals.models import Deal, Side
from marketplace.deals.obstacles import is_overtaken, why_not_binding, why_not_reopened, why_not_taken_up
from marketplace.deals.own_side import in_both, notes_for, own_side_words, why_not_as_broker
from marketplace.deals.parts import PriceProposal
from marketplace.deals.publishing import must_be_public, price_publicity
from marketplace.deals.showing import (
    TONES,
    barred,
    my_sides,
    opens,
    origin_of,
    papers,
    parties,
    pricing_words,
    steps,
    turn_for,
    with_turns,
    written_for,
)
from marketplace.deals.turns import standing_of, turn_of
from marketplace.deals.withheld import buyer_for, is_buyer_withheld, withholds_buyer
from marketplace.organisations.acting import may_have_some
from marketplace.outcomes.hidden import hidden_as, hidden_since


@login_required
def deal_list(request: Any) -> HttpResponse:
    """One's deals by state, or page by page, with what each waits for."""
    if request.htmx and request.GET.get("column") in (INTEREST, *Deal.State.values):
        return _more_cards(request, request.GET["column"])
    as_list = request.GET.get("view") == "list"
    if as_list and request.GET.get("state") == INTEREST:
        return redirect(interest_list_url(request.GET))
    found = listed(request)
    sums = sums_of_columns(found)
    count = sum(number for number, _total in sums.values())
    page = page_of(found.for_cards(), PAGE, request.GET.get("page")) if as_list else None
    shown = first_of_each_column(found, count) if page is None else page.object_list
    now = clock.now()
    made = cards(shown, request.user, request.organisation, at=now)
    columns = [] if as_list else [interest_column(request, at=now, count=count), *board(made, sums)]
    context = {
        "columns": columns,
        "may_move": any(card.moves for card in made) or any(card.moves for column in columns for card in column.cards),
        "has_any": count or any(column.count for column in columns),
        "cards": made,
        "page_obj": page,
        "as_list": as_list,
        "count": count,
        "sides": [*Side.choices, ("broker", _("broker"))],
        "modes": PricingMode.choices,
        "states": [(INTEREST, _("Interest")), *((state.value, capfirst(state.label)) for state in Deal.State)],
        "asked": request.GET,
        "filters": kept(request.GET),
        "may_have_some": may_have_some(request.user),
    }
    return render(request, "marketplace/deals/deal_list.html", context)


def _more_cards(request: Any, name: str) -> HttpResponse:
    """The next cards of one column, to stand below those that are shown."""
    after, now = request.GET.get("after", ""), clock.now()
    passed = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    if name == INTEREST:
        column = interest_column(request, at=now, passed=passed)
    else:
        found = listed(request).filter(state=name)
        made = cards(more_of_a_column(found, passed), request.user, request.organisation, at=now)
        count, total = sums_of_columns(found).get(name, (0, 0))
        column = Column(name, str(capfirst(Deal.State(name).label)), made, count, total, passed=passed)
    return render(request, "marketplace/deals/_cards.html", {"column": column, "filters": kept(request.GET)})


@login_required
def deal_export(request: Any) -> HttpResponse:
    """The board as it is filtered, as a table; interest has a list of its own."""
    if request.GET.get("state") == INTEREST:
        return redirect(interest_list_url(request.GET))
    headings = [
        pgettext("deal", "Code"), _("Outcome number"), _("Outcome"), _("Seller"), pgettext("deal", "Buyer"),
        _("Broker"), _("Comes of"), _("State"),
        _("Pricing mode"), _("Listing price in yuan"), _("Price in yuan"), _("Contract as changed in yuan"),
        _("Deal opened"), _("In this state since"),
    ]  # fmt: skip
    deals = list(with_turns(listed(request)))
    amended = amended_amounts(deals)
    rows = [
        [
            deal.code, deal.outcome.number, deal.outcome.title, deal.seller.name, buyer_for(deal, request.user),
            deal.broker.name if deal.broker else "", origin_of(deal), deal.get_state_display(),
            deal.get_pricing_mode_display(),
            *(in_yuan(fen) if fen else None for fen in (deal.listing_price, deal.price, amended.get(deal.pk))),
            deal.opened_at, deal.moved_at,
        ]
        for deal in deals
    ]  # fmt: skip
    name = _("deals-%(day)s") % {"day": clock.today().isoformat()}
    return table_response(name, headings, rows, form=request.GET.get("format", "xlsx"))


def find_deal(request: Any, code: str) -> Deal:
    """Return the deal of that code, if this person may see it; else 404. Its broker not at work hears the reason."""
    found = with_turns(Deal.objects.visible_to(request.user)).select_related("match", "interest", "broker__user")
    deal: Deal | None = found.filter(code=code).first()
    if deal is not None:
        return deal
    named = get_object_or_404(Deal.objects.naming(request.user), code=code)
    raise PermissionDenied(why_not_as_broker(named))


def _forms(bound: dict[str, forms.Form], *, own_side: str) -> dict[str, forms.Form]:
    """Return every form of the page, with what was typed where one was sent; `own_side` says who reads a note."""
    kinds: dict[str, Callable[..., forms.Form]] = {
        "pricing": PricingForm, "price": PriceForm, "broker": BrokerForm, "note": NoteForm, "file": FileForm,
        "terminate": ReasonForm, "take_up": ReasonForm,
    }  # fmt: skip
    found = {name: bound.get(name.replace("_", "-")) or kind(auto_id=f"id_{name}_%s") for name, kind in kinds.items()}
    found["note"].fields["is_private"].label = own_side
    return found


def deal_page(request: Any, deal: Deal, **bound: forms.Form) -> HttpResponse:
    """Show a deal with all its parts; `bound` is a form that was not accepted."""
    user, turn = request.user, turn_of(deal)
    load_answered([deal], user)
    mine, withheld, acting = my_sides(deal, user), withholds_buyer(deal, user), deal.side_of(request.organisation)
    notes = notes_for(deal, user, request.organisation).select_related("written_by", "organisation")
    context = {
        "deal": deal,
        "tone": TONES[Deal.State(deal.state)],
        "steps": steps(deal),
        "opens": opens(deal, user),
        "parties": parties(deal, turn, user, request.organisation),
        "in_both": in_both(deal, user, request.organisation),
        **turn_for(deal, turn, user),
        "lacks": lacks_for(deal, barred(deal, user), user),
        "is_open": deal.state not in Deal.ENDED,
        "is_overtaken": is_overtaken(deal),
        "hidden": hidden_as(deal.outcome),
        "hidden_since": hidden_since(deal.outcome),
        "stopped": why_not_binding(deal),
        **_nda_context(deal, mine, acting),
        "buyer": buyer_for(deal, user),
        "buyer_withheld": is_buyer_withheld(deal),
        "is_buyer": Side.BUYER in mine,
        "notes": written_for(deal, notes, withheld=withheld),
        "papers": papers(deal.papers.select_related("file__added_by"), withheld=withheld),
        "resumptions": deal.resumptions.all(),
        "contracts": deal.contracts.visible_to(user),
        "amended": amended_amounts([deal]).get(deal.pk),
        "has_drafts": deal.contracts.filter(drafts__isnull=False).exists(),
        "history": history(deal, user, request.organisation),
        "forms": _forms(bound, own_side=own_side_words(deal, user, request.organisation)),
        "wrong": next(iter(bound), ""),
        "not_taken_up": why_not_taken_up(deal),
        "not_reopened": why_not_reopened(deal, acting),
        **_price_context(deal, mine, acting),
        **_broker_context(deal, mine, user),
    }
    return render(request, "marketplace/deals/deal_detail.html", context)


def _nda_context(deal: Deal, mine: set[Side], acting: Side | None) -> dict[str, Any]:
    """Return what the part about confidentiality asks for."""
    accepted = {row.side: row for row in deal.nda_acceptances.all()}
    asked = {acting} & mine or mine  # who belongs to both sides accepts for the one they act for now
    missing = asked - {Side(side) for side in accepted}
    return {"accepted_nda": accepted, "nda_missing": missing, "nda_version": nda.VERSION}


def _price_context(deal: Deal, mine: set[Side], acting: Side | None) -> dict[str, Any]:
    """Return what the part about the price asks for."""
    standing, publicity = standing_of(deal), price_publicity(deal)
    trial = deal.outcome.trials.filter(deal=deal).select_related("terms").first()
    return {
        "trial": trial,
        "pricing_words": pricing_words(deal, trial),
        "publicity": publicity,
        "must_be_public": must_be_public(deal),
        "objections": publicity.objections.counted().count() if publicity is not None else 0,
        "is_talking": deal.state in pricing.TALKING,
        "proposal": standing,
        "names_price": deal.pricing_mode == PricingMode.AGREED
        or (deal.pricing_mode == PricingMode.LISTING and Side.SELLER in mine),
        "is_own_proposal": standing is not None and standing.side in mine and acting != Side(standing.side).other,
        "proposals": [one for one in deal.price_proposals.all() if one.fate != PriceProposal.Fate.STANDING],
    }


def _broker_context(deal: Deal, mine: set[Side], user: Any) -> dict[str, Any]:
    """Return what the part about the broker asks for."""
    if deal.broker is None:
        return {}
    consents, is_offered = brokering.consents(deal), brokering.offers_both(deal)
    missing = [side for side in Side if side not in consents or not consents[side].for_both]
    return {
        "broker_stopped": stopped_words(deal.broker),
        "broker_holds": deal.broker.is_valid(clock.now()),
        "broker_takes_part": deal.engaged_broker is not None,
        "asked_for_both": [side.label for side in missing] if is_offered else [],
        "broker_missing": is_offered and engagement.is_asked(deal),
        "offers_both": not is_offered and deal.client in mine,
        "consent_missing": is_offered and any(side in missing for side in mine),
        "is_broker": deal.is_broker(user),
        "engagement_asked": deal.is_broker(user) and engagement.is_asked(deal),
        "may_mark": deal.state == Deal.State.DONE and bool(mine) and not _marked(deal, mine),
    }


def _marked(deal: Deal, mine: set[Side]) -> bool:
    """Tell whether a side of the reader has said how satisfied it is with the broker."""
    return bool(deal.broker_marks.filter(side__in=mine).exists())


@login_required
def deal_detail(request: Any, code: str) -> HttpResponse:
    """One deal: whose turn, the path, price, broker, papers, notes and what happened."""
    try:
        deal = find_deal(request, code)
    except PermissionDenied:
        return redirect("deal-engagement", code)
    return deal_page(request, deal)
