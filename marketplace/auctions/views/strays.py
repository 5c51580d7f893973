"""Pages of money that fits no deposit: noted, assigned to one, or sent back; and a note by mistake taken back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules_of_bidders
from marketplace.auctions.deposit_forms import StrayAssignForm, StrayForm, StrayReturnForm
from marketplace.auctions.forms import ReasonForm
from marketplace.auctions.models import StrayPayment
from marketplace.auctions.views.deposits import ON_A_PAGE, require_finance
from marketplace.core.forms import put_beside
from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require, why_not

TONES = {"open": "wait", "assigned": "go", "returned": "go", "mistaken": ""}
VERBS: dict[str, Any] = {
    "assign": actions.assign_stray_payment,
    "return": actions.return_stray_payment,
    "take-back": actions.take_back_stray_payment,
    "take-back-return": actions.take_back_stray_return,
}
OFFERED = {"open": ["assign", "return", "take-back"], "returned": ["take-back-return"]}  # by the state of the payment
OPEN_FIRST = Case(When(state=StrayPayment.State.OPEN, then=Value(0)), default=Value(1))
MOST = 20


@login_required
def stray_list(request: HttpRequest) -> HttpResponse:
    """What fits no deposit, what is to be cleared up first; finance staff note another payment here."""
    require_finance(request)
    if request.method == "POST":
        require(rules_of_bidders.record_stray_payment, request.user)
    form = StrayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            stray = actions.record_stray_payment(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The payment is noted. Assign it to a deposit, or send it back."))
            return redirect(stray)
    words = " ".join(request.GET.get("q", "").split())[:100]
    found = StrayPayment.objects.order_by(OPEN_FIRST, "-received_at", "-id")
    if words:
        named = Q(payer__icontains=words) | Q(bank_reference__icontains=words) | Q(return_reference__icontains=words)
        found = found.filter(named)
    context = {
        "page_obj": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "words": words,
        "tones": TONES,
        "notes": why_not(rules_of_bidders.record_stray_payment, request.user) is None,
    }
    return render(request, "marketplace/auctions/stray_list.html", context)


@login_required
def stray_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One payment that fits no deposit, and the two ways to clear it up."""
    require_finance(request)
    return _page(request, _found(code))


@require_POST
@login_required
def stray_settle(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Assign it, note that it went back, or take back such a note; what is wrong stands beside its field."""
    require_finance(request)
    stray = _found(code)
    require(rules_of_bidders.settle_stray_payment, request.user, stray)
    if verb not in VERBS:
        raise Http404
    if verb not in OFFERED.get(stray.state, ()):
        return _settled_meanwhile(request, stray, WrongState(state=stray.get_state_display()))
    form = _form(verb, stray, request.POST)
    if not form.is_valid():
        return _page(request, stray, **{verb: form})
    try:
        VERBS[verb](stray, by=request.user, **form.cleaned_data)
    except WrongState as refusal:
        return _settled_meanwhile(request, stray, refusal)
    except Refused as refusal:
        put_beside(form, refusal)
        return _page(request, _found(code), **{verb: form})
    messages.success(request, _("Payment %(number)s: %(state)s.") % _told(stray))
    return redirect("stray-list")


def _settled_meanwhile(request: HttpRequest, stray: StrayPayment, refusal: Refused) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect(stray)


def _told(stray: StrayPayment) -> dict[str, str]:
    return {"number": stray.bank_reference, "state": stray.get_state_display()}


def _form(verb: str, stray: StrayPayment, data: Any = None) -> Form:
    words = f"id_{verb}_%s"
    if verb == "assign":
        return StrayAssignForm(data, stray=stray, auto_id=words)
    return (StrayReturnForm if verb == "return" else ReasonForm)(data, auto_id=words)


def _page(request: HttpRequest, stray: StrayPayment, **bound: Any) -> HttpResponse:
    settles = why_not(rules_of_bidders.settle_stray_payment, request.user, stray) is None
    verbs = OFFERED.get(stray.state, []) if settles else []
    forms = {verb.replace("-", "_"): bound.get(verb) or _form(verb, stray) for verb in verbs}
    context = {
        "stray": stray,
        "tone": TONES[stray.state],
        "forms": forms,
        "refused": next(iter(bound), ""),
        "fits": "assign" in forms and forms["assign"].fields["deposit"].queryset.exists(),
        "history": [_happened(entry) for entry in Entry.objects.about(stray).select_related("actor")[:MOST]],
    }
    return render(request, "marketplace/auctions/stray_detail.html", context)


def _happened(entry: Entry) -> dict[str, Any]:
    return {
        "title": capfirst(entry.label),
        "at": entry.recorded_at,
        "detail": f"{entry.actor} {entry.data.get('bank_reference', '')}".strip(),
    }


def _found(code: str) -> StrayPayment:
    parts = ("deposit__organisation", "recorded_by", "settled_by")
    return get_object_or_404(StrayPayment.objects.select_related(*parts), code=code)
