"""The contract's drafts in the deal room: both sides and the broker read each version before anything is signed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.contracts.drafts import rules
from marketplace.contracts.drafts.actions import read_versions, speak_of_draft
from marketplace.contracts.drafts.comparing import compared
from marketplace.contracts.drafts.forms import RemarkForm
from marketplace.contracts.drafts.models import ContractDraft
from marketplace.contracts.models import TechnologyContract
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.deals import rules as deal_rules
from marketplace.deals.models import Deal
from marketplace.deals.views import find_deal
from marketplace.deals.withheld import buyer_for


def _drafted(request: Any, code: str) -> tuple[Deal, TechnologyContract]:
    """Return a deal this person may open, and the newest of its contracts that has drafts; else 404."""
    deal = find_deal(request, code)
    contract = deal.contracts.filter(drafts__isnull=False).order_by("-pk").first()
    if contract is None:
        raise Http404
    require(rules.read_deal_drafts, request.user, contract)
    return deal, contract


def _page(request: Any, code: str, form: RemarkForm | None = None) -> HttpResponse:
    deal, contract = _drafted(request, code)
    drafts = list(contract.drafts.select_related("pdf", "assembled_by"))
    context = {
        "deal": deal,
        "contract": contract,
        "buyer": buyer_for(deal, request.user),
        "drafts": drafts,
        "form": form or RemarkForm(initial={"version": drafts[0].version}),
        "obstacle": why_not(deal_rules.add_note, request.user, deal, organisation=request.organisation),
        "is_open": deal.state not in Deal.ENDED,
    }
    return render(request, "marketplace/contracts/deal_drafts.html", context)


@require_safe
@login_required
@never_cache
def deal_drafts(request: Any, code: str) -> HttpResponse:
    """Every version with its PDF, what can be compared, and a word about one of them."""
    return _page(request, code)


@require_safe
@login_required
@never_cache
def deal_draft_changes(request: Any, code: str, version: int) -> HttpResponse:
    """What one version says otherwise than the one before, clause by clause; both count as read."""
    deal, contract = _drafted(request, code)
    found: dict[int, ContractDraft] = {each.version: each for each in contract.drafts.select_related("pdf", "docx")}
    later, earlier = found.get(version), found.get(version - 1)
    if later is None or earlier is None:
        raise Http404
    entries = read_versions(contract, (earlier, later), by=request.user, organisation=request.organisation)
    clauses = compared(earlier, later)
    context = {
        "deal": deal,
        "buyer": buyer_for(deal, request.user),
        "earlier": earlier,
        "later": later,
        "changed": [each for each in clauses if each.is_changed],
        "kept": [each.heading for each in clauses if not each.is_changed],
        "entries": entries,
    }
    return render(request, "marketplace/contracts/deal_draft_changes.html", context)


@require_POST
@login_required
def deal_draft_remark(request: Any, code: str) -> HttpResponse:
    """Say something about a version in the talk of the deal."""
    deal, contract = _drafted(request, code)
    require(deal_rules.add_note, request.user, deal, organisation=request.organisation)
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            speak_of_draft(contract, by=request.user, organisation=request.organisation, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("Everybody in the deal reads it in the talk."))
            return redirect(reverse("deal-detail", args=[deal.code]) + "#notes")
    return _page(request, code, form)
