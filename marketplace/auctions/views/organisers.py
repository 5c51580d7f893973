"""What organisers, auctioneers and sellers do: plan, add lots, review, announce, suspend, confirm."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules
from marketplace.auctions.forms import AdmissionForm, LotForm, ReasonForm, ReserveForm, SessionForm, SuspensionForm
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.auctions.words import LOT_TONES, REGISTRATION_TONES, SESSION_TONES
from marketplace.core.files import files_of
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Role


class NotARank(Refused):
    message = gettext_lazy("The rank of a priority right is a whole number from 1, or empty.")


def _staff(request: HttpRequest) -> None:
    """Let in those who prepare, conduct or supervise sessions."""
    if not (request.user.reads_everything or request.user.has_role(Role.ORGANISER, Role.AUCTIONEER)):
        raise PermissionDenied(_("Only auction organisers of the platform do this."))


@login_required
def session_manage_list(request: HttpRequest) -> HttpResponse:
    """Every session with what waits in it."""
    _staff(request)
    sessions = AuctionSession.objects.filter(is_practice=False).annotate(
        lot_count=Count("lots", distinct=True),
        waiting=Count("lots__registrations", filter=Q(lots__registrations__state="applied"), distinct=True),
    )
    context = {"sessions": sessions, "tones": SESSION_TONES}
    return render(request, "marketplace/auctions/session_manage_list.html", context)


@login_required
def session_plan(request: HttpRequest) -> HttpResponse:
    """Plan a session."""
    require(rules.plan_session, request.user)
    form = SessionForm(request.POST or None)
    if form.is_valid():
        try:
            session = actions.plan_session(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(request, _("The session is planned. Add its lots."))
            return redirect("session-manage", session.number)
    return render(request, "marketplace/auctions/session_plan.html", {"form": form})


@login_required
def session_manage(request: HttpRequest, number: str) -> HttpResponse:
    """One session from the organiser's side: lots, applications, what can be done."""
    _staff(request)
    session = get_object_or_404(AuctionSession, number=number)
    lots = session.lots.select_related("outcome__owner", "session").order_by("position")
    registrations = BidderRegistration.objects.filter(lot__session=session)
    context = {
        "session": session,
        "tone": SESSION_TONES[session.state],
        "lots": [{"lot": lot, "tone": LOT_TONES[lot.state]} for lot in lots],
        "registrations": [
            {"registration": registration, "tone": REGISTRATION_TONES[registration.state]}
            for registration in registrations.select_related("lot", "organisation", "deposit").order_by(
                "lot", "applied_at"
            )
        ],
        "reason_form": ReasonForm(),
    }
    return render(request, "marketplace/auctions/session_manage.html", context)


@login_required
@require_POST
def session_move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Announce or cancel a session."""
    session = get_object_or_404(AuctionSession, number=number)
    require({"announce": rules.announce_session, "cancel": rules.cancel_session}[verb], request.user, session)
    try:
        if verb == "announce":
            actions.announce_session(session, by=request.user)
            messages.success(request, _("The session is announced. Its terms are frozen; bidders can apply."))
        else:
            actions.cancel_session(session, by=request.user, reason=request.POST.get("reason", ""))
            messages.success(request, _("The session is cancelled. Deposits are to be released."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("session-manage", session.number)


@login_required
def lot_add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a lot to a session."""
    session = get_object_or_404(AuctionSession, number=number)
    require(rules.add_lot, request.user, session)
    form = LotForm(request.POST or None, session=session)
    if form.is_valid():
        facts = form.cleaned_data
        require(rules.add_lot, request.user, session, facts["outcome"])
        try:
            lot = actions.add_lot(session, by=request.user, **facts)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(
                request, _("Lot %(number)s is drafted. The seller agrees to its terms next.") % {"number": lot.number}
            )
            return redirect("lot-manage", lot.number)
    return render(request, "marketplace/auctions/lot_add.html", {"session": session, "form": form})


@login_required
def lot_manage(request: HttpRequest, number: str) -> HttpResponse:
    """One lot from the side of its organiser and its seller."""
    lots = Lot.objects.visible_to(request.user).select_related("outcome__owner", "session")
    lot = get_object_or_404(lots, number=number)
    own = request.user.acts_for(lot.outcome.owner_id)
    if not own:
        _staff(request)
    context = {
        "lot": lot,
        "tone": LOT_TONES[lot.state],
        "is_own": own,
        "reserve_form": ReserveForm(),
        "reason_form": ReasonForm(),
        "suspension_form": SuspensionForm(),
    }
    return render(request, "marketplace/auctions/lot_manage.html", context)


