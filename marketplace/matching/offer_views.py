"""Pages on which an organisation offers one of its outcomes to a need: which one, and why it fits."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core.forms import put_beside
from marketplace.core.paging import PAGE, page_of
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require, why_not
from marketplace.matching import choosing, rules
from marketplace.matching.forms import OfferForm
from marketplace.matching.models import Match
from marketplace.matching.offering import correct_offer, offer_to_need, why_not_again
from marketplace.matching.offers import offers, outcomes_to_offer
from marketplace.matching.views import found_for, match_page
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome

LONGEST_SEARCH = 100


def _need(request: Any, code: str) -> TechnologyNeed:
    needs = TechnologyNeed.objects.visible_to(request.user).select_related("organisation", "field", "industry")
    return get_object_or_404(needs, code=code)


@require_safe
@login_required
def need_offer(request: Any, code: str) -> HttpResponse:
    """The outcomes one's organisation may offer to a need, and where each stands with it."""
    need, organisation = _need(request, code), request.organisation
    obstacle = why_not(rules.offer_to_need, request.user, need, organisation=organisation)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    context = {"need": need, "obstacle": obstacle, "q": text, "rows": [], "has_any": False}
    if obstacle is None:
        page = page_of(outcomes_to_offer(organisation, need, text=text), PAGE, request.GET.get("page"))
        has_any = bool(page.object_list) or outcomes_to_offer(organisation, need).exists()
        context |= {"page_obj": page, "rows": offers(need, page.object_list), "has_any": has_any}
        context["is_long"] = bool(text) or page.has_other_pages()
    return render(request, "marketplace/matching/need_offer.html", context)


@login_required
def need_offer_outcome(request: Any, code: str, number: str) -> HttpResponse:
    """Say why one outcome fits a need, and offer it."""
    need = _need(request, code)
    own = ResearchOutcome.objects.filter(owner=request.organisation).select_related("owner", "field")
    outcome = get_object_or_404(own, number=number)
    form = OfferForm(request.POST or None)
    if form.is_valid():
        match = _offered(request, need, outcome, form)
        if match is not None:
            return redirect(match)
    match = Match.objects.filter(need=need, outcome=outcome).select_related("outcome_answered_by").first()
    again = why_not_again(match, choosing.fingerprint(need, outcome))
    if match is not None and again is not None and request.method != "POST":
        messages.info(request, str(again))
        return redirect(match)
    return _page(request, need, outcome, match, form)


def _offered(request: Any, need: TechnologyNeed, outcome: ResearchOutcome, form: OfferForm) -> Match | None:
    try:
        match = offer_to_need(need, outcome, by=request.user, organisation=request.organisation, **form.cleaned_data)
    except Refused as refusal:
        put_beside(form, refusal)
        return None
    agreed = match.state == Match.State.AGREED
    told = _("Offered. The enterprise had accepted this match already, so you can open the deal now.")
    asked = _("Offered. The enterprise is told and reads your reason; its answer comes here and by mail.")
    messages.success(request, told if agreed else asked)
    return match


def _page(
    request: Any, need: TechnologyNeed, outcome: ResearchOutcome, match: Match | None, form: OfferForm
) -> HttpResponse:
    obstacle = why_not(rules.offer_to_need, request.user, need, organisation=request.organisation)
    context = {
        "need": need,
        "outcome": outcome,
        "match": match,
        "form": form,
        "names_enterprise": need.names_enterprise_to(request.user),
        "indicators": need.indicators.all(),
        "obstacle": obstacle or choosing.why_apart(need, outcome),
        "follows": _after_offering(),
    }
    return render(request, "marketplace/matching/need_offer_outcome.html", context)


def _after_offering() -> list[str]:
    """Return in sentences what offering an outcome leads to."""
    return [
        _("The enterprise is told at once, by mail too: which outcome of yours you offer, and why."),
        _("With the offer your side has said yes. Once the enterprise accepts too, either side opens the deal."),
        _("You can withdraw the offer until the deal is open; the enterprise is told."),
    ]


@require_POST
@login_required
def match_correct(request: Any, code: str) -> HttpResponse:
    """Write another reason into one's own offer, while the enterprise has not answered."""
    match = get_object_or_404(found_for(request), code=code)
    require(rules.correct_offer, request.user, match, organisation=request.organisation)
    form = OfferForm(request.POST, auto_id="offer_%s")
    if form.is_valid():
        try:
            correct_offer(match, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except WrongState as refusal:
            messages.error(request, str(refusal))
            return redirect(match)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The reason is corrected. Whoever opens the match reads the new one."))
            return redirect(match)
    return match_page(request, match, offer_form=form)
