"""What organisers do with a session: plan it, add its lots, move it, announce or cancel it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.auctions import actions, rules
from marketplace.auctions.announcing import notice_days
from marketplace.auctions.forms import SessionForm, TimesForm
from marketplace.auctions.halting import halted_lots, open_lots
from marketplace.auctions.lot_form import LotForm
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, PriorityHolder
from marketplace.auctions.postponing import postponement_of
from marketplace.auctions.postponing_forms import CancellationForm, WholeSuspensionForm
from marketplace.auctions.rehearsal_page import rehearsal_context
from marketplace.auctions.room_health import room_of
from marketplace.auctions.views.staff import require_staff
from marketplace.auctions.words import LOT_TONES, REGISTRATION_TONES, SESSION_TONES
from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require


@login_required
def session_manage_list(request: HttpRequest) -> HttpResponse:
    """Every session with what waits in it."""
    require_staff(request)
    waiting = BidderRegistration.objects.filter(lot__session=OuterRef("pk"), state="applied").order_by()
    counted = waiting.values("lot__session").annotate(number=Count("pk")).values("number")
    sessions = AuctionSession.objects.filter(is_practice=False).with_counts()
    sessions = sessions.annotate(waiting=Coalesce(Subquery(counted), 0))
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
    require_staff(request)
    return session_page(request, get_object_or_404(AuctionSession.objects.kept(), number=number))


def _forms(session: AuctionSession, bound: dict[str, forms.Form]) -> dict[str, forms.Form]:
    """Return every form of the page, with what was typed where one was sent."""
    times = {"starts_at": session.starts_at, "registration_closes_at": session.registration_closes_at}
    return {
        "times": bound.get("move") or TimesForm(auto_id="id_move_%s", initial=times),
        "cancel": bound.get("cancel") or CancellationForm(auto_id="id_cancel_%s"),
        "suspend": bound.get("suspend") or WholeSuspensionForm(auto_id="id_suspend_%s"),
    }


WHAT_FOLLOWS = [  # from the suspension of all open lots
    gettext_lazy("The clocks stand, and no bid is taken until the bidding is resumed. What is left of each is kept."),
    gettext_lazy(
        "Bidders and the public read at once on the pages of the lots that they are suspended, with the ground and the "
        "explanation you give."
    ),
    gettext_lazy("Ground and explanation stand in the public record for good: name no person."),
]


def session_page(request: HttpRequest, session: AuctionSession, **bound: forms.Form) -> HttpResponse:
    """Show a session to its organisers; `bound` is a form that was not accepted."""
    lots = list(session.lots.select_related("outcome__owner", "session").order_by("position"))
    offered = [lot for lot in lots if lot.state != Lot.State.WITHDRAWN]
    registrations = BidderRegistration.objects.filter(lot__session=session)
    context = {
        "room": room_of(session, clock.now()),
        **rehearsal_context(request, session, bound.get("rehearse"), at=clock.now()),
        "session": session,
        "tone": SESSION_TONES[session.state],
        "offered": offered,
        "first_start": min((lot.starts_at for lot in offered), default=None),
        "last_end": max((lot.ends_at for lot in offered), default=None),
        "lots": [{"lot": lot, "tone": LOT_TONES[lot.state]} for lot in lots],
        "registrations": [
            {"registration": registration, "tone": REGISTRATION_TONES[registration.state]}
            for registration in registrations.select_related("lot", "organisation", "deposit").order_by(
                "lot", "applied_at"
            )
        ],
        "postponement": postponement_of(session),
        "may_be_postponed": session.State.POSTPONED in session.NEXT.get(session.state, ()) and not session.is_practice,
        "open_lots": open_lots(session, clock.now()).count(),
        "halted_lots": halted_lots(session).count(),
        "may_be_amended": session.state in (session.State.ANNOUNCED, session.State.REGISTRATION),
        "may_be_cancelled": session.State.CANCELLED in session.NEXT.get(session.state, ()),
        "notice_days": notice_days(session),
        "invited": PriorityHolder.objects.invited_to(session).count() if session.is_planned else 0,
        "what_follows": WHAT_FOLLOWS,
        "forms": _forms(session, bound),
    }
    return render(request, "marketplace/auctions/session_manage.html", context)


SESSION_MOVES: dict[str, tuple[Callable[..., Any], Callable[..., Any], type[forms.Form], Any]] = {
    "announce": (
        rules.announce_session,
        lambda session, *, by, **_times: actions.announce_session(session, by=by),
        TimesForm,
        gettext_lazy("The session is announced. Its terms are frozen; bidders can apply."),
    ),
    "move": (
        rules.move_session,
        actions.move_session,
        TimesForm,
        gettext_lazy("The session and its lots are planned for the new time."),
    ),
    "cancel": (
        rules.cancel_session,
        actions.cancel_session,
        CancellationForm,
        gettext_lazy("The session is cancelled. Deposits that were paid are paid back."),
    ),
    "suspend": (
        rules.suspend_bidding,
        actions.suspend_bidding,
        WholeSuspensionForm,
        gettext_lazy("All open lots of the session are suspended."),
    ),
    "resume": (
        rules.resume_bidding,
        actions.resume_bidding,
        forms.Form,
        gettext_lazy("The lots suspended with the session go on, each for its remaining time."),
    ),
}


@login_required
@require_POST
def session_move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb of SESSION_MOVES on one session; a time that stands in the way is said beside it."""
    session = get_object_or_404(AuctionSession.objects.kept(), number=number)
    rule, move, kind, done = SESSION_MOVES[verb]
    require(rule, request.user, session)
    name = "move" if verb == "announce" else verb
    times = {"starts_at": session.starts_at, "registration_closes_at": session.registration_closes_at}
    form = kind(times if verb == "announce" else request.POST, auto_id=f"id_{name}_%s")
    if form.is_valid():
        try:
            facts = {name: value for name, value in form.cleaned_data.items() if name != "sure"}
            move(session, by=request.user, **facts)
        except Refused as refusal:
            if not form.fields:
                messages.error(request, str(refusal))
                return redirect("session-manage", session.number)
            put_beside(form, refusal)
        else:
            messages.success(request, str(done))
            return redirect("session-manage", session.number)
    return session_page(request, AuctionSession.objects.get(pk=session.pk), **{name: form})


@login_required
def lot_add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a lot to a session."""
    session = get_object_or_404(AuctionSession.objects.kept(), number=number)
    require(rules.add_lot, request.user, session)
    offered = {"outcome": request.GET["outcome"]} if request.GET.get("outcome", "").isdecimal() else {}
    form = LotForm(request.POST or None, session=session, user=request.user, initial=offered)
    if form.is_valid():
        try:
            lot = actions.add_lot(session, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            messages.success(
                request, _("Lot %(number)s is drafted. The seller agrees to its terms next.") % {"number": lot.number}
            )
            return redirect("lot-manage", lot.number)
    return render(request, "marketplace/auctions/lot_add.html", {"session": session, "form": form})
