"""Who may do what with organisations, their members and accounts, and why not."""

from django.utils.translation import gettext as _

from marketplace.organisations.models import AccessToken, MemberInvitation, Membership, Organisation, User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act


def register_organisation(user: User) -> str | None:
    if not user.name:
        return _("Enter your name in your account first.")
    return None


def edit_organisation(user: User, organisation: Organisation) -> str | None:
    return why_not_act(user, organisation, MemberRole.MANAGER)


def correct_organisation(user: User, organisation: Organisation) -> str | None:
    """Officers correct what was verified: a name or seat may change. Before that, only its managers write."""
    if not organisation.was_verified:
        return _("Nobody has verified this organisation yet. Its manager corrects the particulars.")
    return _decide(user, organisation)


def resubmit_organisation(user: User, organisation: Organisation) -> str | None:
    return why_not_act(user, organisation, MemberRole.MANAGER)


def _decide(user: User, organisation: Organisation) -> str | None:
    if not user.has_role(Role.OFFICER):
        return _("Only officers decide about organisations.")
    if user.acts_for(organisation):
        return _("Officers do not decide about their own organisation.")
    return None


def verify_organisation(user: User, organisation: Organisation) -> str | None:
    return _decide(user, organisation)


def refuse_organisation(user: User, organisation: Organisation) -> str | None:
    return _decide(user, organisation)


def suspend_organisation(user: User, organisation: Organisation) -> str | None:
    return _decide(user, organisation)


def reinstate_organisation(user: User, organisation: Organisation) -> str | None:
    return _decide(user, organisation)


def see_pending_organisations(user: User) -> str | None:
    if not user.reads_everything:
        return _("Only officers decide about organisations.")
    return None


def see_members(user: User, organisation: Organisation) -> str | None:
    """Names of members and the journal are for members and for those who read everything."""
    if not user.reads_everything and not user.acts_for(organisation):
        return _("Members are shown to the organisation itself.")
    return None


def request_membership(user: User, organisation: Organisation) -> str | None:
    if user.acts_for(organisation):
        return _("You are already a member of %(organisation)s.") % {"organisation": organisation}
    return None


def accept_member(user: User, membership: Membership) -> str | None:
    return why_not_act(user, membership.organisation, MemberRole.MANAGER)


def refuse_member(user: User, membership: Membership) -> str | None:
    return why_not_act(user, membership.organisation, MemberRole.MANAGER)


def change_member_roles(user: User, membership: Membership) -> str | None:
    return why_not_act(user, membership.organisation, MemberRole.MANAGER)


def leave_organisation(user: User, membership: Membership) -> str | None:
    """Members leave by themselves; a manager ends the membership of others."""
    if membership.user_id == user.pk:
        return None
    if membership.state == Membership.State.REQUESTED:
        return _("Accept the request, or decline it with a reason.")
    return why_not_act(user, membership.organisation, MemberRole.MANAGER)


def take_back_request(user: User, membership: Membership) -> str | None:
    return None if membership.user_id == user.pk else _("Only who asked to join takes the request back.")


def invite_members(user: User, organisation: Organisation) -> str | None:
    """As letting in who asked: also before the organisation is verified, which the mail then says."""
    return why_not_act(user, organisation, MemberRole.MANAGER)


def resend_member_invitation(user: User, invitation: MemberInvitation) -> str | None:
    return why_not_act(user, invitation.organisation, MemberRole.MANAGER)


def withdraw_member_invitation(user: User, invitation: MemberInvitation) -> str | None:
    return why_not_act(user, invitation.organisation, MemberRole.MANAGER)


def see_member_invitations(user: User, organisation: Organisation) -> str | None:
    """The addresses are for those who invite and for those who read everything."""
    return None if user.reads_everything else why_not_act(user, organisation, MemberRole.MANAGER)


def _is_invited(user: User, invitation: MemberInvitation) -> str | None:
    if invitation.email not in user.confirmed_addresses():
        return _("This invitation is for another e-mail address than those you have confirmed here.")
    return None


def read_member_invitation(user: User, invitation: MemberInvitation) -> str | None:
    return _is_invited(user, invitation)


def accept_member_invitation(user: User, invitation: MemberInvitation) -> str | None:
    return _is_invited(user, invitation)


def decline_member_invitation(user: User, invitation: MemberInvitation) -> str | None:
    return _is_invited(user, invitation)


def appoint_staff(user: User, person: User | None = None) -> str | None:
    """Without a person: whether this is somebody who appoints at all."""
    if not user.is_superuser and not user.has_role(Role.OFFICER):
        return _("Only officers appoint staff.")
    if person is not None and user.pk == person.pk and not user.is_superuser:
        return _("Officers do not change their own roles.")
    return None


def remove_second_factor(user: User, person: User) -> str | None:
    return _keeps_account(user, person)


def lock_account(user: User, person: User) -> str | None:
    return _keeps_account(user, person)


def unlock_account(user: User, person: User) -> str | None:
    return _keeps_account(user, person)


def _keeps_account(user: User, person: User) -> str | None:
    """Whoever appoints staff keeps the accounts of staff: never their own; an administrator's only administrators."""
    if (obstacle := appoint_staff(user)) is not None:
        return obstacle
    if user.pk == person.pk:
        return _("This is your own account: ask another officer.")
    if person.is_superuser and not user.is_superuser:
        return _("Accounts of administrators are kept by administrators.")
    if person.left_at is not None or not _is_staff(person):
        return _("This person holds no platform role.")
    return None


def _is_staff(person: User) -> bool:
    """Tell whether a person holds a platform role, also while the account is locked."""
    return person.is_superuser or person.groups.filter(name__in=Role.values).exists()


def keep_look_up(user: User) -> str | None:
    if not user.has_role(Role.OFFICER):
        return _("Only officers keep calendars and classifications.")
    return None


def empty_user(user: User, person: User) -> str | None:
    if user.pk != person.pk and not user.is_superuser and not user.has_role(Role.OFFICER):
        return _("Only the person or an officer closes an account.")
    return None


def make_token(user: User, organisation: Organisation) -> str | None:
    if user.is_platform_staff:
        return _("Staff of the platform sign in with a second factor, so they have no access tokens.")
    return why_not_act(user, organisation, MemberRole.BIDDER)


def revoke_token(user: User, access: AccessToken) -> str | None:
    """People revoke their own; a manager those of a member who leaves."""
    if access.token.user_id == user.pk:
        return None
    return why_not_act(user, access.organisation, MemberRole.MANAGER)
