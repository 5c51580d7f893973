"""What a side answers to a match, each a button of its page: accept, decline, take back, think again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import rules
from marketplace.matching.actions import AnsweredAlready, DealIsOpen, accept_match, decline_match
from marketplace.matching.forms import DeclineForm, WithdrawForm
from marketplace.matching.models import Match
from marketplace.matching.reconsidering import reconsider_match
from marketplace.matching.views import found_for, match_page
from marketplace.matching.withdrawing import withdraw_acceptance

WITHDRAWN = gettext_lazy("Your acceptance is withdrawn; the other side is told.")
DECLINED = gettext_lazy("Declined. You can think again here while need and outcome stay as they are.")


def _back(request: Any, match: Match) -> HttpResponse:
    """Lead to the match, or to the list where its partner is offline, so that its page is closed once it has ended."""
    is_open = found_for(request).filter(pk=match.pk).exists()
    return redirect(match if is_open else f"{reverse('match-list')}?show=past")


@require_POST
@login_required
def match_accept(request: Any, code: str) -> HttpResponse:
    """Accept for the side one acts for."""
    match = get_object_or_404(found_for(request), code=code)
    if carry_out(request, accept_match, match, organisation=request.organisation):
        agreed = match.state == Match.State.AGREED
        told = _("Both sides have accepted. You can open the deal now.")
        messages.success(request, told if agreed else _("Accepted. The other side has been told."))
    return redirect(match)


@require_POST
@login_required
def match_decline(request: Any, code: str) -> HttpResponse:
    """Decline for the side one acts for, with the reason."""
    match = get_object_or_404(found_for(request), code=code)
    require(rules.decline_match, request.user, match, organisation=request.organisation)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            decline_match(match, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except (AnsweredAlready, DealIsOpen, WrongState) as refusal:  # the page has no form for it any more
            messages.error(request, str(refusal))
            return redirect(match)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, str(DECLINED))
            return _back(request, match)
    return match_page(request, match, form)


@require_POST
@login_required
def match_withdraw(request: Any, code: str) -> HttpResponse:
    """Take the acceptance of one's own side back, with a note if one likes."""
    match = get_object_or_404(found_for(request), code=code)
    require(rules.withdraw_acceptance, request.user, match, organisation=request.organisation)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            withdraw_acceptance(match, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except (DealIsOpen, WrongState) as refusal:
            messages.error(request, str(refusal))
            return redirect(match)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, str(WITHDRAWN))
            return _back(request, match)
    return match_page(request, match, withdraw_form=form)


@require_POST
@login_required
def match_reconsider(request: Any, code: str) -> HttpResponse:
    """Think again about what one's own side declined, or accept again what it took back."""
    match = get_object_or_404(found_for(request), code=code)
    was_taken_back = match.taken_back_by is not None
    declined = _("The decline is taken back: your side has not answered again.")
    done = _("Accepted again. The other side has been told.") if was_taken_back else declined
    carry_out(request, reconsider_match, match, organisation=request.organisation, done=done)
    return redirect(match)
