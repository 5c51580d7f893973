"""Inviting colleagues by mail: sending, once more, withdrawing; they accept or decline; forgetting the address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations import rules
from marketplace.organisations.invitation_limits import count_invitations
from marketplace.organisations.invitation_words import unlinked_words
from marketplace.organisations.joining import roles_given
from marketplace.organisations.models import MemberInvitation, Membership, Organisation, User

MOST = 20  # addresses at a time


class TooManyAddresses(Refused):
    message = _("At most %(most)s addresses at a time.")
    field = "addresses"


class InvitationExpired(Refused):
    message = _("The invitation has expired. Ask for it to be sent again.")


class InviterLeft(Refused):
    message = _("Whoever invited you no longer manages the organisation. Ask for the invitation to be sent again.")


class MemberAlready(Refused):
    message = _("You are already a member of %(organisation)s.")


@dataclass
class Invited:
    """What became of each address: invited now, left out as a member's or as invited before."""

    sent: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


@transaction.atomic
def invite_members(
    organisation: Organisation,
    *,
    by: User,
    emails: Collection[str],
    roles: Collection[str],
    reads_only: bool = False,
    words: str = "",
) -> Invited:
    """Invite whoever reads these mail boxes, with the roles they are to have; say who was left out, and why.

    Members and who has a standing invitation are left out; one that expired is sent again, as it is asked for now.
    """
    wanted = sorted({email.lower() for email in emails})
    held = _hold(organisation, wanted)
    now = clock.now()
    require(rules.invite_members, by, organisation)
    facts = {"roles": roles_given(roles, reads_only=reads_only), "words": unlinked_words(words)}
    if len(wanted) > MOST:
        raise TooManyAddresses(most=MOST)
    outcome = Invited(members=_of_members(organisation, wanted))
    outcome.waiting = [email for email, each in held.items() if each.is_standing(now) and email not in outcome.members]
    outcome.sent = [email for email in wanted if email not in {*outcome.members, *outcome.waiting}]
    count_invitations(organisation, outcome.sent, by=by)
    for email in list(outcome.sent):
        if not _invite(organisation, email, held.get(email), facts, by=by, at=now):
            outcome.sent.remove(email)
            outcome.waiting.append(email)
    return outcome


def _hold(organisation: Organisation, emails: Collection[str]) -> dict[str, MemberInvitation]:
    """Lock what is open for these addresses, in one order, so that two managers cannot stop each other."""
    open_ones = MemberInvitation.objects.open().filter(organisation=organisation, email__in=emails)
    return {each.email: each for each in open_ones.select_for_update().order_by("email")}


def _of_members(organisation: Organisation, emails: Collection[str]) -> list[str]:
    """Return which of these addresses active members have confirmed as theirs."""
    memberships = Membership.objects.active().filter(organisation=organisation)
    found = EmailAddress.objects.filter(verified=True, email__in=emails, user__in=memberships.values("user"))
    return sorted(found.values_list("email", flat=True))


