"""Holders of priority rights to one lot: the organiser lists and invites them; the seller and supervisors read."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.auctions import actions, rules
from marketplace.auctions.forms import ReasonForm
from marketplace.auctions.models import Lot, PriorityHolder
from marketplace.auctions.priority_forms import HolderForm, InvitationForm
from marketplace.auctions.rehearsal_page import rehearsed_by
from marketplace.core.files import File, files_of
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not

PRIORITY_MOVES: dict[str, tuple[Any, Any, type[forms.Form], Any]] = {
    "invite": (
        rules.invite_priority_holder,
        actions.invite_priority_holder,
        InvitationForm,
        gettext_lazy("The invitation is noted."),
    ),
    "strike": (
        rules.strike_priority_holder,
        actions.strike_priority_holder,
        ReasonForm,
        gettext_lazy("Struck from the list."),
    ),
}


def _find(request: HttpRequest, number: str) -> Lot:
    lots = Lot.objects.visible_to(request.user).select_related("outcome__owner", "session")
    lot = get_object_or_404(lots, number=number)
    require(rules.see_priority_holders, request.user, lot)
    return lot


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lot_priority(request: Any, number: str) -> HttpResponse:
    """The list of a lot; a post puts one more holder on it."""
    lot = _find(request, number)
    if request.method != "POST":
        return _page(request, lot)
    require(rules.list_priority_holder, request.user, lot)
    form = HolderForm(request.POST, lot=lot)
    if form.is_valid():
        try:
            actions.list_priority_holder(lot, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The holder is on the list. Invite it next."))
            return redirect("lot-priority", lot.number)
    return _page(request, _find(request, number), form=form)


def _page(request: Any, lot: Lot, *, form: HolderForm | None = None, bound: Any = None) -> HttpResponse:
    """Show the list; `form` or `bound`, {(code, verb): form}, is one that was not accepted."""
    takes_holders = lot.announced_at is None and lot.state in lot.PREPARED
    may_list = takes_holders and why_not(rules.list_priority_holder, request.user, lot) is None
    holders = list(lot.priority_holders.listed().select_related("organisation", "lot__outcome"))
    files = list(files_of(*holders)) if holders else []
    context = {
        "lot": lot,
        "rehearsed": rehearsed_by(lot),
        "rows": [
            _row(holder, [file for file in files if file.subject_id == holder.pk], bound or {}) for holder in holders
        ],
        "struck": lot.priority_holders.filter(struck_at__isnull=False).order_by("struck_at"),
        "may_list": may_list,
        "form": form or HolderForm(lot=lot),
        "invitation_days": settings.AUCTION_INVITATION_DAYS,
        "unreachable_days": settings.AUCTION_UNREACHABLE_DAYS,
    }
    return render(request, "marketplace/auctions/lot_priority.html", context)


def _row(holder: PriorityHolder, files: list[File], bound: dict[tuple[str, str], forms.Form]) -> dict[str, Any]:
    code = holder.code
    return {
        "holder": holder,
        "files": files,
        "invite": bound.get((code, "invite")) or InvitationForm(auto_id=f"id_{code}_%s"),
        "strike": bound.get((code, "strike")) or ReasonForm(auto_id=f"id_{code}_strike_%s"),
        "is_open": any(key[0] == code for key in bound),
    }


@login_required
@require_POST
def priority_move(request: Any, code: str, verb: str) -> HttpResponse:
    """One verb of PRIORITY_MOVES on one entry of the list."""
    entries = PriorityHolder.objects.select_related("lot__session", "lot__outcome__owner", "organisation")
    holder = get_object_or_404(entries.filter(lot__in=Lot.objects.visible_to(request.user)), code=code)
    rule, move, kind, done = PRIORITY_MOVES[verb]
    require(rule, request.user, holder)
    suffix = "" if verb == "invite" else f"{verb}_"
    form = kind(request.POST, request.FILES, auto_id=f"id_{code}_{suffix}%s")
    if form.is_valid():
        try:
            move(holder, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, str(done))
            return redirect("lot-priority", holder.lot.number)
    return _page(request, _find(request, holder.lot.number), bound={(code, verb): form})
