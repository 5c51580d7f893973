"""Pages of interest: showing it, reading it, answering it, and opening a deal from a match."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.paging import PAGE, page_of
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.deals import rules
from marketplace.deals.awaiting import SIDES, narrowed, narrowing, why_not_answer
from marketplace.deals.colleagues import Lacking, lacking_answers, lacking_of
from marketplace.deals.dated import days_until_interest_stalls
from marketplace.deals.forms import InterestForm, ReasonForm
from marketplace.deals.interest import Interest, InterestQuerySet
from marketplace.deals.listed import INTEREST, kept
from marketplace.deals.models import Deal, Side
from marketplace.deals.moving import back_from, board_address
from marketplace.deals.opening import (
    accept_interest,
    decline_interest,
    open_deal_from_match,
    show_interest,
    withdraw_interest,
)
from marketplace.deals.refusals import InterestShown
from marketplace.deals.showing import INTEREST_TONES
from marketplace.deals.withheld import asker_for, withholds_asker
from marketplace.matching.models import Match
from marketplace.outcomes.models import ResearchOutcome


@login_required
def interest_new(request: Any, number: str) -> HttpResponse:
    """Show interest in an outcome, for the organisation one acts for."""
    found = ResearchOutcome.objects.visible_to(request.user).select_related("owner")
    outcome = get_object_or_404(found, number=number)
    shown = outcome.interests.filter(organisation=request.organisation, state=Interest.State.SHOWN).first()
    if shown is not None and request.method != "POST":
        messages.info(request, str(InterestShown.message))
        return redirect(shown)
    form = InterestForm(request.POST or None, organisation=request.organisation)
    obstacle = why_not(rules.show_interest, request.user, outcome, organisation=request.organisation)
    if form.is_valid():
        try:
            interest = show_interest(outcome, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The owner has been told. Its answer comes here and by mail."))
            return redirect(interest)
    context = {"outcome": outcome, "form": form, "obstacle": obstacle}
    return render(request, "marketplace/deals/interest_new.html", context)


def _found(request: Any) -> InterestQuerySet:
    return Interest.objects.visible_to(request.user).for_cards().select_related("shown_by")


@login_required
def interest_list(request: Any) -> HttpResponse:
    """Interest in one's outcomes, and what one's organisation showed."""
    chosen = request.GET.get("state", "")
    found = narrowed(_found(request), request)
    if chosen in Interest.State.values:
        found = found.filter(state=chosen)
    page = page_of(found, PAGE, request.GET.get("page"))
    now = clock.now()
    days = days_until_interest_stalls(timezone.localdate(now))
    rows = [
        (one, asker_for(one, request.user), INTEREST_TONES[one.state], one.is_stalled(now, days=days)) for one in page
    ]
    states = [("", _("All")), *Interest.State.choices]
    same = narrowing(request.GET)
    tabs = [
        {"label": name, "href": f"?{urlencode({'state': value} | same)}", "current": value == chosen}
        for value, name in states
    ]
    sides = [choice for choice in Side.choices if choice[0] in SIDES]
    context = {
        "rows": rows,
        "page_obj": page,
        "tabs": tabs,
        "asked": request.GET,
        "narrowed": bool(same.keys() - {"of"}),
        "sides": sides,
    }
    return render(request, "marketplace/deals/interest_list.html", context)


def _interest_page(request: Any, interest: Interest, form: ReasonForm | None = None) -> HttpResponse:
    asker, withheld = asker_for(interest, request.user), withholds_asker(interest, request.user)
    context = {
        "interest": interest,
        "tone": INTEREST_TONES[interest.state],
        "asker": asker,
        "author": asker if withheld else interest.shown_by.get_short_name(),
        "house": "" if withheld else asker,
        "form": form or ReasonForm(),
        "lacks": _lacks(interest, request.user),
        "is_owner": request.user.acts_for(interest.outcome.owner_id),
        "is_asker": request.user.acts_for(interest.organisation_id),
        "deal": getattr(interest, "deal", None),
    }
    return render(request, "marketplace/deals/interest_detail.html", context)


def _lacks(interest: Interest, user: Any) -> list[Lacking]:
    """Return the owner, to those of its people who showed the interest for the other side, where nobody may answer."""
    owner = interest.outcome.owner
    waits = interest.state == Interest.State.SHOWN and interest.shown_by_id == user.pk and user.acts_for(owner)
    return [lacking_of(owner, user)] if waits and lacking_answers([interest]) else []


@login_required
def interest_detail(request: Any, code: str) -> HttpResponse:
    """One shown interest and its answer."""
    return _interest_page(request, get_object_or_404(_found(request), code=code))


@require_safe
@login_required
def interest_move(request: Any, code: str) -> HttpResponse:
    """Ask for the answer that a move on the board gives; one that is not allowed says why."""
    interest, to = get_object_or_404(_found(request), code=code), request.GET.get("to", "")
    if interest.state != Interest.State.SHOWN or to not in (INTEREST, *Deal.State.values):
        return redirect(interest)
    reason = why_not_answer(interest, to, request.user, request.organisation)
    if reason is not None:
        messages.error(request, f"{interest.outcome.heading}　{reason}")
        return redirect(board_address(request.GET))
    form = None if to == Deal.State.NEGOTIATION else ReasonForm()
    return _move_page(request, interest, Deal.State(to), form, asked=request.GET)


def _move_page(
    request: Any, interest: Interest, to: Deal.State, form: ReasonForm | None, *, asked: QueryDict
) -> HttpResponse:
    """The answer a move on the board gives, and the way back to the board as `asked` filters it."""
    accepts = to == Deal.State.NEGOTIATION
    context = {
        "interest": interest,
        "asker": asker_for(interest, request.user),
        "there": capfirst(str(to.label)),
        "action": reverse("interest-accept" if accepts else "interest-decline", args=[interest.code]),
        "form": form,
        "board": board_address(asked),
        "kept": kept(asked),
    }
    return render(request, "marketplace/deals/interest_move.html", context)


@require_POST
@login_required
def interest_accept(request: Any, code: str) -> HttpResponse:
    """Accept, which opens the deal."""
    interest = get_object_or_404(_found(request), code=code)
    try:
        deal = accept_interest(interest, by=request.user, organisation=request.organisation)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back_from(request, interest))
    messages.success(request, _("The deal is open. Begin with the confidentiality terms."))
    return redirect(back_from(request, deal))


@require_POST
@login_required
def interest_decline(request: Any, code: str) -> HttpResponse:
    """Decline, with the reason the other side reads."""
    interest = get_object_or_404(_found(request), code=code)
    require(rules.decline_interest, request.user, interest, organisation=request.organisation)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            decline_interest(interest, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Declined. The other side has been told why."))
            return redirect(back_from(request, interest))
    if "from_board" in request.POST:
        asked = QueryDict(request.POST["from_board"])
        return _move_page(request, interest, Deal.State.TERMINATED, form, asked=asked)
    return _interest_page(request, interest, form)


@require_POST
@login_required
def interest_withdraw(request: Any, code: str) -> HttpResponse:
    """Take one's interest back before it is answered."""
    interest = get_object_or_404(_found(request), code=code)
    try:
        withdraw_interest(interest, by=request.user, organisation=request.organisation)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your interest is taken back."))
    return redirect(interest)


@require_POST
@login_required
def deal_from_match(request: Any, code: str) -> HttpResponse:
    """Open the deal of a match both sides accepted."""
    match = get_object_or_404(Match.objects.visible_to(request.user).with_parties(), code=code)
    try:
        deal = open_deal_from_match(match, by=request.user, organisation=request.organisation)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(match)
    messages.success(request, _("The deal is open. Begin with the confidentiality terms."))
    return redirect(deal)