def _invite(
    organisation: Organisation,
    email: str,
    expired: MemberInvitation | None,
    facts: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> bool:
    """Invite one address, anew where an earlier invitation has expired; False where somebody else just did."""
    if expired is not None:
        for name, value in facts.items():
            setattr(expired, name, value)
        _send_again(expired, by=by, at=at)
        return True
    invitation, is_new = MemberInvitation.objects.get_or_create(
        organisation=organisation,
        email=email,
        state=MemberInvitation.State.SENT,
        defaults={**facts, "sent_by": by, "sent_at": at, "expires_at": _end_of(at)},
    )
    if is_new:
        _record(Kind.MEMBER_INVITATION_SENT, invitation, by=by)
    return is_new


def _end_of(at: datetime) -> datetime:
    return at + timedelta(days=settings.INVITATION_DAYS)


def _record(kind: Kind, invitation: MemberInvitation, *, by: User | None) -> None:
    facts = {"code": invitation.code, "roles": invitation.roles, "times_sent": invitation.times_sent}
    journal.record(kind, invitation, by=by, on_behalf_of=invitation.organisation, **facts)


def _send_again(invitation: MemberInvitation, *, by: User, at: datetime) -> None:
    """Give it a new link and a new term; it is now the invitation of whoever sent it last."""
    invitation.times_sent += 1
    invitation.sent_by, invitation.sent_at, invitation.expires_at = by, at, _end_of(at)
    invitation.mail_refused_at = None
    invitation.save()
    _record(Kind.MEMBER_INVITATION_SENT_AGAIN, invitation, by=by)


@transaction.atomic
def resend_member_invitation(invitation: MemberInvitation, *, by: User) -> None:
    """Send an open invitation once more, standing or expired: the link before leads nowhere then."""
    invitation.lock()
    now = clock.now()
    require(rules.resend_member_invitation, by, invitation)
    if refusal := invitation.refusal_to_move(MemberInvitation.State.WITHDRAWN):
        raise refusal
    count_invitations(invitation.organisation, [invitation.email], by=by)
    _send_again(invitation, by=by, at=now)


def _end(invitation: MemberInvitation, state: str, *, by: User | None, at: datetime) -> None:
    invitation.move_to(state)
    invitation.ended_by, invitation.ended_at = by, at
    invitation.save(update_fields=["state", "ended_by", "ended_at"])


@transaction.atomic
def withdraw_member_invitation(invitation: MemberInvitation, *, by: User) -> None:
    """Take an open invitation back: its link leads nowhere."""
    invitation.lock()
    now = clock.now()
    require(rules.withdraw_member_invitation, by, invitation)
    _end(invitation, MemberInvitation.State.WITHDRAWN, by=by, at=now)
    _record(Kind.MEMBER_INVITATION_WITHDRAWN, invitation, by=by)


def refusal_to_accept(invitation: MemberInvitation, person: User, at: datetime) -> Refused | None:
    """Return what stands against accepting now, for the page and for the action."""
    if refusal := invitation.refusal_to_move(MemberInvitation.State.ACCEPTED):
        return refusal
    if not invitation.is_standing(at):
        return InvitationExpired()
    inviter = Membership.objects.managed().filter(organisation=invitation.organisation, user=invitation.sent_by_id)
    if not inviter.filter(user__is_active=True).exists():
        return InviterLeft()
    if Membership.objects.active().filter(organisation=invitation.organisation, user=person.pk).exists():
        return MemberAlready(organisation=invitation.organisation.name)
    return None


@transaction.atomic
def accept_member_invitation(invitation: MemberInvitation, *, by: User) -> Membership:
    """Become a member with the roles one was invited with; a request to join that waits is settled by it."""
    invitation.lock()
    now = clock.now()
    require(rules.accept_member_invitation, by, invitation)
    organisation = invitation.organisation
    place = {"user": by, "organisation": organisation}
    membership, _is_new = Membership.objects.get_or_create(**place, defaults={"asked_at": now})
    membership.lock()
    if refusal := refusal_to_accept(invitation, by, now):
        raise refusal
    if membership.state != Membership.State.REQUESTED:  # left or refused before: accepting is asking anew
        membership.move_to(Membership.State.REQUESTED)
        membership.asked_at = now
    membership.move_to(Membership.State.ACTIVE)
    membership.roles, membership.reason = invitation.roles, ""
    membership.answered_by, membership.answered_at = invitation.sent_by, now
    membership.save()
    by.forget_roles()
    _end(invitation, MemberInvitation.State.ACCEPTED, by=by, at=now)
    journal.record(Kind.MEMBERSHIP_ACCEPTED, membership, by=by, on_behalf_of=organisation, roles=membership.roles)
    _record(Kind.MEMBER_INVITATION_ACCEPTED, invitation, by=by)
    return membership


@transaction.atomic
def decline_member_invitation(invitation: MemberInvitation, *, by: User) -> None:
    """Say no to an invitation; whoever sent it is told."""
    invitation.lock()
    now = clock.now()
    require(rules.decline_member_invitation, by, invitation)
    if invitation.state == MemberInvitation.State.SENT and not invitation.is_standing(now):
        raise InvitationExpired()
    _end(invitation, MemberInvitation.State.DECLINED, by=by, at=now)
    _record(Kind.MEMBER_INVITATION_DECLINED, invitation, by=by)


@transaction.atomic
def forget_invited(invitation: MemberInvitation, *, by: User | None = None) -> None:
    """Empty the address of an invitation; one that is still open lapses by it."""
    invitation.lock()
    now = clock.now()
    if invitation.state == MemberInvitation.State.SENT:
        _end(invitation, MemberInvitation.State.LAPSED, by=by, at=now)
        _record(Kind.MEMBER_INVITATION_LAPSED, invitation, by=by)
    invitation.email = ""
    invitation.words = ""
    invitation.save(update_fields=["email", "words"])