def _submit(request: HttpRequest, lot: Lot) -> str:
    form = ReserveForm(request.POST)
    if not form.is_valid():
        return " ".join(str(error) for error in form.errors["reserve"])
    actions.submit_lot(lot, by=request.user, organisation=lot.outcome.owner, **form.cleaned_data)
    return ""


def _suspend(request: HttpRequest, lot: Lot) -> str:
    form = SuspensionForm(request.POST)
    if not form.is_valid():
        return " ".join(str(error) for errors in form.errors.values() for error in errors)
    actions.suspend_lot(lot, by=request.user, **form.cleaned_data)
    return ""


def _plain(action: Callable[..., None]) -> Callable[[HttpRequest, Lot], str]:
    def move(request: HttpRequest, lot: Lot) -> str:
        action(lot, by=request.user)
        return ""

    return move


def _with_reason(action: Callable[..., None]) -> Callable[[HttpRequest, Lot], str]:
    def move(request: HttpRequest, lot: Lot) -> str:
        action(lot, by=request.user, reason=request.POST.get("reason", ""))
        return ""

    return move


LOT_MOVES: dict[str, tuple[Callable[..., Any], Callable[[HttpRequest, Lot], str]]] = {
    "submit": (rules.submit_lot, _submit),
    "approve": (rules.approve_lot, _plain(actions.approve_lot)),
    "return": (rules.return_lot, _with_reason(actions.return_lot)),
    "withdraw": (rules.withdraw_lot, _with_reason(actions.withdraw_lot)),
    "suspend": (rules.suspend_lot, _suspend),
    "resume": (rules.resume_lot, _plain(actions.resume_lot)),
    "confirm": (rules.confirm_sale, _plain(actions.confirm_sale)),
    "default": (rules.declare_default, _with_reason(actions.declare_default)),
}


@login_required
@require_POST
def lot_move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb of LOT_MOVES on one lot."""
    lot = get_object_or_404(
        Lot.objects.visible_to(request.user).select_related("outcome__owner", "session"), number=number
    )
    rule, move = LOT_MOVES[verb]
    require(rule, request.user, lot)
    try:
        problem = move(request, lot)
    except Refused as refusal:
        problem = str(refusal)
    if problem:
        messages.error(request, problem)
    else:
        lot.refresh_from_db()
        messages.success(
            request, _("Lot %(number)s: %(state)s.") % {"number": lot.number, "state": lot.get_state_display()}
        )
    return redirect("lot-manage", lot.number)


def _registration(request: HttpRequest, code: str) -> BidderRegistration:
    rows = BidderRegistration.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("lot__outcome__owner", "lot__session", "organisation", "deposit", "agent"), code=code
    )


@login_required
def registration_review(request: HttpRequest, code: str) -> HttpResponse:
    """An application with its documents, and the organiser's decision."""
    registration = _registration(request, code)
    _staff(request)
    context = {
        "registration": registration,
        "lot": registration.lot,
        "tone": REGISTRATION_TONES[registration.state],
        "files": list(files_of(registration)),
        "admission_form": AdmissionForm(),
        "reason_form": ReasonForm(),
    }
    return render(request, "marketplace/auctions/registration_review.html", context)


def _admit(registration: BidderRegistration, request: HttpRequest) -> None:
    form = AdmissionForm(request.POST)
    if not form.is_valid():
        raise NotARank()
    actions.admit_bidder(registration, by=request.user, **form.cleaned_data)


REGISTRATION_MOVES: dict[str, tuple[Callable[..., Any], Callable[[BidderRegistration, HttpRequest], None]]] = {
    "admit": (rules.admit_bidder, _admit),
    "ask": (
        rules.ask_for_documents,
        lambda row, request: actions.ask_for_documents(row, by=request.user, reason=request.POST.get("reason", "")),
    ),
    "reject": (
        rules.reject_bidder,
        lambda row, request: actions.reject_bidder(row, by=request.user, reason=request.POST.get("reason", "")),
    ),
    "qualify": (rules.qualify_bidder, lambda row, request: actions.qualify_bidder(row, by=request.user)),
}


@login_required
@require_POST
def registration_move(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One verb of REGISTRATION_MOVES on one application."""
    registration = _registration(request, code)
    rule, move = REGISTRATION_MOVES[verb]
    require(rule, request.user, registration)
    try:
        move(registration, request)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Application: %(state)s.") % {"state": registration.get_state_display()})
    return redirect("registration-review", registration.code)
