"""The verbs of an invitation: asking a broker, and the answers."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.matching import rules
from marketplace.matching.invitation import BrokerInvitation
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class BrokerCannotAnswer(Refused):
    message = _("%(broker)s cannot be invited: the certificate does not hold now, or the broker does not sign in here.")


class InvitedAlready(Refused):
    message = _("%(broker)s has been invited already.")


class NotOnOffer(Refused):
    message = _("Brokers are invited for what is public and open.")


class InvitationMessageMissing(Refused):
    message = _("Write a sentence to the broker: what is to be done?")
    field = "message"


@transaction.atomic
def invite_broker(
    broker: TechBroker,
    record: TechnologyNeed | ResearchOutcome,
    *,
    by: User,
    organisation: Organisation | None,
    message: str,
) -> BrokerInvitation:
    """Ask a broker to take up a need or an outcome; return the invitation.

    Raises NotOnOffer, BrokerCannotAnswer, InvitedAlready, InvitationMessageMissing.
    """
    record.lock()
    broker.lock()
    now = clock.now()
    require(rules.invite_broker, by, record, organisation=organisation)
    about = {"need": record} if isinstance(record, TechnologyNeed) else {"outcome": record}
    if not type(record).objects.listed().filter(pk=record.pk).exists():
        raise NotOnOffer()
    if broker.user is None or not broker.is_valid(now):
        raise BrokerCannotAnswer(broker=broker.name)
    if BrokerInvitation.objects.standing().filter(broker=broker, **about).exists():
        raise InvitedAlready(broker=broker.name)
    if not message.strip():
        raise InvitationMessageMissing()
    invitation = BrokerInvitation.objects.create(
        broker=broker, organisation=organisation, message=message.strip(), sent_by=by, sent_at=now, **about
    )
    journal.record(Kind.INVITATION_SENT, invitation, by=by, on_behalf_of=organisation, broker=broker.code)
    return invitation


@transaction.atomic
def accept_invitation(invitation: BrokerInvitation, *, by: User) -> None:
    """Take it up: the broker sees the matches of the record from now on, and may add some."""
    invitation.lock()
    now = clock.now()
    require(rules.accept_invitation, by, invitation)
    if not invitation.broker.is_valid(now):
        raise BrokerCannotAnswer(broker=invitation.broker.name)
    invitation.move_to(BrokerInvitation.State.ACCEPTED)
    invitation.answered_at = now
    invitation.save(update_fields=["state", "answered_at"])
    journal.record(Kind.INVITATION_ACCEPTED, invitation, by=by)


@transaction.atomic
def decline_invitation(invitation: BrokerInvitation, *, by: User, note: str = "") -> None:
    """Decline, perhaps with a word why."""
    invitation.lock()
    now = clock.now()
    require(rules.decline_invitation, by, invitation)
    invitation.move_to(BrokerInvitation.State.DECLINED)
    invitation.answered_at, invitation.answer_note = now, note.strip()[:300]
    invitation.save(update_fields=["state", "answered_at", "answer_note"])
    journal.record(Kind.INVITATION_DECLINED, invitation, by=by)


@transaction.atomic
def withdraw_invitation(invitation: BrokerInvitation, *, by: User, organisation: Organisation | None) -> None:
    """Take an invitation back, also an accepted one: the broker sees the matches no more."""
    invitation.lock()
    require(rules.withdraw_invitation, by, invitation, organisation=organisation)
    invitation.move_to(BrokerInvitation.State.WITHDRAWN)
    invitation.save(update_fields=["state"])
    journal.record(Kind.INVITATION_WITHDRAWN, invitation, by=by, on_behalf_of=organisation)
