"""Who is told what about organisations and their members."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.urls import reverse

from marketplace.core.journal import Entry, Kind
from marketplace.notices.models import Notice, NoticeQuerySet
from marketplace.organisations.models import MemberInvitation, Membership, Organisation, User
from marketplace.organisations.roles import Role
from tasks.notices import Tell, asked_no_longer

ASKS_TO_JOIN, INVITED, REFUSED = "membership.to_answer", "member_invitation.sent", "membership.refused"


def officers_about_registration(entry: Entry) -> list[Tell]:
    """An organisation waits for verification: every officer hears of it."""
    officers = User.objects.holding(Role.OFFICER)
    return [Tell(officers, "organisation.to_verify", reverse("organisation-pending"))]


def managers(kind: str) -> Callable[[Entry], list[Tell]]:
    """The managers of the organisation hear the decision about it."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        organisation = Organisation.objects.get(pk=entry.subject_id)
        return [Tell(User.objects.managing(organisation), kind, organisation.get_absolute_url())]

    return whom_to_tell


def managers_about_correction(entry: Entry) -> list[Tell]:
    """An officer corrected what was verified: the managers hear of it; what they change themselves tells nobody."""
    return [] if entry.on_behalf_of_id else managers("organisation.corrected")(entry)


def managers_about_request(entry: Entry) -> list[Tell]:
    """A person asks to join: the managers answer."""
    organisation = Membership.objects.get(pk=entry.subject_id).organisation
    return [
        Tell(
            User.objects.managing(organisation),
            ASKS_TO_JOIN,
            reverse("organisation-members", args=[organisation.code]),
            organisation,
        )
    ]


def member(kind: str) -> Callable[[Entry], list[Tell]]:
    """The person hears what was decided about their own membership; nothing of its roles once it has ended."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        membership = Membership.objects.select_related("user", "organisation").get(pk=entry.subject_id)
        concerns = membership.is_active or kind == REFUSED
        people = [membership.user] if concerns else []
        return [Tell(people, kind, reverse("organisation-mine"), membership.organisation)]

    return whom_to_tell


def invited_about_invitation(entry: Entry) -> list[Tell]:
    """Invited, or once more: who has confirmed the address here answers. Where it leads holds no link to open it."""
    invitation = MemberInvitation.objects.select_related("organisation").get(pk=entry.subject_id)
    if invitation.state != MemberInvitation.State.SENT:
        return []
    confirmed = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True)
    members = User.objects.active_in(invitation.organisation)
    invited = User.objects.filter(pk__in=confirmed.values("user"), is_active=True).exclude(pk__in=members.values("pk"))
    data = {"invitation": invitation.code}
    told = Notice.objects.about(invitation.organisation, INVITED).unread().filter(data=data).exclude(entry=entry)
    invited = invited.exclude(pk__in=told.values("user"))
    return [Tell(invited, INVITED, reverse("organisation-mine"), invitation.organisation, data)]


def unmailed(_notice: Notice) -> None:
    """Leave the mail to the invitation's own letter."""


def member_about_end(entry: Entry) -> list[Tell]:
    """A manager ended a membership: whose it was hears of it. Who leaves or takes a request back knows."""
    membership = Membership.objects.select_related("user", "organisation").get(pk=entry.subject_id)
    return [Tell([membership.user], "membership.ended", reverse("organisation-mine"), membership.organisation)]


def asked_of_invited(entry: Entry) -> NoticeQuerySet:
    """An invitation is answered or gone: nobody need answer it."""
    invitation = MemberInvitation.objects.select_related("organisation").get(pk=entry.subject_id)
    return Notice.objects.about(invitation.organisation, INVITED).filter(data={"invitation": invitation.code})


def asked_of_managers(entry: Entry) -> NoticeQuerySet:
    """A request to join is answered or taken back: no manager need answer it."""
    asked = Notice.objects.filter(kind=ASKS_TO_JOIN, entry__lt=entry)
    return asked.filter(entry__subject_type=entry.subject_type_id, entry__subject_id=entry.subject_id)


def asked_of_member(entry: Entry) -> NoticeQuerySet:
    """A membership ended or has other roles: whose it is does for others only what they would be asked still."""
    membership = Membership.objects.select_related("user").get(pk=entry.subject_id)
    asked = asked_no_longer(membership.user)
    return asked | asked_of_managers(entry) if entry.kind == Kind.MEMBERSHIP_LEFT else asked


def managers_about_colleague(entry: Entry) -> list[Tell]:
    """An invited colleague has joined: all who manage hear of it."""
    invitation = MemberInvitation.objects.select_related("organisation").get(pk=entry.subject_id)
    path = invitation.get_absolute_url()
    return [Tell(User.objects.managing(invitation.organisation), "member_invitation.accepted", path, invitation)]


def inviter_about_decline(entry: Entry) -> list[Tell]:
    """An invited colleague said no: who invited hears of it, while managing still."""
    invitation = MemberInvitation.objects.select_related("organisation").get(pk=entry.subject_id)
    inviter = User.objects.managing(invitation.organisation).filter(pk=invitation.sent_by_id)
    return [Tell(inviter, "member_invitation.declined", invitation.get_absolute_url(), invitation)]


def person_of_staff(kind: str) -> Callable[[Entry], list[Tell]]:
    """A member of staff hears what was done with their account; who is locked out reads nothing."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        return [Tell([User.objects.get(pk=entry.subject_id)], kind, reverse("mfa_index"))]

    return whom_to_tell


TELLS = {
    Kind.ORGANISATION_REGISTERED: officers_about_registration,
    Kind.ORGANISATION_RESUBMITTED: officers_about_registration,
    Kind.ORGANISATION_CHANGED: managers_about_correction,
    Kind.ORGANISATION_VERIFIED: managers("organisation.verified"),
    Kind.ORGANISATION_REFUSED: managers("organisation.refused"),
    Kind.ORGANISATION_SUSPENDED: managers("organisation.suspended"),
    Kind.ORGANISATION_REINSTATED: managers("organisation.reinstated"),
    Kind.MEMBERSHIP_REQUESTED: managers_about_request,
    Kind.MEMBERSHIP_ACCEPTED: member("membership.accepted"),
    Kind.MEMBERSHIP_REFUSED: member(REFUSED),
    Kind.MEMBERSHIP_CHANGED: member("membership.changed"),
    Kind.MEMBERSHIP_LEFT: member_about_end,
    Kind.MEMBER_INVITATION_SENT: invited_about_invitation,
    Kind.MEMBER_INVITATION_SENT_AGAIN: invited_about_invitation,
    Kind.MEMBER_INVITATION_ACCEPTED: managers_about_colleague,
    Kind.MEMBER_INVITATION_DECLINED: inviter_about_decline,
    Kind.STAFF_FACTOR_REMOVED: person_of_staff("staff.factor_removed"),
    Kind.STAFF_UNLOCKED: person_of_staff("staff.unlocked"),
}
MAILS = {INVITED: unmailed}
SETTLES = {
    Kind.MEMBERSHIP_ACCEPTED: asked_of_managers,
    Kind.MEMBERSHIP_REFUSED: asked_of_managers,
    Kind.MEMBERSHIP_CHANGED: asked_of_member,
    Kind.MEMBERSHIP_LEFT: asked_of_member,
    Kind.MEMBER_INVITATION_ACCEPTED: asked_of_invited,
    Kind.MEMBER_INVITATION_DECLINED: asked_of_invited,
    Kind.MEMBER_INVITATION_WITHDRAWN: asked_of_invited,
    Kind.MEMBER_INVITATION_LAPSED: asked_of_invited,
}
