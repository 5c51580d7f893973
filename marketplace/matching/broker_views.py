"""Pages of brokers for a need or an outcome, and of invitations."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.brokers.models import TechBroker
from marketplace.core.carrying_out import carry_out
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.matching import rules
from marketplace.matching.broker_fit import Record, brokers_for
from marketplace.matching.forms import DeclineInvitationForm, InviteForm
from marketplace.matching.invitation import BrokerInvitation, InvitationQuerySet
from marketplace.matching.inviting import accept_invitation, decline_invitation, invite_broker, withdraw_invitation
from marketplace.matching.models import Match
from marketplace.matching.passing_on import pass_match_on
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome

TONES = {"sent": "wait", "accepted": "go", "declined": "stop", "withdrawn": "idle"}


def _need(request: Any, code: str) -> TechnologyNeed:
    found = TechnologyNeed.objects.visible_to(request.user).select_related(
        "organisation", "field__parent", "industry__parent"
    )
    return get_object_or_404(found, code=code)


def _outcome(request: Any, number: str) -> ResearchOutcome:
    found = ResearchOutcome.objects.visible_to(request.user).select_related("owner", "field__parent")
    return get_object_or_404(found, number=number)


@login_required
def need_brokers(request: Any, code: str) -> HttpResponse:
    """Brokers who may help with a need; a post invites one of them."""
    need = _need(request, code)
    return _answer(request, need, BrokerInvitation.objects.filter(need=need))


@login_required
def outcome_brokers(request: Any, number: str) -> HttpResponse:
    """Brokers who may help with an outcome; a post invites one of them."""
    outcome = _outcome(request, number)
    return _answer(request, outcome, BrokerInvitation.objects.filter(outcome=outcome))


def _answer(request: Any, record: Record, invitations: InvitationQuerySet) -> HttpResponse:
    require(rules.see_brokers, request.user, record)
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        require(rules.invite_broker, request.user, record, organisation=request.organisation)
        invitation = _invite(request, record, form)
        if invitation is not None:
            return redirect(invitation)
    return _page(request, record, invitations, form)


def _invite(request: Any, record: Record, form: InviteForm) -> BrokerInvitation | None:
    if not form.is_valid():
        return None
    broker = get_object_or_404(TechBroker, code=form.cleaned_data["broker"])
    told = {"organisation": request.organisation, "message": form.cleaned_data["message"]}
    try:
        invitation = invite_broker(broker, record, by=request.user, **told)
    except Refused as refusal:
        put_beside(form, refusal)
        return None
    messages.success(request, _("%(broker)s is invited and will be told.") % {"broker": broker.name})
    return invitation


def _page(request: Any, record: Record, invitations: InvitationQuerySet, form: InviteForm) -> HttpResponse:
    standing = {row.broker_id: row for row in invitations.standing()}
    fits = brokers_for(record)
    context = {
        "record": record,
        "rows": [(fit, standing.get(fit.broker.pk)) for fit in fits],
        "form": form,
        "asked": form.data.get("broker", "") if form.is_bound else "",
        "obstacle": why_not(rules.invite_broker, request.user, record, organisation=request.organisation),
        "past": [(row, TONES[row.state]) for row in invitations.select_related("broker")],
    }
    return render(request, "marketplace/matching/record_brokers.html", context)


def _invitations(request: Any) -> InvitationQuerySet:
    return BrokerInvitation.objects.visible_to(request.user).select_related(
        "broker__user", "need__organisation", "outcome__owner", "organisation"
    )


def _invitation_page(request: Any, invitation: BrokerInvitation, form: DeclineInvitationForm) -> HttpResponse:
    acting = {"organisation": request.organisation}
    record = invitation.record
    named = not invitation.need or invitation.need.names_enterprise_to(request.user)
    matches = ("need-matches", record.code) if invitation.need else ("outcome-matches", record.number)
    context = {
        "invitation": invitation,
        "record": record,
        "names_inviter": named,
        "matches_url": reverse(matches[0], args=[matches[1]]),
        "tone": TONES[invitation.state],
        "form": form,
        "answer_obstacle": why_not(rules.accept_invitation, request.user, invitation),
        "withdraw_obstacle": why_not(rules.withdraw_invitation, request.user, invitation, **acting),
    }
    return render(request, "marketplace/matching/invitation_detail.html", context)


@login_required
def invitation_detail(request: Any, code: str) -> HttpResponse:
    """One invitation and its answer."""
    return _invitation_page(request, get_object_or_404(_invitations(request), code=code), DeclineInvitationForm())


@require_POST
@login_required
def invitation_accept(request: Any, code: str) -> HttpResponse:
    """Take the invitation up."""
    invitation = get_object_or_404(_invitations(request), code=code)
    carry_out(request, accept_invitation, invitation, done=_("Accepted. You see the matches of this record now."))
    return redirect(invitation)


@require_POST
@login_required
def invitation_decline(request: Any, code: str) -> HttpResponse:
    """Decline the invitation."""
    invitation = get_object_or_404(_invitations(request), code=code)
    form = DeclineInvitationForm(request.POST)
    if not form.is_valid():
        require(rules.decline_invitation, request.user, invitation)
        return _invitation_page(request, invitation, form)
    carry_out(request, decline_invitation, invitation, note=form.cleaned_data["note"], done=_("Declined."))
    return redirect(invitation)


@require_POST
@login_required
def invitation_withdraw(request: Any, code: str) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(_invitations(request), code=code)
    carry_out(
        request,
        withdraw_invitation,
        invitation,
        organisation=request.organisation,
        done=_("The invitation is taken back."),
    )
    return redirect(invitation)


@require_POST
@login_required
def match_pass_on(request: Any, code: str) -> HttpResponse:
    """The broker points a proposal out to the side they serve."""
    match = get_object_or_404(Match.objects.visible_to(request.user).with_parties(), code=code)
    require(rules.pass_match_on, request.user, match)
    carry_out(request, pass_match_on, match, done=_("Your side is told of it."))
    return redirect(match)
