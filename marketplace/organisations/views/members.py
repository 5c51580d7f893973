"""Pages about the members of an organisation."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require, why_not
from marketplace.organisations import rules
from marketplace.organisations.forms import AnswerForm, RolesForm
from marketplace.organisations.invitation_form import InvitationForm
from marketplace.organisations.joining import (
    accept_member,
    change_member_roles,
    leave_organisation,
    refuse_member,
    take_back_request,
)
from marketplace.organisations.models import MemberInvitation, Membership, Organisation, User
from marketplace.organisations.roles import MemberRole

ENDED_SHOWN = 100


def members_page(request: Any, organisation: Organisation, bound: Any = None) -> HttpResponse:
    """Show members and requests; `bound` is the form that was refused, to stand where it was typed."""
    memberships = organisation.memberships.select_related("user").order_by("asked_at", "pk")
    manages = request.user.acts_for(organisation, MemberRole.MANAGER)

    def form_of(membership: Membership, kind: type[RolesForm]) -> RolesForm:
        return bound if bound is not None and bound.prefix == membership.code else kind(membership=membership)

    members = [m for m in memberships if m.state == Membership.State.ACTIVE]
    waiting = [m for m in memberships if m.state == Membership.State.REQUESTED]
    context = {
        "organisation": organisation,
        "manages": manages,
        "members": [(m, form_of(m, RolesForm)) for m in members],
        "requests": [(m, form_of(m, AnswerForm)) for m in waiting],
        "invitation_days": settings.INVITATION_DAYS,
        "invite": bound if isinstance(bound, InvitationForm) else InvitationForm(),
        "invitations": _invitations(request.user, organisation, members),
        "ended": _ended(request.user, organisation),
    }
    return render(request, "marketplace/organisations/members.html", context, status=200)


def _invitations(reader: User, organisation: Organisation, members: list[Membership]) -> list[tuple[Any, Any, str]]:
    """Return the open invitations with their state in words and its tone, for those who may read the addresses."""
    if why_not(rules.see_member_invitations, reader, organisation) is not None:
        return []
    now, managing = clock.now(), {m.user_id for m in members if m.is_manager and m.user.is_active}
    found = organisation.member_invitations.open().select_related("sent_by")
    return [(each, *_state_of(each, now, managing)) for each in found]


def _ended(reader: User, organisation: Organisation) -> list[MemberInvitation]:
    """Return the invitations that ended lately, for those who may read the addresses."""
    if why_not(rules.see_member_invitations, reader, organisation) is not None:
        return []
    ended = organisation.member_invitations.ended_lately(clock.now())
    return list(ended.select_related("sent_by", "ended_by")[:ENDED_SHOWN])


def _state_of(invitation: MemberInvitation, now: datetime, managing: set[int]) -> tuple[str, str]:
    if not invitation.is_standing(now):
        return _("expired"), "idle"
    if invitation.mail_refused_at is not None:
        return _("the mail was refused: check the address"), "stop"
    if invitation.sent_by_id not in managing:
        return _("void: the sender is no manager any more; send it again"), "stop"
    return invitation.state_label, "wait"


@login_required
def organisation_members(request: Any, code: str) -> HttpResponse:
    """Who acts for the organisation, in which roles; who asked to join."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    require(rules.see_members, request.user, organisation)
    return members_page(request, organisation)


def _membership(request: Any, code: str, member: str) -> Membership:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    require(rules.see_members, request.user, organisation)
    return get_object_or_404(organisation.memberships.select_related("user", "organisation"), code=member)


@require_POST
@login_required
def member_answer(request: Any, code: str, member: str) -> HttpResponse:
    """A manager's answer to a request to join."""
    membership = _membership(request, code, member)
    require(rules.accept_member, request.user, membership)
    form = AnswerForm(request.POST, membership=membership)
    if not form.is_valid():
        return members_page(request, membership.organisation, form)
    try:
        if request.POST.get("answer") == "accept":
            given = {name: form.cleaned_data[name] for name in ("roles", "reads_only")}
            accept_member(membership, by=request.user, **given)
        else:
            refuse_member(membership, by=request.user, reason=form.cleaned_data["reason"])
    except WrongState as refusal:  # its form stands on the page no longer
        messages.error(request, str(refusal))
        return redirect("organisation-members", code)
    except Refused as refusal:
        put_beside(form, refusal)
        return members_page(request, membership.organisation, form)
    messages.success(request, _("Answered. %(person)s is told.") % {"person": membership.user})
    return redirect("organisation-members", code)


@require_POST
@login_required
def member_roles(request: Any, code: str, member: str) -> HttpResponse:
    """Give a member other roles."""
    membership = _membership(request, code, member)
    require(rules.change_member_roles, request.user, membership)
    form = RolesForm(request.POST, membership=membership)
    if not form.is_valid():
        return members_page(request, membership.organisation, form)
    try:
        change_member_roles(membership, by=request.user, roles=form.cleaned_data["roles"])
    except Refused as refusal:
        put_beside(form, refusal)
        return members_page(request, membership.organisation, form)
    messages.success(request, _("The roles of %(person)s are saved.") % {"person": membership.user})
    return redirect("organisation-members", code)


@require_POST
@login_required
def member_leave(request: Any, code: str, member: str) -> HttpResponse:
    """Leave an organisation, take back one's request to join it, or as its manager end the membership of another."""
    own = request.user.memberships.select_related("organisation").filter(organisation__code=code, code=member).first()
    membership = own or _membership(request, code, member)
    was_asked_for = own is not None and "request" in request.POST
    try:
        (take_back_request if was_asked_for else leave_organisation)(membership, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        is_inside = own is None or (membership.is_active and not was_asked_for)
        return redirect("organisation-members", code) if is_inside else redirect("organisation-mine")
    if own is None:
        messages.success(request, _("%(person)s no longer acts for it.") % {"person": membership.user})
        return redirect("organisation-members", code)
    words = _("Your request is taken back.") if was_asked_for else _("You have left %(organisation)s.")
    messages.success(request, words % {"organisation": membership.organisation})
    return redirect("organisation-mine")
