"""Inviting colleagues, and the page an invitation leads to."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.organisations import acting, rules
from marketplace.organisations.invitation_form import InvitationForm, left_out
from marketplace.organisations.invitation_limits import WRONG_LINKS
from marketplace.organisations.invitation_links import invitation_of, opened_before, remember_opened
from marketplace.organisations.inviting import (
    accept_member_invitation,
    decline_member_invitation,
    invite_members,
    refusal_to_accept,
    resend_member_invitation,
    withdraw_member_invitation,
)
from marketplace.organisations.models import MemberInvitation, Organisation
from marketplace.organisations.views.members import members_page


@require_POST
@login_required
def member_invite(request: Any, code: str) -> HttpResponse:
    """Invite colleagues; who could not be is named."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    require(rules.invite_members, request.user, organisation)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return members_page(request, organisation, form)
    given = {name: form.cleaned_data[name] for name in ("roles", "reads_only", "words")}
    try:
        outcome = invite_members(organisation, by=request.user, emails=form.cleaned_data["addresses"], **given)
    except Refused as refusal:
        put_beside(form, refusal)
        return members_page(request, organisation, form)
    if not outcome.sent:
        form.tell_left_out(outcome)
        return members_page(request, organisation, form)
    number = len(outcome.sent)
    said = ngettext("%(number)s person is invited.", "%(number)s people are invited.", number)
    messages.success(request, said % {"number": number})
    for sentence in left_out(outcome):
        messages.warning(request, sentence)
    return redirect("organisation-members", code)


def _sent(request: Any, code: str, invitation: str) -> MemberInvitation:
    """Return an invitation of an organisation whose invitations the reader may see."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    require(rules.see_member_invitations, request.user, organisation)
    return get_object_or_404(organisation.member_invitations.select_related("organisation"), code=invitation)


@require_POST
@login_required
def member_invitation_resend(request: Any, code: str, invitation: str) -> HttpResponse:
    """Send an invitation once more, with a new link and a new term."""
    sent = _sent(request, code, invitation)
    try:
        resend_member_invitation(sent, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Sent again to %(email)s. The link before leads nowhere now.") % {"email": sent})
    return redirect("organisation-members", code)


@require_POST
@login_required
def member_invitation_withdraw(request: Any, code: str, invitation: str) -> HttpResponse:
    """Take an invitation back."""
    sent = _sent(request, code, invitation)
    try:
        withdraw_member_invitation(sent, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": sent})
    return redirect("organisation-members", code)


def _guesser(request: Any) -> str:
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{get_adapter().get_client_ip(request)}"


def _opened(request: Any, token: str) -> tuple[MemberInvitation, bool] | HttpResponse:
    """Return the invitation of a link and whether a later mail replaced it, for its reader and for visitors.

    A wrong link and one sent to somebody else get the same answer. Only these are counted; who sent too many waits.
    """
    if WRONG_LINKS.left(_guesser(request)).times < 1:
        return respond_429(request)
    invitation, is_replaced = invitation_of(token)
    known = request.user.is_authenticated
    if invitation is None or (known and why_not(rules.read_member_invitation, request.user, invitation)):
        if invitation is not None and opened_before(request) == (invitation, token):  # has read it as a visitor
            elsewhere = {"invitation": invitation}
            return render(request, "marketplace/organisations/invitation_elsewhere.html", elsewhere, status=403)
        WRONG_LINKS.count(_guesser(request))
        return render(request, "marketplace/organisations/invitation_unknown.html", status=404)
    return invitation, is_replaced


@never_cache
@require_safe
def member_invitation(request: Any, token: str) -> HttpResponse:
    """An invitation as its link shows it: to be answered, over, or to sign in for first."""
    opened = _opened(request, token)
    if isinstance(opened, HttpResponse):
        return opened
    return _invitation_page(request, token, *opened)


def _invitation_page(request: Any, token: str, invitation: MemberInvitation, is_replaced: bool) -> HttpResponse:
    now = clock.now()
    is_over = is_replaced or not invitation.is_standing(now)
    context = {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "token": token,
        "is_replaced": is_replaced,
        "is_over": is_over,
        "obstacle": why_not(rules.accept_member_invitation, request.user, invitation)
        or refusal_to_accept(invitation, request.user, now),
        "here": reverse("member-invitation", args=[token]),
    }
    if not request.user.is_authenticated and not is_over:
        remember_opened(request, token)
        context["has_account"] = EmailAddress.objects.filter(email__iexact=invitation.email).exists()
        if not context["has_account"]:  # whoever signs up with the address the link was mailed to has confirmed it
            get_adapter().stash_verified_email(request, invitation.email)
    return render(request, "marketplace/organisations/invitation.html", context, status=410 if is_over else 200)


def _answer(request: Any, token: str, answer: Callable[..., Any], said: str) -> HttpResponse | None:
    """Answer an invitation and say so; return the page that tells why it could not be."""
    opened = _opened(request, token)
    if isinstance(opened, HttpResponse):
        return opened
    invitation, is_replaced = opened
    if is_replaced:
        return _invitation_page(request, token, invitation, is_replaced)
    try:
        answer(invitation, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("member-invitation", token)
    messages.success(request, said % {"organisation": invitation.organisation})
    return None


@require_POST
@login_required
def member_invitation_accept(request: Any, token: str) -> HttpResponse:
    """Join, with the roles of the invitation."""
    said = _("You are a member of %(organisation)s now.")
    if (problem := _answer(request, token, accept_member_invitation, said)) is not None:
        return problem
    if (former := acting.go_on(request)) is not None:
        still = _("You still act for %(organisation)s. To act for another of yours, choose it here or under your name.")
        messages.info(request, still % {"organisation": former})
    return redirect("organisation-mine")


@require_POST
@login_required
def member_invitation_decline(request: Any, token: str) -> HttpResponse:
    """Say no; whoever sent the invitation is told."""
    said = _("Declined. %(organisation)s is told.")
    return _answer(request, token, decline_member_invitation, said) or redirect("organisation-mine")
