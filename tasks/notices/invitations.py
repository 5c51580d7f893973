"""Who is told what about invitations of brokers."""

from marketplace.core.journal import Entry, Kind
from marketplace.matching.invitation import BrokerInvitation
from tasks.notices import Tell


def _invitation(entry: Entry) -> BrokerInvitation:
    return BrokerInvitation.objects.select_related("broker__user", "sent_by").get(pk=entry.subject_id)


def broker_about_invitation(entry: Entry) -> list[Tell]:
    """Invited: the broker answers, while it stands."""
    invitation = _invitation(entry)
    if invitation.state != BrokerInvitation.State.SENT or invitation.broker.user is None:
        return []
    return [Tell([invitation.broker.user], "invitation.sent", invitation.get_absolute_url(), invitation)]


def inviter_about_answer(entry: Entry) -> list[Tell]:
    """Answered: whoever invited learns what the broker said."""
    invitation = _invitation(entry)
    return [Tell([invitation.sent_by], "invitation.answered", invitation.get_absolute_url(), invitation)]


def broker_about_withdrawal(entry: Entry) -> list[Tell]:
    """Taken back: the broker learns it, in the site only."""
    invitation = _invitation(entry)
    told = [invitation.broker.user] if invitation.broker.user else []
    return [Tell(told, "invitation.withdrawn", invitation.get_absolute_url(), invitation)]


TELLS = {
    Kind.INVITATION_SENT: broker_about_invitation,
    Kind.INVITATION_ACCEPTED: inviter_about_answer,
    Kind.INVITATION_DECLINED: inviter_about_answer,
    Kind.INVITATION_WITHDRAWN: broker_about_withdrawal,
}
