"""Pages of rewards."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.brokers.applications.forms import AnswerReasonForm
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.leads.models import Lead
from marketplace.core.carrying_out import carry_out
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.money import format_exact
from marketplace.core.one_form import Question, ask
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.publicity.models import Publicity
from marketplace.rewards import actions, rules
from marketplace.rewards.forms import ClaimForm, PaymentForm
from marketplace.rewards.models import RewardClaim

TONES = {
    "claimed": "wait",
    "in_publicity": "wait",
    "publicised": "wait",
    "approved": "go",
    "paid": "done",
    "refused": "stop",
}
ON_A_PAGE = 20


def _claim(request: Any, code: str) -> RewardClaim:
    return get_object_or_404(RewardClaim.objects.visible_to(request.user).with_records(), code=code)


@login_required
def reward_list(request: Any) -> HttpResponse:
    """The claims one may open, newest first."""
    found = RewardClaim.objects.visible_to(request.user).with_records()
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [(claim, TONES[claim.state]) for claim in page]
    return render(request, "marketplace/rewards/reward_list.html", {"page_obj": page, "rows": rows})


@login_required
def reward_claim(request: Any, code: str) -> HttpResponse:
    """Claim the reward of a lead; what stands against it is said on the page of the lead."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user).with_records(), code=code)
    require(rules.claim_reward, request.user, lead)
    try:
        contract = actions.contract_of(lead)
        rule = actions.rule_of(contract)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(lead)
    form = ClaimForm(request.POST or None, request.FILES or None, asks_paid=rule.basis == BrokerRule.Basis.PAID)
    question = Question(
        title=_("Claim a reward"),
        submit=_("Send the claim"),
        done=_("The claim is with the officers."),
        back=lead.get_absolute_url(),
        back_words=_("Lead"),
        facts=[
            (_("Contract"), contract.project_name),
            (_("Registration number"), str(contract.number)),
            (_("Technical amount"), format_exact(contract.technical_amount, get_language() or "zh-hans")),
            (_("Rule"), f"{rule.value} ({rule.called})"),
        ],
    )
    return ask(request, form, partial(actions.claim_reward, lead, by=request.user), question)


@login_required
def reward_detail(request: Any, code: str) -> HttpResponse:
    """One claim: how its amount comes about, where it stands, what may be done."""
    claim, user = _claim(request, code), request.user
    ways = RewardClaim.NEXT.get(claim.state, set())
    entries = Entry.objects.about(claim)[:20]
    is_refusable = claim.state in ("claimed", "publicised")
    if claim.state == "approved":
        is_refusable = actions.why_not_grantable(claim) is not None
    context = {
        "claim": claim,
        "tone": TONES[claim.state],
        "cut": RewardClaim.CAPS.get(claim.cut_by, ""),
        "files": files_of(claim),
        "publicity": Publicity.objects.of(claim).first(),
        "may_review": "in_publicity" in ways and why_not(rules.review_claim, user, claim) is None,
        "may_refuse": is_refusable and why_not(rules.refuse_claim, user, claim) is None,
        "approves": "approved" in ways and user.has_role("officer"),
        "approve_obstacle": why_not(rules.approve_claim, user, claim),
        "may_pay": "paid" in ways and why_not(rules.pay_claim, user, claim) is None,
        "history": [{"title": Kind(entry.kind).label, "at": entry.recorded_at} for entry in entries],
    }
    return render(request, "marketplace/rewards/reward_detail.html", context)


@login_required
@require_POST
def reward_review(request: Any, code: str) -> HttpResponse:
    claim = _claim(request, code)
    require(rules.review_claim, request.user, claim)
    carry_out(request, actions.review_claim, claim, done=_("The amount is fixed and in publicity."))
    return redirect(claim)


@login_required
@require_POST
def reward_approve(request: Any, code: str) -> HttpResponse:
    claim = _claim(request, code)
    require(rules.approve_claim, request.user, claim)
    carry_out(request, actions.approve_claim, claim, done=_("Approved. Finance pays next."))
    return redirect(claim)


def _question(claim: RewardClaim, **words: Any) -> Question:
    amount = claim.by_rate if claim.amount is None else claim.amount
    facts = [
        (_("Broker"), claim.broker.name),
        (_("Contract"), claim.contract.project_name),
        (_("Reward"), format_exact(amount, get_language() or "zh-hans")),
    ]
    return Question(back=claim.get_absolute_url(), back_words=_("Reward"), facts=facts, **words)


@login_required
def reward_refuse(request: Any, code: str) -> HttpResponse:
    claim = _claim(request, code)
    require(rules.refuse_claim, request.user, claim)
    words = {"title": _("Refuse the claim"), "submit": _("Refuse the claim"), "done": _("The broker is told.")}
    act = partial(actions.refuse_claim, claim, by=request.user)
    return ask(request, AnswerReasonForm(request.POST or None), act, _question(claim, is_harsh=True, **words))


@login_required
def reward_pay(request: Any, code: str) -> HttpResponse:
    claim = _claim(request, code)
    require(rules.pay_claim, request.user, claim)
    words = {"title": _("Note the payment"), "submit": _("Note the payment"), "done": _("The payment is noted.")}
    act = partial(actions.pay_claim, claim, by=request.user)
    return ask(request, PaymentForm(request.POST or None), act, _question(claim, **words))
