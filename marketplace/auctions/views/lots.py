"""One lot from the side of its organiser, its auctioneer and its seller: agree, review, suspend, confirm."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules
from marketplace.auctions.after_sale import awaits_judgement
from marketplace.auctions.calling_off import ends_its_session
from marketplace.auctions.closing import close_lot
from marketplace.auctions.console_page import live_context
from marketplace.auctions.contact import auction_contact
from marketplace.auctions.declining import is_declined
from marketplace.auctions.forms import AppealDecisionForm, DefaultForm, ReasonForm, SuspensionForm
from marketplace.auctions.locking import lot_now, tells_bids
from marketplace.auctions.models import DefaultAppeal, Lot
from marketplace.auctions.object_forms import AgreementForm
from marketplace.auctions.relisting import sessions_for
from marketplace.auctions.result_page import last_day_context, papers_of
from marketplace.auctions.rewriting import rewritten_since
from marketplace.auctions.sealed_closing import locked_problem
from marketplace.auctions.views.staff import require_staff
from marketplace.auctions.words import LOT_TONES
from marketplace.core.files import files_of
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not


def _submit(lot: Lot, **facts: Any) -> None:
    actions.submit_lot(lot, organisation=lot.outcome.owner, **facts)


def _decline(lot: Lot, **facts: Any) -> None:
    actions.decline_lot(lot, organisation=lot.outcome.owner, **facts)


LOT_MOVES: dict[str, tuple[Callable[..., Any], Callable[..., None], type[forms.Form] | None]] = {
    "submit": (rules.submit_lot, _submit, AgreementForm),
    "decline": (rules.decline_lot, _decline, ReasonForm),
    "approve": (rules.approve_lot, actions.approve_lot, None),
    "return": (rules.return_lot, actions.return_lot, ReasonForm),
    "withdraw": (rules.withdraw_lot, actions.withdraw_lot, ReasonForm),
    "suspend": (rules.suspend_lot, actions.suspend_lot, SuspensionForm),
    "resume": (rules.resume_lot, actions.resume_lot, None),
    "confirm": (rules.confirm_sale, actions.confirm_sale, None),
    "clear": (rules.clear_buyer, actions.clear_buyer, ReasonForm),
    "default": (rules.declare_default, actions.declare_default, DefaultForm),
    "appeal": (rules.decide_appeal, actions.decide_appeal, AppealDecisionForm),
}


FAILED = (Lot.State.DEFAULTED, Lot.State.RESCINDED)  # what became of the buyer's deposit is said then


def _find(request: HttpRequest, number: str) -> Lot:
    lots = Lot.objects.visible_to(request.user).select_related("outcome__owner", "session", "leader__deposit")
    return get_object_or_404(lots, number=number)


REASONS = {
    "decline": gettext_lazy("what you do not agree to, and what you would"),
    "return": gettext_lazy("why it goes back"),
    "withdraw": gettext_lazy("why it is withdrawn"),
    "clear": gettext_lazy("why the sale failed"),
    "default": gettext_lazy("how the buyer defaulted"),
}


def _form(verb: str, lot: Lot, data: Any = None) -> forms.Form | None:
    """Return the form of a verb, if it has one; several reasons on one page are told apart by their labels."""
    kind = LOT_MOVES[verb][2]
    if kind is None:
        return None
    of = {"lot": lot} if kind is AgreementForm else {}
    form = kind(data, auto_id=f"id_{verb}_%s", **of)
    if verb in REASONS:
        form.fields["reason"].label = REASONS[verb]
    return form


@never_cache
@login_required
@tells_bids
def lot_manage(request: HttpRequest, number: str) -> HttpResponse:
    """One lot from the side of its organiser and its seller; it follows the bids, and is closed when its end passed."""
    lot = _find(request, number)
    return _page(request, _find(request, number) if close_lot(lot) else lot)


def _page(request: HttpRequest, lot: Lot, **bound: forms.Form) -> HttpResponse:
    """Show a lot with what can be done with it; `bound` is a form that was not accepted."""
    own = request.user.acts_for(lot.outcome.owner_id)
    if not own:
        require_staff(request)
    is_judged_next = awaits_judgement(lot)
    may_default = is_judged_next or (
        lot.state != lot.State.RESCINDED and lot.State.DEFAULTED in lot.NEXT.get(lot.state, ())
    )
    now = lot_now()
    context = (live_context(lot, now) if lot.announced_at else {}) | {
        "lot": lot,
        "tone": LOT_TONES[lot.state],
        "is_own": own,
        "holders": lot.priority_holders.listed().count(),
        "may_default": may_default,
        "may_clear": is_judged_next,
        "appeal": _appeal(lot),
        "declined": is_declined(lot),
        "locked": locked_problem(lot, now),
        "deposit": lot.leader.deposit if lot.leader is not None and lot.state in FAILED else None,
        "may_withdraw": lot.State.WITHDRAWN in lot.NEXT.get(lot.state, ()),
        "ends_session": not own and ends_its_session(lot),
        "may_relist": lot.next_path == "relist" and why_not(rules.plan_session, request.user) is None,
        "sessions": sessions_for(lot, request.user),
        "papers": papers_of(request.user, lot),
        "forms": {verb: bound.get(verb) or _form(verb, lot) for verb in LOT_MOVES},
        "rewritten": rewritten_since(lot) if own and lot.state == lot.State.DRAFT else None,
        "contact": auction_contact(),
        **last_day_context(lot, told_late=True),
    }
    context["day_to_come"] = None if context["is_late"] else context["last_day"]
    return render(request, "marketplace/auctions/lot_manage.html", context)


def _appeal(lot: Lot) -> dict[str, Any] | None:
    """Return the appeal of the buyer of a lot with what supports it, if it made one."""
    appeal = DefaultAppeal.objects.filter(registration=lot.leader_id).first() if lot.state in FAILED else None
    return {"appeal": appeal, "files": list(files_of(appeal))} if appeal is not None else None


@login_required
@require_POST
def lot_move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb of LOT_MOVES on one lot; what is wrong stands beside its field, and what was typed stays."""
    lot = _find(request, number)
    rule, move, _kind = LOT_MOVES[verb]
    require(rule, request.user, lot)
    form = _form(verb, lot, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, lot, **{verb: form})
    try:
        move(lot, by=request.user, **(form.cleaned_data if form is not None else {}))
    except Refused as refusal:
        if form is not None:
            put_beside(form, refusal)
            return _page(request, _find(request, number), **{verb: form})
        messages.error(request, str(refusal))
    else:
        lot.refresh_from_db()
        words = _("Lot %(number)s: %(state)s.")
        if lot.session.state == lot.session.State.CANCELLED:
            words = _("Lot %(number)s: %(state)s. Its session is cancelled.")
        messages.success(request, words % {"number": lot.number, "state": lot.get_state_display()})
    return redirect("lot-manage", lot.number)
